"""What the pages shared by all apps show of employer contact."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from contacthub.actor import Actor
from contacthub.cases.finding import Sought
from contacthub.ui.navigation import COUNTS_STOP_AT, Found, NavigationItem, Panel, Place
from employer_contact import home, permissions, results
from employer_contact.forms import SearchForm
from employer_contact.identifiers import EXAMPLES
from employer_contact.models import ServiceRequest

# The name of a panel, its rows, and its place.
Listed = tuple[str, list[Any], Place]


def navigation(actor: Actor) -> list[NavigationItem]:
    if not permissions.may_open_accounts(actor):
        return []
    mine = ServiceRequest.objects.open().filter(owner_id=actor.staff_id)[: COUNTS_STOP_AT + 1].count()
    return [
        NavigationItem("Employers", reverse("employers:employers"), 0, key="e"),
        NavigationItem("Service requests", reverse("employers:requests"), mine, "with you", key="s"),
    ]


def panels(actor: Actor, *, at: datetime) -> list[Panel]:
    """Return where a call is started, what the actor has to do, and what the team waits for.

    Who leads the team of an owner of cases who has left may have nothing else to do with employers.
    """
    if not permissions.may_open_accounts(actor):
        return _lists([("to_reissue", home.to_reissue(actor) if actor.posts else [], Place.MAIN)])
    works = permissions.works_in_payments(actor)
    start = {
        "search": SearchForm(auto_id="panel_%s"),
        "sees_contacts": permissions.sees_contacts(actor),
        "may_call": permissions.may_open_some(actor),
        "rings_out": not works,
        "may_word": permissions.may_write_wording(actor),
    }
    shown = [Panel("employer_contact/panels/start.html", start, Place.ABOVE)]
    if permissions.teams_led(actor):
        overdue = home.overdue_of_teams(actor, at=at)
        shown.append(Panel("employer_contact/panels/overdue.html", {"rows": overdue}))
    due = home.due_to(actor)
    if due or works:
        shown.append(Panel("employer_contact/panels/due.html", {"due": due}))
    lists: list[Listed] = [
        ("to_confirm", home.addressed_to(actor), Place.MAIN),
        ("to_reissue", home.to_reissue(actor), Place.MAIN),
        ("asked_for", home.asked_for(actor), Place.MAIN),
        ("waiting", home.waiting_of(actor), Place.MAIN),
        ("unfinished", home.unfinished_of(actor, at=at), Place.BESIDE),
        ("expected", home.expected_by(actor) if permissions.sees_contacts(actor) else [], Place.BESIDE),
    ]
    return shown + _lists(lists)


def _lists(lists: list[Listed]) -> list[Panel]:
    return [Panel(f"employer_contact/panels/{name}.html", {"rows": rows}, place) for name, rows, place in lists if rows]


def examples(actor: Actor) -> list[str]:
    return [*EXAMPLES] if permissions.may_open_accounts(actor) else []


def search(actor: Actor, sought: Sought, *, at_most: int) -> list[Found]:
    return results.found(actor, sought, at_most=at_most)
