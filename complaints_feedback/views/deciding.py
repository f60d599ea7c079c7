"""What the pages do alike on which somebody reads part 1 and decides how it goes on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from complaints_feedback.forms.deciding import SendForm
from complaints_feedback.models import FeedbackForm
from complaints_feedback.parts import part_1_of
from complaints_feedback.services import Expected
from complaints_feedback.terms import Part
from contacthub.actor import Actor
from contacthub.errors import MovedOn, NotThere
from contacthub.formats import uk_day
from contacthub.people.directory import Move, chain_of, moves_of
from contacthub.people.middleware import ActorRequest
from contacthub.people.models import StaffMember

Require = Callable[[Actor, FeedbackForm], None]


def find(request: ActorRequest, reference: str, require: Require) -> FeedbackForm:
    """Return the form for whom `require` lets in.

    Raises Refused for others who may see it, or NotThere, also before it is known about whom it is.
    """
    found = FeedbackForm.objects.for_page().with_reference(reference, seen_by=request.actor)
    require(request.actor, found)
    if found.person is None:
        raise NotThere
    return found


def show(request: ActorRequest, name: str, found: FeedbackForm, **more: Any) -> HttpResponse:
    """Show part 1 whole, with its letters, and what this page decides."""
    context = {"feedback": found, "sheet": part_1_of(found, request.actor), **more}
    return render(request, f"complaints_feedback/check/{name}.html", context)


@dataclass(frozen=True)
class Row:
    """Somebody who gets the form, and why it is them."""

    one: Expected
    why: str


@dataclass(frozen=True)
class GoesTo:
    rows: list[Row]
    moved: Move | None  # where the person moved last, which is why it is not who led them before


def goes_to(found: FeedbackForm, people: Sequence[Expected], *, at: datetime) -> GoesTo:
    """Return who gets the form, with the reasons, as the page shows them."""
    today, person = uk_day(at), found.person
    if person is None:
        return GoesTo([Row(one, "") for one in people], None)
    own = chain_of(person, on=today).own
    moves = [move for move in moves_of(person) if move.on <= today]
    return GoesTo([Row(one, _why(one, person, own)) for one in people], moves[-1] if moves else None)


def _why(one: Expected, person: StaffMember, own: object) -> str:
    if one.person is None:
        return "The people directory shows nobody"
    if one.words:
        return one.words
    if one.part is Part.TEAM_LEADER:
        return f"Leads {person} today"
    return f"{own} belongs to {one.unit}" if own else f"{one.unit} is where the complaint was handled"


def mark_of(found: FeedbackForm, people: Sequence[Expected]) -> str:
    """Return by what a page is known that shows this form, as it was submitted, and these people."""
    told = [str(found.submitted_at), *(f"{one.part}: {one.person.pk if one.person else 0}" for one in people)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def require_as_seen(form: SendForm, mark: str, *, at: datetime) -> None:
    """Raise MovedOn where the page showed another form, or other people, than would be sent now."""
    if form.cleaned_data["seen"] != mark:
        words = "The form, or who gets it, has changed since you opened this. Read it again before you send it"
        raise MovedOn(words, at=at)
