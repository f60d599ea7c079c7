"""What the receiving team leader fills in. What is missing may follow later: the rules ask for it at the end."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from complaints_feedback.coaching import Development, OneToOne, Recordings, Told
from complaints_feedback.forms.part_one import LINE, SectionForm, day, line, one_of, text
from complaints_feedback.models import FeedbackForm
from complaints_feedback.parts import part_two_of, plan_of
from contacthub.formats import time_of_day, uk_day
from contacthub.submissions.forms import OnceForm
from contacthub.ui.fields import Moment, TimeOfDay

LONGEST_REFERENCE = 60  # characters of one in Verint
MONTHS_AHEAD = 3


class StepForm(SectionForm):
    """A step of part 2; its long texts name who reads them, which stands above each."""

    FIELDS: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["aria-describedby"] = f"id_{name}-seen"

    @classmethod
    def stored(cls, form: FeedbackForm) -> dict[str, Any]:
        part = part_two_of(form)
        return {name: getattr(part, name) for name in cls.FIELDS}


class RecordingsForm(StepForm):
    FIELDS = ("recordings", "no_recording")

    recordings = text("Recordings you listened to", rows=3, help_text="Their references in Verint, one a line")
    no_recording = text("Why there is no recording", rows=2, help_text="Only where Verint has none of this case")

    @classmethod
    def stored(cls, form: FeedbackForm) -> dict[str, Any]:
        found = super().stored(form)
        return found | {"recordings": "\n".join(found["recordings"])}

    def clean_recordings(self) -> list[str]:
        found = [one.strip() for one in self.cleaned_data["recordings"].splitlines() if one.strip()]
        if any(len(one) > LONGEST_REFERENCE for one in found):
            raise forms.ValidationError(f"Each reference must be {LONGEST_REFERENCE} characters or fewer, one a line")
        return found

    @property
    def given(self) -> Recordings:
        return Recordings(**{name: self.cleaned_data[name] for name in self.FIELDS})


class DiscussionForm(StepForm):
    """`discussed_at` asks for the day, `discussed_time` for the time; what is wrong with both stands at the day."""

    FIELDS = ("discussed_at", "how", "place", "occurred", "resolution", "changes_agreed", "opportunity_explained")

    discussed_at = day("Day")
    discussed_time = TimeOfDay(
        label="Time",
        required=False,
        help_text="For example, 9:30am",
        widget=forms.TextInput(attrs={"class": "govuk-input--width-5", "autocomplete": "off", "spellcheck": "false"}),
    )
    how = line(
        "How did you give the feedback?", longest=LINE, width="", help_text="One to one at desks wherever possible"
    )
    place = line("Where?", longest=LINE, width="")
    occurred = text("Where in the case did the issue occur?", rows=3)
    resolution = text("How could it have been resolved?", rows=3)
    changes_agreed = text("What changes did you agree?", rows=3)
    opportunity_explained = forms.BooleanField(required=False)

    def __init__(self, *args: Any, person: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["opportunity_explained"].label = f"I explained this to {person}"

    @classmethod
    def stored(cls, form: FeedbackForm) -> dict[str, Any]:
        found = super().stored(form)
        at = found["discussed_at"]
        when = {"discussed_at": uk_day(at), "discussed_time": time_of_day(at)} if at else {}
        return found | when

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        on, time = found.get("discussed_at"), found.get("discussed_time")
        if on and time:
            try:
                found["moment"] = Moment(label="When you discussed it").to_python(f"{on}T{time}")
            except forms.ValidationError as refused:
                self.add_error("discussed_time", refused)
        elif on and "discussed_time" not in self.errors:
            self.add_error("discussed_time", "Enter the time you discussed it")
        elif time and "discussed_at" not in self.errors:
            self.add_error("discussed_at", "Enter the day you discussed it")
        return found

    @property
    def given(self) -> Told:
        told = {name: self.cleaned_data[name] for name in self.FIELDS}
        return Told(**told | {"discussed_at": self.cleaned_data.get("moment")})


class DevelopmentForm(StepForm):
    """The needs, and the plan for them, which is kept as a row of its own."""

    FIELDS = ("development_needs", "no_development_needs")

    development_needs = text("Development needs", rows=3)
    no_development_needs = forms.BooleanField(label="There are no development needs", required=False)
    words = text("Development plan", rows=3, help_text="What is done about them, by whom and by when")

    @classmethod
    def stored(cls, form: FeedbackForm) -> dict[str, Any]:
        plan = plan_of(form)
        return super().stored(form) | {"words": plan.words if plan else ""}

    @property
    def given(self) -> Development:
        return Development(**{name: self.cleaned_data[name] for name in self.FIELDS})


class OneToOneForm(StepForm):
    """The months from the discussion on; this one is chosen already."""

    FIELDS = ("one_to_one_month",)

    one_to_one_month = one_of(
        "In the 1-2-1 of which month do you document it?",
        [],
        required="Select the month of the 1-2-1 in which you document it",
    )

    def __init__(self, *args: Any, first: date, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        month = self.fields["one_to_one_month"]
        this = today.replace(day=1)
        self.initial["one_to_one_month"] = self.initial.get("one_to_one_month") or this
        if isinstance(month, forms.ChoiceField):
            month.choices = [(one.isoformat(), f"{one:%B %Y}") for one in months(first.replace(day=1), until=this)]

    @property
    def given(self) -> OneToOne:
        month = self.cleaned_data["one_to_one_month"]
        return OneToOne(one_to_one_month=date.fromisoformat(month) if month else None)


class ClosePlanForm(OnceForm):
    """What became of a development plan."""

    done_on = day("Day it was done")
    words = text("What was done", rows=3)


def months(first: date, *, until: date) -> list[date]:
    """Return the first days of the months from the first one to some after this one."""
    numbers = range(first.year * 12 + first.month - 1, until.year * 12 + until.month + MONTHS_AHEAD)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]
