"""Change the lines of a schedule by a file: sent or pasted, shown row by row, applied as it was shown (EC-36)."""

from __future__ import annotations

from functools import partial
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from contacthub.clock import now
from contacthub.csvfiles import Problem, read
from contacthub.people.middleware import ActorRequest
from contacthub.submissions.acts import Act
from employer_contact import planning, services
from employer_contact.forms.line_files import ApplyLinesForm, LinesFileForm, said_in, sealed
from employer_contact.line_files import COLUMNS, MEANING, MOST_ROWS, Said, planned
from employer_contact.models import Activity, ServiceRequest
from employer_contact.plans import Doing
from employer_contact.services.doing import newest_schedule
from employer_contact.views.requests import call_about, find

MOST_SHOWN = 200


@require_GET
def page(request: ActorRequest, reference: str) -> HttpResponse:
    """Show where a file goes, and what it looks like."""
    found, step = _ready(request, reference)
    return _show(request, found, LinesFileForm()) if step else redirect(found)


@require_POST
def upload(request: ActorRequest, reference: str) -> HttpResponse:
    """Show what a file would change, or what is to be mended in it. Nothing is written."""
    found, step = _ready(request, reference)
    if step is None:
        return _not_now(request, found)
    form = LinesFileForm(request.POST, request.FILES)
    if not form.is_valid():
        return _show(request, found, form)
    rows, problems = said_in(read(form.data_sent, COLUMNS, most_rows=MOST_ROWS))
    others = planned(rows, found).problems
    # Where there is a row to mend, it says nothing yet that the others would change nothing.
    problems = sorted([*problems, *(one for one in others if one.line or not problems)], key=lambda one: one.line)
    if problems or not rows:
        where = "file" if form.cleaned_data["file"] else "text"
        form.add_error(where, "Mend the rows as the list below says, and send them again")
        return _show(request, found, form, problems=problems)
    return _preview(request, found, rows)


@require_POST
def apply(request: ActorRequest, reference: str) -> HttpResponse:
    """Change exactly what was shown; where a line has moved in between, show what it would be now."""
    found, step = _ready(request, reference)
    if step is None:
        return _not_now(request, found)
    act = _act(step)
    form: Any = act.form_for(request.POST, sr=found)
    if act.press(found, form, by=request.actor, at=now()):
        messages.success(request, f"The lines of {found.reference} are changed")
        return redirect(found)
    if not form.said:
        return _show(request, found, LinesFileForm(), refused=form)
    return _preview(request, found, form.said, refused=form)


def _ready(request: ActorRequest, reference: str) -> tuple[ServiceRequest, Activity | None]:
    """Return the request and its step that changes lines; None where this person cannot do it now."""
    found = find(request.actor, reference)
    contact = call_about(request.actor, found)
    if contact and not contact.is_unlocked:
        return found, None
    rows = planning.rows_of(found, request.actor)
    steps = [row.activity for row in rows if row.activity.does == Doing.UPDATE_LINES and row.may_do and row.can_start]
    return found, next((step for step in steps if not step.as_rule.is_settled), None)


def _not_now(request: ActorRequest, found: ServiceRequest) -> HttpResponse:
    """Lead to the page of the request, which shows why: the step is done, or a call has its check to pass (EC-14)."""
    messages.info(request, "These lines cannot be changed now. Nothing was changed")
    return redirect(found)


def _act(step: Activity) -> Act:
    service = partial(services.update_lines_step, number=step.number)
    return Act("lines/apply", "Apply", service, lambda actor, request: True, ApplyLinesForm, needs=("sr",))


def _preview(request: ActorRequest, found: ServiceRequest, rows: list[Said], *, refused: Any = None) -> HttpResponse:
    plan = planned(rows, found)
    if plan.problems:
        return _show(request, found, LinesFileForm(), problems=list(plan.problems), refused=refused)
    form = ApplyLinesForm(sr=found, initial={"rows": sealed(rows, plan)})
    if refused:
        form = _again(refused, found, rows=sealed(rows, plan))
    context = {"plan": plan, "apply": form, "form": refused and form, "shown": plan.changes[:MOST_SHOWN]}
    return _render(request, found, "employer_contact/lines_checked.html", context)


def _again(refused: ApplyLinesForm, found: ServiceRequest, *, rows: str) -> ApplyLinesForm:
    """Return the form to press next: with the words that were typed, why they were refused, and what is shown now."""
    sent = {"key": str(uuid4()), "rows": rows, "words": refused.data.get("words", "")}
    form = ApplyLinesForm(sent, sr=found, auto_id=refused.auto_id)
    for name, errors in refused.errors.items():
        form.add_error(None if name in ("rows", "__all__") else name, errors)
    return form


def _show(
    request: ActorRequest,
    found: ServiceRequest,
    form: LinesFileForm,
    *,
    problems: list[Problem] | None = None,
    refused: Any = None,
) -> HttpResponse:
    problems = problems or []
    context = {
        "file_form": form,
        "form": refused or form,
        "problems": problems[:MOST_SHOWN],
        "count": len(problems),
        "columns": [(column.heading, column.required, MEANING[column.name]) for column in COLUMNS],
    }
    return _render(request, found, "employer_contact/lines.html", context)


def _render(request: ActorRequest, found: ServiceRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, template, {"sr": found, "schedule": newest_schedule(found), "now": now(), **context})
