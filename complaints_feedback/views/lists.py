"""The lists of forms that somebody has to do with."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from complaints_feedback import permissions
from complaints_feedback.forms.filtering import FeedbackFilterForm
from complaints_feedback.learning import may_learn
from complaints_feedback.listing import ORDERS, VIEWS, Lists
from complaints_feedback.models import FeedbackForm
from contacthub.clock import now
from contacthub.links import link_to
from contacthub.people.middleware import ActorRequest
from contacthub.ui.listing import shown

PAGE = 50


@dataclass(frozen=True)
class Row:
    """A form in a list: whom it is about is said to who may read it; `url` is where its reader acts."""

    form: FeedbackForm
    url: str
    is_readable: bool


@require_GET
def forms(request: ActorRequest) -> HttpResponse:
    """List the forms of one view. Whom a form is about is said to who may read that."""
    actor, moment = request.actor, now()
    form = FeedbackFilterForm(request.GET, views=[*VIEWS], orders=[*ORDERS])
    form.is_valid()
    lists = Lists(actor, form.asked, moment)
    page = lists.page(cursor=request.GET.dict(), size=PAGE)
    context = {
        **shown(form, lists, page),
        "rows": [
            Row(row, link_to(lists.leads_to, row.reference), permissions.may_see_part_one(actor, row))
            for row in page.rows
        ],
        "now": moment,
        "may_learn": may_learn(actor),
        "may_start": permissions.may_start(actor),
        "leads_people": permissions.leads_people(actor),
    }
    return render(request, "complaints_feedback/forms.html", context)
