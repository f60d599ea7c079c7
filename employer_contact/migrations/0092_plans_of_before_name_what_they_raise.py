from django.db import migrations

CHANGES = "UPDATE_EMPLOYER UPDATE_AGENT DEO_UPDATE_INDIVIDUAL DEO_UPDATE_GROUP LINK_AGENT REMOVE_AGENT"
# What the steps of the plans say that they raise, where nobody wrote them anew.
RAISES = {
    ("GEN_PROCEDURES", "Offer literature; if wanted, raise Send Literature as a further SR"): "GEN_LITERATURE",
    ("GEN_PROCEDURES", "If a change is being reported now, raise the SR for that change"): CHANGES,
    ("SELF_SERVICE_USAGE", "Confirm it now works; if not, raise Self Service IT as a further SR"): "SELF_SERVICE_IT",
    ("REMOVE_AGENT", "If changed: raise Link Agent for the new agent and refer to it here"): "LINK_AGENT",
    (
        "INPUT_DEO_SCHEDULE",
        "If yes, raise Employer / DEO Schedule / Update (individual or group)",
    ): "DEO_UPDATE_INDIVIDUAL DEO_UPDATE_GROUP",
}


def fill(apps, schema_editor):
    """Name what a step raises in versions that were loaded before steps had a column for it.

    They say the same as before in another place, so that the trigger which keeps versions in use is held off for it.
    What was raised with such a version keeps its steps as it was born with them.
    """
    steps = apps.get_model("employer_contact", "PlanStep").objects.using(schema_editor.connection.alias)
    schema_editor.execute("alter table employer_contact_planstep disable trigger steps_stay")
    for (plan, text), raises in RAISES.items():
        steps.filter(version__plan__code=plan, text=text, does="raise", raises="").update(raises=raises)
    schema_editor.execute("alter table employer_contact_planstep enable trigger steps_stay")


class Migration(migrations.Migration):
    dependencies = [("employer_contact", "0091_contact_about_an_employer")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
