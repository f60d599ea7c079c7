"""The reference data of employer contact, as the procedure labels it: copied by hand."""

from __future__ import annotations

import pytest

from contacthub.workspace.services import load_reference
from employer_contact.models import (
    ContactReason,
    Plan,
    PlanStep,
    PlanVersion,
    SecurityQuestion,
    ServiceRequestKind,
)
from employer_contact.plans import Doing, faults
from employer_contact.terms import Channel, Direction, PartyType, ScheduleDelivery
from tests.factories import MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
REASONS = [
    "General enquiry",
    "Self service problem",
    "Update Employer/Agent Details",
    "Responding to communication for a payment",
    "Change of circumstances for a single paying parent",
    "Change of Circumstances for multiple paying parents",
    "Request employer statement",
    "Capture employer complaint",
    "Employer nominates an agent",
    "Employer changes or removes agent",
    "Input DEO schedule",
]
EMPLOYER_QUESTIONS = [
    ("e_additional_phones", "Additional telephone numbers"),
    ("e_fax", "Fax number"),
    ("e_email", "Email address"),
    ("e_contact_names", "Contact name/s"),
    ("e_pay_dates", "Pay date and payroll cut off date"),
    ("e_voicemail", "Voicemail authorisation"),
    ("e_payroll_address", "Payroll address"),
]
AGENT_QUESTIONS = [
    ("a_earn", "Employer Agent Reference Number (EARN)"),
    ("a_address1", "First line of company address"),
    ("a_postcode", "Post code"),
    ("a_phone", "Telephone number"),
    ("a_email", "Email address"),
]
# Each step by where it comes from: s(ource), p(ublic), o(wn proposal).
PLANS = {
    "GEN_LITERATURE": "sspsso",
    "GEN_PROCEDURES": "spsss",
    "SELF_SERVICE_USAGE": "sppppos",
    "SELF_SERVICE_IT": "sopopos",
    "UPDATE_EMPLOYER": "ssssoso",
    "UPDATE_AGENT": "ssoso",
    "CAPTURE_ROUTE": "ssspsos",
    "ONE_OFF_CARD": "ssoopps",
    "DEO_UPDATE_INDIVIDUAL": "spososss",
    "DEO_UPDATE_GROUP": "sosososs",
    "STATEMENT": "soooos",
    "COMPLAINT_RESOLUTION": "ssspspss",
    "COMPLAINT_REVIEW": "sssoppss",
    "LINK_AGENT": "sooosos",
    "REMOVE_AGENT": "sssosos",
    "INPUT_DEO_SCHEDULE": "sssss",
}
SHORT = {"s": "source", "p": "public", "o": "proposed"}
FIRST_AND_LAST = {
    "GEN_LITERATURE": ("Establish what information or literature the contact needs", "Close the SR"),
    "GEN_PROCEDURES": ("Establish which procedure the contact is asking about", "Record what was explained and close the SR"),
    "SELF_SERVICE_USAGE": ("Confirm the contact is the employer, not an agent", "Record the outcome on the employer record and close the SR"),
    "SELF_SERVICE_IT": ("Confirm the contact is the employer, not an agent", "Record the outcome on the employer record and close the SR"),
    "UPDATE_EMPLOYER": ("Confirm the change is to the caller's own (employer) record", "Confirm the change to the employer by their preferred method and close the SR"),
    "UPDATE_AGENT": ("Confirm the change is to the caller's own (agent) record", "Confirm the change to the agent and close the SR"),
    "CAPTURE_ROUTE": ("Identify the notification being answered (reference, date, paying parents)", "Update the employer record and close the SR"),
    "ONE_OFF_CARD": ("Identify the notification and the payments due (paying parents, amounts, period)", "Update the employer record and close the SR"),
    "DEO_UPDATE_INDIVIDUAL": ("Identify the paying parent (National Insurance number or 12-digit reference)", "Update the employer record and close the SR"),
    "DEO_UPDATE_GROUP": ("List every paying parent affected (at least two)", "Send the changed target schedule by the employer's delivery method, update the employer record and close the SR"),
    "STATEMENT": ("Confirm whether an employer statement or an agent statement is wanted, and the period", "Record that it was sent and close the SR"),
    "COMPLAINT_RESOLUTION": ("Confirm the contact is the employer, not an agent or third party", "Record the outcome and close the SR"),
    "COMPLAINT_REVIEW": ("Confirm the contact is the employer, not an agent or third party", "Record the outcome and close the SR"),
    "LINK_AGENT": ("Confirm the employer (not the agent) is asking", "Update the employer record and close the SR"),
    "REMOVE_AGENT": ("Confirm the employer (not the agent) is asking", "Update the employer record and close the SR"),
    "INPUT_DEO_SCHEDULE": ("Confirm how the employer receives the target DEO schedule: self service or paper", "Record the outcome on the employer record"),
}  # fmt: skip


