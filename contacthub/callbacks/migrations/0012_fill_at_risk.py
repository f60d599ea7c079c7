from django.db import migrations

# Until now every urgent call was said to be one of risk.
AS_IT_WAS_SAID = "update callbacks_callback set at_risk = true where urgent;"


class Migration(migrations.Migration):
    dependencies = [("callbacks", "0011_at_risk")]

    operations = [migrations.RunSQL(AS_IT_WAS_SAID, migrations.RunSQL.noop)]
