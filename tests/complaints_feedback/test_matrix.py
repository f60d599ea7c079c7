"""Each cell of the permission matrix on the services, copied from the procedure by hand; and what the mail carries."""

from __future__ import annotations

from datetime import date, timedelta
from inspect import signature

import pytest
from django.db import transaction

from complaints_feedback import services
from complaints_feedback.coaching import Development, Discussion, Outcome
from complaints_feedback.lifecycle import FormState as State
from complaints_feedback.models import DevelopmentPlan, PartTwo, PersonalFileEntry
from complaints_feedback.routing import MANAGERS
from complaints_feedback.services import Cause, Complaint, Evidence, Named
from complaints_feedback.terms import Part, Route
from contacthub.errors import NotThere, Refused, RuleBroken
from contacthub.mail.models import Message
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from tests.complaints_feedback.people import (
    COLLEAGUE,
    COLUMNS,
    HOLDER,
    RECEIVING,
    SENDER,
    SENDING,
    SENIOR,
    actor,
    everybody,
    form_of,
)
from tests.complaints_feedback.situations import DISCUSSED, DISCUSSION, DONE, OUTCOME, fresh, works
from tests.factories import MORNING, StaffMemberFactory

pytestmark = pytest.mark.django_db
TODAY, LATER = date(2026, 6, 3), MORNING + timedelta(hours=3)
CONFIRMED = {part: Named(1) for part in MANAGERS}

# What is done, in which state it may be done, by whom, and with what.
CELLS = {
    "fill part 1: the complaint": (services.save_complaint, State.DRAFT, {SENDER}, {"given": Complaint()}),
    "fill part 1: the trigger": (services.save_cause, State.AGREED, {SENDER}, {"given": Cause()}),
    "fill part 1: who was involved": (services.save_involved, State.DRAFT, {SENDER}, {"person_ids": []}),
    "fill part 1: the person": (services.choose_person, State.DRAFT, {SENDER}, {"person_id": 0}),
    "fill part 1: the evidence": (services.save_evidence, State.DRAFT, {SENDER}, {"given": Evidence()}),
    "fill part 1: the letters": (services.save_letters, State.DRAFT, {SENDER}, {}),
    "fill part 1: a vacant post": (
        services.name_manager, State.DRAFT, {SENDER}, {"part": Part.AREA_MANAGER, "named": Named(1)},
    ),
    "fill part 1: the area": (services.change_area, State.AGREED, {SENDER}, {"area_id": 0, "reason": ""}),
    "change the area of what is checked": (
        services.change_area, State.SUBMITTED, {SENDING}, {"area_id": 0, "reason": ""},
    ),
    "end it without feedback": (services.record_no_feedback, State.DRAFT, {SENDER}, {"reason": "None"}),
    "end it as too old": (services.end_as_too_old, State.AGREED, {SENDER}, {"issue_on": TODAY}),
    "ask the team leader": (services.ask, State.DRAFT, {SENDER}, {}),
    "agree": (services.agree, State.AWAITING_AGREEMENT, {SENDING}, {"asked_number": 0}),
    "refuse": (services.refuse, State.AWAITING_AGREEMENT, {SENDING}, {"asked_number": 0, "reason": "No"}),
    "submit": (services.submit, State.AGREED, {SENDER}, {}),
    "check and send": (services.send, State.SUBMITTED, {SENDING}, {}),
    "return it": (services.return_for_correction, State.SUBMITTED, {SENDING}, {"reason": "Why?"}),
    "confirm managers and send": (
        services.confirm_and_send, State.WITH_SENIOR_MANAGER, {SENIOR, HOLDER}, {"managers": CONFIRMED},
    ),
    "re-address": (services.readdress, State.DELIVERED, {SENDING, SENIOR, HOLDER}, {}),
    "name a responsible manager": (
        services.name_responsible, State.DELIVERED, {SENDING, SENIOR, HOLDER}, {"named": Named(1)},
    ),
    "withdraw a draft": (services.withdraw, State.DRAFT, {SENDER, SENDING}, {"reason": "Twice"}),
    "withdraw": (services.withdraw, State.DELIVERED, {SENDING}, {"reason": "Twice"}),
    "save part 2": (services.save_part_two, State.DELIVERED, {RECEIVING}, {"given": Outcome()}),
    "record the discussion": (services.record_discussion, State.DELIVERED, {RECEIVING}, {"given": Discussion()}),
    "make a development plan": (services.open_plan, State.DISCUSSED, {RECEIVING}, {"words": "Shadow"}),
    "say what is to be developed": (
        services.plan_development, State.DISCUSSED, {RECEIVING}, {"given": Development(), "words": "Shadow"},
    ),
    "complete part 2": (services.complete_part_two, State.DISCUSSED, {RECEIVING}, {"given": Outcome()}),
    "send a copy again": (services.resend_copy, State.CLOSED, {RECEIVING}, {"part": Part.AREA_MANAGER}),
}  # fmt: skip


