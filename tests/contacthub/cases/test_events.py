import pytest
from django.db import IntegrityError, connection, transaction

from contacthub.actor import CLOCK, PUBLIC, request_id
from contacthub.cases.models import Event, EventWords
from contacthub.cases.services import record_event
from tests.factories import MORNING, IncidentFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def event() -> Event:
    return record_event(IncidentFactory(), "submitted", by=PUBLIC, at=MORNING, after="received", words="Routed R14")


@pytest.mark.proves("XC-01")
@pytest.mark.parametrize(
    "change",
    [
        "update cases_event set kind = 'something else'",
        "delete from cases_event",
    ],
)
def test_the_database_refuses_to_change_an_event(event, change):
    EventWords.objects.all().delete()

    with connection.cursor() as cursor, pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
        cursor.execute(change)

    assert Event.objects.get().kind == "submitted"


def test_the_database_refuses_to_empty_the_events(event):
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")
        # Transaction tests switch this trigger off, so that they can clean up.
        cursor.execute("alter table cases_event enable trigger append_only_truncate")

        with pytest.raises(IntegrityError, match="never changed"), transaction.atomic():
            cursor.execute("truncate cases_event cascade")

    assert Event.objects.count() == 1


def test_an_event_says_who_what_and_when_and_in_which_request(event):
    token = request_id.set("a-request")

    later = record_event(event.case.incident, "take", by=CLOCK, at=MORNING, before="received", after="assigned")

    request_id.reset(token)
    assert (later.case, later.subject_label, later.kind) == (event.case, "jobmatch_helpdesk.incident", "take")
    assert (later.actor_kind, later.at, later.before, later.after) == ("clock", MORNING, "received", "assigned")
    assert later.request_id == "a-request"


def test_words_stand_beside_the_event_that_has_them_and_nowhere_else(event):
    silent = record_event(event.case.incident, "take", by=CLOCK, at=MORNING)

    assert list(EventWords.objects.values_list("event_id", "text")) == [(event.pk, "Routed R14")]
    assert not hasattr(Event.objects.get(pk=silent.pk), "words")
