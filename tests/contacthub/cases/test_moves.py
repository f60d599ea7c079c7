from collections.abc import Iterator

import pytest
from django.db import connection

from contacthub.actor import CLOCK, PUBLIC
from contacthub.cases.models import Case
from contacthub.cases.services import move, open_record
from contacthub.cases.timeline import timeline
from contacthub.errors import MovedOn, NotThere
from jobmatch_helpdesk.models import Incident
from tests.factories import MORNING, IncidentFactory

pytestmark = pytest.mark.django_db


def test_a_move_saves_the_state_and_writes_its_event(ana):
    incident = IncidentFactory()

    move(incident.take, by=ana, at=MORNING, words="Oldest", agent_id=ana.staff_id)

    kept = Incident.objects.get()
    event = kept.case.events.get()
    assert (kept.state, kept.assigned_to_id, kept.version) == ("assigned", ana.staff_id, incident.version)
    assert (event.kind, event.before, event.after, event.words.text) == ("take", "received", "assigned", "Oldest")


def test_a_move_from_a_wrong_state_says_who_did_what(ana, bilal):
    incident = IncidentFactory()
    move(incident.take, by=bilal, at=MORNING, agent_id=bilal.staff_id)

    with pytest.raises(MovedOn, match="Taken by Bilal Shah"):
        move(incident.take, by=ana, at=MORNING, agent_id=ana.staff_id)


def test_what_contacthub_did_of_itself_along_with_somebodys_move_does_not_hide_who_made_that(ana, bilal):
    incident = IncidentFactory(state="assigned", assigned_to_id=bilal.staff_id)
    move(incident.resolve_by_reply, by=bilal, at=MORNING)
    move(incident.close, by=CLOCK, at=MORNING)

    with pytest.raises(MovedOn, match="by Bilal Shah"):
        move(incident.take, by=ana, at=MORNING, agent_id=ana.staff_id)


def test_every_move_raises_the_version(ana):
    incident = IncidentFactory()
    before = incident.version

    move(incident.take, by=ana, at=MORNING, agent_id=ana.staff_id)

    assert Incident.objects.get().version == before + 1


@pytest.mark.proves("XC-02")
def test_references_have_the_prefix_and_at_least_six_digits():
    fields = {name: getattr(IncidentFactory.build(case=None), name) for name in ("band", "received_at", "due_at")}

    first, second = (open_record(Incident, **fields) for _ in range(2))

    assert first.reference.startswith("UJ-")
    assert len(first.reference) == len("UJ-000001")
    assert int(second.reference[3:]) == int(first.reference[3:]) + 1


@pytest.fixture
def nearly_a_million(db) -> Iterator[None]:
    """Let the numbers of a sequence of its own stand at the last of six digits."""
    with connection.cursor() as cursor:
        cursor.execute("create temporary sequence reference_zz start 999999")
        yield
        cursor.execute("drop sequence reference_zz")


@pytest.mark.proves("XC-02")
def test_a_reference_grows_where_six_digits_do_not_hold_it(nearly_a_million):
    made = [str(Case.objects.open(kind="incident", prefix="ZZ")) for _ in range(2)]

    assert made == ["ZZ-999999", "ZZ-1000000"]


def test_a_record_that_is_not_yours_is_not_there_when_locked(reference):
    incident = IncidentFactory()

    with pytest.raises(NotThere):
        Incident.objects.locked(PUBLIC, pk=incident.pk)


def test_the_timeline_shows_the_newest_first_and_hides_words_of_kinds_that_are_not_named(ana):
    incident = IncidentFactory()
    move(incident.take, by=ana, at=MORNING, words="Oldest", agent_id=ana.staff_id)
    move(incident.resolve_by_reply, by=ana, at=MORNING, words="To somebody")

    newest, oldest = timeline(incident, words_of={"take"})

    assert (newest.title, newest.byline, newest.words) == ("Answered by email", "by Ana Byrne", "")
    assert (oldest.title, oldest.words) == ("Taken", "Oldest")
