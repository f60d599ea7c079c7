"""What an administrator does with activity plans. A version that was put to use stays as it is (XC-04)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from contacthub.actor import Actor
from contacthub.cases.services import record_event
from contacthub.errors import NotThere, RuleBroken
from employer_contact.models import Plan, PlanStep, PlanUse, PlanVersion, ServiceRequestKind
from employer_contact.permissions import require_can_keep_reference
from employer_contact.plans import faults


@transaction.atomic
def copy_plan_version(*, version_id: int, by: Actor, at: datetime) -> PlanVersion:
    """Make a new version of a plan, with the steps of this one. Raises NotThere or Refused."""
    version: PlanVersion = _locked(version_id)
    require_can_keep_reference(by)
    newest = PlanVersion.objects.filter(plan=version.plan).latest("number")
    copy = PlanVersion.objects.create(plan=version.plan, number=newest.number + 1)
    PlanStep.objects.bulk_create(
        PlanStep(version=copy, number=step.number, text=step.text, mark=step.mark, does=step.does, raises=step.raises)
        for step in version.steps.all()
    )
    record_event(copy, "made", by=by, at=at, words=f"From version {version.number}")
    return copy


@transaction.atomic
def use_plan_version(*, version_id: int, by: Actor, at: datetime) -> PlanVersion:
    """Let the service requests raised from now on take this version. Raises NotThere, Refused or RuleBroken."""
    version: PlanVersion = _locked(version_id)
    require_can_keep_reference(by)
    found = faults([step.as_rule for step in version.steps.all()], closes=version.plan.kinds.exists())
    if found:
        raise RuleBroken(found[0], code="plan_is_at_fault")
    _require_known(version)
    current = PlanVersion.objects.in_use(at).filter(plan=version.plan).first()
    if current == version:
        raise RuleBroken("This version is in use already", code="in_use_already")
    PlanUse.objects.create(version=version, from_at=at)
    before = f"version {current.number}" if current else "none"
    record_event(version, "put_to_use", by=by, at=at, words=f"In use: {before} → version {version.number}")
    return version


def _require_known(version: PlanVersion) -> None:
    """Raise RuleBroken where a step names a service request that there is none of."""
    codes = {code for step in version.steps.all() for code in step.as_rule.raises}
    known = set(ServiceRequestKind.objects.filter(code__in=codes).values_list("code", flat=True))
    if unknown := codes - known:
        words = f"No service request has the code {', '.join(sorted(unknown))}. Change what the step raises"
        raise RuleBroken(words, code="plan_is_at_fault")


def _locked(version_id: int) -> Any:
    """Return the version, locked with its plan: whoever changes either waits."""
    version = PlanVersion.objects.select_related("plan").filter(pk=version_id).first()
    if version is None:
        raise NotThere
    Plan.objects.select_for_update(no_key=True).get(pk=version.plan_id)
    PlanVersion.objects.select_for_update(no_key=True).get(pk=version_id)
    return version
