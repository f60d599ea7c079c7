from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("employer_contact", "0021_asked_as_it_was_worded")]

    operations = [
        migrations.AlterField(
            model_name="activity",
            name="status",
            field=models.CharField(
                choices=[
                    ("cannot_start_yet", "Cannot start yet"),
                    ("not_started", "Not yet started"),
                    ("in_progress", "In progress"),
                    ("completed", "Completed"),
                    ("not_needed", "Not needed"),
                ],
                default="not_started",
                max_length=20,
            ),
        ),
    ]
