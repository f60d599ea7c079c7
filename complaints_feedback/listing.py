"""The lists of forms, as far as somebody has to do with them; and who in the directory fits what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from complaints_feedback import permissions
from complaints_feedback.lifecycle import COMPLETE, DISCUSSED_ON, ENDED, FormState
from complaints_feedback.models import DevelopmentPlan, FeedbackForm, PersonalFileEntry
from complaints_feedback.queries import FeedbackFormQuerySet
from complaints_feedback.routing import MANAGERS
from complaints_feedback.terms import Part
from contacthub import keyset
from contacthub.actor import Actor
from contacthub.people.directory import reports_of
from contacthub.people.listing import BY_NAME, people_for
from contacthub.people.models import StaffMember
from contacthub.people.queries import StaffQuerySet
from contacthub.people.roles import Post, Role
from contacthub.ui import listing
from contacthub.ui.listing import Asked, Order, View, counts_of

TIME_LEFT = Order("time left", ("due_at", "pk"))
NEWEST = Order("newest", ("pk",), newest_first=True)
ORDERS = {"due": TIME_LEFT, "newest": NEWEST}
NEWEST_FIRST = {"newest": NEWEST, "due": TIME_LEFT}
MOST_PEOPLE = 10

MINE = View("Mine", lambda rows, actor, at: rows.sent_by(actor.staff_id).active(), "You have no form under way")
TO_AGREE = View(
    "To agree",
    lambda rows, actor, at: rows.for_sending_leader(actor.staff_id, FormState.AWAITING_AGREEMENT),
    "Nobody waits for you to agree",
)
TO_CHECK = View(
    "To check",
    lambda rows, actor, at: rows.for_sending_leader(actor.staff_id, FormState.SUBMITTED),
    "No form waits for you to check and send",
)
TO_CONFIRM = View(
    "To confirm",
    lambda rows, actor, at: rows.to_confirm_in(_areas(actor)),
    "No form waits for you to confirm its managers",
)
TO_DISCUSS = View(
    "To discuss",
    lambda rows, actor, at: rows.addressed_to(actor.staff_id, Part.TEAM_LEADER).filter(state=FormState.DELIVERED),
    "You have no feedback to discuss",
)
DISCUSSED = View(
    "Discussed",
    lambda rows, actor, at: rows.addressed_to(actor.staff_id, Part.TEAM_LEADER).filter(state__in=DISCUSSED_ON),
    "You have discussed no feedback yet",
)
COPIES = View(
    "Copies", lambda rows, actor, at: rows.addressed_to(actor.staff_id, *MANAGERS), "You were sent no form yet"
)
OVERDUE = View(
    "Overdue below me",
    lambda rows, actor, at: rows.addressed_to(actor.staff_id, Part.WORKGROUP_MANAGER).overdue(at),
    "Nothing below you is overdue",
)
DONE = View(
    "Done",
    lambda rows, actor, at: rows.sent_by(actor.staff_id).filter(state__in=[*COMPLETE, *ENDED]),
    "None of your forms is done yet",
)
SENT_ON = View(
    "Sent on",
    lambda rows, actor, at: rows.filter(sending_team_leader_id=actor.staff_id, delivered_at__isnull=False),
    "You have sent no form on yet",
)
ABOUT_ME = View(
    "About me",
    lambda rows, actor, at: rows.filter(person_id=actor.staff_id, state__in=DISCUSSED_ON),
    "No feedback about you was discussed with you",
)
VIEWS = {
    "mine": MINE,
    "to-agree": TO_AGREE,
    "to-check": TO_CHECK,
    "to-confirm": TO_CONFIRM,
    "to-discuss": TO_DISCUSS,
    "overdue": OVERDUE,
    "discussed": DISCUSSED,
    "copies": COPIES,
    "sent-on": SENT_ON,
    "done": DONE,
    "about-me": ABOUT_ME,
}
# What waits for somebody to act on it.
TO_DO = {"to-agree": TO_AGREE, "to-check": TO_CHECK, "to-confirm": TO_CONFIRM, "to-discuss": TO_DISCUSS}
# The page on which its reader acts, by the list; the others lead to the page of the form.
ACTED_ON = {
    "to-agree": "feedback:agree",
    "to-check": "feedback:check",
    "to-confirm": "feedback:confirm",
    "to-discuss": "feedback:part_two",
}
LEADERS = ["to-agree", "to-check", "to-discuss", "discussed", "sent-on"]
OF_POST = {
    Post.TEAM_LEADER: LEADERS,
    Post.WORKGROUP_MANAGER: [*LEADERS, "copies", "overdue"],
    Post.AREA_MANAGER: ["copies"],
    Post.HEAD_OF_LINE: ["copies"],
    Post.SENIOR_RESOLUTION_MANAGER: ["to-confirm"],
}


def own_views(actor: Actor) -> set[str]:
    """Return the lists of the actor's role and posts; the others are there once they have something in them."""
    is_head_of_site = Role.ED_TEAM_LEADER in actor.roles  # whose staff seldom get feedback by this way
    posts = [] if is_head_of_site else actor.posts
    found = {view for post, _ in posts for view in OF_POST.get(Post(post), [])}
    return found | ({"mine", "done"} if permissions.may_start(actor) else set())


