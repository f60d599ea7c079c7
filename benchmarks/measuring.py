"""Everything is measured in turn, again and again, so that whatever else the machine does strikes all alike."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median

from benchmarks.database import use
from benchmarks.pages import Do, pages_of
from benchmarks.taking import AGENTS, Take, by_service, by_sql, put_back, take_at_once
from contacthub.actor import PUBLIC
from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from contacthub.people.services import actor_for
from jobmatch_helpdesk import services
from jobmatch_helpdesk.intake import Intake
from jobmatch_helpdesk.routing import Source

FLOOR, NEXT, NEXT_BY_SQL, INTAKE = "floor", "Next, 8 agents", "Next in raw SQL, 8 agents", "intake"
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


def size_of(incidents: int, database: str, *, at: datetime) -> Size:
    """Return what can be measured in the current database, which is filled."""
    agents = [*StaffMember.objects.with_role(Role.HELPDESK_AGENT, on=uk_day(at))]
    first = min(agents, key=lambda agent: agent.pk)
    actors = [actor_for(agent, on=uk_day(at)) for agent in agents[:AGENTS]]

    def next_for_all(take: Take) -> Probe:
        def probe() -> float:
            batch = take_at_once(take, actors, database=database)
            put_back(batch)
            return batch.seconds_each

        return probe

    probes = {name: timed(do) for name, do in pages_of(first, at=at).items()}
    probes |= {INTAKE: timed(take_in), NEXT: next_for_all(by_service), NEXT_BY_SQL: next_for_all(by_sql)}
    return Size(incidents, database, probes)


def timed(do: Do) -> Probe:
    def probe() -> float:
        began = time.perf_counter()
        do()
        return time.perf_counter() - began

    return probe


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
    """Measure everything once a round, size beside size. Raises TakenTwice."""
    for number in range(-WARM_UP, rounds):
        gc.collect()
        for thing in sizes[0].probes:
            for size in sizes:
                use(size.database)
                seconds = size.probes[thing]()
                if number >= 0:
                    size.seconds.setdefault(thing, []).append(seconds)
