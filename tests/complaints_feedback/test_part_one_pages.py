"""The pages of part 1: each section saves, refuses and goes on, and nothing that was typed is lost."""

from __future__ import annotations

import re
from datetime import date
from uuid import uuid4

import pytest
from django.test import Client

from complaints_feedback import services
from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm
from complaints_feedback.parts import letters_of
from complaints_feedback.terms import Part, Route
from contacthub.people.models import Membership
from tests.complaints_feedback.situations import World, actor, fresh, happened
from tests.contacthub.documents.files import upload
from tests.factories import MORNING, UnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def at(monkeypatch):
    """Let it be the moment at which the forms of the situations are made."""
    for module in ("part_one", "sections", "people", "sender"):
        monkeypatch.setattr(f"complaints_feedback.views.{module}.now", lambda: MORNING)


@pytest.fixture
def sender(client: Client, world: World) -> Client:
    client.force_login(world.sender)
    return client


def send(client: Client, form: FeedbackForm, page: str, key: str = "", **words):
    return client.post(f"/feedback/{form.reference}/{page}/", {"key": key or uuid4(), **words})


def led_to(response, form: FeedbackForm) -> str:
    assert response.status_code == 302, response.context["form"].errors
    return response.url.removeprefix(f"/feedback/{form.reference}/").strip("/")


def errors(response) -> str:
    return response.content.decode().partition('class="govuk-error-summary"')[2].partition("<main")[0]


def test_a_form_is_started_and_leads_to_its_first_section(sender, world):
    response = sender.post("/feedback/new/", {"key": "k", "complaint_reference": "rsp-7", "route": "review"})

    form = FeedbackForm.objects.get()
    assert response.url == f"/feedback/{form.reference}/complaint/"
    assert (form.complaint_reference, form.route, form.sender) == ("RSP-7", "review", world.sender)


@pytest.mark.proves("CF-28")
def test_a_second_form_about_a_complaint_names_who_has_the_first(sender, world):
    form = world.started()

    response = sender.post("/feedback/new/", {"key": "k", "complaint_reference": "RSP-1", "route": "review"})

    assert f"Sana Iqbal has started {form.reference}" in errors(response)
    assert FeedbackForm.objects.count() == 1


def test_the_team_of_the_last_form_is_offered_for_the_next(sender, world):
    world.started(Route.ICE)

    assert sender.get("/feedback/new/").context["form"]["route"].value() == "ice"


def test_only_a_member_of_a_complaint_team_starts_a_form(client, world):
    client.force_login(world.leader)

    assert client.get("/feedback/new/").status_code == 403


COMPLAINT = {
    "channel": "letter",
    "stage": "first",
    "received_on": "20/5/2026",
    "client_discussed_on": "22/5/2026",
    "client_discussion": "A call was promised",
}
CAUSE = {"promise_not_kept": "on", "what_happened": "The call was not made", "issue_on": "1/4/2026"}


def test_the_complaint_is_kept_and_leads_to_the_trigger(sender, world):
    form = world.started()

    response = send(sender, form, "complaint", **COMPLAINT)

    assert led_to(response, form) == "trigger"
    assert fresh(form).received_on == date(2026, 5, 20)
    assert fresh(form).channel == "letter"


def test_a_date_that_nobody_can_read_is_refused_and_every_word_stays(sender, world):
    form = world.started()

    response = send(sender, form, "complaint", **COMPLAINT | {"received_on": "31/31/2026"})

    assert "Enter a date whose year has four numbers" in errors(response)
    assert "A call was promised" in response.content.decode()
    assert fresh(form).client_discussion == ""


def test_what_is_missing_may_follow_and_is_named_on_the_section_when_it_is_opened_again(sender, world):
    form = world.started()

    response = send(sender, form, "complaint", **COMPLAINT | {"stage": ""})

    assert led_to(response, form) == "trigger"
    assert (
        "Select if this is the first complaint" in sender.get(f"/feedback/{form.reference}/complaint/").content.decode()
    )


def test_a_section_that_another_window_has_changed_is_not_overwritten_unseen(sender, world):
    form = world.started()
    page = sender.get(f"/feedback/{form.reference}/complaint/")
    seen = page.context["form"]["seen"].value()
    send(sender, form, "complaint", seen=seen, **COMPLAINT)

    stale = send(sender, form, "complaint", seen=seen, **COMPLAINT | {"channel": "email"})

    assert "You have changed this in another window since" in errors(stale)
    assert fresh(form).channel == "letter"
    again = stale.context["form"]
    kept = send(sender, form, "complaint", key=again["key"].value(), seen=again["seen"].value(), channel="email")
    assert led_to(kept, form) == "trigger"
    assert fresh(form).channel == "email"


