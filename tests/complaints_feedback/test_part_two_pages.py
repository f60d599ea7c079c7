"""The pages of part 2: each step saves, refuses and goes on, and nothing that was typed is lost."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from complaints_feedback import services
from complaints_feedback.coaching import Agreed, Recordings
from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import DevelopmentPlan, FeedbackForm, PartTwo, PersonalFileEntry
from contacthub.cases.services import events_about
from contacthub.people.roles import Post
from contacthub.submissions.models import Draft
from tests.complaints_feedback.situations import (
    DISCUSSED,
    OUTCOME,
    SENT,
    World,
    actor,
    fresh,
    happened,
    mailed,
    works,
)
from tests.factories import StaffMemberFactory

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


def test_a_second_press_records_the_discussion_once(receiver, world):
    form = world.delivered()
    listened(world, form)
    send(receiver, form, "discuss", "a-key", do="record", **TALK)

    again = send(receiver, form, "discuss", "a-key", do="record", **TALK)

    assert led_to(again, form) == "part-2/plan"
    assert happened(form).count("record_discussion") == 1


@pytest.mark.proves("CF-03")
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("4/6/2025", "must be after the feedback came, Wednesday 3 June 2026, 12pm. Did you mean Thursday 4 June 2026"),
        ("4/6/2027", "must be in the past. Did you mean Thursday 4 June 2026, 7:30am?"),
        ("2/6/2026", "must be after the feedback came, Wednesday 3 June 2026, 12pm<"),
    ],
)
def test_a_day_that_cannot_be_is_refused_and_a_mistyped_year_is_asked_about(receiver, world, typed, words):
    form = world.delivered()
    listened(world, form)

    response = send(receiver, form, "discuss", do="record", **TALK | {"discussed_at": typed})

    assert words in errors(response)
    assert 'href="#id_discussed_at"' in errors(response)
    assert "By setting a reminder" in response.content.decode()
    assert fresh(form).state == FormState.DELIVERED


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"discussed_time": ""}, "Enter the time you discussed it"),
        ({"discussed_at": ""}, "Enter the day you discussed it"),
        ({"discussed_time": "soon"}, "Enter a time, like 10:05 or 2:30pm"),
        ({"discussed_at": "29/3/2026", "discussed_time": "1:30"}, "The clocks go forward then"),
    ],
)
def test_half_a_moment_is_refused_even_where_it_is_finished_later(receiver, world, given, words):
    form = world.delivered()

    response = send(receiver, form, "discuss", do="later", **TALK | given)

    assert words in errors(response)
    assert "When the call was noted" in response.content.decode()


@pytest.mark.proves("CF-07", "CF-41")
def test_the_discussion_is_not_recorded_without_words_on_the_recordings(receiver, world):
    form = world.delivered()

    response = send(receiver, form, "discuss", do="record", **TALK)

    assert "say why there is no recording" in errors(response)
    assert f'href="/feedback/{form.reference}/part-2/recordings/"' in response.content.decode()
    assert fresh(form).state == FormState.DELIVERED


def test_a_reference_longer_than_any_is_refused_and_kept(receiver, world):
    response = send(receiver, world.delivered(), "recordings", recordings="VR-1, " * 20)

    assert "Each reference must be 60 characters or fewer, one a line" in errors(response)
    assert "VR-1, VR-1" in response.content.decode()


@pytest.mark.proves("CF-40")
def test_what_is_finished_later_is_kept_and_overwrites_nothing_of_the_other_steps(receiver, world):
    form = world.delivered()
    listened(world, form)

    response = send(receiver, form, "discuss", do="later", how="One to one")

    assert led_to(response, form) == "part-2"
    part = PartTwo.objects.get()
    assert (part.how, part.discussed_at, part.recordings) == ("One to one", None, ["VR-2231"])
    assert 'value="One to one"' in opened(receiver, form, "discuss")
    assert fresh(form).state == FormState.DELIVERED


def test_once_it_is_recorded_the_discussion_can_be_put_right_but_not_be_emptied(receiver, world):
    form = world.discussed()

    refused = send(receiver, form, "discuss", **TALK | {"how": ""})
    response = send(receiver, form, "discuss", **TALK | {"how": "At two desks"})

    assert "Enter how you gave the feedback" in errors(refused)
    assert led_to(response, form) == "part-2/plan"
    assert fresh(form).part_two.how == "At two desks"


def test_recordings_of_a_recorded_discussion_are_not_emptied(receiver, world):
    form = world.discussed()

    response = send(receiver, form, "recordings", recordings="")

    assert "say why there is no recording" in errors(response)
    assert fresh(form).part_two.recordings == ["VR-2231"]


@pytest.mark.proves("CF-04")
def test_needs_and_their_plan_are_kept_and_lead_to_the_1_2_1(receiver, world):
    form = world.discussed()
    send(receiver, form, "discuss", **TALK)

    response = send(receiver, form, "plan", development_needs="Reminders", words="Shadow a colleague")

    assert led_to(response, form) == "part-2/one-to-one"
    assert DevelopmentPlan.objects.get().words == "Shadow a colleague"
    assert fresh(form).part_two.development_needs == "Reminders"
    assert "Shadow a colleague" in opened(receiver, form, "plan")


@pytest.mark.proves("CF-04")
def test_a_plan_is_changed_and_taken_back_until_part_two_is_complete(receiver, world):
    form = world.discussed()
    send(receiver, form, "plan", development_needs="Reminders", words="Shadow a colleague")
    plan = DevelopmentPlan.objects.get()

    send(receiver, form, "plan", development_needs="Reminders", words="Shadow two colleagues")
    changed = DevelopmentPlan.objects.get()
    send(receiver, form, "plan", no_development_needs="on", words="")

    assert (changed.pk, changed.words) == (plan.pk, "Shadow two colleagues")
    assert not DevelopmentPlan.objects.exists()
    events = events_about(plan).order_by("pk").values_list("kind", flat=True)
    assert [*events] == ["opened", "changed", "taken_back"]


def test_a_plan_that_stays_as_it_is_has_no_event_more(receiver, world):
    form = world.discussed()

    for _ in range(2):
        send(receiver, form, "plan", development_needs="Reminders", words="Shadow a colleague")

    assert events_about(DevelopmentPlan.objects.get()).count() == 1


def test_a_step_that_lacks_something_says_what_when_it_is_opened_again(receiver, world):
    form = world.discussed()

    send(receiver, form, "plan", development_needs="Reminders")

    assert "Make a development plan for these needs" in opened(receiver, form, "plan")


@pytest.mark.proves("CF-05")
def test_the_month_of_the_1_2_1_is_that_of_the_discussion_or_later_and_this_one_is_chosen(receiver, world, monkeypatch):
    form = world.discussed()
    midnight = datetime(2026, 6, 30, 23, 10, tzinfo=UTC)  # Wednesday 1 July, 12:10am in the UK
    for module in ("part_two", "sender"):
        monkeypatch.setattr(f"complaints_feedback.views.{module}.now", lambda: midnight)

    page = receiver.get(f"/feedback/{form.reference}/part-2/one-to-one/")

    field = page.context["form"]["one_to_one_month"]
    months = [label for _, label in field.field.choices]
    assert months == ["June 2026", "July 2026", "August 2026", "September 2026", "October 2026"]
    assert str(field.value()) == "2026-07-01"
    send(receiver, form, "one-to-one", one_to_one_month="2026-06-01")
    assert fresh(form).part_two.one_to_one_month == date(2026, 6, 1)


def finished(world: World) -> FeedbackForm:
    """Return a form of which part 2 lacks nothing but to be completed."""
    form = world.discussed()
    services.save_part_two(form_id=form.pk, given=OUTCOME, by=actor(world.receiver), at=DISCUSSED)
    return fresh(form)


@pytest.mark.proves("CF-09", "CF-10", "CF-11", "CF-48")
def test_completing_says_first_who_gets_what_and_then_does_it(receiver, world):
    form = finished(world)

    page = opened(receiver, form, "complete")
    response = send(receiver, form, "complete")

    for words in (
        "<bdi>Max Orr</bdi>, workgroup manager, is sent a copy of both parts",
        "<bdi>Amy Dean</bdi>, area manager, is sent",
        "<bdi>Hugo Lane</bdi>, head of line of business, is sent",
        "a copy is filed in the personal file of <bdi>Tom Reilly</bdi>",
        "<bdi>Sana Iqbal</bdi> and <bdi>Lena Voss</bdi> are told that it is done, not what was said",
    ):
        assert words in page
    assert response.url == form.get_absolute_url()
    assert fresh(form).state == FormState.CLOSED
    assert PersonalFileEntry.objects.count() == 1
    assert len(mailed()[4:]) == 3


@pytest.mark.proves("CF-09")
def test_an_incomplete_part_two_names_the_steps_that_lack_something_and_is_not_completed(receiver, world):
    form = world.discussed()

    page = opened(receiver, form, "complete")
    response = send(receiver, form, "complete")

    assert "Complete part 2</button>" not in page
    for step, words in [
        ("discuss", "Enter what changes you agreed"),
        ("plan", "Enter the development needs, or say that there are no development needs"),
        ("one-to-one", "Select the month of the 1-2-1"),
    ]:
        assert f'/part-2/{step}/">' in page
        assert words in page
        assert words in errors(response)
    assert fresh(form).state == FormState.DISCUSSED


def test_who_completes_it_in_a_second_window_learns_who_was_faster(receiver, world):
    form = finished(world)
    send(receiver, form, "complete")

    response = send(receiver, form, "complete")

    assert "Part 2 completed by Rosa Quill. Nothing was changed" in errors(response)
    assert len(mailed()) == 7


def test_words_typed_while_it_was_completed_elsewhere_are_shown_again(receiver, world):
    form = finished(world)
    send(receiver, form, "complete")

    response = send(receiver, form, "plan", development_needs="Typed too late")

    assert "Part 2 completed by Rosa Quill. Nothing was changed" in errors(response)
    assert "Typed too late" in response.content.decode()


def test_words_typed_while_it_was_withdrawn_are_shown_again_without_part_1(receiver, world):
    form = world.delivered()
    services.withdraw(form_id=form.pk, reason="Wrong person", by=actor(world.leader), at=DISCUSSED)

    response = send(receiver, form, "discuss", do="record", **TALK)

    page = response.content.decode()
    assert "Withdrawn by Lena Voss. Nothing was changed" in errors(response)
    assert "By setting a reminder" in page
    assert "The call was noted and not made" not in page
    assert "Wrong person" not in page


def test_a_step_that_another_window_has_changed_is_not_overwritten_unseen(receiver, world):
    form = world.delivered()
    seen = receiver.get(f"/feedback/{form.reference}/part-2/recordings/").context["form"]["seen"].value()
    send(receiver, form, "recordings", seen=seen, recordings="VR-1")

    stale = send(receiver, form, "recordings", seen=seen, recordings="VR-2")

    assert "You have changed this in another window since" in errors(stale)
    assert fresh(form).part_two.recordings == ["VR-1"]
    again = stale.context["form"]
    send(receiver, form, "recordings", again["key"].value(), seen=again["seen"].value(), recordings="VR-2")
    assert fresh(form).part_two.recordings == ["VR-2"]


def test_a_draft_of_a_step_is_offered_until_it_is_sent(receiver, world):
    form = world.delivered()
    place = f"feedback:discuss:{form.reference}"
    words = {"how": "Half a sen", "discussed_at": "4/6", "opportunity_explained": "on"}
    Draft.objects.create(person=world.receiver, place=place, title="a", link="/", words=words, kept_at=SENT)

    page = opened(receiver, form, "discuss")
    send(receiver, form, "discuss", do="later", how="Half a sentence")

    assert 'value="Half a sen"' in page
    assert 'value="4/6"' in page
    assert not Draft.objects.exists()


STEPS = ["", "recordings", "discuss", "plan", "one-to-one", "complete"]


@pytest.mark.proves("CF-42")
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("sender", 403), ("leader", 403), ("their_manager", 403), ("area_manager", 403), ("head", 403),
        ("colleague", 404), ("senior", 404), ("earlier", 404), ("person", 404),
    ],
)  # fmt: skip
def test_nobody_else_gets_a_page_of_part_two(client, world, who, status, step):
    form = world.delivered()
    client.force_login(getattr(world, who))
    path = f"/feedback/{form.reference}/part-2/{step}/".replace("//", "/")

    assert client.get(path).status_code == status
    if step:
        assert client.post(path, {"key": "k", "how": "Mine"}).status_code == status
    assert not PartTwo.objects.exists()


@pytest.mark.proves("CF-42")
def test_the_person_does_not_write_part_two_of_what_they_can_read(client, world):
    form = world.discussed()
    client.force_login(world.person)

    assert client.get(f"/feedback/{form.reference}/part-2/").status_code == 403


@pytest.mark.proves("CF-26")
def test_a_new_leader_goes_on_where_the_old_one_stopped_and_the_old_one_does_not_find_it(receiver, world):
    form = world.delivered()
    given = Agreed(changes_agreed="Every promise gets a reminder")
    services.save_part_two(form_id=form.pk, given=given, by=actor(world.receiver), at=SENT)
    world.leaves_for(world.receiver, world.team, on=DISCUSSED.date())
    new = works("Ira Bell", world.their_team, Post.TEAM_LEADER, since=DISCUSSED.date())
    services.readdress(form_id=form.pk, by=actor(world.leader), at=DISCUSSED)

    sent = {"key": "k", "do": "later", "seen": "a mark", "how": "Typed before I knew"}
    late = receiver.post(f"/feedback/{form.reference}/part-2/discuss/", sent, headers={"Origin": "http://testserver"})
    receiver.force_login(new)

    assert late.status_code == 404
    assert "Typed before I knew" in late.content.decode()
    assert "a mark" not in late.content.decode()
    assert "Every promise gets a reminder" in opened(receiver, form, "discuss")
    assert fresh(form).part_two.how == ""


@pytest.mark.parametrize("step", STEPS)
def test_a_page_of_part_two_leads_to_the_form_once_it_is_complete(receiver, world, step):
    form = world.closed()

    response = receiver.get(f"/feedback/{form.reference}/part-2/{step}/".replace("//", "/"))

    assert response.url == form.get_absolute_url()


@pytest.mark.proves("CF-47")
def test_a_complaint_by_telephone_shows_the_summary_of_the_call(receiver, world):
    form = world.delivered()
    FeedbackForm.objects.filter(pk=form.pk).update(channel="telephone", call_summary="She rang three times")

    assert "She rang three times" in opened(receiver, form)


def test_overdue_is_said_in_words(receiver, world, monkeypatch):
    form = world.delivered()
    monkeypatch.setattr("complaints_feedback.views.part_two.now", lambda: SENT + timedelta(hours=50))

    assert "Overdue by 2 h" in opened(receiver, form)


@pytest.mark.parametrize("step", STEPS)
def test_a_page_of_part_two_asks_as_much_for_many_people_and_plans_as_for_one(receiver, world, step):
    form = finished(world)
    path = f"/feedback/{form.reference}/part-2/{step}/".replace("//", "/")
    receiver.get(path)  # what is read once for all pages
    with CaptureQueriesContext(connection) as few:
        receiver.get(path)
    for number in range(20):
        form.involved.create(position=number + 10, person=StaffMemberFactory())
        DevelopmentPlan.objects.create(
            form=form, person=world.person, words="Shadow", opened_at=SENT, opened_by=world.receiver
        )

    with CaptureQueriesContext(connection) as many:
        receiver.get(path)

    assert len(many) == len(few) <= 30
