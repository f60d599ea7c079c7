import threading

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from contacthub.errors import MovedOn, RuleBroken
from contacthub.submissions.models import Submission
from contacthub.submissions.services import once
from tests.factories import MORNING
from tests.races import wait_until_blocked


def send(do, *, key="a-key", caller="staff:1", words="Hello"):
    return once(key=key, caller=caller, request={"words": words}, at=MORNING, do=do)


@pytest.mark.django_db
def test_the_same_form_twice_does_the_thing_once():
    done = []

    first = send(lambda: done.append(1) or "UJ-000001")
    second = send(lambda: done.append(2) or "UJ-000002")

    assert (first, second, done) == ("UJ-000001", "UJ-000001", [1])


@pytest.mark.django_db
def test_the_same_key_with_other_words_names_what_was_sent():
    send(lambda: "UJ-000001")

    with pytest.raises(MovedOn, match="You have already sent this: UJ-000001"):
        send(lambda: "UJ-000002", words="Something else")


@pytest.mark.django_db
def test_another_file_of_the_same_name_and_size_is_another_thing():
    """A scanner calls every letter alike."""
    for _ in range(2):
        assert send(lambda: "CT-000001", words=[SimpleUploadedFile("scan.pdf", b"one")]) == "CT-000001"

    with pytest.raises(MovedOn, match="You have already sent this: CT-000001"):
        send(lambda: "CT-000002", words=[SimpleUploadedFile("scan.pdf", b"two")])


@pytest.mark.django_db
def test_keys_of_two_callers_are_apart():
    send(lambda: "UJ-000001")

    assert send(lambda: "UJ-000002", caller="staff:2") == "UJ-000002"


@pytest.mark.django_db
def test_a_refusal_is_not_kept_so_the_form_can_be_sent_again():
    def refuse():
        raise RuleBroken("Enter your reply")

    with pytest.raises(RuleBroken):
        send(refuse)

    assert not Submission.objects.exists()
    assert send(lambda: "UJ-000001") == "UJ-000001"


@pytest.mark.django_db
def test_that_there_was_nothing_to_do_is_not_kept():
    send(lambda: "")

    assert send(lambda: "UJ-000001") == "UJ-000001"


@pytest.mark.django_db(transaction=True)
def test_a_second_press_waits_for_the_first_and_gets_its_answer():
    started, go_on = threading.Event(), threading.Event()
    answers, done = [], []

    def slowly():
        started.set()
        go_on.wait(10)
        done.append("first")
        return "UJ-000001"

    def press(do):
        answers.append(send(do))
        connection.close()

    first = threading.Thread(target=press, args=[slowly])
    second = threading.Thread(target=press, args=[lambda: done.append("second") or "UJ-000002"])
    first.start()
    started.wait(10)
    second.start()
    wait_until_blocked()
    go_on.set()
    first.join(10)
    second.join(10)

    assert (answers, done) == (["UJ-000001", "UJ-000001"], ["first"])