def test_a_second_press_does_the_same_as_the_first(sender, world):
    form = world.started()
    seen = sender.get(f"/feedback/{form.reference}/complaint/").context["form"]["seen"].value()
    send(sender, form, "complaint", "a-key", seen=seen, **COMPLAINT)

    assert led_to(send(sender, form, "complaint", "a-key", seen=seen, **COMPLAINT), form) == "trigger"


@pytest.mark.proves("CF-18")
def test_a_date_too_old_is_an_error_to_put_right_that_keeps_every_word(sender, world):
    form = world.started()

    response = send(sender, form, "trigger", **CAUSE | {"issue_on": "2/12/2025"})

    assert "The issue happened more than six months ago" in errors(response)
    assert "The call was not made" in response.content.decode()
    assert "The date is right: end this form" in response.content.decode()
    assert fresh(form).state == FormState.DRAFT


@pytest.mark.proves("CF-18")
def test_the_form_ends_as_too_old_once_the_sender_says_that_the_date_is_right(sender, world):
    form = world.started()

    send(sender, form, "trigger", do="end", **CAUSE | {"issue_on": "2/12/2025"})

    assert fresh(form).state == FormState.NOT_NEEDED
    assert happened(form)[-1] == "end_as_too_old"


@pytest.mark.proves("CF-18")
def test_a_form_that_waits_for_agreement_is_not_offered_an_end_that_is_then_refused(sender, world):
    form = world.asked()

    said = send(sender, form, "trigger", **CAUSE | {"issue_on": "2/12/2025"}).content.decode()

    assert "The issue happened more than six months ago" in said
    assert "The date is right: end this form" not in said
    assert "If the date is right, tell <bdi>Lena Voss</bdi>, who has been asked to agree" in said


@pytest.mark.proves("CF-28")
def test_somebody_typed_whom_nobody_else_fits_is_added_and_the_sender_goes_on(sender, world):
    form = world.started()

    response = send(sender, form, "people", q="Tom Reilly")

    assert led_to(response, form) == "person"
    assert [each.person for each in form.involved.all()] == [world.person]


def test_where_several_fit_the_sender_chooses_between_them(sender, world):
    form = world.started()
    world.earlier.name = "Tom Ridley"
    world.earlier.save()

    response = send(sender, form, "people/add", q="Tom")

    assert response.status_code == 200
    assert "Which one?" in response.content.decode()
    assert not form.involved.exists()
    send(sender, form, "people/add", person=world.earlier.pk)
    assert [each.person for each in form.involved.all()] == [world.earlier]


def test_somebody_whom_the_directory_does_not_know_is_refused_and_stays_typed(sender, world):
    form = world.started()

    response = send(sender, form, "people/add", q="Zebedee")

    assert "Nobody in the directory is called “Zebedee”" in errors(response).replace("&#x27;", "'")
    assert 'value="Zebedee"' in response.content.decode()


def involve(form: FeedbackForm, world: World, *people) -> None:
    services.save_involved(form_id=form.pk, person_ids=[one.pk for one in people], by=actor(world.sender), at=MORNING)


@pytest.mark.proves("CF-28")
@pytest.mark.parametrize(
    ("way", "order"),
    [("up", ["Tom Reilly", "Eve Lund"]), ("down", ["Eve Lund", "Tom Reilly"]), ("remove", ["Eve Lund"])],
)
def test_the_order_of_involvement_is_changed_by_buttons(sender, world, way, order):
    form = world.started()
    involve(form, world, world.earlier, world.person)

    send(sender, form, f"people/{way}", person=world.person.pk)

    assert [each.person.name for each in form.involved.all()] == order


@pytest.mark.proves("CF-27")
def test_two_people_erred_and_the_first_cannot_be_chosen(sender, world):
    form = world.started()
    involve(form, world, world.earlier, world.person)

    response = send(sender, form, "person", person=world.earlier.pk)

    assert "Feedback goes only to the last person" in errors(response)
    assert fresh(form).person is None


@pytest.mark.proves("CF-27")
def test_the_last_of_those_involved_is_chosen_already(sender, world):
    form = world.started()
    involve(form, world, world.earlier, world.person)

    assert sender.get(f"/feedback/{form.reference}/person/").context["form"]["person"].value() == world.person.pk


