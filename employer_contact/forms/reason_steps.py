"""The activities of a reason that has a plan of its own: beside them stand the notes of the call."""

from __future__ import annotations

from typing import Any

from django.forms import BoundField

from employer_contact.forms.calls import NOTED, NotedForm
from employer_contact.forms.requests import FollowUpForm, NoteForm, RaisedForm, ReasonNotNeededForm


class ReasonStepForm(NotedForm):
    """What the activity asks comes first: there the errors lead that are of no one box."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields([name for name in self.fields if name not in NOTED])

    @property
    def asked(self) -> list[BoundField]:
        """Return what the activity itself asks."""
        return [field for field in self.visible_fields() if field.name not in NOTED]


class NotedStepForm(NoteForm, ReasonStepForm):
    pass


class RaisedStepForm(RaisedForm, ReasonStepForm):
    pass


class FollowUpStepForm(FollowUpForm, ReasonStepForm):
    pass


class NotNeededStepForm(ReasonNotNeededForm, ReasonStepForm):
    pass
