-- Fills empty tables with %(forms)s feedback forms as they stand at %(at)s, one by every sender in turn, with what was
-- named, sent, discussed and filed. Of 25, one waits to be checked, one to be confirmed, one to be discussed, and one is
-- agreed; the others have ended. The person's team leader is another one from form to form, the managers are the same.

set constraints all immediate;

create temporary table sent on commit drop as
select i, first_case + i as form_id, sender.id as sender_id, sender_leader.id as sender_leader_id,
       team.id as sender_team_id, area.id as area_id, people.ids[1 + mod(i, array_length(people.ids, 1))] as person_id,
       case when mod(i, 50) < 5 then own.id else people.ids[1 + mod(i * 7 + 1, array_length(people.ids, 1))] end as leader_id,
       state, state in ('delivered', 'closed') as is_sent, state = 'closed' as is_closed,
       case when state = 'closed' then %(at)s - interval '365 days' * (1 - i / %(forms)s::float) - interval '10 days'
            else %(at)s - interval '1 minute' * mod(i * 7, 5760) - interval '1 day' end as at
  from generate_series(1, %(forms)s) as i
 cross join lateral (
    select case mod(i, 25) when 0 then 'delivered' when 1 then 'submitted' when 2 then 'with_senior_manager'
                           when 3 then 'agreed' else 'closed' end as state
 ) as stands
 cross join (select coalesce(max(id), 0) as first_case from cases_case) as cases
 cross join (
    select array_agg(id order by id) as ids from people_staffmember where username like 'bench-82%%'
 ) as people
 cross join (select id from people_staffmember where username = 'team-leader') as own
 cross join (select id from people_staffmember where username = 'complaints') as sender
 cross join (select id from people_staffmember where username = 'complaints-lead') as sender_leader
 cross join (select id from people_unit where code = 'complaints-1') as team
 cross join (select id from people_unit where code = 'area-east') as area;

insert into cases_case (id, kind, reference)
select form_id, 'feedback_form', 'CFF-' || lpad(i::text, greatest(6, length(i::text)), '0') from sent;

insert into complaints_feedback_feedbackform (
    case_id, version, state, complaint_reference, route, sender_id, sender_team_id, sending_team_leader_id, started_on,
    started_at, channel, stage, received_on, client_discussed_on, client_discussion, triggers, other_trigger,
    what_happened, issue_on, person_id, master_case, sr_references, sr_notes, case_views, call_summary, area_id,
    area_reason, asked_number, agreed_by_id, agreed_at, submitted_at, with_senior_at, delivered_at, received_at,
    discussion_recorded_at, completed_at, ended_at, due_at
)
select form_id, 1, state, 'RSP-' || i, case when state = 'with_senior_manager' then 'review' else 'resolution' end,
       sender_id, sender_team_id, sender_leader_id, at::date, at, 'letter', 'first', at::date - 9, at::date - 5,
       'She was promised a call that nobody made', array['promise_not_kept'], '', 'The call was noted and not made',
       at::date - 45, person_id, (300000000 + i)::text, 'SR-004188', 'Call promised', '', '', area_id, '', 1,
       sender_leader_id, at, case when state <> 'agreed' then at end,
       case when state = 'with_senior_manager' then at end, case when is_sent then at end, case when is_sent then at end,
       case when is_closed then at + interval '1 day' end, case when is_closed then at + interval '2 days' end,
       case when is_closed then at + interval '2 days' end,
       case when state = 'delivered' then at + interval '4 days' else timestamptz '9999-01-01 00:00:00+00' end
  from sent;

insert into complaints_feedback_involvedperson (form_id, position, person_id) select form_id, 1, person_id from sent;

insert into complaints_feedback_recipient (form_id, part, person_id, words)
select form_id, part, coalesce(manager.id, leader_id), ''
  from sent
 cross join (
    values ('receiving_team_leader', null), ('workgroup_manager', 'workgroup-manager'),
           ('area_manager', 'area-manager'), ('head_of_line', 'head-of-line')
 ) as named (part, username)
  left join people_staffmember manager using (username);

insert into complaints_feedback_parttwo (
    form_id, discussed_at, how, place, recordings, no_recording, occurred, resolution, changes_agreed,
    development_needs, no_development_needs, one_to_one_month, opportunity_explained, completed_by_id
)
select form_id, at + interval '1 day', 'One to one', 'At their desk', array['VR-2231'], '', 'When it was noted',
       'By a reminder', 'Every promise gets a reminder', case when mod(i, 10) = 4 then 'To set reminders' else '' end,
       mod(i, 10) <> 4, date_trunc('month', at)::date, true, leader_id
  from sent where is_closed;

insert into complaints_feedback_developmentplan (form_id, person_id, words, opened_at, opened_by_id, done_on, done_words, closed_by_id)
select form_id, person_id, 'A course on reminders', at + interval '2 days', leader_id,
       case when mod(i, 100) <> 4 then at::date + 9 end, case when mod(i, 100) <> 4 then 'Done' else '' end,
       case when mod(i, 100) <> 4 then leader_id end
  from sent where is_closed and mod(i, 10) = 4;

insert into complaints_feedback_personalfileentry (form_id, person_id, filed_at, content)
select form_id, person_id, at + interval '2 days', '{}' from sent where is_closed;

insert into cases_event (case_id, subject_label, subject_id, kind, actor_kind, actor_id, at, before, after, request_id)
select form_id, 'complaints_feedback.feedbackform', form_id, kind, 'staff', by_id, happened_at, '', after, ''
  from sent
 cross join lateral (
    values ('started', sender_id, at, 'draft'), ('agree', sender_leader_id, at, 'agreed'),
           ('submit', sender_id, case when state <> 'agreed' then at end, 'submitted'),
           ('send_to_all', sender_leader_id, case when is_sent then at end, 'delivered'),
           ('record_discussion', leader_id, case when is_closed then at + interval '1 day' end, 'discussed'),
           ('complete_part_two', leader_id, case when is_closed then at + interval '2 days' end, 'part2_complete')
 ) as happened (kind, by_id, happened_at, after)
 where happened_at is not null;

select setval('reference_cff', %(forms)s), setval(pg_get_serial_sequence('cases_case', 'id'), (select max(id) from cases_case));
