from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, ClassVar, Self, TypeVar

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.lookups import TrigramWordSimilar
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Count, F, Model, OuterRef, Prefetch, Q, QuerySet, Subquery, Sum, Value, Window
from django.db.models.functions import Coalesce, Concat, Lower, RowNumber

from contacthub.actor import Actor
from contacthub.addresses import forms_of
from contacthub.cases.queries import CaseRecordQuerySet
from contacthub.people.queries import lasts
from contacthub.people.roles import Role
from employer_contact import scopes
from employer_contact.lifecycle import NOT_ENDED, OPEN, UNFINISHED, ContactState, RequestState
from employer_contact.plans import SETTLED
from employer_contact.reasons import Reason
from employer_contact.security import FAILURES_COUNT_FOR, Check
from employer_contact.taxonomy import RequestKind

Record = TypeVar("Record", bound=Model)
# Those to whom the records of employers, agents and paying parents are open.
SEE_ACCOUNTS = {Role.EMPLOYER_PAYMENTS_CASEWORKER, Role.CASEWORKER, Role.WELSH_LANGUAGE_UNIT}
CANDIDATES = 200  # of a name that many have; the best of them are shown
FIRST_BY_NAME = 20


def sees_all_by_scope(actor: Actor, scope: str) -> bool:
    """Say if this is an integrator's key with a scope that opens what others raised, or what nobody did."""
    return Role.INTEGRATOR in actor.roles and actor.has_scope(scope)


class SeenByRole(QuerySet[Record]):
    """Records that a role opens; a case owning caseworker without one sees those of the cases that he owns."""

    def visible_to(self, actor: Actor) -> Self:
        if actor.sees_everything or SEE_ACCOUNTS & actor.roles or sees_all_by_scope(actor, scopes.READ):
            return self
        if actor.staff_id is None:
            return self.none()
        return self.of_cases_owned_by(actor.staff_id)

    def of_cases_owned_by(self, staff_id: int) -> Self:
        raise NotImplementedError

    def _related(self, name: str) -> Any:
        return getattr(self.model, name).rel.related_model._default_manager


class Named(SeenByRole[Record]):
    """Records found by the words of a name (names.py)."""

    def called(self, words: Sequence[str]) -> list[Record]:
        """Return the records in whose names each of these words begins one, those that begin with all of them first.

        One statement: of a name that very many have, 200 are looked at.
        """
        has_all = self
        for word in words:
            has_all = has_all.filter(name_key__contains=f" {word}")
        whole = f" {' '.join(words)}"
        begins = self.filter(name_key__startswith=whole).order_by("name_key", "pk")[:FIRST_BY_NAME]
        found = {record.pk: record for record in begins.union(has_all.order_by()[:CANDIDATES], all=True)}
        return sorted(found.values(), key=lambda record: _closeness(record, whole))

    def nearly_called(self, words: Sequence[str]) -> QuerySet[Record]:
        """Keep those with a name much like this one, the likest of 200 first."""
        typed = " ".join(words)
        like = self.filter(TrigramWordSimilar(F("name_key"), Value(typed))).order_by().values("pk")[:CANDIDATES]
        likest = TrigramWordSimilarity(typed, "name_key").desc()
        return self.model._default_manager.filter(pk__in=like).order_by(likest, "name_key", "pk")


