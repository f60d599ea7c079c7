"""As each person of the demo data: no address gives away what was said of somebody, but to whoever may read it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from complaints_feedback.models import FeedbackForm, PartTwo
from contacthub.clock import now
from contacthub.documents.models import Document
from contacthub.people.demo import SIGN_INS
from contacthub.people.models import StaffMember
from tests.conftest import demo_data
from tests.contacthub.api.situations import Machine, integrator

pytestmark = pytest.mark.django_db
PEOPLE = [sign_in.username for sign_in in SIGN_INS]
MANAGERS = {"workgroup_manager", "area_manager", "head_of_line"}
COMPLETE = ("part2_complete", "closed")


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    with demo_data(django_db_blocker, at=now()):
        yield


@pytest.fixture(scope="module")
def pages(house, django_db_blocker) -> dict[tuple[str, int], str]:
    """Return what each person is shown of each form, by username and form."""
    with django_db_blocker.unblock():
        found = {}
        for client, person in clients():
            for form in FeedbackForm.objects.select_related("case"):
                found[person.username, form.pk] = client.get(f"/feedback/{form.reference}/").content.decode()
        return found


def clients() -> Iterator[tuple[Client, StaffMember]]:
    for person in StaffMember.objects.filter(username__in=PEOPLE):
        client = Client()
        client.force_login(person)
        yield client, person


def readers_of_part_two(form: FeedbackForm) -> set[str]:
    """Return who may read part 2: the receiving team leader, and once it is complete the managers and the person."""
    parts = {one.part: one.person.username for one in form.recipients.select_related("person")}
    readers = {parts["receiving_team_leader"]}
    if form.state in COMPLETE and form.person:
        readers |= {form.person.username, *(parts[part] for part in MANAGERS if part in parts)}
    return readers


def readers_of_letters(form: FeedbackForm) -> set[str]:
    """Return who may read the letters at most: whoever the form names, but for the person."""
    named = {
        one.person.username
        for one in form.recipients.select_related("person")
        if form.with_senior_at or form.delivered_at
    }
    leaders = StaffMember.objects.filter(memberships__unit=form.sender_team, memberships__post="team_leader")
    named |= {one.username for one in (form.sender, form.sending_team_leader, *leaders) if one}
    if form.with_senior_at and form.area:
        held = StaffMember.objects.filter(memberships__unit=form.area, memberships__post="senior_resolution_manager")
        named |= {person.username for person in held}
    return named - ({form.person.username} if form.person else set())


@pytest.mark.proves("CF-42", "CF-48")
def test_words_of_part_two_are_shown_to_those_who_may_read_them_alone(pages):
    shown = 0
    for part in PartTwo.objects.select_related("form__person"):
        readers = readers_of_part_two(part.form)
        for username in PEOPLE:
            gives_away = [
                words
                for words in (part.resolution, part.occurred, part.changes_agreed)
                if words and words in pages[username, part.form_id]
            ]
            assert username in readers or not gives_away, (username, part.form_id)
            shown += bool(gives_away)
    assert shown > 20, "those who may do read it"


def test_the_names_of_letters_are_shown_to_those_who_may_read_them_alone(pages):
    shown = 0
    for letter in Document.objects.filter(kind__in=["complaint_letter", "reply_letter"]):
        form = FeedbackForm.objects.get(pk=letter.case_id)
        for username in PEOPLE:
            is_named = letter.name in pages[username, form.pk]
            assert username in readers_of_letters(form) or not is_named, (username, form.pk)
            shown += is_named
    assert shown > 40, "those who may do see them"


def test_documents_are_handed_to_those_who_may_read_them_alone(house):
    handed = 0
    of_each = FeedbackForm.objects.order_by("state", "route", "pk").distinct("state", "route").values("pk")
    for client, person in clients():
        for document in Document.objects.filter(case__in=of_each):
            form = FeedbackForm.objects.get(pk=document.case_id)
            status = client.get(f"/documents/{document.pk}/").status_code
            may = readers_of_part_two(form) if document.kind == "form_copy" else readers_of_letters(form)
            assert status == 404 or person.username in may, (person.username, document.pk)
            handed += status == 200
    assert handed > 20


def test_machines_read_no_word_of_a_form(house):
    machine = Machine("feedback:read", person=integrator())
    told = machine.get("feedback/?page_size=100").content.decode()

    said = [*FeedbackForm.objects.exclude(what_happened="").values_list("what_happened", flat=True)]
    said += PartTwo.objects.values_list("resolution", flat=True)
    said += Document.objects.filter(case__kind="feedback_form").values_list("name", flat=True)
    assert FeedbackForm.objects.first().reference in told
    assert [words for words in said if words in told] == []
