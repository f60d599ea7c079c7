"""The working time of each nation: its bank holidays, and the days off that an administrator added or took back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays

from contacthub.deadlines.models import Calendar, DayOff
from contacthub.deadlines.working_time import WorkingTime
from contacthub.people.models import Nation

SUBDIVISIONS = {Nation.ENGLAND_AND_WALES: "ENG", Nation.SCOTLAND: "SCT", Nation.NORTHERN_IRELAND: "NIR"}


@dataclass(frozen=True)
class NumberedCalendar:
    """Working time as it was read, and the number by which a later one is known."""

    number: int
    working_time: WorkingTime


def calendar_of(nation: str) -> NumberedCalendar:
    """Return the working time of a nation, with the days off as they are now."""
    # The number first: where a day is added meanwhile, what is worked out with it counts as older, and is done again.
    number = Calendar.objects.filter(nation=nation).values_list("number", flat=True).first() or 0
    return NumberedCalendar(number, working_time_of(nation))


def working_time_of(nation: str) -> WorkingTime:
    """Return the working time of a nation alone, for what is only shown."""
    changed = {
        row.day: "" if row.is_worked else row.words for row in DayOff.objects.filter(nation=nation).order_by("day")
    }

    def day_off(day: date) -> str:
        return changed[day] if day in changed else bank_holiday(Nation(nation), day)

    return WorkingTime(day_off)


def bank_holiday(nation: Nation, day: date) -> str:
    """Return the name of the bank holiday that this day is in this nation; "" of an ordinary day."""
    return str(_bank_holidays(nation).get(day, ""))


@cache
def _bank_holidays(nation: Nation) -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv=SUBDIVISIONS[nation])
