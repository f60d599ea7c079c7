"""Load people from a file: upload, see what would change, apply exactly that."""

from __future__ import annotations

import csv
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from contacthub.clock import now
from contacthub.csvfiles import Problem, Table, read
from contacthub.errors import DomainError, MovedOn, NotThere
from contacthub.people import importing
from contacthub.people.differences import Effect, Said
from contacthub.people.file_columns import COLUMNS, EXAMPLE, MEANING, MOST_ROWS
from contacthub.people.forms import PersonRowForm, UploadForm
from contacthub.people.middleware import ActorRequest
from contacthub.people.models import CheckedFile
from contacthub.people.permissions import require_can_edit_directory
from contacthub.spreadsheet import guarded
from contacthub.submissions.forms import OnceForm
from contacthub.submissions.services import caller_of, once

MOST_SHOWN = 200  # of each kind, of a file that may have thousands
TITLES = {Effect.NEW: "New", Effect.CHANGED: "Changed", Effect.ENDED: "Ended", Effect.UNCHANGED: "Not changed"}


@require_http_methods(["GET", "POST"])
def upload(request: ActorRequest) -> HttpResponse:
    """Check a file: what it would change is shown on a page of its own, problems on this one. Nothing is written."""
    require_can_edit_directory(request.actor)
    form = UploadForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        file, at = form.cleaned_data["file"], now()
        table = read(file.read(), COLUMNS, most_rows=MOST_ROWS)
        rows, problems = _said(table)
        if not problems:
            problems = [
                Problem(one.line, one.message) for one in importing.planned(rows, by=request.actor, at=at).problems
            ]
        if not problems:
            pk = once(
                key=form.cleaned_data["key"],
                caller=caller_of(request.actor),
                request={"check_people": file.name},
                at=at,
                do=lambda: str(importing.keep_check(rows, file_name=file.name, by=request.actor, at=at).pk),
            )
            return redirect("people:checked", int(pk))
        form.add_error("file", "Nothing was changed. Mend the file as the list below says, and select it again")
    columns = [(column.heading, column.required, MEANING[column.name]) for column in COLUMNS]
    context = {"form": form, "problems": problems[:MOST_SHOWN], "count": len(problems), "columns": columns}
    return render(request, "people/import.html", context)


def _said(table: Table) -> tuple[list[Said], list[Problem]]:
    """Return what each row says, and each cell that cannot be read."""
    rows, problems = [], list(table.problems)
    headings = {column.name: column.heading for column in COLUMNS}
    for row in table.rows:
        form = PersonRowForm(row.cells)
        if form.is_valid():
            rows.append(form.said(row.line))
        for name, errors in form.errors.items():
            problems += [Problem(row.line, f"{headings[name]}: {error}") for error in errors]
    return rows, problems


@require_GET
def template(request: ActorRequest) -> HttpResponse:
    """Give a file with the headings and one row to write over."""
    require_can_edit_directory(request.actor)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="people.csv"'
    writer = csv.writer(response)
    writer.writerow(column.heading for column in COLUMNS)
    writer.writerow(guarded(cell) for cell in EXAMPLE)
    return response


@require_GET
def checked(request: ActorRequest, check_id: int) -> HttpResponse:
    """Show what a checked file would change now."""
    require_can_edit_directory(request.actor)
    return _show(request, _find(check_id), OnceForm())


@require_POST
def apply(request: ActorRequest, check_id: int) -> HttpResponse:
    """Change exactly what was shown; where the directory has moved in between, show what it would be now."""
    require_can_edit_directory(request.actor)
    check, form, at = _find(check_id), OnceForm(request.POST), now()
    if form.is_valid():
        try:
            once(
                key=form.cleaned_data["key"],
                caller=caller_of(request.actor),
                request={"apply_people": check.pk},
                at=at,
                do=lambda: str(importing.apply_check(check_id=check.pk, by=request.actor, at=at).pk),
            )
        except DomainError as refusal:
            if isinstance(refusal, NotThere):
                raise
            form.add_error(None, refusal.message)
            return _show(request, _find(check_id), form, status=409 if isinstance(refusal, MovedOn) else 200)
        messages.success(request, f"{check.file_name} is applied")
        return redirect(check)
    return _show(request, check, form)


def _find(check_id: int) -> CheckedFile:
    found = CheckedFile.objects.select_related("checked_by", "applied_by").filter(pk=check_id).first()
    if found is None:
        raise NotThere
    return found


def _show(request: ActorRequest, check: CheckedFile, form: OnceForm, status: int = 200) -> HttpResponse:
    at = now()
    context: dict[str, Any] = {"check": check, "form": form, "now": at, "counts": []}
    if check.applied_at is None:
        found = importing.check_again(check_id=check.pk, by=request.actor, at=at)
        context |= {
            "problems": found.problems[:MOST_SHOWN],
            "groups": [
                {"title": title, "code": effect.value, "count": len(rows), "rows": rows[:MOST_SHOWN]}
                for effect, title in TITLES.items()
                if (rows := found.of(effect))
            ],
            "changes": any(found.counts[effect] for effect in TITLES if effect is not Effect.UNCHANGED),
        }
    context["counts"] = [(title, check.counts.get(effect.value, 0)) for effect, title in TITLES.items()]
    return render(request, "people/checked.html", context, status=status)
