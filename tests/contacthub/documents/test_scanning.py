"""What scanners say, and what becomes of a document that came while none answered."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.db import IntegrityError, transaction

from contacthub.cases.services import events_for
from contacthub.cases.timeline import timeline
from contacthub.clock import now
from contacthub.documents import scanning, storage
from contacthub.documents.models import Document
from contacthub.documents.retrying import LEASE, next_scan
from contacthub.documents.scanning import ScannerAway, Verdict, scan
from contacthub.documents.services import record_verdict, take_to_scan, throw_away_orphans
from contacthub.documents.tasks import folder_of_the_moment, scan_document, unscanned_documents
from contacthub.errors import RuleBroken
from contacthub.people.models import StaffMember
from tests.contacthub.documents.files import JPG, PDF, VIRUS, attached
from tests.contacthub.documents.scanners import Clamd
from tests.factories import MORNING, IncidentFactory

SCANNERS = "tests.contacthub.documents.scanners"


@pytest.fixture
def scanner(settings):
    """Set up the scanner of this name."""

    def set_up(name: str) -> None:
        settings.DOCUMENT_SCANNER = f"{SCANNERS}.{name}"

    return set_up


@pytest.fixture
def clamd(settings):
    """Have ClamAV's daemon, which gives this answer, be the scanner."""

    def set_up(server: Clamd) -> Clamd:
        settings.DOCUMENT_SCANNER, settings.CLAMD_ADDRESS = "contacthub.documents.scanning.clamd", server.address
        return server

    return set_up


class TestWithoutAScanner:
    @pytest.mark.parametrize("before", [0, 1, scanning.PIECE - 40, scanning.PIECE, 3 * scanning.PIECE - 1])
    def test_the_test_file_of_scanners_is_found_wherever_it_stands(self, before):
        assert scan(BytesIO(b"x" * before + VIRUS + b"y")) is Verdict.MALWARE

    def test_anything_else_is_clean(self):
        assert scan(BytesIO(PDF + VIRUS[:-1])) is Verdict.CLEAN


class TestClamAV:
    @pytest.mark.parametrize(
        ("answer", "verdict"),
        [
            (b"stream: OK\0", Verdict.CLEAN),
            (b"stream: Eicar-Test-Signature FOUND\0", Verdict.MALWARE),
            (b"stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND\0", Verdict.UNSURE),
            (b"stream: Heuristics.Limits.Exceeded FOUND\0", Verdict.UNSURE),
            (b"INSTREAM size limit exceeded. ERROR\0", Verdict.UNSURE),
        ],
    )
    def test_gets_the_whole_file_and_its_answer_is_understood(self, clamd, answer, verdict):
        content = os.urandom(3 * scanning.PIECE + 5)

        with Clamd(answer) as server:
            found = scan(clamd(server) and BytesIO(content))

        assert found is verdict
        assert server.received == content

    @pytest.mark.parametrize("answer", [b"", b"stream: lstat() failed. ERROR\0"])
    def test_that_gives_no_verdict_counts_as_away(self, clamd, answer):
        with Clamd(answer) as server, pytest.raises(ScannerAway):
            scan(clamd(server) and BytesIO(PDF))

    def test_that_is_silent_is_left_after_some_seconds(self, clamd, monkeypatch):
        monkeypatch.setattr(scanning, "PATIENCE", 0.2)

        with Clamd(None) as server, pytest.raises(ScannerAway):
            scan(clamd(server) and BytesIO(PDF))

    def test_that_is_not_there_counts_as_away(self, settings):
        settings.DOCUMENT_SCANNER, settings.CLAMD_ADDRESS = "contacthub.documents.scanning.clamd", "/nowhere/clamd.sock"

        with pytest.raises(ScannerAway):
            scan(BytesIO(PDF))


@pytest.mark.django_db
class TestAtUpload:
    def test_a_file_that_a_scanner_refuses_is_not_taken(self, scanner):
        scanner("malware")

        with pytest.raises(RuleBroken, match="The selected file contains a virus"):
            attached(IncidentFactory().case)

    def test_a_true_scan_beyond_the_limits_of_the_scanner_is_not_called_a_virus(self, scanner):
        scanner("unsure")

        with pytest.raises(RuleBroken, match="could not be checked for viruses") as refused:
            attached(IncidentFactory().case, "scan.jpg", JPG.ljust(9_000_000, b"\0"))

        assert "virus." not in refused.value.message.lower().replace("viruses", "")

    def test_where_the_scanner_is_away_the_file_is_kept_and_handed_to_nobody(self, scanner, told, ana, client):
        scanner("away")

        document = attached(IncidentFactory().case)

        client.force_login(StaffMember.objects.get(pk=ana.staff_id))
        response = client.get(document.get_absolute_url())
        assert document.scan_state == "waiting"
        assert response.status_code == 409
        assert "It has not been checked for viruses yet" in response.content.decode()
        assert PDF not in response.content


@pytest.fixture
def waiting(scanner, told, db) -> Document:
    """A document that came while the scanner was away."""
    scanner("away")
    return attached(IncidentFactory().case)


def fresh(document: Document) -> Document:
    return Document.objects.get(pk=document.pk)


def file_of(document: Document) -> list[Path]:
    return [*Path(django_settings.DOCUMENTS_DIR).rglob(document.stored_as)]


