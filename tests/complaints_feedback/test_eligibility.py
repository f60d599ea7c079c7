"""Expected values are copied by hand from the procedure."""

from dataclasses import replace
from datetime import date

import pytest

from complaints_feedback.eligibility import (
    PartOne,
    acting_team_leader,
    earliest_date_of_issue,
    error_in_choice,
    error_in_issue_date,
    errors_in_letters,
    errors_in_parts,
    errors_in_people,
    missing_before_ask,
    missing_before_submit,
)
from complaints_feedback.terms import Channel, Part, Route, Stage, Trigger

TODAY = date(2026, 6, 3)
SENDER, LEADER, PERSON, RECEIVER, EARLIER = 1, 2, 3, 4, 5
FOUR = {Part.TEAM_LEADER: RECEIVER, Part.WORKGROUP_MANAGER: 6, Part.AREA_MANAGER: 7, Part.HEAD_OF_LINE: 8}
WHOLE = PartOne(
    route=Route.RESOLUTION,
    started_on=TODAY,
    sender=SENDER,
    sending_leader=LEADER,
    channel=Channel.LETTER,
    stage=Stage.FIRST,
    received_on=date(2026, 5, 20),
    client_discussion="She was promised a call that nobody made",
    triggers=[Trigger.PROMISE],
    what_happened="The call back was noted and not made",
    issue_on=date(2026, 4, 1),
    involved=[EARLIER, PERSON],
    person=PERSON,
    master_case="300000001",
    evidence=["SR-004188"],
    has_complaint_letter=True,
    has_reply_letter=True,
    parts=FOUR,
)


def codes(found):
    return [broken.code for broken in found]


@pytest.mark.proves("CF-18", "AMB-27")
@pytest.mark.parametrize(
    ("started_on", "earliest"),
    [
        (date(2026, 6, 3), date(2025, 12, 3)),
        (date(2025, 8, 31), date(2025, 2, 28)),
        (date(2024, 8, 31), date(2024, 2, 29)),
        (date(2024, 8, 29), date(2024, 2, 29)),
        (date(2025, 8, 29), date(2025, 2, 28)),
        (date(2025, 4, 30), date(2024, 10, 30)),
        (date(2025, 3, 31), date(2024, 9, 30)),
        (date(2025, 12, 31), date(2025, 6, 30)),
        (date(2025, 6, 30), date(2024, 12, 30)),
        (date(2025, 7, 1), date(2025, 1, 1)),
        (date(2025, 1, 1), date(2024, 7, 1)),
    ],
)
def test_six_calendar_months_back_the_day_clipped_to_a_shorter_month(started_on, earliest):
    assert earliest_date_of_issue(started_on) == earliest


@pytest.mark.proves("CF-18", "AMB-27")
@pytest.mark.parametrize(
    ("issue_on", "words"),
    [
        (date(2025, 12, 2), "The issue happened more than six months ago, so feedback cannot be given"),
        (date(2025, 12, 3), None),
        (date(2026, 6, 3), None),
        (date(2026, 6, 4), "Date of the issue must be today or in the past"),
        (None, "Enter the date of the issue"),
    ],
)
def test_the_date_of_the_issue_is_within_six_months_and_not_to_come(issue_on, words):
    broken = error_in_issue_date(issue_on, started_on=TODAY, today=TODAY)

    assert (broken.words if broken else None) == words


@pytest.mark.proves("CF-18", "AMB-27")
def test_a_form_that_was_started_in_time_is_still_in_time_when_it_is_sent_later():
    assert error_in_issue_date(date(2025, 12, 3), started_on=TODAY, today=date(2026, 7, 20)) is None


@pytest.mark.proves("CF-27", "CF-28")
@pytest.mark.parametrize(
    ("person", "involved", "words"),
    [
        (PERSON, [EARLIER, PERSON], None),
        (PERSON, [PERSON], None),
        (
            EARLIER,
            [EARLIER, PERSON],
            "Feedback goes only to the last person who could have stopped the complaint escalating",
        ),
        (9, [EARLIER, PERSON], "Feedback goes only to the last person who could have stopped the complaint escalating"),
        (None, [EARLIER, PERSON], "Select the person who should receive the feedback"),
        (PERSON, [], "Add the people involved, in the order they were involved"),
    ],
)
def test_only_the_last_of_those_involved_may_be_chosen(person, involved, words):
    broken = error_in_choice(person, involved)

    assert (broken.words if broken else None) == words


