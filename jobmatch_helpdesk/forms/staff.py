from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.db import models

from contacthub.people.models import StaffMember
from contacthub.submissions.forms import OnceForm, ReasonForm
from contacthub.ui.fields import LONG, LastTime, ManyLines, words_field
from jobmatch_helpdesk.forms.common import one_line
from jobmatch_helpdesk.models import RiskKind
from jobmatch_helpdesk.routing import Band

NO_TEMPLATE = "The template of this reply is not there. Insert it again"


class ReplyForm(OnceForm):
    """`began_from` is the first reply template whose words were inserted."""

    text = words_field("Reply", "Enter your reply")
    began_from = forms.IntegerField(
        required=False,
        min_value=1,
        max_value=models.BigIntegerField.MAX_BIGINT,
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(["invalid", "min_value", "max_value"], NO_TEMPLATE),
    )


class TextForm(OnceForm):
    text = words_field("Answer", "Enter the answer", rows=4)


class AgentForm(ReasonForm):
    """Give an incident to somebody; the reason is asked for where somebody has it."""

    agent_id = forms.TypedChoiceField(
        label="To", coerce=int, empty_value=None, error_messages={"required": "Select a Helpdesk agent"}
    )

    def __init__(self, *args: Any, agents: list[StaffMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["agent_id"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "Select an agent"), *((agent.pk, agent.name) for agent in agents)]


class PriorityForm(ReasonForm):
    band = forms.TypedChoiceField(
        label="Band",
        coerce=lambda value: Band(int(value)),
        choices=[("", "Select a band"), *Band.choices],
        error_messages={"required": "Select a band"},
    )


class EscalationForm(OnceForm):
    """A risk to health and safety: who rings the Helpdesk tells who they are; others escalate what they see."""

    who_rang = one_line("Who rang", "The name of who rang")
    rang_at = LastTime(
        label="When they rang (optional)", help_text="Leave this empty if they are on the telephone now", required=False
    )
    reason = ManyLines(
        label="Why there is a risk", max_length=LONG, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    risk_kind = forms.ChoiceField(
        label="Kind of risk (optional)", choices=[("", "Not said"), *RiskKind.choices], required=False
    )

    def __init__(self, *args: Any, by_telephone: bool, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by_telephone:
            del self.fields["who_rang"], self.fields["rang_at"]
        elif isinstance(rang_at := self.fields["rang_at"], LastTime):
            rang_at.now = at


class DeadAddressForm(ReasonForm):
    address = forms.ChoiceField(label="Address", error_messages={"required": "Select the address"})

    def __init__(self, *args: Any, addresses: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = "How you know that nobody reads mail there"
        field = self.fields["address"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(address, address) for address in addresses]


class NextForm(OnceForm):
    """The button Next for me."""
