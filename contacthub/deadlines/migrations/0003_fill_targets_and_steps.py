from django.db import migrations

FILL = """
update deadlines_deadline set
    working_days = case when target like '% working day%' then split_part(target, ' ', 1)::int else 0 end,
    hours = case when target like '% hour%' then split_part(target, ' ', 1)::int else 0 end,
    ending = case when ended_at is null then '' else 'met' end,
    told_until = set_at,
    next_step_at = case when ended_at is null then due_at end
"""


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0002_keeps_its_target_and_steps")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
