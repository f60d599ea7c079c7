"""A complaint team member sends part 1 of a Resolution form, and what it takes of them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import expect

from benchmarks.journeys import PART_ONE
from complaints_feedback import services
from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm
from complaints_feedback.terms import Route
from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.people.services import actor_for
from tests.browser.conftest import enter_as
from tests.browser.test_accessibility import check
from tests.browser.test_inputs import Hand
from tests.complaints_feedback.situations import World
from tests.contacthub.documents.files import upload


@pytest.fixture
def world(reference: None, settings, tmp_path) -> World:
    settings.DOCUMENTS_DIR = tmp_path / "documents"
    return World()


def day(before: int) -> str:
    return f"{uk_day(now()) - timedelta(days=before):%d/%m/%Y}"


@pytest.fixture
def letters(tmp_path: Path) -> list[Path]:
    found = []
    for name in ("Complaint.pdf", "Reply.pdf"):
        (tmp_path / name).write_bytes(upload(name).read())
        found.append(tmp_path / name)
    return found


def as_of_now(person):
    return actor_for(person, on=uk_day(now()))


def fill_in(hand: Hand, letters: list[Path]) -> None:
    """Go from home to the last page of part 1, but for the agreement, which is the team leader's."""
    page = hand.page
    hand.click(page.get_by_role("button", name="Start a form"))
    page.get_by_label("Complaint reference").fill("R-260418")
    hand.click(page.get_by_label("Complaints Resolution"))
    hand.button("Start")
    hand.opens("Complaint")
    hand.click(page.get_by_label("Letter", exact=True))
    hand.click(page.get_by_label("First complaint"))
    page.get_by_label("Date the complaint was received").fill(day(20))
    page.get_by_label("What the client said").fill("A call was promised")
    hand.button("Save and go on")
    hand.opens("Trigger")
    hand.click(page.get_by_label("Caseworkers failed to keep promises made"))
    page.get_by_label("What happened").fill("The call was not made")
    page.get_by_label("Date of the issue").fill(day(60))
    hand.button("Save and go on")
    hand.opens("People involved")
    page.get_by_label("Name or staff number").fill("Eve Lund")
    hand.button("Add to the list")
    expect(page.get_by_text("1. Eve Lund")).to_be_visible()
    page.get_by_label("Name or staff number").fill("Tom Reilly")
    hand.button("Save and go on")
    hand.opens("Person")
    hand.button("Save and go on")
    hand.opens("Ask your team leader")
    hand.button("Ask my team leader")
    hand.opens("Evidence")
    page.get_by_label("Master case number").fill("300000001")
    page.get_by_label("Service requests", exact=True).fill("SR-004188")
    hand.button("Save and go on")
    hand.opens("Letters")
    page.get_by_label("Complaint letter").set_input_files(letters[0])
    page.get_by_label("Reply sent to the client").set_input_files(letters[1])
    hand.button("Save and go on")
    hand.opens("Feedback form, part 1")


@pytest.mark.proves("CF-29", "CF-32", "CF-35")
def test_part_1_of_a_resolution_form_takes_as_few_inputs_as_the_table_says(page, world, letters):
    enter_as(page, as_of_now(world.sender))
    hand = Hand(page)

    fill_in(hand, letters)
    expect(page.get_by_text("7 of 7 sections completed")).to_be_visible()
    form = FeedbackForm.objects.get()
    services.agree(form_id=form.pk, asked_number=1, by=as_of_now(world.leader), at=now())
    page.reload()
    hand.click(page.get_by_role("button", name="Check your answers"))
    hand.opens("Check your answers")
    hand.click(page.get_by_role("button", name="Send to Lena Voss"))
    expect(page.get_by_role("alert")).to_contain_text("is sent to Lena Voss")

    assert FeedbackForm.objects.get().state == FormState.SUBMITTED
    assert hand.inputs == PART_ONE.inputs <= PART_ONE.most


def test_part_1_is_filled_in_without_scripts(page_without_scripts, world, letters):
    enter_as(page_without_scripts, as_of_now(world.sender))

    fill_in(Hand(page_without_scripts), letters)

    assert FeedbackForm.objects.get().state == FormState.AWAITING_AGREEMENT


@pytest.fixture
def one_of_each(world) -> World:
    """Forms at every stage of part 1; nobody manages the area, and a name is long."""
    world.area_manager.memberships.all().delete()
    world.person.name = "Wilhelmina-Alexandrina " * 2 + "Rhydderch-Vaughan"
    world.person.save()
    world.asked()
    world.filled_in()
    world.filled_in(Route.REVIEW)
    world.started()
    return world


ASKED, FILLED_IN, REVIEW, EMPTY = range(4)
PAGES = [
    *(
        (FILLED_IN, page)
        for page in ("", "complaint", "trigger", "people", "person", "evidence", "letters", "managers")
    ),
    *((ASKED, page) for page in ("", "submit")),
    *((REVIEW, page) for page in ("managers", "ask", "no-feedback")),
    *((EMPTY, page) for page in ("", "person", "managers", "ask", "submit")),
]


@pytest.mark.parametrize(("which", "path"), PAGES)
def test_page_of_part_1(page, one_of_each, which, path):
    form = FeedbackForm.objects.order_by("pk")[which]
    enter_as(page, as_of_now(one_of_each.sender))
    page.goto(form.get_absolute_url() + (f"{path}/" if path else ""))

    check(page)


@pytest.mark.parametrize("path", ["/", "/feedback/", "/feedback/?view=done", "/feedback/new/"])
def test_page_of_a_complaint_team_member(page, one_of_each, path):
    enter_as(page, as_of_now(one_of_each.sender))
    page.goto(path)

    check(page)


@pytest.mark.parametrize(
    ("path", "box", "typed", "button"),
    [
        ("complaint", "Date the complaint was received", "soon", "Save and go on"),
        ("trigger", "Date of the issue", "1/1/2020", "Save and go on"),
        ("people", "Name or staff number", "Zebedee", "Add to the list"),
        ("no-feedback", "Reason", "", "End the form"),
    ],
)
def test_page_of_part_1_that_was_refused(page, one_of_each, path, box, typed, button):
    form = FeedbackForm.objects.latest("pk")
    enter_as(page, as_of_now(one_of_each.sender))
    page.goto(f"{form.get_absolute_url()}{path}/")
    page.get_by_label(box).fill(typed)
    page.get_by_role("button", name=button).click()
    page.locator(".govuk-error-summary").wait_for()

    check(page)
