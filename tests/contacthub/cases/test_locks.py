"""Two at one case in the same moment, on a real Postgres."""

import pytest

from contacthub.cases.services import lock
from contacthub.errors import NotThere
from contacthub.people.roles import Role
from jobmatch_helpdesk.models import Incident
from jobmatch_helpdesk.routing import Source
from tests.factories import IncidentFactory, UnitFactory
from tests.jobmatch_helpdesk.situations import colleague
from tests.races import Held, wait_until_blocked

pytestmark = pytest.mark.django_db(transaction=True)


def test_who_locks_the_record_of_a_case_keeps_others_waiting():
    incident = IncidentFactory()
    first = Held(lambda: lock(incident.case_id))
    first.done.wait(10)
    second = Held(lambda: lock(incident.case_id))

    wait_until_blocked()
    first.commit()
    second.commit()

    assert second.result == incident


def test_what_was_taken_out_of_sight_during_the_wait_is_not_there(reference):
    incident = IncidentFactory(source=Source.ED, site=UnitFactory(code="ed-here"))
    agent = colleague(Role.ED_AGENT, "ed-here")
    first = Held(lambda: Incident.objects.filter(pk=incident.pk).update(site=UnitFactory(code="ed-there")))
    first.done.wait(10)
    second = Held(lambda: Incident.objects.locked(agent, pk=incident.pk))

    wait_until_blocked()
    first.commit()
    second.commit()

    assert isinstance(second.error, NotThere)


def test_a_locked_record_is_the_one_of_after_the_wait(ana):
    incident = IncidentFactory()
    first = Held(lambda: Incident.objects.filter(pk=incident.pk).update(customer_name="Gwen Parry"))
    first.done.wait(10)
    second = Held(lambda: Incident.objects.locked(ana, pk=incident.pk))

    wait_until_blocked()
    first.commit()
    second.commit()

    assert second.result.customer_name == "Gwen Parry"
