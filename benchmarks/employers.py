"""Employer contact as a caseworker has it: a whole call a round, page by page and press by press; searches, lists."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
from typing import Any
from uuid import uuid4

from django.db.models import Model

from benchmarks.pages import SAMPLE, get, post, sign_in
from contacthub.callbacks.models import Callback
from contacthub.people.models import StaffMember
from employer_contact.models import (
    AskedQuestion,
    Contact,
    Employer,
    PayingParent,
    PayrollAgent,
    ReissueRequest,
    ServiceRequest,
)

REASON, KIND = "statement", "STATEMENT"
BUREAU = "EA1000001"  # acts for every 40th employer
LARGE = "100000002"  # has 2,000 paying parents
WELSH_UNIT = "welsh-unit"  # somebody there
NEW = "/employers/calls/new/"
Probe = Callable[[], float]


class Call:
    """The call of a round: its pages and presses are measured in turn, and each goes on from the one before."""

    def __init__(self, cookie: str, parties: Iterator[str]) -> None:
        self.cookie, self.parties = cookie, parties
        self.party = ""
        self.contact: Contact | None = None

    def start(self) -> float:
        self.party, self.contact = next(self.parties), None
        return self.show_address(f"{NEW}?ivr={self.party}&call={uuid4()}")

    def press_start(self) -> float:
        who = "number_keyed" if self.party.isdecimal() else "party"
        told = {"channel": "telephone", "direction": "inbound", "call_id": str(uuid4()), who: self.party}
        took = self.press_address(NEW, told)
        self.contact = Contact.objects.latest("pk")
        return took

    def show(self, page: str) -> Probe:
        return lambda: self.show_address(f"{self._here}{page}/")

    def press(self, act: str, **told: str) -> Probe:
        return lambda: self.press_address(f"{self._here}{act}/", told)

    def press_answers(self) -> float:
        open_ones = AskedQuestion.objects.filter(check_of__contact=self.contact, outcome="")
        codes = open_ones.values_list("question__code", flat=True)
        return self.press_address(f"{self._here}answer/", dict.fromkeys(codes, "correct"))

    def keep_notes(self) -> float:
        return self.press_address(
            f"{self._here}keep-notes/", {"words": '{"notes": "Wants a statement"}'}, expected="200 OK"
        )

    def show_request(self) -> float:
        return self.show_address(ServiceRequest.objects.get(contact=self.contact).get_absolute_url())

    @property
    def _here(self) -> str:
        if self.contact is None:
            raise RuntimeError("No call was started")
        return self.contact.get_absolute_url()

    def show_address(self, address: str) -> float:
        return timed(lambda: get(address, self.cookie))

    def press_address(self, address: str, told: dict[str, str], *, expected: str = "302 Found") -> float:
        sent = {"key": str(uuid4()), "notes": "Wants a statement", **told}
        return timed(lambda: post(address, self.cookie, sent, expected=expected))


def timed(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def things_of(cookie: str) -> dict[str, Probe]:
    """Return how to measure all of it, by name, for a caseworker who is signed in."""
    erns = cycle([*Employer.objects.order_by("-pk").values_list("ern", flat=True)[:SAMPLE]])
    call = Call(cookie, erns)
    return {
        **call_of(call),
        **call_of_bureau(cookie),
        **callback_of(call),
        **searches_of(cookie),
        **pages_of(cookie),
    }


def call_of(call: Call) -> dict[str, Probe]:
    """Return a call with a keyed ERN, from telephony's screen pop to the next one."""
    return {
        "call: start": call.start,
        "call: press Start": call.press_start,
        "call: security": call.show("security"),
        "call: press the answers": call.press_answers,
        "call: reason": call.show("reason"),
        "call: press Identity email": call.press("identity-email/offer"),
        "call: press Send": call.press("identity-email/send", address=""),
        "call: identity email": call.show("identity-email"),
        "call: state of the email": call.show("identity-email/state"),
        "call: press They have it": call.press("identity-email/content"),
        "call: press the reason": call.press("choose", reasons=REASON),
        "call: request form": call.show(f"request/{REASON}"),
        "call: press Create": call.press(f"request/{REASON}/create-sr", kind=KIND),
        "call: request": call.show_request,
        "call: wrap-up": call.show("wrap-up"),
        "call: keep the notes": call.keep_notes,
        "call: press Finish": call.press("finish"),
    }


def call_of_bureau(cookie: str) -> dict[str, Probe]:
    """Return what differs in a call of an agent who acts for very many."""
    call = Call(cookie, cycle([BUREAU]))
    call.start()
    call.press_start()
    call.press_answers()
    call.press("choose", reasons=REASON)()
    return {"call: reason, bureau": call.show("reason"), "call: request form, bureau": call.show(f"request/{REASON}")}


