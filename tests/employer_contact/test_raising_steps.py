"""Steps that refer to a further request: only one of the process that the plan names answers them."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from contacthub.errors import RuleBroken
from employer_contact import services
from employer_contact.models import Activity, PlanStep, ServiceRequest
from employer_contact.plans import Doing
from tests.employer_contact.calling import passed
from tests.factories import MORNING, AgentLinkFactory, EmployerFactory, EmploymentFactory, PayingParentFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
ONE, OTHER = "121999700001", "121999700002"
CHANGES = {"UPDATE_EMPLOYER", "UPDATE_AGENT", "DEO_UPDATE_INDIVIDUAL", "DEO_UPDATE_GROUP", "LINK_AGENT", "REMOVE_AGENT"}
# What each step of the plans raises, as its text says.
RAISES = {
    ("GEN_PROCEDURES", 3): {"GEN_LITERATURE"},
    ("GEN_PROCEDURES", 4): CHANGES,
    ("SELF_SERVICE_USAGE", 6): {"SELF_SERVICE_IT"},
    ("REMOVE_AGENT", 5): {"LINK_AGENT"},
    ("INPUT_DEO_SCHEDULE", 3): {"DEO_UPDATE_INDIVIDUAL", "DEO_UPDATE_GROUP"},
}
REASON_OF = {
    "GEN_LITERATURE": "general_enquiry",
    "GEN_PROCEDURES": "general_enquiry",
    "SELF_SERVICE_USAGE": "self_service",
    "SELF_SERVICE_IT": "self_service",
    "UPDATE_EMPLOYER": "update_details",
    "CAPTURE_ROUTE": "communication_payment",
    "DEO_UPDATE_INDIVIDUAL": "change_single",
    "DEO_UPDATE_GROUP": "change_multiple",
    "STATEMENT": "statement",
    "COMPLAINT_RESOLUTION": "complaint",
    "LINK_AGENT": "nominate_agent",
    "REMOVE_AGENT": "change_agent",
}
PARENTS = {"DEO_UPDATE_INDIVIDUAL": (ONE,), "DEO_UPDATE_GROUP": (ONE, OTHER)}


@pytest.fixture
def call(owen):
    """Return a call of an employer with two paying parents and an agent, with every reason ticked."""
    employer = EmployerFactory(whole=True)
    for number in (ONE, OTHER):
        EmploymentFactory(employer=employer, paying_parent=PayingParentFactory(reference=number))
    AgentLinkFactory(employer=employer)
    contact = passed(employer, by=owen)
    reasons = [*dict.fromkeys(REASON_OF.values()), "input_schedule"]
    return services.choose_reasons(contact_id=contact.pk, reasons=reasons, by=owen, at=MORNING)


def raised(contact, kind: str, *, by) -> ServiceRequest:
    details = services.Details(paying_parents=PARENTS.get(kind, ()))
    given = {"contact_id": contact.pk, "reason": REASON_OF[kind], "kind": kind, "details": details}
    return services.create_sr(**given, by=by, at=MORNING)


def settle_first(request: ServiceRequest, *, by) -> None:
    """Confirm who asks, where the plan begins with that."""
    for step in request.activities.filter(does=Doing.CONFIRM):
        services.complete_step(service_request_id=request.pk, number=step.number, words="Yes", by=by, at=MORNING)


def test_the_plans_name_what_their_steps_raise():
    steps = PlanStep.objects.filter(does=Doing.RAISE).select_related("version__plan")

    assert {(step.version.plan.code, step.number): set(step.as_rule.raises) for step in steps} == RAISES


@pytest.mark.proves("EC-42", "EC-43")
@pytest.mark.parametrize(("plan", "number"), RAISES)
def test_a_step_is_answered_by_a_request_that_it_names_and_by_no_other(owen, call, plan, number):
    others = {kind: raised(call, kind, by=owen) for kind in REASON_OF}
    accepted, refused = set(), {}

    for kind, other in others.items():
        given = {"number": number, "raised": other.reference, "by": owen, "at": MORNING}
        if plan == "INPUT_DEO_SCHEDULE":
            answer, ids = services.complete_reason_step, {"contact_id": call.pk}
            step = Activity.objects.filter(reason__contact=call, number=number)
        else:
            request = raised(call, plan, by=owen)
            settle_first(request, by=owen)
            answer, ids = services.complete_step, {"service_request_id": request.pk}
            step = request.activities.filter(number=number)
        try:
            answer(**ids, **given)
        except RuleBroken as refusal:
            refused[refusal.code] = refusal.message
        else:
            accepted.add(kind)
            step.update(status="not_started", by=None, at=None, raised=None)

    assert accepted == RAISES[plan, number] & set(REASON_OF)
    assert {*refused} == {"other_kind"}
    assert "which this activity does not ask for" in refused["other_kind"]


def test_a_request_that_was_cancelled_answers_no_step(owen, call):
    request, other = raised(call, "REMOVE_AGENT", by=owen), raised(call, "LINK_AGENT", by=owen)
    settle_first(request, by=owen)
    services.cancel(service_request_id=other.pk, reason="The wrong one", by=owen, at=MORNING)

    with pytest.raises(RuleBroken) as refused:
        services.complete_step(service_request_id=request.pk, number=5, raised=other.reference, by=owen, at=MORNING)

    assert refused.value.code == "raised_required"


def test_the_page_offers_what_there_is_in_the_contact_of_what_the_step_names_and_to_raise_it(client, owen, call):
    request = raised(call, "REMOVE_AGENT", by=owen)
    settle_first(request, by=owen)
    there, other = raised(call, "LINK_AGENT", by=owen), raised(call, "STATEMENT", by=owen)

    page = client.get(f"{request.get_absolute_url()}?activity=5").content.decode()

    assert f'value="{there.reference}"' in page
    assert f'value="{other.reference}"' not in page
    assert f'{request.get_absolute_url()}raise/?kind=LINK_AGENT">Raise Link Agent<' in page


def test_one_that_stands_in_the_contact_is_attached_by_one_press(client, owen, call):
    request = raised(call, "REMOVE_AGENT", by=owen)
    settle_first(request, by=owen)
    there = raised(call, "LINK_AGENT", by=owen)

    page = client.get(f"{request.get_absolute_url()}?activity=5").content.decode()
    client.post(f"{request.get_absolute_url()}activities/5/complete/", {"key": str(uuid4()), "raised": there.reference})

    assert f'value="{there.reference}" selected' in page
    assert request.activities.get(number=5).raised == there


def test_input_deo_schedule_offers_changes_of_the_schedule_alone(client, owen, call):
    change, other = raised(call, "DEO_UPDATE_INDIVIDUAL", by=owen), raised(call, "STATEMENT", by=owen)

    page = client.get(f"{reverse('employers:schedule_input', args=[call.reference])}?activity=3").content.decode()

    assert f'value="{change.reference}"' in page
    assert f'value="{other.reference}"' not in page


def test_a_step_of_an_older_plan_that_names_nothing_is_answered_by_any(owen, call):
    request = raised(call, "REMOVE_AGENT", by=owen)
    settle_first(request, by=owen)
    request.activities.filter(number=5).update(raises="")
    other = raised(call, "STATEMENT", by=owen)

    services.complete_step(service_request_id=request.pk, number=5, raised=other.reference, by=owen, at=MORNING)

    assert request.activities.get(number=5).raised == other
