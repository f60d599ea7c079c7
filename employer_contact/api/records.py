"""Employers, agents, links, paying parents, cases and schedules, to read."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from contacthub.actor import Actor
from contacthub.api.base import Door
from contacthub.api.paging import Paged
from contacthub.api.reference import refers_to
from contacthub.api.schema import described
from contacthub.clock import now
from contacthub.formats import uk_day
from employer_contact import scopes
from employer_contact.api.lists import answer_page, answer_record, the
from employer_contact.models import (
    AgentLink,
    CaseActivity,
    Contact,
    DeoSchedule,
    Employer,
    MaintenanceCase,
    PayingParent,
    PayrollAgent,
    ScheduleLine,
)
from employer_contact.serializers.records import (
    AgentPage,
    AgentQuery,
    AgentShape,
    CasePage,
    CaseQuery,
    CaseShape,
    EmployerPage,
    EmployerQuery,
    EmployerShape,
    LinePage,
    LineShape,
    LinkPage,
    LinkQuery,
    LinkShape,
    ParentPage,
    ParentQuery,
    ParentShape,
    SchedulePage,
    ScheduleQuery,
    ScheduleShape,
)
from employer_contact.terms import Language, LineChange, ScheduleDelivery

TAG = "Employers"

refers_to("schedule_deliveries", ScheduleDelivery)
refers_to("employer_languages", Language)
refers_to("line_changes", LineChange)


def employers(actor: Actor) -> Any:
    """Return the employers whose values this actor may see: none with whom a call of their own has not passed."""
    shut = Contact.objects.closes_accounts_to(actor).exclude(employer=None)
    return Employer.objects.visible_to(actor).exclude(pk__in=shut.values("employer_id"))


def agents(actor: Actor) -> Any:
    shut = Contact.objects.closes_accounts_to(actor).exclude(agent=None)
    return PayrollAgent.objects.visible_to(actor).exclude(pk__in=shut.values("agent_id"))


def parents(actor: Actor) -> QuerySet[PayingParent]:
    rows: QuerySet[PayingParent] = PayingParent.objects.visible_to(actor).prefetch_related("employments__employer")
    return rows


def cases(actor: Actor) -> QuerySet[MaintenanceCase]:
    letters = CaseActivity.objects.cmsl2040().select_related("employer").order_by("-happened_on", "-pk")
    rows = MaintenanceCase.objects.visible_to(actor).select_related("owner", "paying_parent")
    read: QuerySet[MaintenanceCase] = rows.prefetch_related(Prefetch("activities", letters, to_attr="letters"))
    return read


def schedules(actor: Actor) -> QuerySet[DeoSchedule]:
    return DeoSchedule.objects.filter(employer__in=employers(actor)).select_related("employer")


class Employers(Door):
    reads, query = scopes.READ, EmployerQuery

    @described("employer_list", "List employers\nThe oldest records first, or what changed since a moment.", tag=TAG,
               query=EmployerQuery, answer=EmployerPage)  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = employers(self.actor)
        if earn := self.asked.get("agent"):
            links = AgentLink.objects.on(uk_day(now())).filter(agent__earn=earn)
            rows = rows.filter(pk__in=links.values("employer_id"))
        return answer_page(self, request, rows, EmployerShape)


class OneEmployer(Door):
    reads, has_etag = scopes.READ, True

    @described("employer_read", "Read an employer", tag=TAG, answer=EmployerShape)
    def get(self, request: Request, ern: str) -> Response:
        return answer_record(self, the(employers(self.actor).filter(ern=ern)), EmployerShape)


class Agents(Door):
    reads, query = scopes.READ, AgentQuery

    @described("agent_list", "List payroll agents", tag=TAG, query=AgentQuery, answer=AgentPage)
    def get(self, request: Request) -> Response:
        rows = agents(self.actor)
        if ern := self.asked.get("employer"):
            links = AgentLink.objects.on(uk_day(now())).filter(employer__ern=ern)
            rows = rows.filter(pk__in=links.values("agent_id"))
        return answer_page(self, request, rows, AgentShape)


class OneAgent(Door):
    reads, has_etag = scopes.READ, True

    @described("agent_read", "Read a payroll agent", tag=TAG, answer=AgentShape)
    def get(self, request: Request, earn: str) -> Response:
        return answer_record(self, the(agents(self.actor).filter(earn=earn)), AgentShape)


class Links(Door):
    reads, query = scopes.READ, LinkQuery

    @described("agent_link_list", "List which agent acts for which employer\nLinks that have ended are among them.",
               tag=TAG, query=LinkQuery, answer=LinkPage)  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = AgentLink.objects.filter(employer__in=Employer.objects.visible_to(self.actor))
        columns = {"employer": "employer__ern", "agent": "agent__earn"}
        rows = rows.filter(**{columns[name]: self.asked[name] for name in columns if name in self.asked})
        return answer_page(self, request, rows.select_related("employer", "agent"), LinkShape)


class Parents(Door):
    reads, query = scopes.READ, ParentQuery

    @described("paying_parent_list", "List paying parents", tag=TAG, query=ParentQuery, answer=ParentPage)
    def get(self, request: Request) -> Response:
        rows = parents(self.actor)
        if ern := self.asked.get("employer"):
            rows = rows.filter(employments__employer__ern=ern)  # at most one row each: nobody works there twice
        return answer_page(self, request, rows, ParentShape)


class OneParent(Door):
    reads, has_etag = scopes.READ, True

    @described("paying_parent_read", "Read a paying parent\nThe National Insurance number is masked, but for keys that "
               "may read it in full.", tag=TAG, answer=ParentShape)  # fmt: skip
    def get(self, request: Request, number: str) -> Response:
        return answer_record(self, the(parents(self.actor).filter(reference=number)), ParentShape)


class Cases(Door):
    reads, query = scopes.READ, CaseQuery

    @described("case_list", "List child maintenance cases\nEach with its owner and the CMSL2040s that were issued.",
               tag=TAG, query=CaseQuery, answer=CasePage)  # fmt: skip
    def get(self, request: Request) -> Response:
        rows = cases(self.actor)
        if reference := self.asked.get("paying_parent"):
            rows = rows.filter(paying_parent__reference=reference)
        if "owner" in self.asked:
            rows = rows.filter(owner_id=self.asked["owner"])
        if "open" in self.asked:
            rows = rows.filter(closed_on__isnull=self.asked["open"] == "true")
        return answer_page(self, request, rows, CaseShape)


class OneCase(Door):
    reads, has_etag = scopes.READ, True

    @described("case_read", "Read a child maintenance case", tag=TAG, answer=CaseShape)
    def get(self, request: Request, number: str) -> Response:
        return answer_record(self, the(cases(self.actor).filter(number=number)), CaseShape)


class Schedules(Door):
    reads, query = scopes.READ, ScheduleQuery

    @described("schedule_list", "List DEO schedules", tag=TAG, query=ScheduleQuery, answer=SchedulePage)
    def get(self, request: Request) -> Response:
        rows = schedules(self.actor)
        if ern := self.asked.get("employer"):
            rows = rows.filter(employer__ern=ern)
        if month := self.asked.get("month"):
            rows = rows.filter(month=month)
        return answer_page(self, request, rows, ScheduleShape)


class Lines(Door):
    reads, query = scopes.READ, Paged

    @described("schedule_lines", "List the lines of a DEO schedule", tag=TAG, query=Paged, answer=LinePage)
    def get(self, request: Request, ern: str, month: date) -> Response:
        found = the(schedules(self.actor).filter(employer__ern=ern, month=month))
        rows = ScheduleLine.objects.filter(schedule=found).seen_by(self.actor).select_related("paying_parent")
        return answer_page(self, request, rows, LineShape)


urlpatterns: list[Any] = [
    path("employers/", Employers.as_view(), name="employers"),
    path("employers/<ern:ern>/", OneEmployer.as_view(), name="employer"),
    path("employers/<ern:ern>/schedules/<month:month>/lines/", Lines.as_view(), name="schedule-lines"),
    path("agents/", Agents.as_view(), name="agents"),
    path("agents/<earn:earn>/", OneAgent.as_view(), name="agent"),
    path("agent-links/", Links.as_view(), name="agent-links"),
    path("paying-parents/", Parents.as_view(), name="paying-parents"),
    path("paying-parents/<parent:number>/", OneParent.as_view(), name="paying-parent"),
    path("cases/", Cases.as_view(), name="cases"),
    path("cases/<slug:number>/", OneCase.as_view(), name="case"),
    path("schedules/", Schedules.as_view(), name="schedules"),
]
