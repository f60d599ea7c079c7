"""Requests to re-issue a CMSL2040, in every state, made by the services from `fixtures/demo/reissues.toml`."""

from __future__ import annotations

import tomllib
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings

from contacthub.formats import uk_day
from contacthub.people.models import StaffMember
from contacthub.people.services import actor_for
from employer_contact import services
from employer_contact.demo_contacts import moment_of
from employer_contact.demo_records import month_of
from employer_contact.models import Employer, MaintenanceCase, ReissueRequest

WRITTEN = tomllib.loads(Path(settings.BASE_DIR, "fixtures", "demo", "reissues.toml").read_text())["reissue"]
DAY = timedelta(days=1)


def load(employers: list[Employer], *, at: datetime) -> None:
    told = [(moment_of(given, at), given) for given in WRITTEN]
    for moment, given in sorted(told, key=lambda one: one[0]):
        _happen(given, employers[given["employer"] - 1], at=moment)


def _happen(given: dict[str, Any], employer: Employer, *, at: datetime) -> None:
    owned = MaintenanceCase.objects.filter(paying_parent__employments__employer=employer, closed_on=None)
    case = owned.filter(owner__username=given["owner"]).order_by("number")[0]
    asker = StaffMember.objects.get(username=given["by"])
    request = services.request_reissue(
        employer_id=employer.pk,
        case_number=case.number,
        scenario=given["scenario"],
        reason=given["reason"],
        by=actor_for(asker, on=uk_day(at)),
        at=at,
    )
    if "ends" in given:
        _end(given, request, asker, at=at + DAY)


def _end(given: dict[str, Any], request: ReissueRequest, asker: StaffMember, *, at: datetime) -> None:
    [owner] = services.who_decides(request, on=uk_day(at))
    ended: dict[str, Any] = {"reissue_id": request.pk, "at": at}
    if given["ends"] == "reissue":
        letter: dict[str, Any] = {"amount": Decimal(given["amount"]), "from_month": month_of(uk_day(at))}
        services.reissue(**ended, **letter, by=actor_for(owner, on=uk_day(at)))
    elif given["ends"] == "decline":
        services.decline(**ended, reason=given["words"], by=actor_for(owner, on=uk_day(at)))
    else:
        services.withdraw(**ended, reason=given["words"], by=actor_for(asker, on=uk_day(at)))
