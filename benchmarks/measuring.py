"""Everything is measured in turn, again and again, so that whatever else the machine does strikes all alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import cycle
from statistics import median

from django.db import connections

from benchmarks import calls, employers, feedback, incidents, machines
from benchmarks.database import CASEWORKER, QUEUE, connection_to
from benchmarks.pages import SAMPLE, Do, get, pages_of, sign_in
from benchmarks.taking import AT_ONCE, TAKES, Line, Take, put_back, take_at_once
from contacthub.actor import PUBLIC, Actor
from contacthub.callbacks.models import Queue
from contacthub.clock import now
from contacthub.deadlines.tasks import of_older_calendars, steps_due
from contacthub.formats import uk_day
from contacthub.jobs.sweeps import Sweep
from contacthub.mail.tasks import unsent_messages
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from contacthub.people.services import actor_for, staff_of
from jobmatch_helpdesk import services
from jobmatch_helpdesk.intake import Intake
from jobmatch_helpdesk.routing import Source

FLOOR, INTAKE = "floor", "intake"
NEXT, NEXT_BY_SQL = "Next, 8 agents", "Next in raw SQL, 8 agents"
CALL, CALL_BY_SQL = "take a call, 8 callers", "take a call in raw SQL"
LIST, CREATE, CREATE_BARE = "REST list", "REST create", "the same inserts, bare"
SWEEPS = {"sweep of mail": unsent_messages, "sweep of clocks": steps_due, "sweep of calendars": of_older_calendars}
WARM_UP = 2  # rounds that do not count
Probe = Callable[[], float]


@dataclass
class Size:
    """What is measured in one database, and the seconds that each thing took, in each round that counts."""

    incidents: int
    database: str
    probes: dict[str, Probe]
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def milliseconds(self, thing: str) -> float:
        return median(self.seconds[thing]) * 1000

    def times_the_floor(self, thing: str) -> float:
        return self.milliseconds(thing) / self.milliseconds(FLOOR)


def size_of(count: int, database: str, *, at: datetime) -> Size:
    """Return what can be measured in the current database, which is filled."""
    agents = [*StaffMember.objects.with_role(Role.HELPDESK_AGENT, on=uk_day(at))]
    agent = min(agents, key=lambda agent: agent.pk)
    pages = pages_of(agent, at=at) | things_of_machines(at=at) | feedback.things_of()
    probes = {name: timed(do) for name, do in pages.items()}
    probes |= {name: timed(partial(look_at, sweep)) for name, sweep in SWEEPS.items()}
    hands = [[actor_for(agent, on=uk_day(at))] * TAKES for agent in agents[:AT_ONCE]]
    for name, take in ((NEXT, incidents.by_service), (NEXT_BY_SQL, incidents.by_sql)):
        probes[name] = taking(take, hands, incidents.LINE, database=database)
    caseworker = sign_in(StaffMember.objects.get(username=CASEWORKER))
    return Size(count, database, probes | calls_of(database, at=at) | employers.things_of(caseworker))


def things_of_machines(*, at: datetime) -> dict[str, Do]:
    headers = machines.key_headers(at=at)
    create = machines.create_with(headers)
    return {LIST: machines.list_of(headers), INTAKE: take_in, CREATE: create, CREATE_BARE: machines.create_bare}


def calls_of(database: str, *, at: datetime) -> dict[str, Probe]:
    """Return how to measure the queue of calls: its page, and taking one, for callers who have none in hand."""
    queue = Queue.objects.get(code=QUEUE)
    staff = [*staff_of(queue.unit, on=uk_day(at))]
    actors = [actor_for(person, on=uk_day(at)) for person in staff[: AT_ONCE * TAKES]]
    hands = [actors[first::AT_ONCE] for first in range(AT_ONCE)]
    cookie = sign_in(staff[0])
    pages = cycle([callback.get_absolute_url() for callback in queue.callbacks.order_by("-pk")[:SAMPLE]])
    return {
        "callback queue": timed(lambda: get(queue.get_absolute_url(), cookie)),
        "callback queue, ended": timed(lambda: get(f"{queue.get_absolute_url()}?view=ended", cookie)),
        "callback page": timed(lambda: get(next(pages), cookie)),
        CALL: taking(calls.by_service(queue.pk), hands, calls.LINE, database=database),
        CALL_BY_SQL: taking(calls.by_sql(queue.pk), hands, calls.LINE, database=database),
    }


def taking(take: Take, hands: list[list[Actor]], line: Line, *, database: str) -> Probe:
    def probe() -> float:
        batch = take_at_once(take, hands, line, database=database)
        put_back(batch, line)
        return batch.seconds_each

    return probe


def timed(do: Do) -> Probe:
    def probe() -> float:
        began = time.perf_counter()
        do()
        return time.perf_counter() - began

    return probe


def look_at(sweep: Sweep) -> None:
    list(sweep.find(now()))


def take_in() -> None:
    told = "Cannot upload my CV\n\nThe page goes white after I choose the file."
    intake = Intake(
        source=Source.ONLINE_ANONYMOUS,
        customer_name="Dafydd Llywelyn",
        customer_email="dafydd.llywelyn@example.org",
        description=told,
    )
    services.submit(intake, by=PUBLIC, at=now())


def measure(sizes: list[Size], *, rounds: int) -> None:
    """Measure everything once a round, size beside size, on connections that are kept, as a server keeps its own.

    Raises TakenTwice.
    """
    kept = {size.database: connection_to(size.database) for size in sizes}
    for number in range(-WARM_UP, rounds):
        gc.collect()
        for thing in sizes[0].probes:
            for size in sizes if number % 2 else reversed(sizes):  # the second one finds the processor's caches filled
                connections["default"] = kept[size.database]
                seconds = size.probes[thing]()
                if number >= 0:
                    size.seconds.setdefault(thing, []).append(seconds)
