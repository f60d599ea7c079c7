from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_a_key_acts")]

    operations = [
        migrations.RunSQL(
            """
            create function set_changed_at() returns trigger language plpgsql as $$
            begin
                new.changed_at := clock_timestamp();
                return new;
            end $$;
            """,
            "drop function set_changed_at()",
        )
    ]
