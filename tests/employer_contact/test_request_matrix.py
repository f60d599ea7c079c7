"""For every reason and party: exactly the right service requests are offered, all others are refused.

The cells are those of the procedure, written down by hand.
"""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from contacthub.errors import RuleBroken
from contacthub.people.models import StaffMember
from employer_contact import services
from employer_contact.models import Contact, ServiceRequest
from employer_contact.terms import PartyType
from tests.employer_contact.calling import caseworker, passed
from tests.factories import (
    MORNING,
    AgentLinkFactory,
    EmployerFactory,
    EmploymentFactory,
    PayingParentFactory,
    PayrollAgentFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

# fmt: off
TRIPLES = {
    "GEN_LITERATURE":        "Employer / Info Requested / Send Literature",
    "GEN_PROCEDURES":        "Employer / Info Requested / Update Procedures",
    "SELF_SERVICE_USAGE":    "Employer / Info Requested / Self Service Usage",
    "SELF_SERVICE_IT":       "Employer / Info Requested / Self Service IT",
    "UPDATE_EMPLOYER":       "Employer / Update Details / Update Employer Details",
    "UPDATE_AGENT":          "Employer / Update Details / Update Agent Details",
    "CAPTURE_ROUTE":         "Employer / Info Provided / Capture and Route Client Details",
    "ONE_OFF_CARD":          "Payments / One Off Payment / Employer Credit/Debit Card",
    "DEO_UPDATE_INDIVIDUAL": "Employer / DEO Schedule / Update",
    "DEO_UPDATE_GROUP":      "Employer / DEO Schedule / Update",
    "STATEMENT":             "Employer / Info Request / Statement Request",
    "COMPLAINT_RESOLUTION":  "Employer / Complaints / Resolution",
    "COMPLAINT_REVIEW":      "Employer / Complaints / Review",
    "LINK_AGENT":            "Employer / Update Details / Link Agent",
    "REMOVE_AGENT":          "Employer / Update Details / Remove Agent",
}
# What each reason leads to: for the employer, for the agent.
OFFERED = {
    "general_enquiry":       (["GEN_LITERATURE", "GEN_PROCEDURES"], ["GEN_LITERATURE", "GEN_PROCEDURES"]),
    "self_service":          (["SELF_SERVICE_USAGE", "SELF_SERVICE_IT"], []),
    "update_details":        (["UPDATE_EMPLOYER"], ["UPDATE_AGENT"]),
    "communication_payment": (["CAPTURE_ROUTE", "ONE_OFF_CARD"], ["CAPTURE_ROUTE", "ONE_OFF_CARD"]),
    "change_single":         (["DEO_UPDATE_INDIVIDUAL"], ["DEO_UPDATE_INDIVIDUAL"]),
    "change_multiple":       (["DEO_UPDATE_GROUP"], ["DEO_UPDATE_GROUP"]),
    "statement":             (["STATEMENT"], ["STATEMENT"]),
    "complaint":             (["COMPLAINT_RESOLUTION", "COMPLAINT_REVIEW"], []),
    "nominate_agent":        (["LINK_AGENT"], []),
    "change_agent":          (["REMOVE_AGENT"], []),
    "input_schedule":        ([], []),
}
# fmt: on
CASES = [(reason, party) for reason in OFFERED for party in PartyType]
ONE, OTHER = "121999700001", "121999700002"


def offered(reason: str, party: PartyType) -> list[str]:
    return OFFERED[reason][0 if party == PartyType.EMPLOYER else 1]


@pytest.fixture
def owen(client):
    actor = caseworker()
    client.force_login(StaffMember.objects.get(pk=actor.staff_id))
    return actor


@pytest.fixture
def skerrow(reference):
    employer = EmployerFactory(whole=True, ern="900000006", name="Skerrow Foods Ltd")
    for number, name in ((ONE, "Gethin Prys-Morgan"), (OTHER, "Zoë Abara")):
        EmploymentFactory(employer=employer, paying_parent=PayingParentFactory(reference=number, name=name))
    return employer


@pytest.fixture
def agent(skerrow):
    held = {"address1": "3 Corn Street", "postcode": "ZZ99 1AA", "telephone": "+442079460391"}
    agent = PayrollAgentFactory(name="Pelham Payroll LLP", **held)
    AgentLinkFactory(employer=skerrow, agent=agent)
    return agent


@pytest.fixture
def call(owen, skerrow, agent):
    """Return a call of this party whose check is passed, with the reason ticked, also where it is closed to them."""

    def made(reason: str, party: PartyType) -> Contact:
        contact = passed(skerrow if party == PartyType.EMPLOYER else agent, by=owen)
        try:
            services.choose_reasons(contact_id=contact.pk, reasons=[reason], by=owen, at=MORNING)
        except RuleBroken:
            services.choose_reasons(contact_id=contact.pk, reasons=["general_enquiry"], by=owen, at=MORNING)
        return Contact.objects.with_party().get(pk=contact.pk)

    return made


def details(kind: str, party: PartyType) -> services.Details:
    parents = {"DEO_UPDATE_INDIVIDUAL": (ONE,), "DEO_UPDATE_GROUP": (ONE, OTHER)}.get(kind, ())
    given: dict = {"paying_parents": parents}
    if kind == "COMPLAINT_REVIEW":
        given |= {"earlier_on": MORNING.date(), "earlier_reference": "Letter 17"}
    if party == PartyType.AGENT:
        given["employer"] = "900000006"
    return services.Details(**given)


@pytest.mark.proves(
    "EC-08", "EC-09", "EC-29", "EC-30", "EC-31", "EC-32", "EC-33", "EC-34", "EC-35", "EC-36", "EC-37", "EC-38",
    "EC-40", "EC-41", "EC-43",
)  # fmt: skip
@pytest.mark.parametrize(("reason", "party"), CASES)
def test_the_service_raises_exactly_what_the_reason_leads_to_for_the_party(owen, call, reason, party):
    contact = call(reason, party)
    raised = {}
    refused = {}

    for kind in TRIPLES:
        try:
            request = services.create_sr(
                contact_id=contact.pk, reason=reason, kind=kind, details=details(kind, party), by=owen, at=MORNING
            )
            raised[kind] = request.triple
        except RuleBroken as refusal:
            refused[kind] = refusal.code

    assert raised == {kind: TRIPLES[kind] for kind in offered(reason, party)}
    assert set(refused) == set(TRIPLES) - set(raised)
    assert ServiceRequest.objects.count() == len(raised)


@pytest.mark.proves("EC-08", "EC-64")
@pytest.mark.parametrize(("reason", "party"), CASES)
def test_the_page_offers_exactly_what_the_reason_leads_to_for_the_party(client, owen, call, reason, party):
    contact = call(reason, party)
    wanted = offered(reason, party)

    answer = client.get(reverse("employers:raising", args=[contact.reference, reason]))

    text = answer.content.decode() if answer.status_code == 200 else ""
    shown = {kind for kind in TRIPLES if f'value="{kind}"' in text}
    assert shown == set(wanted)
    assert (answer.status_code == 200) is bool(wanted)
    assert all(TRIPLES[kind] in text for kind in wanted)


@pytest.mark.parametrize(("reason", "party"), CASES)
def test_a_kind_that_the_page_does_not_offer_is_refused_when_it_is_sent(client, owen, call, reason, party):
    contact = call(reason, party)
    given = {"paying_parents": [ONE], "employer": "900000006", "notes": "", "caller_name": ""}

    for kind in set(TRIPLES) - set(offered(reason, party)):
        sent = {"key": str(uuid4()), "kind": kind, **given}
        client.post(f"{contact.get_absolute_url()}request/{reason}/create-sr/", sent)

    assert not ServiceRequest.objects.exists()


@pytest.mark.proves("EC-08", "EC-32")
@pytest.mark.parametrize(
    ("kind", "party", "code"),
    [
        ("SELF_SERVICE_USAGE", PartyType.AGENT, "employer_only"),
        ("SELF_SERVICE_IT", PartyType.AGENT, "employer_only"),
        ("UPDATE_EMPLOYER", PartyType.AGENT, "employer_only"),
        ("COMPLAINT_RESOLUTION", PartyType.AGENT, "employer_only"),
        ("COMPLAINT_REVIEW", PartyType.AGENT, "employer_only"),
        ("LINK_AGENT", PartyType.AGENT, "employer_only"),
        ("REMOVE_AGENT", PartyType.AGENT, "employer_only"),
        ("UPDATE_AGENT", PartyType.EMPLOYER, "agent_only"),
    ],
)
def test_what_is_closed_to_a_party_is_closed_out_of_another_request_too(owen, call, kind, party, code):
    contact = call("general_enquiry", party)
    first = services.create_sr(
        contact_id=contact.pk, reason="general_enquiry", kind="GEN_LITERATURE",
        details=details("GEN_LITERATURE", party), by=owen, at=MORNING,
    )  # fmt: skip

    with pytest.raises(RuleBroken) as refused:
        services.raise_further(
            service_request_id=first.pk, kind=kind, details=details(kind, party), by=owen, at=MORNING
        )

    assert refused.value.code == code
