from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("employer_contact", "0030_listed_by_change")]

    operations = [
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(
                models.F("owner"),
                models.F("opened_at"),
                models.F("case"),
                condition=models.Q(
                    (
                        "state__in",
                        [
                            "started",
                            "identified",
                            "security_passed",
                            "security_failed",
                            "security_not_required",
                            "reason_recorded",
                            "abandoned",
                        ],
                    )
                ),
                name="contact_unfinished",
            ),
        ),
        migrations.RemoveIndex(model_name="contact", name="contact_open"),
    ]
