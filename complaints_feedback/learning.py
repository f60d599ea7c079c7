"""What a unit can learn from the feedback that its people received: figures about no person, and none that is small.

All is counted by the database. Whose forms count follows from where the person worked on the day the form came.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
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
    share,
    shown,
    shown_by_month,
)
from complaints_feedback.terms import Route, Trigger
from contacthub.actor import Actor
from contacthub.formats import UK, uk_day
from contacthub.people.models import Membership, Placement, Unit
from contacthub.people.roles import Post, Role, UnitKind

WITHIN = timedelta(hours=48)
LEADS = {
    Role.TEAM_LEADER,
    Role.WORKGROUP_MANAGER,
    Role.AREA_MANAGER,
    Role.SENIOR_RESOLUTION_MANAGER,
    Role.HEAD_OF_LINE,
}
ABOVE = {
    Post.WORKGROUP_MANAGER: "workgroup_id",
    Post.AREA_MANAGER: "area_id",
    Post.SENIOR_RESOLUTION_MANAGER: "area_id",
    Post.HEAD_OF_LINE: "line_of_business_id",
}
REPEATS = """
    with came as ({forms}),
    numbered as (
        select case_id, row_number() over (partition by team, what order by delivered_at, case_id) nth
        from came, unnest(came.triggers) what
    )
    select count(distinct case_id) from numbered where nth > 1
"""
TRIGGERS = """
    with came as ({forms}) select what, count(*) from came, unnest(came.triggers) what group by what
"""


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
class Learning:
    """What the page shows. `hours` is the median time to the discussion; no figure is one that is small."""

    months: list[Month]
    forms: Shown
    share: int | None
    hours: int | None
    repeats: Shown
    open_plans: Shown
    causes: list[Cause]


def teams_of(actor: Actor, *, on: date) -> set[int]:
    """Return the ids of the teams of the actor’s unit: the team that they lead, or those below their post."""
    teams = {unit_id for post, unit_id in actor.posts if post == Post.TEAM_LEADER and unit_id}
    for post, unit_id in actor.posts:
        if column := ABOVE.get(Post(post)):
            placed = Placement.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)
            teams |= {*placed.filter(**{column: unit_id}).values_list("unit_id", flat=True)}
    return teams & {*Unit.objects.filter(pk__in=teams, kind=UnitKind.TEAM).values_list("pk", flat=True)}


def may_learn(actor: Actor) -> bool:
    """See the figures: team leaders and above, each of their own unit."""
    return bool(LEADS & actor.roles)


def learn(*, teams: Collection[int], months: int, route: Route | None, at: datetime) -> Learning:
    """Count what these teams received in the last so many months, the running one included."""
    smallest = settings.FEEDBACK_SMALLEST_FIGURE
    firsts = _first_days(months, today=uk_day(at))
    forms = _received(teams, since=firsts[0], route=route)
    counted = _by_month(forms)
    figures = shown_by_month([counted.get(first, Counted(0, 0, 0)) for first in firsts], smallest=smallest)
    total = forms.aggregate(
        forms=Count("pk"), discussed=Count("discussion_recorded_at"), in_time=_in_time(), median=Median(_waited())
    )
    plans = DevelopmentPlan.objects.filter(done_on=None, person__in=_people_of(teams, on=uk_day(at))).count()
    enough = total["discussed"] >= smallest
    return Learning(
        months=[Month(first, figure) for first, figure in zip(firsts, figures, strict=True)],
        forms=shown(total["forms"], smallest=smallest),
        share=share(total["in_time"], total["discussed"] - total["in_time"], smallest=smallest),
        hours=round(total["median"] / timedelta(hours=1)) if enough else None,
        repeats=shown(_ask(REPEATS, forms)[0][0], smallest=smallest),
        open_plans=shown(plans, smallest=smallest),
        causes=_causes(dict(_ask(TRIGGERS, forms)), smallest=smallest),
    )


def _received(teams: Collection[int], *, since: date, route: Route | None) -> QuerySet[Any]:
    day = Cast(OuterRef("delivered_at"), DateField())
    worked = Membership.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=day), person=OuterRef("person"), starts_on__lte=day
    )
    begin = datetime.combine(since, time(), UK)
    forms: QuerySet[Any] = FeedbackForm.objects.filter(delivered_at__gte=begin).exclude(state="withdrawn")
    if route:
        forms = forms.filter(route=route)
    team = Subquery(worked.filter(unit__kind=UnitKind.TEAM).order_by("-starts_on").values("unit")[:1])
    of_teams: QuerySet[Any] = forms.annotate(team=team).filter(team__in=teams).order_by()
    return of_teams


def _by_month(forms: QuerySet[Any]) -> dict[date, Counted]:
    rows = (
        forms.annotate(month=TruncMonth("delivered_at", tzinfo=UK, output_field=DateField()))
        .values("month")
        .annotate(forms=Count("pk"), discussed=Count("discussion_recorded_at"), in_time=_in_time())
    )
    return {row["month"]: Counted(row["forms"], row["in_time"], row["discussed"] - row["in_time"]) for row in rows}


def _waited() -> Any:
    return F("discussion_recorded_at") - F("received_at")


def _in_time() -> Count:
    return Count("pk", filter=Q(discussion_recorded_at__lte=F("received_at") + WITHIN))


def _ask(query: str, forms: QuerySet[Any]) -> list[tuple[Any, ...]]:
    inner, parameters = forms.values("case_id", "delivered_at", "triggers", "team").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(query.format(forms=inner), parameters)
        return [*cursor.fetchall()]


def _causes(counts: dict[str, int], *, smallest: int) -> list[Cause]:
    most = max(counts.values(), default=1)
    found = []
    for trigger in sorted(Trigger, key=lambda each: -counts.get(each, 0)):
        forms = shown(counts.get(trigger, 0), smallest=smallest)
        found.append(Cause(trigger, forms, 0 if isinstance(forms, Hidden) else round(100 * forms / most)))
    return found


def _people_of(teams: Collection[int], *, on: date) -> QuerySet[Membership, int]:
    now = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on, unit__in=teams)
    return now.values_list("person", flat=True)


def _first_days(months: int, *, today: date) -> list[date]:
    ordinal = today.year * 12 + today.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(ordinal - months + 1, ordinal + 1)]
