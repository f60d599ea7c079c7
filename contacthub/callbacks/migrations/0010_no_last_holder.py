from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("callbacks", "0009_fill_held_before")]

    operations = [migrations.RemoveField(model_name="callback", name="last_with")]
