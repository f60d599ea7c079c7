from django.db import migrations

MAKE = r"""
create function find_fold(told text) returns text language sql immutable parallel safe
return replace(replace(replace(replace(
    translate(lower(regexp_replace(
        normalize(translate(told, '´`‘’ʼ', $$'''''$$), nfkd), '[\u0300-\u036f]', '', 'g'
    )), 'łđðøħıς', 'lddohiσ'),
    'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th');

create function find_words(told text) returns text[] language sql immutable parallel safe as $body$
    select array(
        select word from (
            select left(word, 60) as word, min(place) as place
              from regexp_split_to_table(
                       replace(find_fold(told), $$'$$, '') || ' ' || replace(find_fold(told), $$'$$, ' '),
                       '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u2000-\u206f\u3000-\u3003]+'
                   ) with ordinality as split(word, place)
             where word <> ''
             group by left(word, 60)
        ) as once
        order by place limit 8
    )
$body$;

create function find_keys(kind text, told text) returns setof text language plpgsql immutable parallel safe as $$
declare
    words text[];
begin
    if coalesce(told, '') = '' then
        return;
    elsif kind = 'name' then
        words := find_words(told);
        return query select unnest(words);
        return query select one || ' ' || other from unnest(words) as one, unnest(words) as other where one <> other;
    elsif kind = 'email' then
        return query select left(key, 320)
                       from unnest(array[find_fold(told), split_part(find_fold(told), '@', -1)]) as key;
    else
        return next told;
    end if;
end
$$;

-- Its arguments: the prefix of the references, then of each column the weight, the kind and the name.
create function keep_find_keys() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        delete from cases_findkey where case_id = old.case_id;
    end if;
    if tg_op <> 'DELETE' then
        insert into cases_findkey (case_id, key, prefix, weight)
        select new.case_id, key, tg_argv[0], max(split_part(said, ' ', 1)::smallint)
          from unnest(tg_argv[1:]) as said
         cross join find_keys(split_part(said, ' ', 2), to_jsonb(new) ->> split_part(said, ' ', 3)) as key
         group by key;
    end if;
    return null;
end
$$;
"""
DROP = """
drop function keep_find_keys();
drop function find_keys(text, text);
drop function find_words(text);
drop function find_fold(text);
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0003_find_keys")]

    operations = [migrations.RunSQL(MAKE, DROP)]
