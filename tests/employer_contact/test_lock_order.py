"""One order of locks over contact, service request and account: no two that share two of them block each other.

A third one holds a row that both need, so that each gets as far as it can. Once that is let go, the first that waits
goes on; had it taken a row out of order, it would now wait for the second, and the second for it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import permutations
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from contacthub.actor import Actor
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import take_step
from contacthub.errors import DomainError
from employer_contact import services
from employer_contact.acts import ATTACH
from employer_contact.details import AgentDetails, EmployerDetails, details_of
from employer_contact.models import AgentLink, Contact, Employer, PayrollAgent, ScheduleLine, ServiceRequest
from employer_contact.plans import Doing
from employer_contact.security import Check, Grounds
from employer_contact.services import LineUpdate, Reported, Unknown
from tests.employer_contact.calling import caseworker, passed, to_answer
from tests.factories import (
    MORNING,
    AgentLinkFactory,
    DeoScheduleFactory,
    EmployerFactory,
    EmploymentFactory,
    PayingParentFactory,
    PayrollAgentFactory,
    ScheduleLineFactory,
)
from tests.races import WAITING, Held

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("reference")]
GETHIN = "121999700001"
NEXT_DAY = date(2026, 6, 4)


@dataclass(frozen=True)
class Situation:
    """A call that was lost and taken up again, so that its check is to pass, with three requests that are worked on;
    and a later one whose check is passed.
    """

    by: Actor
    contact: Contact
    later: Contact
    employer: Employer
    agent: PayrollAgent
    change: ServiceRequest
    remove: ServiceRequest
    lines: ServiceRequest

    def step(self, request: ServiceRequest, does: Doing) -> dict[str, Any]:
        number = request.activities.get(does=does).number
        return {"service_request_id": request.pk, "number": number, "by": self.by, "at": MORNING}


@pytest.fixture
def situation(reference) -> Situation:
    owen = caseworker()
    # Three values are held, so that the fax question, which writes a flag, is one of those asked.
    employer = EmployerFactory(email="a@b.example", fax="+441632960129", voicemail_authorised=True)
    agent = PayrollAgentFactory()
    AgentLinkFactory(employer=employer, agent=agent)
    parent = PayingParentFactory(reference=GETHIN)
    EmploymentFactory(employer=employer, paying_parent=parent)
    ScheduleLineFactory(schedule=DeoScheduleFactory(employer=employer), paying_parent=parent)
    contact = passed(employer, by=owen)
    wanted = {
        "update_details": "UPDATE_EMPLOYER",
        "change_agent": "REMOVE_AGENT",
        "change_single": "DEO_UPDATE_INDIVIDUAL",
    }
    services.choose_reasons(contact_id=contact.pk, reasons=[*wanted], by=owen, at=MORNING)
    made = []
    for reason, kind in wanted.items():
        details = services.Details(paying_parents=(GETHIN,) if reason == "change_single" else ())
        given = {"reason": reason, "kind": kind, "details": details}
        request = services.create_sr(contact_id=contact.pk, **given, by=owen, at=MORNING)
        for step in request.activities.filter(does=Doing.CONFIRM):
            services.complete_step(service_request_id=request.pk, number=step.number, words="Yes", by=owen, at=MORNING)
        made.append(request)
    services.lose_call(contact_id=contact.pk, by=owen, at=MORNING)
    services.resume_call(contact_id=contact.pk, by=owen, at=MORNING)
    return Situation(owen, contact, passed(employer, by=owen), employer, agent, *made)


def pass_check(on: Situation) -> Callable[[], Any]:
    """The contact, then the employer, for its fax flag."""
    answers = dict.fromkeys(to_answer(on.contact), "correct")
    given = {"contact_id": on.contact.pk, "answers": answers, "prefers_fax": True}
    return lambda: services.answer_questions(**given, by=on.by, at=MORNING)


def fail_check(on: Situation) -> Callable[[], Any]:
    """The contact, then the employer, to count its failures."""
    given = {"contact_id": on.contact.pk, "answers": {}, "gives_up": True}
    return lambda: services.answer_questions(**given, by=on.by, at=MORNING)


def change_details(on: Situation) -> Callable[[], Any]:
    """The contact, the request, then the employer."""
    seen = details_of(on.employer, EmployerDetails)
    given = on.step(on.change, Doing.CHANGE_EMPLOYER) | {"seen": seen, "details": replace(seen, pay_day=26)}
    return lambda: services.change_employer_step(**given)


def change_lines(on: Situation) -> Callable[[], Any]:
    """The contact, the request, the employer, then schedule, lines and follow-ups."""
    update = LineUpdate(ScheduleLine.objects.get().pk, Reported(), Reported("left", date(2026, 6, 7)))
    unknown = [Unknown("Una Rey", "left", date(2026, 6, 1))]
    given = on.step(on.lines, Doing.UPDATE_LINES) | {"updates": [update], "unknown": unknown}
    return lambda: services.update_lines_step(**given)


def end_link(on: Situation) -> Callable[[], Any]:
    """The contact, the request, the employer, the agent, then the link."""
    link = AgentLink.objects.get(agent=on.agent)
    given = on.step(on.remove, Doing.END_LINK) | {"link_id": link.pk, "ends_on": NEXT_DAY}
    return lambda: services.end_link_step(**given)


def link_again(on: Situation) -> Callable[[], Any]:
    """A request, the employer, then the agent, who was linked already: that is refused once all are locked."""
    given = {"employer_id": on.employer.pk, "agent_id": on.agent.pk, "starts_on": NEXT_DAY}
    grounds = Grounds(on.change.pk, Check.PASSED)
    return lambda: services.link_agent(**given, grounds=grounds, by=on.by, at=MORNING)


def change_agent(on: Situation) -> Callable[[], Any]:
    """A request, then the agent."""
    seen = details_of(on.agent, AgentDetails)
    given = {"agent_id": on.agent.pk, "seen": seen, "details": replace(seen, name="Pelham Payroll Ltd")}
    grounds = Grounds(on.remove.pk, Check.PASSED)
    return lambda: services.update_agent(**given, grounds=grounds, by=on.by, at=MORNING)


def raise_further(on: Situation) -> Callable[[], Any]:
    """The contact, then the request out of which it is raised."""
    given = {"service_request_id": on.change.pk, "kind": "STATEMENT"}
    return lambda: services.raise_further(**given, by=on.by, at=MORNING)


def cancel(on: Situation) -> Callable[[], Any]:
    """The contact, the request, then its clock."""
    given = {"service_request_id": on.change.pk, "reason": "Not wanted"}
    return lambda: services.cancel(**given, by=on.by, at=MORNING)


def attach(on: Situation) -> Callable[[], Any]:
    """The later contact, then the request."""
    given = {"contact_id": on.later.pk, "service_request": on.change.reference}
    return lambda: services.attach_to_request(**given, by=on.by, at=MORNING)


def attach_with_notes(on: Situation) -> Callable[[], Any]:
    """As the button of a page does it: the later contact for its notes, then the request."""
    given = {"contact_id": on.later.pk, "service_request": on.change.reference, "reason": ""}
    noted = {"caller_name": "", "notes": "Asks again", "notes_seen": ""}
    return lambda: ATTACH.service(**given, **noted, by=on.by, at=MORNING)


def overdue(on: Situation) -> Callable[[], Any]:
    """The request, then its clock."""
    deadline = on.change.case.deadlines.get(kind="due")
    return lambda: take_step(deadline_id=deadline.pk, at=deadline.due_at)


Gate = tuple[Callable[[Situation], QuerySet[Any]], list[Callable[[Situation], Callable[[], Any]]]]
# Each row that is locked after another, and who locks it.
GATES: dict[str, Gate] = {
    "request": (
        lambda on: ServiceRequest.objects.filter(pk=on.change.pk),
        [change_details, link_again, raise_further, cancel, attach, attach_with_notes, overdue],
    ),
    "employer": (
        lambda on: Employer.objects.filter(pk=on.employer.pk),
        [pass_check, fail_check, change_details, change_lines, end_link, link_again],
    ),
    "agent": (lambda on: PayrollAgent.objects.filter(pk=on.agent.pk), [end_link, link_again, change_agent]),
    "clock": (lambda on: Deadline.objects.filter(case=on.change.pk), [cancel, overdue]),
}
WORK = list(dict.fromkeys(work for _, works in GATES.values() for work in works))


class Undone(Exception):
    """What was done is taken back, so that the next two find everything as it was."""


def undone(call: Callable[[], Any]) -> None:
    call()
    raise Undone


def wait_until_stuck(held: list[Held]) -> None:
    """Return once each has ended or waits for a lock."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0] >= sum(not one.done.is_set() for one in held):
                return
        time.sleep(0.005)
    raise AssertionError("Somebody neither ends nor waits")


