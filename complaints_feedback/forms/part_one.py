"""What the sender of a form fills in. What is missing may follow later: the rules ask for it at the end."""

from __future__ import annotations

import hashlib
from typing import Any

from django import forms

from complaints_feedback.models import FeedbackForm
from complaints_feedback.parts import COMPLAINT_LETTER
from complaints_feedback.services import Cause, Complaint, Evidence
from complaints_feedback.terms import Channel, Part, Route, Stage, Trigger
from contacthub.documents.forms import document_field
from contacthub.people.models import StaffMember
from contacthub.submissions.forms import OnceForm
from contacthub.ui.fields import LONG, Day, ManyLines, OneLine

REFERENCE, LINE = 40, 200  # characters


def text(label: str, *, rows: int = 4, help_text: str = "") -> ManyLines:
    return ManyLines(
        label=label,
        help_text=help_text,
        required=False,
        max_length=LONG,
        error_messages={"max_length": f"{label} must be {LONG:,} characters or fewer"},
        widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}),
    )


def day(label: str) -> Day:
    widget = forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10", "autocomplete": "off"})
    return Day(label=label, required=False, help_text="For example, 31/8/2026", widget=widget)


def line(label: str, *, longest: int, help_text: str = "", required: str = "", width: str = "20") -> OneLine:
    """Return a field for a name or number, `width` characters wide; without, as wide as the page, for words."""
    size = {"class": f"govuk-input--width-{width}", "spellcheck": "false"} if width else {}
    return OneLine(
        label=label,
        help_text=help_text,
        required=bool(required),
        max_length=longest,
        error_messages={"required": required, "max_length": f"{label} must be {longest} characters or fewer"},
        widget=forms.TextInput(attrs={"autocomplete": "off", **size}),
    )


def one_of(label: str, choices: Any, *, required: str) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": required, "required": required},
    )


class StartForm(OnceForm):
    complaint_reference = line(
        "Complaint reference",
        longest=REFERENCE,
        help_text="As it stands in Respond",
        required="Enter the complaint reference from Respond",
    )
    route = one_of("Your team", Route.choices, required="Select your team")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["route"].required = True


class SectionForm(OnceForm):
    """A section of part 1; `seen` is what stood there when the page was opened, so that no other window is overwritten
    unseen.
    """

    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)

    @classmethod
    def stored(cls, form: FeedbackForm) -> dict[str, Any]:
        """Return what stands in the section."""
        raise NotImplementedError

    @classmethod
    def mark(cls, form: FeedbackForm) -> str:
        return hashlib.sha256(repr(sorted(cls.stored(form).items())).encode()).hexdigest()


class ComplaintForm(SectionForm):
    channel = one_of("How was the complaint made?", Channel.choices, required="Select how the complaint was made")
    stage = one_of(
        "Which complaint is it?", Stage.choices, required="Select if this is the first complaint about the issue"
    )
    received_on = day("Date the complaint was received")
    client_discussed_on = day("Date you discussed it with the client (optional)")
    client_discussion = text("What the client said, or why you have not discussed it with them")

    @classmethod
    def stored(cls, form: FeedbackForm) -> dict[str, Any]:
        return {name: getattr(form, name) for name in Complaint.__dataclass_fields__}

    @property
    def given(self) -> Complaint:
        told = {name: self.cleaned_data[name] for name in Complaint.__dataclass_fields__}
        told["channel"] = Channel(told["channel"]) if told["channel"] else None
        told["stage"] = Stage(told["stage"]) if told["stage"] else None
        return Complaint(**told)


class CauseForm(SectionForm):
    """Each trigger is a box of its own, which a draft can keep."""

    not_carried_out = forms.BooleanField(label=Trigger.NOT_CARRIED_OUT.label, required=False)
    incorrect_incomplete = forms.BooleanField(label=Trigger.INCORRECT.label, required=False)
    not_informed = forms.BooleanField(label=Trigger.NOT_INFORMED.label, required=False)
    promise_not_kept = forms.BooleanField(label=Trigger.PROMISE.label, required=False)
    other = forms.BooleanField(label=Trigger.OTHER.label, required=False)
    other_trigger = text("What else led to the complaint", rows=2)
    what_happened = text("What happened")
    issue_on = day("Date of the issue")

    @classmethod
    def stored(cls, form: FeedbackForm) -> dict[str, Any]:
        told = {name: getattr(form, name) for name in ("other_trigger", "what_happened", "issue_on")}
        return told | {trigger.value: trigger in form.triggers for trigger in Trigger}

    @property
    def triggers(self) -> list[forms.BoundField]:
        return [self[trigger.value] for trigger in Trigger]

    @property
    def given(self) -> Cause:
        told = self.cleaned_data
        return Cause(
            triggers=[trigger for trigger in Trigger if told[trigger.value]],
            other_trigger=told["other_trigger"],
            what_happened=told["what_happened"],
            issue_on=told["issue_on"],
        )


class EvidenceForm(SectionForm):
    master_case = line("Master case number", longest=REFERENCE)
    sr_references = text("Service requests", rows=2, help_text="Their references, one a line")
    sr_notes = text("Notes of the service requests", help_text="What they say of who did what")
    case_views = text("Case views", help_text="What they show of who did what")

    @classmethod
    def stored(cls, form: FeedbackForm) -> dict[str, Any]:
        return {name: getattr(form, name) for name in Evidence.__dataclass_fields__}

    @property
    def given(self) -> Evidence:
        return Evidence(**{name: self.cleaned_data[name] for name in Evidence.__dataclass_fields__})


class PersonForm(OnceForm):
    """Who receives the feedback: the last of those involved is chosen already."""

    person = forms.TypedChoiceField(
        label="Who should receive the feedback?",
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Select the person who should receive the feedback",
            "invalid_choice": "Select the person who should receive the feedback",
        },
    )

    def __init__(self, *args: Any, involved: list[StaffMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person = self.fields["person"]
        if isinstance(person, forms.ChoiceField):
            person.choices = [(one.pk, one.name) for one in involved]


class LettersForm(OnceForm):
    """What is chosen is attached, in place of an earlier one; a complaint by telephone has a summary in its place."""

    complaint_letter = document_field("Complaint letter", "Select the complaint letter")
    call_summary = text("Summary of the call", rows=6)
    reply_letter = document_field("Reply sent to the client", "Select the reply sent to the client")

    def __init__(self, *args: Any, channel: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.FileField):
                field.required = False
        if channel == Channel.TELEPHONE:
            del self.fields[COMPLAINT_LETTER]
        elif channel:
            del self.fields["call_summary"]


class NameForm(OnceForm):
    """Who acts for a post that is vacant, by the name or staff number in the directory."""

    staff = line("Name or staff number", longest=LINE)
    words = text("Why they act for the post", rows=2)
    part = forms.ChoiceField(choices=Part.choices, widget=forms.HiddenInput)


class AreaForm(OnceForm):
    area = forms.TypedChoiceField(
        label="Area",
        coerce=int,
        error_messages={"required": "Select the area", "invalid_choice": "Select the area"},
        widget=forms.Select,
    )
    reason = text("Why another area confirms the managers", rows=2)

    def __init__(self, *args: Any, areas: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        area = self.fields["area"]
        if isinstance(area, forms.ChoiceField):
            area.choices = areas


class AddForm(OnceForm):
    """Somebody who was involved: typed, or pressed among those who fit."""

    q = line("Name or staff number", longest=LINE, help_text="Add them in the order in which they were involved")
    person = forms.IntegerField(required=False, widget=forms.HiddenInput)
