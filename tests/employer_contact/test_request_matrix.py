"""For every reason and party: exactly the right service requests are offered, all others are refused.

The cells are those of the procedure, written down by hand.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from contacthub.errors import RuleBroken
from employer_contact import services
from employer_contact.models import AgentLink, Contact, ServiceRequest
from employer_contact.terms import PartyType
from tests.employer_contact.calling import passed
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


def posted(kind: str, party: PartyType) -> dict:
    """Return what the page sends for a request of this kind, with all that any kind needs."""
    parents = [ONE, OTHER] if kind == "DEO_UPDATE_GROUP" else [ONE]
    sent = {"key": str(uuid4()), "kind": kind, "paying_parents": parents, "notes": "", "caller_name": ""}
    sent |= {"earlier_on": "1/6/2026", "earlier_reference": "Letter 17"} if kind == "COMPLAINT_REVIEW" else {}
    return sent | ({"employer": "900000006"} if party == PartyType.AGENT else {})


@pytest.mark.proves("EC-08", "EC-32")
@pytest.mark.parametrize(("reason", "party"), CASES)
def test_the_page_creates_exactly_what_it_offers_and_answers_all_else_with_a_refusal(client, owen, call, reason, party):
    contact = call(reason, party)
    created = {}

    for kind in TRIPLES:
        answer = client.post(f"{contact.get_absolute_url()}request/{reason}/create-sr/", posted(kind, party))
        created[kind] = answer.status_code == 302
        assert created[kind] or b"There is a problem" in answer.content

    assert {kind for kind, is_created in created.items() if is_created} == set(offered(reason, party))
    assert {request.kind.code for request in ServiceRequest.objects.select_related("kind")} == set(
        offered(reason, party)
    )


# What each party may ask for at all, out of another request.
CLOSED_TO = {
    PartyType.EMPLOYER: {"UPDATE_AGENT": "agent_only"},
    PartyType.AGENT: {
        "SELF_SERVICE_USAGE": "employer_only",
        "SELF_SERVICE_IT": "employer_only",
        "UPDATE_EMPLOYER": "employer_only",
        "COMPLAINT_RESOLUTION": "employer_only",
        "COMPLAINT_REVIEW": "employer_only",
        "LINK_AGENT": "employer_only",
        "REMOVE_AGENT": "employer_only",
    },
}


@pytest.fixture
def first(owen, call):
    """Return a request of this party, out of which others are raised."""

    def made(party: PartyType) -> ServiceRequest:
        contact = call("general_enquiry", party)
        return services.create_sr(
            contact_id=contact.pk, reason="general_enquiry", kind="GEN_LITERATURE",
            details=details("GEN_LITERATURE", party), by=owen, at=MORNING,
        )  # fmt: skip

    return made


@pytest.mark.proves("EC-08", "EC-32")
@pytest.mark.parametrize("party", PartyType)
@pytest.mark.parametrize("kind", TRIPLES)
def test_out_of_another_request_the_service_raises_what_is_open_to_the_party_and_refuses_the_rest_by_name(
    owen, first, kind, party
):
    given = {"service_request_id": first(party).pk, "kind": kind, "details": details(kind, party), "by": owen}
    refused = ""

    try:
        services.raise_further(**given, at=MORNING)
    except RuleBroken as refusal:
        refused = refusal.code

    assert refused == CLOSED_TO[party].get(kind, "")
    assert ServiceRequest.objects.filter(kind__code=kind).exclude(raised_from=None).exists() is (refused == "")


@pytest.mark.proves("EC-08", "EC-32")
@pytest.mark.parametrize("party", PartyType)
def test_out_of_another_request_the_page_offers_what_is_open_to_the_party_and_creates_nothing_else(
    client, owen, first, party
):
    address = f"{first(party).get_absolute_url()}raise/"
    is_open = set(TRIPLES) - set(CLOSED_TO[party])

    text = client.get(address).content.decode()
    for kind in TRIPLES:
        client.post(address, posted(kind, party))

    assert {kind for kind in TRIPLES if f"kind={kind}" in text or f'value="{kind}"' in text} == is_open
    further = ServiceRequest.objects.exclude(raised_from=None).select_related("kind")
    assert {request.kind.code for request in further} == is_open


@pytest.mark.proves("EC-36", "AMB-17")
def test_a_group_change_with_one_paying_parent_is_refused_and_suggests_a_single_one(client, owen, call):
    contact = call("change_multiple", PartyType.EMPLOYER)
    sent = posted("DEO_UPDATE_GROUP", PartyType.EMPLOYER) | {"paying_parents": [ONE]}

    page = client.post(f"{contact.get_absolute_url()}request/change_multiple/create-sr/", sent).content.decode()

    assert "Add at least 2 paying parents, or change to a single paying parent" in page
    assert not ServiceRequest.objects.exists()


@pytest.mark.proves("EC-68")
@pytest.mark.parametrize("kind", ["DEO_UPDATE_INDIVIDUAL", "DEO_UPDATE_GROUP"])
def test_an_agent_whose_link_has_ended_asks_for_no_change_of_circumstances(client, owen, agent, call, kind):
    reason = "change_single" if kind == "DEO_UPDATE_INDIVIDUAL" else "change_multiple"
    contact = call(reason, PartyType.AGENT)
    AgentLink.objects.update(ends_on=MORNING.date() - timedelta(days=1))
    given = {"contact_id": contact.pk, "reason": reason, "kind": kind, "details": details(kind, PartyType.AGENT)}

    with pytest.raises(RuleBroken) as refused:
        services.create_sr(**given, by=owen, at=MORNING)
    page = client.post(f"{contact.get_absolute_url()}request/{reason}/create-sr/", posted(kind, PartyType.AGENT))

    assert refused.value.code == "no_active_link"
    assert refused.value.message in page.content.decode()
    assert not ServiceRequest.objects.exists()
