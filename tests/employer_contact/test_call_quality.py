"""What every page of a live call has: what to say, what to look up, notes at hand, and nothing slow to wait for."""

from __future__ import annotations

import sys
from uuid import uuid4

import pytest
from django.urls import reverse

from employer_contact import services
from employer_contact.models import Contact
from tests.employer_contact.calling import call_from, caseworker, failed, passed, with_reason
from tests.factories import MORNING, EmployerFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]

# What the caseworker says or does at each step, and the procedures to look up.
GUIDANCE = {
    "party": ("“Which company are you calling from, and what is the postcode?”", "does not replace them"),
    "security": ("“Before I open your account I have to ask you three questions about it.”", "Compare only"),
    "failed": ("“I cannot talk about the account in this call.", "Do not say which answer was wrong"),
    "reason": ("“How can I help you today?”", "Employer - Provide Statement"),
    "raising": ("Carried over", "Employer - Provide Statement"),
    "schedule_input": ("“Are there changes to report?”", "Employer / DEO Schedule / Update"),
    "wrap_up": ("What is left before this can finish", "words why none is needed"),
}
_CONNECTIONS: list[object] = []
sys.addaudithook(lambda event, args: _CONNECTIONS.append(args[1]) if event == "socket.connect" else None)


def at_step(step: str, by) -> tuple[Contact, str]:
    """Return a call that stands at this step, and its address."""
    made = {
        "party": lambda: call_from(None, by=by),
        "security": lambda: call_from(EmployerFactory(whole=True), by=by),
        "failed": lambda: failed(by=by),
        "reason": lambda: passed(by=by),
        "raising": lambda: with_reason("statement", by=by),
        "schedule_input": lambda: with_reason("input_schedule", by=by),
        "wrap_up": lambda: with_reason("statement", by=by),
    }
    contact = made[step]()
    further = ["statement"] if step == "raising" else []
    return contact, reverse(f"employers:{step}", args=[contact.reference, *further])


@pytest.mark.proves("CM-10")
@pytest.mark.parametrize("step", GUIDANCE)
def test_what_to_say_and_what_to_look_up_stand_in_the_step_itself(client, owen, step):
    _, address = at_step(step, owen)

    text = client.get(address).content.decode()

    assert [words for words in GUIDANCE[step] if words not in text] == []


@pytest.mark.parametrize(
    ("given", "who", "why"),
    [
        ({"channel": "letter"}, ("Who is it from?", "Look for"), ("Why do they write?", "Look for")),
        ({"direction": "outbound"}, ("Whom do we ring?", "“This is the"), ("Why do we call?", "“We need some")),
    ],
)
def test_a_letter_is_read_and_a_call_of_ours_begins_in_other_words(client, owen, skerrow, given, who, why):
    unknown, known = call_from(None, by=owen, **given), call_from(skerrow, by=owen, **given)

    pages = [
        client.get(reverse(f"employers:{step}", args=[contact.reference])).content.decode()
        for step, contact in (("party", unknown), ("reason", known))
    ]

    for text, words in zip(pages, (who, why), strict=True):
        assert [one for one in words if one not in text] == []
        assert "Which company are you calling from" not in text
        assert "How can I help you today" not in text


@pytest.mark.proves("EC-13")
@pytest.mark.parametrize("step", GUIDANCE)
def test_a_callback_in_welsh_is_one_press_away_at_each_step(client, owen, step):
    contact, address = at_step(step, owen)

    text = client.get(address).content.decode()

    assert f'form="step" formaction="{contact.get_absolute_url()}welsh/"' in text
    assert 'name="telephone"' in text


@pytest.mark.proves("CM-10")
@pytest.mark.parametrize("step", GUIDANCE)
def test_what_was_advised_is_written_beside_each_step_and_stays_on_the_contact(client, owen, step):
    contact, address = at_step(step, owen)
    assert 'name="notes"' in client.get(address).content.decode()
    advice = "Told her to report leavers online within 10 days"

    client.post(f"{contact.get_absolute_url()}keep-notes/", {"key": str(uuid4()), "notes": advice, "caller_name": ""})
    services.hand_over(contact_id=contact.pk, to_id=caseworker().staff_id, by=owen, at=MORNING)

    assert advice in client.get(contact.get_absolute_url()).content.decode()


@pytest.mark.proves("CM-16")
@pytest.mark.parametrize("step", GUIDANCE)
def test_a_page_of_a_call_asks_nothing_of_another_system(client, owen, step):
    _, address = at_step(step, owen)
    _CONNECTIONS.clear()

    answer = client.get(address)

    assert answer.status_code == 200
    assert _CONNECTIONS == []


@pytest.mark.proves("CM-16")
def test_how_long_the_call_took_stands_on_the_contact(client, owen):
    contact = call_from(EmployerFactory(whole=True), by=owen)
    ended = MORNING.replace(minute=MORNING.minute + 4)
    services.end_call(contact_id=contact.pk, by=owen, at=ended)

    text = client.get(reverse("employers:wrap_up", args=[contact.reference])).content.decode()

    assert ">4 min 0 s<" in text