class TestLater:
    def test_it_is_found_and_once_the_scanner_answers_it_is_open_to_all_who_may(self, waiting, scanner, told):
        scanner("clean")
        assert [*unscanned_documents.find(MORNING)] == [waiting.pk]

        scan_document(waiting.pk)

        assert fresh(waiting).is_clean
        assert [heard[:3] for heard in told.heard] == [("scan_ended", waiting.case_id, "clean")]
        assert [event.kind for event in events_for(waiting.case)] == ["document_checked", "document_attached"]
        assert [*unscanned_documents.find(now())] == []

    def test_what_turns_out_to_be_malware_loses_its_file_and_the_timeline_says_so(self, waiting, scanner, told):
        scanner("malware")

        scan_document(waiting.pk)

        assert fresh(waiting).scan_state == "malware"
        assert file_of(waiting) == []
        assert told.heard[0][2] == "malware"
        entry = timeline(waiting.case.incident, words_of={"document_refused"})[0]
        assert (entry.title, entry.words) == ("Document refused: it contains a virus", "Complaint.pdf")

    def test_what_is_beyond_its_limits_could_not_be_checked(self, waiting, scanner):
        scanner("unsure")

        scan_document(waiting.pk)

        assert fresh(waiting).scan_state == "unchecked"
        assert file_of(waiting) != []

    def test_while_it_is_away_it_is_asked_after_longer_and_longer_gaps(self, waiting):
        scan_document(waiting.pk)

        kept = fresh(waiting)
        assert (kept.scan_state, kept.attempts, kept.leased_until) == ("waiting", 1, None)
        assert timedelta(seconds=50) < kept.next_attempt_at - now() <= timedelta(minutes=1)

    def test_once_it_was_asked_seven_times_the_document_is_left_unchecked_and_the_app_is_told(self, waiting, told):
        Document.objects.update(attempts=6)

        scan_document(waiting.pk)

        assert fresh(waiting).scan_state == "unchecked"
        assert told.heard[0][2] == "unchecked"
        words = timeline(waiting.case.incident, words_of={"document_unchecked"})[0].words
        assert words == "Complaint.pdf: Nobody listens"

    def test_one_that_another_worker_has_is_left_alone(self, waiting, scanner):
        scanner("clean")
        take_to_scan(waiting.pk, at=now())

        scan_document(waiting.pk)

        assert fresh(waiting).scan_state == "waiting"

    def test_one_whose_worker_died_is_taken_again_and_the_old_verdict_no_longer_counts(self, waiting):
        old = take_to_scan(waiting.pk, at=now())
        take_to_scan(waiting.pk, at=now() + LEASE)

        record_verdict(old, Verdict.CLEAN, at=now())

        assert fresh(waiting).scan_state == "waiting"

    def test_one_that_was_the_end_of_every_worker_is_given_up(self, waiting):
        Document.objects.update(attempts=7, leased_until=MORNING)

        assert take_to_scan(waiting.pk, at=now()) is None
        assert fresh(waiting).scan_state == "unchecked"

    def test_a_file_that_is_gone_is_left_unchecked_in_time(self, waiting, scanner):
        scanner("clean")
        storage.throw_away(waiting.stored_as)

        scan_document(waiting.pk)

        assert fresh(waiting).scan_state == "waiting"

    def test_what_waits_is_due_and_what_does_not_is_not(self, waiting):
        with pytest.raises(IntegrityError, match="document_waits_for_its_scan"), transaction.atomic():
            Document.objects.update(next_attempt_at=None)

    def test_the_gaps_are_those_of_the_rule(self):
        gaps = [next_scan(attempts=attempts, at=MORNING) for attempts in range(1, 8)]

        minutes = [1, 5, 15, 60, 180, 720]
        assert gaps == [*(MORNING + timedelta(minutes=gap) for gap in minutes), None]

    def test_an_attempt_ends_within_the_lease(self):
        assert scanning.PATIENCE < scan_document.soft_time_limit < scan_document.time_limit < LEASE.total_seconds()


@pytest.mark.django_db
class TestOrphans:
    def aged(self, name: str, age: timedelta) -> None:
        (path,) = Path(django_settings.DOCUMENTS_DIR).rglob(name)
        then = (now() - age).timestamp()
        os.utime(path, (then, then))

    def test_a_file_whose_transaction_was_rolled_back_is_thrown_away_a_day_later(self):
        document = attached(IncidentFactory().case)
        orphan = storage.keep([PDF])
        for name in (document.stored_as, orphan.name):
            self.aged(name, timedelta(hours=25))

        assert throw_away_orphans(int(orphan.name[:2], 16), at=now()) == 1
        throw_away_orphans(int(document.stored_as[:2], 16), at=now())

        with pytest.raises(FileNotFoundError):
            storage.open_kept(orphan.name)
        assert storage.open_kept(document.stored_as).read() == PDF

    def test_a_file_whose_transaction_may_still_be_open_stays(self):
        orphan = storage.keep([PDF])
        self.aged(orphan.name, timedelta(hours=23))

        assert throw_away_orphans(int(orphan.name[:2], 16), at=now()) == 0

    def test_a_folder_that_is_not_there_has_none(self):
        assert throw_away_orphans(0xFF, at=now()) == 0

    def test_every_folder_has_its_turn_within_a_day(self):
        moments = [MORNING + timedelta(minutes=5 * number) for number in range(24 * 12)]

        assert {folder for at in moments for folder in folder_of_the_moment.find(at)} == set(range(256))
