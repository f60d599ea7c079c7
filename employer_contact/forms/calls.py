"""The shape of what comes in during a call, and the words of its errors."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django import forms

from contacthub.deadlines.models import FollowUpKind
from contacthub.documents.file_types import CORRESPONDENCE, named
from contacthub.documents.forms import documents_field
from contacthub.people.models import StaffMember
from contacthub.submissions.forms import KeepForm, OnceForm
from contacthub.ui import listing
from contacthub.ui.fields import LONG, Day, EmailAddress, ManyLines, OneLine, Telephone
from employer_contact.lifecycle import ContactState
from employer_contact.models import AskedQuestion, Contact, ReasonGiven
from employer_contact.noting import digest
from employer_contact.security import AfterFailure, Outcome
from employer_contact.services.wrapping import NOTHING_OFFERED
from employer_contact.terms import Channel, Direction, Ending
from employer_contact.wrap_up import endings, field_of

LINE = 200
FAX = "e_fax"
EXPECTED_CHOICES = [
    (FollowUpKind.CALL.value, "A call, within 2 working days"),
    (FollowUpKind.POST.value, "Post, within 5 working days"),
    (FollowUpKind.LETTER.value, "A letter: we send one to complete and return, within 1 working day"),
]
NOTED = ("caller_name", "notes", "notes_seen")


class NewCallForm(OnceForm):
    """A contact to open: what the telephone gave, or what a caseworker says of it."""

    channel = forms.TypedChoiceField(
        label="How it came",
        coerce=Channel,
        choices=Channel.choices,
        initial=Channel.TELEPHONE,
        widget=forms.RadioSelect,
        error_messages={"required": "Select how the contact came"},
    )
    direction = forms.TypedChoiceField(
        label="Who began",
        coerce=Direction,
        choices=[(Direction.INBOUND, "They contact us"), (Direction.OUTBOUND, "We contact them")],
        initial=Direction.INBOUND,
        widget=forms.RadioSelect,
        error_messages={"required": "Select who began"},
    )
    number_keyed = OneLine(
        label="Number the caller keyed",
        help_text="Their ERN, if they keyed one",
        required=False,
        max_length=40,
        error_messages={"max_length": "The number keyed must be 40 characters or fewer"},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    came_as = documents_field(
        "Scan of the letter or fax, or the email as it was saved (optional)",
        help_text=named(CORRESPONDENCE).removeprefix("a "),
        taken=CORRESPONDENCE,
    )
    calling_number = Telephone(required=False, widget=forms.HiddenInput)
    call_id = OneLine(required=False, max_length=100, widget=forms.HiddenInput)
    party = OneLine(required=False, max_length=LINE, widget=forms.HiddenInput)

    def clean_number_keyed(self) -> str:
        return str(self.cleaned_data["number_keyed"]).replace(" ", "")


class NotedForm(OnceForm):
    """What stands on every step of a call: who speaks, and what they say; with a digest of both as the page showed
    them, so that what another page kept since is not taken back.
    """

    caller_name = OneLine(
        label="Caller’s name (optional)",
        required=False,
        max_length=LINE,
        error_messages={"max_length": f"The caller’s name must be {LINE} characters or fewer"},
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    notes = ManyLines(
        label="Notes",
        required=False,
        max_length=LONG,
        error_messages={"max_length": f"Notes must be {LONG:,} characters or fewer"},
        # A browser that puts back what was typed beside a newer digest would take back what was kept since.
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "class": "app-textarea--low", "autocomplete": "off"}),
    )
    notes_seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


def noted(contact: Contact) -> dict[str, str]:
    """Return what a form of a call begins with: the notes as they are kept."""
    seen = digest(contact.caller_name, contact.notes)
    return {"caller_name": contact.caller_name, "notes": contact.notes, "notes_seen": seen}


def typed_in(form: forms.Form | None, *, but: Iterable[str] = ()) -> list[tuple[str, str]]:
    """Return what somebody wrote into a form that was sent, with the labels: for a page that has not these boxes."""
    if form is None or not form.is_bound:
        return []
    chosen = (forms.ChoiceField, forms.BooleanField)
    written = [box for box in form.visible_fields() if not isinstance(box.field, chosen) and box.name not in but]
    return [(str(box.label), text) for box in written if (text := str(box.value() or "").strip())]


class KeptNotesForm(KeepForm):
    """What the script of a page hands over while somebody types: the fields by name, of which the notes are kept."""

    place = None  # type: ignore[assignment]  # it is kept with the contact
    notes_seen = forms.CharField(required=False, max_length=40)

    def clean_words(self) -> dict[str, str]:
        words = super().clean_words()
        name = OneLine(required=False).clean(words.get("caller_name", ""))[:LINE]
        return {"caller_name": name, "notes": ManyLines(required=False, max_length=LONG).clean(words.get("notes", ""))}


class PartyForm(NotedForm):
    """Who asks: what to look for, or the ERN or EARN of the one that was chosen."""

    sought = OneLine(
        label="Name, ERN, EARN, postcode, telephone, email or National Insurance number",
        required=False,
        max_length=LINE,
        error_messages={"max_length": f"What to look for must be {LINE} characters or fewer"},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    party = OneLine(required=False, max_length=LINE, widget=forms.HiddenInput)


class ChoosePartyForm(PartyForm):
    """The party that a button names: an ERN or EARN, or an EARN and after it the ERN that the agent asks about."""

    def clean(self) -> dict[str, Any]:
        """Leave out what was looked for: it chose nobody."""
        cleaned = super().clean() or {}
        cleaned.pop("sought", None)
        cleaned["party"], _, cleaned["about"] = cleaned.get("party", "").partition(" ")
        return cleaned


class AnswerForm(NotedForm):
    """What became of each question that is asked; never what the caller said.

    `prefers_fax` says what is held, where the form is shown.
    """

    def __init__(
        self, *args: Any, questions: Sequence[AskedQuestion], prefers_fax: Callable[[], bool], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.codes = [one.question.code for one in questions]
        for one in questions:
            self.fields[one.question.code] = forms.ChoiceField(
                label=one.label, choices=Outcome.choices, required=False, widget=forms.RadioSelect
            )
        self.fields["gives_up"] = forms.BooleanField(required=False, widget=forms.HiddenInput)
        if FAX in self.codes:
            self.fields["prefers_fax"] = forms.BooleanField(
                label="Fax is the preferred method",
                required=False,
                initial=prefers_fax,
                widget=forms.CheckboxInput(attrs={"autocomplete": "off"}),
            )
        self.order_fields([*self.codes, "prefers_fax"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        answers = {code: cleaned.pop(code, "") for code in self.codes}
        cleaned["answers"] = {code: Outcome(outcome) for code, outcome in answers.items() if outcome}
        return cleaned


class ReasonsForm(NotedForm):
    """Ticks of the reasons that are open to the party; `find` narrows them."""

    find = OneLine(
        required=False,
        max_length=LINE,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "autofocus": True}),
    )
    reasons = forms.MultipleChoiceField(
        label="Reason for the contact",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "Select the reason for the contact"},
    )

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["reasons"]
        if isinstance(field, forms.MultipleChoiceField):
            field.choices = list(choices)


class OneReasonForm(NotedForm):
    """One reason, by its code, that a button names."""

    reason = forms.CharField(max_length=40, widget=forms.HiddenInput)


def _expected_on() -> Day:
    """Return the box for the day on which a call or post is expected, or a letter sent, where they named one."""
    return Day(
        label="By which day (optional)",
        help_text="Where they named one, like 31/8/2026",
        required=False,
        widget=forms.DateInput(format="%d/%m/%Y", attrs={"class": "govuk-input--width-10", "autocomplete": "off"}),
    )


class IdentityForm(NotedForm):
    """Where the identity email goes: to the address on record, unless another one was given on this call.

    Its page has a box besides for what comes instead: of each button only its own box counts, and both keep what was
    typed.
    """

    OTHERS_BOX = "expected_on"
    address = EmailAddress(
        label="Another address, given on this call (optional)",
        required=False,
        max_length=320,
        error_messages={"max_length": "Email address must be 320 characters or fewer"},
        widget=forms.TextInput(
            attrs={"type": "text", "inputmode": "email", "autocomplete": "off", "spellcheck": "false", "dir": "ltr"}
        ),
    )
    expected_on = _expected_on()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned.pop(self.OTHERS_BOX, None)
        self.errors.pop(self.OTHERS_BOX, None)
        return cleaned


class InsteadForm(IdentityForm):
    """What comes in place of the identity email: a button names it."""

    OTHERS_BOX = "address"
    fallback = forms.CharField(max_length=20, required=False, widget=forms.HiddenInput)


class AttachForm(NotedForm):
    """The request that a contact is about, by its reference, and the reason that it answers, by its code: one button
    names both.
    """

    service_request = forms.CharField(max_length=LINE, required=False, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)


class FinishForm(NotedForm):
    """What a contact needs to end, by where it stands; what is missing, the service says."""

    def __init__(
        self,
        *args: Any,
        given: Sequence[ReasonGiven],
        failed: bool,
        numbers: Sequence[str],
        identified: bool,
        expects: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.given = given
        self.codes = [] if failed else [one.reason.code for one in given if one.needs_words]
        if failed:
            self._ask_what_is_offered(numbers)
        elif given:
            self._ask_why_none(given)
        else:
            self._ask_why_without_reason(identified=identified, expects=expects)
        self.order_fields([name for name in self.fields if name not in NotedForm.base_fields])

    def _ask_what_is_offered(self, numbers: Sequence[str]) -> None:
        """Offer to call back only where a number is held, which is named and not shown."""
        choices = [one for one in AfterFailure.choices if numbers or one[0] != AfterFailure.CALL_BACK]
        self.fields["offer"] = forms.ChoiceField(
            label="What you offer",
            choices=[*choices, (NOTHING_OFFERED, "Nothing: they will ring again")],
            required=False,
            widget=forms.RadioSelect,
        )
        if len(numbers) > 1:
            self.fields["number"] = forms.ChoiceField(
                label="Which number, where we call back",
                choices=[(name, name) for name in numbers],
                initial=numbers[0],
                required=False,
                widget=forms.RadioSelect,
            )

    def _ask_why_none(self, given: Sequence[ReasonGiven]) -> None:
        for one in given:
            if not one.needs_words:
                continue
            self.fields[field_of(one.reason.code)] = OneLine(
                label="No service request needed, because",
                required=False,
                initial=one.why_none,
                max_length=LINE,
                error_messages={"max_length": f"The words must be {LINE} characters or fewer"},
            )

    def _ask_why_without_reason(self, *, identified: bool, expects: bool) -> None:
        """Ask also what to expect, unless the team expects it already."""
        self.fields["ending"] = forms.ChoiceField(
            label="Why this ends without a reason",
            choices=[(one.value, one.label) for one in map(Ending, endings(identified=identified))],
            required=False,
            widget=forms.RadioSelect,
        )
        if expects:
            self.fields["expected"] = forms.ChoiceField(
                label="What to expect, where they will call, post or complete a letter",
                choices=EXPECTED_CHOICES,
                required=False,
                widget=forms.RadioSelect,
            )
            self.fields["expected_on"] = _expected_on()
        self.fields["words"] = OneLine(
            label="In words",
            help_text="Needed for Something else",
            required=False,
            max_length=LINE,
            error_messages={"max_length": f"The words must be {LINE} characters or fewer"},
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.codes:
            cleaned["why_none"] = {code: cleaned.pop(field_of(code), "") for code in self.codes}
        return cleaned


class WelshForm(NotedForm):
    """The number on which they are called back in Welsh, where the one known is not right."""

    telephone = Telephone(
        label="Number to call in Welsh",
        help_text="Empty: the number they ring from, or else the one we hold",
        required=False,
    )


class HandOverForm(NotedForm):
    to_id = forms.TypedChoiceField(
        label="To whom",
        coerce=int,
        empty_value=None,
        required=False,
        error_messages={"invalid_choice": "Select a colleague of employer payments"},
    )

    def __init__(self, *args: Any, colleagues: Iterable[StaffMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to_id"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Select a colleague"), *((person.pk, person.name) for person in colleagues)]


class ContactFilterForm(listing.FilterForm):
    """What to show of the contacts."""

    channel = listing.Choice("How it came", Channel.choices, anything="Any way")
    state = listing.Choice("State", ContactState.choices, anything="Any state")
