import django.db.models.functions.datetime
from django.db import migrations, models

# The index of each by what changed, and the last column of its key.
INDEXES = {
    "employer": ("employer_changed", "id"),
    "payrollagent": ("agent_changed", "id"),
    "agentlink": ("link_changed", "id"),
    "payingparent": ("parent_changed", "id"),
    "maintenancecase": ("maintenance_case_changed", "id"),
    "deoschedule": ("schedule_changed", "id"),
    "contact": ("contact_changed", "case"),
    "servicerequest": ("request_changed", "case"),
}


def listed(model, index, key):
    table = f"employer_contact_{model}"
    return [
        migrations.AddField(
            model_name=model,
            name="changed_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddIndex(
            model_name=model,
            index=models.Index(models.F("changed_at"), models.F(key), name=index),
        ),
        migrations.RunSQL(
            f"create trigger changed before insert or update on {table} for each row execute function set_changed_at()",
            f"drop trigger changed on {table}",
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0006_listed_by_change"),
        ("employer_contact", "0022_not_yet_started"),
    ]

    operations = [operation for model, (index, key) in INDEXES.items() for operation in listed(model, index, key)]
