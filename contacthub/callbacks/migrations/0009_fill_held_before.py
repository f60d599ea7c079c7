from django.db import migrations

# Who had a call before its last holder is not known of those that stand.
LAST_HOLDERS = """
insert into callbacks_callback_held_before (callback_id, staffmember_id)
select case_id, last_with_id from callbacks_callback where last_with_id is not null;
"""


class Migration(migrations.Migration):
    dependencies = [("callbacks", "0008_held_before")]

    operations = [migrations.RunSQL(LAST_HOLDERS, migrations.RunSQL.noop)]
