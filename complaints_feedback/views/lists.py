"""The lists of forms that somebody has to do with."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from complaints_feedback import permissions
from complaints_feedback.forms.filtering import FeedbackFilterForm
from complaints_feedback.learning import may_learn
from complaints_feedback.listing import ORDERS, VIEWS, Lists
from contacthub.clock import now
from contacthub.people.middleware import ActorRequest
from contacthub.ui.listing import shown

PAGE = 50


@require_GET
def forms(request: ActorRequest) -> HttpResponse:
    """List the forms of one view. Whom a form is about is said to who may read that."""
    actor, moment = request.actor, now()
    form = FeedbackFilterForm(request.GET, views=[*VIEWS], orders=[*ORDERS])
    form.is_valid()
    lists = Lists(actor, form.asked, moment)
    page = lists.page(cursor=request.GET.dict(), size=PAGE)
    context = {
        **shown(
            form,
            page,
            view=lists.view,
            views=lists.views,
            order=lists.order,
            orders=lists.orders,
            counts=lists.counts,
        ),
        "now": moment,
        "leads_to": lists.leads_to,
        "may_learn": may_learn(actor),
        "may_start": permissions.may_start(actor),
        "leads_people": permissions.leads_people(actor),
        "readable": {row.pk for row in page.rows if permissions.may_see_part_one(actor, row)},
    }
    return render(request, "complaints_feedback/forms.html", context)
