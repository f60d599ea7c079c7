"""The sections of part 1 that name people: who was involved, who receives the feedback, and who is sent the form."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from complaints_feedback import services
from complaints_feedback.forms.part_one import AddForm, AreaForm, NameForm, PersonForm
from complaints_feedback.listing import MOST_PEOPLE, Fitting, people_called
from complaints_feedback.models import FeedbackForm
from complaints_feedback.routing import POST_OF, goes_by_senior_manager, named_by_sender
from complaints_feedback.sections import MANAGERS, PEOPLE, PERSON
from complaints_feedback.services import Named
from complaints_feedback.terms import Part, Route
from complaints_feedback.views.sections import show
from complaints_feedback.views.sender import find, go_on, is_open, save
from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.ordering import ByName
from contacthub.people.directory import chain_of, chains_of, moves_of
from contacthub.people.middleware import ActorRequest
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Post, UnitKind
from contacthub.people.services import holders_of
from contacthub.submissions.forms import OnceForm

UP, DOWN, REMOVE = "up", "down", "remove"
TYPE_SOMEBODY = "Enter a name or staff number"


@require_http_methods(["GET", "POST"])
def people(request: ActorRequest, reference: str) -> HttpResponse:
    """Show who was involved; go on, with whoever is typed still added."""
    found = find(request, reference)
    if request.method == "GET":
        return _people_page(request, found, AddForm()) if is_open(found) else redirect(found)
    form = AddForm(request.POST)
    if form.is_valid() and not form.cleaned_data["q"]:
        return go_on(request, found, PEOPLE)
    return _add(request, found, form) or go_on(request, found, PEOPLE)


@require_POST
def add(request: ActorRequest, reference: str) -> HttpResponse:
    """Add whoever was typed, where nobody else fits, or was pressed among those who fit."""
    found, form = find(request, reference), AddForm(request.POST)
    if form.is_valid() and not form.cleaned_data["q"] and not form.cleaned_data["person"]:
        form.add_error("q", TYPE_SOMEBODY)
    return _add(request, found, form) or redirect("feedback:people", reference)


@require_POST
def reorder(request: ActorRequest, reference: str, way: str) -> HttpResponse:
    """Move somebody up or down in the order of involvement, or take them out."""
    found, form = find(request, reference), AddForm(request.POST)
    if form.is_valid():
        ids = reordered(_involved(found), form.cleaned_data["person"], way)
        save(request, found, form, services.save_involved, person_ids=ids)
    return _people_page(request, found, form) if form.errors else redirect("feedback:people", reference)


def reordered(ids: list[int], one: int, way: str) -> list[int]:
    """Return the ids with one of them a place up or down, or without it; what cannot be done changes nothing."""
    if one not in ids:
        return ids
    place, rest = ids.index(one), [each for each in ids if each != one]
    if way == REMOVE:
        return rest
    to = max(place - 1, 0) if way == UP else place + 1
    return [*rest[:to], one, *rest[to:]]


def _add(request: ActorRequest, found: FeedbackForm, form: AddForm) -> HttpResponse | None:
    """Add somebody; return the page where it was refused, or where several people fit what was typed."""
    fitting = Fitting([])
    if form.is_valid():
        chosen, typed = form.cleaned_data["person"], form.cleaned_data["q"]
        if not chosen:
            fitting = people_called(typed, on=uk_day(now()))
            chosen = fitting.only
        if chosen:
            save(request, found, form, services.save_involved, person_ids=[*_involved(found), chosen])
        elif not fitting.people:
            form.add_error(
                "q", f"Nobody in the directory is called “{typed}”. Check the name, or enter the staff number"
            )
    if not form.errors and not fitting.several:
        return None
    return _people_page(request, found, form, fitting)


def _involved(found: FeedbackForm) -> list[int]:
    return list(found.involved.values_list("person_id", flat=True))


def _people_page(
    request: ActorRequest, found: FeedbackForm, form: AddForm, fitting: Fitting | None = None
) -> HttpResponse:
    today = uk_day(now())
    involved = [each.person for each in found.involved.select_related("person")]
    seen = [*involved, *(fitting.people if fitting else [])]
    chains = chains_of(seen, on=today)
    more = {
        "involved": [(one, chains[one.pk]) for one in involved],
        "fitting": [(one, chains[one.pk]) for one in fitting.people] if fitting and fitting.several else [],
        "more_fit": fitting is not None and len(fitting.people) == MOST_PEOPLE,
        "key": OnceForm()["key"],
    }
    return show(request, found, PEOPLE, form, more)


@require_http_methods(["GET", "POST"])
def person(request: ActorRequest, reference: str) -> HttpResponse:
    """Choose who receives the feedback: the last of those involved is offered."""
    found = find(request, reference)
    involved = [each.person for each in found.involved.select_related("person")]
    if request.method == "POST":
        form = PersonForm(request.POST, involved=involved)
        if form.is_valid():
            save(request, found, form, services.choose_person, person_id=form.cleaned_data["person"])
        if not form.errors:
            return go_on(request, found, PERSON)
    elif not is_open(found):
        return redirect(found)
    else:
        form = PersonForm(involved=involved, initial={"person": involved[-1].pk if involved else None})
    chains = chains_of(involved, on=uk_day(now()))
    rows = [(one, chains[one.pk], moves_of(one)[-1:]) for one in involved]
    return show(request, found, PERSON, form, {"rows": rows})


@require_http_methods(["GET", "POST"])
def managers(request: ActorRequest, reference: str) -> HttpResponse:
    """Show who is sent the form, and why; name who acts for a post that is vacant, or another area."""
    found = find(request, reference)
    if request.method == "GET":
        return _managers_page(request, found) if is_open(found) else redirect(found)
    forms = {"name": _name, "area": _change_area}
    do = request.POST.get("do", "")
    if do not in forms:
        return go_on(request, found, MANAGERS)
    form = forms[do](request, found)
    return _managers_page(request, found, form) if form.errors else redirect("feedback:managers", reference)


def _name(request: ActorRequest, found: FeedbackForm) -> OnceForm:
    form = NameForm(request.POST)
    if not form.is_valid():
        return form
    fitting = people_called(form.cleaned_data["staff"], on=uk_day(now()))
    if fitting.only is None:
        form.add_error("staff", fitting.words)
        return form
    part, named = Part(form.cleaned_data["part"]), Named(fitting.only, form.cleaned_data["words"])
    save(request, found, form, services.name_manager, part=part, named=named)
    return form


def _change_area(request: ActorRequest, found: FeedbackForm) -> OnceForm:
    form = AreaForm(request.POST, areas=_areas())
    if form.is_valid():
        given = {"area_id": form.cleaned_data["area"], "reason": form.cleaned_data["reason"]}
        save(request, found, form, services.change_area, **given)
    return form


def _areas() -> list[tuple[int, str]]:
    return [*Unit.objects.filter(kind=UnitKind.AREA).order_by(ByName("name"), "pk").values_list("pk", "name")]


def _managers_page(request: ActorRequest, found: FeedbackForm, form: OnceForm | None = None) -> HttpResponse:
    by_senior = goes_by_senior_manager(Route(found.route))
    area_form = None
    if by_senior and found.person:
        area_form = form if isinstance(form, AreaForm) else AreaForm(areas=_areas(), initial={"area": found.area_id})
    more = {
        "rows": _rows(found, form if isinstance(form, NameForm) else None),
        "area_form": area_form,
        "senior": _senior_of(found) if by_senior else None,
        "by_senior": by_senior,
    }
    return show(request, found, MANAGERS, form or OnceForm(), more)


def _rows(found: FeedbackForm, refused: NameForm | None) -> list[dict[str, Any]]:
    """Return for each part who has it and why, and a form where the sender names who acts for a vacant post."""
    if found.person is None:
        return []
    chain = chain_of(found.person, on=uk_day(now()))
    named = {Part(each.part): each for each in found.recipients.select_related("person")}
    rows = []
    for part in named_by_sender(Route(found.route)):
        post = POST_OF[part]
        is_vacant = chain.leader(post) is None and part is not Part.TEAM_LEADER
        mine = refused if refused and refused.data.get("part") == part else None
        blank = NameForm(initial={"part": part.value}, auto_id=f"id_{part.value}_%s")
        rows.append(
            {
                "part": part,
                "named": named.get(part),
                "unit": chain.unit(post),
                "leader": chain.leader(post),
                "form": (mine or blank) if is_vacant else None,
            }
        )
    return rows


def _senior_of(found: FeedbackForm) -> StaffMember | None:
    if found.area is None:
        return None
    return holders_of(Post.SENIOR_RESOLUTION_MANAGER, found.area, on=uk_day(now())).first()