@pytest.mark.proves("CF-25")
def test_the_person_is_shown_where_they_work_now_and_when_they_moved_there(sender, world):
    form = world.started()
    involve(form, world, world.person)
    world.leaves_for(
        world.person, UnitFactory(code="new", name="Enforcement, Team 1", kind="team"), on=date(2026, 5, 4)
    )

    page = sender.get(f"/feedback/{form.reference}/person/").content.decode()

    assert "Moved to Enforcement, Team 1 on 4 May 2026" in page
    assert "The directory shows no team leader" in page


@pytest.mark.proves("CF-22")
def test_once_it_is_known_about_whom_the_team_leader_is_asked_and_the_sender_goes_on(sender, world):
    form = world.started()
    send(sender, form, "trigger", **CAUSE)
    involve(form, world, world.person)

    assert led_to(send(sender, form, "person", person=world.person.pk), form) == "ask"
    assert "Lena Voss" in sender.get(f"/feedback/{form.reference}/ask/").content.decode()
    assert led_to(send(sender, form, "ask"), form) == "evidence"
    assert fresh(form).state == FormState.AWAITING_AGREEMENT


@pytest.mark.proves("CF-22")
def test_the_team_leader_cannot_be_asked_before_it_is_known_about_whom(sender, world):
    form = world.started()

    page = sender.get(f"/feedback/{form.reference}/ask/").content.decode()
    assert "Select the person who should receive the feedback" in page
    assert "Ask my team leader" not in page
    send(sender, form, "ask")
    assert fresh(form).state == FormState.DRAFT


@pytest.mark.proves("CF-35")
def test_a_letter_that_is_taken_stays_when_the_other_is_refused(sender, world):
    form = world.started()

    response = send(
        sender, form, "letters", complaint_letter=upload("Complaint.pdf"), reply_letter=upload("Reply.exe", b"MZ"),
        call_summary="",
    )  # fmt: skip

    assert response.status_code == 200
    assert "reply_letter" in response.context["form"].errors
    assert [*letters_of(form)] == ["complaint_letter"]
    assert "Complaint.pdf" in response.content.decode()


@pytest.mark.proves("CF-47")
def test_a_complaint_by_telephone_has_a_summary_of_the_call_in_place_of_a_letter(sender, world):
    form = world.started()
    send(sender, form, "complaint", **COMPLAINT | {"channel": "telephone"})

    page = sender.get(f"/feedback/{form.reference}/letters/").content.decode()
    assert "Summary of the call" in page
    assert 'name="complaint_letter"' not in page
    send(sender, form, "letters", call_summary="She rang twice", reply_letter=upload("Reply.pdf"))
    assert fresh(form).call_summary == "She rang twice"
    assert [*letters_of(form)] == ["reply_letter"]


@pytest.mark.proves("CF-30")
def test_the_four_of_a_resolution_form_are_shown_with_why_it_is_them(sender, world):
    form = world.filled_in()

    page = sender.get(f"/feedback/{form.reference}/managers/").content.decode()

    for person in world.four:
        assert person.name in page
    assert "who leads Maintenance, Team 7" in page


@pytest.mark.proves("CF-31")
def test_the_sender_of_a_review_form_identifies_the_team_leader_alone(sender, world):
    form = world.filled_in(Route.REVIEW)

    page = sender.get(f"/feedback/{form.reference}/managers/").content.decode()

    assert "Rosa Quill" in page
    assert "Nina Frost" in page  # who confirms the others
    assert "Amy Dean" not in page


@pytest.mark.proves("CF-50")
def test_who_acts_for_a_vacant_post_is_named_with_words(sender, world):
    Membership.objects.filter(person=world.area_manager).delete()
    form = world.filled_in()
    named = {"do": "name", "part": "area_manager", "staff": "Amy Dean"}

    refused = send(sender, form, "managers", **named, words="")
    assert "Enter why they act for the post" in refused.content.decode()
    assert 'value="Amy Dean"' in refused.content.decode()
    send(sender, form, "managers", **named, words="Acts until September")

    recipient = form.recipients.get(part=Part.AREA_MANAGER)
    assert (recipient.person, recipient.words) == (world.area_manager, "Acts until September")


@pytest.mark.proves("CF-36")
def test_another_area_confirms_with_a_reason(sender, world):
    form = world.filled_in(Route.REVIEW)

    send(sender, form, "managers", do="area", area=world.south.pk, reason="The case was worked there")

    assert fresh(form).area == world.south


