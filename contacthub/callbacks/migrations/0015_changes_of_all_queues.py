from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("callbacks", "0014_urgent_ones_first_at_home"),
        ("cases", "0006_listed_by_change"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="callback",
            name="callback_changed",
        ),
        migrations.AddIndex(
            model_name="callback",
            index=models.Index(models.F("changed_at"), models.F("case"), name="callback_changes"),
        ),
    ]
