-- Fills empty tables with %(incidents)s incidents of the year before %(at)s, each with the rows that its history
-- would have left: case, events with their words, deadlines, mail, what was asked and answered. Every 25th is open and
-- came in the last ten days; of the others, those of the last fortnight are resolved and the rest are closed. The first
-- agent has as many at any size, so that a page of them is as long. One in 20 asked for a call, all of one queue; every
-- fifth of these waits still. As many messages and deadlines are due at any size.

create temporary table told on commit drop as
with people as (
    select array_agg(person.id order by person.id) filter (where grp.name = 'Helpdesk agent') as agents,
           min(person.id) filter (where grp.name = 'Jobcentre adviser') as adviser,
           min(person.id) filter (where grp.name = 'JD agent') as jd,
           min(person.id) filter (where grp.name = 'ED agent') as ed
      from people_staffmember person
      join people_staffmember_groups held on held.staffmember_id = person.id
      join auth_group grp on grp.id = held.group_id
), places as (
    select array_agg(id order by id) filter (where kind = 'jobcentre') as jobcentres,
           array_agg(id order by id) filter (where kind = 'ed_site') as ed_sites
      from people_unit
), numbered as (
    select i,
           'UJ-' || lpad(i::text, greatest(6, length(i::text)), '0') as reference,
           (array['Patience', 'Dafydd', 'Aleksandra', 'Joseph', 'Siân', 'Mohammed', 'Nia', 'Kwame'])[1 + mod(i, 8)]
               || ' '
               || (array['Okafor', 'Llywelyn', 'Wiśniewska', 'O’Rourke', 'Rhydderch', 'Shah', 'Li'])[1 + mod(i, 7)]
               as name,
           (array['online_anonymous', 'jobcentre', 'online_anonymous', 'online_jobseeker', 'jd', 'online_anonymous',
                  'jobcentre', 'ed', 'online_jobseeker', 'online_anonymous', 'jobcentre'])[1 + mod(i, 11)] as source,
           case when mod(i, 100) = 1 then 'callback_pending'
                when mod(i, 25) > 0 then case when i * 26.0 < %(incidents)s * 25.0 then 'closed' else 'resolved' end
                else (array['received', 'assigned', 'received', 'received', 'awaiting_information', 'received',
                            'assigned', 'received'])[1 + mod(i / 25, 8)] end as state,
           %(at)s - case when mod(i, 25) > 0 and mod(i, 100) <> 1 then interval '365 days' * (1 - i / %(incidents)s::float)
                         else interval '1 second' * (60 + mod(chance, 864000)) end as received_at,
           chance
      from generate_series(1, %(incidents)s) as i
     cross join lateral (select abs(hashint4(i)::bigint) as chance) as thrown
)
select numbered.*,
       customer.email, '+447' || lpad((900000000 - i)::text, 9, '0') as telephone, raised_by, site_id, agent_id,
       case when source <> 'jobcentre' then 3 when mod(i, 17) = 0 and state <> 'received' then 1 else 2 end as band,
       case source when 'jobcentre' then 'R02' when 'jd' then 'R06' when 'ed' then 'R08'
                   when 'online_jobseeker' then 'R13' else 'R14' end as row,
       coalesce(raiser.email, customer.email) as writer_email,
       coalesce(raiser.name, '') as raiser_name, coalesce(raiser.email, '') as raiser_email,
       state in ('closed', 'resolved', 'callback_pending') as ended,
       state <> 'received' as taken,
       received_at + interval '30 seconds' as taken_at,
       received_at + case when state in ('closed', 'resolved') then interval '5 hours' else interval '50 seconds' end
           as wrote_at
  from numbered
 cross join people
 cross join places
 cross join lateral (select 'customer-' || i || '@example.org' as email) as customer
 cross join lateral (
    select case source when 'jobcentre' then adviser when 'jd' then jd when 'ed' then ed end as raised_by,
           case source when 'jobcentre' then jobcentres[1 + mod(i, array_length(jobcentres, 1))]
                       when 'ed' then ed_sites[1 + mod(i, array_length(ed_sites, 1))] end as site_id,
           case when state = 'received' then null
                when mod(i, 25) = 0 and i <= 6000 then agents[1]
                else agents[1 + mod(chance, array_length(agents, 1))] end as agent_id
 ) as who
  left join people_staffmember raiser on raiser.id = who.raised_by;