@pytest.mark.proves("CF-51")
@pytest.mark.parametrize(
    ("leaders", "person", "receiving", "acts"),
    [
        ([2, 9], 3, 4, 2),
        ([4, 9], 3, 4, 9),  # leads the person too: the workgroup manager acts
        ([3, 9], 3, 4, 9),  # is the person
        ([1, 9], 3, 4, 9),  # is the sender
        ([None, 9], 3, 4, 9),  # the post is vacant
        ([4, 3], 3, 4, None),
        ([4, None], 3, 4, None),
        ([None, None], None, None, None),
        ([2, 9], None, None, 2),
    ],
)
def test_who_has_another_part_does_not_act_as_sending_team_leader(leaders, person, receiving, acts):
    assert acting_team_leader(sender=1, leaders=leaders, person=person, receiving_leader=receiving) == acts


@pytest.mark.proves("CF-51")
@pytest.mark.parametrize(
    ("sender", "leader", "receiving", "person", "code"),
    [
        (1, 2, 4, 3, []),
        (1, 2, None, 3, []),
        (1, 2, None, None, []),
        (1, 2, 4, 1, ["is_sender"]),
        (1, 2, 1, 3, ["sender_leads_person"]),
        (1, None, 4, 3, ["no_sending_leader"]),
        (1, 2, 2, 3, ["same_person"]),
        (1, 3, 4, 3, ["same_person"]),
        (1, 1, 4, 3, ["same_person"]),
        (1, 2, 3, 3, ["same_person"]),
    ],
)
def test_the_four_of_a_form_are_different_people(sender, leader, receiving, person, code):
    found = errors_in_people(sender=sender, sending_leader=leader, person=person, receiving_leader=receiving)

    assert codes(found) == code


@pytest.mark.proves("CF-35", "CF-36", "CF-47", "AMB-32")
@pytest.mark.parametrize(
    ("channel", "complaint", "reply", "summary", "words"),
    [
        (Channel.LETTER, True, True, "", []),
        (
            Channel.LETTER,
            False,
            True,
            "A call",
            ["Select the complaint letter, or say that the complaint was made by telephone"],
        ),
        (
            Channel.EMAIL,
            False,
            True,
            "",
            ["Select the complaint letter, or say that the complaint was made by telephone"],
        ),
        (Channel.LETTER, True, False, "", ["Select the reply sent to the client"]),
        (Channel.TELEPHONE, False, True, "She rang", []),
        (Channel.TELEPHONE, False, True, " ", ["Enter a summary of the call"]),
        (Channel.TELEPHONE, True, True, "", ["Enter a summary of the call"]),
        (
            Channel.TELEPHONE,
            False,
            False,
            "",
            ["Enter a summary of the call", "Select the reply sent to the client"],
        ),
    ],
)
def test_both_letters_are_there_or_a_summary_of_the_call(channel, complaint, reply, summary, words):
    found = errors_in_letters(channel, has_complaint_letter=complaint, has_reply_letter=reply, call_summary=summary)

    assert [broken.words for broken in found] == words


@pytest.mark.proves("CF-30", "CF-31")
@pytest.mark.parametrize("route", Route)
@pytest.mark.parametrize("left_out", Part)
def test_resolution_needs_four_people_and_the_others_the_team_leader_alone(route, left_out):
    named = {part: person for part, person in FOUR.items() if part != left_out}
    needed = [Part.TEAM_LEADER] if route in (Route.REVIEW, Route.ICE) else list(FOUR)

    found = errors_in_parts(route, named, has_leader=True)

    assert codes(found) == ([f"{left_out}_required"] if left_out in needed else [])


@pytest.mark.proves("CF-31")
def test_review_can_be_submitted_with_the_team_leader_alone():
    alone = replace(WHOLE, route=Route.REVIEW, parts={Part.TEAM_LEADER: RECEIVER})

    assert missing_before_submit(alone, today=TODAY) == []


def test_of_a_form_for_nobody_yet_it_is_not_said_that_nobody_leads_them():
    found = missing_before_submit(replace(WHOLE, person=None, parts={}), today=TODAY)

    assert codes(found) == ["person_required", "person_first"]


@pytest.mark.proves("CF-50")
def test_a_form_goes_on_where_the_directory_shows_no_team_leader():
    managers = {part: person for part, person in FOUR.items() if part != Part.TEAM_LEADER}

    assert missing_before_submit(replace(WHOLE, parts=managers, has_leader=False), today=TODAY) == []


