import logging
import signal
import time
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError, InterfaceError, close_old_connections
from django.utils.module_loading import autodiscover_modules

from contacthub.clock import now
from contacthub.jobs.services import beat, run_sweep
from contacthub.jobs.sweeps import Sweep, sweeps

logger = logging.getLogger(__name__)
ROUND_SECONDS = 1.0


class Command(BaseCommand):
    """The process that starts the sweeps.

    It measures by the monotonic clock, so that setting the computer's clock neither stops nor hurries it.
    """

    help = "Start the sweeps, each at its interval, until SIGTERM"
    stopping = False

    def handle(self, *args: Any, **options: Any) -> None:
        signal.signal(signal.SIGTERM, self.stop)
        signal.signal(signal.SIGINT, self.stop)
        autodiscover_modules("tasks")
        next_start = {sweep.name: 0.0 for sweep in sweeps}
        while not self.stopping:
            started = time.monotonic()
            try:
                self.one_round(next_start, started)
            except (DatabaseError, InterfaceError) as trouble:
                logger.warning("The database is away, the clock goes on: %s", trouble)
            close_old_connections()
            time.sleep(max(0.0, ROUND_SECONDS - (time.monotonic() - started)))

    def stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True

    def one_round(self, next_start: dict[str, float], started: float) -> None:
        beat("clock", at=now())
        for sweep in sweeps:
            if next_start[sweep.name] <= started:
                next_start[sweep.name] = started + sweep.every.total_seconds()
                self.run(sweep)

    def run(self, sweep: Sweep) -> None:
        try:
            run_sweep(sweep, at=now())
        except (DatabaseError, InterfaceError):
            raise
        except Exception:
            logger.exception("The sweep %s failed, the others go on", sweep.name)
