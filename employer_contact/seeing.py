"""To whom the records of employers, agents and paying parents are open."""

from __future__ import annotations

from typing import Any, Self, TypeVar

from django.db.models import Model, QuerySet

from contacthub.actor import Actor
from contacthub.people.roles import Role
from employer_contact import scopes

Record = TypeVar("Record", bound=Model)
# Those to whom the records of employers, agents and paying parents are open.
SEE_ACCOUNTS = {Role.EMPLOYER_PAYMENTS_CASEWORKER, Role.CASEWORKER, Role.WELSH_LANGUAGE_UNIT}


def sees_all_by_scope(actor: Actor, scope: str) -> bool:
    """Say if this is an integrator's key with a scope that opens what others raised, or what nobody did."""
    return Role.INTEGRATOR in actor.roles and actor.has_scope(scope)


def sees_accounts(actor: Actor) -> bool:
    """Say if the records of all employers, agents and paying parents are open to the actor."""
    seen = actor.sees_everything or SEE_ACCOUNTS & actor.roles or sees_all_by_scope(actor, scopes.READ)
    return bool(seen)


def manager_of(model: Any, name: str) -> Any:
    """Return the manager of what a model's records lead to by this name."""
    return getattr(model, name).rel.related_model._default_manager


class SeenByRole(QuerySet[Record]):
    """Records that a role opens; a case owning caseworker without one sees those of the cases that he owns."""

    def visible_to(self, actor: Actor) -> Self:
        if sees_accounts(actor):
            return self
        if actor.staff_id is None:
            return self.none()
        return self.of_cases_owned_by(actor.staff_id)

    def of_cases_owned_by(self, staff_id: int) -> Self:
        raise NotImplementedError

    def _related(self, name: str) -> Any:
        return manager_of(self.model, name)
