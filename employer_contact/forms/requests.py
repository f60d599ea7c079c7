"""The shape of what comes in for a service request and its steps, and the words of its errors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any

from django import forms

from contacthub.formats import telephone
from contacthub.people.models import StaffMember
from contacthub.submissions.forms import OnceForm, ReasonForm
from contacthub.ui import listing
from contacthub.ui.fields import LONG, Day, ManyLines, Moment, OneLine, Telephone, words_field
from contacthub.ui.listing import Choice
from employer_contact.forms.calls import LINE, NotedForm
from employer_contact.forms.changing import LinesForm
from employer_contact.lifecycle import RequestState
from employer_contact.models.accounts import EARN
from employer_contact.raising import Choices, Choosable
from employer_contact.services import Details
from employer_contact.services.requests import KIND
from employer_contact.taxonomy import AREAS, NO_ACTIVE_LINK, Need
from employer_contact.terms import How

PARENTS = {
    Need.ONE_PARENT: "Paying parent",
    Need.SEVERAL_PARENTS: "Paying parents",
    Need.ANY_PARENTS: "Paying parents (optional)",
}


class RequestForm(OnceForm):
    """A service request to raise: only what this kind needs; everything that is known is filled in."""

    kind = forms.ChoiceField(
        label="Which one?",
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": KIND},
    )

    def __init__(self, *args: Any, choosable: Choosable, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choosable = choosable
        kind = self.fields["kind"]
        if isinstance(kind, forms.ChoiceField):
            kind.choices = [(one.code, " / ".join(one.triple)) for one in choosable.kinds]
        if len(choosable.kinds) == 1:
            kind.initial, kind.widget = choosable.kinds[0].code, forms.HiddenInput()
        for need in choosable.needs:
            ADD[need](self, choosable)
        self.order_fields([name for name in self.fields if name not in NotedForm.base_fields])

    @property
    def closed(self) -> str:
        """Return why it cannot be raised at all: an agent acts for nobody today (EC-68)."""
        acts = self.choosable.employers or self.choosable.employer_is_typed
        return "" if acts or Need.EMPLOYER not in self.choosable.needs else NO_ACTIVE_LINK

    @property
    def asked(self) -> list[forms.BoundField]:
        """Return the fields of what it needs besides its kind."""
        apart = {"kind", "made", *NotedForm.base_fields}
        return [self[name] for name in self.fields if name not in apart]

    def clean_others(self) -> list[str]:
        """Return the references of paying parents that were typed, one a line."""
        found = {line.strip(): self.choosable.find_parent(line) for line in self.cleaned_data["others"].splitlines()}
        unknown = [typed for typed, reference in found.items() if typed and not reference]
        if unknown:
            raise forms.ValidationError(
                f"{', '.join(unknown)}: no paying parent of this employer. Check it, or take it out and write it in"
                " the notes"
            )
        return [reference for reference in found.values() if reference]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.closed:
            raise forms.ValidationError(self.closed, code="no_active_link")
        picked = cleaned.pop("paying_parents", None) or []
        parents = [picked] if isinstance(picked, str) else list(picked)
        month = cleaned.pop("month", None)
        cleaned["details"] = Details(
            employer=cleaned.pop("employer", "") or self.choosable.employer,
            paying_parents=tuple(dict.fromkeys([*parents, *(cleaned.pop("others", None) or [])])),
            from_month=month or cleaned.pop("from_month", None),
            to_month=cleaned.pop("to_month", None),
            earlier=cleaned.pop("earlier_complaint", ""),
            earlier_on=cleaned.pop("earlier_on", None),
            earlier_reference=cleaned.pop("earlier_reference", ""),
        )
        return cleaned


class TypedEmployer(OneLine):
    """The employer an agent asks about, where it acts for more than a list can show."""

    def __init__(self, choosable: Choosable) -> None:
        self.found = choosable.employer
        super().__init__(
            label="Employer the agent is asking about",
            help_text="ERN, or the whole name: this agent acts for many employers",
            required=False,
            max_length=LINE,
            initial=self.found,
            error_messages={"max_length": f"The employer must be {LINE} characters or fewer"},
            widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        )

    def clean(self, value: Any) -> str:
        typed = super().clean(value)
        if typed and not self.found:
            raise forms.ValidationError(
                "This agent acts for no employer with this ERN or name. Check it, or use the ERN"
            )
        return self.found if typed else ""


class CallRequestForm(RequestForm, NotedForm):
    """In a call the notes stand beside it. `made` is how many were raised for the reason when the page was shown."""

    made = forms.IntegerField(required=False, widget=forms.HiddenInput)


def _ask_employer(form: RequestForm, choosable: Choosable) -> None:
    if form.closed:
        return
    if choosable.employer_is_typed:
        form.fields["employer"] = TypedEmployer(choosable)
        return
    choices = [(ern, name) for ern, name in choosable.employers]
    form.fields["employer"] = forms.ChoiceField(
        label="Employer the agent is asking about",
        choices=[("", "Select the employer"), *choices],
        initial=choosable.employer,
        required=False,
        error_messages={"invalid_choice": "Select the employer that the agent is asking about"},
    )


def _ask_one_parent(form: RequestForm, choosable: Choosable) -> None:
    field = forms.ChoiceField(
        label=PARENTS[Need.ONE_PARENT],
        choices=choosable.parents,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Select the paying parent"},
    )
    form.fields["paying_parents"] = field
    form.fields["others"] = _typed("Or by National Insurance number, 12-digit reference or whole name", rows=1)


def _ask_parents(form: RequestForm, choosable: Choosable) -> None:
    need = next(need for need in choosable.needs if need in PARENTS)
    form.fields["paying_parents"] = forms.MultipleChoiceField(
        label=PARENTS[need],
        choices=choosable.parents,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Select the paying parents"},
    )
    form.fields["others"] = _typed("Others by National Insurance number, 12-digit reference or whole name, one a line")


def _typed(label: str, *, rows: int = 2) -> ManyLines:
    return ManyLines(
        label=label,
        required=False,
        max_length=LONG,
        error_messages={"max_length": f"Paying parents must be {LONG:,} characters or fewer"},
        widget=forms.Textarea(attrs={"rows": rows, "class": "app-textarea--low", "spellcheck": "false"}),
    )


def _month(label: str, months: Sequence[date], initial: date | None) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label,
        choices=[("", "Not said"), *((month.isoformat(), f"{month:%B %Y}") for month in months)],
        coerce=date.fromisoformat,
        empty_value=None,
        initial=initial.isoformat() if initial else "",
        required=False,
        error_messages={"invalid_choice": "Select a month"},
    )


def _ask_month(form: RequestForm, choosable: Choosable) -> None:
    form.fields["month"] = _month("Deductions of", choosable.months, choosable.newest_month)


def _ask_months(form: RequestForm, choosable: Choosable) -> None:
    months = choosable.months
    form.fields["from_month"] = _month("From", months, months[-1] if months else None)
    form.fields["to_month"] = _month("To", months, months[0] if months else None)


def _ask_earlier_complaint(form: RequestForm, choosable: Choosable) -> None:
    form.fields["earlier_complaint"] = forms.ChoiceField(
        label="Earlier complaint about the same issue",
        help_text="Needed for Review",
        choices=[("", "None of these, or not in ContactHub"), *choosable.complaints],
        required=False,
        initial=choosable.complaints[0][0] if len(choosable.complaints) == 1 else "",
        error_messages={"invalid_choice": "Select the earlier complaint"},
    )
    form.fields["earlier_on"] = Day(label="Its date, where it is not in ContactHub", required=False)
    form.fields["earlier_reference"] = OneLine(
        label="Its reference, where it is not in ContactHub",
        required=False,
        max_length=40,
        error_messages={"max_length": "The reference must be 40 characters or fewer"},
    )


ADD: dict[Need, Callable[[RequestForm, Choosable], None]] = {
    Need.EMPLOYER: _ask_employer,
    Need.ONE_PARENT: _ask_one_parent,
    Need.SEVERAL_PARENTS: _ask_parents,
    Need.ANY_PARENTS: _ask_parents,
    Need.MONTH: _ask_month,
    Need.MONTHS: _ask_months,
    Need.EARLIER_COMPLAINT: _ask_earlier_complaint,
}


def _words(label: str, *, rows: int = 2) -> ManyLines:
    made = words_field(label, "", rows=rows)
    made.required = False
    made.widget.attrs["class"] = "app-textarea--low"
    return made


def _day(label: str) -> Day:
    return Day(
        label=label,
        help_text="Like 4/6/2026",
        required=False,
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )


class Earn(OneLine):
    """The EARN of an agent in any spacing and case, kept as "EA9000001"."""

    def __init__(self) -> None:
        attrs = {"class": "govuk-input--width-10", "autocomplete": "off", "spellcheck": "false"}
        super().__init__(label="EARN of the agent", required=False, widget=forms.TextInput(attrs=attrs))

    def to_python(self, value: Any) -> str:
        typed = super().to_python(value).replace(" ", "").upper()
        if typed and not re.fullmatch(EARN, typed):
            raise forms.ValidationError("Enter an EARN in the correct format, like EA9000001", code="invalid")
        return typed


class StepForm(OnceForm):
    """What completes a step; the service says what is missing."""

    words = _words("Anything to note (optional)")


class NoteForm(OnceForm):
    words = _words("What was done or said")


class ElsewhereForm(OnceForm):
    """A step whose doing lies elsewhere."""

    done_on = _day("Day it was done")
    reference = OneLine(
        label="Reference (optional)",
        required=False,
        max_length=100,
        error_messages={"max_length": "The reference must be 100 characters or fewer"},
    )
    words = _words("Answer, or what was sent and how")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].initial = today


class RaisedForm(OnceForm):
    """A step that a further request answers."""

    raised = forms.ChoiceField(
        label="Service request that was raised",
        required=False,
        error_messages={"invalid_choice": "Select the service request that was raised"},
    )
    words = _words("Anything to note (optional)")

    def __init__(self, *args: Any, others: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["raised"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Select the service request"), *others]
        if len(others) == 1:
            field.initial = others[0][0]


class CaseUpdateForm(OnceForm):
    words = _words("Case update", rows=4)


class ReasonNotNeededForm(ReasonForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "Why it is not needed"


class AskForCallbackForm(OnceForm):
    telephone = Telephone(
        label="Number to call",
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    words = ManyLines(
        label="What to say to them",
        required=False,
        max_length=LONG,
        error_messages={"max_length": f"What to say must be {LONG:,} characters or fewer"},
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )

    def __init__(self, *args: Any, number: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["telephone"].initial = telephone(number) if number else ""


class WaitForm(OnceForm):
    waits_for = OneLine(
        label="On whom it waits, and for what",
        required=False,
        max_length=LINE,
        error_messages={"max_length": f"On whom it waits must be {LINE} characters or fewer"},
    )
    until = Moment(label="Until", required=False)


class ReassignForm(ReasonForm):
    to_id = forms.TypedChoiceField(
        label="To whom",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Select a colleague of employer payments"},
    )

    def __init__(self, *args: Any, colleagues: Sequence[StaffMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to_id"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Select a colleague"), *((person.pk, person.name) for person in colleagues)]


class RequestFilterForm(listing.FilterForm):
    """What to show of the service requests."""

    state = Choice("State", RequestState.choices)
    area = Choice("Area", [(area, area) for area in AREAS])
    owner = Choice("With", anything="Anybody")

    def __init__(self, *args: Any, colleagues: Iterable[StaffMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = [(person.pk, person.name) for person in colleagues]
        if people:
            self.choice("owner").offer(people)
        else:
            del self.fields["owner"]


class PartyRequestFilterForm(listing.FilterForm):
    """What to show of the service requests of one employer or agent."""

    area = Choice("Area", [(area, area) for area in AREAS])


class LinkForm(OnceForm):
    """An agent to link: its record is made where it has none."""

    earn = Earn()
    name = OneLine(
        label="Company name, where the agent has no record yet",
        required=False,
        max_length=LINE,
        error_messages={"max_length": f"The company name must be {LINE} characters or fewer"},
    )
    starts_on = _day("First day")
    may_do = OneLine(
        label="What the agent may do (optional)",
        required=False,
        max_length=LINE,
        error_messages={"max_length": f"What the agent may do must be {LINE} characters or fewer"},
    )
    gets_schedule = forms.BooleanField(label="Gets the DEO schedule", required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = today


class EndLinkForm(OnceForm):
    link_id = forms.TypedChoiceField(
        label="Agent whose link ends",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Select the agent whose link ends"},
    )
    ends_on = _day("Last day")

    def __init__(self, *args: Any, links: Choices, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["link_id"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Select the agent"), *links]
        if len(links) == 1:
            field.initial = links[0][0]
        self.fields["ends_on"].initial = today


class StepLinesForm(LinesForm):
    """The lines of the paying parents of a request; words explain those that stay as they are."""

    words = _words("Why lines stay as they are (optional)")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if self.errors:
            return given
        kept = {name: given[name] for name in ("key", "words")}
        return kept | {"updates": self.updates, "unknown": self.unknown}


class TellForm(OnceForm):
    how = forms.ChoiceField(
        label="How it is confirmed",
        choices=How.choices,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": "Select how it is confirmed"},
    )
    words = _words("What to say, or what was said (optional)")


class FollowUpForm(OnceForm):
    words = _words("What to investigate")
    until = Moment(label="By when", required=False)
