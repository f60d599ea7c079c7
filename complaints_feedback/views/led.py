"""The people whom somebody leads today, and who may read what is kept of one of them."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from complaints_feedback import permissions
from complaints_feedback.listing import people_led
from contacthub.clock import now
from contacthub.errors import NotThere
from contacthub.formats import uk_day
from contacthub.people.directory import Chain, chain_of, line_in
from contacthub.people.middleware import ActorRequest
from contacthub.people.models import StaffMember

PAGE = 50


@require_GET
def people(request: ActorRequest) -> HttpResponse:
    """List, by name, the people whom the reader leads today, with what is in their files and planned for them."""
    permissions.require_leads_people(request.actor)
    today = uk_day(now())
    leader = StaffMember.objects.get(pk=request.actor.person_id)
    page = people_led(leader, cursor=request.GET.dict(), size=PAGE, on=today)
    context = {"page": page, "month": today.replace(day=1)}
    return render(request, "complaints_feedback/people/list.html", context)


def find(request: ActorRequest, number: str, *, at: datetime) -> Chain:
    """Return somebody with who leads them today, for themselves and their reporting line.

    Raises NotThere for everybody else, who thus cannot tell if there is a file.
    """
    person = StaffMember.objects.filter(staff_number=number.replace("\0", "")).first()
    if person is None:
        raise NotThere
    chain = chain_of(person, on=uk_day(at))
    line = {leader.pk for _, leader in line_in(chain)}
    permissions.require_can_see_file(request.actor, person_id=person.pk, line=line)
    return chain
