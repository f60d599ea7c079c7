from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import (
    Count,
    Exists,
    F,
    Model,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    Window,
)
from django.db.models.functions import Coalesce, Concat, Least, Lower, RowNumber

from contacthub.actor import Actor
from contacthub.addresses import forms_of
from contacthub.among import among, each_of
from contacthub.cases.queries import CaseRecordQuerySet
from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.people.models import Membership, StaffMember
from contacthub.people.queries import lasts
from contacthub.people.roles import Role, UnitKind, posts_of
from employer_contact import scopes
from employer_contact.lifecycle import NOT_ENDED, OPEN, UNFINISHED, ContactState, ReissueState, RequestState
from employer_contact.naming import Named
from employer_contact.plans import SETTLED
from employer_contact.reasons import Reason
from employer_contact.security import FAILURES_COUNT_FOR, Check
from employer_contact.seeing import SeenByRole, manager_of, sees_accounts, sees_all_by_scope
from employer_contact.taxonomy import RequestKind

Record = TypeVar("Record", bound=Model)
LEADING = frozenset(posts_of(kind)[0].value for kind in UnitKind)


class Linked(Named[Record]):
    """Employers, or agents: `LINKED` says by which column of a link, and where reference and name of the other are."""

    LINKED: ClassVar[tuple[str, str, str]]

    def beside(self, *, on: date, size: int) -> dict[int, list[tuple[str, str]]]:
        """Return, by key, reference and name of so many with whom there is a link on the day, the newest links first.

        So many of each: one that has thousands leaves the others theirs.
        """
        own, reference, name = self.LINKED
        links = self._related("links").on(on).filter(**{own: OuterRef("pk")}).order_by("-starts_on", "-pk")
        both = links.values_list(Concat(reference, Value(" "), name))  # a reference has no space
        found = self.annotate(beside=ArraySubquery(both[:size])).values_list("pk", "beside")
        return {pk: [tuple(one.split(" ", 1)) for one in beside] for pk, beside in found}


class EmployerQuerySet(Linked[Any]):
    LINKED = ("employer", "agent__earn", "agent__name")

    def of_cases_owned_by(self, staff_id: int) -> Self:
        return self.filter(among(self._related("employments").in_cases_owned_by(staff_id, key=F("employer"))))

    def with_number(self, telephone: str) -> Self:
        """Keep those that have this telephone or fax number, in E.164."""
        return self.filter(numbers__contains=[telephone])

    def with_postcode(self, postcode: str) -> Self:
        """Keep those with this postcode in the address of HMRC or of the payroll."""
        # The indexes leave blanks out.
        of_hmrc = Q(hmrc_postcode=postcode) & ~Q(hmrc_postcode="")
        of_payroll = Q(payroll_postcode=postcode) & ~Q(payroll_postcode="")
        return self.filter(of_hmrc | of_payroll)

    def with_email(self, address: str) -> Self:
        return self.alias(small=Lower("email")).filter(small__in=forms_of(address)).exclude(email="")

    def that_employ(self, *, nino: str = "", reference: str = "") -> Self:
        """Keep the employers of the paying parent with this National Insurance number or 12-digit reference."""
        parent = Q(paying_parent__nino=nino) if nino else Q(paying_parent__reference=reference)
        return self.filter(pk__in=self._related("employments").filter(parent).values("employer_id"))

    def of_agent(self, agent_id: int, *, on: date) -> Self:
        """Keep those for whom an agent acts on the day (EC-68)."""
        return self.filter(pk__in=self._related("links").on(on).filter(agent_id=agent_id).values("employer_id"))


class PayrollAgentQuerySet(Linked[Any]):
    LINKED = ("agent", "employer__ern", "employer__name")

    def of_cases_owned_by(self, staff_id: int) -> Self:
        """Keep the agents of the employers that the owner of a case sees."""
        links = self._related("links")
        employments = manager_of(links.model.employer.field.related_model, "employments")
        acting = links.filter(employer=OuterRef("employer")).values("agent_id")
        return self.filter(among(employments.in_cases_owned_by(staff_id, key=each_of(acting))))

    def with_number(self, telephone: str) -> Self:
        return self.filter(telephone=telephone).exclude(telephone="")

    def of_employer(self, employer_id: int, *, on: date) -> Self:
        """Keep those who act for an employer on the day (EC-68)."""
        return self.filter(pk__in=self._related("links").on(on).filter(employer_id=employer_id).values("agent_id"))

    def with_postcode(self, postcode: str) -> Self:
        return self.filter(postcode=postcode).exclude(postcode="")

    def with_email(self, address: str) -> Self:
        return self.alias(small=Lower("email")).filter(small__in=forms_of(address)).exclude(email="")


