import hashlib
import stat
from pathlib import Path

import pytest
from django.conf import settings

from contacthub.cases.timeline import timeline
from contacthub.documents import storage
from contacthub.documents.models import Document
from contacthub.documents.services import attach, name_of
from contacthub.errors import RuleBroken
from tests.contacthub.documents.files import PDF, VIRUS, attached, upload, word
from tests.factories import MORNING, IncidentFactory

pytestmark = pytest.mark.django_db
LONG_NAME = f"Llythyr cwyn {'x' * 180}.pdf"


def files() -> set[Path]:
    return {path for path in Path(settings.DOCUMENTS_DIR).rglob("*") if path.is_file()}


def test_what_is_attached_is_kept_true_to_the_byte_with_its_checksum_and_who_attached_it(ana):
    case = IncidentFactory().case

    document = attached(case, "Cwyn Siân.pdf", by=ana)

    assert storage.open_kept(document.stored_as).read() == PDF
    assert document.sha256 == hashlib.sha256(PDF).hexdigest()
    assert (document.size, document.media_type, document.name) == (len(PDF), "application/pdf", "Cwyn Siân.pdf")
    assert (document.attached_by_id, document.attached_at) == (ana.staff_id, MORNING)
    assert document.is_clean


def test_it_stands_on_the_timeline_of_its_case_with_its_name_for_those_who_may_read_that(ana):
    incident = IncidentFactory()

    attached(incident.case, by=ana)

    entry = timeline(incident, words_of={"document_attached"})[0]
    assert (entry.title, entry.byline, entry.words) == ("Document attached", "by Ana Byrne", "Complaint.pdf")
    assert timeline(incident, words_of=set())[0].words == ""


def test_its_file_has_a_name_that_nobody_can_guess_and_only_we_may_read_it():
    document = attached(IncidentFactory().case)

    (path,) = [path for path in files() if path.name == document.stored_as]
    assert len(document.stored_as) == 32
    assert "Complaint" not in str(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not path.is_relative_to(settings.STATIC_ROOT)


def test_two_letters_of_one_name_are_kept_apart():
    case = IncidentFactory().case

    first, second = attached(case, "Letter.pdf"), attached(case, "Letter.pdf", PDF + b"\n")

    assert storage.open_kept(first.stored_as).read() == PDF
    assert storage.open_kept(second.stored_as).read() == PDF + b"\n"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (VIRUS, "The selected file contains a virus"),
        (b"x" * 65_500 + VIRUS, "The selected file contains a virus"),
        (b"", "The selected file is empty"),
    ],
)
def test_what_is_refused_leaves_no_file_and_no_row(content, words):
    before = files()

    with pytest.raises(RuleBroken, match=words) as refused:
        attach(case=IncidentFactory().case, kind="letter", upload=upload("a.txt", content), by=None, at=MORNING)

    assert refused.value.field == "letter"
    assert files() == before
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        (LONG_NAME, LONG_NAME),
        (f"{'y' * 300}.pdf", f"{'y' * 251}.pdf"),
        ("../../Reply.pdf", "Reply.pdf"),
        (r"C:\letters\Reply.pdf", "Reply.pdf"),
        ("lythyr\u202efdp.exe", "lythyrfdp.exe"),
        ("Siân – “ateb”.docx", "Siân – “ateb”.docx"),
        ("Sia\u0302n.pdf", "Siân.pdf"),
        ("CON.pdf", "CON.pdf"),
        ("two\r\nlines.pdf", "twolines.pdf"),
    ],
)
def test_the_name_is_kept_as_it_was_but_for_folders_and_what_nobody_sees(given, name):
    assert name_of(given) == name


def test_a_long_name_is_shortened_in_the_middle_on_screen_and_kept_whole():
    document = attached(IncidentFactory().case, LONG_NAME)

    assert document.name == LONG_NAME
    assert document.short_name == f"Llythyr cwyn {'x' * 17}…{'x' * 25}.pdf"


def test_a_word_file_is_taken_from_a_form_as_browsers_send_it():
    document = attached(IncidentFactory().case, "Ateb.docx", word())

    assert document.media_type.endswith("wordprocessingml.document")
