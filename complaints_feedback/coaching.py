"""What part 2 must say before the discussion counts, and before it is complete: rules over plain data (CF-41)."""

from __future__ import annotations

from calendar import isleap
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from complaints_feedback.terms import Broken
from contacthub.formats import UK, day_and_time, uk_day

LEAP_DAY = (2, 29)
NO_RECORDING = Broken(
    "recordings_required",
    "recordings",
    "Enter the Verint reference of each recording you listened to, or say why there is no recording",
)
NOT_BOTH = Broken(
    "recordings_and_none", "no_recording", "Enter the Verint references or say that there is no recording, not both"
)
NO_PLAN = Broken(
    "plan_required", "plan", "Make a development plan for these needs, or say that there are no development needs"
)
NO_NEEDS = Broken(
    "development_needs_required",
    "development_needs",
    "Enter the development needs, or say that there are no development needs",
)
NEEDS_AND_NONE = Broken(
    "development_needs_and_none",
    "no_development_needs",
    "Enter the development needs or say that there are none, not both",
)
NOT_EXPLAINED = Broken(
    "opportunity_required",
    "opportunity_explained",
    "Confirm that you explained that they had the opportunity to put the case right",
)


@dataclass(frozen=True, kw_only=True)
class Recordings:
    """What was listened to: `recordings` are Verint references, `no_recording` says in words that there is none."""

    recordings: Collection[str] = ()
    no_recording: str = ""


@dataclass(frozen=True, kw_only=True)
class Talk:
    """When, how and where the feedback was given, and what the review of the case found; `resolution` is how it could
    have been resolved.
    """

    discussed_at: datetime | None = None
    how: str = ""
    place: str = ""
    occurred: str = ""
    resolution: str = ""


@dataclass(frozen=True, kw_only=True)
class Discussion(Talk, Recordings):
    """All that must be said before the discussion counts."""


@dataclass(frozen=True, kw_only=True)
class Agreed:
    """What came of the discussion itself; `opportunity_explained` confirms the message of CF-12."""

    changes_agreed: str = ""
    opportunity_explained: bool = False


@dataclass(frozen=True, kw_only=True)
class Told(Talk, Agreed):
    """What is written after the discussion, on one page."""


@dataclass(frozen=True, kw_only=True)
class Development:
    development_needs: str = ""
    no_development_needs: bool = False


@dataclass(frozen=True, kw_only=True)
class OneToOne:
    """The first day of the month in whose 1-2-1 the feedback is documented (CF-05)."""

    one_to_one_month: date | None = None


@dataclass(frozen=True, kw_only=True)
class Outcome(Agreed, Development, OneToOne):
    """All that must be said besides before part 2 is complete."""


Written = Recordings | Talk | Agreed | Development | OneToOne


def errors_in_discussion(given: Discussion, *, delivered_at: datetime, at: datetime) -> list[Broken]:
    """Say what is missing before the discussion counts (CF-03, CF-07, CF-08)."""
    found = []
    span = (delivered_at, at)
    if given.discussed_at is None:
        found.append(Broken("discussed_at_required", "discussed_at", "Enter when you discussed it"))
    elif given.discussed_at > at:
        words = f"The time you discussed it must be in the past{_meant(given.discussed_at, span)}"
        found.append(Broken("discussed_in_future", "discussed_at", words))
    elif given.discussed_at < delivered_at:
        words = f"The time you discussed it must be after the feedback came, {day_and_time(delivered_at)}"
        found.append(Broken("discussed_before_receipt", "discussed_at", words + _meant(given.discussed_at, span)))
    if not given.how.strip():
        found.append(Broken("how_required", "how", "Enter how you gave the feedback"))
    if not given.place.strip():
        found.append(Broken("place_required", "place", "Enter where you gave the feedback"))
    found += _errors_in_recordings(given)
    if not given.occurred.strip():
        found.append(Broken("occurred_required", "occurred", "Enter where in the case the issue occurred"))
    if not given.resolution.strip():
        found.append(Broken("resolution_required", "resolution", "Enter how it could have been resolved"))
    return found


def errors_in_outcome(given: Outcome, *, has_plan: bool, discussed_at: datetime) -> list[Broken]:
    """Say what is missing before part 2 is complete (CF-04, CF-05, CF-09, CF-12)."""
    found = []
    if not given.changes_agreed.strip():
        found.append(Broken("changes_agreed_required", "changes_agreed", "Enter what changes you agreed"))
    found += _errors_in_development(given, has_plan=has_plan)
    if given.one_to_one_month is None:
        words = "Select the month of the 1-2-1 in which you document it"
        found.append(Broken("one_to_one_month_required", "one_to_one_month", words))
    elif given.one_to_one_month < uk_day(discussed_at).replace(day=1):
        words = "The month of the 1-2-1 must be that of the discussion or later"
        found.append(Broken("one_to_one_too_early", "one_to_one_month", words))
    return found if given.opportunity_explained else [*found, NOT_EXPLAINED]


def _meant(typed: datetime, span: tuple[datetime, datetime]) -> str:
    """Ask for the year where that alone seems mistyped: the same day and time lies in the span in another one."""
    first, last = span
    local = typed.astimezone(UK)
    years = {uk_day(first).year, uk_day(last).year}
    others = (local.replace(year=year) for year in years if isleap(year) or (local.month, local.day) != LEAP_DAY)
    fits = next((other for other in others if first <= other <= last), None)
    return f". Did you mean {day_and_time(fits)}?" if fits else ""


def _errors_in_recordings(given: Recordings) -> list[Broken]:
    has_references = any(reference.strip() for reference in given.recordings)
    if has_references and given.no_recording.strip():
        return [NOT_BOTH]
    return [] if has_references or given.no_recording.strip() else [NO_RECORDING]


def _errors_in_development(given: Development, *, has_plan: bool) -> list[Broken]:
    has_needs = bool(given.development_needs.strip())
    if given.no_development_needs:
        return [NEEDS_AND_NONE] if has_needs or has_plan else []
    if not has_needs:
        return [NO_NEEDS]
    return [] if has_plan else [NO_PLAN]
