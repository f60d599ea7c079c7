"""The lists of a queue's callbacks: each starts from an index of its own, in the order that the index has."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet

from contacthub.actor import Actor
from contacthub.callbacks import permissions, services
from contacthub.callbacks.models import Callback, Queue
from contacthub.callbacks.queries import CallbackQuerySet
from contacthub.deadlines.ages import Ageing
from contacthub.deadlines.models import FollowUp, FollowUpKind
from contacthub.deadlines.queries import FollowUpQuerySet
from contacthub.people.models import StaffMember
from contacthub.ui import listing
from contacthub.ui.listing import Order, View

OLDEST = Order("oldest first", ("due_at", "pk"))
LAST_ENDED = Order("last ended first", ("ended_at", "pk"), newest_first=True)
NOBODY, ME = "nobody", "me"
LETTERS = "letters"

OPEN = View("All open", lambda rows, actor, at: rows.open(), "No call waits in this queue")
TO_GIVE = View("To allocate", lambda rows, actor, at: rows.queued(), "Every call has a caller")
TO_TAKE = View("Nobody’s yet", lambda rows, actor, at: rows.queued(), "Every call has a caller")
MINE = View("Mine", lambda rows, actor, at: rows.in_hands_of(actor.person_id), "You have no call of this queue")
OTHERS = {
    "overdue": View("Overdue", lambda rows, actor, at: rows.overdue(at), "No call is overdue"),
    "welsh": View("Welsh", lambda rows, actor, at: rows.open().filter(language="cy"), "No call in Welsh waits"),
}
LETTERS_TO_SEND = View("Letters to send", lambda rows, actor, at: rows, "No letter is to be sent")
ENDED = View("Ended", lambda rows, actor, at: rows.filter(ended_at__isnull=False), "No call of this queue has ended")


@dataclass(frozen=True)
class Lists(listing.Lists):
    """The calls of a queue, and the letters that follow them."""

    VIEWS: ClassVar[tuple[str, ...]] = ("open", "unallocated", "mine", *OTHERS, LETTERS, "ended")
    ORDERS: ClassVar[tuple[str, ...]] = ("oldest", "ended")

    queue: Queue

    @property
    def views(self) -> dict[str, View]:
        works_here = self.queue.unit_id in self.actor.unit_ids
        return {
            "open": OPEN,
            "unallocated": TO_GIVE if self.queue.allocator_role else TO_TAKE,
            **({"mine": MINE} if works_here else {}),
            **OTHERS,
            **({LETTERS: LETTERS_TO_SEND} if works_here else {}),
            "ended": ENDED,
        }

    @property
    def orders(self) -> dict[str, Order]:
        return {"ended": LAST_ENDED} if self.view == "ended" else {"oldest": OLDEST}

    def rows(self) -> QuerySet[Any]:
        if self.view == LETTERS:
            return self._letters().select_related("unit", "case")
        return self._filtered(self._calls(self.view)).select_related("allocated_to")

    def of_view(self, view: str) -> QuerySet[Any]:
        return self._letters() if view == LETTERS else self._calls(view)

    def _letters(self) -> FollowUpQuerySet:
        """Return the letters that follow calls; a unit may have others to send."""
        letters = FollowUp.objects.open().filter(unit_id=self.queue.unit_id, kind=FollowUpKind.LETTER)
        return letters.filter(case__kind=Callback.KIND)

    def _calls(self, view: str) -> CallbackQuerySet:
        # Each row then has the queue as it was read.
        kept: CallbackQuerySet = self.views[view].rows(self.queue.callbacks.all(), self.actor, self.at)
        return kept

    def _filtered(self, rows: CallbackQuerySet) -> CallbackQuerySet:
        if age := self.asked.filters.get("age"):
            rows = rows.aged(Ageing(age), self.at)
        with_whom = self.asked.filters.get("with_whom")
        if with_whom == NOBODY:
            return rows.filter(allocated_to=None)
        if with_whom:
            return rows.filter(allocated_to_id=self.actor.staff_id if with_whom == ME else with_whom)
        return rows


@dataclass(frozen=True)
class Caller:
    """Somebody whom a call can be given to, and how many calls of the queue they have in hand."""

    person: StaffMember
    in_hand: int

    def __str__(self) -> str:
        calls = {0: "no calls", 1: "1 call"}.get(self.in_hand, f"{self.in_hand} calls")
        return f"{self.person.name}, {calls}{', speaks Welsh' if self.person.takes_calls_in_welsh else ''}"


def callers_for(queue: Queue, *, at: datetime) -> list[Caller]:
    """Return who can be given calls of a queue today, by name: two queries, however many they are."""
    people = list(services.callers_of(queue, at=at).only("name", "takes_calls_in_welsh"))
    in_hand = Callback.objects.open().filter(queue=queue, allocated_to__in=people)
    counts = dict(in_hand.order_by().values_list("allocated_to").annotate(Count("pk")))
    return [Caller(person, counts.get(person.pk, 0)) for person in people]


def due_next(queues: Iterable[Queue], actor: Actor, *, size: int) -> list[Callback]:
    """Return the calls that somebody may turn to, urgent ones first: theirs, and nobody's of these queues."""
    mine = Q(allocated_to_id=actor.staff_id)
    open_to_take = Q(allocated_to=None, queue__in=[queue.pk for queue in queues if offers(actor, queue)])
    rows = Callback.objects.open().filter(mine | open_to_take, queue__in=[queue.pk for queue in queues])
    return list(rows.select_related("queue__unit", "allocated_to").in_calling_order()[:size])


def offers(actor: Actor, queue: Queue) -> bool:
    """Say if what nobody has in this queue is for the actor to take, or to give to somebody."""
    return permissions.may_take(actor, queue) or permissions.may_allocate(actor, queue)
