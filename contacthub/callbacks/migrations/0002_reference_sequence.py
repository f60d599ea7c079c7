from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("callbacks", "0001_callbacks")]

    operations = [migrations.RunSQL("create sequence reference_cb", "drop sequence reference_cb")]
