"""The service requests of a person, a team, an employer or an agent."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.people.middleware import ActorRequest
from contacthub.ui.listing import shown
from employer_contact import permissions
from employer_contact.forms.requests import PartyRequestFilterForm, RequestFilterForm
from employer_contact.models import ServiceRequest
from employer_contact.request_listing import EVERY_ORDER, PARTY_VIEWS, Lists, PartyLists, views_of
from employer_contact.views import agents, employers

PAGE = 50


@require_GET
def requests(request: ActorRequest) -> HttpResponse:
    actor, moment = request.actor, now()
    if not permissions.may_open_requests(actor):
        raise PermissionDenied("Only caseworkers, and owners of child maintenance cases, see service requests")
    colleagues = permissions.colleagues(on=uk_day(moment)) if permissions.works_in_payments(actor) else []
    form = RequestFilterForm(request.GET, views=[*views_of(actor)], orders=EVERY_ORDER, colleagues=colleagues)
    form.is_valid()
    lists = Lists(actor, form.asked, moment)
    page = lists.page(cursor=request.GET.dict(), size=PAGE)
    context: dict[str, Any] = {
        **shown(form, lists, page),
        "now": moment,
    }
    return render(request, "employer_contact/requests.html", context)


@require_GET
def of_employer(request: ActorRequest, ern: str) -> HttpResponse:
    """List the service requests about an employer."""
    found = employers.find(request.actor, ern)
    context = employers.of_record(request.actor, found, "Service requests")
    context |= _listed(request, context["now"], employer=found)
    return employers.show(request, "employer_contact/account_requests.html", context)


@require_GET
def of_agent(request: ActorRequest, earn: str) -> HttpResponse:
    """List the service requests that an agent asked for, for an employer or about itself."""
    found = agents.find(request.actor, earn)
    context = agents.of_record(request.actor, found, "Service requests")
    context |= _listed(request, context["now"], agent=found)
    return employers.show(request, "employer_contact/account_requests.html", context)


def _listed(request: ActorRequest, at: datetime, **party: Any) -> dict[str, Any]:
    form = PartyRequestFilterForm(request.GET, views=PARTY_VIEWS, orders=EVERY_ORDER)
    form.is_valid()
    theirs = ServiceRequest.objects.visible_to(request.actor).filter(**party)
    lists = PartyLists(request.actor, form.asked, at, theirs)
    page = lists.page(cursor=request.GET.dict(), size=PAGE)
    return shown(form, lists, page)
