"""The shape of what comes in, and the words of its errors: forms of the public, and of staff."""

from jobmatch_helpdesk.forms.common import OnceForm
from jobmatch_helpdesk.forms.public import ContactUsForm
from jobmatch_helpdesk.forms.raising import RaiseForm
from jobmatch_helpdesk.forms.staff import AgentForm, NextForm, PriorityForm, ReasonForm, ReplyForm, TextForm

__all__ = [
    "AgentForm",
    "ContactUsForm",
    "NextForm",
    "OnceForm",
    "PriorityForm",
    "RaiseForm",
    "ReasonForm",
    "ReplyForm",
    "TextForm",
]
