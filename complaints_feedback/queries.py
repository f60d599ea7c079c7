from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db.models import Exists, OuterRef, Q, QuerySet

from complaints_feedback import scopes
from complaints_feedback.lifecycle import DISCUSSED_ON, ENDED, FormState
from complaints_feedback.routing import ALL_FOUR
from complaints_feedback.terms import Part
from contacthub.actor import Actor
from contacthub.cases.queries import CaseRecordQuerySet
from contacthub.people.roles import Post, Role

if TYPE_CHECKING:
    from complaints_feedback.models import FeedbackForm  # noqa: F401  named in the base class


class FeedbackFormQuerySet(CaseRecordQuerySet["FeedbackForm"]):
    def visible_to(self, actor: Actor) -> Self:
        """Keep the forms that the actor has a part in, from the moment that part begins.

        This says that there is a form, and its state. What is read of it is for permissions.py to say, since whoever
        was sent a form that was then withdrawn learns that, and no more.
        """
        if actor.sees_everything:
            return self
        if actor.staff_id is None:
            return self.none()
        recipients = self.model._meta.get_field("recipients").related_model._default_manager
        has_part = recipients.filter(form=OuterRef("pk"), person_id=actor.staff_id)
        is_receiver = Q(Exists(has_part.filter(part=Part.TEAM_LEADER)))
        led = [unit_id for post, unit_id in actor.posts if post == Post.TEAM_LEADER]
        areas = [unit_id for post, unit_id in actor.posts if post == Post.SENIOR_RESOLUTION_MANAGER]
        seen = Q(sender_id=actor.staff_id) | Q(sending_team_leader_id=actor.staff_id)
        seen |= Q(delivered_at__isnull=False) & Q(Exists(has_part.filter(part__in=ALL_FOUR)))
        seen |= Q(with_senior_at__isnull=False) & Q(Exists(has_part.filter(part=Part.SENIOR_MANAGER)))
        seen |= Q(state__in=DISCUSSED_ON, person_id=actor.staff_id)
        if areas:
            seen |= Q(with_senior_at__isnull=False, area_id__in=areas)
        if led:
            # Whoever leads the person too receives the form: the time to discuss it runs from that moment.
            seen |= Q(sender_team_id__in=led) & ~Q(person_id=actor.staff_id) & ~is_receiver
        return self.filter(seen)

    def known_to(self, actor: Actor) -> Self:
        """Keep the forms of which a key may learn the state: all for an integrator, who reads nothing that they say."""
        sees_all = Role.INTEGRATOR in actor.roles and actor.has_scope(scopes.READ)
        return self if sees_all else self.visible_to(actor)

    def active(self) -> Self:
        return self.exclude(state__in=ENDED)

    def of_complaint(self, reference: str) -> Self:
        """Keep the forms about one complaint of Respond, newest first."""
        return self.filter(complaint_reference=reference).order_by("-pk")

    def sent_by(self, staff_id: int) -> Self:
        """Keep what one member of the complaint teams started, newest first."""
        return self.filter(sender_id=staff_id).order_by("-pk")

    def for_sending_leader(self, staff_id: int, *states: FormState) -> Self:
        """Keep what waits for one sending team leader, oldest first: to agree, or to check and send."""
        return self.filter(sending_team_leader_id=staff_id, state__in=states).order_by("pk")

    def addressed_to(self, staff_id: int, *parts: Part) -> Self:
        """Keep what somebody was sent in one of these parts."""
        recipients = self.model._meta.get_field("recipients").related_model._default_manager
        mine = recipients.filter(person_id=staff_id, part__in=parts).values("form_id")
        return self.filter(pk__in=mine, delivered_at__isnull=False)

    def to_confirm_in(self, area_ids: list[int]) -> Self:
        """Keep what the senior resolution manager of these areas is to confirm, oldest first."""
        return self.filter(area_id__in=area_ids, state=FormState.WITH_SENIOR_MANAGER).order_by("pk")

    def of_month(self, person_id: int, month: date) -> Self:
        """Keep the forms of a person that are documented in the 1-2-1 of this month, of which `month` is the first day
        (CF-05), oldest first. Which of them a reader learns of is for permissions.py to say.
        """
        return self.filter(person_id=person_id, part_two__one_to_one_month=month).order_by("pk")

    def by_time_left(self) -> Self:
        return self.order_by("due_at", "pk")

    def overdue(self, at: datetime) -> Self:
        """Keep what should have been discussed: while no clock runs, nothing is due."""
        return self.filter(due_at__lte=at)

    def for_page(self) -> Self:
        """Read along all people that a form names: in several queries, as Postgres takes 10 ms to plan the one."""
        people = ["sender", "sender_team", "sending_team_leader", "person", "area", "agreed_by"]
        return self.prefetch_related(*people, "recipients__person", "involved__person")

    def for_list(self) -> Self:
        """Read what a row of a list says, and who has which part, which decides what its reader may see of it."""
        says = ["complaint_reference", "route", "state", "due_at", "started_at", "case__kind", "case__reference"]
        decides = ["sender", "sender_team", "sending_team_leader", "person", "area", "with_senior_at", "delivered_at"]
        return self.only(*says, *decides).prefetch_related("sender", "person", "recipients")


class PlanQuerySet(QuerySet[Any]):
    def standing(self) -> Self:
        """Keep the plans of forms that were discussed: before, only whoever writes part 2 knows of one, and a form that
        is withdrawn leaves none.
        """
        return self.filter(form__state__in=DISCUSSED_ON)

    def open(self) -> Self:
        return self.standing().filter(done_on=None)

    def of_month(self, person_id: int, month: date) -> Self:
        """Keep the plans of a person that belong in the 1-2-1 of this month: those of its forms, and open ones from
        before; `month` is its first day (CF-05).
        """
        this_month = Q(form__part_two__one_to_one_month=month)
        from_before = Q(done_on=None, form__part_two__one_to_one_month__lt=month)
        return self.standing().filter(this_month | from_before, person_id=person_id).order_by("pk")


class PersonalFileQuerySet(QuerySet[Any]):
    def of(self, person_id: int) -> Self:
        """Keep the entries of a person's file, newest first. Who may read them, `may_see_file` says."""
        return self.filter(person_id=person_id).order_by("-filed_at", "-pk")
