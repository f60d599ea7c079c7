"""Requests to re-issue a CMSL2040 for machines: each endpoint is named like the service that it calls."""

from __future__ import annotations

from typing import Any

from django.urls import path
from rest_framework.request import Request
from rest_framework.response import Response

from contacthub.actor import Actor
from contacthub.api.base import Answer, Door
from contacthub.api.reference import refers_to
from contacthub.api.schema import described
from contacthub.api.serializers import Reason
from contacthub.api.timelines import timeline_url
from contacthub.api.verbs import Verb, answer_with, verb_urls
from contacthub.clock import now
from contacthub.errors import RuleBroken
from employer_contact import permissions, scopes, services
from employer_contact.api.lists import answer_page, answer_record, the
from employer_contact.api.pointers import fields_called
from employer_contact.lifecycle import ReissueState
from employer_contact.models import Contact, Employer, ReissueRequest
from employer_contact.reissue_listing import NEWEST
from employer_contact.serializers.reissues import IssueBody, ReissueBody, ReissuePage, ReissueQuery, ReissueShape
from employer_contact.terms import Scenario

TAG = "Re-issue requests"
RECORD = "reissues/<reference:reference>/"
NO_EMPLOYER = "There is no employer with this ERN"
NO_CONTACT = "There is no contact of yours with this reference"

refers_to("reissue_states", ReissueState)
refers_to("reissue_scenarios", Scenario)

VERBS = [
    Verb(services.reissue, "Issue the letter anew, with its amount and the month from which it is deducted\nOnly the "
         "owner of the case does, or who leads the team of one who has left.", scopes.REISSUES_DECIDE, IssueBody,
         {"amount": "188.20", "from_month": "2026-12"}, IssueBody.given),
    Verb(services.decline, "Decline, with a reason", scopes.REISSUES_DECIDE, Reason, {"reason": "The letter is right"}),
    Verb(services.withdraw, "Withdraw what you asked for, with a reason", scopes.REISSUES_REQUEST, Reason,
         {"reason": "They pay now"}),
]  # fmt: skip


def reissues(actor: Actor) -> Any:
    """Return the requests that this actor may see, with what a machine reads of them."""
    return ReissueRequest.objects.whole().visible_to(actor).select_related("letter")


class Reissues(Door):
    reads, writes, query = scopes.REISSUES_READ, scopes.REISSUES_REQUEST, ReissueQuery

    @described("reissue_list", "List requests to re-issue a CMSL2040\nThe newest first, or what changed since a "
               "moment.", tag=TAG, query=ReissueQuery, answer=ReissuePage)  # fmt: skip
    def get(self, request: Request) -> Response:
        columns = {
            "state": "state",
            "scenario": "scenario",
            "employer": "employer__ern",
            "case": "maintenance_case__number",
        }
        given = {columns[name]: self.asked[name] for name in columns if name in self.asked}
        return answer_page(self, request, reissues(self.actor).filter(**given), ReissueShape, order=NEWEST)

    @described("reissue_request", "Ask for a CMSL2040 to be re-issued\nRefused with `scenario_required` in any but "
               "the three scenarios, and with `security_required` in a call before its check is passed.", tag=TAG,
               body=ReissueBody, answer=ReissueShape, status=201,
               sent={"employer": "900000001", "case": "200417733", "scenario": "amount_differs",
                     "reason": "The schedule says 188.20, the letter 170.00"})  # fmt: skip
    def post(self, request: Request) -> Response:
        def do() -> Answer:
            sent = self.sent(ReissueBody)
            with fields_called(lambda field: "case" if field == "case_number" else field):
                made = services.request_reissue(
                    employer_id=_employer(sent["employer"], self.actor),
                    contact_id=_contact(sent["contact"], self.actor),
                    case_number=sent["case"],
                    scenario=sent["scenario"],
                    reason=sent["reason"],
                    by=self.actor,
                    at=now(),
                )
            answer = answer_with(reissues(self.actor).get(pk=made.pk), ReissueShape, by=self.actor, status=201)
            answer.headers["Location"] = f"{request.path}{made.reference}/"
            return answer

        return self.once(do)


def _employer(ern: str, by: Actor) -> int:
    found = Employer.objects.visible_to(by).filter(ern=ern).values_list("pk", flat=True).first()
    if found is None:
        raise RuleBroken(NO_EMPLOYER, code="unknown", field="employer")
    return int(found)


def _contact(reference: str, by: Actor) -> int | None:
    if not reference:
        return None
    found = Contact.objects.visible_to(by).filter(case__reference=reference).values_list("pk", flat=True).first()
    if found is None:
        raise RuleBroken(NO_CONTACT, code="unknown", field="contact")
    return int(found)


class OneReissue(Door):
    reads, has_etag = scopes.REISSUES_READ, True

    @described("reissue_read", "Read a request to re-issue a CMSL2040", tag=TAG, answer=ReissueShape)
    def get(self, request: Request, reference: str) -> Response:
        return answer_record(self, the(reissues(self.actor).filter(case__reference=reference)), ReissueShape)


urlpatterns: list[Any] = [
    path("reissues/", Reissues.as_view(), name="reissues"),
    path(RECORD, OneReissue.as_view(), name="reissue"),
    timeline_url(
        RECORD,
        ReissueRequest,
        reads=scopes.REISSUES_READ,
        tag=TAG,
        words_of=lambda by, found: permissions.REISSUE_WORDS,
    ),
    *verb_urls(RECORD, ReissueRequest, VERBS, shape=ReissueShape, tag=TAG),
]
