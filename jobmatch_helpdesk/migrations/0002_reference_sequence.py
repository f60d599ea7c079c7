from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("jobmatch_helpdesk", "0001_incidents")]

    operations = [migrations.RunSQL("create sequence reference_uj", "drop sequence reference_uj")]
