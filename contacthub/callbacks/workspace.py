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
from contacthub.cases.finding import Sought, marked
from contacthub.cases.searching import find
from contacthub.clock import now
from contacthub.formats import telephone
from contacthub.people.roles import Role
from contacthub.ui.navigation import COUNTS_STOP_AT, Found, FoundRow, NavigationItem, Panel

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


def search(actor: Actor, sought: Sought, *, at_most: int) -> list[Found]:
    finding = find(Callback, sought, by=actor, at_most=at_most, beside=("allocated_to",))
    rows = [_found(callback, actor, sought) for callback in finding.records]
    return [Found("Callbacks", "callbacks", rows, finding.count, finding.has_more)]


def _found(callback: Callback, actor: Actor, sought: Sought) -> FoundRow:
    return FoundRow(
        url=callback.get_absolute_url(),
        reference=callback.reference,
        name=sought.mark(callback.customer_name),
        what=callback.reason,
        found_by=[marked(telephone(callback.telephone))] if sought.fits(callback.telephone) else [],
        stands=_stands(callback, actor),
        at=callback.requested_at,
        due_at=callback.due_at if callback.is_open else None,
    )


def _stands(callback: Callback, actor: Actor) -> str:
    """Return "with you", "with B. Shah" or "nobody yet"; of what has ended how it did."""
    if not callback.is_open:
        return callback.get_state_display()
    holder = callback.allocated_to
    return "with you" if permissions.holds(actor, callback) else f"with {holder.short_name}" if holder else "nobody yet"


def _own_queues(actor: Actor) -> QuerySet[Queue]:
    """Return the queues of the actor's units, and those that they lead."""
    return Queue.objects.filter(Q(unit_id__in=actor.unit_ids) | Q(lead_id=actor.staff_id)).order_by("pk")
