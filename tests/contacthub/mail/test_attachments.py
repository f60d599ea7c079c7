"""What goes with a message: named by rows, read as it is sent, or a link where it is too large."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from contacthub.actor import PUBLIC
from contacthub.documents import storage
from contacthub.documents.models import Document
from contacthub.errors import NotThere, RuleBroken
from contacthub.mail.listing import mails_of
from contacthub.mail.models import Attachment, Message
from contacthub.mail.naming import attached_as
from contacthub.mail.services import preview, queue_email, try_again
from contacthub.mail.tasks import send_message
from contacthub.people.models import StaffMember
from tests.contacthub.documents.files import PDF, attached, word
from tests.factories import MORNING, IncidentFactory

pytestmark = pytest.mark.django_db


def queue(*documents: Document, **more) -> Message:
    case = documents[0].case
    return queue_email(
        template="mail/email/notice",
        mailbox="helpdesk",
        case=case,
        by=PUBLIC,
        at=MORNING,
        context={"person": {"name": "Graham"}, "words": "The form", "case": case},
        attachments=[document.pk for document in documents],
        **{"to": "leader@example.org", **more},
    )


def letters() -> list[Document]:
    case = IncidentFactory().case
    return [
        attached(case, "Cwyn Siân.pdf"),
        attached(case, "Reply.docx", word()),
        attached(case, "call.txt", b"a\r\nb\n"),
    ]


@pytest.fixture
def two_large(settings):
    """Two documents that are together one byte more than goes with an email."""
    case = IncidentFactory().case
    documents = [attached(case, "Complaint.pdf"), attached(case, "Reply.pdf")]
    settings.MAIL_MAX_BYTES = 2 * len(PDF) - 1
    return documents


class TestSending:
    def test_each_file_arrives_true_to_the_byte_under_its_name(self, reference, smtp):
        documents = letters()

        send_message(queue(*documents).pk)

        files = list(smtp.received[0].mail.iter_attachments())
        assert [file.get_filename() for file in files] == ["Cwyn Siân.pdf", "Reply.docx", "call.txt"]
        assert [file.get_payload(decode=True) for file in files] == [PDF, word(), b"a\r\nb\n"]
        assert [file.get_content_type() for file in files] == [document.media_type for document in documents]
        assert "The form" in smtp.received[0].mail.get_body().get_content()

    def test_each_recipient_gets_a_message_with_the_files_and_an_id_of_its_own(self, reference, smtp):
        (document, *_) = letters()
        message = queue(document, copy=["manager@example.org"])

        for each in (message, *message.copies.all()):
            send_message(each.pk)

        assert [received.recipients for received in smtp.received] == [["leader@example.org"], ["manager@example.org"]]
        for received in smtp.received:
            assert [file.get_payload(decode=True) for file in received.mail.iter_attachments()] == [PDF]
        assert len({received.mail["Message-ID"] for received in smtp.received}) == 2

    def test_the_outbox_names_the_documents_and_keeps_no_copy_of_them(self, reference):
        (document, *_) = letters()

        message = queue(document)

        assert [row.document for row in message.attachments.all()] == [document]
        assert "PDF" not in message.body

    def test_what_is_tried_again_has_the_same_id_and_the_same_files(self, reference, smtp):
        message = queue(letters()[0], to="later@example.org")
        send_message(message.pk)
        smtp.go_on.set()
        Message.objects.update(next_attempt_at=MORNING)

        send_message(message.pk)

        assert [received.mail["Message-ID"] for received in smtp.received] == [message.message_id]
        assert [file.get_filename() for file in smtp.received[0].mail.iter_attachments()] == ["Cwyn Siân.pdf"]

    def test_a_message_that_has_a_name_of_the_longest_is_taken_by_a_mail_server(self, reference, smtp):
        document = attached(IncidentFactory().case, f"{'ŵ' * 251}.pdf")

        send_message(queue(document).pk)

        (file,) = smtp.received[0].mail.iter_attachments()
        assert file.get_filename() == f"{'ŵ' * 30}…{'ŵ' * 25}.pdf"
        assert max(map(len, smtp.received[0].raw.splitlines())) <= 998


class TestAFileInTrouble:
    def gone(self, document: Document) -> None:
        storage.throw_away(document.stored_as)

    def damaged(self, document: Document) -> None:
        (path,) = Path(settings.DOCUMENTS_DIR).rglob(document.stored_as)
        path.write_bytes(PDF + b"more")

    def malware(self, document: Document) -> None:
        Document.objects.filter(pk=document.pk).update(scan_state="malware")

    @pytest.mark.parametrize(
        ("happens", "words"),
        [
            ("gone", "The file of “Cwyn Siân.pdf” cannot be read"),
            ("damaged", "The file of “Cwyn Siân.pdf” is damaged"),
            ("malware", "“Cwyn Siân.pdf” is refused: it contains a virus"),
        ],
    )
    def test_parks_the_message_with_words_tells_the_app_and_nothing_is_sent(
        self,
        reference,
        smtp,
        told,
        happens,
        words,
    ):
        document = letters()[0]
        message = queue(document)
        getattr(self, happens)(document)

        send_message(message.pk)

        kept = Message.objects.get()
        assert (kept.state, kept.server_words, kept.unsure_since) == ("failed", words, None)
        assert smtp.received == []
        assert [heard[:3] for heard in told.heard] == [("delivery_failed", document.case_id, words)]

    def test_that_is_there_again_is_sent_when_somebody_tries_again(self, reference, smtp, lead, told):
        document = letters()[0]
        message = queue(document)
        path = next(Path(settings.DOCUMENTS_DIR).rglob(document.stored_as))
        path.rename(path.with_suffix(".away"))
        send_message(message.pk)
        path.with_suffix(".away").rename(path)

        try_again(message_id=message.pk, by=lead, at=MORNING)
        send_message(message.pk)

        assert [received.mail["Message-ID"] for received in smtp.received] == [message.message_id]


class TestQueueing:
    def test_what_no_scanner_has_passed_is_not_queued(self, reference):
        document = letters()[0]
        Document.objects.filter(pk=document.pk).update(scan_state="waiting", next_attempt_at=MORNING)

        with pytest.raises(RuleBroken, match=r"“Cwyn Siân\.pdf” cannot be sent: it is not checked for viruses yet"):
            queue(document)

        assert not Message.objects.exists()

    def test_a_document_of_another_case_is_not_queued(self, reference):
        mine, theirs = letters()[0], letters()[0]

        with pytest.raises(NotThere):
            queue(mine, theirs)

        assert not Message.objects.exists()

    def test_a_document_goes_once_however_often_it_is_named(self, reference):
        document = letters()[0]

        assert queue(document, document).attachments.count() == 1


class TestWhatIsTooLarge:
    def test_is_sent_as_links_that_ask_to_sign_in(self, reference, two_large, smtp, client):
        send_message(queue(*two_large).pk)

        mail = smtp.received[0].mail
        assert list(mail.iter_attachments()) == []
        text = "\n".join(mail.get_content().splitlines())
        assert "The documents are too large for an email. Open them in ContactHub" in text
        for document in two_large:
            assert f"{document.name}\n{settings.SITE_URL}/documents/{document.pk}/" in text
            assert client.get(f"/documents/{document.pk}/").url == f"/sign-in/?next=/documents/{document.pk}/"

    def test_is_kept_as_links_of_each_copy(self, reference, two_large):
        queue(*two_large, copy=["manager@example.org"])

        assert [*Message.objects.values_list("with_links", flat=True)] == [True, True]
        assert Attachment.objects.count() == 4

    def test_is_no_less_than_one_byte_more_than_the_limit(self, reference, two_large, settings):
        settings.MAIL_MAX_BYTES += 1

        message = queue(*two_large)

        assert "too large" not in message.body
        assert not message.with_links

    def test_is_previewed_as_it_will_arrive(self, reference, two_large):
        shown = preview(
            template="mail/email/notice", mailbox="helpdesk", to="leader@example.org",
            context={"person": {"name": "Graham"}, "words": "The form", "case": None},
            attachments=[document.pk for document in two_large],
        )  # fmt: skip

        assert shown.body.startswith("Graham")
        assert "too large for an email" in shown.body
        assert (shown.attached, shown.with_links) == (["Complaint.pdf", "Reply.pdf"], True)


@pytest.mark.parametrize(
    ("names", "sent"),
    [
        (["Letter.pdf", "Letter.pdf"], ["Letter.pdf", "Letter (2).pdf"]),
        (["Letter.pdf", "LETTER.PDF", "letter.pdf"], ["Letter.pdf", "LETTER (2).PDF", "letter (3).pdf"]),
        (["a.pdf", "a (2).pdf", "a.pdf"], ["a.pdf", "a (2).pdf", "a (3).pdf"]),
        (["b.tar.gz"], ["b.tar.gz"]),
        (["x" * 251 + ".pdf"] * 2, ["x" * 251 + ".pdf", f"{'x' * 100}…{'x' * 99} (2).pdf"]),
    ],
)
def test_attachments_of_one_name_are_kept_apart(names, sent):
    assert attached_as(names) == sent


class TestPages:
    def test_the_page_of_a_case_says_what_went_with_each_message(self, reference, ana, client):
        incident = IncidentFactory()
        queue(attached(incident.case, "Complaint.pdf"), attached(incident.case, f"Llythyr {'x' * 100}.pdf"))
        client.force_login(StaffMember.objects.get(pk=ana.staff_id))

        page = client.get(incident.get_absolute_url()).content.decode()

        assert "Attached:" in page
        assert ">Complaint.pdf</bdi>, " in page
        assert f">Llythyr {'x' * 22}…{'x' * 25}.pdf</bdi>" in page

    def test_the_outbox_says_it_to_those_who_see_the_case(self, reference, lead, two_large, client):
        queue(*two_large)
        client.force_login(StaffMember.objects.get(pk=lead.staff_id))

        page = client.get("/mail/").content.decode()

        assert "With links to" in page
        assert "Complaint.pdf" in page

    @pytest.mark.parametrize("many", [1, 20])
    def test_what_is_attached_is_read_at_once_for_all_messages(self, reference, many, django_assert_num_queries):
        document = letters()[0]
        for _ in range(many):
            queue(document)

        with django_assert_num_queries(1):
            lines = mails_of(document.case, now=MORNING)
            assert [line.message.attached for line in lines] == [["Cwyn Siân.pdf"]] * many