create temporary table dues on commit drop as
select i,
       received_at + case band when 1 then interval '1 hour' when 2 then interval '1 day' else interval '3 days' end
           as due_at
  from told;

insert into cases_case (id, kind, reference)
select i, 'incident', reference from told order by i;

insert into jobmatch_helpdesk_incident (
    case_id, version, state, source, channel, row, band, site_id, raised_by_id, raiser_name, raiser_email,
    customer_type, customer_name, customer_email, no_email, telephone, call_required, to_adviser, adviser_email,
    dwp_user_email, own_problem, topic, description, language, account_from_erm, risk_kind, escalated_at,
    earlier_reference, received_at, due_at, assigned_to_id, replied_at, closed_at
)
select i, 1, state, source, case when raised_by is null then 'form' else 'telephone' end, row, band, site_id,
       raised_by, raiser_name, raiser_email, case when source = 'ed' then 'employer' else 'jobseeker' end,
       name, email, false, telephone, false, false, '', '',
       false, (array['sign_in', 'account', 'posting', 'application', 'matching', 'fault', 'other'])[1 + mod(i, 7)],
       (array['Password reset link has expired each time', 'Cannot upload my CV from the library computer',
              'Matches are all 60 miles away', 'Interview letter names the wrong employer',
              'Page goes white when I press apply, on two computers and in two browsers, whatever I do about it'
             ])[1 + mod(i, 5)]
           || E'\n\nI tried it five times today, the last time at ' || to_char(received_at, 'HH12:MI')
           || '. It worked on my neighbour’s laptop, so I think it is the browser there, but the library cannot change '
           || 'that. I have an interview on Thursday, and the details of it are in my account. Incident ' || i || '.',
       case when mod(i, 20) = 5 then 'cy' else 'en' end, false, '', case when band = 1 then received_at end, '',
       received_at,
       case when state in ('received', 'assigned') then due_at else timestamptz '9999-01-01 00:00:00+00' end,
       agent_id, case when ended then wrote_at end, case when state = 'closed' then wrote_at + interval '14 days' end
  from told join dues using (i) order by i;

-- The keys that the trigger of the table writes, which is off where a database is made for a benchmark. Names are few, and
-- their keys are made once.
delete from cases_findkey;

create temporary table named on commit drop as
select name, key
  from (select name from told union select raiser_name from told) as names
 cross join find_keys('name', name) as key;

-- Looked into for each incident: read from its beginning, it took minutes for a million.
create index on named (name);
analyze named;
analyze told;

insert into cases_findkey (case_id, key, prefix, weight)
select i, key, 'UJ', 2
  from told
 cross join lateral (
    select key from named where named.name = told.name
    union all
    select unnest(array[email, 'example.org', telephone])
 ) as keys
 order by i;

insert into cases_findkey (case_id, key, prefix, weight)
select i, key, 'UJ', 1
  from told
 cross join lateral (
    select key from named where named.name = told.raiser_name
    union all
    select unnest(array[raiser_email, split_part(raiser_email, '@', -1)]) where raiser_email <> ''
 ) as keys
 order by i
on conflict do nothing;

create temporary table happened on commit drop as
select i * 10::bigint as id, i, 'submitted' as kind,
       case when raised_by is null then 'public' else 'staff' end as actor_kind, raised_by as actor_id,
       received_at as at, '' as before, 'received' as after,
       'Routed ' || row || ', reply due in 3 working days' as words
  from told
union all
select i * 10::bigint + 1, i, 'take', 'staff', agent_id, taken_at, 'received', 'assigned',
       'Next in order: oldest in band ' || (array['Immediate', 'Jobcentre', 'Standard'])[band]
  from told where taken
union all
select i * 10::bigint + 2, i, 'ask', 'staff', agent_id, wrote_at, 'assigned', state, 'To ' || writer_email
  from told where state = 'awaiting_information'
