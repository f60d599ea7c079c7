from django.db import migrations

KEEP = """
create trigger find_keys_of_row after insert or delete on callbacks_callback
    for each row execute function keep_find_keys('CB', '2 name customer_name', '2 telephone telephone');
create trigger find_keys_of_change after update on callbacks_callback
    for each row when ((old.customer_name, old.telephone) is distinct from (new.customer_name, new.telephone))
    execute function keep_find_keys('CB', '2 name customer_name', '2 telephone telephone');
"""
FILL = """
insert into cases_findkey (case_id, key, prefix, weight)
select distinct case_id, key, 'CB', 2
  from callbacks_callback
 cross join lateral (values ('name', customer_name), ('telephone', telephone)) as said (type, told)
 cross join lateral find_keys(type, told) as key;
"""
FORGET = """
drop trigger find_keys_of_change on callbacks_callback;
drop trigger find_keys_of_row on callbacks_callback;
delete from cases_findkey where prefix = 'CB';
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_keeping_find_keys"), ("callbacks", "0004_fill_lifecycle")]

    operations = [migrations.RunSQL(KEEP, FORGET), migrations.RunSQL(FILL, migrations.RunSQL.noop)]
