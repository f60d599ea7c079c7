"""The shape of what comes in, and the words of its errors: forms of the public, and of staff."""

from jobmatch_helpdesk.forms.filtering import FilterForm
from jobmatch_helpdesk.forms.public import QUESTIONS, QuestionForm, SendForm, first_open, intake_from
from jobmatch_helpdesk.forms.raising import ChangeForm, RaiseForm, facts_of
from jobmatch_helpdesk.forms.staff import (
    AgentForm,
    DeadAddressForm,
    EscalationForm,
    NextForm,
    PriorityForm,
    ReplyForm,
    TextForm,
)
from jobmatch_helpdesk.forms.templates import InsertForm, TemplateForm, start_from

__all__ = [
    "QUESTIONS",
    "AgentForm",
    "ChangeForm",
    "DeadAddressForm",
    "EscalationForm",
    "FilterForm",
    "InsertForm",
    "NextForm",
    "PriorityForm",
    "QuestionForm",
    "RaiseForm",
    "ReplyForm",
    "SendForm",
    "TemplateForm",
    "TextForm",
    "facts_of",
    "first_open",
    "intake_from",
    "start_from",
]
