"""What the pages shared by all apps show of complaints feedback."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from complaints_feedback import permissions
from complaints_feedback.lifecycle import DISCUSSED_ON
from complaints_feedback.listing import ACTED_ON, number_of_filed, one_to_ones_of, own_views, to_do, to_go_on_with
from complaints_feedback.models import FeedbackForm
from contacthub.actor import Actor
from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.people.models import StaffMember
from contacthub.people.roles import Post, Role
from contacthub.ui.listing import counts_of
from contacthub.ui.navigation import COUNTS_STOP_AT, NavigationItem, Panel, Place

SHORT_LIST = 10
# Whom forms are about. Others are led to theirs by what they are told; their pages need not ask each time.
PERSONS = {Role.CASEWORKER, Role.EMPLOYER_PAYMENTS_CASEWORKER}


def navigation(actor: Actor) -> list[NavigationItem]:
    """Return the feedback forms, with what waits for the actor, to whoever has to do with one."""
    views = own_views(actor)
    if not views and not PERSONS & actor.roles:
        return []
    if not views:
        is_about_me = FeedbackForm.objects.filter(person_id=actor.staff_id, state__in=DISCUSSED_ON).exists()
        return [NavigationItem("Feedback forms", reverse("feedback:forms"), 0)] if is_about_me else []
    waiting = {view: rows for view, rows in to_do(actor, at=now()).items() if view in views}
    if permissions.may_start(actor):
        waiting["mine"] = to_go_on_with(actor)
    # A count that is not a number is "99+".
    counts = [int(count) if count.isdecimal() else COUNTS_STOP_AT + 1 for count in counts_of(waiting).values()]
    count = min(sum(counts), COUNTS_STOP_AT + 1)
    return [NavigationItem("Feedback forms", reverse("feedback:forms"), count)]


def panels(actor: Actor, *, at: datetime) -> list[Panel]:
    """Return what the sender goes on with, and what waits for leaders and managers; the 1-2-1s of a team leader's
    month; and to whom feedback was given, their own file.
    """
    found = []
    if permissions.may_start(actor):
        found.append(Panel("complaints_feedback/panels/start.html", {}, Place.BAR))
        rows = to_go_on_with(actor).for_list()[:SHORT_LIST]
        found.append(Panel("complaints_feedback/panels/mine.html", {"rows": rows}))
    views = own_views(actor)
    waiting = [
        (view, ACTED_ON.get(view, "feedback:form"), list(rows.for_list()[:SHORT_LIST]))
        for view, rows in to_do(actor, at=at).items()
        if view in views
    ]
    if any(rows for _, _, rows in waiting):
        found.append(Panel("complaints_feedback/panels/to_do.html", {"waiting": waiting}))
    if views and any(post == Post.TEAM_LEADER for post, _ in actor.posts):
        found.append(_one_to_ones(actor, at=at))
    if PERSONS & actor.roles and (number := number_of_filed(actor.person_id)):
        told = {"number": number, "month": uk_day(at).replace(day=1)}
        found.append(Panel("complaints_feedback/panels/own_file.html", told, Place.BESIDE))
    return found


def _one_to_ones(actor: Actor, *, at: datetime) -> Panel:
    """Return with whom a team leader has feedback or an open plan to talk about in this month's 1-2-1."""
    today = uk_day(at)
    month = today.replace(day=1)
    leader = StaffMember.objects.get(pk=actor.person_id)
    people = list(one_to_ones_of(leader, month=month, on=today)[: SHORT_LIST + 1])
    told = {"people": people[:SHORT_LIST], "more": len(people) > SHORT_LIST, "month": month}
    return Panel("complaints_feedback/panels/one_to_ones.html", told)