def _closeness(record: Any, whole: str) -> tuple[bool, bool, str, int]:
    return (
        not f"{record.name_key} ".startswith(f"{whole} "),
        not record.name_key.startswith(whole),
        record.name_key,
        record.pk,
    )


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
        employed = self._related("employments").filter(paying_parent__cases__owner_id=staff_id)
        return self.filter(pk__in=employed.values("employer_id"))

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
        links = self._related("links").filter(employer__employments__paying_parent__cases__owner_id=staff_id)
        return self.filter(pk__in=links.values("agent_id"))

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
        return self.filter(pk__in=self._related("cases").filter(owner_id=staff_id).values("paying_parent_id"))

    def employed_by(self, employer_id: int) -> Self:
        return self.filter(employments__employer_id=employer_id)  # at most one row each: nobody works there twice

    def with_amounts(self, employer_id: int, *, month: date) -> Self:
        """Add how many cases they have, what the employer's schedule of the month asks for (`due`), and what the
        letters in force come to.
        """
        lines = self._related("schedule_lines").filter(
            schedule__employer_id=employer_id, schedule__month=month, paying_parent=OuterRef("pk")
        )
        activities = self._related("cases").model.activities.rel.related_model._default_manager
        letters = activities.in_force(month).filter(
            employer_id=employer_id, maintenance_case__paying_parent=OuterRef("pk")
        )
        total = letters.order_by().values("maintenance_case__paying_parent").annotate(total=Sum("amount"))
        cases = self._related("cases").filter(paying_parent=OuterRef("pk")).order_by().values("paying_parent")
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
    def of_parent(self, parent_id: int) -> Self:
        """Keep what was done in all cases of a paying parent, by case, newest first (EC-51)."""
        return self.filter(maintenance_case__paying_parent_id=parent_id).order_by(
            "maintenance_case", "-happened_on", "-pk"
        )

    def cmsl2040(self) -> Self:
        return self.filter(kind="CMSL2040")

    def in_force(self, month: date) -> Self:
        """Keep the letters by which is deducted in a month: of each open case the newest to its employer so far."""
        same = {"maintenance_case": OuterRef("maintenance_case"), "employer": OuterRef("employer")}
        begun = self.model._default_manager.cmsl2040().filter(from_month__lte=month, **same)
        newest = begun.order_by("-happened_on", "-pk").values("pk")[:1]
        return self.cmsl2040().filter(maintenance_case__closed_on=None, pk=Subquery(newest))

    def newest_of(self, case_ids: Sequence[int], *, size: int) -> Self:
        """Keep what was done last in each of these cases, newest first, so many of each."""
        place = Window(RowNumber(), partition_by="maintenance_case", order_by=["-happened_on", "-pk"])
        of_cases = self.filter(maintenance_case__in=case_ids).annotate(place=place)
        return of_cases.filter(place__lte=size).order_by("maintenance_case", "-happened_on", "-pk")


class ScheduleLineQuerySet(QuerySet[Any]):
    def by_name(self) -> Self:
        return self.select_related("paying_parent").order_by("paying_parent__name_key", "pk")

    def seen_by(self, actor: Actor) -> Self:
        """Keep the lines of those paying parents that the actor may see."""
        parents = self.model.paying_parent.field.related_model._default_manager
        if actor.sees_everything or SEE_ACCOUNTS & actor.roles or sees_all_by_scope(actor, scopes.READ):
            return self
        return self.filter(paying_parent__in=parents.visible_to(actor))

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
        return self.filter(Q(owner_id=actor.staff_id) | Q(raised_by_id=actor.staff_id))

    def newest_first(self) -> Self:
        return self.order_by("-opened_at", "-pk")

    def with_party(self) -> Self:
        """Read who asks, who has it and what was refused along with it."""
        return self.select_related("employer", "agent", "about", "owner", "team", "refused_reason")

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
    def whole(self) -> Self:
        """Read along with each what answers it: requests raised for it or before, and activities of its own."""
        attached = self.model._meta.get_field("attached").related_model._default_manager
        before = Prefetch("attached", attached.select_related("request__case"))
        return self.select_related("reason").prefetch_related("requests", "activities", before)


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
        return self.filter(own | Q(pk__in=addressed))

    def newest_first(self) -> Self:
        return self.order_by("-opened_at", "-pk")

    def whole(self) -> Self:
        """Read what its page shows along with it: in several queries, as Postgres takes 50 ms to plan the one."""
        requests, fields = self.model._default_manager.all(), self.model._meta
        version, reason = (
            Prefetch(name, fields.get_field(name).related_model._default_manager.select_related(beside))
            for name, beside in (("plan_version", "plan"), ("reason", "reason"))
        )
        contact = Prefetch("contact", self.model.contact.field.related_model._default_manager.all())
        others = (Prefetch("earlier", requests), Prefetch("raised_from", requests))
        return self.select_related("employer", "agent", "owner", "team").prefetch_related(
            "kind", version, contact, reason, *others
        )

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