union all
select i * 10::bigint + 2, i, case state when 'callback_pending' then 'reply_by_callback' else 'resolve_by_reply' end,
       'staff', agent_id, wrote_at, 'assigned', case state when 'callback_pending' then state else 'resolved' end,
       'To ' || email
  from told where ended
union all
select i * 10::bigint + 3, i, 'close', 'clock', null, wrote_at + interval '14 days', 'resolved', 'closed', ''
  from told where state = 'closed';

insert into cases_event (
    id, case_id, subject_label, subject_id, kind, actor_kind, actor_id, at, before, after, request_id
)
select id, i, 'jobmatch_helpdesk.incident', i, kind, actor_kind, actor_id, at, before, after,
       case actor_kind when 'clock' then '' else gen_random_uuid()::text end
  from happened order by id;

insert into cases_eventwords (event_id, text)
select id, words from happened where words <> '' order by id;

insert into deadlines_deadline (
    id, case_id, kind, working_days, hours, nation, calendar_number, set_at, due_at, told_until, next_step_at,
    ended_at, ending
)
select i * 2::bigint, i, 'first_reply', (array[0, 1, 3])[band], (array[1, 0, 0])[band], 'england_and_wales', 0,
       received_at, due_at, received_at,
       case when state not in ('received', 'assigned') then null
            when i <= 2500 then %(at)s else greatest(due_at, %(at)s) + interval '1 day' end,
       case when ended then wrote_at end, case when ended then 'met' else '' end
  from told join dues using (i)
union all
select i * 2::bigint + 1, i, case when ended then 'close' else 'no_answer' end, case when ended then 10 else 5 end, 0,
       'england_and_wales', 0, wrote_at, wrote_at + interval '14 days', wrote_at,
       case when state <> 'closed' then wrote_at + interval '14 days' end,
       case when state = 'closed' then wrote_at + interval '14 days' end,
       case when state = 'closed' then 'came_due' else '' end
  from told where state in ('awaiting_information', 'resolved', 'closed');

insert into deadlines_pause (deadline_id, began_at)
select i * 2::bigint, wrote_at from told where state = 'awaiting_information';

-- The acknowledgement, then the reply or the question.
insert into mail_message (
    id, case_id, mailbox_id, from_name, from_address, "to", language, priority, subject, body, message_id, state,
    server_words, queued_by_id, queued_at, tried_at, ended_at, attempts, attempts_before, next_attempt_at,
    with_links, provider_id
)
select sent.id, i, mailbox.id, mailbox.name, mailbox.address, recipient, 'en', 1, subject, subject || E'\n\n' || body,
       '<' || sent.id || '@contacthub.example>', case when is_due then 'queued' else 'accepted' end,
       case when is_due then '' else '250 OK' end, by, at, case when not is_due then at end,
       case when not is_due then at end, case when is_due then 0 else 1 end, 0, case when is_due then %(at)s end,
       false, ''
  from (
    select i * 2::bigint as id, i, writer_email as recipient,
           'We have received your message, ' || reference as subject,
           'The Universal Jobmatch Helpdesk will reply within 3 working days.' as body,
           raised_by as by, received_at as at, i <= 100 as is_due
      from told
    union all
    select i * 2::bigint + 1, i, case when ended then email else writer_email end,
           reference || ' Universal Jobmatch Helpdesk',
           'Save the CV as a PDF of less than 1 MB, then choose it on the page My documents.', agent_id, wrote_at,
           false
      from told where ended or state = 'awaiting_information'
  ) as sent
 cross join (select * from mail_mailbox where code = 'helpdesk') as mailbox
 order by sent.id;

insert into jobmatch_helpdesk_reply (incident_id, text, "to", by_id, at, message_id)
select i, 'Save the CV as a PDF of less than 1 MB, then choose it on the page My documents.', email, agent_id,
       wrote_at, i * 2::bigint + 1
  from told where ended order by i;

