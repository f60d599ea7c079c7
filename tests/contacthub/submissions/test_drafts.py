import threading

import pytest
from django.db import connection, transaction

from contacthub.errors import MovedOn, NotThere
from contacthub.submissions.models import Draft
from contacthub.submissions.places import unsealed
from contacthub.submissions.services import caller_of, draft_of, drop, keep, once, open_place
from tests.factories import MORNING
from tests.races import wait_until_blocked

PLACE = "jobmatch:reply:UJ-000001"


def opened(by):
    return open_place(by, PLACE, title="Reply, UJ-000001", link="/jobmatch/UJ-000001/")


def typed(by, page, text="Save it as a PDF"):
    return keep(place=page.place, words={"text": text}, by=by, at=MORNING)


def send(by, *, key="a-key", do=lambda: "UJ-000001"):
    return once(key=key, caller=caller_of(by), request={}, at=MORNING, do=do, clears=PLACE)


@pytest.mark.django_db
class TestKeeping:
    @pytest.mark.proves("CM-14")
    def test_what_was_typed_is_offered_again(self, ana):
        typed(ana, opened(ana))

        offer = opened(ana)
        assert (offer.words, offer.kept_at) == ({"text": "Save it as a PDF"}, MORNING)

    def test_a_place_has_one_draft(self, ana):
        page = opened(ana)

        typed(ana, page, "Save it")
        typed(ana, page, "Save it as a PDF")

        assert Draft.objects.get().words == {"text": "Save it as a PDF"}

    def test_a_draft_is_its_writers_alone(self, ana, bilal):
        typed(ana, opened(ana))

        assert opened(bilal).words == {}
        assert draft_of(bilal, PLACE) is None
        with pytest.raises(NotThere):
            drop(draft_id=Draft.objects.get().pk, by=bilal)

    def test_nothing_is_kept_for_somebody_who_signed_in_after_the_page_was_opened(self, ana, bilal):
        page = opened(ana)

        with pytest.raises(NotThere):
            typed(bilal, page)

        assert not Draft.objects.exists()

    def test_a_text_that_was_emptied_leaves_no_draft(self, ana):
        page = opened(ana)
        typed(ana, page)

        assert typed(ana, page, " \n") is None
        assert not Draft.objects.exists()

    def test_a_page_carries_its_place_sealed(self, ana):
        page = opened(ana)

        assert unsealed(page.place.sealed) == page.place
        assert unsealed(page.place.sealed[:-1]) is None


@pytest.mark.django_db
class TestSending:
    def test_sending_clears_the_draft(self, ana):
        typed(ana, opened(ana))

        send(ana)

        assert opened(ana).words == {}

    def test_a_refused_send_leaves_the_draft(self, ana):
        def refuse():
            raise MovedOn("With Bilal Shah", at=MORNING)

        typed(ana, opened(ana))
        with pytest.raises(MovedOn):
            send(ana, do=refuse)

        assert opened(ana).words == {"text": "Save it as a PDF"}

    def test_sending_leaves_the_draft_of_a_colleague(self, ana, bilal):
        typed(bilal, opened(bilal))

        send(ana)

        assert Draft.objects.get().person_id == bilal.staff_id

    def test_no_draft_comes_to_life_again_from_a_window_that_was_open_before_the_send(self, ana):
        first, second = opened(ana), opened(ana)
        typed(ana, first)
        send(ana)

        for page in (first, second):
            with pytest.raises(MovedOn, match="already sent"):
                typed(ana, page, "Save it as a PDF.")

        assert not Draft.objects.exists()

    def test_a_page_opened_after_the_send_keeps_again(self, ana):
        send(ana)

        typed(ana, opened(ana), "One thing more")

        assert Draft.objects.get().words == {"text": "One thing more"}


@pytest.mark.django_db(transaction=True)
def test_a_draft_kept_while_the_form_is_being_sent_waits_and_is_refused(ana):
    page, sending, go_on, told = opened(ana), threading.Event(), threading.Event(), []

    def hold_the_send():
        with transaction.atomic():
            send(ana)
            sending.set()
            go_on.wait(10)
        connection.close()

    def keep_late():
        try:
            typed(ana, page)
        except MovedOn as refusal:
            told.append(refusal.message)
        connection.close()

    first, second = threading.Thread(target=hold_the_send), threading.Thread(target=keep_late)
    first.start()
    sending.wait(10)
    second.start()
    wait_until_blocked()
    go_on.set()
    first.join(10)
    second.join(10)

    assert told == ["You have already sent this from another window"]
    assert not Draft.objects.exists()
