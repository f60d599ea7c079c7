"""The working time of each nation: its bank holidays, and the days off that an administrator added or took back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

import holidays

from contacthub.deadlines.models import Calendar
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
    number, days = Calendar.objects.days_off(nation)
    changed = {day: "" if is_worked else words for day, is_worked, words in days}

    def day_off(day: date) -> str:
        return changed[day] if day in changed else bank_holiday(Nation(nation), day)

    return NumberedCalendar(number, WorkingTime(day_off))


def bank_holiday(nation: Nation, day: date) -> str:
    """Return the name of the bank holiday that this day is in this nation; "" of an ordinary day."""
    return str(_bank_holidays(nation).get(day, ""))


@cache
def _bank_holidays(nation: Nation) -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv=SUBDIVISIONS[nation])