class AgentLinkQuerySet(QuerySet[Any]):
    def newest_first(self) -> Self:
        return self.order_by("-starts_on", "-pk")

    def on(self, day: date) -> Self:
        """Keep the links that last on the day."""
        return self.filter(lasts(day, "starts_on", "ends_on"))

    def active(self, *, employer_id: int, agent_id: int, on: date) -> Self:
        """Keep the link by which an agent may act for an employer on the day (EC-68)."""
        return self.on(on).filter(employer_id=employer_id, agent_id=agent_id)


class PayingParentQuerySet(Named[Any]):
    def of_cases_owned_by(self, staff_id: int) -> Self:
        return self.filter(among(self._related("cases").filter(owner_id=staff_id).values("paying_parent_id")))


class OfParents(QuerySet[Record]):
    """Records of which each names a paying parent."""

    def seen_by(self, actor: Actor) -> Self:
        """Keep those of the paying parents that the actor may see."""
        if sees_accounts(actor):
            return self
        owned = self._of_parent("cases").visible_to(actor)
        return self.filter(Exists(owned.filter(paying_parent=OuterRef("paying_parent"))))

    def _of_parent(self, name: str) -> Any:
        return manager_of(self.model._meta.get_field("paying_parent").related_model, name)


class EmploymentQuerySet(OfParents[Any]):
    def in_cases_owned_by(self, staff_id: int, *, key: Any) -> QuerySet[Any]:
        """Return a key of each employment of those who pay in the cases that somebody owns, case by case."""
        jobs = self.filter(paying_parent=OuterRef("paying_parent")).values(key=key)
        owned: QuerySet[Any] = self._of_parent("cases").filter(owner_id=staff_id)
        return owned.values(key=each_of(jobs))

    def with_amounts(self, *, month: date) -> Self:
        """Add how many cases the paying parent has, what the employer's schedule of the month asks for (`due`), and
        what the letters in force come to.
        """
        of_parent = {"paying_parent": OuterRef("paying_parent")}
        lines = self._of_parent("schedule_lines").filter(
            schedule__employer=OuterRef("employer"), schedule__month=month, **of_parent
        )
        cases = self._of_parent("cases").filter(**of_parent).order_by().values("paying_parent")
        activities = cases.model.activities.rel.related_model._default_manager
        letters = activities.in_force(month).filter(
            employer=OuterRef("employer"), maintenance_case__paying_parent=OuterRef("paying_parent")
        )
        total = letters.order_by().values("maintenance_case__paying_parent").annotate(total=Sum("amount"))
        return self.annotate(
            due=Subquery(lines.values("due")),
            letters=Subquery(total.values("total")),
            case_count=Subquery(cases.annotate(cases=Count("pk")).values("cases")),
        )

    def that_differ(self) -> Self:
        """Keep those `with_amounts` whose schedule asks for something else than their letters."""
        return self.exclude(due=None).exclude(due=Coalesce(F("letters"), Value(Decimal(0))))


class MaintenanceCaseQuerySet(SeenByRole[Any]):
    def of_cases_owned_by(self, staff_id: int) -> Self:
        return self.filter(owner_id=staff_id)

    def of_parent(self, parent_id: int) -> Self:
        """Keep every case of a paying parent, the newest number first (EC-51)."""
        return self.filter(paying_parent_id=parent_id).select_related("owner").order_by("-number", "pk")


class CaseActivityQuerySet(QuerySet[Any]):
    def cmsl2040(self) -> Self:
        return self.filter(kind="CMSL2040")

    def in_force(self, month: date) -> Self:
        """Keep the letters by which is deducted in a month: of each open case the newest to its employer so far."""
        same = {"maintenance_case": OuterRef("maintenance_case"), "employer": OuterRef("employer")}
        begun = self.model._default_manager.cmsl2040().filter(from_month__lte=month, **same)
        newest = begun.order_by("-happened_on", "-pk").values("pk")[:1]
        return self.cmsl2040().filter(maintenance_case__closed_on=None, pk=Subquery(newest))

    def newest_of(self, case_ids: Sequence[int], *, size: int) -> Self:
        """Keep what was done last in each of these cases, newest first, so many of each (EC-51)."""
        place = Window(RowNumber(), partition_by="maintenance_case", order_by=["-happened_on", "-pk"])
        of_cases = self.filter(maintenance_case__in=case_ids).annotate(place=place)
        return of_cases.filter(place__lte=size).order_by("maintenance_case", "-happened_on", "-pk")


