"""What machines ask by REST, with a key that may read and raise."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from uuid import uuid4

from benchmarks.pages import Do, ask
from contacthub.api.services import make_key
from contacthub.formats import uk_day
from contacthub.people.models import StaffMember
from contacthub.people.services import actor_for
from jobmatch_helpdesk import scopes

TOLD = {
    "source": "online_jobseeker",
    "customer_name": "Dafydd Llywelyn",
    "customer_email": "dafydd.llywelyn@example.org",
    "topic": "sign_in",
    "description": "Cannot upload my CV\n\nThe page goes white after I choose the file.",
}


def key_headers(*, at: datetime) -> dict[str, str]:
    """Make a key of the demo's integrator, and return what a request with it sends."""
    site = StaffMember.objects.get(username="integrator")
    by = actor_for(StaffMember.objects.get(username="admin"), on=uk_day(at))
    wanted = [scopes.READ, scopes.READ_ALL, scopes.RAISE]
    expires_at = at + timedelta(days=1)
    made = make_key(name="Benchmark", staff_id=site.pk, scopes=wanted, expires_at=expires_at, by=by, at=at)
    return {"Authorization": f"Bearer {made.secret}"}


def list_of(headers: dict[str, str]) -> Do:
    return lambda: ask("/api/v1/incidents/", headers)


def create_with(headers: dict[str, str]) -> Do:
    return lambda: _post("/api/v1/incidents/", headers | {"Idempotency-Key": str(uuid4())})


def create_bare() -> bytes:
    return _post("/floor/create/", {})


def _post(address: str, headers: dict[str, str]) -> bytes:
    return ask(address, headers, expected="201 CREATED", told=json.dumps(TOLD))
