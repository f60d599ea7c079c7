-- Fills empty tables with %(employers)s employers as they stand at %(at)s, five paying parents to each with a case, a
-- line on this month's DEO schedule and two activities in the case, and with a contact and a service request for every
-- second employer, with the steps of its plan. Every 25th of these requests is open; the contacts have ended. The second
-- employer has 2,000 of the paying parents, or a fifth of them; the first agent acts for every 40th employer, a bureau.
-- In every 50th case the CMSL2040 was to be re-issued; every 25th of these requests is open.

-- An index is not built while a key has still to be looked at.
set constraints all immediate;

-- Rows first: built in one go, an index takes a fraction of the time.
create temporary table put_off on commit drop as
select format('%%I', indexname) as name, indexdef
  from pg_indexes
 where tablename = any(array[
           'employer_contact_employer', 'employer_contact_payingparent', 'employer_contact_employment',
           'employer_contact_maintenancecase', 'employer_contact_caseactivity', 'employer_contact_deoschedule',
           'employer_contact_scheduleline', 'employer_contact_contact', 'employer_contact_servicerequest',
           'employer_contact_activity', 'employer_contact_reissuerequest'])
   and not exists (select from pg_constraint where conname = indexname);

do $$
declare name text;
begin
    for name in select put_off.name from put_off loop execute 'drop index ' || name; end loop;
end $$;

insert into employer_contact_employer (
    id, version, ern, name, hmrc_address, hmrc_postcode, payroll_address, payroll_postcode, telephone,
    additional_telephones, fax, prefers_fax, email, contact_names, pay_day, cut_off_day, voicemail_authorised,
    schedule_delivery, language
)
select i, 1, (100000000 + i)::text,
       (array['Bryn', 'Skerrow', 'Holt', 'Ash', 'Oak', 'Marl', 'Pen', 'Wren', 'Thorn', 'Brindle', 'Calder', 'Dun', 'Elm',
              'Fern', 'Gorse', 'Hazel', 'Iver', 'Kes', 'Lark', 'Moss'])[1 + mod(chance, 20)]
           || (array['combe', 'ford', 'ley', 'wick', 'ton', 'by', 'dale', 'mere', 'stead', 'worth', 'gate', 'field',
                     'bourne', 'cliff', 'holme', 'shaw', 'thwaite', 'bridge', 'well', 'moor'])[1 + mod(chance / 20, 20)]
           || ' '
           || (array['Foods', 'Haulage', 'Joinery', 'Care', 'Cleaning', 'Engineering', 'Bakery', 'Nurseries', 'Print',
                     'Security', 'Timber', 'Textiles'])[1 + mod(chance / 400, 12)]
           || ' ' || (array['Ltd', 'Limited', 'plc', '& Sons'])[1 + mod(chance / 4800, 4)],
       1 + mod(i, 90) || ' Corn Street' || E'\n' || 'Ashcombe', postcode,
       'Payroll office' || E'\n' || 1 + mod(i, 90) || ' Corn Street', postcode,
       '+4416' || lpad(i::text, 8, '0'), array['+447' || lpad(i::text, 9, '0')],
       case when mod(i, 3) = 0 then '+4420' || lpad(i::text, 8, '0') else '' end, false,
       'payroll@employer-' || i || '.example', array['Orla Pettigrew'], 1 + mod(i, 28), 1 + mod(i + 20, 28), true,
       case when mod(i, 2) = 0 then 'paper' else 'self_service' end, 'en'
  from generate_series(1, %(employers)s) as i
 cross join lateral (select abs(hashint4(i)::bigint) as chance) as thrown
 cross join lateral (
    select 'ZZ' || 10 + mod(chance, 90) || ' ' || mod(chance / 90, 10) || chr(65 + mod(chance / 900, 20)::int)
               || chr(65 + mod(chance / 18000, 20)::int) as postcode
 ) as lies;

