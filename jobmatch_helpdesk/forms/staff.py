from __future__ import annotations

from typing import Any

from django import forms

from contacthub.people.models import StaffMember
from contacthub.submissions.forms import OnceForm, ReasonForm
from contacthub.ui.fields import words_field
from jobmatch_helpdesk.routing import Band


class ReplyForm(OnceForm):
    text = words_field("Reply", "Enter your reply")


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


class NextForm(OnceForm):
    """The button Next for me."""
