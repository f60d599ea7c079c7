from django.db import migrations, models

AS_WORDED_NOW = """
update employer_contact_askedquestion asked set label = question.label
from employer_contact_securityquestion question where question.id = asked.question_id
"""


class Migration(migrations.Migration):
    dependencies = [("employer_contact", "0020_service_requests")]

    operations = [
        migrations.AddField(
            model_name="askedquestion",
            name="label",
            field=models.CharField(default="", max_length=100),
            preserve_default=False,
        ),
        migrations.RunSQL(AS_WORDED_NOW, migrations.RunSQL.noop),
    ]
