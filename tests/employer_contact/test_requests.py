"""Service requests: raised from a contact's reason, worked on step by step, closed with the case update."""

from __future__ import annotations

from datetime import timedelta

import pytest

from employer_contact import services
from employer_contact.lifecycle import RequestState as State
from employer_contact.models import EmployerNote, ServiceRequest
from tests.employer_contact.calling import caseworker, with_reason
from tests.factories import MORNING, EmployerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
LATER = MORNING + timedelta(minutes=3)


@pytest.fixture
def owen(reference):
    return caseworker()


@pytest.fixture
def skerrow(reference):
    return EmployerFactory(whole=True, ern="900000006", name="Skerrow Foods Ltd")


def raised(kind: str, reason: str, party=None, *, by, **details) -> ServiceRequest:
    contact = with_reason(reason, party, by=by)
    return services.create_sr(
        contact_id=contact.pk, reason=reason, kind=kind, details=services.Details(**details), by=by, at=MORNING
    )


def again(request: ServiceRequest) -> ServiceRequest:
    return ServiceRequest.objects.whole().get(pk=request.pk)


def complete(request: ServiceRequest, number: int, words: str = "Done", **given) -> ServiceRequest:
    given = {"by": given.pop("by"), "at": LATER, **given}
    return services.complete_step(service_request_id=request.pk, number=number, words=words, **given)


@pytest.mark.proves("EC-07", "EC-28", "EC-29")
def test_a_reason_leads_to_a_request_whose_steps_are_completed_until_it_closes_with_the_case_update(owen, skerrow):
    request = raised("GEN_PROCEDURES", "general_enquiry", skerrow, by=owen)
    complete(request, 1, "How to report a leaver", by=owen)
    complete(request, 2, "Online or by telephone, within 10 days", by=owen)
    for number in (3, 4):
        services.mark_not_needed(
            service_request_id=request.pk, number=number, reason="Nothing wanted", by=owen, at=LATER
        )
    complete(request, 5, "Explained how to report a leaver", by=owen)

    closed = again(request)
    assert (closed.triple, closed.state) == ("Employer / Info Requested / Update Procedures", State.COMPLETED)
    assert (closed.case_update, closed.ended_at) == ("Explained how to report a leaver", LATER)
    assert EmployerNote.objects.get().about == request.reference
    kinds = list(closed.case.events.order_by("pk").values_list("kind", flat=True))
    assert kinds == [
        "raised", "begin", "completed", "completed", "not_needed", "not_needed", "completed", "complete",
    ]  # fmt: skip
