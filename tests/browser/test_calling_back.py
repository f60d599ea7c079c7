"""Employers and agents who are called back, in a browser: in Welsh, and on a number that we hold."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from contacthub.actor import Actor
from contacthub.callbacks import services as calls
from contacthub.callbacks.lifecycle import CallbackState
from contacthub.callbacks.models import Callback, Queue
from contacthub.clock import now
from contacthub.people.models import Unit
from contacthub.people.roles import UnitKind
from employer_contact.lifecycle import ContactState
from employer_contact.models import Contact, Employer
from tests.browser.conftest import enter_as, keyboard
from tests.browser.test_accessibility import check
from tests.browser.test_service_requests import owen, skerrow  # noqa: F401 the fixtures of a call
from tests.employer_contact.calling import call_from, failed, passed
from tests.employer_contact.people import WELSH, somebody, team


@pytest.fixture
def elin(reference: None) -> Actor:
    return somebody(WELSH, unit=Unit.objects.get(kind=UnitKind.WELSH_LANGUAGE_UNIT))


@pytest.mark.proves("EC-13", "EC-69")
@pytest.mark.parametrize("make", [call_from, passed])
def test_one_who_wants_welsh_is_called_back_and_checked_by_the_unit(
    page: Page,
    owen: Actor,  # noqa: F811
    elin: Actor,
    skerrow: Employer,  # noqa: F811
    make,
) -> None:
    contact = make(skerrow, by=owen)
    enter_as(page, owen)
    page.goto(contact.get_absolute_url())
    check(page)
    page.get_by_role("button", name="Caller wants Welsh: arrange a callback").click()
    page.get_by_text("the Welsh Language Unit calls back").wait_for()
    assert Contact.objects.get(pk=contact.pk).state == ContactState.WELSH_CALLBACK

    page.context.clear_cookies()
    enter_as(page, elin)
    callback = Callback.objects.get(about_id=contact.pk)
    page.goto(callback.queue.get_absolute_url())
    page.get_by_role("button", name="Take the next call").click()
    page.get_by_role("button", name="They answered").wait_for()
    check(page)
    page.get_by_role("button", name="They answered").click()
    page.get_by_role("heading", level=1, name="Security questions").wait_for()
    check(page)
    for radio in page.get_by_role("radio", name="Correct").all():
        radio.check()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("heading", level=1, name="Why are they calling?").wait_for()


def test_one_who_is_rung_on_a_held_number_and_cannot_be_verified_is_told_nothing(
    page: Page,
    owen: Actor,  # noqa: F811
    skerrow: Employer,  # noqa: F811
) -> None:
    Queue.objects.create(code="payments-1", unit=team(), caller_words="We call")
    first = failed(skerrow, by=owen)
    enter_as(page, owen)
    page.goto(first.get_absolute_url())
    page.get_by_label("Call back on a number we hold").check()
    check(page)
    page.get_by_role("button", name="Save and finish").click()
    page.get_by_text(f"{first.reference} is finished").wait_for()

    callback = Callback.objects.get(about_id=first.pk)
    calls.take(callback_id=callback.pk, by=owen, at=now())
    page.goto(callback.get_absolute_url())
    page.get_by_role("button", name="They answered").click()
    page.get_by_role("heading", level=1, name="Security questions").wait_for()
    page.get_by_role("button", name="They cannot answer").click()
    page.get_by_role("heading", name="The check did not pass").wait_for()
    assert skerrow.email not in page.content()
    page.get_by_label("Nothing: they will ring again").check()
    page.get_by_role("button", name="Save and finish").click()
    page.get_by_text("is finished").wait_for()

    assert Callback.objects.get(pk=callback.pk).state == CallbackState.COMPLETED
    assert Contact.objects.get(callback=callback).state == ContactState.WRAPPED_UP


def test_of_two_buttons_of_home_with_one_key_the_first_says_it(page: Page, owen: Actor) -> None:  # noqa: F811
    Queue.objects.create(code="payments-1", unit=team(), caller_words="We call")
    enter_as(page, owen)
    page.goto("/")

    expect(page.get_by_role("button", name="Start a call").locator("kbd")).to_be_visible()
    expect(page.get_by_role("button", name="Take the next call").locator("kbd")).to_have_count(0)
    keyboard(page).press("n")
    page.get_by_role("heading", level=1, name="Start a call").wait_for()
