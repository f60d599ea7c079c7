import threading
from datetime import timedelta

import pytest
from django.db import connection

from contacthub.errors import TooMany
from contacthub.submissions.models import Visits
from contacthub.submissions.services import allow
from tests.factories import MORNING

HOUR = timedelta(hours=1)


def come(*, minutes=0, source="contact-us:192.0.2.1", limit=10):
    allow(source, limit=limit, per=HOUR, at=MORNING + timedelta(minutes=minutes))


@pytest.mark.django_db
def test_the_eleventh_in_an_hour_is_told_when_to_come_back():
    for minute in range(10):
        come(minutes=minute)

    with pytest.raises(TooMany, match="You can do this again at 11am") as refusal:
        come(minutes=10)

    assert refusal.value.again_at == MORNING + HOUR


@pytest.mark.django_db
def test_there_is_room_again_an_hour_after_the_first():
    for minute in range(10):
        come(minutes=minute)

    come(minutes=60)

    with pytest.raises(TooMany):
        come(minutes=60)


@pytest.mark.django_db
def test_a_refusal_is_not_counted():
    come(limit=1)
    for minute in range(1, 60):
        with pytest.raises(TooMany):
            come(minutes=minute, limit=1)

    come(minutes=60, limit=1)


@pytest.mark.django_db
def test_sources_are_counted_apart():
    come(limit=1)

    come(limit=1, source="contact-us:192.0.2.2")


@pytest.mark.django_db
def test_sources_that_no_longer_count_are_removed():
    for number in range(15):
        come(source=f"contact-us:192.0.2.{number}")

    come(minutes=61, source="contact-us:198.51.100.1")

    assert Visits.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_twenty_at_once_ten_are_let_in():
    refused = []

    def ask():
        try:
            come()
        except TooMany:
            refused.append(1)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(refused) == 10
    assert len(Visits.objects.get().moments) == 10


@pytest.mark.django_db
def test_what_no_longer_counts_of_a_source_is_not_kept():
    come()

    come(minutes=60)

    assert len(Visits.objects.get().moments) == 1
