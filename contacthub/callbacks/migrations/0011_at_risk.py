from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("callbacks", "0010_no_last_holder")]

    operations = [
        migrations.AddField(model_name="callback", name="at_risk", field=models.BooleanField(default=False)),
    ]