insert into employer_contact_payrollagent (
    id, version, earn, name, address1, address_rest, postcode, telephone, email
)
select i, 1, 'EA' || 1000000 + i,
       (array['Holtby', 'Pelham', 'Strand', 'Marlow', 'Fenwick'])[1 + mod(i, 5)] || ' '
           || (array['Payroll', 'Bureau', 'Pay Services', 'Accountants'])[1 + mod(i / 5, 4)] || ' ' || i,
       i || ' Market Row', 'Ashcombe', 'ZZ9' || mod(i, 10) || ' ' || mod(i, 9) || 'TA', '+4418' || lpad(i::text, 8, '0'),
       'office@agent-' || i || '.example'
  from generate_series(1, greatest(20, %(employers)s / 50)) as i;

insert into employer_contact_nameword (word)
select distinct word
  from (select name from employer_contact_employer union select name from employer_contact_payrollagent) as named
 cross join string_to_table(ltrim(employer_contact_name_key(name)), ' ') as word;

insert into employer_contact_agentlink (employer_id, agent_id, starts_on, ends_on, may_do, gets_schedule)
select i, case when mod(i, 40) = 0 then 1 else 2 + mod(i, greatest(19, %(employers)s / 50 - 1)) end,
       (%(at)s - interval '300 days')::date, null, '', false
  from generate_series(1, %(employers)s) as i
 where mod(i, 4) = 0;

insert into employer_contact_payingparent (id, version, reference, name, nino)
select i, 1, (121000000000 + i)::text,
       (array['Patience', 'Dafydd', 'Aleksandra', 'Joseph', 'Siân', 'Mohammed', 'Nia', 'Kwame', 'Marged', 'Imran', 'Orla',
              'Piotr', 'Grace', 'Ewan', 'Shanice', 'Derek', 'Hazel', 'Rajinder', 'Fiona', 'Tobias'])[1 + mod(chance, 20)]
           || ' '
           || (array['Ok', 'Llyw', 'Wis', 'O’R', 'Ry', 'Sha', 'Lin', 'Mac', 'Fen', 'Har', 'Bar', 'Col', 'Pet', 'Ste', 'Ad',
                     'Nor', 'Qu', 'Tal', 'Ver', 'Win'])[1 + mod(chance / 20, 20)]
           || (array['afor', 'elyn', 'niewski', 'ourke', 'derch', 'wan', 'sey', 'kenzie', 'wick', 'tley', 'ker', 'lins',
                     'tigrew', 'phens', 'amoko', 'ris', 'reshi', 'bot', 'ney', 'slow'])[1 + mod(chance / 400, 20)],
       'QQ' || lpad(mod(i, 1000000)::text, 6, '0') || chr(65 + i / 1000000)
  from generate_series(1, %(employers)s * 5) as i
 cross join lateral (select abs(hashint4(i)::bigint) as chance) as thrown;

insert into employer_contact_employment (id, employer_id, paying_parent_id, starts_on, name_key)
select i, case when i <= least(2000, %(employers)s) then 2 else 1 + mod(i, %(employers)s) end, i,
       (%(at)s - interval '400 days')::date, name_key
  from generate_series(1, %(employers)s * 5) as i
  join employer_contact_payingparent on id = i
 order by i;

insert into employer_contact_maintenancecase (id, version, number, paying_parent_id, receiving_parent, owner_id)
select i, 1, (300000000 + i)::text, i, 'Nia Rhydderch', owners.ids[1 + mod(i, array_length(owners.ids, 1))]
  from generate_series(1, %(employers)s * 5) as i
 cross join (select array_agg(id) as ids from people_staffmember where username like 'case-owner%%') as owners;

insert into employer_contact_caseactivity (
    maintenance_case_id, kind, happened_on, words, employer_id, amount, from_month, by
)
select paying_parent_id, kind, day, '', employer_id, case when kind = 'CMSL2040' then 100 + mod(paying_parent_id, 90) end,
       case when kind = 'CMSL2040' then date_trunc('month', day)::date end, ''
  from employer_contact_employment
 cross join (
    values ('DEO set up', (%(at)s - interval '390 days')::date), ('CMSL2040', (%(at)s - interval '360 days')::date)
 ) as done (kind, day)
 order by paying_parent_id;

