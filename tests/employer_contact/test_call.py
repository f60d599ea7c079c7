from __future__ import annotations

import pytest

from employer_contact import services
from employer_contact.lifecycle import ContactState as State
from tests.employer_contact.calling import CORRECT, answer, call_from, caseworker, fresh
from tests.factories import MORNING, EmployerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]


@pytest.mark.proves("EC-04", "EC-14", "EC-16", "EC-26", "EC-27")
def test_a_call_is_opened_by_hand_and_goes_through_three_answers_and_a_reason_to_its_end():
    owen = caseworker()
    contact = call_from(EmployerFactory(whole=True), by=owen)
    answer(contact, CORRECT, CORRECT, CORRECT, by=owen)
    services.keep_notes(contact_id=contact.pk, caller_name="Marged", notes="Wants a form", by=owen, at=MORNING)
    services.choose_reasons(contact_id=contact.pk, reasons=["statement"], by=owen, at=MORNING)
    services.finish(contact_id=contact.pk, why_none={"statement": "Found it on screen"}, by=owen, at=MORNING)

    ended = fresh(contact)
    assert ended.state == State.WRAPPED_UP
    assert ended.reasons.get().why_none == "Found it on screen"
    assert list(ended.case.events.order_by("pk").values_list("kind", flat=True)) == [
        "opened", "identify", "answered", "pass_security", "record_reason", "finish",
    ]  # fmt: skip
