"""What a unit can learn from the feedback that its people received: figures about no person, and none that is small.

All is counted by the database. Whose forms count follows from where the person worked on the day the form came.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Aggregate, Count, DateField, DurationField, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Cast, TruncMonth

from complaints_feedback.models import DevelopmentPlan, FeedbackForm
from complaints_feedback.suppressing import (
    Counted,
    Figures,
    Hidden,
    Shown,
    months_shown_in_all,
    share,
    shown,
    shown_by_month,
    shown_in_all,
)
from complaints_feedback.terms import Route, Trigger
from contacthub.actor import Actor
from contacthub.formats import UK, uk_day
from contacthub.people.models import Membership, Placement, Unit
from contacthub.people.roles import Post, Role, UnitKind

WITHIN = timedelta(hours=48)
MONTHS = 6  # of a period
LEADS = {
    Role.TEAM_LEADER,
    Role.WORKGROUP_MANAGER,
    Role.AREA_MANAGER,
    Role.SENIOR_RESOLUTION_MANAGER,
    Role.HEAD_OF_LINE,
}
# From the highest post: where the placement of a team names its unit, and the parts that the unit is split into.
ABOVE = {
    Post.HEAD_OF_LINE: ("line_of_business_id", "area_id"),
    Post.AREA_MANAGER: ("area_id", "workgroup_id"),
    Post.SENIOR_RESOLUTION_MANAGER: ("area_id", "workgroup_id"),
    Post.WORKGROUP_MANAGER: ("workgroup_id", "unit_id"),
}
REPEATS = """
    with came as ({forms}),
    numbered as (
        select case_id, team, route, row_number() over (partition by team, what order by delivered_at, case_id) nth
        from came, unnest(came.triggers) what
    )
    select team, route, count(distinct case_id) from numbered where nth > 1 group by team, route
"""
TRIGGERS = """
    with came as ({forms})
    select team, route, what, count(*) from came, unnest(came.triggers) what group by team, route, what
