"""A real Redis, and what it holds of our work."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from celery import current_app
from redis import Redis

from contacthub.embedded.servers import Valkey

QUEUE, IN_HANDS = "celery", "unacked"  # the names that Celery gives them


@dataclass(frozen=True)
class Broker:
    server: Valkey
    url: str
    client: Redis

    def wake(self, task: str, pk: int, **limits: float) -> None:
        """Have a worker run the task for this row, within limits of this once."""
        with current_app.connection_for_write(self.url) as connection:
            current_app.send_task(task, args=[pk], connection=connection, **limits)

    def waiting(self) -> Counter[str]:
        """Return how many wake-ups of each task wait for a worker."""
        return Counter(json.loads(sent)["headers"]["task"] for sent in self.client.lrange(QUEUE, 0, -1))

    def in_hands(self) -> int:
        """Return how many wake-ups the workers have and have not done with."""
        return int(self.client.hlen(IN_HANDS))

    def is_idle(self) -> bool:
        return not self.waiting() and not self.in_hands()
