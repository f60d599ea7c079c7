"""The table of the handling strategy, asked again about an incident whose facts are other now."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from contacthub.formats import telephone
from contacthub.people.models import Unit
from jobmatch_helpdesk.intake import Intake, Reach
from jobmatch_helpdesk.models import Incident, Language
from jobmatch_helpdesk.routing import Band, Channel, CustomerType, Need, Source, band_of

LABELS = {
    "source": "Source",
    "site_id": "Site",
    "customer_type": "Customer",
    "own_problem": "Their own problem",
    "customer_email": "Customer’s email",
    "no_email": "No email",
    "telephone": "Telephone",
    "call_required": "Telephone call required",
    "to_adviser": "Reply to the Personal Adviser",
    "adviser_email": "Personal Adviser’s email",
    "dwp_user_email": "DWP user’s email",
    "language": "Language",
}


def reach_of(incident: Incident) -> Reach:
    """Return what an incident says of how its customer is reached."""
    kept = {field.name: getattr(incident, field.name) for field in fields(Reach)}
    customer_type = CustomerType(incident.customer_type) if incident.customer_type else None
    return Reach(**kept | {"source": Source(incident.source), "customer_type": customer_type})


def as_intake(incident: Incident, reach: Reach) -> Intake:
    """Return what the table and the rules of the form ask, if the incident were reached so."""
    channel = Channel(incident.channel)
    return Intake(**asdict(reach), channel=channel, account_from_erm=incident.account_from_erm)


def missing_of(incident: Incident) -> tuple[Need, ...]:
    """Return what the row of the incident needs and does not have."""
    return as_intake(incident, reach_of(incident)).route.missing


def route_again(incident: Incident, reach: Reach) -> str:
    """Set what is other, the row and the band, unsaved; return in words what was and what is, for the timeline.

    A band that was set by hand held until now.
    """
    before, row = reach_of(incident), incident.route
    for name, value in asdict(reach).items():
        setattr(incident, name, value or "" if name == "customer_type" else value)
    incident.row = as_intake(incident, reach).route.row.number
    incident.band = band_of(reach.source, escalated=incident.is_escalated)
    route = f"Row {row.number}, {row.reply_to.label}"
    if incident.row != row.number:
        route = f"{route}: now row {incident.row}, {incident.route.reply_to.label}"
    return "\n".join([f"{route}. Band {Band(incident.band).label}", *differences(before, reach)])


def differences(before: Reach, after: Reach) -> list[str]:
    """Say each fact that is other, with what it was."""
    was, now = asdict(before), asdict(after)
    return [
        f"{label}: {_said(name, now[name])}, was {_said(name, was[name])}"
        for name, label in LABELS.items()
        if now[name] != was[name]
    ]


def _said(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not value:
        return "not given"
    if name == "site_id":
        return Unit.objects.get(pk=value).name
    if name == "telephone":
        return telephone(value)
    if name == "language":
        return str(Language(value).label)
    return str(value.label) if isinstance(value, Source | CustomerType) else str(value)