insert into employer_contact_deoschedule (id, employer_id, month, delivery, sent_on)
select i, i, date_trunc('month', %(at)s)::date, 'paper', date_trunc('month', %(at)s)::date
  from generate_series(1, %(employers)s) as i;

insert into employer_contact_scheduleline (schedule_id, paying_parent_id, due, difference_reason, change, name_key)
select employer_id, paying_parent_id, 100 + mod(paying_parent_id, 90), '', '', name_key
  from employer_contact_employment order by employer_id, paying_parent_id;

create temporary table contacted on commit drop as
select i, i * 2::bigint as employer_id, first_case + i * 2 as contact_id, first_case + i * 2 + 1 as request_id,
       kind.id as kind_id, kind.reason_id, process, area, sub_area, scope, used.id as version_id,
       people.ids[1 + mod(i, array_length(people.ids, 1))] as owner_id, mod(i, 25) = 0 as is_open,
       case when mod(i, 25) = 0 then %(at)s - interval '1 minute' * mod(i * 7, 14400)
            else %(at)s - interval '365 days' * (1 - i / (%(employers)s / 2)::float) - interval '10 days' end as at
  from generate_series(1, %(employers)s / 2) as i
 cross join (select coalesce(max(id), 0) as first_case from cases_case) as cases
 cross join (
    select array_agg(person.id order by person.id) as ids
      from people_staffmember person
      join people_staffmember_groups held on held.staffmember_id = person.id
      join auth_group grp on grp.id = held.group_id
     where grp.name = 'Employer payments caseworker'
 ) as people
  join (
    select kind.*, row_number() over (order by id) - 1 as place, count(*) over () as kinds
      from employer_contact_servicerequestkind kind
     where open_to_employer
 ) as kind on place = mod(i, kinds)
  join (select plan_id, max(id) as id from employer_contact_planversion group by plan_id) as used using (plan_id);

insert into cases_case (id, kind, reference)
select contact_id, 'contact', 'CT-' || lpad(i::text, greatest(6, length(i::text)), '0') from contacted
union all
select request_id, 'service_request', 'SR-' || lpad(i::text, greatest(6, length(i::text)), '0') from contacted;

insert into employer_contact_contact (
    case_id, version, state, channel, direction, call_id, number_keyed, calling_number, party_type, employer_id, found_by,
    caller_name, notes, language, security, ending, ending_words, owner_id, team_id, raised_by_id, opened_at,
    call_began_at, call_ended_at, ended_at, identity, identity_fallback
)
select contact_id, 1, 'wrapped_up', 'telephone', 'inbound', '', (100000000 + employer_id)::text, '', 'employer',
       employer_id, 'keyed', 'Orla Pettigrew', 'Asked when the next schedule comes', 'en', 'passed', '', '', owner_id,
       team.id, owner_id, at, at, at + interval '5 minutes', at + interval '6 minutes', '', ''
  from contacted
 cross join (select id from people_unit where code = 'payments-1') as team;

insert into employer_contact_reasongiven (id, contact_id, reason_id, why_none, at)
select i, contact_id, reason_id, '', at from contacted;

insert into employer_contact_servicerequest (
    case_id, version, state, kind_id, process, area, sub_area, scope, contact_id, reason_id, security, party_type,
    employer_id, earlier_reference, owner_id, team_id, raised_by_id, opened_at, due_at, plan_version_id, waits_for,
    waits_until, case_update, ended_at
)
select request_id, 1, case when not is_open then 'completed' when mod(i, 4) = 0 then 'waiting' else 'open' end,
       kind_id, process, area, sub_area, scope, contact_id, i, 'passed', 'employer', employer_id, '', owner_id, team.id,
       owner_id, at, case when is_open then at + interval '5 days' else timestamptz '9999-01-01 00:00:00+00' end,
       version_id, case when is_open and mod(i, 4) = 0 then 'Their reply' else '' end,
       case when is_open and mod(i, 4) = 0 then %(at)s + interval '2 days' end,
       case when is_open then '' else 'Told the employer' end, case when not is_open then at + interval '1 day' end
  from contacted
 cross join (select id from people_unit where code = 'payments-1') as team;

