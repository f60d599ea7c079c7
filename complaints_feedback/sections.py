"""The sections of part 1 as its sender works through them: how far each is, and which comes next (CF-29)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from complaints_feedback import services
from complaints_feedback.eligibility import NOBODY_INVOLVED
from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm
from complaints_feedback.parts import LETTERS, letters_of, summary_of
from complaints_feedback.terms import Broken, Channel, Part, Stage, Trigger
from contacthub.formats import short_date

PEOPLE, PERSON, MANAGERS = "people", "person", "managers"
TITLES = {
    "complaint": "Complaint",
    "trigger": "Trigger",
    PEOPLE: "People involved",
    PERSON: "Person",
    "evidence": "Evidence",
    "letters": "Letters",
    MANAGERS: "Managers",
}
# The fields by which the rules name what is missing; each belongs to one section.
FIELDS = {
    "complaint": {"received_on", "channel", "stage", "client_discussed_on", "client_discussion"},
    "trigger": {"triggers", "other_trigger", "what_happened", "issue_on"},
    PEOPLE: {"involved"},
    PERSON: {"person", "staff"},
    "evidence": {"master_case", "sr_references"},
    "letters": {"complaint_letter", "reply_letter", "call_summary"},
    MANAGERS: {*Part.values},
}
ASK, SUBMIT, LIST = "ask", "submit", "form"  # where the sender goes from the sections


@dataclass(frozen=True)
class Section:
    """A section: what it still lacks, and in a line what stands in it."""

    code: str
    missing: tuple[Broken, ...]
    told: str

    @property
    def title(self) -> str:
        return TITLES[self.code]

    @property
    def is_complete(self) -> bool:
        return not self.missing

    @property
    def is_begun(self) -> bool:
        return bool(self.told)


def sections_of(form: FeedbackForm, *, at: datetime) -> list[Section]:
    """Return the sections of part 1 in their order."""
    broken = services.missing_of(form, at=at)
    told = _told(form)
    if not told[PEOPLE] and NOBODY_INVOLVED not in broken:
        broken.append(NOBODY_INVOLVED)
    return [
        Section(code, tuple(each for each in broken if each.field in fields), told[code])
        for code, fields in FIELDS.items()
    ]


def section_of(broken: Broken) -> str:
    """Return the section in which this is put right."""
    return next(code for code, fields in FIELDS.items() if broken.field in fields)


def next_after(code: str, form: FeedbackForm, *, at: datetime) -> str:
    """Return where the sender goes on: the next unfinished section, the list being no stop between.

    Once it is known about whom, the team leader is asked. What was left out comes round again after the last.
    """
    sections = sections_of(form, at=at)
    here = [*FIELDS].index(code)
    is_known = here >= [*FIELDS].index(PERSON) and form.state == FormState.DRAFT
    if is_known and not services.missing_to_ask(form, at=at):
        return ASK
    rest = [*sections[here + 1 :], *sections[:here]]
    following = next((section.code for section in rest if not section.is_complete), "")
    if following or not sections[here].is_complete:
        return following or LIST
    return SUBMIT if form.state == FormState.AGREED else LIST


def _told(form: FeedbackForm) -> dict[str, str]:
    return {
        "complaint": _of_complaint(form),
        "trigger": ", ".join(Trigger(each).label for each in form.triggers) or form.what_happened[:80],
        PEOPLE: ", ".join(str(each.person) for each in form.involved.all()),
        PERSON: str(form.person or ""),
        "evidence": ", ".join(filter(None, [form.master_case, form.sr_references]))[:80],
        "letters": _of_letters(form),
        MANAGERS: ", ".join(str(each.person) for each in form.recipients.all()),
    }


def _of_complaint(form: FeedbackForm) -> str:
    told = [
        f"by {Channel(form.channel).label.lower()}" if form.channel else "",
        Stage(form.stage).label.lower() if form.stage else "",
        f"received {short_date(form.received_on)}" if form.received_on else "",
    ]
    known = ", ".join(filter(None, told))
    return f"{form.complaint_reference}, {known}" if known else ""


def _of_letters(form: FeedbackForm) -> str:
    told = [f"{LETTERS[kind]} attached" for kind in letters_of(form)]
    if summary_of(form):
        told.insert(0, "Summary of the call written")
    return ", ".join(told)
