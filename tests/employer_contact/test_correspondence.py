"""Letters, fax and email are contacts like calls: what came is attached as it stands, and no question is asked."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from contacthub.documents.models import Document, ScanState
from contacthub.documents.scanning import Verdict
from contacthub.documents.services import record_verdict
from contacthub.errors import RuleBroken
from contacthub.mail.models import Notice
from contacthub.people.models import StaffMember
from employer_contact import services
from employer_contact.models import Contact, ServiceRequest
from tests.contacthub.documents.files import PDF, VIRUS, png
from tests.employer_contact.calling import call_from
from tests.employer_contact.people import NOBODY, OTHER, OWNER, WELSH, somebody
from tests.factories import MORNING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference", "folder")]
MAIL = b"From: Payroll <payroll@brindlewick.example>\r\nDate: Wed, 3 Jun 2026 09:00:00 +0100\r\n\r\nSi\xc3\xa2n\r\n"


@pytest.fixture
def folder(settings, tmp_path):
    settings.DOCUMENTS_DIR = tmp_path


def file(name="Letter.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def start(client, *files, **given):
    data = {"key": str(uuid4()), "channel": "letter", "direction": "inbound", "came_as": [*files], **given}
    return client.post(reverse("employers:new_call"), data)


def opened(by, *files, channel="letter", party="900000006"):
    return services.open_contact(channel=channel, party=party, came_as=files, by=by, at=MORNING)


@pytest.mark.proves("EC-03")
@pytest.mark.parametrize(
    ("channel", "name", "content"),
    [("letter", "Llythyr Siân O’Neill.pdf", PDF), ("fax", "fax.tif", b"II*\0" + bytes(99)), ("email", "Pay.eml", MAIL)],
)
def test_what_came_is_kept_as_it_stands_and_read_on_each_step_by_who_has_it(
    client, owen, skerrow, channel, name, content
):
    answer = start(client, file(name, content), channel=channel, party="900000006")

    contact = Contact.objects.get()
    [kept] = contact.came_as
    handed_out = client.get(kept.get_absolute_url())
    assert b"".join(handed_out.streaming_content) == content
    assert handed_out["Content-Disposition"].startswith("attachment")
    for page in (answer.url, f"{contact.get_absolute_url()}party/"):
        assert kept.get_absolute_url() in client.get(page).content.decode()
    assert contact.security == "not_required"


def test_a_letter_of_some_pages_may_be_a_picture_a_page(client, owen):
    start(client, *(file(f"page-{number}.png", png()) for number in range(4)))

    assert [one.name for one in Contact.objects.get().came_as] == [f"page-{number}.png" for number in range(4)]


@pytest.mark.parametrize(
    ("files", "given", "words"),
    [
        ([("Letter.exe", PDF)], {}, "The selected file must be a PDF, DOCX, JPG, PNG, TXT, TIFF or EML"),
        ([("Letter.pdf", b"MZ")], {}, "The selected file is not what its name says"),
        ([("Letter.pdf", b"")], {}, "The selected file is empty"),
        ([("Letter.txt", VIRUS)], {}, "The selected file contains a virus"),
        ([("a.pdf", PDF), ("b.txt", VIRUS)], {}, "The selected file contains a virus"),
        ([("Letter.pdf", PDF)], {"channel": "telephone"}, "A call brings no file. Select letter, fax or email"),
        ([("a.pdf", PDF)] * 5, {}, "Select 4 files or fewer"),
    ],
)
def test_a_file_that_is_not_taken_opens_nothing_and_the_form_keeps_the_rest(client, owen, files, given, words):
    page = start(client, *(file(*one) for one in files), number_keyed="900000006", **given).content.decode()

    assert words in page
    assert "<title>Error: " in page
    assert 'value="900000006"' in page
    assert not Contact.objects.exists()
    assert not Document.objects.exists()


def test_of_several_files_the_one_that_is_refused_is_named(client, owen):
    page = start(client, file("page-1.pdf"), file("page-2.exe")).content.decode()

    assert "page-2.exe: The selected file must be a PDF" in page
    assert "page-1.pdf" not in page


def test_a_file_that_is_too_large_is_refused(client, owen, settings):
    settings.DOCUMENT_MAX_BYTES = 1024 * 1024

    page = start(client, file(content=PDF + bytes(1024 * 1024))).content.decode()

    assert "The selected file must be 1MB or smaller" in page


def test_a_letter_without_its_scan_is_opened_all_the_same(client, owen):
    start(client)

    assert Contact.objects.get().came_as == []


def test_pressing_twice_opens_one(client, owen):
    key = str(uuid4())

    first, second = (start(client, file(), key=key) for _ in range(2))

    assert first.url == second.url
    assert Document.objects.count() == 1


def test_the_next_letter_sent_from_the_page_of_the_first_is_not_taken_for_it(client, owen):
    key = str(uuid4())
    start(client, file("scan.pdf"), key=key)
    first = Contact.objects.get()

    refused = start(client, file("scan.pdf", PDF + b"another"), key=key)

    assert refused.status_code == 409
    assert f"You have already sent this: {first.reference}. To open another" in refused.content.decode()
    start(client, file("scan.pdf", PDF + b"another"), key=refused.context["form"]["key"].value())
    assert [one.size - len(PDF) for one in Document.objects.order_by("pk")] == [0, 7]
    assert Contact.objects.count() == 2


def test_by_the_service_a_call_brings_no_file_either(owen, skerrow):
    with pytest.raises(RuleBroken) as refused:
        opened(owen, file(), channel="telephone")

    assert refused.value.code == "no_file_of_a_call"


@pytest.mark.parametrize("column", [OTHER, WELSH, OWNER, NOBODY])
def test_who_does_not_see_the_contact_opens_no_letter_of_it(client, owen, skerrow, column):
    [kept] = opened(owen, file()).came_as
    client.force_login(StaffMember.objects.get(pk=somebody(column).staff_id))

    assert client.get(kept.get_absolute_url()).status_code == 404


@pytest.mark.proves("EC-03", "EC-15", "EC-05")
def test_one_letter_that_asks_for_two_things_is_one_contact_with_two_requests_and_no_check(owen, skerrow):
    contact = opened(owen, file())

    services.choose_reasons(contact_id=contact.pk, reasons=["statement", "update_details"], by=owen, at=MORNING)
    for reason, kind in (("statement", "STATEMENT"), ("update_details", "UPDATE_EMPLOYER")):
        services.create_sr(contact_id=contact.pk, reason=reason, kind=kind, by=owen, at=MORNING)

    assert ServiceRequest.objects.filter(contact=contact).count() == 2
    assert contact.checks.count() == 0


def test_a_letter_that_turns_out_to_have_a_virus_is_told_and_handed_to_nobody(client, owen, skerrow):
    contact = opened(owen, file())
    Document.objects.update(scan_state=ScanState.WAITING, next_attempt_at=MORNING)

    record_verdict(Document.objects.get(), Verdict.MALWARE, at=MORNING)

    assert [one.words for one in Notice.objects.all()] == [
        f"{contact.reference}: “Letter.pdf” refused: it contains a virus"
    ]
    page = client.get(f"{contact.get_absolute_url()}reason/").content.decode()
    assert "Letter.pdf, refused: it contains a virus" in page
    assert f'href="{Document.objects.get().get_absolute_url()}"' not in page


def test_a_call_asks_the_database_for_no_letter(owen, skerrow, django_assert_num_queries):
    contact = call_from(skerrow, by=owen)

    with django_assert_num_queries(0):
        assert contact.came_as == []


def test_who_wrote_an_email_and_what_of_nobody_types_off(client, owen):
    mail = (
        b"From: =?utf-8?q?Si=C3=A2n_O=E2=80=99Neill?= <sian@brindlewick.example>\r\n"
        b"Subject: =?utf-8?b?VGFsaWFkYXUgR29yZmZlbm5hZg==?=\r\n"
        b"Date: Wed, 3 Jun 2026 08:00:00 +0000\r\n\r\nHello\r\n"
    )

    start(client, file("Scan.pdf"), file("Neges.EML", mail), channel="email")

    contact = Contact.objects.get()
    assert contact.caller_name == "Siân O’Neill"
    assert contact.notes == "Email of Wednesday 3 June 2026, 9am from sian@brindlewick.example: Taliadau Gorffennaf"


def test_a_letter_says_nothing_by_itself(client, owen):
    start(client, file())

    assert (Contact.objects.get().caller_name, Contact.objects.get().notes) == ("", "")
