from __future__ import annotations

from typing import Any

from django import forms

from contacthub.people.models import StaffMember
from contacthub.ui.fields import EmailAddress, ManyLines, OneLine, Telephone
from jobmatch_helpdesk.forms.common import LONG, OnceForm, words_field
from jobmatch_helpdesk.intake import Intake, errors_in
from jobmatch_helpdesk.models import Language, RiskKind, Topic
from jobmatch_helpdesk.routing import Band, CustomerType, Source

OWN_PROBLEM = "own"


class RaiseForm(OnceForm):
    """The staff form: one page of grouped fields, whose errors are those of the handling strategy (UJ-30)."""

    source = forms.ChoiceField(
        label="Raised from", choices=[], error_messages={"required": "Select where this comes from"}
    )
    site = forms.ChoiceField(label="Site", choices=[], required=False)
    raiser_name = OneLine(label="Who rings or writes", max_length=200, required=False)
    raiser_email = EmailAddress(label="Their email address", required=False)
    about = forms.ChoiceField(
        label="Who it is about",
        choices=[
            (CustomerType.JOBSEEKER, "A jobseeker"),
            (CustomerType.EMPLOYER, "An employer"),
            (OWN_PROBLEM, "My own problem with the site"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Select who it is about"},
    )
    customer_name = OneLine(label="Customer’s name", max_length=200, required=False)
    language = forms.ChoiceField(label="Language", choices=Language.choices)
    customer_email = EmailAddress(label="Customer’s email address", required=False)
    telephone = Telephone(label="Telephone number", required=False)
    reply_choice = forms.ChoiceField(
        label="Where to reply",
        choices=[("customer", "The customer"), ("adviser", "The Personal Adviser")],
        required=False,
    )
    adviser_email = EmailAddress(label="Personal Adviser’s email address", required=False)
    no_email = forms.BooleanField(label="The customer does not have an email address", required=False)
    call_required = forms.BooleanField(label="Telephone call required", required=False)
    dwp_user_email = EmailAddress(
        label="DWP user’s email",
        help_text="Enter the email address of a DWP user who will arrange the call",
        required=False,
    )
    topic = forms.ChoiceField(
        label="Topic",
        choices=[("", "Select a topic"), *Topic.choices],
        error_messages={"required": "Select a topic"},
    )
    description = words_field("What happened, and what they were trying to do", "Enter what happened", rows=5)
    escalated = forms.BooleanField(label="There is a risk to my health and safety", required=False)
    escalation_reason = ManyLines(
        label="Why there is a risk", max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    risk_kind = forms.ChoiceField(
        label="Kind of risk (optional)", choices=[("", "Not said"), *RiskKind.choices], required=False
    )

    def __init__(self, *args: Any, sources: list[Source], sites: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("source", [(source, Source(source).label) for source in sources])
        self._offer("site", [("", "Select a site"), *sites])

    def _offer(self, name: str, choices: list[tuple[Any, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if not self.errors:
            for error in errors_in(self.intake):
                self.add_error(error.field, forms.ValidationError(error.words, code=error.code))
        return given

    @property
    def intake(self) -> Intake:
        """Return what was given, as far as it could be read."""
        given = self.cleaned_data
        about = given.get("about", "")
        return Intake(
            source=Source(given["source"]),
            site_id=int(given["site"]) if given.get("site") else None,
            raiser_name=given.get("raiser_name", ""),
            raiser_email=given.get("raiser_email", ""),
            customer_type=CustomerType(about) if about in CustomerType.values else None,
            customer_name=given.get("customer_name", ""),
            customer_email=given.get("customer_email", ""),
            no_email=given.get("no_email", False),
            telephone=given.get("telephone", ""),
            call_required=given.get("call_required", False),
            to_adviser=given.get("reply_choice") == "adviser",
            adviser_email=given.get("adviser_email", ""),
            dwp_user_email=given.get("dwp_user_email", ""),
            own_problem=about == OWN_PROBLEM,
            topic=given.get("topic", ""),
            description=given.get("description", ""),
            language=given.get("language", Language.ENGLISH),
            escalated=given.get("escalated", False),
            escalation_reason=given.get("escalation_reason", ""),
            risk_kind=given.get("risk_kind", ""),
        )


class ReplyForm(OnceForm):
    text = words_field("Reply", "Enter your reply")


class ReasonForm(OnceForm):
    """A move that asks for words. The service says which words, where they are missing."""

    reason = ManyLines(label="Reason", max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class TextForm(OnceForm):
    text = words_field("Answer", "Enter the answer", rows=4)


class AgentForm(OnceForm):
    """Give an incident to somebody; the reason is asked for where somebody has it."""

    agent_id = forms.TypedChoiceField(
        label="To", coerce=int, empty_value=None, error_messages={"required": "Select a Helpdesk agent"}
    )
    reason = ManyLines(label="Reason", max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, agents: list[StaffMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agent_id"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Select an agent"), *((agent.pk, agent.name) for agent in agents)]


class PriorityForm(OnceForm):
    band = forms.TypedChoiceField(
        label="Band",
        coerce=lambda value: Band(int(value)),
        choices=[("", "Select a band"), *Band.choices],
        error_messages={"required": "Select a band"},
    )
    reason = ManyLines(label="Reason", max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class NextForm(OnceForm):
    """The button Next for me."""
