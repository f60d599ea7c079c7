"""Contact Us, a question a page, in English and Welsh.

What somebody types is kept as typed, and read by the same form each time: there is no second idea of what is answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacthub.submissions.forms import OnceForm
from contacthub.ui.fields import LONG, EmailAddress, ManyLines, OneLine, Telephone, without_hidden
from jobmatch_helpdesk.intake import Intake
from jobmatch_helpdesk.models import Language, Topic
from jobmatch_helpdesk.routing import CustomerType, Source

REFERENCE = re.compile(r"(?:UJ)?[\s.:–-]*([0-9]{1,9})", re.IGNORECASE)
NO_CUSTOMER_TYPE = _("Select whether you are an employer or looking for a job")
NO_TOPIC = _("Select what it is about")


class QuestionForm(forms.Form):
    """One page of Contact Us; `heading` is what it asks."""

    heading: str | Promise = ""
    trap = ""  # a box that nobody sees: whatever fills it is no person

    @property
    def typed(self) -> dict[str, str]:
        """Return what was sent, as it was typed."""
        return {name: self.data.get(name, "") for name in self.fields if name != self.trap}


class WhoForm(QuestionForm):
    heading = _("About you")

    customer_type = forms.TypedChoiceField(
        label=_("Are you looking for a job, or an employer?"),
        coerce=CustomerType,
        choices=[(CustomerType.JOBSEEKER, _("Looking for a job")), (CustomerType.EMPLOYER, _("An employer"))],
        widget=forms.RadioSelect,
        error_messages={"required": NO_CUSTOMER_TYPE, "invalid_choice": NO_CUSTOMER_TYPE},
    )
    customer_name = OneLine(
        label=_("Your name (optional)"),
        max_length=200,
        required=False,
        error_messages={"max_length": _("Your name must be 200 characters or fewer")},
        widget=forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
    )


class HowToReplyForm(QuestionForm):
    """An email address, or the express word that there is none (UJ-15); a number counts with that word alone."""

    heading = _("How can we reply to you?")

    customer_email = EmailAddress(
        label=_("Email address"),
        help_text=_("We only use this to reply to you"),
        required=False,
        error_messages={"max_length": _("Your email address must be 320 characters or fewer")},
        widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
    )
    no_email = forms.BooleanField(label=_("I do not have an email address"), required=False)
    telephone = OneLine(
        label=_("Telephone number (optional)"),
        help_text=_("Without a number nobody can reply to you"),
        required=False,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "class": "govuk-input--width-20"}),
    )
    ring_in_welsh = forms.BooleanField(label=_("Ring me in Welsh"), required=False)

    def clean_telephone(self) -> str:
        # With an address the box is hidden: what was left in it must keep nobody from going on.
        return Telephone(required=False).clean(self.cleaned_data["telephone"]) if self._says_none else ""

    def clean_ring_in_welsh(self) -> bool:
        return self._says_none and bool(self.cleaned_data["ring_in_welsh"])

    def clean(self) -> None:
        email = self.cleaned_data.get("customer_email")
        if email and self._says_none:
            self.add_error("customer_email", _("Enter an email address or select that you do not have one, not both"))
        elif not email and not self._says_none and "customer_email" not in self.errors:
            self.add_error("customer_email", _("Enter your email address or select that you do not have one"))

    @property
    def _says_none(self) -> bool:
        return bool(self.cleaned_data.get("no_email"))


class AboutForm(QuestionForm):
    heading = _("What is it about?")

    topic = forms.ChoiceField(
        label=heading,
        choices=Topic.choices,
        widget=forms.RadioSelect,
        error_messages={"required": NO_TOPIC, "invalid_choice": NO_TOPIC},
    )


class HappenedForm(QuestionForm):
    heading = _("What happened?")
    trap = "website"

    description = ManyLines(
        label=_("What happened, and what you were trying to do"),
        help_text=_("Leave out passwords and your National Insurance number"),
        max_length=LONG,
        error_messages={
            "required": _("Enter what happened"),
            "max_length": _("What happened must be 20,000 characters or fewer"),
        },
        widget=forms.Textarea(attrs={"rows": 8, "dir": "auto"}),
    )
    earlier_reference = OneLine(
        label=_("Reference of an earlier message (optional)"),
        help_text=_("It stands in our emails and looks like UJ-000123"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "govuk-input--width-10"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}))

    def clean_earlier_reference(self) -> str:
        """Return the reference as we write it, whatever way it was copied: "uj 123" is UJ-000123."""
        given = without_hidden(self.cleaned_data["earlier_reference"])
        if not given:
            return ""
        found = REFERENCE.fullmatch(given)
        if found is None:
            raise forms.ValidationError(_("Enter the reference in the correct format, like UJ-000123"), code="invalid")
        return f"UJ-{int(found[1]):06}"

    def clean(self) -> None:
        if self.cleaned_data.get("website"):
            # A browser may have filled it in for a person, who goes on with one more press.
            self.add_error(None, _("Press Continue again. Something filled in a box that people do not see"))


QUESTIONS: dict[str, type[QuestionForm]] = {
    "who": WhoForm,
    "reply": HowToReplyForm,
    "about": AboutForm,
    "happened": HappenedForm,
}


def first_open(typed: Mapping[str, Mapping[str, str]]) -> str | None:
    """Return the first question without an answer that would be taken; None when all have one."""
    return next((step for step in QUESTIONS if not _is_answered(step, typed.get(step))), None)


def _is_answered(step: str, typed: Mapping[str, str] | None) -> bool:
    return typed is not None and QUESTIONS[step](typed).is_valid()


def intake_from(typed: Mapping[str, Mapping[str, str]], *, in_welsh: bool) -> Intake:
    """Return what was told; all questions must be answered. `in_welsh` is how the pages are shown."""
    given: dict[str, object] = {}
    for step, form_class in QUESTIONS.items():
        form = form_class(typed[step])
        form.full_clean()
        given |= form.cleaned_data
    del given["website"]
    welsh = bool(given.pop("ring_in_welsh")) or in_welsh
    return Intake(
        source=Source.ONLINE_ANONYMOUS,
        language=Language.WELSH if welsh else Language.ENGLISH,
        **given,  # type: ignore[arg-type]
    )


class SendForm(OnceForm):
    """The button Send under the answers."""
