from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET

from contacthub import keyset
from contacthub.actor import Actor
from contacthub.cases.services import events_about
from contacthub.cases.timeline import entries
from contacthub.clock import now
from contacthub.errors import NotThere
from contacthub.formats import uk_day
from contacthub.people.middleware import ActorRequest
from employer_contact import permissions
from employer_contact.models import AgentLink, Employer, PayrollAgent
from employer_contact.overview import pages_of_agent
from employer_contact.views.employers import show, standing

PAGE = 50
CHANGES = 10


@require_GET
def agent(request: ActorRequest, earn: str) -> HttpResponse:
    """Show a payroll agent, with the employers it acts for, or did: the newest first."""
    found = find(request.actor, earn)
    seen = AgentLink.objects.filter(agent=found, employer__in=Employer.objects.visible_to(request.actor))
    context = {
        **of_record(request.actor, found, "Summary"),
        "page": keyset.page(
            seen.select_related("employer"),
            key=("starts_on", "pk"),
            asked=request.GET.dict(),
            size=PAGE,
            newest_first=True,
        ),
        "timeline": entries(found, events_about(found)[:CHANGES], words_of=permissions.ACCOUNT_WORDS),
    }
    return show(request, "employer_contact/agent.html", context)


def find(actor: Actor, earn: str) -> PayrollAgent:
    """Return the agent, or raise NotThere, also where it is not this person's to see."""
    found: PayrollAgent | None = PayrollAgent.objects.visible_to(actor).filter(earn=earn).first()
    if found is None:
        raise NotThere
    return found


def of_record(actor: Actor, found: PayrollAgent, page: str) -> dict[str, Any]:
    """Return what every page of an agent's record shows."""
    moment = now()
    return {
        "agent": found,
        "pages": pages_of_agent(found, actor),
        "page_label": page,
        **standing(actor, found),
        "today": uk_day(moment),
        "now": moment,
    }