class ScheduleLineQuerySet(OfParents[Any]):
    def by_name(self) -> Self:
        return self.select_related("paying_parent").order_by("name_key", "pk")

    def sums(self) -> dict[str, Any]:
        """Count the lines, and add up what is due and what was deducted, in one query."""
        return self.aggregate(
            lines=Count("pk"),
            asked=Sum("due"),
            paid=Sum("deducted"),
            short=Count("pk", filter=Q(deducted__lt=F("due"))),
            changed=Count("pk", filter=~Q(change="")),
        )


class PlanVersionQuerySet(QuerySet[Any]):
    def in_use(self, at: datetime) -> Self:
        """Keep the version of each plan that a service request raised at this moment takes."""
        uses = self.model.uses.rel.related_model._default_manager.filter(from_at__lte=at)
        newest = uses.filter(version__plan=OuterRef("plan")).order_by("-from_at", "-pk")
        return self.filter(pk=Subquery(newest.values("version_id")[:1]))

    def was_used(self) -> Self:
        """Keep the versions that nobody may change any more."""
        return self.filter(pk__in=self.model.uses.rel.related_model._default_manager.values("version_id"))


class ServiceRequestKindQuerySet(QuerySet[Any]):
    def of_reasons(self, codes: Iterable[str]) -> Self:
        """Keep what these reasons lead to."""
        return self.filter(reason__code__in=set(codes))

    def as_rules(self) -> list[RequestKind]:
        """Return the taxonomy as the rules take it."""
        return [kind.as_rule for kind in self.select_related("reason")]


class ContactReasonQuerySet(QuerySet[Any]):
    def as_rules(self) -> list[Reason]:
        return [reason.as_rule for reason in self]