@pytest.mark.parametrize(
    ("part", "words"),
    [
        (Part.HEAD_OF_LINE, "The people directory shows no head of line of business. Name who acts for the post"),
        (Part.TEAM_LEADER, "The people directory shows no team leader. Name the manager who is responsible"),
    ],
)
def test_who_is_not_named_is_said_in_words(part, words):
    named = {one: person for one, person in FOUR.items() if one != part}

    assert [broken.words for broken in errors_in_parts(Route.RESOLUTION, named, has_leader=True)] == [words]


@pytest.mark.proves("CF-22")
def test_the_team_leader_can_be_asked_before_the_rest_is_filled_in():
    short = PartOne(
        route=Route.RESOLUTION,
        started_on=TODAY,
        sender=SENDER,
        sending_leader=LEADER,
        triggers=[Trigger.INCORRECT],
        issue_on=TODAY,
        person=PERSON,
    )

    assert missing_before_ask(short, today=TODAY) == []


@pytest.mark.proves("CF-16", "CF-22")
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"triggers": []}, ["trigger_required"]),
        ({"triggers": [Trigger.OTHER]}, ["other_trigger_required"]),
        ({"triggers": [Trigger.OTHER], "other_trigger": "A letter was lost"}, []),
        ({"issue_on": None}, ["issue_date_required"]),
        ({"issue_on": date(2025, 12, 2)}, ["too_old"]),
        ({"person": None}, ["person_required"]),
        ({"person": EARLIER}, ["not_the_last"]),
        ({"person": SENDER, "involved": [SENDER]}, ["is_sender"]),
        ({"sending_leader": None}, ["no_sending_leader"]),
        ({"triggers": [], "issue_on": None, "person": None},
         ["trigger_required", "issue_date_required", "person_required"]),
    ],
)  # fmt: skip
def test_what_is_missing_before_the_team_leader_is_asked(given, code):
    assert codes(missing_before_ask(replace(WHOLE, **given), today=TODAY)) == code


@pytest.mark.proves("CF-29", "CF-43", "CF-14", "CF-15", "CF-24")
@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({}, []),
        ({"received_on": None}, ["received_on_required"]),
        ({"received_on": date(2026, 6, 4)}, ["received_in_future"]),
        ({"channel": None}, ["channel_required"]),
        ({"stage": None}, ["stage_required"]),
        ({"client_discussed_on": date(2026, 6, 4)}, ["client_discussed_in_future"]),
        ({"client_discussed_on": TODAY}, []),
        ({"client_discussion": " "}, ["client_discussion_required"]),
        ({"what_happened": ""}, ["what_happened_required"]),
        ({"involved": []}, ["involved_required"]),
        ({"master_case": ""}, ["master_case_required"]),
        ({"evidence": ["", " "]}, ["evidence_required"]),
        ({"has_reply_letter": False}, ["reply_letter_required"]),
        ({"triggers": [], "parts": {}}, ["trigger_required", *(f"{part}_required" for part in FOUR)]),
    ],
)
def test_what_is_missing_before_the_form_is_submitted(given, code):
    assert codes(missing_before_submit(replace(WHOLE, **given), today=TODAY)) == code


@pytest.mark.proves("CF-15", "AMB-34")
@pytest.mark.parametrize(
    ("stage", "procedure"), [(Stage.FIRST, "Complaint Resolution"), (Stage.LATER, "Complaint Review")]
)
def test_a_first_complaint_is_reviewed_under_resolution_and_later_ones_under_review(stage, procedure):
    assert stage.reviewed_under == procedure


@pytest.mark.proves("CF-17")
def test_the_triggers_have_the_labels_of_the_procedure():
    assert dict(Trigger.choices) == {
        "not_carried_out": "It is clear that actions requested by the client were not carried out",
        "incorrect_incomplete": "Incorrect or incomplete actions were taken",
        "not_informed": "Caseworker failed to keep client informed or engage with the client",
        "promise_not_kept": "Caseworkers failed to keep promises made",
        "other": "Other",
    }


@pytest.mark.proves("AMB-34")
def test_routes_and_channels_have_their_labels():
    assert Route.labels == ["Complaints Resolution", "Complaints Review", "ICE"]
    assert Channel.labels == ["Telephone", "Letter", "Email", "Online"]