def in_use(code: str) -> PlanVersion:
    return PlanVersion.objects.in_use(MORNING).get(plan__code=code)


@pytest.mark.proves("EC-43")
def test_the_reasons_come_in_the_order_and_words_of_the_procedure():
    assert list(ContactReason.objects.values_list("label", flat=True)) == REASONS


def test_input_deo_schedule_has_a_plan_of_its_own_and_names_its_procedure():
    reason = ContactReason.objects.get(label="Input DEO schedule")

    assert (reason.plan.code, reason.as_rule.related) == ("INPUT_DEO_SCHEDULE", ("DEO Set Up",))
    assert ContactReason.objects.filter(plan=None).count() == 10


@pytest.mark.proves("EC-17", "EC-21")
@pytest.mark.parametrize(("party", "expected"), [("employer", EMPLOYER_QUESTIONS), ("agent", AGENT_QUESTIONS)])
def test_the_questions_have_their_exact_labels(party, expected):
    assert list(SecurityQuestion.objects.filter(party=party).values_list("code", "label")) == expected


@pytest.mark.proves("EC-03", "EC-44")
def test_channels_parties_and_deliveries_are_those_of_the_procedure():
    assert Channel.labels == ["Telephone call", "Letter", "Fax", "Email"]
    assert Direction.labels == ["Inbound", "Outbound"]
    assert PartyType.labels == ["Employer", "Agent"]
    assert ScheduleDelivery.labels == ["Self service", "Paper"]


@pytest.mark.parametrize("code", PLANS)
def test_each_plan_has_its_steps(code):
    steps = list(in_use(code).steps.all())

    assert [step.number for step in steps] == list(range(1, len(PLANS[code]) + 1))
    assert [step.mark for step in steps] == [SHORT[mark] for mark in PLANS[code]]
    assert (steps[0].text, steps[-1].text) == FIRST_AND_LAST[code]


def test_there_is_a_plan_for_every_kind_of_request_and_one_more():
    assert set(Plan.objects.values_list("code", flat=True)) == set(PLANS)
    assert all(kind.code == kind.plan.code for kind in ServiceRequestKind.objects.select_related("plan"))


@pytest.mark.parametrize("code", PLANS)
def test_each_plan_is_without_fault(code):
    assert faults([step.as_rule for step in in_use(code).steps.all()], closes=code != "INPUT_DEO_SCHEDULE") == []


@pytest.mark.parametrize(
    ("code", "number", "does"),
    [
        ("UPDATE_EMPLOYER", 6, Doing.CHANGE_EMPLOYER),
        ("UPDATE_AGENT", 4, Doing.CHANGE_AGENT),
        ("LINK_AGENT", 5, Doing.LINK_AGENT),
        ("REMOVE_AGENT", 3, Doing.END_LINK),
        ("DEO_UPDATE_INDIVIDUAL", 4, Doing.UPDATE_LINES),
        ("DEO_UPDATE_GROUP", 5, Doing.UPDATE_LINES),
    ],
)
def test_the_steps_that_name_a_change_are_done_by_it(code, number, does):
    assert in_use(code).steps.get(number=number).does == does


@pytest.mark.proves("XC-04")
def test_loading_again_adds_nothing_and_puts_nothing_back():
    ContactReason.objects.filter(code="statement").update(phrases="Changed")
    before = [model.objects.count() for model in (Plan, PlanVersion, PlanStep, ServiceRequestKind, SecurityQuestion)]

    load_reference()

    assert ContactReason.objects.get(code="statement").phrases == "Changed"
    assert before == [
        model.objects.count() for model in (Plan, PlanVersion, PlanStep, ServiceRequestKind, SecurityQuestion)
    ]


def test_what_is_missing_is_added_again():
    SecurityQuestion.objects.filter(code="a_email").delete()

    load_reference()

    assert SecurityQuestion.objects.filter(code="a_email").exists()


def test_loading_takes_few_queries(django_assert_max_num_queries):
    with django_assert_max_num_queries(40):
        load_reference()
