"""The receiving team leader records the discussion and completes part 2, by keyboard, and without scripts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from complaints_feedback import services
from complaints_feedback.coaching import Agreed, Recordings
from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm, PartTwo
from complaints_feedback.terms import Channel
from contacthub.clock import now
from contacthub.formats import UK, time_of_day, uk_day
from contacthub.mail.models import Mailbox
from contacthub.people.models import StaffMember
from tests.browser.conftest import enter_as, keyboard
from tests.browser.test_accessibility import check
from tests.browser.test_feedback import as_of_now
from tests.complaints_feedback.situations import (
    CAUSE,
    COMPLAINT,
    EVIDENCE,
    LATER,
    OUTCOME,
    World,
    actor,
    fresh,
)
from tests.contacthub.documents.files import upload
from tests.factories import MORNING

pytestmark = pytest.mark.proves("CF-09")


@pytest.fixture
def world(reference: None, settings, tmp_path) -> World:
    settings.DOCUMENTS_DIR = tmp_path / "documents"
    Mailbox.objects.filter(code="feedback").update(address="feedback@contacthub.example")
    return World()


def delivered(world: World) -> FeedbackForm:
    return world.delivered(at=now() - timedelta(hours=3))


def by_telephone(world: World) -> FeedbackForm:
    """Return a form about a complaint by telephone, which has a summary of the call in place of a letter."""
    form = world.started()
    mine = {"form_id": form.pk, "by": actor(world.sender), "at": MORNING}
    services.save_complaint(given=replace(COMPLAINT, channel=Channel.TELEPHONE), **mine)
    services.save_cause(given=CAUSE, **mine)
    services.save_involved(person_ids=[world.person.pk], **mine)
    services.choose_person(person_id=world.person.pk, **mine)
    services.save_evidence(given=EVIDENCE, **mine)
    services.save_letters(call_summary="She rang three times", reply_letter=upload("Reply.pdf"), **mine)
    services.ask(**mine)
    services.agree(form_id=form.pk, asked_number=1, by=actor(world.leader), at=MORNING)
    services.submit(**mine | {"at": LATER})
    return services.send(form_id=form.pk, by=actor(world.leader), at=now() - timedelta(hours=3))


def reach(page: Page, what: Locator) -> None:
    """Press Tab until it is there."""
    for _ in range(80):
        keyboard(page).press("Tab")
        if what.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError("Tab does not reach it")


def write(page: Page, label: str, words: str) -> None:
    reach(page, page.get_by_label(label, exact=True))
    keyboard(page).press("Control+A")
    keyboard(page).type(words)


def press_green(page: Page, heading: str) -> None:
    """Press the green button of the form that is written in, and come to the page of this heading."""
    keyboard(page).press("Control+Enter")
    page.get_by_role("heading", name=heading, exact=True).wait_for()


@pytest.mark.proves("CF-03", "CF-07", "CF-08", "CF-12")
def test_a_discussion_is_recorded_and_part_two_completed_by_keyboard_alone(page, world):
    form = delivered(world)
    enter_as(page, as_of_now(world.receiver))
    page.goto(f"{form.get_absolute_url()}part-2/")
    hour_ago = now() - timedelta(hours=1)

    reach(page, page.get_by_role("button", name="Continue"))
    keyboard(page).press("Enter")
    write(page, "Recordings you listened to", "VR-2231")
    press_green(page, "Record the discussion")
    write(page, "Day", f"{uk_day(hour_ago):%d/%m/%Y}")
    write(page, "Time", time_of_day(hour_ago))
    write(page, "How did you give the feedback?", "One to one")
    write(page, "Where?", "At their desk")
    write(page, "Where in the case did the issue occur?", "When the call was noted")
    write(page, "How could it have been resolved?", "By setting a reminder")
    write(page, "What changes did you agree?", "Every promise gets a reminder")
    reach(page, page.get_by_label("I explained this to Tom Reilly"))
    keyboard(page).press("Space")
    press_green(page, "Development plan")
    expect(page.get_by_role("alert")).to_contain_text("The discussion is recorded")
    assert fresh(form).state == FormState.DISCUSSED
    write(page, "Development needs", "Keeping promises")
    write(page, "Development plan", "Shadow a colleague in June")
    press_green(page, "1-2-1")
    reach(page, page.get_by_role("radio", checked=True))
    press_green(page, "Check part 2, and complete it")
    reach(page, page.get_by_role("button", name="Complete part 2"))
    keyboard(page).press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("is complete. The copies are on their way")

    assert fresh(form).state == FormState.CLOSED
    assert PartTwo.objects.get().one_to_one_month == uk_day(now()).replace(day=1)


@pytest.mark.proves("CF-03")
def test_a_day_mistyped_by_a_year_is_asked_about_and_put_right(page, world):
    form = delivered(world)
    given = Recordings(recordings=["VR-2231"])
    services.save_part_two(form_id=form.pk, given=given, by=actor(world.receiver), at=now())
    enter_as(page, as_of_now(world.receiver))
    page.goto(f"{form.get_absolute_url()}part-2/discuss/")
    hour_ago = (now() - timedelta(hours=1)).astimezone(UK)
    day_and_month = f"{hour_ago:%d/%m}"

    page.get_by_label("Day", exact=True).fill(f"{day_and_month}/{hour_ago.year - 1}")
    page.get_by_label("Time", exact=True).fill(time_of_day(hour_ago))
    page.get_by_label("How did you give the feedback?").fill("One to one")
    page.get_by_label("Where?", exact=True).fill("At their desk")
    page.get_by_label("Where in the case").fill("When the call was noted")
    page.get_by_label("How could it have been resolved?").fill("By setting a reminder")
    page.get_by_role("button", name="Record the discussion").click()
    wrong = page.locator(".govuk-error-summary").get_by_role("link")
    expect(wrong).to_contain_text(f"Did you mean {hour_ago:%A} {hour_ago.day} {hour_ago:%B %Y}")
    wrong.click()
    expect(page.get_by_label("Day", exact=True)).to_be_focused()
    expect(page.get_by_label("How could it have been resolved?")).to_have_value("By setting a reminder")
    page.get_by_label("Day", exact=True).fill(f"{day_and_month}/{hour_ago.year}")
    page.get_by_role("button", name="Record the discussion").click()
    expect(page.get_by_role("alert")).to_contain_text("The discussion is recorded")

    assert PartTwo.objects.get().discussed_at == hour_ago.replace(second=0, microsecond=0)


@pytest.mark.proves("CF-47")
def test_feedback_on_a_complaint_by_telephone_is_given_without_scripts(page_without_scripts, world):
    page, form = page_without_scripts, by_telephone(world)
    enter_as(page, as_of_now(world.receiver))
    page.goto(f"{form.get_absolute_url()}part-2/")
    hour_ago = now() - timedelta(hours=1)

    expect(page.get_by_text("She rang three times")).to_be_visible()
    expect(page.get_by_role("link", name="Reply.pdf")).to_be_visible()
    expect(page.get_by_role("link", name="Complaint.pdf")).to_have_count(0)
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Why there is no recording").fill("The call came to another site, which records none")
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_label("Where?", exact=True).fill("At their desk")
    page.get_by_role("button", name="Save and finish later").click()
    page.get_by_role("link", name="Discuss").first.click()
    expect(page.get_by_label("Where?", exact=True)).to_have_value("At their desk")
    page.get_by_label("Day", exact=True).fill(f"{uk_day(hour_ago):%d/%m/%Y}")
    page.get_by_label("Time", exact=True).fill(time_of_day(hour_ago))
    page.get_by_label("How did you give the feedback?").fill("One to one")
    page.get_by_label("Where in the case").fill("At the second call")
    page.get_by_label("How could it have been resolved?").fill("By ringing back")
    page.get_by_label("What changes did you agree?").fill("Ring back the same day")
    page.get_by_label("I explained this to Tom Reilly").check()
    page.get_by_role("button", name="Record the discussion").click()
    page.get_by_label("There are no development needs").check()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Save and go on").click()
    page.get_by_role("button", name="Complete part 2").click()
    expect(page.get_by_text("The copies are on their way")).to_be_visible()

    assert fresh(form).state == FormState.CLOSED


@pytest.fixture
def half_done(world) -> FeedbackForm:
    """A form that is discussed, for somebody of a long name."""
    name = "Wilhelmina-Alexandrina " * 2 + "Rhydderch-Vaughan"
    StaffMember.objects.filter(pk=world.person.pk).update(name=name)
    form = world.discussed()
    services.open_plan(form_id=form.pk, words="Shadow a colleague " * 20, by=actor(world.receiver), at=now())
    return form


STEPS = ["", "recordings/", "discuss/", "plan/", "one-to-one/", "complete/"]


@pytest.mark.parametrize("step", STEPS)
def test_page_of_part_two(page, world, step):
    form = delivered(world)
    enter_as(page, as_of_now(world.receiver))
    page.goto(f"{form.get_absolute_url()}part-2/{step}")

    check(page)


@pytest.mark.parametrize("step", STEPS)
def test_page_of_part_two_after_the_discussion(page, world, half_done, step):
    enter_as(page, as_of_now(world.receiver))
    page.goto(f"{half_done.get_absolute_url()}part-2/{step}")

    check(page)


def test_page_of_part_two_that_can_be_completed(page, world, half_done):
    given = replace(OUTCOME, no_development_needs=False, development_needs="Keeping promises")
    services.save_part_two(form_id=half_done.pk, given=given, by=actor(world.receiver), at=now())
    enter_as(page, as_of_now(world.receiver))
    page.goto(f"{half_done.get_absolute_url()}part-2/complete/")

    check(page)


@pytest.mark.parametrize(("step", "button"), [("discuss", "Record the discussion"), ("recordings", "Save and go on")])
def test_page_of_part_two_that_was_refused(page, world, step, button):
    form = delivered(world)
    enter_as(page, as_of_now(world.receiver))
    page.goto(f"{form.get_absolute_url()}part-2/{step}/")
    if step == "recordings":
        page.get_by_label("Recordings you listened to").fill("VR-2231, " * 20)
    page.get_by_role("button", name=button).click()
    page.locator(".govuk-error-summary").wait_for()

    check(page)


def test_page_of_part_two_that_was_completed_in_another_window(page, world, half_done):
    given = replace(OUTCOME, no_development_needs=False, development_needs="Keeping promises")
    enter_as(page, as_of_now(world.receiver))
    page.goto(f"{half_done.get_absolute_url()}part-2/discuss/")
    services.complete_part_two(form_id=half_done.pk, given=given, by=actor(world.receiver), at=now())
    page.get_by_role("button", name="Save and go on").click()
    expect(page.locator(".govuk-error-summary")).to_contain_text("Part 2 completed by Rosa Quill")

    check(page)


def test_what_is_typed_is_kept_a_second_after_the_last_key(page, world):
    form = delivered(world)
    given = Agreed(changes_agreed="Every promise gets a reminder")
    services.save_part_two(form_id=form.pk, given=given, by=actor(world.receiver), at=now())
    enter_as(page, as_of_now(world.receiver))
    page.goto(f"{form.get_absolute_url()}part-2/discuss/")

    page.get_by_label("Where in the case").fill("When the call was noted")
    expect(page.get_by_text("Draft kept")).to_be_visible()
    page.reload()

    expect(page.get_by_label("Where in the case")).to_have_value("When the call was noted")
    expect(page.get_by_label("What changes did you agree?")).to_have_value("Every promise gets a reminder")
