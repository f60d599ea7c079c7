"""The reason of a contact, found in plain words."""

from __future__ import annotations

import pytest

from employer_contact.models import ContactReason, ServiceRequestKind
from employer_contact.reasons import Match, Reason, matching, related_procedures

STATEMENT = Reason("statement", "Request employer statement", ("What have we paid",))
SERVICE = Reason("self_service", "Self service problem", ("The statement will not open", "Cannot sign in"))
CHANGE = Reason("change", "Change of circumstances", ("Somebody left",))
THREE = [SERVICE, CHANGE, STATEMENT]


def labels(found: list[Match]) -> list[str]:
    return [match.reason.code for match in found]


@pytest.mark.parametrize("typed", ["", "   ", "/"])
def test_nothing_typed_shows_all_in_the_order_of_the_procedure(typed):
    assert matching(THREE, typed) == [Match(SERVICE), Match(CHANGE), Match(STATEMENT)]


def test_a_label_comes_before_what_callers_say():
    assert matching(THREE, "sta") == [Match(STATEMENT), Match(SERVICE, "The statement will not open")]


@pytest.mark.parametrize("typed", ["STATEMENT open", "open state", "will  not   open", "Stätement ópen"])
def test_words_come_in_any_order_case_and_spacing(typed):
    assert matching(THREE, typed) == [Match(SERVICE, "The statement will not open")]


def test_words_may_be_spread_over_what_is_said():
    assert labels(matching(THREE, "problem sign")) == ["self_service"]
    assert matching(THREE, "open sign")[0].because == ""


@pytest.mark.parametrize("typed", ["tatement", "statement zebra", "statements"])
def test_a_word_is_found_by_how_it_begins(typed):
    assert matching(THREE, typed) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("leaflet", "General enquiry"),
        ("password", "Self service problem"),
        ("new address", "Update Employer/Agent Details"),
        ("pay by card", "Responding to communication for a payment"),
        ("missed payment", "Responding to communication for a payment"),
        ("leaver", "Change of circumstances for a single paying parent"),
        ("several left", "Change of Circumstances for multiple paying parents"),
        ("redundan", "Change of Circumstances for multiple paying parents"),
        ("auditors", "Request employer statement"),
        ("unhappy", "Capture employer complaint"),
        ("accountant", "Employer nominates an agent"),
        ("stop using", "Employer changes or removes agent"),
        ("read amounts", "Input DEO schedule"),
        ("input", "Input DEO schedule"),
        ("COC", "Change of circumstances for a single paying parent"),
    ],
)
def test_what_callers_say_leads_to_the_reason(reference, typed, first):
    assert matching(ContactReason.objects.as_rules(), typed)[0].reason.label == first


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("general_enquiry", ["Employer - Send Literature"]),
        (
            "complaint",
            ["Employer - Resolve Payment Related Complaint", "Employer - Review Payment Related Complaint"],
        ),
        ("communication_payment", ["Employer/Agent Contact", "Employer - Handle Missed Payment SR"]),
        ("input_schedule", ["DEO Set Up"]),
    ],
)
def test_the_procedures_beside_a_reason_stand_once(reference, code, expected):
    reason = ContactReason.objects.get(code=code).as_rule

    assert related_procedures(reason, ServiceRequestKind.objects.as_rules()) == expected
