"""When feedback may be given, to whom, and what a form lacks before it goes on: rules over plain data."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from complaints_feedback.routing import named_by_sender
from complaints_feedback.terms import Broken, Channel, Part, Route, Stage, Trigger

LIMIT_IN_MONTHS = 6
TOO_OLD = Broken("too_old", "issue_on", "The issue happened more than six months ago, so feedback cannot be given")
IN_FUTURE = Broken("in_future", "issue_on", "Date of the issue must be today or in the past")
NO_DATE = Broken("issue_date_required", "issue_on", "Enter the date of the issue")
NO_TRIGGER = Broken("trigger_required", "triggers", "Select what led to the complaint")
NO_OTHER_WORDS = Broken("other_trigger_required", "other_trigger", "Enter what led to the complaint")
NOBODY_TO_LEAD = Broken(
    "person_first", Part.TEAM_LEADER, "First select the person: the people directory shows who leads them"
)
NO_PERSON = Broken("person_required", "person", "Select the person who should receive the feedback")
NOBODY_INVOLVED = Broken("involved_required", "involved", "Add the people involved, in the order they were involved")
NOT_THE_LAST = Broken(
    "not_the_last", "person", "Feedback goes only to the last person who could have stopped the complaint escalating"
)
IS_SENDER = Broken("is_sender", "person", "Select somebody else: nobody sends feedback to themselves")
SENDER_LEADS = Broken(
    "sender_leads_person", "person", "You lead this person. Ask a colleague of your team to send the feedback"
)
NOBODY_AGREES = Broken(
    "no_sending_leader",
    "person",
    "Nobody can act as your team leader for this form. Ask an administrator to put the people directory right",
)
NOT_DIFFERENT = Broken(
    "same_person", "staff", "Name somebody else: they have another part in this form, and nobody acts twice on one"
)
NO_COMPLAINT_LETTER = Broken(
    "complaint_letter_required",
    "complaint_letter",
    "Select the complaint letter, or say that the complaint was made by telephone",
)
NO_REPLY_LETTER = Broken("reply_letter_required", "reply_letter", "Select the reply sent to the client")
NO_CALL_SUMMARY = Broken("call_summary_required", "call_summary", "Enter a summary of the call")
RECEIVED_IN_FUTURE = Broken(
    "received_in_future", "received_on", "Date the complaint was received must be today or in the past"
)
DISCUSSED_IN_FUTURE = Broken(
    "client_discussed_in_future", "client_discussed_on", "Date you discussed it must be today or in the past"
)


def earliest_date_of_issue(started_on: date) -> date:
    """Return the oldest issue that a form started on this day may be about: six calendar months back, that day included
    (CF-18, AMB-27).

    The day is clipped to the end of a shorter month: 31 August goes back to 28 or 29 February.
    """
    months = started_on.year * 12 + started_on.month - 1 - LIMIT_IN_MONTHS
    year, month = months // 12, months % 12 + 1
    return date(year, month, min(started_on.day, monthrange(year, month)[1]))


def error_in_issue_date(issue_on: date | None, *, started_on: date, today: date) -> Broken | None:
    """Say what is wrong with the date of the issue; the day the form was started is fixed, so that time taken to
    check it makes nothing too old.
    """
    if issue_on is None:
        return NO_DATE
    if issue_on > today:
        return IN_FUTURE
    return TOO_OLD if issue_on < earliest_date_of_issue(started_on) else None


def error_in_choice(person: int | None, involved: Sequence[int]) -> Broken | None:
    """Say why this person is not the one: only the last of those involved, in their order, may be (CF-27, CF-28)."""
    if person is None:
        return NO_PERSON
    if not involved:
        return NOBODY_INVOLVED
    return None if involved[-1] == person else NOT_THE_LAST


def acting_team_leader(
    *, sender: int, leaders: Sequence[int | None], person: int | None, receiving_leader: int | None
) -> int | None:
    """Return who acts as the sending team leader: the first of these leaders of the sender, who are the team leader and
    then the workgroup manager, that has no other part in the form (CF-51). None where nobody can.
    """
    taken = {sender, person, receiving_leader}
    return next((leader for leader in leaders if leader is not None and leader not in taken), None)


def errors_in_people(
    *, sender: int, sending_leader: int | None, person: int | None, receiving_leader: int | None
) -> list[Broken]:
    """Say where sender, sending team leader, receiving team leader and the person are not four people (CF-51)."""
    if person is not None and person == sender:
        return [IS_SENDER]
    if receiving_leader is not None and receiving_leader == sender:
        return [SENDER_LEADS]
    if sending_leader is None:
        return [NOBODY_AGREES]
    taken = [sender, sending_leader, *(one for one in (person, receiving_leader) if one is not None)]
    return [NOT_DIFFERENT] if len(set(taken)) < len(taken) else []


@dataclass(frozen=True, kw_only=True)
class PartOne:
    """What stands in part 1, as the rules ask about it; text that was not given is "".

    People are ids of staff. `parts` has who was named for each part, from the directory or with words; `has_leader`
    says if the directory shows a team leader of the person at all (CF-50).
    """

    route: Route
    started_on: date
    sender: int
    sending_leader: int | None = None
    channel: Channel | None = None
    stage: Stage | None = None
    received_on: date | None = None
    client_discussed_on: date | None = None
    client_discussion: str = ""
    triggers: Collection[Trigger] = ()
    other_trigger: str = ""
    what_happened: str = ""
    issue_on: date | None = None
    involved: Sequence[int] = ()
    person: int | None = None
    master_case: str = ""
    evidence: Sequence[str] = ()
    call_summary: str = ""
    has_complaint_letter: bool = False
    has_reply_letter: bool = False
    parts: Mapping[Part, int] = field(default_factory=dict)
    has_leader: bool = True


def missing_before_ask(part_one: PartOne, *, today: date) -> list[Broken]:
    """Return what must be put right before the team leader is asked: triggers, date of issue, person (CF-22)."""
    found = [*_errors_in_triggers(part_one.triggers, part_one.other_trigger)]
    found += _some(error_in_issue_date(part_one.issue_on, started_on=part_one.started_on, today=today))
    if part_one.person is None:
        return [*found, NO_PERSON]
    if part_one.involved:
        found += _some(error_in_choice(part_one.person, part_one.involved))
    return found + errors_in_people(
        sender=part_one.sender,
        sending_leader=part_one.sending_leader,
        person=part_one.person,
        receiving_leader=part_one.parts.get(Part.TEAM_LEADER),
    )


def missing_before_submit(part_one: PartOne, *, today: date) -> list[Broken]:
    """Return what must be put right before the form goes to the sending team leader, in the order of its sections:
    all fields (CF-29), letters or call summary (CF-35, CF-36, CF-47), and who is sent it (CF-30, CF-31, CF-50).
    """
    asked = missing_before_ask(part_one, today=today)
    choice = [] if part_one.person is None or part_one.involved else [NOBODY_INVOLVED]
    parts = errors_in_parts(part_one.route, part_one.parts, has_leader=part_one.has_leader)
    if part_one.person is None:
        parts = [NOBODY_TO_LEAD]  # the directory cannot say who leads nobody
    return [
        *_errors_in_complaint(part_one, today),
        *asked,
        *choice,
        *_errors_in_evidence(part_one),
        *errors_in_letters(
            part_one.channel,
            has_complaint_letter=part_one.has_complaint_letter,
            has_reply_letter=part_one.has_reply_letter,
            call_summary=part_one.call_summary,
        ),
        *parts,
    ]


def errors_in_letters(
    channel: Channel | None, *, has_complaint_letter: bool, has_reply_letter: bool, call_summary: str
) -> list[Broken]:
    """Say which letter is missing; a complaint made by telephone has a summary of the call in place of one (CF-47)."""
    by_telephone = channel is Channel.TELEPHONE
    found = []
    if by_telephone and not call_summary.strip():
        found.append(NO_CALL_SUMMARY)
    if not by_telephone and not has_complaint_letter:
        found.append(NO_COMPLAINT_LETTER)
    return found if has_reply_letter else [*found, NO_REPLY_LETTER]


def errors_in_parts(route: Route, parts: Mapping[Part, int], *, has_leader: bool) -> list[Broken]:
    """Say who is not named yet; without a team leader in the directory the form may go on all the same (CF-50)."""
    missing = [part for part in named_by_sender(route) if part not in parts]
    if not has_leader:
        missing = [part for part in missing if part is not Part.TEAM_LEADER]
    return [nobody_named(part) for part in missing]


def nobody_named(part: Part) -> Broken:
    """Return what is said where nobody is named for a part in the form."""
    if part is Part.TEAM_LEADER:
        words = "The people directory shows no team leader. Name the manager who is responsible"
    else:
        words = f"The people directory shows no {part.label[0].lower()}{part.label[1:]}. Name who acts for the post"
    return Broken(f"{part.value}_required", part.value, words)


def _errors_in_complaint(part_one: PartOne, today: date) -> Iterator[Broken]:
    if part_one.received_on is None:
        yield Broken("received_on_required", "received_on", "Enter the date the complaint was received")
    elif part_one.received_on > today:
        yield RECEIVED_IN_FUTURE
    if part_one.channel is None:
        yield Broken("channel_required", "channel", "Select how the complaint was made")
    if part_one.stage is None:
        yield Broken("stage_required", "stage", "Select if this is the first complaint about the issue")
    if part_one.client_discussed_on and part_one.client_discussed_on > today:
        yield DISCUSSED_IN_FUTURE
    if not part_one.client_discussion.strip():
        yield Broken(
            "client_discussion_required",
            "client_discussion",
            "Enter what the client said, or why you have not discussed the complaint with them",
        )
    if not part_one.what_happened.strip():
        yield Broken("what_happened_required", "what_happened", "Enter what happened")


def _errors_in_triggers(triggers: Collection[Trigger], other_trigger: str) -> Iterator[Broken]:
    if not triggers:
        yield NO_TRIGGER
    if Trigger.OTHER in triggers and not other_trigger.strip():
        yield NO_OTHER_WORDS


def _errors_in_evidence(part_one: PartOne) -> Iterator[Broken]:
    if not part_one.master_case.strip():
        yield Broken("master_case_required", "master_case", "Enter the master case number")
    if not any(words.strip() for words in part_one.evidence):
        yield Broken(
            "evidence_required", "sr_references", "Enter the service requests, notes or case views that show who it was"
        )


def _some(broken: Broken | None) -> list[Broken]:
    return [] if broken is None else [broken]
