"""Incidents of every row, brought to a state by the services themselves; and what tests of services see alike.

Moments are worked out by hand: 3 June 2026 is a Wednesday, 9:00 UTC is 10am in the UK, June has no bank holiday.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db.models import Model

from contacthub.actor import CLOCK, PUBLIC, Actor
from contacthub.callbacks.models import Callback, Queue
from contacthub.cases.models import Case, Event, EventWords
from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import take_step
from contacthub.deadlines.tasks import steps_due
from contacthub.mail.models import Message, Notice
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Post, Role, UnitKind
from contacthub.people.services import actor_for
from jobmatch_helpdesk import services
from jobmatch_helpdesk.intake import Intake
from jobmatch_helpdesk.lifecycle import IncidentState as State
from jobmatch_helpdesk.models import Incident, Question, Reply, ReplyTemplate
from jobmatch_helpdesk.routing import CustomerType, Source
from tests.factories import MORNING, MembershipFactory, StaffMemberFactory, UnitFactory

LATER = MORNING + timedelta(hours=1)
CUSTOMER, ADVISER, DWP_USER = "gwen@example.org", "carys@jobcentre.example", "desk@jobcentre.example"
JD_INBOX, TELFORD_INBOX = "uj@serco.example", "telford@ed.example"
NUMBER = "+441632960983"

_NO_EMAIL = {"no_email": True, "telephone": NUMBER}
_CALL = _NO_EMAIL | {"call_required": True}
# What is given on each row, as the handling strategy requires it.
FORMS: dict[str, dict[str, Any]] = {
    "R02": {"source": Source.JOBCENTRE, "customer_email": CUSTOMER},
    "R03": {"source": Source.JOBCENTRE, "customer_email": CUSTOMER, "to_adviser": True, "adviser_email": ADVISER},
    "R04": {"source": Source.JOBCENTRE, "dwp_user_email": DWP_USER, **_CALL},
    "R05": {"source": Source.JOBCENTRE, "own_problem": True, "dwp_user_email": DWP_USER},
    "R06": {"source": Source.JD, "customer_email": CUSTOMER},
    "R07": {"source": Source.JD, **_CALL},
    "R08": {"source": Source.ED, "customer_email": CUSTOMER},
    "R09": {"source": Source.ED, **_CALL},
    "R10": {"source": Source.ONLINE_EMPLOYER, "customer_email": CUSTOMER},
    "R11": {"source": Source.ONLINE_EMPLOYER, "account_from_erm": True, **_NO_EMAIL},
    "R12": {"source": Source.ONLINE_EMPLOYER, "account_from_erm": True, "no_email": True},
    "R13": {"source": Source.ONLINE_JOBSEEKER, "customer_email": CUSTOMER},
    "R14": {"source": Source.ONLINE_ANONYMOUS, "customer_email": CUSTOMER},
    "R15": {"source": Source.ONLINE_ANONYMOUS, "customer_type": CustomerType.JOBSEEKER, **_NO_EMAIL},
    "R16": {"source": Source.ONLINE_ANONYMOUS, "no_email": True},
}
RAISED_BY = {
    Source.JOBCENTRE: (Role.JOBCENTRE_ADVISER, "porth-wen"),
    Source.JD: (Role.JD_AGENT, "jd"),
    Source.ED: (Role.ED_AGENT, "ed-telford"),
}


def set_up_inboxes() -> None:
    """Set the shared addresses and a Jobcentre with its queue, as an administrator does."""
    Unit.objects.filter(code="jd").update(inbox=JD_INBOX)
    Unit.objects.filter(code="ed-telford").update(inbox=TELFORD_INBOX)
    jobcentre = UnitFactory(code="porth-wen", kind=UnitKind.JOBCENTRE)
    Queue.objects.get_or_create(code="porth-wen", unit=jobcentre, caller_words="Porth Wen makes the call")


def colleague(role: Role | None, unit: str = "", *, post: Post | str = "", **fields: Any) -> Actor:
    """Return a member of staff of this role, who works in the unit."""
    person = StaffMemberFactory(role=role, **fields)
    if unit:
        MembershipFactory(person=person, unit=Unit.objects.get(code=unit), post=post)
    return actor_for(person, on=MORNING.date())


def raiser_of(source: Source) -> Actor:
    """Return who raises from this source. The signed-in rows come from another system, which has no key yet."""
    if source in RAISED_BY:
        return colleague(*RAISED_BY[source], name="Carys Morgan")
    return PUBLIC if source == Source.ONLINE_ANONYMOUS else CLOCK


def submitted(row: str, *, by: Actor | None = None, at: datetime = MORNING, **changes: Any) -> Incident:
    """Return an incident of this row, submitted by somebody who may."""
    given = FORMS[row] | {"customer_name": "Gwen Parry", "description": "Cannot sign in"} | changes
    source = given["source"]
    if source in (Source.JOBCENTRE, Source.ED):
        given.setdefault("site_id", Unit.objects.get(code=RAISED_BY[source][1]).pk)
    return services.submit(Intake(**given), by=by or raiser_of(source), at=at)


def given_to(agent: Actor, row: str, **changes: Any) -> Incident:
    """Return an incident of this row that the agent has."""
    incident = submitted(row, **changes)
    return services.take(incident_id=incident.pk, reason="For the test", by=agent, at=MORNING)


def brought_to(state: State, agent: Actor, row: str = "R02", **changes: Any) -> Incident:
    """Return an incident that the agent has brought to this state."""
    if state == State.RECEIVED:
        return submitted(row, **changes)
    incident = given_to(agent, row, **changes)
    if state == State.AWAITING_INFORMATION:
        return services.ask(incident_id=incident.pk, text="Which browser?", by=agent, at=LATER)
    if state == State.NO_REPLY_ROUTE:
        return services.record_no_reply_route(incident_id=incident.pk, by=agent, at=LATER)
    if state in (State.RESOLVED, State.CALLBACK_PENDING, State.CLOSED):
        services.reply(incident_id=incident.pk, text="Use another browser", by=agent, at=LATER)
    if state == State.CLOSED:
        services.close(incident_id=incident.pk, by=colleague(Role.HELPDESK_LEAD), at=LATER)
    return fresh(incident)


def fresh(incident: Incident) -> Incident:
    return Incident.objects.get(pk=incident.pk)


def sweep(at: datetime) -> None:
    """Do what the clock and a worker do at this moment."""
    for pk in steps_due.find(at):
        take_step(deadline_id=pk, at=at)


def deadline(incident: Incident, kind: str) -> Deadline:
    """Return the newest deadline of the kind."""
    return Deadline.objects.filter(case=incident.case, kind=kind).latest("pk")


def told_to(actor: Actor | StaffMember) -> list[str]:
    """Return what somebody was told on the home page."""
    pk = actor.staff_id if isinstance(actor, Actor) else actor.pk
    return list(Notice.objects.filter(person_id=pk).order_by("pk").values_list("words", flat=True))


def last_event(incident: Incident) -> tuple[str, str, str, str]:
    """Return the kind, both states and the words of the newest event."""
    event = Event.objects.filter(case=incident.case).latest("pk")
    words = EventWords.objects.filter(event=event).values_list("text", flat=True).first()
    return event.kind, event.before, event.after, words or ""


WRITTEN: list[type[Model]] = [
    Case,
    Incident,
    Event,
    EventWords,
    Deadline,
    Message,
    Notice,
    Reply,
    Question,
    Callback,
    ReplyTemplate,
]


def _all_rows() -> dict[str, list[dict[str, Any]]]:
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in WRITTEN}


@contextmanager
def refused(error: type[Exception], match: str) -> Iterator[Any]:
    """See that something is refused in these words, and that nothing at all was written."""
    before = _all_rows()
    with pytest.raises(error, match=match) as broken:
        yield broken
    assert _all_rows() == before
