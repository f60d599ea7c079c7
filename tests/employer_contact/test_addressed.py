"""What somebody sees of a service request in which a step is addressed to them, and of nothing beside it."""

from __future__ import annotations

import re

import pytest

from contacthub.people.models import StaffMember
from employer_contact import services
from employer_contact.models import PayingParent, ServiceRequest
from tests.employer_contact.calling import with_reason
from tests.employer_contact.people import OTHER, OWNER, somebody
from tests.factories import (
    MORNING,
    EmployerFactory,
    EmploymentFactory,
    MaintenanceCaseFactory,
    PayingParentFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
MINE, NOT_MINE = "121999700001", "121999700002"


@pytest.fixture
def employer(reference):
    employer = EmployerFactory(whole=True)
    for number, name in ((MINE, "Gethin Prys-Morgan"), (NOT_MINE, "Zoë Abara")):
        EmploymentFactory(employer=employer, paying_parent=PayingParentFactory(reference=number, name=name))
    return employer


def addressed_to(actor, employer, *, by) -> ServiceRequest:
    """Return a request that was raised out of one, with one raised out of it, that the actor is to confirm."""
    contact = with_reason("general_enquiry", employer, by=by)
    first = services.create_sr(
        contact_id=contact.pk, reason="general_enquiry", kind="GEN_PROCEDURES", by=by, at=MORNING
    )
    parents = services.Details(paying_parents=(MINE, NOT_MINE))
    further = {"kind": "CAPTURE_ROUTE", "details": parents, "by": by, "at": MORNING}
    request = services.raise_further(service_request_id=first.pk, **further)
    services.raise_further(service_request_id=request.pk, kind="STATEMENT", by=by, at=MORNING)
    MaintenanceCaseFactory(paying_parent=PayingParent.objects.get(reference=MINE), owner_id=actor.staff_id)
    services.complete_step(service_request_id=request.pk, number=5, by=by, at=MORNING)
    return request


def links_of(page: str) -> set[str]:
    return set(re.findall(r'<a [^>]*href="(/[^"]*)"', page))


@pytest.fixture
def opened(client, owen, employer):
    """Return the page of the request as somebody of this column sees it, and all that its links answer."""

    def shown(column: str) -> tuple[str, dict[str, int]]:
        actor = somebody(column) if column != "the team" else owen
        request = addressed_to(somebody(OWNER) if column == "the team" else actor, employer, by=owen)
        client.force_login(StaffMember.objects.get(pk=actor.staff_id))
        text = client.get(request.get_absolute_url()).content.decode()
        links = links_of(text[text.index("moj-identity-bar") :])
        return text, {link: client.get(link, follow=True).status_code for link in links}

    return shown


@pytest.mark.parametrize("column", [OWNER, OTHER, "the team"])
def test_no_link_on_the_page_leads_to_what_its_reader_may_not_see(opened, column):
    text, answers = opened(column)

    assert {link: status for link, status in answers.items() if status != 200} == {}
    assert "Raised out of it" in text


def test_what_they_may_not_see_stands_there_in_plain_words(opened):
    text, answers = opened(OWNER)

    assert re.search(r"out of SR-\d{6}, in CT-\d{6}", text)
    assert re.search(r">SR-\d{6} Statement Request<", text)
    assert [link for link in answers if "/SR-" in link and "?" not in link and "/deadlines/" not in link] == []
    assert "Zoë Abara" in text
    assert not any(NOT_MINE in link for link in answers)
    assert any(MINE in link for link in answers)


def test_the_team_goes_on_to_all_of_it(opened):
    _, answers = opened("the team")

    assert sum("/SR-" in link for link in answers) >= 2
    assert any(NOT_MINE in link for link in answers)
