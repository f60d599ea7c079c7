"""Which figures are too small to be shown: few forms would tell about one person. Rules over plain data.

None is shown as 0: it tells about nobody. A number from 1 to one below the smallest is hidden. And a number is hidden
where a small one would follow from it: beside a total, the next smallest too, until what is hidden adds up to the
smallest at least; and by a filter, whatever is hidden in the whole or in any other part of the same split. So a split
is shown in all of its parts or in none, and nothing is left to subtract.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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


def is_small(number: int, *, smallest: int) -> bool:
    return 0 < number < smallest


def shown(number: int, *, smallest: int) -> Shown:
    """Return a number that stands alone, unless it is small."""
    return Hidden.SMALL if is_small(number, smallest=smallest) else number


def shown_of_total(numbers: Sequence[int], *, smallest: int) -> list[Shown]:
    """Return numbers beside their total: with a small one the next smallest are hidden, until there are two at least
    and they add up to the smallest. All say the same, since what is small among them would tell the others.
    """
    hidden = {index for index, number in enumerate(numbers) if is_small(number, smallest=smallest)}
    for index in sorted(range(len(numbers)), key=lambda index: numbers[index]):
        is_enough = len(hidden) > 1 and sum(numbers[each] for each in hidden) >= smallest
        if hidden and not is_enough and numbers[index]:
            hidden.add(index)
    return [Hidden.BESIDE if index in hidden else number for index, number in enumerate(numbers)]


def shown_by_month(months: Sequence[Counted], *, smallest: int) -> list[Figures]:
    """Return what is shown of each month, beside the totals of all: no hidden number follows from the others.

    Forms are what was discussed in time and later, and what waits. Where one of the three is small, the whole month
    shows its forms alone; where one month alone did so, the next smallest does too.
    """
    forms = shown_of_total([month.forms for month in months], smallest=smallest)
    splits = shown_of_total([min(_parts(month), default=0) for month in months], smallest=smallest)
    return [
        _figures(month, total, has_split=not isinstance(split, Hidden) and not isinstance(total, Hidden))
        for month, total, split in zip(months, forms, splits, strict=True)
    ]


def share(in_time: int, later: int, *, smallest: int) -> int | None:
    """Return the whole percentage in time; none where nothing was discussed, or it would tell a small number."""
    if not in_time + later or any(is_small(number, smallest=smallest) for number in (in_time, later)):
        return None
    return round(100 * in_time / (in_time + later))


def shown_in_all(value: Shown, others: Iterable[Shown]) -> Shown:
    """Return a figure of one part of a split, where it is shown in the whole and in every part."""
    return Hidden.BESIDE if any(isinstance(other, Hidden) for other in [value, *others]) else value


def months_shown_in_all(months: Sequence[Figures], others: Sequence[Sequence[Figures]]) -> list[Figures]:
    """Return the months of one part of a split, each figure where it is shown in the whole and in every part."""
    return [_in_all(month, [other[index] for other in others]) for index, month in enumerate(months)]


def _in_all(month: Figures, others: Sequence[Figures]) -> Figures:
    forms = shown_in_all(month.forms, [other.forms for other in others])
    in_time = shown_in_all(month.in_time, [other.in_time for other in others])
    later = shown_in_all(month.later, [other.later for other in others])
    is_split = not any(isinstance(value, Hidden) for value in (forms, in_time, later))
    if not is_split:
        in_time = later = Hidden.BESIDE
    return Figures(forms, in_time, later, month.share if is_split else None)


def _parts(month: Counted) -> list[int]:
    """Return the parts that a month is made of, but for those that are none."""
    waiting = month.forms - month.in_time - month.later
    return [part for part in (month.in_time, month.later, waiting) if part]


def _figures(month: Counted, total: Shown, *, has_split: bool) -> Figures:
    if not has_split:
        return Figures(total, Hidden.BESIDE, Hidden.BESIDE, None)
    discussed = month.in_time + month.later
    percent = round(100 * month.in_time / discussed) if discussed else None
    return Figures(total, month.in_time, month.later, percent)
