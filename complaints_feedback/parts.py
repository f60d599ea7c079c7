"""What a form says to whom: the same lines on the page, in the PDF and in the personal file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from complaints_feedback import permissions
from complaints_feedback.models import DevelopmentPlan, FeedbackForm, PartTwo, PersonalFileEntry
from complaints_feedback.routing import ALL_FOUR
from complaints_feedback.terms import Channel, Part, Stage, Trigger
from contacthub.actor import Actor
from contacthub.documents.models import Document
from contacthub.errors import NotThere
from contacthub.formats import day_and_time, short_date

COMPLAINT_LETTER, REPLY_LETTER = "complaint_letter", "reply_letter"
FORM, FORM_COPY = "form", "form_copy"  # what we print and attach ourselves: part 1, and both parts
LETTERS = {COMPLAINT_LETTER: "Complaint letter", REPLY_LETTER: "Reply sent to the client"}


@dataclass(frozen=True)
class Line:
    label: str
    value: str


@dataclass(frozen=True)
class Section:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Sheet:
    """One part of a form as its reader sees it; `letters` are those that this reader may open."""

    reference: str
    title: str
    sections: tuple[Section, ...]
    letters: tuple[Document, ...] = ()


def part_1_of(form: FeedbackForm, reader: Actor) -> Sheet:
    """Return part 1 as this reader may see it: the person reads neither letters nor the summary of the call.

    Raises NotThere for whoever may not see it.
    """
    if not permissions.may_see_part_one(reader, form):
        raise NotThere
    return _part_1(form, with_letters=permissions.may_see_letters(reader, form))


def part_2_of(form: FeedbackForm, reader: Actor) -> Sheet:
    """Return part 2, or what is written of it yet. Raises NotThere for whoever may not see it."""
    if not permissions.may_see_part_two(reader, form):
        raise NotThere
    return _part_2(form)


def part_two_of(form: FeedbackForm) -> PartTwo:
    """Return what is written of part 2, an empty one where nothing is yet. Who may read it, `part_2_of` asks."""
    return PartTwo.objects.filter(form=form).first() or PartTwo(form=form)


def plan_of(form: FeedbackForm) -> DevelopmentPlan | None:
    """Return the plan that part 2 goes on with: of those that are open, the last. Who may read it is asked alike."""
    return form.plans.filter(done_on=None).order_by("pk").last()


def for_addressed(form: FeedbackForm) -> list[Sheet]:
    """Return both parts as whoever is sent them reads them."""
    return [_part_1(form, with_letters=True), _part_2(form)]


def content_for_file(form: FeedbackForm) -> dict[str, Any]:
    """Return what the entry of the personal file keeps: both parts as the person reads them, without the letters."""
    parts = [_part_1(form, with_letters=False), _part_2(form)]
    return {"parts": [{"title": part.title, "sections": [asdict(each) for each in part.sections]} for part in parts]}


def sheets_of_entry(entry: PersonalFileEntry) -> list[Sheet]:
    """Return what an entry of a personal file says; who may read it, `open_file_entry` asks."""
    return [
        Sheet(
            entry.form.reference,
            part["title"],
            tuple(Section(each["title"], tuple(Line(**line) for line in each["lines"])) for each in part["sections"]),
        )
        for part in entry.content["parts"]
    ]


def letters_of(form: FeedbackForm) -> dict[str, Document]:
    """Return the letters that count, by their kind: of each the one that was attached last. A complaint by telephone
    has no complaint letter, whatever was attached before that was said (CF-47).
    """
    kinds = [kind for kind in LETTERS if kind != COMPLAINT_LETTER or form.channel != Channel.TELEPHONE]
    found = Document.objects.filter(case_id=form.pk, kind__in=kinds).order_by("pk")
    return {document.kind: document for document in found}


def summary_of(form: FeedbackForm) -> str:
    """Return the summary of the call; another way of complaining has none, whatever was written before."""
    return form.call_summary if form.channel in ("", Channel.TELEPHONE) else ""


def _part_1(form: FeedbackForm, *, with_letters: bool) -> Sheet:
    sections = [
        Section("Complaint", _lines(_complaint(form))),
        Section("What led to it", _lines(_cause(form))),
        Section("Who it is for", _lines(_people(form))),
        Section("Evidence", _lines(_evidence(form))),
        Section("Sent to", _lines(_recipients(form))),
    ]
    if with_letters and (summary := summary_of(form)):
        sections.insert(1, Section("Summary of the call", _lines([("What was said", summary)])))
    letters = tuple(letters_of(form).values()) if with_letters else ()
    return Sheet(form.reference, "Part 1", tuple(sections), letters)


def _part_2(form: FeedbackForm) -> Sheet:
    part = part_two_of(form)
    plans = "\n".join(plan.words for plan in form.plans.order_by("pk"))
    discussion = [
        ("Received", day_and_time(form.received_at) if form.received_at else ""),
        ("Discussed", day_and_time(part.discussed_at) if part.discussed_at else ""),
        ("How", part.how),
        ("Where", part.place),
        ("Recordings listened to", ", ".join(part.recordings) or part.no_recording),
    ]
    history = [
        ("Where in the case it occurred", part.occurred),
        ("How it could have been resolved", part.resolution),
    ]
    outcome = [
        ("Changes agreed", part.changes_agreed),
        ("Development needs", "None" if part.no_development_needs else part.development_needs),
        ("Development plan", plans),
        ("1-2-1 month", f"{part.one_to_one_month:%B %Y}" if part.one_to_one_month else ""),
        ("Opportunity explained", "Yes" if part.opportunity_explained else ""),
        ("Completed", _completed(form, part)),
    ]
    sections = (
        Section("Discussion", _lines(discussion)),
        Section("Case history", _lines(history)),
        Section("What follows", _lines(outcome)),
    )
    return Sheet(form.reference, "Part 2", sections)


def _complaint(form: FeedbackForm) -> list[tuple[str, str]]:
    return [
        ("Complaint reference", form.complaint_reference),
        ("Route", form.get_route_display()),
        ("Made by", Channel(form.channel).label if form.channel else ""),
        ("Received", _day(form.received_on)),
        ("Discussed with the client", _day(form.client_discussed_on)),
        ("What the client said, or why it was not discussed", form.client_discussion),
        ("Complaint", Stage(form.stage).label if form.stage else ""),
        ("Case reviewed under", Stage(form.stage).reviewed_under if form.stage else ""),
    ]


def _cause(form: FeedbackForm) -> list[tuple[str, str]]:
    triggers = [Trigger(each).label if each != Trigger.OTHER else form.other_trigger for each in form.triggers]
    return [
        ("Trigger", "\n".join(triggers)),
        ("What happened", form.what_happened),
        ("Date of the issue", _day(form.issue_on)),
    ]


def _people(form: FeedbackForm) -> list[tuple[str, str]]:
    involved = "\n".join(str(each) for each in form.involved.all())
    agreed = f"{form.agreed_by}, {day_and_time(form.agreed_at)}" if form.agreed_at else ""
    return [
        ("People involved, in order", involved),
        ("Person to receive feedback", str(form.person or "")),
        ("Sent by", str(form.sender)),
        ("Agreed by the sender’s team leader", agreed),
    ]


def _evidence(form: FeedbackForm) -> list[tuple[str, str]]:
    return [
        ("Master case", form.master_case),
        ("Service requests", form.sr_references),
        ("Notes of the service requests", form.sr_notes),
        ("Case views", form.case_views),
    ]


def _recipients(form: FeedbackForm) -> list[tuple[str, str]]:
    named = {Part(each.part): str(each.person) for each in form.recipients.all()}
    order = [*ALL_FOUR, Part.SENIOR_MANAGER]
    return [
        *((part.label, named[part]) for part in order if part in named),
        ("Area", str(form.area or "")),
    ]


def _completed(form: FeedbackForm, part: PartTwo) -> str:
    return f"{part.completed_by}, {day_and_time(form.completed_at)}" if form.completed_at else ""


def _day(of: date | None) -> str:
    return short_date(of) if of else ""


def _lines(told: Iterable[tuple[str, str]]) -> tuple[Line, ...]:
    return tuple(Line(label, value) for label, value in told if value)
