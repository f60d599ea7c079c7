from django.db import migrations

KEEP = """
create trigger find_keys_of_row after insert or delete on jobmatch_helpdesk_incident
    for each row execute function keep_find_keys(
        'UJ', '2 name customer_name', '2 email customer_email', '2 telephone telephone', '1 name raiser_name',
        '1 email raiser_email', '1 email adviser_email', '1 email dwp_user_email'
    );
create trigger find_keys_of_change after update on jobmatch_helpdesk_incident
    for each row when (
        (old.customer_name, old.customer_email, old.telephone, old.raiser_name,
         old.raiser_email, old.adviser_email, old.dwp_user_email)
        is distinct from
        (new.customer_name, new.customer_email, new.telephone, new.raiser_name,
         new.raiser_email, new.adviser_email, new.dwp_user_email)
    ) execute function keep_find_keys(
        'UJ', '2 name customer_name', '2 email customer_email', '2 telephone telephone', '1 name raiser_name',
        '1 email raiser_email', '1 email adviser_email', '1 email dwp_user_email'
    );
"""
FILL = """
insert into cases_findkey (case_id, key, prefix, weight)
select case_id, key, 'UJ', max(weight)
  from jobmatch_helpdesk_incident
 cross join lateral (values
       (2, 'name', customer_name), (2, 'email', customer_email), (2, 'telephone', telephone),
       (1, 'name', raiser_name), (1, 'email', raiser_email), (1, 'email', adviser_email), (1, 'email', dwp_user_email)
       ) as said (weight, kind, told)
 cross join lateral find_keys(kind, told) as key
 group by case_id, key;
"""
FORGET = """
drop trigger find_keys_of_change on jobmatch_helpdesk_incident;
drop trigger find_keys_of_row on jobmatch_helpdesk_incident;
delete from cases_findkey where prefix = 'UJ';
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_keeping_find_keys"), ("jobmatch_helpdesk", "0005_indexes_of_the_queue")]

    operations = [migrations.RunSQL(KEEP, FORGET), migrations.RunSQL(FILL, migrations.RunSQL.noop)]
