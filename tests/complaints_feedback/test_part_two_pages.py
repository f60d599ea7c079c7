"""The pages of part 2: each step saves, refuses and goes on, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

import pytest
from django.test import Client

from complaints_feedback import services
from complaints_feedback.coaching import Recordings
from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm, PartTwo
from tests.complaints_feedback.situations import DISCUSSED, SENT, World, actor, fresh

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """Let it be a moment after the discussion of the situations: Thursday 4 June 2026, 8am."""
    for module in ("part_two", "sender"):
        monkeypatch.setattr(f"complaints_feedback.views.{module}.now", lambda: DISCUSSED)


@pytest.fixture
def receiver(client: Client, world: World) -> Client:
    client.force_login(world.receiver)
    return client


def send(client: Client, form: FeedbackForm, page: str, key: str = "", **words):
    return client.post(f"/feedback/{form.reference}/part-2/{page}/", {"key": key or uuid4(), **words})


def opened(client: Client, form: FeedbackForm, page: str = "") -> str:
    path = f"/feedback/{form.reference}/part-2/"
    return client.get(f"{path}{page}/" if page else path).content.decode()


def led_to(response, form: FeedbackForm) -> str:
    assert response.status_code == 302, response.context["form"].errors
    return response.url.removeprefix(f"/feedback/{form.reference}/").strip("/")


def errors(response) -> str:
    return response.content.decode().partition('class="govuk-error-summary"')[2].partition("moj-identity-bar")[0]


TALK = {
    "discussed_at": "4/6/2026",
    "discussed_time": "7:30am",
    "how": "One to one",
    "place": "At their desk",
    "occurred": "When the call was noted",
    "resolution": "By setting a reminder",
    "changes_agreed": "Every promise gets a reminder",
    "opportunity_explained": "on",
}


def listened(world: World, form: FeedbackForm) -> None:
    given = Recordings(recordings=["VR-2231"])
    services.save_part_two(form_id=form.pk, given=given, by=actor(world.receiver), at=SENT)


@pytest.mark.proves("CF-03", "CF-35")
def test_the_receiving_leader_reads_part_1_both_letters_the_time_left_and_the_steps(receiver, world):
    page = opened(receiver, world.delivered())

    assert "The call was noted and not made" in page
    assert "Complaint.pdf" in page
    assert "Reply.pdf" in page
    assert "Friday 5 June 2026, 12pm" in page
    assert "1 day 4 h, nights and weekends counted" in page
    for step in ("Listen to recordings", "Discuss", "Development plan", "1-2-1", "Complete"):
        assert page.count(f">{step}</a>") == 2, "in the line of steps and in the list"


@pytest.mark.proves("CF-07")
def test_recordings_are_kept_one_a_line_and_lead_to_the_discussion(receiver, world):
    form = world.delivered()

    response = send(receiver, form, "recordings", recordings="VR-2231\n\n VR-2232 ")

    assert led_to(response, form) == "part-2/discuss"
    assert fresh(form).part_two.recordings == ["VR-2231", "VR-2232"]


@pytest.mark.proves("CF-03", "CF-08", "CF-12", "CF-41")
def test_the_discussion_is_recorded_and_leads_to_the_plan(receiver, world):
    form = world.delivered()
    listened(world, form)

    response = send(receiver, form, "discuss", do="record", **TALK)

    assert led_to(response, form) == "part-2/plan"
    assert fresh(form).state == FormState.DISCUSSED
    part = PartTwo.objects.get()
    assert part.discussed_at == datetime.fromisoformat("2026-06-04T06:30Z")
    assert (part.changes_agreed, part.opportunity_explained) == ("Every promise gets a reminder", True)
    assert part.recordings == ["VR-2231"]
