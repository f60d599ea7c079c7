"""Who sees which incidents: the row "See incidents" of the permission matrix, copied by hand; and the queue's order."""

from __future__ import annotations

from datetime import timedelta

import pytest

from contacthub.actor import CLOCK, PUBLIC, Actor
from contacthub.errors import NotThere
from contacthub.people.models import Unit
from contacthub.people.roles import Post, Role
from jobmatch_helpdesk.lifecycle import IncidentState as State
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Band, Source
from tests.factories import MORNING, IncidentFactory, StaffMemberFactory
from tests.jobmatch_helpdesk.situations import colleague, set_up_inboxes

pytestmark = pytest.mark.django_db

# role, where they work; which of the incidents below they see
EVERYTHING = {"own", "at Porth Wen", "at Telford", "at Dundee", "JD", "online"}
SEES = [
    (Role.HELPDESK_AGENT, "helpdesk", EVERYTHING),
    (Role.HELPDESK_LEAD, "helpdesk", EVERYTHING),
    (Role.JOBCENTRE_ADVISER, "porth-wen", {"own", "at Porth Wen"}),
    (Role.JD_AGENT, "jd", {"own", "JD"}),
    (Role.JD_QUALITY_ASSESSOR, "jd", {"own", "JD"}),
    (Role.ED_AGENT, "ed-telford", {"own", "at Telford"}),
    (Role.ED_TEAM_LEADER, "ed-telford", {"own", "at Telford"}),
    (Role.INTEGRATOR, "", {"own"}),
    # An administrator raises none, and sees none whose site happens to be where he works.
    (Role.ADMINISTRATOR, "ed-telford", {"own"}),
    (Role.CASEWORKER, "porth-wen", {"own"}),
    (None, "ed-telford", {"own"}),
]


@pytest.fixture(autouse=True)
def units(reference):
    set_up_inboxes()


def working(role: Role | None, unit: str) -> Actor:
    if role is Role.ED_TEAM_LEADER:
        return colleague(None, unit, post=Post.TEAM_LEADER)
    return colleague(role, unit)


def incidents_of(actor: Actor) -> dict[int, str]:
    """Make one incident of each sort; `own` is of a site where the actor does not work."""
    porth_wen, telford, dundee = (Unit.objects.get(code=code) for code in ("porth-wen", "ed-telford", "ed-dundee"))
    other = StaffMemberFactory()
    made = {
        "own": IncidentFactory(raised_by_id=actor.staff_id),
        "at Porth Wen": IncidentFactory(source=Source.JOBCENTRE, site=porth_wen, raised_by=other),
        "at Telford": IncidentFactory(source=Source.ED, site=telford, raised_by=other),
        "at Dundee": IncidentFactory(source=Source.ED, site=dundee, raised_by=other),
        "JD": IncidentFactory(source=Source.JD, raised_by=other),
        "online": IncidentFactory(),
    }
    return {incident.pk: name for name, incident in made.items()}


@pytest.mark.proves("XC-03")
@pytest.mark.parametrize(("role", "unit", "expected"), SEES)
def test_each_role_sees_what_the_matrix_says(role, unit, expected):
    actor = working(role, unit)
    names = incidents_of(actor)

    assert {names[incident.pk] for incident in Incident.objects.visible_to(actor)} == expected


def test_who_is_not_signed_in_sees_nothing_and_the_clock_all():
    IncidentFactory()

    assert not Incident.objects.visible_to(PUBLIC).exists()
    assert Incident.objects.visible_to(CLOCK).count() == 1


def test_who_sees_one_for_two_reasons_sees_it_once():
    carys = working(Role.JOBCENTRE_ADVISER, "porth-wen")
    site = Unit.objects.get(code="porth-wen")
    IncidentFactory(source=Source.JOBCENTRE, site=site, raised_by_id=carys.staff_id)

    assert Incident.objects.visible_to(carys).count() == 1


def test_what_one_may_not_see_and_what_is_not_there_give_the_same_answer():
    incident, stranger = IncidentFactory(), working(Role.JD_AGENT, "jd")

    for pk in (incident.pk, 0):
        with pytest.raises(NotThere, match="There is no record here that you may see"):
            Incident.objects.locked(stranger, pk=pk)


class TestQueue:
    @pytest.mark.proves("UJ-04", "UJ-05")
    def test_it_is_by_band_and_oldest_first(self):
        late, early = IncidentFactory(received_at=MORNING + timedelta(hours=1)), IncidentFactory()
        jobcentre, urgent = IncidentFactory(band=Band.JOBCENTRE), IncidentFactory(band=Band.IMMEDIATE)

        assert list(Incident.objects.in_queue_order()) == [urgent, jobcentre, early, late]

    @pytest.mark.parametrize(
        ("state", "waits"),
        [
            (State.RECEIVED, True),
            (State.ASSIGNED, True),
            (State.AWAITING_INFORMATION, True),
            (State.NO_REPLY_ROUTE, True),
            (State.CALLBACK_PENDING, False),
            (State.RESOLVED, False),
            (State.CLOSED, False),
        ],
    )
    def test_it_shows_what_waits_for_the_helpdesk(self, state, waits):
        moments = {State.CALLBACK_PENDING: {"replied_at": MORNING}, State.CLOSED: {"closed_at": MORNING}}
        agent = None if state == State.RECEIVED else StaffMemberFactory()
        IncidentFactory(state=state, assigned_to=agent, **moments.get(state, {}))

        assert Incident.objects.with_the_helpdesk().exists() is waits

    def test_the_longest_waiting_of_each_band_are_those_that_would_be_taken(self):
        _, old = IncidentFactory(), IncidentFactory(received_at=MORNING - timedelta(days=1))
        urgent = IncidentFactory(band=Band.IMMEDIATE)

        assert Incident.objects.longest_waiting() == [urgent, old]

    def test_overdue_is_worked_out_at_the_moment(self):
        incident = IncidentFactory(due_at=MORNING)

        assert list(Incident.objects.overdue(MORNING)) == [incident]
        assert not Incident.objects.overdue(MORNING - timedelta(seconds=1)).exists()
