from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0002_units_and_memberships"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInTries",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("username", models.CharField(max_length=150)),
                ("source", models.CharField(max_length=45)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("failed_at", models.DateTimeField()),
                ("locked_until", models.DateTimeField(null=True)),
            ],
            options={
                "verbose_name_plural": "sign-in tries",
                "indexes": [models.Index(fields=["failed_at"], name="sign_in_tries_old")],
                "constraints": [models.UniqueConstraint(fields=("username", "source"), name="sign_in_tries_once")],
            },
        ),
    ]
