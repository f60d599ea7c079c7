"""Sweeps find what was never woken: plain functions that the clock process calls."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

SWEEP_BATCH = 500


@dataclass(frozen=True)
class Sweep:
    """Finds, at a moment, the ids of rows that are due, oldest first; `wakes` names the task for each."""

    find: Callable[[datetime], Iterable[int]]
    every: timedelta
    wakes: str

    @property
    def name(self) -> str:
        return f"{self.find.__module__}.{self.find.__name__}"


sweeps: list[Sweep] = []


def sweep(*, every: timedelta, wakes: str) -> Callable[[Callable[[datetime], Iterable[int]]], Sweep]:
    """Have the clock call this function again and again, and wake the task `wakes` with each id that it finds."""

    def register(find: Callable[[datetime], Iterable[int]]) -> Sweep:
        found = Sweep(find, every, wakes)
        sweeps.append(found)
        return found

    return register
