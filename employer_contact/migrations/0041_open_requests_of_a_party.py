from django.db import migrations, models
from django.db.models import Q

NOT_ENDED = Q(state__in=["open", "in_progress", "waiting"])


class Migration(migrations.Migration):
    dependencies = [("employer_contact", "0040_contact_find_keys")]

    operations = [
        migrations.AddIndex(
            "servicerequest",
            models.Index("employer", "due_at", "case", condition=NOT_ENDED, name="request_employer_due"),
        ),
        migrations.AddIndex(
            "servicerequest",
            models.Index("agent", "due_at", "case", condition=NOT_ENDED, name="request_agent_due"),
        ),
    ]
