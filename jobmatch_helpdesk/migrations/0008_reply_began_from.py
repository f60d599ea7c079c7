import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("jobmatch_helpdesk", "0007_listed_by_change")]

    operations = [
        migrations.AddField(
            model_name="reply",
            name="template",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="jobmatch_helpdesk.replytemplate",
            ),
        ),
    ]
