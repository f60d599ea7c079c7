"""The pages that an agent lives in, asked of the WSGI application as the web server does, with a session’s cookie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from itertools import cycle

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


def get(address: str, cookie: str) -> bytes:
    """Return the page at this address. Raises RuntimeError where there is none."""
    environ = create_environ(address, "http://localhost/", headers={"Cookie": cookie})
    body, status, _ = run_wsgi_app(application, environ, buffered=True)
    if status != "200 OK":
        raise RuntimeError(f"{address}: {status}")
    return b"".join(body)


def pages_of(person: StaffMember, *, at: datetime) -> dict[str, Do]:
    """Return how to ask for each page, by its name; the floor is the first."""
    cookie = sign_in(person)
    mine = Incident.objects.filter(assigned_to=person, state=IncidentState.ASSIGNED)

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
    }


def _addresses(incidents: IncidentQuerySet) -> list[str]:
    """Return some of these from all over the table."""
    keys = [*incidents.order_by("pk").values_list("pk", flat=True)]
    some = keys[:: max(1, len(keys) // SAMPLE)][:SAMPLE]
    return [incident.get_absolute_url() for incident in Incident.objects.filter(pk__in=some)]


def _deep() -> str:
    """Return the query string of the page of the queue that begins where nine tenths of it are behind."""
    queue = Incident.objects.with_the_helpdesk().in_queue_order()
    there = queue[queue.count() * 9 // 10]
    rest = Incident.objects.with_the_helpdesk().filter(band=there.band, received_at__gte=there.received_at)
    return keyset.page(rest, key=QUEUE_ORDER, asked={}, size=1).older
