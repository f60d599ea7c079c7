"""Activities as machines read them: those of service requests, and of a reason that has a plan of its own."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from contacthub.api.fields import Whole, Words
from contacthub.api.serializers import Body
from contacthub.api.shapes import At, Person, coded
from contacthub.ui.fields import LONG, ManyLines
from employer_contact.models import Activity
from employer_contact.plans import Doing, status_of

MOST_STEPS = 100


class StepBody(Body):
    number = Whole(min_value=1, max_value=MOST_STEPS, help_text="Number of the activity")


class StepReasonBody(StepBody):
    reason = Words(ManyLines(max_length=LONG, required=False), required=False, default="", help_text="Why")


class ActivityShape(serializers.Serializer[Activity]):
    number = serializers.IntegerField()
    text = serializers.CharField()
    does = coded(Doing)
    status = serializers.SerializerMethodField()
    words = serializers.CharField()
    done_on = serializers.DateField(allow_null=True)
    reference = serializers.CharField(source="note_reference")
    raised = serializers.CharField(source="raised.reference", allow_null=True)
    by = Person(allow_null=True)
    at = At(allow_null=True)

    def get_status(self, step: Activity) -> dict[str, str]:
        """Return the status of the task list: what waits for another activity cannot start yet."""
        plan: Any = step.request or step.reason
        status = status_of(step.as_rule, [each.as_rule for each in plan.activities.all()])
        return {"code": status.value, "label": str(status.label)}
