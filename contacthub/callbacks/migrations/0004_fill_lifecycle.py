from django.db import migrations

QUEUES = """
update callbacks_queue set caller_post = 'team_leader' from people_unit
where people_unit.id = unit_id and people_unit.kind = 'ed_site';
update callbacks_queue set allocator_role = 'JD quality assessor' from people_unit
where people_unit.id = unit_id and people_unit.kind = 'contact_centre';
"""
# A call that was asked for before there were due moments gets one: a day after it was asked for.
CALLBACKS = """
update callbacks_callback set
    due_at = requested_at + interval '1 day',
    kind = case people_unit.kind when 'ed_site' then 'uj_ed' when 'jobcentre' then 'uj_jobcentre' else 'uj_jd' end
from callbacks_queue join people_unit on people_unit.id = callbacks_queue.unit_id
where callbacks_queue.id = queue_id;
insert into deadlines_deadline
    (case_id, kind, working_days, hours, nation, calendar_number, set_at, due_at, told_until, next_step_at, ending)
select case_id, 'call', 1, 0, 'england_and_wales', 0, requested_at, due_at, requested_at, due_at, ''
from callbacks_callback;
"""


class Migration(migrations.Migration):
    dependencies = [("callbacks", "0003_lifecycle"), ("deadlines", "0005_follow_ups")]

    operations = [migrations.RunSQL(QUEUES + CALLBACKS, migrations.RunSQL.noop)]
