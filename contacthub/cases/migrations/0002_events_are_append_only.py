from django.db import migrations

REFUSE = """
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'Events are added, never changed or removed'
        using errcode = 'restrict_violation';
end
$$;
create trigger append_only before update or delete on cases_event
    for each row execute function refuse_change();
create trigger append_only_truncate before truncate on cases_event
    for each statement execute function refuse_change();
"""
ALLOW = """
drop trigger append_only_truncate on cases_event;
drop trigger append_only on cases_event;
drop function refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_cases_and_events")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
