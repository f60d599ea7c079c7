"""The shape of what comes in about callbacks, and the words of its errors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms

from contacthub.callbacks.listing import ME, NOBODY, Caller
from contacthub.callbacks.models import Kind, Queue
from contacthub.callbacks.outcomes import Outcome
from contacthub.deadlines.ages import Ageing
from contacthub.people.models import StaffMember
from contacthub.submissions.forms import OnceForm
from contacthub.ui import listing
from contacthub.ui.fields import LONG, ManyLines, Moment
from contacthub.ui.listing import Choice


class AttemptForm(OnceForm):
    """What came of ringing. What an outcome needs besides, the service says."""

    outcome = forms.TypedChoiceField(
        label="What happened?",
        coerce=Outcome,
        choices=Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Enter what happened on the call"},
    )
    words = ManyLines(
        label="Notes",
        help_text="Needed where you spoke: what you said, and what they answered",
        max_length=LONG,
        required=False,
        error_messages={"max_length": f"Notes must be {LONG:,} characters or fewer"},
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "class": "app-textarea--low"}),
    )
    again_at = Moment(
        label="Try again at",
        help_text="Needed for Ring later. Otherwise only where the proposed time does not fit",
        required=False,
    )

    def __init__(self, *args: Any, outcomes: Sequence[Outcome], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["outcome"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(outcome.value, outcome.label) for outcome in outcomes]
        if Outcome.SPOKE not in outcomes:
            self.fields["words"].help_text = ""


class AllocateForm(OnceForm):
    caller_id = forms.TypedChoiceField(
        label="Who calls",
        coerce=int,
        empty_value=None,
        error_messages={
            "required": "Select a member of staff",
            "invalid_choice": "Select a member of staff who works here today",
        },
    )

    def __init__(self, *args: Any, callers: Iterable[Caller], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["caller_id"]
        if isinstance(field, forms.ChoiceField):
            known = [(caller.person.pk, str(caller)) for caller in callers]
            field.choices = [("", "Select a member of staff"), *known]


class QueueFilterForm(listing.FilterForm):
    """What to show of the callbacks of a queue."""

    age = Choice("Age", Ageing.choices, anything="Any age")
    with_whom = Choice("With", anything="Anybody or nobody")

    def __init__(self, *args: Any, people: Iterable[StaffMember], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whom = [(person.pk, person.name) for person in people]
        self.choice("with_whom").offer([(NOBODY, "Nobody"), (ME, "Me"), *whom])


class AgeingFilterForm(listing.FilterForm):
    """Which queues to show the ages of."""

    kind = Choice("Kind", Kind.choices, anything="All kinds")
    queue = Choice("Queue", anything="All queues")

    def __init__(self, *args: Any, queues: Iterable[Queue], **kwargs: Any) -> None:
        super().__init__(*args, views=[], orders=[], **kwargs)
        self.choice("queue").offer((queue.code, str(queue)) for queue in queues)