def callback_of(call: Call) -> dict[str, Probe]:
    """Return the page of a callback to an employer who would rather speak Welsh, as the Unit that makes it sees it."""
    call.start()
    call.press_start()
    call.press("welsh", telephone="01632 960123")()
    address = Callback.objects.latest("pk").get_absolute_url()
    cookie = sign_in(StaffMember.objects.get(username=WELSH_UNIT))
    return {"callback page, employer": lambda: timed(lambda: get(address, cookie))}


def searches_of(cookie: str) -> dict[str, Probe]:
    """Return a search in a call by each kind of identifier: of records from all over the tables."""
    call = Call(cookie, cycle([""]))
    call.start()
    call.press_start()
    employers = Employer.objects.filter(pk__in=some(Employer))
    parents = PayingParent.objects.filter(pk__in=some(PayingParent))
    typed = {
        "ERN": employers.values_list("ern", flat=True),
        "EARN": PayrollAgent.objects.filter(pk__in=some(PayrollAgent)).values_list("earn", flat=True),
        "EARN of a bureau": [BUREAU],
        "telephone": employers.values_list("telephone", flat=True),
        "postcode": employers.values_list("hmrc_postcode", flat=True),
        "email": employers.values_list("email", flat=True),
        "National Insurance number": parents.values_list("nino", flat=True),
        "12-digit reference": parents.values_list("reference", flat=True),
        "name": employers.values_list("name", flat=True),
        "name of very many": ["Foods Ltd", "Dafydd", "haulage", "li"],
        "name, misspelt": ["Skerowcombe Foods", "Holbty Payroll", "Brindelwick Joinery", "Calderdail Care"],
        "name of nobody": ["Zyx", "Qqqq Wwww", "Xylophone Vendors", "Brxn"],
    }
    return {f"search: {what}": searching(call, cycle([*values])) for what, values in typed.items()}


def searching(call: Call, typed: Iterator[str]) -> Probe:
    address = f"{call.contact.get_absolute_url()}search/" if call.contact else ""
    return lambda: call.press_address(address, {"sought": next(typed)}, expected="200 OK")


def some(model: type[Model]) -> list[int]:
    """Return the keys of SAMPLE records from all over a table."""
    newest: Any = model._default_manager.latest("pk").pk
    return [max(1, newest * part // SAMPLE) for part in range(1, SAMPLE + 1)]


def pages_of(cookie: str) -> dict[str, Probe]:
    """Return the lists, and records: one as most are, and the largest."""
    usual = Employer.objects.get(pk=some(Employer)[7])
    large = Employer.objects.get(ern=LARGE)
    parent = PayingParent.objects.filter(employments__employer=usual).latest("pk")
    reissue = ReissueRequest.objects.open().latest("pk")
    month = large.schedules.latest("month").month
    of_usual, of_large = usual.get_absolute_url(), large.get_absolute_url()
    addresses = {
        "list: contacts, unfinished": "/employers/contacts/",
        "list: contacts, mine": "/employers/contacts/?view=mine",
        "list: contacts, my team’s": "/employers/contacts/?view=team",
        "list: contacts, nobody’s": "/employers/contacts/?view=nobodys",
        "list: requests, mine": "/employers/service-requests/",
        "list: requests, my team’s": "/employers/service-requests/?view=team",
        "list: requests, team’s newest": "/employers/service-requests/?view=team&order=newest",
        "list: requests, completed": "/employers/service-requests/?view=team&state=completed&order=newest",
        "list: requests, overdue": "/employers/service-requests/?view=overdue",
        "list: requests, waiting": "/employers/service-requests/?view=waiting",
        "list: requests, to me": "/employers/service-requests/?view=to-me",
        "list: re-issues, by me": "/employers/reissues/",
        "list: re-issues, owner left": "/employers/reissues/?view=owner-left",
        "list: re-issues, all": "/employers/reissues/?view=all",
        "list: re-issues, all ended": "/employers/reissues/?view=all&state=reissued",
        "list: employers": "/employers/",
        "record: employer": of_usual,
        "record: employer, large": of_large,
        "record: parents": f"{of_usual}paying-parents/",
        "record: parents, large": f"{of_large}paying-parents/",
        "record: parent": f"{of_usual}paying-parents/{parent.reference}/",
        "record: schedule, 300 lines": f"{of_large}schedule/{month:%Y-%m}/",
        "record: re-issue": reissue.get_absolute_url(),
        "record: requests": f"{of_usual}service-requests/",
        "record: agents": f"{of_usual}agents/",
        "record: bureau": f"/employers/agents/{BUREAU}/",
    }
    call = Call(cookie, iter(()))
    return {name: partial(call.show_address, address) for name, address in addresses.items()}