@dataclass(frozen=True)
class Lists(listing.Lists):
    @cached_property
    def _counted(self) -> dict[str, str]:
        return counts_of({code: self.of_view(code) for code in VIEWS})

    @cached_property
    def views(self) -> dict[str, View]:
        own = own_views(self.actor)
        shown = {code: view for code, view in VIEWS.items() if code in own or self._counted[code] != "0"}
        return shown or {"about-me": ABOUT_ME}

    def counts(self) -> dict[str, str]:
        return {code: self._counted[code] for code in self.views}

    @property
    def view(self) -> str:
        """Return the list that was asked for, else the first that has something in it."""
        if self.asked.view in self.views:
            return self.asked.view
        return next((code for code, count in self.counts().items() if count != "0"), next(iter(self.views)))

    @property
    def leads_to(self) -> str:
        """Return the name of the page to which the rows of the list lead."""
        return ACTED_ON.get(self.view, "feedback:form")

    @property
    def orders(self) -> dict[str, Order]:
        """Return the time left first where somebody has to act in time."""
        return ORDERS if self.view in ("to-discuss", "overdue") else NEWEST_FIRST

    def rows(self) -> Any:
        return filtered(self.of_view(self.view), self.asked.filters).for_list()

    def of_view(self, view: str) -> FeedbackFormQuerySet:
        rows: Any = FeedbackForm.objects.all()
        kept: FeedbackFormQuerySet = VIEWS[view].rows(rows, self.actor, self.at)
        return kept


def filtered(rows: Any, filters: dict[str, Any]) -> Any:
    """Keep what the filters keep."""
    if trigger := filters.get("trigger"):
        rows = rows.filter(triggers__contains=[trigger])
    return rows.filter(**{name: filters[name] for name in ("route", "state") if filters.get(name)})


def to_go_on_with(actor: Actor) -> FeedbackFormQuerySet:
    """Keep the forms that their sender has to go on with, newest first."""
    mine: FeedbackFormQuerySet = FeedbackForm.objects.sent_by(actor.staff_id or 0)
    return mine.filter(state__in=[FormState.DRAFT, FormState.AGREED])


def to_do(actor: Actor, *, at: datetime) -> dict[str, FeedbackFormQuerySet]:
    """Return what waits for the actor, by the list in which it stands."""
    rows: Any = FeedbackForm.objects.all()
    return {code: view.rows(rows, actor, at) for code, view in TO_DO.items()}


@dataclass(frozen=True)
class Fitting:
    """The people of the directory who fit what was typed."""

    people: list[StaffMember]

    @property
    def only(self) -> int | None:
        return self.people[0].pk if len(self.people) == 1 else None

    @property
    def several(self) -> bool:
        return len(self.people) > 1

    @property
    def words(self) -> str:
        """Say why it is nobody yet."""
        if not self.people:
            return "Enter the name or staff number of somebody in the directory"
        told = ", ".join(f"{person} ({person.staff_number})" for person in self.people)
        return f"Enter the staff number of one of these: {told}"


def people_called(typed: str, *, on: date) -> Fitting:
    """Return the first of those whose name or staff number fits, whether they work here still or not: the fewest words
    that leave one person decide.
    """
    if not typed.strip():
        return Fitting([])
    exact = StaffMember.objects.filter(staff_number=typed.strip()).first()
    if exact:
        return Fitting([exact])
    return Fitting([*people_for(Asked(filters={"q": typed}), on=on).order_by(*BY_NAME)[:MOST_PEOPLE]])


@dataclass(frozen=True)
class Led:
    """Somebody in the list of who leads them: what is in their file, and what is planned and not done."""

    person: StaffMember
    forms: int
    plans: int


def people_led(leader: StaffMember, *, cursor: dict[str, str], size: int, on: date) -> keyset.Page[Any]:
    """Return a page of the people whom somebody leads on the day, directly or not, by name: six statements at most."""
    rows = StaffMember.objects.get_queryset().filter(pk__in=reports_of(leader, on=on))
    page = keyset.page(rows, key=BY_NAME, asked=cursor, size=size)
    filed = _counted(PersonalFileEntry.objects.filter(person__in=page.rows))
    planned = _counted(DevelopmentPlan.objects.open().filter(person__in=page.rows))
    lines: list[Any] = [Led(one, filed.get(one.pk, 0), planned.get(one.pk, 0)) for one in page.rows]
    return keyset.Page(lines, page.newer, page.older)


def one_to_ones_of(leader: StaffMember, *, month: date, on: date) -> StaffQuerySet:
    """Keep, by name, the people led on the day with whom something belongs in the 1-2-1 of this month (CF-05)."""
    forms = PersonalFileEntry.objects.filter(person=OuterRef("pk"), form__part_two__one_to_one_month=month)
    plans = DevelopmentPlan.objects.open().filter(person=OuterRef("pk"), form__part_two__one_to_one_month__lte=month)
    led = StaffMember.objects.get_queryset().filter(pk__in=reports_of(leader, on=on))
    return led.filter(Exists(forms) | Exists(plans)).order_by(*BY_NAME)


def number_of_filed(staff_id: int) -> str:
    """Return the staff number of somebody who has anything in their personal file, "" of others."""
    return PersonalFileEntry.objects.of(staff_id).values_list("person__staff_number", flat=True).first() or ""


def _counted(rows: QuerySet[Any]) -> dict[int, int]:
    """Count rows by the person they are about."""
    return dict(rows.order_by().values_list("person_id").annotate(Count("pk")))


def _areas(actor: Actor) -> list[int]:
    return [unit_id for post, unit_id in actor.posts if post == Post.SENIOR_RESOLUTION_MANAGER]
