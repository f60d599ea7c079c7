import tracemalloc
from io import BytesIO

import pytest

from contacthub.documents.file_types import CORRESPONDENCE, WORD, file_type
from contacthub.errors import RuleBroken
from tests.contacthub.documents.files import JPG, MACHINE_CODE, PDF, office, png, word

MB = 1024 * 1024


def of(name: str, content: bytes) -> str:
    return file_type(name, BytesIO(content), most=10 * MB, field="letter")


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(RuleBroken) as refused:
        of(name, content)
    assert refused.value.field == "letter"
    return refused.value.message


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Complaint.pdf", PDF, "application/pdf"),
        ("COMPLAINT.PDF", PDF, "application/pdf"),
        ("scan.jpg", JPG, "image/jpeg"),
        ("scan.jpeg", JPG, "image/jpeg"),
        ("scan.png", png(), "image/png"),
        ("Reply.docx", word(), WORD),
        ("Reply.docx", office("word/document.xml", "docProps/app.xml", "[Content_Types].xml"), WORD),
        ("call.txt", "Siân rang at 9am\r\nand said…".encode(), "text/plain"),
        ("call.txt", "Siân rang – twice".encode("cp1252"), "text/plain"),
    ],
)
def test_a_file_whose_name_and_content_say_the_same_is_taken(name, content, media_type):
    assert of(name, content) == media_type


MAIL = b"From: Payroll <payroll@brindlewick.example>\r\nDate: Wed, 3 Jun 2026 09:00:00 +0100\r\n"
MAIL += "Subject: Sl\u0175\r\n\r\nSi\u00e2n\r\n".encode()


def correspondence(name: str, content: bytes) -> str:
    return file_type(name, BytesIO(content), most=10 * MB, field="came_as", taken=CORRESPONDENCE)


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("Wages.eml", MAIL, "message/rfc822"),
        ("fax.TIF", b"II*\x00" + bytes(300), "image/tiff"),
        ("fax.tiff", b"MM\x00*" + bytes(300), "image/tiff"),
        ("scan.pdf", PDF, "application/pdf"),
    ],
)
def test_correspondence_comes_as_a_fax_or_a_saved_email_too(name, content, media_type):
    assert correspondence(name, content) == media_type


@pytest.mark.parametrize("content", [b"No head of an email", b"From: a@b.example\n\nNo date", MAIL + b"\0", PDF])
def test_what_has_no_head_of_an_email_is_none(content):
    words = "Save it as a PDF, DOCX, JPG, PNG, TXT, TIFF or EML, and select it again"

    with pytest.raises(RuleBroken, match=words):
        correspondence("Wages.eml", content)


@pytest.mark.parametrize(("name", "content"), [("Wages.eml", MAIL), ("fax.tif", b"II*\x00" + bytes(300))])
def test_a_letter_is_no_fax_and_no_saved_email(name, content):
    assert refusal(name, content) == "The selected file must be a PDF, DOCX, JPG, PNG or TXT"


@pytest.mark.parametrize("name", ["Complaint", "Complaint.exe", "Complaint.pdf.exe", ".pdf", "Reply.docm", "a.svg", ""])
def test_a_file_of_another_type_is_refused_by_its_name(name):
    assert refusal(name, PDF) == "The selected file must be a PDF, DOCX, JPG, PNG or TXT"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("Complaint.pdf", MACHINE_CODE),
        ("Complaint.pdf", b"<html><script>alert(1)</script>"),
        ("Complaint.pdf", png()),
        ("scan.png", JPG),
        ("Reply.docx", office("xl/workbook.xml", "[Content_Types].xml")),
        ("Reply.docx", office("anything.exe")),
        ("Reply.docx", word()[:-30]),
        ("Reply.docx", b"PK\x03\x04"),
        ("call.txt", MACHINE_CODE),
        ("call.txt", b"\x00\x01\x02"),
        ("call.txt", b"\x81 is no letter of any code"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(name, content):
    words = "The selected file is not what its name says. Save it as a PDF, DOCX, JPG, PNG or TXT, and select it again"

    assert refusal(name, content) == words


def test_an_empty_file_is_refused():
    assert refusal("Complaint.pdf", b"") == "The selected file is empty"


def test_a_file_of_just_so_many_bytes_is_taken_and_one_more_is_refused():
    whole = PDF.ljust(10 * MB)

    assert of("Complaint.pdf", whole) == "application/pdf"
    assert refusal("Complaint.pdf", whole + b" ") == "The selected file must be 10MB or smaller"


@pytest.mark.parametrize("bomb", [{"zeros": 1_000_000_000}, {"parts": 60_000}])
def test_a_word_file_that_would_unfold_to_gigabytes_is_refused_without_unfolding_it(bomb):
    content = word(**bomb)
    assert len(content) < 10 * MB
    tracemalloc.start()

    with pytest.raises(RuleBroken):
        of("Reply.docx", content)

    assert tracemalloc.get_traced_memory()[1] < 10 * MB
    tracemalloc.stop()


def test_a_word_file_with_many_pictures_is_taken():
    assert of("Reply.docx", word(parts=500)) == WORD
