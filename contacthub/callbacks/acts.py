"""What can be done on a callback's page besides ringing: each act has a short form and one service."""

from __future__ import annotations

from contacthub.actor import Actor
from contacthub.callbacks import permissions, services
from contacthub.callbacks.forms import AllocateForm
from contacthub.callbacks.models import Callback
from contacthub.submissions.acts import Act, when
from contacthub.submissions.forms import OnceForm


def _may_take(actor: Actor, callback: Callback) -> bool:
    return permissions.may_take(actor, callback.queue)


def _may_allocate(actor: Actor, callback: Callback) -> bool:
    return permissions.may_allocate(actor, callback.queue)


def _holds_or_leads(actor: Actor, callback: Callback) -> bool:
    return permissions.holds(actor, callback) or permissions.leads(actor, callback.queue)


TAKE = Act("take", "Take this call", services.take, when("take", _may_take), OnceForm)
ALLOCATE = Act(
    "allocate", "Allocate", services.allocate, when("allocate", _may_allocate), AllocateForm, needs=("callers",)
)
# What stands under "More".
ACTS = [
    Act("hand-back", "Hand back", services.hand_back, when("hand_back", _holds_or_leads)),
    Act("cancel", "Cancel the call", services.cancel, when("cancel", _holds_or_leads)),
]
BY_NAME = {act.name: act for act in [TAKE, ALLOCATE, *ACTS]}
