from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("callbacks", "0006_listed_by_change"),
        ("cases", "0006_listed_by_change"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddIndex(
            model_name="callback",
            index=models.Index(
                models.F("queue"),
                models.OrderBy(models.F("urgent"), descending=True),
                models.F("due_at"),
                models.F("case"),
                condition=models.Q(("state", "queued")),
                name="callback_next",
            ),
        ),
    ]
