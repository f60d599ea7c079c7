"""With thousands of forms, what waits for somebody is found by an index, not by reading through all of them."""

from __future__ import annotations

from datetime import timedelta
from itertools import cycle

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from complaints_feedback.lifecycle import FormState as State
from complaints_feedback.listing import TO_DO, VIEWS
from complaints_feedback.models import FeedbackForm, Recipient
from complaints_feedback.terms import Part
from contacthub.cases.models import Case
from contacthub.people.models import StaffMember
from contacthub.people.roles import Post, UnitKind
from tests.complaints_feedback.people import actor
from tests.factories import MORNING, MembershipFactory, StaffMemberFactory, UnitFactory

pytestmark = pytest.mark.django_db
FORMS, PEOPLE = 4000, 200
# Of twenty forms most are closed.
STATES = [State.CLOSED] * 14 + [
    State.DRAFT, State.AWAITING_AGREEMENT, State.SUBMITTED, State.WITH_SENIOR_MANAGER, State.DELIVERED, State.DISCUSSED,
]  # fmt: skip


# All that waits to be discussed may be walked, but not what is closed of others.
MOST = FORMS // PEOPLE + FORMS // len(STATES)


def moments(state: State) -> dict[str, object]:
    """Return what a form of this state has besides."""
    sent = state in (State.DELIVERED, State.DISCUSSED, State.CLOSED)
    closed = state == State.CLOSED
    return {
        "delivered_at": MORNING if sent else None,
        "received_at": MORNING if sent else None,
        "with_senior_at": MORNING if sent or state == State.WITH_SENIOR_MANAGER else None,
        "discussion_recorded_at": MORNING if closed or state == State.DISCUSSED else None,
        "completed_at": MORNING if closed else None,
        "ended_at": MORNING if closed else None,
        **({"due_at": MORNING + timedelta(hours=48)} if state == State.DELIVERED else {}),
    }


@pytest.fixture
def somebody():
    """One of two hundred who share four thousand forms, in each part that there is."""
    area, elsewhere = (UnitFactory(kind=UnitKind.AREA) for _ in range(2))
    people = [StaffMemberFactory(), *StaffMember.objects.bulk_create(StaffMemberFactory.build_batch(PEOPLE - 1))]
    MembershipFactory(person=people[0], unit=area, post=Post.SENIOR_RESOLUTION_MANAGER)
    cases = Case.objects.bulk_create(
        Case(kind="feedback_form", reference=f"CFF-{700000 + number}") for number in range(FORMS)
    )
    forms = []
    for number, (case, state) in enumerate(zip(cases, cycle(STATES), strict=False)):
        turn = (number // len(STATES)) % PEOPLE
        given = {"sender": people[turn], "sending_team_leader": people[turn], "person": people[turn]}
        given |= {"area": elsewhere if turn else area, "agreed_by": people[turn], "agreed_at": MORNING}
        given |= {"complaint_reference": f"RSP-{number}", "route": "review", "state": state, **moments(state)}
        forms.append(FeedbackForm(case=case, started_on=MORNING.date(), started_at=MORNING, **given))
    FeedbackForm.objects.bulk_create(forms)
    Recipient.objects.bulk_create(
        Recipient(form=form, part=part, person=form.sender) for form in forms for part in Part
    )
    with connection.cursor() as cursor:
        cursor.execute("analyze complaints_feedback_feedbackform, complaints_feedback_recipient, cases_case")
    return actor(people[0])


def forms_read(sql: str) -> int:
    """Return how many rows of forms are read for a statement, where the tables are as large as in real life.

    Of four thousand rows, reading all is often cheaper than an index, which tells nothing: so that is switched off.
    """
    with connection.cursor() as cursor:
        cursor.execute("set local enable_seqscan = off")
        cursor.execute(f"explain (analyze, format json) {sql}")
        [(found,)] = cursor.fetchall()
    waiting, read = [found[0]["Plan"]], 0
    while waiting:
        node = waiting.pop()
        waiting += node.get("Plans", [])
        if node.get("Relation Name") == "complaints_feedback_feedbackform":
            read += node["Actual Loops"] * (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
    return int(read)


def test_what_waits_for_somebody_is_counted_without_reading_through_all_forms(somebody):
    for code in TO_DO:
        rows = VIEWS[code].rows(FeedbackForm.objects.all(), somebody, MORNING)

        with CaptureQueriesContext(connection) as captured:
            assert rows.count() > 0

        assert forms_read(captured.captured_queries[0]["sql"]) <= MOST, code