"""
Key = tuple[int, str]  # a team and a route: the finest that is counted


class Period(StrEnum):
    """Which months: periods do not overlap, so that none can be subtracted from another."""

    LAST = "last"
    BEFORE = "before"


class Median(Aggregate):
    """The middle of what was measured."""

    function = "percentile_cont"
    template = "%(function)s(0.5) within group (order by %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class Month:
    """A month in which forms were received, by its first day."""

    first: date
    figures: Figures


@dataclass(frozen=True)
class Cause:
    """What led to complaints, and how many forms say so: `width` is the share of the most, in hundredths."""

    trigger: Trigger
    forms: Shown
    width: int


@dataclass(frozen=True)
class Counts:
    """What was counted, by team and route."""

    months: dict[tuple[Key, date], Counted]
    triggers: dict[tuple[Key, str], int]
    repeats: dict[Key, int]
    open_plans: dict[Key, int]


@dataclass(frozen=True)
class Part:
    """The figures of the whole or of one part of a split, after what is small in it was hidden."""

    months: list[Figures]
    totals: dict[str, Shown]


@dataclass(frozen=True)
class Learning:
    """What the page shows. `hours` is the median time to the discussion; no figure is one that is small."""

    months: list[Month]
    forms: Shown
    share: int | None
    hours: int | None
    repeats: Shown
    open_plans: Shown
    causes: list[Cause]


def parts_of(actor: Actor, *, on: date) -> dict[int, int]:
    """Return the ids of the teams of the actor’s unit, each with the part of the unit that it belongs to.

    A line of business is split into areas, an area into workgroups, a workgroup into teams; what is placed in none of
    them is a part of its own.
    """
    parts: dict[int, int] = {}
    for post, (column, below) in ABOVE.items():
        units = [unit_id for held, unit_id in actor.posts if held == post]
        if not units:
            continue
        placed = Placement.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)
        for team, part in placed.filter(**{f"{column}__in": units}).values_list("unit_id", below):
            parts.setdefault(team, part or team)
    for held, unit_id in actor.posts:
        if held == Post.TEAM_LEADER and unit_id:
            parts.setdefault(unit_id, unit_id)
    teams = {*Unit.objects.filter(pk__in=parts, kind=UnitKind.TEAM).values_list("pk", flat=True)}
    return {team: part for team, part in parts.items() if team in teams}


def may_learn(actor: Actor) -> bool:
    """See the figures: team leaders and above, each of their own unit."""
    return bool(LEADS & actor.roles)


def learn(
    *,
    parts: Mapping[int, int],
    period: Period = Period.LAST,
    route: Route | None = None,
    unit: int | None = None,
    at: datetime,
) -> Learning:
    """Count what the teams received in a period; `parts` are those of `parts_of`, `unit` is one of them."""
    smallest = settings.FEEDBACK_SMALLEST_FIGURE
    firsts = first_days(period, today=uk_day(at))
    forms = _received(parts, firsts)
    counts = _count(forms, teams=parts, on=uk_day(at))
    keys = _keys(parts, route=route, unit=unit)
    asked = _part(counts, keys, firsts, smallest=smallest)
    others = [_part(counts, each, firsts, smallest=smallest) for each in _splits(parts, route=route, unit=unit)]
    if others:
        asked = _shown_in_all(asked, others)
    median = _of(forms, parts, route=route, unit=unit).aggregate(median=Median(_waited()))["median"]
    has_hours = median is not None and not isinstance(asked.totals["discussed"], Hidden)
    return Learning(
        months=[Month(first, figures) for first, figures in zip(firsts, asked.months, strict=True)],
        forms=asked.totals["forms"],
        share=_share(asked.totals["in_time"], asked.totals["later"], smallest=smallest),
        hours=round(median / timedelta(hours=1)) if has_hours else None,
        repeats=asked.totals["repeats"],
        open_plans=asked.totals["open_plans"],
        causes=_causes({trigger: asked.totals[trigger] for trigger in Trigger}),
    )


def first_days(period: Period, *, today: date) -> list[date]:
    """Return the first day of each month of a period; the running month ends the last one."""
    ordinal = today.year * 12 + today.month - (MONTHS if period is Period.BEFORE else 0)
    return [date(month // 12, month % 12 + 1, 1) for month in range(ordinal - MONTHS, ordinal)]


def _keys(parts: Mapping[int, int], *, route: str | None, unit: int | None) -> set[Key]:
    teams = [team for team, part in parts.items() if unit in (None, part)]
    return {(team, each) for team in teams for each in ([route] if route else Route.values)}


def _splits(parts: Mapping[int, int], *, route: Route | None, unit: int | None) -> list[set[Key]]:
    """Return the whole and every part of each split that the filters make: by route, by unit, and by both."""
    if not route and unit is None:
        return []
    routes = [None, *Route] if route else [None]
    units = [None, *sorted({*parts.values()})] if unit is not None else [None]
    return [_keys(parts, route=each, unit=one) for each in routes for one in units]


def _part(counts: Counts, keys: set[Key], firsts: list[date], *, smallest: int) -> Part:
    months = [_added(counts.months.get((key, first)) for key in keys) for first in firsts]
    whole = _added(months)
    numbers: dict[str, int] = {
        "forms": whole.forms,
        "in_time": whole.in_time,
        "later": whole.later,
        "discussed": whole.in_time + whole.later,
        "repeats": sum(counts.repeats.get(key, 0) for key in keys),
        "open_plans": sum(counts.open_plans.get(key, 0) for key in keys),
        **{trigger: sum(counts.triggers.get((key, trigger), 0) for key in keys) for trigger in Trigger},
    }
    totals = {name: shown(number, smallest=smallest) for name, number in numbers.items()}
    return Part(shown_by_month(months, smallest=smallest), totals)


def _shown_in_all(asked: Part, others: list[Part]) -> Part:
    months = months_shown_in_all(asked.months, [other.months for other in others])
    totals = {
        name: shown_in_all(value, [other.totals[name] for other in others]) for name, value in asked.totals.items()
    }
    return Part(months, totals)


def _added(counted: Iterable[Counted | None]) -> Counted:
    kept = [each for each in counted if each]
    return Counted(
        sum(each.forms for each in kept), sum(each.in_time for each in kept), sum(each.later for each in kept)
    )


def _received(teams: Iterable[int], firsts: list[date]) -> QuerySet[Any]:
    day = Cast(OuterRef("delivered_at"), DateField())
    worked = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=day), person=OuterRef("person"), starts_on__lte=day
    )
    begin = datetime.combine(firsts[0], time(), UK)
    end = datetime.combine((firsts[-1] + timedelta(days=31)).replace(day=1), time(), UK)
    forms: QuerySet[Any] = FeedbackForm.objects.filter(delivered_at__gte=begin, delivered_at__lt=end)
    team = Subquery(worked.filter(unit__kind=UnitKind.TEAM).order_by("-starts_on").values("unit")[:1])
    of_teams: QuerySet[Any] = forms.exclude(state="withdrawn").annotate(team=team).filter(team__in=list(teams))
    return of_teams.order_by()


def _of(forms: QuerySet[Any], parts: Mapping[int, int], *, route: Route | None, unit: int | None) -> QuerySet[Any]:
    teams = [team for team, part in parts.items() if unit in (None, part)]
    kept = forms.filter(team__in=teams)
    return kept.filter(route=route) if route else kept


def _count(forms: QuerySet[Any], *, teams: Iterable[int], on: date) -> Counts:
    months = (
        forms.annotate(month=TruncMonth("delivered_at", tzinfo=UK, output_field=DateField()))
        .values("team", "route", "month")
        .annotate(forms=Count("pk"), discussed=Count("discussion_recorded_at"), in_time=_in_time())
    )
    return Counts(
        months={
            ((row["team"], row["route"]), row["month"]): Counted(
                row["forms"], row["in_time"], row["discussed"] - row["in_time"]
            )
            for row in months
        },
        triggers={((team, route), what): number for team, route, what, number in _ask(TRIGGERS, forms)},
        repeats={(team, route): number for team, route, number in _ask(REPEATS, forms)},
        open_plans=_open_plans(teams, on=on),
    )


def _open_plans(teams: Iterable[int], *, on: date) -> dict[Key, int]:
    works = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, person=OuterRef("person"), unit__in=list(teams)
    )
    plans = DevelopmentPlan.objects.open().annotate(team=Subquery(works.values("unit")[:1]))
    rows = plans.exclude(team=None).values_list("team", "form__route").annotate(number=Count("pk")).order_by()
    return {(team, route): number for team, route, number in rows}


def _waited() -> Any:
    return F("discussion_recorded_at") - F("received_at")


def _in_time() -> Count:
    return Count("pk", filter=Q(discussion_recorded_at__lte=F("received_at") + WITHIN))


def _ask(query: str, forms: QuerySet[Any]) -> list[tuple[Any, ...]]:
    inner, parameters = forms.values("case_id", "delivered_at", "triggers", "team", "route").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(query.format(forms=inner), parameters)
        return [*cursor.fetchall()]


def _share(in_time: Shown, later: Shown, *, smallest: int) -> int | None:
    if isinstance(in_time, Hidden) or isinstance(later, Hidden):
        return None
    return share(in_time, later, smallest=smallest)


def _causes(counts: Mapping[Trigger, Shown]) -> list[Cause]:
    """Order them, and measure their bars, by what is shown alone: a width tells as much as a number."""
    numbers = {trigger: 0 if isinstance(forms, Hidden) else forms for trigger, forms in counts.items()}
    most = max(numbers.values()) or 1
    ordered = sorted(counts, key=lambda trigger: -numbers[trigger])
    return [Cause(trigger, counts[trigger], round(100 * numbers[trigger] / most)) for trigger in ordered]
