"""The lists of contacts."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from contacthub import keyset
from contacthub.clock import now
from contacthub.people.middleware import ActorRequest
from contacthub.ui.listing import link, no_views, shown
from employer_contact import permissions
from employer_contact.forms.calls import ContactFilterForm
from employer_contact.listing import NEWEST, ORDERS, VIEWS, Lists
from employer_contact.models import Contact
from employer_contact.views import agents, employers

PAGE = 50


@require_GET
def contacts(request: ActorRequest) -> HttpResponse:
    permissions.require_sees_contacts(request.actor)
    form, moment = ContactFilterForm(request.GET, views=VIEWS, orders=ORDERS), now()
    form.is_valid()
    lists = Lists(request.actor, form.asked, moment)
    page = lists.page(cursor=request.GET.dict(), size=PAGE)
    context = shown(form, lists, page)
    return render(
        request,
        "employer_contact/contacts.html",
        context | {"now": moment, "may_call": permissions.may_open_some(request.actor)},
    )


@require_GET
def of_employer(request: ActorRequest, ern: str) -> HttpResponse:
    found = employers.find(request.actor, ern)
    context = employers.of_record(request.actor, found, "Contacts") | _listed(request, employer=found)
    return employers.show(request, "employer_contact/account_contacts.html", context)


@require_GET
def of_agent(request: ActorRequest, earn: str) -> HttpResponse:
    found = agents.find(request.actor, earn)
    context = agents.of_record(request.actor, found, "Contacts") | _listed(request, agent=found)
    return employers.show(request, "employer_contact/account_contacts.html", context)


def _listed(request: ActorRequest, **party: Any) -> dict[str, Any]:
    """Return a page of the contacts of a party, the newest first."""
    form = ContactFilterForm(request.GET, views=(), orders=())
    form.is_valid()
    kept = form.asked.filters
    rows = Contact.objects.visible_to(request.actor).filter(**party, **kept).with_party()
    page = keyset.page(rows, key=NEWEST.key, asked=request.GET.dict(), size=PAGE, newest_first=True)
    return {
        **no_views(form),
        "rows": page.rows,
        "newer": page.newer and link(kept, page.newer),
        "older": page.older and link(kept, page.older),
    }
