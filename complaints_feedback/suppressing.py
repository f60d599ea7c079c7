"""Which figures are too small to be shown: few forms would tell about one person. Rules over plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum


class Hidden(Enum):
    """Why there is no number: it is small, or a small one could be worked out from it."""

    SMALL = "small"
    BESIDE = "beside a total"


Shown = int | Hidden


@dataclass(frozen=True)
class Counted:
    """What was counted of a month: forms received, those discussed in time, and those discussed later."""

    forms: int
    in_time: int
    later: int


@dataclass(frozen=True)
class Figures:
    """What is shown of a month; `share` is a whole percentage of what was discussed."""

    forms: Shown
    in_time: Shown
    later: Shown
    share: int | None


def shown(number: int, *, smallest: int) -> Shown:
    """Return a number that stands alone; below the smallest it is hidden, and so is none."""
    return number if number >= smallest else Hidden.SMALL


def shown_of_total(numbers: Sequence[int], *, smallest: int) -> list[Shown]:
    """Return numbers beside their total: one hidden alone could be subtracted, so the next smallest is hidden too."""
    found = [shown(number, smallest=smallest) for number in numbers]
    hidden = [index for index, number in enumerate(found) if isinstance(number, Hidden)]
    others = [index for index, number in enumerate(found) if not isinstance(number, Hidden)]
    if len(hidden) == 1 and others:
        found[min(others, key=lambda index: numbers[index])] = Hidden.BESIDE
    return found


def shown_by_month(months: Sequence[Counted], *, smallest: int) -> list[Figures]:
    """Return what is shown of each month, beside the totals of all: no hidden number follows from the others.

    Forms are what was discussed in time and later, and what waits. Where one of the three is small, the whole month
    shows its forms alone; where one month alone did so, the next smallest does too.
    """
    forms = shown_of_total([month.forms for month in months], smallest=smallest)
    splits = [min(_parts(month)) for month in months]
    open_splits = shown_of_total(splits, smallest=smallest)
    return [
        _figures(month, total, has_split=not isinstance(split, Hidden) and not isinstance(total, Hidden))
        for month, total, split in zip(months, forms, open_splits, strict=True)
    ]


def share(in_time: int, later: int, *, smallest: int) -> int | None:
    """Return the whole percentage in time; none where it would tell that one of the two is small."""
    if min(in_time, later) < smallest:
        return None
    return round(100 * in_time / (in_time + later))


def _parts(month: Counted) -> list[int]:
    """Return the parts that a month is made of; nobody waiting tells nothing about anybody."""
    waiting = month.forms - month.in_time - month.later
    return [month.in_time, month.later, *([waiting] if waiting else [])]


def _figures(month: Counted, total: Shown, *, has_split: bool) -> Figures:
    if not has_split:
        small = total if isinstance(total, Hidden) else Hidden.BESIDE
        return Figures(total, small, small, None)
    percent = round(100 * month.in_time / (month.in_time + month.later))
    return Figures(total, month.in_time, month.later, percent)
