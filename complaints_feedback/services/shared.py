"""What the services of a form ask and do alike."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from complaints_feedback import permissions
from complaints_feedback.eligibility import NO_PERSON, PartOne, acting_team_leader
from complaints_feedback.lifecycle import HAS_SENDING_LEADER, WITH_SENDER, FormState
from complaints_feedback.models import FeedbackForm
from complaints_feedback.parts import COMPLAINT_LETTER, REPLY_LETTER, letters_of
from complaints_feedback.terms import Broken, Channel, Part, Route, Stage, Trigger
from contacthub.actor import CLOCK, Actor
from contacthub.cases.services import moved_on, record_event
from contacthub.deadlines.services import drop
from contacthub.errors import RuleBroken, require_unbroken
from contacthub.formats import uk_day
from contacthub.mail.services import tell
from contacthub.people.directory import Chain, chain_of, leader_of_last_team
from contacthub.people.models import StaffMember

DISCUSSION = "discussion"  # the 48 hours
DAILY_CHECK = "daily_check"  # a day later the people directory is asked again who leads the sender


def locked(form_id: int, *, by: Actor, at: datetime) -> FeedbackForm:
    """Return the form, locked, with the sending team leader of the day. Raises NotThere."""
    form = FeedbackForm.objects.locked(by, pk=form_id)
    take_over(form, at=at)
    return form


def locked_by_sender(form_id: int, *, by: Actor, at: datetime) -> FeedbackForm:
    """Return the form, locked, for its sender to fill in. Raises NotThere, MovedOn once submitted, or Refused."""
    form = locked(form_id, by=by, at=at)
    if form.state not in WITH_SENDER:
        raise moved_on(form)
    permissions.require_sender(by, form)
    return form


def take_over(form: FeedbackForm, *, at: datetime) -> None:
    """Let the team leader of the day act for the sender: who leads their team, where they have left us that of their
    last, else the workgroup manager, and nobody who has another part in the form (CF-51).

    An agreement that was given stands. Where nobody can act, it stays with who has it.
    """
    if form.state not in HAS_SENDING_LEADER:
        return
    chain = chain_of(form.sender, on=uk_day(at))
    acting = acting_leader(form, chain, at=at)
    team_id = chain.team.pk if chain.team else form.sender_team_id
    if acting in (None, form.sending_team_leader_id) and team_id == form.sender_team_id:
        return
    before = form.sending_team_leader
    form.sender_team_id = team_id
    if acting is not None:
        form.sending_team_leader_id = acting
    form.save()
    if form.state != FormState.DRAFT and before != form.sending_team_leader:
        words = f"{form.sending_team_leader}, was {before}"
        record_event(form, "sending_leader_changed", by=CLOCK, at=at, words=words)
        tell_all([form.sending_team_leader], f"{form.reference}: you act as its sending team leader now", form, at=at)


def acting_leader(form: FeedbackForm, chain: Chain, *, at: datetime) -> int | None:
    """Return who acts as the sending team leader by this chain of the sender; None where nobody can."""
    leader = chain.team_leader
    if not form.sender.is_active_on(uk_day(at)):
        leader = leader_of_last_team(form.sender, on=uk_day(at))
    leaders = [one.pk if one else None for one in (leader, chain.workgroup_manager)]
    receiver = form.recipients.filter(part=Part.TEAM_LEADER).values_list("person_id", flat=True).first()
    return acting_team_leader(sender=form.sender_id, leaders=leaders, person=form.person_id, receiving_leader=receiver)


def facts_of(form: FeedbackForm, *, has_leader: bool = True) -> PartOne:
    """Return part 1 as the rules ask about it; `has_leader` as the directory shows it."""
    letters = letters_of(form)
    return PartOne(
        route=Route(form.route),
        started_on=form.started_on,
        sender=form.sender_id,
        sending_leader=form.sending_team_leader_id,
        channel=Channel(form.channel) if form.channel else None,
        stage=Stage(form.stage) if form.stage else None,
        received_on=form.received_on,
        client_discussed_on=form.client_discussed_on,
        client_discussion=form.client_discussion,
        triggers=[Trigger(each) for each in form.triggers],
        other_trigger=form.other_trigger,
        what_happened=form.what_happened,
        issue_on=form.issue_on,
        involved=list(form.involved.values_list("person_id", flat=True)),
        person=form.person_id,
        master_case=form.master_case,
        evidence=[form.sr_references, form.sr_notes, form.case_views],
        call_summary=form.call_summary,
        has_complaint_letter=COMPLAINT_LETTER in letters and letters[COMPLAINT_LETTER].is_clean,
        has_reply_letter=REPLY_LETTER in letters and letters[REPLY_LETTER].is_clean,
        parts={Part(part): person for part, person in form.recipients.values_list("part", "person_id")},
        has_leader=has_leader,
    )


def require_all(broken: Iterable[Broken | None]) -> None:
    """Raise the rules that do not hold as one RuleBroken, if any does not."""
    require_unbroken(*(refusal(each) for each in broken if each is not None))


def refusal(broken: Broken) -> RuleBroken:
    return RuleBroken(broken.words, code=broken.code, field=broken.field)


def staff_member(person_id: int, *, field: str, at: datetime) -> StaffMember:
    """Return who is named. Raises RuleBroken where there is nobody, or they do not work for us that day."""
    person = StaffMember.objects.filter(pk=person_id).first()
    if person is None or not person.is_active_on(uk_day(at)):
        raise RuleBroken("Select somebody who works for us today", code="not_active", field=field)
    return person


def tell_all(
    people: Iterable[StaffMember | None],
    words: str,
    form: FeedbackForm,
    *,
    by: Actor = CLOCK,
    at: datetime,
    in_digest: bool = False,
) -> None:
    """Tell each of them once, but for who did it; `in_digest`, by email as well with what else they are told then."""
    for person in {person.pk: person for person in people if person}.values():
        if person.pk != by.staff_id:
            tell(person, words=words, case=form.case, at=at, in_digest=in_digest)


def person_in(form: FeedbackForm, part: Part) -> StaffMember | None:
    """Return who has this part in the form now."""
    found = form.recipients.filter(part=part).select_related("person").first()
    return found.person if found else None


def person_of(form: FeedbackForm) -> StaffMember:
    """Return whom the feedback is for. Raises RuleBroken where nobody is chosen yet."""
    if form.person is None:
        raise refusal(NO_PERSON)
    return form.person


def stop_clocks(form: FeedbackForm, *, at: datetime) -> None:
    """Nothing more is due for a form that has ended; the caller has saved it."""
    drop(case=form.case, kind=DISCUSSION, at=at)
    drop(case=form.case, kind=DAILY_CHECK, at=at)
