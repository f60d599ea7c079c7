from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, transaction

from contacthub.deadlines.models import Deadline
from contacthub.deadlines.services import NEVER, meet, set_deadline
from contacthub.deadlines.working_time import Target
from jobmatch_helpdesk.models import Incident
from tests.factories import MORNING, IncidentFactory

pytestmark = pytest.mark.django_db
DUE = datetime(2026, 6, 8, 9, 0, tzinfo=UTC)


def test_setting_a_deadline_tells_the_record_when_it_is_due():
    incident = IncidentFactory()

    set_deadline(case=incident.case, kind="first_reply", target=Target(working_days=3), at=MORNING)

    deadline = Deadline.objects.get()
    assert (deadline.set_at, deadline.due_at, deadline.target) == (MORNING, DUE, "3 working days")
    assert Incident.objects.get().due_at == DUE


def test_a_met_deadline_stays_as_history_and_nothing_is_due():
    incident = IncidentFactory()
    set_deadline(case=incident.case, kind="first_reply", target=Target(working_days=3), at=MORNING)

    meet(case=incident.case, kind="first_reply", at=DUE)

    assert Deadline.objects.get().met_at == DUE
    assert Incident.objects.get().due_at == NEVER


def test_one_deadline_of_a_kind_is_open_at_a_time():
    incident = IncidentFactory()
    set_deadline(case=incident.case, kind="first_reply", target=Target(working_days=3), at=MORNING)

    with pytest.raises(IntegrityError, match="deadline_one_open_of_a_kind"), transaction.atomic():
        set_deadline(case=incident.case, kind="first_reply", target=Target(hours=1), at=MORNING)


def test_a_due_moment_of_another_kind_is_not_the_first_reply():
    incident = IncidentFactory()

    set_deadline(case=incident.case, kind="something_else", target=Target(hours=1), at=MORNING)

    assert Incident.objects.get().due_at == MORNING
