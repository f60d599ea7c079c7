"""Part 1, section by section: what is wrong is refused, what is missing may follow later (CF-29)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime

from django.core.files.base import File
from django.db import transaction

from complaints_feedback import permissions
from complaints_feedback.eligibility import (
    DISCUSSED_IN_FUTURE,
    IS_SENDER,
    RECEIVED_IN_FUTURE,
    SENDER_LEADS,
    error_in_choice,
    error_in_issue_date,
)
from complaints_feedback.lifecycle import WITH_SENDER, FormState
from complaints_feedback.models import FeedbackForm, InvolvedPerson
from complaints_feedback.parts import LETTERS
from complaints_feedback.routing import MANAGERS, POST_OF, goes_by_senior_manager, named_by_sender
from complaints_feedback.services.recipients import Named, chain_of_person, choose_area, name, refresh
from complaints_feedback.services.shared import (
    locked,
    locked_by_sender,
    person_in,
    refusal,
    require_all,
    take_over,
    tell_all,
)
from complaints_feedback.terms import Channel, Part, Route, Stage, Trigger
from contacthub.actor import Actor
from contacthub.cases.services import move, moved_on, record_event
from contacthub.documents import services as documents
from contacthub.errors import RuleBroken, require_words
from contacthub.formats import uk_day
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import UnitKind

CHOICES = ("channel", "stage")  # kept as "" while nothing is chosen


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """How the complaint came, and what the client said of it (CF-13 to CF-15)."""

    channel: Channel | None = None
    stage: Stage | None = None
    received_on: date | None = None
    client_discussed_on: date | None = None
    client_discussion: str = ""


@dataclass(frozen=True, kw_only=True)
class Cause:
    """What led to the complaint (CF-16, CF-17)."""

    triggers: Sequence[Trigger] = field(default_factory=list)
    other_trigger: str = ""
    what_happened: str = ""
    issue_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """By what the person was identified (CF-24, CF-43)."""

    master_case: str = ""
    sr_references: str = ""
    sr_notes: str = ""
    case_views: str = ""


@transaction.atomic
def save_complaint(*, form_id: int, given: Complaint, by: Actor, at: datetime) -> FeedbackForm:
    """Keep how the complaint came. Raises NotThere, MovedOn, Refused, or RuleBroken for a date that is to come."""
    form = locked_by_sender(form_id, by=by, at=at)
    today = uk_day(at)
    require_all(
        [
            RECEIVED_IN_FUTURE if given.received_on and given.received_on > today else None,
            DISCUSSED_IN_FUTURE if given.client_discussed_on and given.client_discussed_on > today else None,
        ]
    )
    return _keep(form, given)


@transaction.atomic
def save_cause(*, form_id: int, given: Cause, by: Actor, at: datetime) -> FeedbackForm:
    """Keep what led to the complaint; with another trigger, the team leader is asked again.

    Raises NotThere, MovedOn, Refused, or RuleBroken for a date that is too old (M-CF-01) or to come.
    """
    form = locked_by_sender(form_id, by=by, at=at)
    if given.issue_on:
        require_all([error_in_issue_date(given.issue_on, started_on=form.started_on, today=uk_day(at))])
    before = ({*form.triggers}, form.other_trigger)
    _keep(form, given)
    if before != ({*form.triggers}, form.other_trigger):
        _ask_anew(form, by=by, at=at)
    return form


@transaction.atomic
def save_evidence(*, form_id: int, given: Evidence, by: Actor, at: datetime) -> FeedbackForm:
    """Keep by what the person was identified. Raises NotThere, MovedOn or Refused."""
    return _keep(locked_by_sender(form_id, by=by, at=at), given)


@transaction.atomic
def save_involved(*, form_id: int, person_ids: Sequence[int], by: Actor, at: datetime) -> FeedbackForm:
    """Keep who was involved, in their order, which decides who may be chosen (CF-28).

    Raises NotThere, MovedOn, Refused, or RuleBroken where somebody stands there twice or is unknown.
    """
    form = locked_by_sender(form_id, by=by, at=at)
    if len({*person_ids}) < len(person_ids):
        raise RuleBroken("This person is in the list already", code="involved_twice", field="involved")
    if StaffMember.objects.filter(pk__in=person_ids).count() < len(person_ids):
        raise RuleBroken("Select somebody from the people directory", code="unknown_person", field="involved")
    form.involved.all().delete()
    rows = (InvolvedPerson(form=form, position=n, person_id=pk) for n, pk in enumerate(person_ids, start=1))
    InvolvedPerson.objects.bulk_create(rows)
    form.save()
    return form


@transaction.atomic
def choose_person(*, form_id: int, person_id: int, by: Actor, at: datetime) -> FeedbackForm:
    """Choose who receives the feedback: the last of those involved. Managers come from the directory (CF-25, CF-27,
    CF-30, CF-31); another person is asked for again.

    Raises NotThere, MovedOn, Refused, or RuleBroken (M-CF-02, CF-51).
    """
    form = locked_by_sender(form_id, by=by, at=at)
    require_all([error_in_choice(person_id, list(form.involved.values_list("person_id", flat=True)))])
    if person_id == form.sender_id:
        raise refusal(IS_SENDER)
    is_other = form.person_id != person_id
    if is_other:
        form.recipients.all().delete()
        form.area_reason = ""  # it was about the other person
    form.person_id = person_id
    chain = chain_of_person(form, at=at)
    refresh(form, chain, named_by_sender(Route(form.route)), at=at)
    if (leader := person_in(form, Part.TEAM_LEADER)) and leader.pk == form.sender_id:
        raise refusal(SENDER_LEADS)
    choose_area(form, chain, at=at)
    form.save()
    take_over(form, at=at)
    if is_other:
        _ask_anew(form, by=by, at=at)
    return form


@transaction.atomic
def save_letters(
    *,
    form_id: int,
    by: Actor,
    at: datetime,
    complaint_letter: File[bytes] | None = None,
    reply_letter: File[bytes] | None = None,
    call_summary: str | None = None,
) -> FeedbackForm:
    """Attach what was chosen, in place of an earlier one, and keep the summary of the call (CF-35, CF-36, CF-47).

    Raises NotThere, MovedOn, Refused, or RuleBroken for a file that is not taken.
    """
    form = locked_by_sender(form_id, by=by, at=at)
    for kind, upload in zip(LETTERS, (complaint_letter, reply_letter), strict=True):
        if upload:
            documents.attach(case=form.case, kind=kind, upload=upload, by=by, at=at)
    if call_summary is not None:
        form.call_summary = call_summary
    form.save()
    return form


@transaction.atomic
def name_manager(*, form_id: int, part: Part, named: Named, by: Actor, at: datetime) -> FeedbackForm:
    """Name who acts for a manager's post that the directory shows as vacant (Resolution); others come from it.

    Raises NotThere, MovedOn, Refused or RuleBroken.
    """
    form = locked_by_sender(form_id, by=by, at=at)
    chain = chain_of_person(form, at=at)
    if part not in MANAGERS or part not in named_by_sender(Route(form.route)):
        raise RuleBroken("This part is not named by the sender", code="not_yours_to_name", field="part")
    if holder := chain.leader(POST_OF[part]):
        raise RuleBroken(f"The people directory shows {holder}", code="not_vacant", field="staff")
    recipient = name(form, part, named, at=at)
    record_event(form, "part_named", by=by, at=at, words=f"{recipient}. {recipient.words}")
    form.save()
    return form


@transaction.atomic
def change_area(*, form_id: int, area_id: int, reason: str, by: Actor, at: datetime) -> FeedbackForm:
    """Choose another area whose senior resolution manager confirms, with a reason (AMB-30); Review and ICE only.

    The sender does, and once it is submitted the sending team leader. Raises NotThere, MovedOn, Refused or RuleBroken.
    """
    form = locked(form_id, by=by, at=at)
    if form.state not in [*WITH_SENDER, FormState.SUBMITTED]:
        raise moved_on(form)
    if form.state == FormState.SUBMITTED:
        permissions.require_sending_leader(by, form)
    else:
        permissions.require_sender(by, form)
    if not goes_by_senior_manager(Route(form.route)):
        raise RuleBroken("This form goes to its four recipients directly", code="no_area", field="area")
    require_words(reason, "Enter why another area confirms the managers", field="reason")
    area = Unit.objects.filter(pk=area_id, kind=UnitKind.AREA).first()
    if area is None:
        raise RuleBroken("Select the area", code="area_required", field="area")
    before = form.area
    form.area, form.area_reason = area, reason.strip()
    form.save()
    record_event(form, "area_changed", by=by, at=at, words=f"{area}, was {before or 'none'}. {reason.strip()}")
    return form


def _keep(form: FeedbackForm, given: Complaint | Cause | Evidence) -> FeedbackForm:
    for one in fields(given):
        value = getattr(given, one.name)
        setattr(form, one.name, "" if value is None and one.name in CHOICES else value)
    form.save()
    return form


def _ask_anew(form: FeedbackForm, *, by: Actor, at: datetime) -> None:
    """The team leader who has agreed, or is asked, hears of another person or trigger: it is asked again."""
    if form.state == FormState.AGREED:
        move(form.ask_again, by=by, at=at)
    elif form.state == FormState.AWAITING_AGREEMENT:
        form.asked_number += 1
        form.save()
        record_event(form, "part_one_changed", by=by, at=at)
    else:
        return
    words = f"{form.reference}: the person or what led to the complaint has changed. Say again if you agree"
    tell_all([form.sending_team_leader], words, form, by=by, at=at)
