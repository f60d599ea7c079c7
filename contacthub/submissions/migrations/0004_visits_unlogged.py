from django.db import migrations


class Migration(migrations.Migration):
    """Counting how often somebody comes writes no log: after a crash of the server everybody begins at none."""

    dependencies = [("submissions", "0003_oldest_first")]

    operations = [
        migrations.RunSQL(
            "alter table submissions_visits set unlogged",
            reverse_sql="alter table submissions_visits set logged",
        )
    ]
