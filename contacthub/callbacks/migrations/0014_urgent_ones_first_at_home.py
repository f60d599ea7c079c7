from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("callbacks", "0013_at_risk_is_urgent")]

    operations = [
        migrations.AddIndex(
            model_name="callback",
            index=models.Index(
                models.F("queue"),
                models.OrderBy(models.F("urgent"), descending=True),
                models.F("due_at"),
                models.F("case"),
                condition=models.Q(("state__in", ["queued", "allocated", "attempted"])),
                name="callback_calling",
            ),
        ),
    ]