def is_let(act) -> bool:
    """Say if somebody may do it: what a rule of the procedure then refuses is another matter."""
    try:
        with transaction.atomic():
            act()
            transaction.set_rollback(True)
    except RuleBroken:
        return True
    except (NotThere, Refused):
        return False
    return True


@pytest.mark.proves("CF-02", "CF-22", "CF-33", "CF-37", "CF-40", "CF-42", "CF-50")
@pytest.mark.parametrize("cell", CELLS)
def test_who_may_do_what_with_a_form_and_nobody_else(cell):
    service, state, allowed, given = CELLS[cell]
    people = everybody()
    form = form_of(people, state)
    if state == State.DISCUSSED:
        PartTwo.objects.create(form=form, discussed_at=LATER)

    def does(column):
        return lambda: service(form_id=form.pk, by=actor(people[column]), at=LATER, **given)

    assert {column for column in COLUMNS if is_let(does(column))} == allowed


@pytest.mark.proves("CF-02")
def test_who_may_start_a_form_and_nobody_else():
    people = everybody()

    def starts(column):
        given = {"complaint_reference": "RSP-1", "route": Route.REVIEW, "by": actor(people[column]), "at": MORNING}
        return lambda: services.start(**given)

    assert {column for column in COLUMNS if is_let(starts(column))} == {SENDER, COLLEAGUE}


def test_every_service_of_a_form_has_its_cell():
    elsewhere = {"start", "close_plan", "open_file_entry", "print_form", "missing_to_send"}
    named = [getattr(services, name) for name in services.__all__ if name[0].islower()]
    written = {service.__name__ for service in named if "by" in signature(service).parameters}

    assert {service.__name__ for service, *_ in CELLS.values()} == written - elsewhere


IN_LINE = {"person", "receiver", "their_manager", "area_manager", "head"}


def house(world) -> dict[str, StaffMember]:
    """Return everybody, and somebody of each role that has to do with no form."""
    world.administrator = StaffMemberFactory(role=Role.ADMINISTRATOR)
    world.integrator = StaffMemberFactory(role=Role.INTEGRATOR)
    world.other_leader = works("Olga Tern", world.units["mersey"], "team_leader")
    return {name: value for name, value in vars(world).items() if isinstance(value, StaffMember)}


@pytest.mark.proves("CF-42")
def test_who_opens_the_personal_file_and_nobody_else(world):
    world.closed()
    entry = PersonalFileEntry.objects.get()

    def opens(person):
        return lambda: services.open_file_entry(entry_id=entry.pk, by=actor(person), at=DONE)

    assert {name for name, person in house(world).items() if is_let(opens(person))} == IN_LINE


@pytest.mark.proves("CF-04")
def test_who_closes_a_development_plan_and_nobody_else(world):
    form = world.discussed()
    plan = services.open_plan(form_id=form.pk, words="Shadow", by=actor(world.receiver), at=DISCUSSED)
    given = {"plan_id": plan.pk, "done_on": TODAY, "words": "Done", "at": DONE}

    def closes(person):
        return lambda: services.close_plan(by=actor(person), **given)

    assert {name for name, person in house(world).items() if is_let(closes(person))} == {"receiver"}
    assert DevelopmentPlan.objects.get().is_open, "each of them only tried"


@pytest.mark.proves("CF-34", "CF-36", "CF-37", "CF-10", "CF-42", "CF-48")
@pytest.mark.parametrize("route", [Route.RESOLUTION, Route.REVIEW])
def test_what_mail_carries_to_whom_and_to_nobody_else(world, route):
    form = world.delivered(route)
    theirs = {"form_id": form.pk, "by": actor(world.receiver)}
    services.record_discussion(given=DISCUSSION, at=DISCUSSED, **theirs)
    services.complete_part_two(given=OUTCOME, at=DONE, **theirs)

    carried: dict[str, list[list[str]]] = {}
    for message in Message.objects.filter(mailbox__code="feedback").order_by("pk"):
        kinds = message.attachments.order_by("pk").values_list("document__kind", flat=True)
        carried.setdefault(message.to, []).append([*kinds])

    part_one, copy = ["form", "complaint_letter", "reply_letter"], ["form_copy"]
    by_senior = {world.senior.email: [part_one]} if route == Route.REVIEW else {}
    managers = {person.email: [part_one, copy] for person in world.four[1:]}
    assert carried == {world.receiver.email: [part_one], **managers, **by_senior}
    assert fresh(form).state == State.CLOSED
