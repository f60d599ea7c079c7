"""Contacts and service requests of the last weeks, made by the services themselves from `fixtures/demo/contacts.toml`.

References count in the order of their moments, as they would have come.
"""

from __future__ import annotations

import tomllib
from datetime import datetime, time, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile

from contacthub.actor import Actor
from contacthub.callbacks.services import open_callback_of, take
from contacthub.formats import UK, uk_day
from contacthub.people.models import StaffMember
from contacthub.people.services import actor_for
from contacthub.workspace.past import let_time_pass, send_waiting
from employer_contact import services
from employer_contact.demo_records import before, month_of
from employer_contact.models import Activity, AskedQuestion, Contact, Employer, Employment, ServiceRequest
from employer_contact.plans import Doing
from employer_contact.security import Outcome
from employer_contact.terms import Ending, How

WRITTEN = tomllib.loads(Path(settings.BASE_DIR, "fixtures", "demo", "contacts.toml").read_text())["contact"]
CAME = Path(settings.BASE_DIR, "fixtures", "demo", "correspondence")
MINUTE = timedelta(minutes=1)
STEP_TAKES = 12 * MINUTE
CALLED_BACK_AFTER = timedelta(hours=2)
SATURDAY = 5
SAID, NOTE = "Done, as agreed in the call", "note of the call"
NOT_ASKED = "Not needed: nothing of this kind is to be done here"
# What somebody does elsewhere, or says, is recorded; what would change a record is said not to be needed.
TOLD = {Doing.CONFIRM, Doing.NOTE, Doing.ELSEWHERE, Doing.OWNER_CONFIRMS}


def load(employers: list[Employer], *, at: datetime) -> None:
    calls = [_Call(given, employers, now=at) for given in WRITTEN]
    for call in sorted(calls, key=lambda call: call.at):
        let_time_pass(until=call.at)
        call.happen()
    let_time_pass(until=at)


def moment_of(given: dict[str, Any], now: datetime) -> datetime:
    """Return when a contact began: so many minutes ago, or at a time of a working day before."""
    if "minutes_ago" in given:
        return now - timedelta(minutes=given["minutes_ago"])
    day, left = uk_day(now), given["days_ago"]
    while left:
        day -= timedelta(days=1)
        left -= day.weekday() < SATURDAY
    return datetime.combine(day, time.fromisoformat(given["at"]), tzinfo=UK)


