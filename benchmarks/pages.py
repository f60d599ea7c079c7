"""The pages that an agent lives in, asked of the WSGI application as the web server does, with a session’s cookie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import cycle
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from werkzeug.test import create_environ, run_wsgi_app

from contacthub import keyset
from contacthub.people.models import StaffMember
from contacthub.wsgi import application
from jobmatch_helpdesk.lifecycle import IncidentState
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.queries import QUEUE_ORDER, IncidentQuerySet

Do = Callable[[], object]
SAMPLE = 20  # incidents, one after another: a page is seldom the one that was shown a moment ago


def sign_in(person: StaffMember) -> str:
    """Return the cookie of a new session of this person."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def get(address: str, cookie: str, *, expected: str = "200 OK") -> bytes:
    return ask(address, {"Cookie": cookie}, expected=expected)


def post(address: str, cookie: str, told: dict[str, str], *, expected: str = "302 Found") -> bytes:
    """Send a form, as its page does."""
    token = "b" * 32  # Django's check compares the form's with the cookie's
    cookies = f"{cookie}; {settings.CSRF_COOKIE_NAME}={token}"
    data = urlencode({"csrfmiddlewaretoken": token, **told})
    sent = {"method": "POST", "data": data, "content_type": "application/x-www-form-urlencoded"}
    return _answer(create_environ(address, "http://localhost/", headers={"Cookie": cookies}, **sent), expected=expected)


def ask(address: str, headers: dict[str, str], *, expected: str = "200 OK", told: str | None = None) -> bytes:
    """Return the answer to GET or, where something is told as JSON, to POST. Raises RuntimeError for any other."""
    sent = {} if told is None else {"method": "POST", "data": told, "content_type": "application/json"}
    return _answer(create_environ(address, "http://localhost/", headers=headers, **sent), expected=expected)


def _answer(environ: dict[str, Any], *, expected: str) -> bytes:
    body, status, _ = run_wsgi_app(application, environ, buffered=True)
    if status.upper() != expected.upper():
        raise RuntimeError(f"{environ['PATH_INFO']}: {status}")
    return b"".join(body)


def pages_of(person: StaffMember, *, at: datetime) -> dict[str, Do]:
    """Return how to ask for each page, by its name; the floor is the first."""
    cookie = sign_in(person)
    mine = Incident.objects.filter(assigned_to=person, state=IncidentState.ASSIGNED)

    numbers = cycle(range(1, SAMPLE))

    def page(*addresses: str) -> Do:
        turn = cycle(addresses)
        return lambda: get(next(turn), cookie)

    return {
        "floor": page("/floor/"),
        "queue": page("/jobmatch/"),
        "queue, nine tenths down": page(f"/jobmatch/{_deep()}"),
        "queue, newest": page("/jobmatch/?order=newest"),
        "queue, unassigned": page("/jobmatch/?view=unassigned"),
        "queue, mine": page("/jobmatch/?view=mine"),
        "queue, overdue": page("/jobmatch/?view=overdue"),
        "incident, unassigned": page(*_addresses(Incident.objects.unassigned())),
        "incident, mine": page(*_addresses(mine)),
        "incident, closed": page(*_addresses(Incident.objects.filter(state=IncidentState.CLOSED))),
        "find by reference": lambda: get(f"/search/?q=uj+{next(numbers)}", cookie, expected="302 Found"),
        "find by name": page(
            "/search/?q=Rhydderch", "/search/?q=dafydd+okafor", "/search/?q=li,+nia", "/search/?q=wisn"
        ),
        "find by telephone number": page(*_searches("telephone")),
        "find by email address": page(*_searches("customer_email")),
    }


def _addresses(incidents: IncidentQuerySet) -> list[str]:
    return [incident.get_absolute_url() for incident in Incident.objects.filter(pk__in=_some(incidents))]


def _some(incidents: IncidentQuerySet) -> list[int]:
    """Return the keys of some of these from all over the table."""
    keys = [*incidents.order_by("pk").values_list("pk", flat=True)]
    return keys[:: max(1, len(keys) // SAMPLE)][:SAMPLE]


def _searches(column: str) -> list[str]:
    """Return the addresses of searches for what some incidents from all over the table have in this column."""
    values = Incident.objects.filter(pk__in=_some(Incident.objects.all())).values_list(column, flat=True)
    return [f"/search/?{urlencode({'q': value})}" for value in values]


def _deep() -> str:
    """Return the query string of the page of the queue that begins where nine tenths of it are behind."""
    queue = Incident.objects.with_the_helpdesk().in_queue_order()
    there = queue[queue.count() * 9 // 10]
    rest = Incident.objects.with_the_helpdesk().filter(band=there.band, received_at__gte=there.received_at)
    return keyset.page(rest, key=QUEUE_ORDER, asked={}, size=1).older
