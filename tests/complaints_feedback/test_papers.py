"""The form on paper, and on its page: each reader sees the same lines."""

from __future__ import annotations

import pytest

from complaints_feedback import services
from complaints_feedback.models import FeedbackForm, PersonalFileEntry
from contacthub.documents.services import content_of
from contacthub.errors import NotThere
from tests.complaints_feedback.situations import DONE, actor, fresh
from tests.contacthub.documents.test_pdf import squeezed

pytestmark = pytest.mark.django_db
SUMMARY, REPLY, HAPPENED, CHANGES = "Sheshouted", "Reply.pdf", "Thecallwasnotedandnotmade", "Everypromisegetsareminder"
ALL = {SUMMARY, REPLY, HAPPENED, CHANGES}
# Copied by hand from the permission matrix: what each reads of a form that is closed.
READS = {
    "sender": {SUMMARY, REPLY, HAPPENED},
    "leader": {SUMMARY, REPLY, HAPPENED},
    "receiver": ALL,
    "head": ALL,
    "person": {HAPPENED, CHANGES},
}


@pytest.fixture
def closed(world) -> FeedbackForm:
    form = world.closed()
    FeedbackForm.objects.filter(pk=form.pk).update(channel="telephone", call_summary="She shouted")
    return fresh(form)


def found_in(text: str) -> set[str]:
    return {words for words in ALL if words in text}


@pytest.mark.proves("CF-42", "CF-48")
@pytest.mark.parametrize("who", READS)
def test_the_print_has_what_its_reader_may_read(world, closed, who):
    printed = services.print_form(closed, by=actor(getattr(world, who)), at=DONE)

    assert found_in(squeezed(printed)) == READS[who]


@pytest.mark.proves("CF-42", "CF-48")
@pytest.mark.parametrize("who", READS)
def test_the_page_has_what_its_reader_may_read(world, closed, client, who):
    client.force_login(getattr(world, who))

    shown = client.get(closed.get_absolute_url()).content.decode()

    assert found_in("".join(shown.split())) == READS[who]


def test_whoever_has_no_part_in_it_prints_nothing(world, closed, client):
    with pytest.raises(NotThere):
        services.print_form(closed, by=actor(world.colleague), at=DONE)
    client.force_login(world.colleague)
    assert client.get(closed.get_absolute_url()).status_code == 404
    assert client.get(f"{closed.get_absolute_url()}form.pdf").status_code == 404


@pytest.mark.proves("CF-34", "CF-36")
def test_the_paper_that_is_mailed_has_part_one_with_the_names_of_the_letters(world):
    form = world.delivered()
    paper = form.case.documents.get(kind="form")

    assert found_in(squeezed(content_of(paper))) == {REPLY, HAPPENED}
    assert paper.name == f"{form.reference} feedback form.pdf"


@pytest.mark.proves("CF-10")
def test_the_copy_has_both_parts(world):
    form = world.closed()

    assert found_in(squeezed(content_of(form.case.documents.get(kind="form_copy")))) == {REPLY, HAPPENED, CHANGES}


@pytest.mark.proves("CF-11", "CF-42")
def test_the_entry_of_the_personal_file_has_both_parts_without_the_letters(world):
    world.closed()
    entry = services.open_file_entry(entry_id=PersonalFileEntry.objects.get().pk, by=actor(world.person), at=DONE)

    assert found_in(squeezed(services.print_entry(entry, at=DONE))) == {HAPPENED, CHANGES}


def test_the_print_is_handed_out_to_be_saved(world, closed, client):
    client.force_login(world.receiver)

    answer = client.get(f"{closed.get_absolute_url()}form.pdf")

    assert answer.headers["Content-Disposition"] == f'attachment; filename="{closed.reference}.pdf"'
    assert answer.content.startswith(b"%PDF")
