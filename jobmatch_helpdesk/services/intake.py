from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from django.db import transaction

from contacthub.actor import Actor
from contacthub.cases.services import open_case, record_event
from contacthub.errors import NotSetUp, RuleBroken, require_unbroken
from contacthub.mail.services import queue_email
from jobmatch_helpdesk import permissions
from jobmatch_helpdesk.intake import Error, Intake, errors_in, missing_for_staff
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import FIRST_REPLY, STAFF_SOURCES, Band, Channel
from jobmatch_helpdesk.services.escalating import by_telephone, on_record, raise_alarm
from jobmatch_helpdesk.services.shared import MAILBOX, first_reply_due, set_up_for


def submit(intake: Intake, *, by: Actor, at: datetime) -> Incident:
    """Receive what somebody told the Helpdesk, route it and acknowledge it (UJ-10, UJ-25, UJ-30). `at` is in UTC.

    Raises Refused, or RuleBroken with every error that keeps it from being an incident.
    """
    permissions.require_can_raise(by, intake.source)
    _require_none(errors_in(intake, set_up=set_up_for(intake)))
    return _receive(intake, by=by, at=at)


def submit_for(intake: Intake, *, by: Actor, at: datetime) -> Incident:
    """Receive what a machine tells for somebody else, who is named: what the staff form asks is asked too.

    Raises as `submit` does.
    """
    permissions.require_can_raise(by, intake.source)
    permissions.require_can_mark_risk(by, intake)
    asked = missing_for_staff(intake, names_raiser=True) if intake.source in STAFF_SOURCES else []
    named = {error.field for error in asked}
    told = errors_in(intake, set_up=set_up_for(intake))
    _require_none([*asked, *(error for error in told if error.field not in named)])
    return _receive(intake, by=by, at=at)


# No savepoint: nothing is refused from here on, and whoever holds a transaction gives it up with what breaks here.
@transaction.atomic(savepoint=False)
def _receive(intake: Intake, *, by: Actor, at: datetime) -> Incident:
    route = intake.route
    is_escalated = route.band == Band.IMMEDIATE
    case = open_case(Incident)
    incident = Incident.objects.create(
        case=case,
        **_facts(intake),
        raised_by_id=by.staff_id,
        escalated_at=at if is_escalated else None,
        received_at=at,
        due_at=first_reply_due(case, route.band, at=at),
    )
    words = f"Routed {incident.row}, band {route.band.label}, reply due in {FIRST_REPLY[route.band]}"
    record_event(incident, "submitted", by=by, at=at, after=incident.state, words=words)
    if is_escalated:
        record_event(incident, "escalated", by=by, at=at, words=_risk(intake, at))
        raise_alarm(incident, at=at)
    _acknowledge(incident, by=by, at=at)
    return incident


def _require_none(errors: list[Error]) -> None:
    require_unbroken(*(RuleBroken(error.words, code=error.code, field=error.field) for error in errors))


def _risk(intake: Intake, at: datetime) -> str:
    rang = intake.channel == Channel.TELEPHONE
    how = by_telephone(intake.raiser_name, at) if rang else Channel(intake.channel).label
    return on_record(how, intake.risk_kind, intake.escalation_reason)


def as_incident(intake: Intake) -> Incident:
    """Return the incident that this would become, not saved: for pages that show what would happen with it."""
    return Incident(**_facts(intake))


def _facts(intake: Intake) -> dict[str, Any]:
    route = intake.route
    return {
        "source": intake.source,
        "channel": intake.channel,
        "row": route.row.number,
        "band": route.band,
        "site_id": intake.site_id,
        "raiser_name": intake.raiser_name,
        "raiser_email": intake.raiser_email,
        "customer_type": intake.customer_type or "",
        "customer_name": intake.customer_name,
        "customer_email": intake.customer_email,
        "no_email": intake.no_email,
        "telephone": intake.telephone,
        "call_required": intake.call_required,
        "to_adviser": intake.to_adviser,
        "adviser_email": intake.adviser_email,
        "dwp_user_email": intake.dwp_user_email,
        "own_problem": intake.own_problem,
        "topic": intake.topic,
        "description": intake.description,
        "language": intake.language,
        "account_from_erm": intake.account_from_erm,
        "risk_kind": intake.risk_kind,
        "earlier_reference": intake.earlier_reference,
    }


def _acknowledge(incident: Incident, *, by: Actor, at: datetime) -> None:
    """Tell whoever raised it that it is here; where no mail can go, the page that they see says the same.

    A mailbox that is not set yet keeps nobody's words out.
    """
    address = incident.raiser_email if incident.source in STAFF_SOURCES else incident.customer_email
    if address:
        with suppress(NotSetUp):
            queue_email(
                template="jobmatch_helpdesk/email/acknowledgement",
                mailbox=MAILBOX,
                to=address,
                case=incident.case,
                by=by,
                at=at,
                language=incident.language if not incident.raiser_email else "en",
                context={"incident": incident, "target": FIRST_REPLY[Band(incident.band)]},
            )