insert into jobmatch_helpdesk_question (incident_id, text, "to", by_id, at, message_id, answer)
select i, 'Which browser do you use?', writer_email, agent_id, wrote_at, i * 2::bigint + 1, ''
  from told where state = 'awaiting_information' order by i;

insert into deadlines_calendar (nation, number) values ('england_and_wales', 0) on conflict do nothing;

create temporary table calls on commit drop as
select %(incidents)s + i / 20 + 1 as id, 'CB-' || lpad((i / 20 + 1)::text, 6, '0') as reference, told.i as about,
       told.name, telephone, agent_id, wrote_at as requested_at, wrote_at + interval '1 day' as due_at, queue.id as queue_id,
       (select min(person_id) from people_membership where unit_id = queue.unit_id) as caller_id,
       case when state = 'callback_pending' then null else wrote_at + interval '3 hours' end as ended_at
  from told
 cross join (select id, unit_id from callbacks_queue where code = 'ash') as queue
 where mod(i, 20) = 1;

insert into cases_case (id, kind, reference)
select id, 'callback', reference from calls order by id;

insert into callbacks_callback (
    case_id, version, kind, queue_id, about_id, customer_name, customer_type, telephone, language, may_leave_message, reason, words,
    words_by_id, urgent, at_risk, requested_at, due_at, allocated_to_id, unanswered, ended_at, result, state
)
select id, 1, 'uj_jobcentre', queue_id, about, name, 'jobseeker', telephone, 'en', true, 'No email',
       'Save the CV as a PDF of less than 1 MB, then choose it on the page My documents.', agent_id, false, false,
       requested_at, case when ended_at is null then due_at else timestamptz '9999-01-01 00:00:00+00' end,
       case when ended_at is not null then caller_id end, 0, ended_at,
       case when ended_at is null then '' else 'Told; it works now' end,
       case when ended_at is null then 'queued' else 'completed' end
  from calls order by id;

insert into callbacks_attempt (callback_id, queue_id, at, by_id, outcome, words, in_time, too_late)
select id, queue_id, ended_at, caller_id, 'spoke', 'Told; it works now', true, false
  from calls where ended_at is not null order by id;

delete from cases_findkey where prefix = 'CB';

insert into cases_findkey (case_id, key, prefix, weight)
select id, key, 'CB', 2
  from calls
 cross join lateral (select key from named where named.name = calls.name union select telephone) as keys
 order by id;

with called as (
    select id * 10::bigint as event_id, id, 'requested' as kind, agent_id as actor_id, requested_at as at, '' as before,
           'queued' as after
      from calls
    union all
    select id * 10::bigint + 1, id, 'take', caller_id, ended_at - interval '10 minutes', 'queued', 'allocated'
      from calls where ended_at is not null
    union all
    select id * 10::bigint + 2, id, 'complete', caller_id, ended_at, 'allocated', 'completed'
      from calls where ended_at is not null
)
insert into cases_event (
    id, case_id, subject_label, subject_id, kind, actor_kind, actor_id, at, before, after, request_id
)
select event_id, id, 'callbacks.callback', id, kind, 'staff', actor_id, at, before, after, gen_random_uuid()::text
  from called order by event_id;

insert into deadlines_deadline (
    id, case_id, kind, working_days, hours, nation, calendar_number, set_at, due_at, told_until, next_step_at,
    ended_at, ending
)
select id * 2::bigint, id, 'call', 1, 0, 'england_and_wales', 0, requested_at, due_at, requested_at,
       case when ended_at is null then greatest(due_at, %(at)s) + interval '1 day' end, ended_at,
       case when ended_at is null then '' else 'met' end
  from calls;

-- What comes next is numbered from here.
select setval('reference_uj', %(incidents)s),
       setval('reference_cb', (select count(*) from calls)),
       setval(pg_get_serial_sequence('cases_case', 'id'), (select max(id) from cases_case)),
       setval(pg_get_serial_sequence('cases_event', 'id'), (select max(id) from cases_event)),
       setval(pg_get_serial_sequence('deadlines_deadline', 'id'), (select max(id) from deadlines_deadline)),
       setval(pg_get_serial_sequence('mail_message', 'id'), (select max(id) from mail_message));
