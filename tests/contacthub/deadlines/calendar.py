"""Moments and calendars for the tests of this room. Expected moments are worked out by hand; all are UK times."""

from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

from contacthub.deadlines.calendars import bank_holiday
from contacthub.deadlines.working_time import WorkingTime
from contacthub.people.models import Nation

UK = ZoneInfo("Europe/London")
ENGLAND, SCOTLAND, NORTHERN_IRELAND = (
    WorkingTime(partial(bank_holiday, nation))
    for nation in (Nation.ENGLAND_AND_WALES, Nation.SCOTLAND, Nation.NORTHERN_IRELAND)
)


def uk(words: str) -> datetime:
    return datetime.strptime(words, "%Y-%m-%d %H:%M").replace(tzinfo=UK)