class ContactQuerySet(CaseRecordQuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep what the actor may see: the employer payments team all, others what they have or opened."""
        if actor.sees_everything or Role.EMPLOYER_PAYMENTS_CASEWORKER in actor.roles:
            return self
        if sees_all_by_scope(actor, scopes.CONTACTS_READ_ALL):
            return self
        if actor.staff_id is None:
            return self.none()
        own = Q(owner_id=actor.staff_id) | Q(raised_by_id=actor.staff_id)
        if Role.WELSH_LANGUAGE_UNIT in actor.roles:
            called_back = self.model._default_manager.filter(owner_id=actor.staff_id).exclude(before=None)
            own |= Q(pk__in=called_back.values("before_id"))  # what they call back about
        return self.filter(own)

    def newest_first(self) -> Self:
        return self.order_by("-opened_at", "-pk")

    def with_party(self) -> Self:
        """Read who asks, who has it and what was refused along with it: as `whole` does, in several queries."""
        return self.select_related("owner", "team").prefetch_related("employer", "agent", "about", "refused_reason")

    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def unfinished(self, actor: Actor, *, since: datetime) -> Self:
        """Keep the actor's open contacts, and their calls that were lost since then."""
        # Named once more as the index has them: it would not be used otherwise.
        mine = self.filter(owner_id=actor.staff_id, state__in=UNFINISHED)
        return mine.filter(Q(state__in=OPEN) | Q(ended_at__gt=since))

    def nobodys(self, *, since: datetime) -> Self:
        """Keep the calls of which telephony told us, and that nobody has opened: also those that expired since then."""
        expired = Q(state=ContactState.ABANDONED, ended_at__gt=since)
        return self.filter(Q(owner=None) & (Q(state=ContactState.STARTED) | expired))

    def closes_accounts_to(self, actor: Actor) -> Self:
        """Keep the calls of the actor whose check is not passed: the values of their party are hidden from him."""
        shut = [ContactState.IDENTIFIED, ContactState.SECURITY_FAILED]
        return self.filter(owner_id=actor.staff_id, state__in=shut)


class SecurityCheckQuerySet(QuerySet[Any]):
    def failed(self, *, employer_id: int | None, agent_id: int | None) -> Self:
        """Keep the checks of a record that failed."""
        of = {"employer_id": employer_id} if employer_id else {"agent_id": agent_id}
        return self.filter(result=Check.FAILED, **of)

    def failed_lately(self, *, employer_id: int | None, agent_id: int | None, at: datetime) -> list[datetime]:
        """Return when the checks of a record failed that count towards telling the lead."""
        failed = self.failed(employer_id=employer_id, agent_id=agent_id)
        return list(failed.filter(ended_at__gt=at - FAILURES_COUNT_FOR).values_list("ended_at", flat=True))


class ReasonGivenQuerySet(QuerySet[Any]):
    def of_contact(self, contact_id: int) -> Self:
        return self.filter(contact=contact_id).select_related("reason").order_by("pk")

    def whole(self) -> Self:
        """Read along with each what answers it: requests raised for it or before, and activities of its own."""
        before = Prefetch("attached", manager_of(self.model, "attached").select_related("request__case"))
        return self.select_related("reason").prefetch_related("requests", "activities", before)

    def with_what_stands(self) -> Self:
        """Add if each is answered by a service request that was not cancelled, raised for it or before
        (`has_standing`), and if it has activities of its own that are not done (`has_steps_left`).
        """
        requests, attached, steps = (
            manager_of(self.model, name).filter(reason=OuterRef("pk"))
            for name in ("requests", "attached", "activities")
        )
        raised = Exists(requests.exclude(state=RequestState.CANCELLED).order_by())
        before = Exists(attached.exclude(request__state=RequestState.CANCELLED).order_by())
        return self.annotate(has_standing=raised | before, has_steps_left=Exists(steps.unsettled().order_by()))


class AskedQuestionQuerySet(QuerySet[Any]):
    def of_latest_check(self, contact_id: int) -> Self:
        """Keep what the latest check of a contact asks, in its order."""
        checks = self.model.check_of.field.related_model._default_manager.filter(contact=contact_id)
        latest = checks.order_by("-pk").values("pk")[:1]
        return self.filter(check_of=Subquery(latest)).select_related("question")

    def of_open_check(self, contact_id: int) -> Self:
        """Keep what the check asks that has come to no result yet, and read it along."""
        open_one = self.filter(check_of__contact=contact_id, check_of__ended_at=None)
        return open_one.select_related("question", "check_of")


class ServiceRequestQuerySet(CaseRecordQuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep what the actor may see: employer payments all, others what they have, raised or must confirm."""
        if actor.sees_everything or Role.EMPLOYER_PAYMENTS_CASEWORKER in actor.roles:
            return self
        if sees_all_by_scope(actor, scopes.REQUESTS_READ_ALL):
            return self
        if actor.staff_id is None:
            return self.none()
        addressed = self._activities().filter(addressed_to=actor.staff_id).values("request_id")
        own = Q(owner_id=actor.staff_id) | Q(raised_by_id=actor.staff_id)
        return self.filter(own | Q(among(addressed)))

    def newest_first(self) -> Self:
        return self.order_by("-opened_at", "-pk")

    def whole(self) -> Self:
        """Read what its page shows along with it: in several queries, as Postgres takes 50 ms to plan the one."""
        requests, fields = self.model._default_manager.all(), self.model._meta
        kind, version, reason = (
            Prefetch(name, fields.get_field(name).related_model._default_manager.select_related(beside))
            for name, beside in (("kind", "reason"), ("plan_version", "plan"), ("reason", "reason"))
        )
        contact = Prefetch("contact", self.model.contact.field.related_model._default_manager.all())
        others = (Prefetch("earlier", requests), Prefetch("raised_from", requests))
        return self.select_related("owner", "team").prefetch_related(
            "employer", "agent", kind, version, contact, reason, *others
        )

    def with_what_it_has(self) -> Self:
        """Add if paying parents (`has_parents`), further requests (`has_further`) and later contacts (`has_attached`)
        go with each: mostly none do, and then none are asked for.
        """
        employed = self.model.paying_parents.through.objects.filter(servicerequest=OuterRef("pk"))
        further = self.model._base_manager.filter(raised_from=OuterRef("pk"))
        attached = manager_of(self.model, "attached").filter(request=OuterRef("pk"))
        has = {"parents": employed, "further": further, "attached": attached.order_by()}
        return self.annotate(**{f"has_{name}": Exists(rows) for name, rows in has.items()})

    def open(self) -> Self:
        return self.filter(state__in=NOT_ENDED)

    def waiting(self) -> Self:
        return self.filter(state=RequestState.WAITING)

    def standing_in(self, contact_id: int) -> Self:
        """Keep those of a contact that were not cancelled: raised in it, or attached to it."""
        attached = self.model._meta.get_field("attached").related_model._default_manager
        raised = self.model._default_manager.filter(contact=contact_id).order_by().values("pk")
        # United, since as one OR the table is read from end to end.
        found = raised.union(attached.filter(reason__contact=contact_id).order_by().values("request_id"))
        return self.filter(pk__in=found).exclude(state=RequestState.CANCELLED)

    def ended(self) -> Self:
        return self.exclude(state__in=NOT_ENDED)

    def of_teams(self, actor: Actor) -> Self:
        """Keep those of the teams in which the actor works."""
        return self.filter(team_id__in=actor.unit_ids)

    def to_confirm(self, staff_id: int) -> Self:
        """Keep those in which a step is addressed to this person and not done."""
        steps = self._activities().unsettled().filter(addressed_to=staff_id)
        return self.open().filter(pk__in=steps.values("request_id"))

    def of_party(self, contact: Any) -> Self:
        """Keep those of the employer or agent of a contact, the newest first."""
        of = {"employer": contact.employer_id} if contact.employer_id else {"agent": contact.agent_id}
        return self.filter(**of).newest_first()

    def _activities(self) -> Any:
        return self.model.activities.rel.related_model._default_manager


class ActivityQuerySet(QuerySet[Any]):
    def unsettled(self) -> Self:
        return self.exclude(status__in=SETTLED)

    def addressed_or_not(self, staff_id: int | None) -> Self:
        """Add if each is addressed to this person (`is_addressed`)."""
        theirs = self.model.addressed_to.through.objects.filter(activity=OuterRef("pk"), staffmember=staff_id)
        return self.annotate(is_addressed=Exists(theirs))


class ReissueQuerySet(CaseRecordQuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep what the actor may see: employer payments all, others what they asked for or must decide."""
        if actor.sees_everything or Role.EMPLOYER_PAYMENTS_CASEWORKER in actor.roles:
            return self
        if sees_all_by_scope(actor, scopes.REISSUES_READ_ALL):
            return self
        if actor.staff_id is None:
            return self.none()
        return self.filter(Q(raised_by_id=actor.staff_id) | Q(pk__in=self._base().decided_by(actor).values("pk")))

    def open(self) -> Self:
        return self.filter(state=ReissueState.REQUESTED)

    def decided_by(self, actor: Actor) -> Self:
        """Keep those of the cases that the actor owns, or whose owner has left a team that the actor leads."""
        led = [unit for post, unit in actor.posts if post in LEADING]
        own = Q(maintenance_case__owner=actor.staff_id)
        return self.filter(own | Q(maintenance_case__owner__in=who_left(led)) if led else own)

    def with_owner_gone(self) -> Self:
        """Keep those of cases whose owner has left us, or that nobody owns any more."""
        left = Q(maintenance_case__owner__active_to__lt=uk_day(now()))
        return self.filter(left | Q(maintenance_case__owner=None))

    def whole(self) -> Self:
        """Read what its page shows along with it."""
        return self.select_related(
            "employer", "maintenance_case__paying_parent", "maintenance_case__owner", "raised_by", "contact__case"
        )

    def _base(self) -> Any:
        return self.model._default_manager.all()


def who_left(unit_ids: Iterable[int]) -> QuerySet[Any]:
    """Return the ids of who has left us and worked in one of these units last, as `leader_of_last_team` reads it."""
    until = OuterRef("active_to")
    held = Membership.objects.filter(person=OuterRef("pk"), starts_on__lte=until)
    lasted = held.annotate(lasted_until=Least(Coalesce("ends_on", until), until), is_post=~Q(post=""))
    last = lasted.order_by("-lasted_until", "is_post", "-starts_on", "pk").values("unit")[:1]
    left: Any = StaffMember.objects.get_queryset().left(uk_day(now()))
    found: QuerySet[Any] = left.annotate(last_unit=Subquery(last)).filter(last_unit__in=unit_ids).values("pk")
    return found
