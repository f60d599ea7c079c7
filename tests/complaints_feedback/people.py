"""Who has to do with a form in the tests, of each column of the permission matrix."""

from __future__ import annotations

from datetime import timedelta

from complaints_feedback.lifecycle import DISCUSSED_ON, ENDED, SENT
from complaints_feedback.lifecycle import FormState as State
from complaints_feedback.models import FeedbackForm
from complaints_feedback.terms import Part
from contacthub.actor import Actor
from contacthub.people.models import StaffMember
from contacthub.people.roles import Post, Role, UnitKind
from contacthub.people.services import actor_for
from tests.factories import MORNING, FeedbackFormFactory, MembershipFactory, StaffMemberFactory, UnitFactory

SENDER, COLLEAGUE, SENDING, OTHER_LEADER = "sender", "another of the complaint team", "sending leader", "another leader"
RECEIVING, WORKGROUP, AREA, HEAD = "receiving leader", "workgroup manager", "area manager", "head of line"
SENIOR, HOLDER, OTHER_SENIOR = "senior manager", "holder of the area's post", "senior manager of another area"
PERSON, ADMINISTRATOR, INTEGRATOR, NOBODY = "the person", "administrator", "integrator", "somebody else"
COLUMNS = [
    SENDER, COLLEAGUE, SENDING, OTHER_LEADER, RECEIVING, WORKGROUP, AREA, HEAD, SENIOR, HOLDER, OTHER_SENIOR, PERSON,
    ADMINISTRATOR, INTEGRATOR, NOBODY,
]  # fmt: skip
ROLE_OF = {
    SENDER: Role.COMPLAINT_TEAM_MEMBER,
    COLLEAGUE: Role.COMPLAINT_TEAM_MEMBER,
    ADMINISTRATOR: Role.ADMINISTRATOR,
    INTEGRATOR: Role.INTEGRATOR,
}
PART_OF = {
    RECEIVING: Part.TEAM_LEADER,
    WORKGROUP: Part.WORKGROUP_MANAGER,
    AREA: Part.AREA_MANAGER,
    HEAD: Part.HEAD_OF_LINE,
    SENIOR: Part.SENIOR_MANAGER,
}


def everybody() -> dict[str, StaffMember]:
    """Return somebody of each column, with the posts that they hold."""
    people = {column: StaffMemberFactory(name=column.title(), role=ROLE_OF.get(column)) for column in COLUMNS}
    team = UnitFactory(code="complaints-1", kind=UnitKind.TEAM)
    elsewhere = UnitFactory(code="maintenance-9", kind=UnitKind.TEAM)
    for column, unit, post in [
        (SENDER, team, ""),
        (COLLEAGUE, team, ""),
        (SENDING, team, Post.TEAM_LEADER),
        (OTHER_LEADER, elsewhere, Post.TEAM_LEADER),
        (HOLDER, UnitFactory(code="area-north", kind=UnitKind.AREA), Post.SENIOR_RESOLUTION_MANAGER),
        (OTHER_SENIOR, UnitFactory(code="area-south", kind=UnitKind.AREA), Post.SENIOR_RESOLUTION_MANAGER),
    ]:
        MembershipFactory(person=people[column], unit=unit, post=post)
    return people


def actor(person: StaffMember) -> Actor:
    return actor_for(person, on=MORNING.date())


def form_of(people: dict[str, StaffMember], state: State, *, by_senior: bool = True, **fields: object) -> FeedbackForm:
    """Return a form in this state that names all of them; `by_senior`, the senior manager confirmed it."""
    was_sent = state in SENT
    moments = {
        "ended_at": MORNING if state in ENDED else None,
        "with_senior_at": MORNING if by_senior and (was_sent or state == State.WITH_SENIOR_MANAGER) else None,
        "delivered_at": MORNING if was_sent else None,
        "received_at": MORNING if was_sent else None,
        "discussion_recorded_at": MORNING + timedelta(hours=1) if state in DISCUSSED_ON else None,
        "completed_at": MORNING + timedelta(hours=2) if state in (State.PART_TWO_COMPLETE, State.CLOSED) else None,
    }
    named = {
        "route": "review" if by_senior else "resolution",
        "sender": people[SENDER],
        "sender_team": UnitFactory(code="complaints-1"),
        "sending_team_leader": people[SENDING],
        "agreed_by": people[SENDING],
        "agreed_at": MORNING,
        "person": people[PERSON],
        "area": UnitFactory(code="area-north") if by_senior else None,
    }
    form = FeedbackFormFactory(state=state, **{**named, **moments, **fields})
    for column, part in PART_OF.items():
        if by_senior or part != Part.SENIOR_MANAGER:
            form.recipients.create(part=part, person=people[column])
    return form
