from django.db import migrations, models

# Whoever makes an employment waits for the one who renames its paying parent, so that neither misses the other.
MAKE = """
create function set_name_of_parent() returns trigger language plpgsql as $$
begin
    new.name_key := (select name_key from employer_contact_payingparent where id = new.paying_parent_id for share);
    return new;
end $$;

create function pass_on_name_of_parent() returns trigger language plpgsql as $$
begin
    update employer_contact_employment set name_key = new.name_key where paying_parent_id = new.id;
    return null;
end $$;

create trigger named before insert or update on employer_contact_employment
    for each row execute function set_name_of_parent();
create trigger renamed after update on employer_contact_payingparent
    for each row when (old.name_key is distinct from new.name_key) execute function pass_on_name_of_parent();
"""
DROP = """
drop trigger renamed on employer_contact_payingparent;
drop trigger named on employer_contact_employment;
drop function pass_on_name_of_parent();
drop function set_name_of_parent();
"""
FILL = """
update employer_contact_employment job
   set name_key = parent.name_key
  from employer_contact_payingparent parent
 where parent.id = paying_parent_id
"""


class Migration(migrations.Migration):
    dependencies = [("employer_contact", "0060_steps_name_what_they_raise")]

    operations = [
        migrations.AddField(
            model_name="employment",
            name="name_key",
            field=models.TextField(db_collation="C", db_default="", editable=False),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="employment",
            index=models.Index(models.F("employer"), models.F("name_key"), models.F("id"), name="employment_by_name"),
        ),
        migrations.RunSQL(MAKE, DROP),
    ]
