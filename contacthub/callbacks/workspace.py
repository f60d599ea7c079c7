"""What the pages shared by all apps show of callbacks."""

from datetime import datetime
from uuid import uuid4

from django.db.models import Q, QuerySet
from django.urls import reverse

from contacthub.actor import Actor
from contacthub.callbacks import permissions
from contacthub.callbacks.ageing import figures_of, queues_of
from contacthub.callbacks.lifecycle import CallbackState
from contacthub.callbacks.listing import due_next
from contacthub.callbacks.models import Callback, Queue
from contacthub.callbacks.queries import READ_UJ
from contacthub.clock import now
from contacthub.people.roles import Role
from contacthub.ui.navigation import COUNTS_STOP_AT, NavigationItem, Panel

SHORT_LIST = 10


def navigation(actor: Actor) -> list[NavigationItem]:
    """Return the callbacks: with what waits for me or my team, or for the Helpdesk with what is overdue."""
    stop, place = COUNTS_STOP_AT + 1, reverse("callbacks:ageing")
    mine = list(_own_queues(actor).values_list("pk", flat=True))
    if mine:
        waiting = Q(state=CallbackState.QUEUED) | Q(state=CallbackState.ALLOCATED, allocated_to_id=actor.staff_id)
        count = Callback.objects.filter(waiting, queue_id__in=mine)[:stop].count()
        return [NavigationItem("Callbacks", place, count, key="c")]
    if READ_UJ & actor.roles:
        return [NavigationItem("Callbacks", place, Callback.objects.overdue(now())[:stop].count(), "overdue", key="c")]
    return []


def panels(actor: Actor, *, at: datetime) -> list[Panel]:
    if Role.HELPDESK_LEAD in actor.roles:
        return [Panel("callbacks/panels/ages.html", {"figures": figures_of(queues_of(actor), at=at)})]
    queues = list(_own_queues(actor).select_related("unit"))
    if not queues:
        return []
    takes = [queue for queue in queues if permissions.may_take(actor, queue)]
    rows = due_next(queues, actor, size=SHORT_LIST)
    next_from = {"queue": takes[0], "next_key": uuid4()} if len(takes) == 1 else {"queue": None, "next_key": ""}
    return [Panel("callbacks/panels/due.html", {"rows": rows, "queues": queues, "me": actor.staff_id, **next_from})]


def _own_queues(actor: Actor) -> QuerySet[Queue]:
    """Return the queues of the actor's units, and those that they lead."""
    return Queue.objects.filter(Q(unit_id__in=actor.unit_ids) | Q(lead_id=actor.staff_id)).order_by("pk")
