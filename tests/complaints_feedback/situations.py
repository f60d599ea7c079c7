"""People by the directory, and forms brought to a state by the services themselves.

Moments are worked out by hand: 3 June 2026 is a Wednesday, 9:00 UTC is 10am in the UK, June has no bank holiday.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from complaints_feedback import services
from complaints_feedback.coaching import Discussion, Outcome
from complaints_feedback.models import FeedbackForm
from complaints_feedback.services import Cause, Complaint, Evidence, Named
from complaints_feedback.terms import Channel, Part, Route, Stage, Trigger
from contacthub.actor import Actor
from contacthub.mail.models import Message, Notice
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Post, Role, UnitKind
from contacthub.people.services import actor_for
from tests.contacthub.documents.files import upload
from tests.factories import MORNING, MembershipFactory, PlacementFactory, StaffMemberFactory, UnitFactory

LATER = MORNING + timedelta(hours=1)
SENT = MORNING + timedelta(hours=2)  # Wednesday, noon
DUE = SENT + timedelta(hours=48)
DISCUSSED = SENT + timedelta(hours=20)
DONE = SENT + timedelta(hours=30)

COMPLAINT = Complaint(
    channel=Channel.LETTER,
    stage=Stage.FIRST,
    received_on=date(2026, 5, 20),
    client_discussed_on=date(2026, 5, 22),
    client_discussion="She was promised a call that nobody made",
)
CAUSE = Cause(triggers=[Trigger.PROMISE], what_happened="The call was noted and not made", issue_on=date(2026, 4, 1))
EVIDENCE = Evidence(master_case="300000001", sr_references="SR-004188", sr_notes="Call promised on 1 April")
DISCUSSION = Discussion(
    discussed_at=DISCUSSED,
    how="One to one",
    place="At their desk",
    recordings=["VR-2231"],
    occurred="When the call was noted",
    resolution="By setting a reminder",
)
OUTCOME = Outcome(
    changes_agreed="Every promise gets a reminder",
    no_development_needs=True,
    one_to_one_month=date(2026, 6, 1),
    opportunity_explained=True,
)


def works(
    name: str, unit: Unit, post: str = "", role: Role | None = None, *, since: date = date(2020, 1, 6), **fields: Any
) -> StaffMember:
    """Return somebody new who works in the unit, and holds the post in it."""
    person = StaffMemberFactory(name=name, role=role, email=f"{name.lower().replace(' ', '.')}@dwp.example", **fields)
    MembershipFactory(person=person, unit=unit, post=post, starts_on=since)
    return person


def actor(person: StaffMember, *, at: datetime = MORNING) -> Actor:
    return actor_for(person, on=at.date())


class World:
    """The sender's team and that of the person, each in a workgroup, an area and a line of business of its own."""

    def __init__(self) -> None:
        self.team = UnitFactory(code="complaints-2", name="Complaints, Team 2", kind=UnitKind.TEAM)
        self.their_team = UnitFactory(code="maintenance-7", name="Maintenance, Team 7", kind=UnitKind.TEAM)
        units = {
            name: UnitFactory(code=name, name=name.title(), kind=kind)
            for name, kind in [
                ("mersey", UnitKind.WORKGROUP), ("tyne", UnitKind.WORKGROUP), ("south", UnitKind.AREA),
                ("north", UnitKind.AREA), ("complaints", UnitKind.LINE_OF_BUSINESS),
                ("maintenance", UnitKind.LINE_OF_BUSINESS),
            ]
        }  # fmt: skip
        self.units = units
        self.south, self.north = units["south"], units["north"]
        PlacementFactory(
            unit=self.team, workgroup=units["mersey"], area=self.south, line_of_business=units["complaints"]
        )
        PlacementFactory(
            unit=self.their_team, workgroup=units["tyne"], area=self.north, line_of_business=units["maintenance"]
        )
        self.sender = works("Sana Iqbal", self.team, role=Role.COMPLAINT_TEAM_MEMBER)
        self.colleague = works("Cole Hart", self.team, role=Role.COMPLAINT_TEAM_MEMBER)
        self.leader = works("Lena Voss", self.team, Post.TEAM_LEADER)
        self.workgroup_manager = works("Wim Baker", units["mersey"], Post.WORKGROUP_MANAGER)
        self.senior_south = works("Sol Reyes", self.south, Post.SENIOR_RESOLUTION_MANAGER)
        self.person = works("Tom Reilly", self.their_team)
        self.earlier = works("Eve Lund", self.their_team)
        self.receiver = works("Rosa Quill", self.their_team, Post.TEAM_LEADER)
        self.their_manager = works("Max Orr", units["tyne"], Post.WORKGROUP_MANAGER)
        self.area_manager = works("Amy Dean", self.north, Post.AREA_MANAGER)
        self.head = works("Hugo Lane", units["maintenance"], Post.HEAD_OF_LINE)
        self.senior = works("Nina Frost", self.north, Post.SENIOR_RESOLUTION_MANAGER)

    @property
    def four(self) -> list[StaffMember]:
        return [self.receiver, self.their_manager, self.area_manager, self.head]

    def started(self, route: Route = Route.RESOLUTION, *, at: datetime = MORNING) -> FeedbackForm:
        number = FeedbackForm.objects.count() + 1
        return services.start(complaint_reference=f"RSP-{number}", route=route, by=actor(self.sender), at=at)

    def filled_in(self, route: Route = Route.RESOLUTION, *, at: datetime = MORNING) -> FeedbackForm:
        """Return a form that lacks nothing but the agreement."""
        form = self.started(route, at=at)
        mine = {"form_id": form.pk, "by": actor(self.sender), "at": at}
        services.save_complaint(given=COMPLAINT, **mine)
        services.save_cause(given=CAUSE, **mine)
        services.save_involved(person_ids=[self.earlier.pk, self.person.pk], **mine)
        services.choose_person(person_id=self.person.pk, **mine)
        services.save_evidence(given=EVIDENCE, **mine)
        services.save_letters(complaint_letter=upload("Complaint.pdf"), reply_letter=upload("Reply.pdf"), **mine)
        return fresh(form)

    def asked(self, route: Route = Route.RESOLUTION) -> FeedbackForm:
        return services.ask(form_id=self.filled_in(route).pk, by=actor(self.sender), at=MORNING)

    def agreed(self, route: Route = Route.RESOLUTION) -> FeedbackForm:
        form = self.asked(route)
        return services.agree(form_id=form.pk, asked_number=1, by=actor(self.leader), at=MORNING)

    def submitted(self, route: Route = Route.RESOLUTION) -> FeedbackForm:
        return services.submit(form_id=self.agreed(route).pk, by=actor(self.sender), at=LATER)

    def with_senior(self, route: Route = Route.REVIEW, *, at: datetime = LATER) -> FeedbackForm:
        return services.send(form_id=self.submitted(route).pk, by=actor(self.leader), at=at)

    def delivered(self, route: Route = Route.RESOLUTION, *, at: datetime = SENT) -> FeedbackForm:
        if route == Route.RESOLUTION:
            return fresh(services.send(form_id=self.submitted(route).pk, by=actor(self.leader), at=at))
        form = self.with_senior(route)
        return fresh(services.confirm_and_send(form_id=form.pk, managers=self.managers(), by=actor(self.senior), at=at))

    def managers(self, **others: Named) -> dict[Part, Named]:
        shown = {
            Part.WORKGROUP_MANAGER: Named(self.their_manager.pk),
            Part.AREA_MANAGER: Named(self.area_manager.pk),
            Part.HEAD_OF_LINE: Named(self.head.pk),
        }
        return {**shown, **{Part(part): named for part, named in others.items()}}

    def discussed(self, *, at: datetime = DISCUSSED) -> FeedbackForm:
        form = self.delivered()
        return services.record_discussion(form_id=form.pk, given=DISCUSSION, by=actor(self.receiver), at=at)

    def closed(self) -> FeedbackForm:
        form = self.discussed()
        return services.complete_part_two(form_id=form.pk, given=OUTCOME, by=actor(self.receiver), at=DONE)

    def leaves_for(self, person: StaffMember, unit: Unit, *, on: date, post: str = "") -> None:
        """Let somebody work in another unit from this day on."""
        person.memberships.filter(ends_on=None).update(ends_on=on - timedelta(days=1))
        MembershipFactory(person=person, unit=unit, post=post, starts_on=on)

    def has_left(self, person: StaffMember, *, on: date) -> None:
        """Let this day be the first on which somebody does not work for us, or hold anything."""
        StaffMember.objects.filter(pk=person.pk).update(active_to=on - timedelta(days=1))
        person.memberships.filter(ends_on=None).update(ends_on=on - timedelta(days=1))


def fresh(form: FeedbackForm) -> FeedbackForm:
    return FeedbackForm.objects.get(pk=form.pk)


def told(person: StaffMember) -> list[str]:
    """Return what somebody reads on their home page, the oldest first."""
    return [*Notice.objects.filter(person=person).order_by("pk").values_list("words", flat=True)]


def mailed() -> list[str]:
    """Return to whom mail was queued, the oldest first, notices apart."""
    return [*Message.objects.filter(mailbox__code="feedback").order_by("pk").values_list("to", flat=True)]


def happened(form: FeedbackForm) -> list[str]:
    """Return the kinds of the form's events, the oldest first."""
    return [*form.case.events.order_by("pk").values_list("kind", flat=True)]


def words_of(form: FeedbackForm, kind: str) -> str:
    """Return the words of the last event of this kind."""
    event = form.case.events.filter(kind=kind).select_related("words").latest("pk")
    return event.words.text if hasattr(event, "words") else ""
