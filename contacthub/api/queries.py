from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db import connection, models

from contacthub.actor import Actor
from contacthub.people.roles import Role

if TYPE_CHECKING:
    from contacthub.api.models import ApiKey, KeptAnswer  # noqa: F401  named in the base classes


class KeyInUse(NamedTuple):
    pk: int
    staff_id: int
    scopes: list[str]
    last_used_at: datetime | None


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep what the actor may see: administrators all, an integrator the keys of the own staff record."""
        if Role.ADMINISTRATOR in actor.roles:
            return self
        return self.filter(staff_id=actor.staff_id) if Role.INTEGRATOR in actor.roles else self.none()

    def live(self, at: datetime) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=at)

    def in_use(self, secret_hash: str, *, at: datetime, on: date) -> KeyInUse | None:
        """Return the live key of this secret where the person it acts as works for us on the day.

        Every request of a machine asks, so it is a statement that Django need not write anew.
        """
        statement = """
            select key.id, staff_id, scopes, last_used_at
              from api_apikey key join people_staffmember staff on staff.id = staff_id
             where secret_hash = %(secret_hash)s and revoked_at is null and expires_at > %(at)s
               and active_from <= %(on)s and (active_to is null or active_to >= %(on)s)
        """
        with connection.cursor() as cursor:
            cursor.execute(statement, {"secret_hash": secret_hash, "at": at, "on": on})
            row = cursor.fetchone()
        return KeyInUse(*row) if row else None


class KeptAnswerManager(models.Manager["KeptAnswer"]):
    def keep(self, caller: str, key: str, *, status: int, headers: dict[str, str], body: str, at: datetime) -> None:
        """Keep an answer, in the place of one to a request with this key that was forgotten.

        Every change by a machine does this, so Django need not write the statement anew.
        """
        statement = """
            insert into api_keptanswer (caller, key, status, headers, body, at)
            values (%(caller)s, %(key)s, %(status)s, %(headers)s, %(body)s, %(at)s)
            on conflict (caller, key) do update
            set status = excluded.status, headers = excluded.headers, body = excluded.body, at = excluded.at
        """
        told: dict[str, Any] = {"status": status, "headers": json.dumps(headers), "body": body}
        with connection.cursor() as cursor:
            cursor.execute(statement, {"caller": caller, "key": key, "at": at, **told})
