"""Activities that do what they say: change a record, end the link of an agent, change the lines of a schedule.

What is held is the caller's to change as they read it: a field that is not sent stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from contacthub.actor import Actor
from contacthub.api.verbs import Verb
from contacthub.errors import RuleBroken, require_unbroken
from employer_contact import scopes, services
from employer_contact.api.pointers import fields_called
from employer_contact.details import AgentDetails, EmployerDetails, details_of
from employer_contact.models import AgentLink, Employer, PayrollAgent, ServiceRequest
from employer_contact.serializers.requests import ChangeAgentBody, ChangeEmployerBody, EndLinkBody, LinesBody
from employer_contact.services.doing import lines_of
from employer_contact.services.schedules import reported_of

WORK = scopes.REQUESTS_WORK
NO_LINE = "{} is not among the paying parents of this request who are on the newest schedule"


def change_employer_step(
    *, service_request_id: int, number: int, by: Actor, at: datetime, **changes: Any
) -> ServiceRequest:
    held = Employer.objects.filter(requests=service_request_id).first()
    seen = details_of(held, EmployerDetails) if held else EmployerDetails(name="")
    details = replace(seen, **_as_kept(changes))
    return services.change_employer_step(
        service_request_id=service_request_id, number=number, seen=seen, details=details, by=by, at=at
    )


def change_agent_step(
    *, service_request_id: int, number: int, by: Actor, at: datetime, **changes: Any
) -> ServiceRequest:
    held = PayrollAgent.objects.filter(requests=service_request_id).first()
    seen = details_of(held, AgentDetails) if held else AgentDetails(name="")
    details = replace(seen, **changes)
    return services.change_agent_step(
        service_request_id=service_request_id, number=number, seen=seen, details=details, by=by, at=at
    )


def end_link_step(
    *, service_request_id: int, number: int, earn: str, ends_on: date, by: Actor, at: datetime
) -> ServiceRequest:
    links = AgentLink.objects.filter(employer__requests=service_request_id, agent__earn=earn).order_by("-starts_on")
    link = links.first()
    with fields_called(lambda field: "earn" if field == "link_id" else field):
        return services.end_link_step(
            service_request_id=service_request_id,
            number=number,
            link_id=link.pk if link else None,
            ends_on=ends_on,
            by=by,
            at=at,
        )


def update_lines_step(
    *,
    service_request_id: int,
    number: int,
    lines: Sequence[dict[str, Any]],
    unknown_names: Sequence[dict[str, Any]],
    words: str,
    by: Actor,
    at: datetime,
) -> ServiceRequest:
    request = ServiceRequest.objects.get(pk=service_request_id)
    held = {line.paying_parent.reference: line for line in lines_of(request)}
    require_unbroken(
        *(
            RuleBroken(NO_LINE.format(sent["paying_parent"]), code="unknown", field=f"lines/{place}/paying_parent")
            for place, sent in enumerate(lines)
            if sent["paying_parent"] not in held
        )
    )
    places, updates = {}, []
    for place, sent in enumerate(lines):
        line = held[sent["paying_parent"]]
        places[line.pk] = place
        changes = {name: value for name, value in sent.items() if name != "paying_parent"}
        updates.append(services.LineUpdate(line.pk, reported_of(line), replace(reported_of(line), **changes)))

    def name_of(field: str) -> str:
        """Return the way to what a field of the page is called: `day_7` is that of the line with the id 7."""
        kind, _, line_id = field.partition("_")
        name = {"day": "effective_on"}.get(kind, kind)
        return f"lines/{places[int(line_id)]}/{name}" if line_id.isdecimal() else "unknown_names"

    with fields_called(name_of):
        return services.update_lines_step(
            service_request_id=service_request_id,
            number=number,
            updates=updates,
            unknown=[services.Unknown(**one) for one in unknown_names],
            words=words,
            by=by,
            at=at,
        )


def _as_kept(changes: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in changes.items()}


VERBS = [
    Verb(change_employer_step, "Change the employer’s details, and complete the activity", WORK, ChangeEmployerBody,
         {"number": 6, "telephone": "01632 960121"}),
    Verb(change_agent_step, "Change the agent’s own details, and complete the activity", WORK, ChangeAgentBody,
         {"number": 4, "telephone": "01632 960121"}),
    Verb(end_link_step, "End the link of an agent, and complete the activity", WORK, EndLinkBody,
         {"number": 3, "earn": "EA9000014", "ends_on": "2026-12-31"}),
    Verb(update_lines_step, "Change lines of the newest schedule, and complete the activity\nOnly lines of the paying "
         "parents of the request; each is changed, or `words` explain why it stays.", WORK, LinesBody,
         {"number": 4, "lines": [{"paying_parent": "121999700001", "change": "left", "effective_on": "2026-12-31"}]}),
]  # fmt: skip
