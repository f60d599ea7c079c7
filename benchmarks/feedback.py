"""Complaints feedback as its readers have it: their lists, and the pages of a form."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import cycle

from benchmarks.pages import get, sign_in
from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm
from contacthub.people.models import StaffMember

Do = Callable[[], object]
SAMPLE = 20
LISTS = {
    "mine": "complaints",
    "done": "complaints",
    "to-check": "complaints-lead",
    "sent-on": "complaints-lead",
    "to-confirm": "senior-resolution",
    "to-discuss": "team-leader",
    "discussed": "team-leader",
    "overdue": "workgroup-manager",
    "copies": "head-of-line",
}


def things_of() -> dict[str, Do]:
    """Return how to ask for each page, by its name, each as somebody who has it every day."""
    cookies = {name: sign_in(StaffMember.objects.get(username=name)) for name in {*LISTS.values()}}
    lists = {
        f"list: forms, {view}": partial(get, f"/feedback/?view={view}", cookies[who]) for view, who in LISTS.items()
    }
    forms = {
        "form: to check": showing(FormState.SUBMITTED, cookies["complaints-lead"]),
        "form: to discuss": showing(FormState.DELIVERED, cookies["workgroup-manager"]),
        "form: closed": showing(FormState.CLOSED, cookies["head-of-line"]),
    }
    return lists | forms


def showing(state: FormState, cookie: str, page: str = "") -> Do:
    """Return how to ask for the page of one form after another that is in this state."""
    newest = FeedbackForm.objects.filter(state=state).order_by("-pk")[:SAMPLE]
    addresses = cycle([f"{form.get_absolute_url()}{page}" for form in newest])
    return lambda: get(next(addresses), cookie)