class _Call:
    """Makes one contact, a minute after the other."""

    def __init__(self, given: dict[str, Any], employers: list[Employer], *, now: datetime) -> None:
        self.given, self.now, self.at = given, now, moment_of(given, now)
        self.raised: list[tuple[ServiceRequest, dict[str, Any]]] = []
        self.party: Employer | None = employers[given["employer"] - 1] if "employer" in given else None

    def happen(self) -> None:
        if "call" in self.given:
            told = {"call_id": self.given["call"], "number_keyed": self.given["keyed"]}
            services.notify_call(**told, by=_actor("integrator", self.at), at=self.at)
            return
        self.by = _actor(self.given["by"], self.at)
        contact = self._open()
        if "identity" in self.given:
            self._identify(contact)
        if "check" in self.given:
            self._check(contact, right=self.given["check"] == "passed")
        for one in self.given.get("reasons", []):
            self._reason(contact, one)
        if not self.given.get("open"):
            self._end(contact)
        if "answered_by" in self.given:
            self._call_back(contact)
        for request, one in self.raised:
            self._work_on(request, one)

    def _open(self) -> Contact:
        is_keyed = self.given.get("keyed")
        keyed = self.party.ern if is_keyed is True and self.party else is_keyed or ""
        reference = self.given.get("agent") or (self.party.ern if self.party and not keyed else "")
        contact = services.open_contact(
            channel=self.given.get("channel", "telephone"),
            direction=self.given.get("direction", "inbound"),
            number_keyed=keyed,
            party=reference,
            came_as=self._came_as(),
            by=self.by,
            at=self.at,
        )
        said = {"caller_name": self.given.get("caller", ""), "notes": self.given["notes"]}
        return services.keep_notes(contact_id=contact.pk, **said, by=self.by, at=self._next())

    def _came_as(self) -> list[ContentFile[bytes]]:
        if "came_as" not in self.given:
            return []
        path = CAME / self.given["came_as"]
        return [ContentFile(path.read_bytes().replace(b"{date}", format_datetime(self.at).encode()), name=path.name)]

    def _identify(self, contact: Contact) -> None:
        """Show by email who we are, unless they have none; then say what came of it."""
        outcome, which = self.given["identity"], {"contact_id": contact.pk, "by": self.by}
        services.offer_identity_email(**which, at=self._next())
        if not self.given.get("no_email"):
            services.send_identity_email(**which, address=self.given.get("address", ""), at=self._next())
            send_waiting(contact.case)
        if outcome == "content":
            services.confirm_identity_email(**which, at=self._next())
        elif outcome:
            services.agree_instead(**which, fallback=outcome, at=self._next())

    def _check(self, contact: Contact, *, right: bool) -> None:
        open_ones = AskedQuestion.objects.filter(check_of__contact=contact, outcome="")
        answers = dict.fromkeys(open_ones.values_list("question__code", flat=True), Outcome.CORRECT) if right else {}
        services.answer_questions(
            contact_id=contact.pk, answers=answers, gives_up=not right, by=self.by, at=self._next()
        )

    def _reason(self, contact: Contact, one: dict[str, Any]) -> None:
        services.choose_reasons(contact_id=contact.pk, reasons=[one["reason"]], by=self.by, at=self._next())
        if "kind" not in one:
            return
        request = services.create_sr(
            contact_id=contact.pk,
            reason=one["reason"],
            kind=one["kind"],
            details=self._details(one),
            by=self.by,
            at=self._next(),
        )
        self.raised.append((request, one))

    def _details(self, one: dict[str, Any]) -> services.Details:
        month = month_of(uk_day(self.at))
        jobs = Employment.objects.filter(employer=self.party).order_by("name_key", "pk")
        parents = jobs.values_list("paying_parent__reference", flat=True)[: one.get("parents", 0)]
        return services.Details(
            paying_parents=tuple(parents),
            from_month=before(month, one["months"]) if "months" in one else None,
            to_month=month if "months" in one else None,
        )

    def _work_on(self, request: ServiceRequest, one: dict[str, Any]) -> None:
        steps = list(request.activities.order_by("number"))
        count = len(steps) if one.get("done") == "all" else one.get("done", 0)
        for number, step in enumerate(steps[:count], start=1):
            self._settle(request, step, one, at=min(self.at + number * STEP_TAKES, self.now))
        if "ring" in one:
            services.ask_for_callback(
                service_request_id=request.pk,
                telephone=self.party.telephone if self.party else "",
                words=one["ring"],
                by=self.by,
                at=min(self.at + count * STEP_TAKES + MINUTE, self.now),
            )
        if "waits" in one:
            services.wait_until(
                service_request_id=request.pk,
                waits_for=one["waits"],
                until=self.now + timedelta(days=one["waits_days"]),
                by=self.by,
                at=min(self.at + count * STEP_TAKES + MINUTE, self.now),
            )

    def _settle(self, request: ServiceRequest, step: Activity, one: dict[str, Any], *, at: datetime) -> None:
        which: dict[str, Any] = {"service_request_id": request.pk, "number": step.number, "by": self.by, "at": at}
        if step.does == Doing.CLOSE:
            services.complete_step(**which, words=one["update"])
        elif step.does == Doing.TELL_PARTY:
            services.tell_party_step(**which, how=How.TELEPHONE)
        elif step.does in TOLD:
            services.complete_step(**which, words=SAID, done_on=uk_day(at), reference=NOTE)
        else:
            services.mark_not_needed(**which, reason=NOT_ASKED)

    def _end(self, contact: Contact) -> None:
        at = self._next()
        if self.given.get("lost"):
            services.lose_call(contact_id=contact.pk, by=self.by, at=at)
            return
        if self.given.get("welsh"):
            services.arrange_welsh(contact_id=contact.pk, by=self.by, at=at)
            return
        services.finish(
            contact_id=contact.pk,
            why_none={one["reason"]: one["why"] for one in self.given.get("reasons", []) if "why" in one},
            ending=Ending(self.given["ending"]) if "ending" in self.given else "",
            words=self.given.get("words", ""),
            expected=self.given.get("expected", ""),
            offer=self.given.get("offer", ""),
            by=self.by,
            at=at,
        )

    def _call_back(self, contact: Contact) -> None:
        """Ring them back two hours later, and have them answer."""
        self.at, self.by = self.at + CALLED_BACK_AFTER, _actor(self.given["answered_by"], self.at)
        callback = open_callback_of(contact.case)
        if callback is None:
            raise AssertionError("It is to be called back")
        take(callback_id=callback.pk, by=self.by, at=self.at)
        second = services.answered(callback_id=callback.pk, by=self.by, at=self._next())
        said = {"caller_name": contact.caller_name, "notes": self.given["answered_notes"]}
        services.keep_notes(contact_id=second.pk, **said, by=self.by, at=self._next())
        passes = self.given["answered_check"] == "passed"
        self._check(second, right=passes)
        ended = {"ending": Ending.RANG_OFF} if passes else {"offer": "letter"}
        services.finish(contact_id=second.pk, **ended, by=self.by, at=self._next())

    def _next(self) -> datetime:
        self.at = min(self.at + MINUTE, self.now)
        return self.at


def _actor(username: str, at: datetime) -> Actor:
    return actor_for(StaffMember.objects.get(username=username), on=uk_day(at))