def meet(gate: QuerySet[Any], first: Callable[[], Any], second: Callable[[], Any]) -> list[str]:
    """Let both get as far as they can, open the gate, and return what the database said of those that it ended."""
    holder = Held(lambda: list(gate.order_by("pk").select_for_update(of=("self",), no_key=True)))
    holder.done.wait(5)
    both: list[Held] = []
    for call in (first, second):
        both.append(Held(partial(undone, call)))
        wait_until_stuck(both)
    holder.commit()
    for held in both:
        held.commit()
    return [str(held.error) for held in both if not isinstance(held.error, (Undone, DomainError))]


@pytest.mark.parametrize("gate", GATES)
def test_no_two_that_share_a_contact_a_request_or_an_account_block_each_other(situation, gate):
    row, works = GATES[gate]
    calls = {work.__name__: work(situation) for work in works}

    stuck = {
        (first, second): errors
        for first, second in permutations(calls, 2)
        if (errors := meet(row(situation), calls[first], calls[second]))
    }

    assert stuck == {}


def test_each_of_them_does_its_work_where_nobody_else_is(situation):
    """What is refused before it locks anything would prove nothing above."""
    ended = {}
    for work in WORK:
        held = Held(partial(undone, work(situation)))
        held.commit()
        ended[work.__name__] = getattr(held.error, "code", type(held.error).__name__)

    assert ended == {work.__name__: "Undone" for work in WORK} | {"link_again": "linked_already"}
