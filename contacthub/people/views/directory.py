"""Who works where, and who leads whom: for all staff."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from contacthub import keyset
from contacthub.clock import now
from contacthub.errors import NotThere
from contacthub.formats import uk_day
from contacthub.ordering import ByName
from contacthub.people import listing, permissions
from contacthub.people.directory import LEADS, chain_of, leader_of_last_team, moves_of
from contacthub.people.forms import DirectoryFilterForm
from contacthub.people.middleware import ActorRequest
from contacthub.people.models import Membership, Placement, StaffMember, Unit
from contacthub.people.roles import LED, Post
from contacthub.ui.listing import shown

PAGE = 50


@require_GET
def people(request: ActorRequest) -> HttpResponse:
    """Find people by name or staff number, or the posts that nobody holds."""
    moment = now()
    units = Unit.objects.order_by(ByName("name"), "pk").values_list("code", "name")
    form = DirectoryFilterForm(request.GET, views=listing.VIEWS, orders=listing.ORDERS, units=units)
    form.is_valid()
    lists = listing.Lists(request.actor, form.asked, moment)
    page = lists.page(cursor=request.GET.dict(), size=PAGE)
    rows: list[Any] = page.rows
    if lists.view != listing.VACANT:
        rows = listing.lines_of(rows, listing.sought_by(form.typed), on=lists.today)
    context = {
        **shown(form, lists, page),
        "rows": rows,
        "typed": form.typed,
        "orders": [],
        "may_import": permissions.may_edit_directory(request.actor),
    }
    return render(request, "people/directory.html", context)


@require_GET
def person(request: ActorRequest, number: str) -> HttpResponse:
    """Show where somebody works, who leads them today, and when they moved (CF-25)."""
    found, today = _find(number), uk_day(now())
    chain = chain_of(found, on=today)
    steps = [
        (post, leader, unit, post in chain.holds)
        for post in Post
        if (unit := chain.unit(post)) and ((leader := chain.leader(post)) or unit.kind in LED)
    ]
    left = found.active_to is not None and found.active_to < today
    context = {
        "person": found,
        "chain": chain,
        "posts": [post.label for post in chain.posts],
        "steps": steps,
        "left": left,
        "not_yet": today < found.active_from,
        "last_leader": leader_of_last_team(found, on=today) if left else None,
        "moves": moves_of(found)[::-1],
        "memberships": found.memberships.select_related("unit").order_by("-starts_on", "-pk"),
        "today": today,
        "may_edit": permissions.may_edit_directory(request.actor),
    }
    return render(request, "people/person.html", context)


@require_GET
def unit(request: ActorRequest, code: str) -> HttpResponse:
    """Show what a unit is part of, who holds its posts, and who works there today."""
    today = uk_day(now())
    found = Unit.objects.filter(code=code).first()
    if found is None:
        raise NotThere
    place = Placement.objects.on(today).filter(unit=found).select_related(*ABOVE).first()
    below = Placement.objects.on(today).below([found.pk]).select_related("unit").order_by(ByName("unit__name"), "pk")
    members = Membership.objects.on(today).filter(unit=found).values("person_id")
    working = StaffMember.objects.get_queryset().working(today).filter(pk__in=members)
    page = keyset.page(working, key=listing.BY_NAME, asked=request.GET.dict(), size=PAGE)
    context = {
        "unit": found,
        "above": place.above if place else [],
        "below": [placed.unit for placed in below],
        "posts": listing.posts_held([found], on=today)[found.pk],
        "page": page,
        "may_edit": permissions.may_edit_directory(request.actor),
    }
    return render(request, "people/unit.html", context)


ABOVE = tuple(dict.fromkeys(level for level in LEADS.values() if level != "team"))


def _find(number: str) -> StaffMember:
    found = StaffMember.objects.filter(staff_number=number.replace("\0", "")).first()
    if found is None:
        raise NotThere
    return found
