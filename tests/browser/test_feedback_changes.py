"""A form while the house changes around it: people move, leaders change and leave, a weekend lies in between."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from complaints_feedback import services
from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm
from contacthub.clock import now
from contacthub.deadlines.services import take_step
from contacthub.formats import uk_day
from contacthub.mail.models import Mailbox
from contacthub.people.models import Membership, StaffMember
from contacthub.people.roles import Post, UnitKind
from tests.browser.conftest import enter_as
from tests.browser.test_feedback import as_of_now
from tests.complaints_feedback.situations import DISCUSSION, World, works
from tests.factories import PlacementFactory, UnitFactory

DAY = timedelta(days=1)


@pytest.fixture
def world(reference: None, settings, tmp_path) -> World:
    settings.DOCUMENTS_DIR = tmp_path / "documents"
    for code in ("feedback", "notices"):
        Mailbox.objects.filter(code=code).update(address=f"{code}@contacthub.example")
    return World()


def today() -> date:
    return uk_day(now())


def opens(page: Page, person: StaffMember, form: FeedbackForm) -> None:
    enter_as(page, as_of_now(person))
    page.goto(form.get_absolute_url())


def press(page: Page, button: str, told: str) -> None:
    page.get_by_role("button", name=re.compile(button)).click()
    expect(page.get_by_role("alert")).to_contain_text(told)


def new_leader(world: World, before: StaffMember, name: str, *, since: date) -> StaffMember:
    """Let somebody else lead the person's team from a day on."""
    Membership.objects.filter(person=before, ends_on=None).update(ends_on=since - DAY)
    return works(name, world.their_team, Post.TEAM_LEADER, since=since)


@pytest.mark.proves("CF-25", "CF-26")
def test_the_person_moved_between_submitting_and_sending(page, world):
    form = world.submitted()
    other = UnitFactory(code="arrears-2", name="Arrears, Team 2", kind=UnitKind.TEAM)
    units = world.units
    PlacementFactory(unit=other, workgroup=units["tyne"], area=world.north, line_of_business=units["maintenance"])
    nora = works("Nora Vale", other, Post.TEAM_LEADER)
    world.leaves_for(world.person, other, on=today())

    opens(page, world.leader, form)
    page.get_by_role("button", name="Check and send").click()
    expect(page.get_by_text(re.compile("moved to Arrears, Team 2 on"))).to_be_visible()
    press(page, "Send to all four", "is sent to Nora Vale")

    enter_as(page, as_of_now(world.sender))
    expect(page.get_by_text(re.compile("Team leader: Nora Vale, was Rosa Quill")).first).to_be_visible()
    opens(page, nora, form)
    expect(page.get_by_text(re.compile("Discuss this feedback with Tom Reilly by"))).to_be_visible()


@pytest.mark.proves("CF-25")
def test_the_team_leader_changed_after_delivery_and_again_after_the_discussion(page, world):
    form = world.delivered(at=now() - timedelta(hours=30))
    nora = new_leader(world, world.receiver, "Nora Vale", since=today() - DAY)
    opens(page, world.leader, form)
    expect(page.get_by_text("Team leader: Nora Vale, was Rosa Quill")).to_be_visible()
    press(page, "Re-address it", "is with who is responsible today")

    opens(page, nora, form)
    page.get_by_role("button", name="Go on with part 2").click()
    expect(page.get_by_text("1 day 23 h, nights and weekends counted")).to_be_visible()
    services.record_discussion(
        form_id=form.pk, given=replace(DISCUSSION, discussed_at=now()), by=as_of_now(nora), at=now()
    )
    omar = new_leader(world, nora, "Omar Hale", since=today())
    opens(page, world.leader, form)
    press(page, "Re-address it", "is with who is responsible today")

    opens(page, omar, form)
    expect(page.get_by_text("When the call was noted")).to_be_visible()
    page.get_by_role("button", name="Go on with part 2").click()
    expect(page.get_by_text("Discuss by")).to_have_count(0)
    assert not FeedbackForm.objects.visible_to(as_of_now(nora)).exists()


@pytest.mark.proves("CF-51")
def test_the_sending_team_leader_has_gone(page, world):
    form = world.submitted()
    Membership.objects.filter(person=world.leader).update(ends_on=today() - DAY)
    StaffMember.objects.filter(pk=world.leader.pk).update(active_to=today() - DAY)
    ines = works("Ines Gray", world.team, Post.TEAM_LEADER, since=today())

    opens(page, ines, form)
    page.get_by_role("button", name="Check and send").click()
    press(page, "Send to all four", "is sent to Rosa Quill")

    sent = FeedbackForm.objects.get(pk=form.pk)
    assert (sent.state, sent.sending_team_leader) == (FormState.DELIVERED, ines)
    expect(page.get_by_text(re.compile("Ines Gray, was Lena Voss"))).to_be_visible()


@pytest.mark.proves("CF-49")
def test_overdue_over_a_weekend(page, world):
    """Sent on a Friday at noon, it is due on Sunday at noon, told on Monday at 9am, and open until discussed."""
    friday = datetime(2026, 6, 5, 11, 0, tzinfo=UTC)
    form = world.delivered(at=friday)
    clock = form.case.deadlines.get(kind="discussion")
    for at in (datetime(2026, 6, 7, 11, 1, tzinfo=UTC), datetime(2026, 6, 8, 8, 0, tzinfo=UTC)):
        take_step(deadline_id=clock.pk, at=at)

    enter_as(page, as_of_now(world.receiver))
    told = page.get_by_text(re.compile("was due by Sunday 7 June 2026, 12pm"))
    expect(told.first).to_be_visible()
    page.goto(form.get_absolute_url())
    expect(page.get_by_text("To be discussed")).to_be_visible()
    expect(page.locator(".app-strip")).to_contain_text("Overdue")
    page.get_by_role("link", name="How was this worked out?").click()
    expect(page.get_by_text("Sunday 7 June").first).to_be_visible()
