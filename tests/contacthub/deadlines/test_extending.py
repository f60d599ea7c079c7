"""A later moment that a lead agrees to. 3 June 2026 is a Wednesday; 3 working days from 10am end on Monday, 10am."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from contacthub.cases.models import Event
from contacthub.cases.timeline import timeline
from contacthub.clock import now
from contacthub.deadlines.explaining import explain
from contacthub.deadlines.models import DayOff, Deadline
from contacthub.deadlines.services import (
    days_off_changed,
    extend,
    meet,
    pause,
    resume,
    set_deadline,
    take_step,
    work_out_again,
)  # fmt: skip
from contacthub.deadlines.working_time import Target
from contacthub.errors import MovedOn, NotThere, Refused, RuleBroken
from contacthub.people.models import Nation
from contacthub.people.roles import Post, Role
from contacthub.people.services import actor_for
from employer_contact.models import ServiceRequest
from employer_contact.services.requests import DUE
from jobmatch_helpdesk.models import Incident
from tests.contacthub.deadlines.calendar import uk
from tests.factories import IncidentFactory, MembershipFactory, ServiceRequestFactory, StaffMemberFactory, UnitFactory

pytestmark = pytest.mark.django_db
START, LATER = uk("2026-06-03 10:00"), uk("2026-06-10 12:00")


@pytest.fixture
def incident():
    return IncidentFactory()


@pytest.fixture
def deadline(incident):
    return set_deadline(case=incident.case, kind="first_reply", target=Target(working_days=3), at=START)


def longer(deadline, by, **given):
    given = {"until": LATER, "reason": "The site is looking for the account", "at": uk("2026-06-04 09:00")} | given
    return extend(deadline_id=deadline.pk, by=by, **given)


def test_it_is_due_at_the_new_moment_and_the_timeline_says_both(deadline, incident, lead):
    longer(deadline, lead)

    (entry,) = timeline(incident, words_of={"due_extended"})
    assert Incident.objects.get().due_at == LATER
    assert entry.words == (
        "First reply: Wednesday 10 June 2026, 12pm, was Monday 8 June 2026, 10am. The site is looking for the account"
    )
    assert explain(Deadline.objects.get()).lines[-1] == (
        "It was extended on Thursday 4 June 2026, 9am: Wednesday 10 June 2026, 12pm."
    )


def test_after_a_pause_it_goes_on_with_what_was_left_of_the_new_time(deadline, incident, lead):
    longer(deadline, lead)
    pause(case=incident.case, kind="first_reply", at=uk("2026-06-10 10:00"))
    resume(case=incident.case, kind="first_reply", at=uk("2026-06-11 10:00"))

    assert Deadline.objects.get().due_at == uk("2026-06-11 12:00")


def test_a_day_off_that_comes_later_leaves_what_was_agreed(deadline, lead):
    longer(deadline, lead)
    DayOff.objects.create(nation=Nation.ENGLAND_AND_WALES, day=uk("2026-06-05 00:00").date(), words="Jubilee")
    days_off_changed(Nation.ENGLAND_AND_WALES)

    work_out_again(deadline_id=deadline.pk, at=uk("2026-06-04 10:00"))

    assert Deadline.objects.get().due_at == LATER
    assert not Event.objects.filter(kind="due_moved").exists()


def test_people_hear_of_the_new_moment_and_no_longer_of_the_old_one(deadline, lead, told):
    told.may_extend = lambda *asked: True
    longer(deadline, lead)

    for moment in ("2026-06-08 10:00", "2026-06-08 16:00", "2026-06-10 12:00"):
        take_step(deadline_id=deadline.pk, at=uk(moment))

    assert [(heard[0], heard[-1]) for heard in told.heard if heard[0] in ("warned", "escalated")] == [
        ("warned", uk("2026-06-08 16:00")),  # 12 of the 24 working hours are left
        ("escalated", LATER),
    ]


@pytest.mark.parametrize(
    ("given", "messages"),
    [
        ({"until": uk("2026-06-08 10:00")}, ["The new moment must be later than Monday 8 June 2026, 10am"]),
        ({"until": uk("2026-06-05 10:00")}, ["The new moment must be later than Monday 8 June 2026, 10am"]),
        (
            {"until": uk("2026-06-09 10:00"), "at": uk("2026-06-09 11:00")},
            ["The new moment must be later than Tuesday 9 June 2026, 11am"],
        ),
        ({"reason": " "}, ["Enter why it needs longer"]),
        (
            {"reason": "", "until": START},
            ["The new moment must be later than Monday 8 June 2026, 10am", "Enter why it needs longer"],
        ),
    ],
)
def test_it_needs_a_later_moment_and_a_reason(deadline, lead, given, messages):
    with pytest.raises(RuleBroken) as refusal:
        longer(deadline, lead, **given)

    assert [one.message for one in refusal.value.all] == messages
    assert Deadline.objects.get().due_at == uk("2026-06-08 10:00")


def test_a_clock_that_stands_is_not_extended(deadline, incident, lead):
    pause(case=incident.case, kind="first_reply", at=uk("2026-06-03 11:00"))

    with pytest.raises(RuleBroken, match="The clock stands"):
        longer(deadline, lead)


def test_what_has_ended_is_not_extended(deadline, incident, lead):
    meet(case=incident.case, kind="first_reply", at=uk("2026-06-03 11:00"))

    with pytest.raises(MovedOn, match="First reply: met"):
        longer(deadline, lead)


class TestWho:
    def test_an_agent_asks_the_lead(self, deadline, ana):
        with pytest.raises(Refused, match="Ask the lead of the queue or the team to extend this"):
            longer(deadline, ana)

    def test_who_does_not_see_the_case_finds_nothing(self, deadline):
        stranger = actor_for(StaffMemberFactory(), on=START.date())

        with pytest.raises(NotThere):
            longer(deadline, stranger)

    def test_a_deadline_that_nobody_is_named_for_is_extended_by_nobody(self, incident, lead):
        closing = set_deadline(case=incident.case, kind="close", target=Target(working_days=10), at=START)

        with pytest.raises(Refused):
            longer(closing, lead, until=uk("2026-07-10 12:00"))

    def test_the_team_leader_extends_a_service_request_and_its_owner_does_not(self, reference):
        caseworker = StaffMemberFactory(role=Role.EMPLOYER_PAYMENTS_CASEWORKER)
        request = ServiceRequestFactory(owner=caseworker, team=UnitFactory())
        owner = actor_for(caseworker, on=START.date())
        leader = StaffMemberFactory(role=Role.EMPLOYER_PAYMENTS_CASEWORKER)
        MembershipFactory(person=leader, unit=request.team, post=Post.TEAM_LEADER)
        due = set_deadline(case=request.case, kind=DUE, target=Target(working_days=3), at=START)

        with pytest.raises(Refused):
            longer(due, owner)
        longer(due, actor_for(leader, on=START.date()))

        assert ServiceRequest.objects.get().due_at == LATER


class TestPage:
    """Pages read the clock of today."""

    @pytest.fixture
    def running(self, incident):
        return set_deadline(case=incident.case, kind="first_reply", target=Target(working_days=3), at=now())

    def test_a_lead_extends_it_there_and_a_second_press_does_nothing_more(self, client, running, incident):
        client.force_login(StaffMemberFactory(role=Role.HELPDESK_LEAD))
        page = client.get(reverse("deadlines:newest", args=[incident.reference, "first_reply"]), follow=True)
        assert "Extend it" in page.content.decode()
        sent = {"key": str(uuid4()), "until": "2099-06-10T12:00", "reason": "The site is looking"}

        for _ in range(2):
            answer = client.post(reverse("deadlines:extend", args=[running.pk]), sent)
            assert answer.url == running.get_absolute_url()

        assert Incident.objects.get().due_at == uk("2099-06-10 12:00")
        assert Event.objects.filter(kind="due_extended").count() == 1

    def test_a_refusal_keeps_the_words(self, client, running):
        client.force_login(StaffMemberFactory(role=Role.HELPDESK_LEAD))

        page = client.post(
            reverse("deadlines:extend", args=[running.pk]), {"key": str(uuid4()), "until": "soon", "reason": "Looking"}
        ).content.decode()

        assert "New due date must be a day and a time, like 2026-06-04 14:30" in page
        assert "Looking" in page

    def test_one_that_was_met_meanwhile_says_so(self, client, running, incident):
        client.force_login(StaffMemberFactory(role=Role.HELPDESK_LEAD))
        meet(case=incident.case, kind="first_reply", at=now())

        answer = client.post(
            reverse("deadlines:extend", args=[running.pk]),
            {"key": str(uuid4()), "until": "2099-06-10T12:00", "reason": "Looking"},
        )

        assert (answer.status_code, "First reply: met. Nothing was changed" in answer.content.decode()) == (409, True)

    def test_an_agent_is_shown_no_form(self, client, running):
        client.force_login(StaffMemberFactory(role=Role.HELPDESK_AGENT))

        assert "Extend it" not in client.get(running.get_absolute_url()).content.decode()

    def test_there_is_no_newest_of_what_was_never_set(self, client, incident):
        client.force_login(StaffMemberFactory(role=Role.HELPDESK_AGENT))

        assert client.get(reverse("deadlines:newest", args=[incident.reference, "nothing"])).status_code == 404