def test_all_answers_are_shown_and_the_form_is_sent_to_the_team_leader(sender, world):
    form = world.agreed()

    page = sender.get(f"/feedback/{form.reference}/submit/").content.decode()
    assert "She was promised a call that nobody made" in page
    assert "Send to <bdi>Lena Voss</bdi>" in page
    response = send(sender, form, "submit")

    assert response.url == form.get_absolute_url()
    assert fresh(form).state == FormState.SUBMITTED


@pytest.mark.proves("CF-23")
def test_a_form_that_is_not_agreed_to_is_not_sent(sender, world):
    form = world.asked()

    assert "You can send it once" in sender.get(f"/feedback/{form.reference}/submit/").content.decode()
    send(sender, form, "submit")
    assert fresh(form).state == FormState.AWAITING_AGREEMENT


@pytest.mark.proves("CF-35")
def test_a_form_without_a_letter_says_where_to_attach_it(sender, world):
    form = world.agreed()
    letters_of(form)["reply_letter"].delete()

    page = sender.get(f"/feedback/{form.reference}/submit/").content.decode()

    assert "Select the reply sent to the client" in page
    assert "Send to <bdi>" not in page


def test_a_sender_whom_nobody_leads_is_told_of_nobody_by_the_name_of_none(sender, world):
    world.leader.memberships.all().delete()
    world.workgroup_manager.memberships.all().delete()
    form = world.filled_in()

    pages = [sender.get(f"/feedback/{form.reference}/{page}").content.decode() for page in ("", "ask/", "submit/")]

    assert not any("<bdi>None</bdi>" in page for page in pages)
    assert "Nobody can act as your team leader for this form" in pages[1]


@pytest.mark.proves("CF-21")
def test_no_feedback_ends_the_form_with_its_reason(sender, world):
    form = world.started()

    refused = send(sender, form, "no-feedback", reason="")
    assert "Enter why no feedback is given" in errors(refused)
    send(sender, form, "no-feedback", reason="Nobody could have known")

    assert fresh(form).state == FormState.NOT_NEEDED


def test_the_list_says_once_when_the_team_leader_agreed(sender, world):
    form = world.agreed()

    page = re.sub(r"<[^>]+>", "", sender.get(f"/feedback/{form.reference}/").content.decode())

    assert "Lena Voss agreed on Wednesday 3 June 2026, 10am that feedback should be given." in page


def test_the_list_shows_how_far_each_section_is_and_leads_on(sender, world):
    form = world.started()
    send(sender, form, "complaint", **COMPLAINT | {"stage": ""})

    page = sender.get(f"/feedback/{form.reference}/").content.decode()

    assert "0 of 7 sections completed" in page
    assert "In progress" in page
    assert "Continue with complaint" in page


@pytest.mark.proves("CF-40")
@pytest.mark.parametrize(
    "path", ["complaint", "trigger", "people", "person", "evidence", "letters", "managers", "ask", "submit"]
)
def test_a_form_that_is_sent_is_read_and_not_written(sender, world, path):
    form = world.submitted()

    assert sender.get(f"/feedback/{form.reference}/{path}/").url == form.get_absolute_url()


@pytest.mark.proves("CF-40")
def test_what_is_typed_into_a_page_that_is_stale_stays_on_it(sender, world):
    form = world.submitted()

    response = send(sender, form, "evidence", master_case="300000002")

    assert "Nothing was changed" in errors(response)
    assert "300000002" in response.content.decode()
    assert fresh(form).master_case == "300000001"


@pytest.mark.parametrize(
    "path", ["complaint", "people", "person", "letters", "managers", "ask", "submit", "no-feedback"]
)
def test_the_team_leader_reads_the_form_and_does_not_write_it(client, world, path):
    form = world.asked()
    client.force_login(world.leader)

    assert client.get(f"/feedback/{form.reference}/{path}/").status_code == 403


def test_a_colleague_of_the_sender_does_not_find_the_form(client, world):
    form = world.started()
    client.force_login(world.colleague)

    assert client.get(f"/feedback/{form.reference}/complaint/").status_code == 404


@pytest.mark.proves("CF-19")
@pytest.mark.parametrize(("address", "leads"), [("https://intranet.example/feedback", 1), ("", 0)])
def test_the_trigger_leads_to_the_examples_of_the_intranet_where_their_address_is_set(
    sender, world, settings, address, leads
):
    settings.FEEDBACK_EXAMPLES_URL = address
    form = world.started()

    page = sender.get(f"/feedback/{form.reference}/trigger/").content.decode()

    link = f'<a class="govuk-link" href="{address}">Examples of when to give feedback</a>'
    assert page.count(link) == leads
    assert page.count("Examples of when to give feedback") == leads