insert into employer_contact_activity (
    request_id, number, text, mark, does, raises, status, words, note_reference, by_id, at
)
select request_id, number, text, mark, does, raises, case when is_open then 'not_started' else 'not_needed' end,
       case when is_open then '' else 'Done on the call' end, '', case when not is_open then owner_id end,
       case when not is_open then at end
  from contacted join employer_contact_planstep using (version_id) order by request_id, number;

insert into cases_event (case_id, subject_label, subject_id, kind, actor_kind, actor_id, at, before, after, request_id)
select case_id, label, case_id, kind, 'staff', owner_id, contacted.at, '', after, ''
  from contacted
 cross join lateral (
    values (contact_id, 'employer_contact.contact', 'opened', 'identified'),
           (request_id, 'employer_contact.servicerequest', 'raised', 'open')
 ) as happened (case_id, label, kind, after);

create temporary table asked on commit drop as
select i, last_case + i as reissue_id, maintenance_case_id, employment.employer_id, activity.id as letter_id,
       people.ids[1 + mod(i, array_length(people.ids, 1))] as raised_by_id, mod(i, 25) = 0 as is_open,
       %(at)s - case when mod(i, 25) = 0 then interval '1 minute' * mod(i * 7, 7200)
                     else interval '10 days' + interval '1 minute' * mod(i * 7, 500000) end as at
  from generate_series(1, %(employers)s / 10) as i
 cross join (select max(id) as last_case from cases_case) as cases
 cross join (select array_agg(distinct owner_id) as ids from contacted) as people
  join employer_contact_employment employment on paying_parent_id = 50 * i
  join employer_contact_caseactivity activity on maintenance_case_id = 50 * i and activity.kind = 'CMSL2040';

insert into cases_case (id, kind, reference)
select reissue_id, 'reissue', 'RI-' || lpad(i::text, greatest(6, length(i::text)), '0') from asked;

insert into employer_contact_reissuerequest (
    case_id, version, state, employer_id, maintenance_case_id, scenario, reason, raised_by_id, opened_at, due_at,
    answer, letter_id, ended_at
)
select reissue_id, 1, case when is_open then 'requested' else 'reissued' end, employer_id, maintenance_case_id, 'amount_differs',
       'The schedule says another amount', raised_by_id, at, at + interval '5 days', '',
       case when not is_open then letter_id end, case when not is_open then at + interval '1 day' end
  from asked;

insert into cases_event (case_id, subject_label, subject_id, kind, actor_kind, actor_id, at, before, after, request_id)
select reissue_id, 'employer_contact.reissuerequest', reissue_id, 'requested', 'staff', raised_by_id, at, '', '', ''
  from asked;

do $$
declare definition text;
begin
    for definition in select indexdef from put_off loop execute definition; end loop;
end $$;

-- What comes next is numbered from here.
select setval('reference_ct', (select count(*) from contacted)),
       setval('reference_sr', (select count(*) from contacted)),
       setval('reference_ri', (select count(*) from asked)),
       setval(pg_get_serial_sequence('cases_case', 'id'), (select max(id) from cases_case)),
       setval(pg_get_serial_sequence('employer_contact_employer', 'id'), %(employers)s),
       setval(pg_get_serial_sequence('employer_contact_payrollagent', 'id'), (select max(id) from employer_contact_payrollagent)),
       setval(pg_get_serial_sequence('employer_contact_payingparent', 'id'), %(employers)s * 5),
       setval(pg_get_serial_sequence('employer_contact_employment', 'id'), %(employers)s * 5),
       setval(pg_get_serial_sequence('employer_contact_maintenancecase', 'id'), %(employers)s * 5),
       setval(pg_get_serial_sequence('employer_contact_deoschedule', 'id'), %(employers)s),
       setval(pg_get_serial_sequence('employer_contact_reasongiven', 'id'), (select max(i) from contacted));
