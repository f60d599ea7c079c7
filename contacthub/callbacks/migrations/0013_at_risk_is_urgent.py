from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("callbacks", "0012_fill_at_risk")]

    operations = [
        migrations.AddConstraint(
            model_name="callback",
            constraint=models.CheckConstraint(
                condition=models.Q(("at_risk", False), ("urgent", True), _connector="OR"),
                name="callback_at_risk_is_urgent",
            ),
        ),
    ]
