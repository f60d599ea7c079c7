"""What shared rooms ask of cases whose kinds they do not know."""

import pytest

from contacthub.actor import PUBLIC
from contacthub.cases.services import lock, visible_among
from contacthub.errors import NotThere
from jobmatch_helpdesk.models import Incident
from tests.factories import IncidentFactory


@pytest.mark.django_db
def test_the_record_of_a_case_is_found_and_locked_whoever_asks():
    incident = IncidentFactory()

    assert lock(incident.pk) == incident


@pytest.mark.django_db
def test_only_records_that_the_actor_sees_are_told(ana):
    seen = [IncidentFactory(), IncidentFactory()]
    IncidentFactory()

    assert visible_among(ana, [incident.pk for incident in seen]) == {incident.pk: incident for incident in seen}
    assert visible_among(PUBLIC, [incident.pk for incident in seen]) == {}


@pytest.mark.django_db
def test_twenty_cases_cost_as_many_queries_as_one(ana, django_assert_num_queries):
    ids = [IncidentFactory().pk for _ in range(20)]

    for asked in (ids[:1], ids):
        with django_assert_num_queries(2):
            visible_among(ana, asked)


@pytest.mark.django_db
def test_a_reference_finds_what_the_actor_sees_and_nothing_else(ana):
    incident = IncidentFactory()

    assert Incident.objects.with_reference(incident.reference, seen_by=ana) == incident
    with pytest.raises(NotThere):
        Incident.objects.with_reference(incident.reference, seen_by=PUBLIC)
    with pytest.raises(NotThere):
        Incident.objects.with_reference("UJ-999999", seen_by=ana)
