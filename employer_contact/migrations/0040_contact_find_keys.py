from django.db import migrations

KEEP = """
create trigger find_keys_of_row after insert or delete on employer_contact_contact
    for each row execute function keep_find_keys('CT', '2 name caller_name', '2 telephone calling_number');
create trigger find_keys_of_change after update on employer_contact_contact
    for each row when (
        (old.caller_name, old.calling_number) is distinct from (new.caller_name, new.calling_number)
    ) execute function keep_find_keys('CT', '2 name caller_name', '2 telephone calling_number');
"""
FILL = """
insert into cases_findkey (case_id, key, prefix, weight)
select case_id, key, 'CT', max(weight)
  from employer_contact_contact
 cross join lateral (values (2, 'name', caller_name), (2, 'telephone', calling_number)) as said (weight, kind, told)
 cross join lateral find_keys(kind, told) as key
 group by case_id, key;
"""
FORGET = """
drop trigger find_keys_of_change on employer_contact_contact;
drop trigger find_keys_of_row on employer_contact_contact;
delete from cases_findkey where prefix = 'CT';
"""


class Migration(migrations.Migration):
    dependencies = [
        ("cases", "0004_keeping_find_keys"),
        ("employer_contact", "0030_listed_by_change"),
    ]

    operations = [migrations.RunSQL(KEEP, FORGET), migrations.RunSQL(FILL, migrations.RunSQL.noop)]
