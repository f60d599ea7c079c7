from django.db import migrations, models

RENAMED = """
create or replace function pass_on_name_of_parent() returns trigger language plpgsql as $$
begin
    update employer_contact_employment set name_key = new.name_key where paying_parent_id = new.id;
    {lines}
    return null;
end $$;
"""
LINES = "update employer_contact_scheduleline set name_key = new.name_key where paying_parent_id = new.id;"
MAKE = """
create trigger named before insert or update on employer_contact_scheduleline
    for each row execute function set_name_of_parent();
"""
DROP = "drop trigger named on employer_contact_scheduleline;"
FILL = """
update employer_contact_scheduleline line
   set name_key = parent.name_key
  from employer_contact_payingparent parent
 where parent.id = paying_parent_id
"""


class Migration(migrations.Migration):
    dependencies = [("employer_contact", "0092_plans_of_before_name_what_they_raise")]

    operations = [
        migrations.AddField(
            model_name="scheduleline",
            name="name_key",
            field=models.TextField(db_collation="C", db_default="", editable=False),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="scheduleline",
            index=models.Index("schedule", "name_key", "id", name="schedule_line_by_name"),
        ),
        migrations.RunSQL(MAKE + RENAMED.format(lines=LINES), DROP + RENAMED.format(lines="")),
    ]
