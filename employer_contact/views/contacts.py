"""The lists of contacts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from contacthub.clock import now
from contacthub.people.middleware import ActorRequest
from contacthub.ui.listing import shown
from employer_contact import permissions
from employer_contact.forms.calls import ContactFilterForm
from employer_contact.listing import ORDERS, VIEWS, Lists

PAGE = 50


@require_GET
def contacts(request: ActorRequest) -> HttpResponse:
    permissions.require_sees_contacts(request.actor)
    form, moment = ContactFilterForm(request.GET, views=VIEWS, orders=ORDERS), now()
    form.is_valid()
    lists = Lists(request.actor, form.asked, moment)
    page = lists.page(cursor=request.GET.dict(), size=PAGE)
    context = shown(form, page, view=lists.view, views=VIEWS, order="newest", orders=ORDERS, counts=lists.counts())
    return render(request, "employer_contact/contacts.html", context | {"now": moment})
