"""What happens to a feedback form when something shared happens."""

from __future__ import annotations

from datetime import datetime

from complaints_feedback import permissions
from complaints_feedback.lifecycle import HAS_SENDING_LEADER, FormState
from complaints_feedback.models import FeedbackForm, Purpose, Sending
from complaints_feedback.parts import FORM_COPY
from complaints_feedback.services.following import tell_that_others_are_responsible
from complaints_feedback.services.recipients import why_not_send
from complaints_feedback.services.shared import DAILY_CHECK, DISCUSSION, person_in, take_over, tell_all
from complaints_feedback.services.starting import ONE_DAY
from complaints_feedback.terms import Part
from contacthub.actor import Actor
from contacthub.cases.models import Case
from contacthub.cases.registry import reacts_for
from contacthub.deadlines.protocols import DeadlineReactions
from contacthub.deadlines.services import set_deadline
from contacthub.documents.models import Document
from contacthub.documents.protocols import DocumentReactions
from contacthub.formats import day_and_time
from contacthub.mail.models import Message
from contacthub.mail.protocols import MailReactions
from contacthub.people.roles import Role


@reacts_for(FeedbackForm)
class FeedbackFormReactions(DeadlineReactions, MailReactions, DocumentReactions):
    LEADS = frozenset({Role.TEAM_LEADER, Role.WORKGROUP_MANAGER})
    MOVED_BY_TIME = frozenset({DAILY_CHECK})

    def due_moved(self, case: Case, kind: str, due_at: datetime) -> None:
        if kind == DISCUSSION:
            FeedbackForm.objects.filter(pk=case.pk).update(due_at=due_at)

    def came_due(self, form: FeedbackForm, kind: str, at: datetime) -> None:
        """Ask the people directory once a day who acts for the sender, as long as anybody does, and who is responsible
        for the person.
        """
        if kind == DAILY_CHECK and form.state in HAS_SENDING_LEADER:
            take_over(form, at=at)
            tell_that_others_are_responsible(form, at=at)
            set_deadline(case=form.case, kind=DAILY_CHECK, target=ONE_DAY, at=at)

    def warned(self, form: FeedbackForm, kind: str, due_at: datetime, at: datetime) -> None:
        """Remind the receiving team leader (M-CF-03)."""
        if kind == DISCUSSION and form.state == FormState.DELIVERED:
            words = f"{form.reference}: discuss this feedback with {form.person} by {day_and_time(due_at)}"
            tell_all([person_in(form, Part.TEAM_LEADER)], words, form, at=at)

    def escalated(self, form: FeedbackForm, kind: str, due_at: datetime, at: datetime) -> None:
        """Tell the receiving team leader that it is overdue, and from the second time on the workgroup manager too; it
        stays open until it is discussed (CF-49).
        """
        if kind != DISCUSSION or form.state != FormState.DELIVERED:
            return
        people = [person_in(form, Part.TEAM_LEADER)]
        if form.overdue_told_at:
            people.append(person_in(form, Part.WORKGROUP_MANAGER))
        else:
            FeedbackForm.objects.filter(pk=form.pk).update(overdue_told_at=at)
        words = f"{form.reference}: the discussion with {form.person} was due by {day_and_time(due_at)}"
        tell_all(people, words, form, at=at, in_digest=True)

    def delivery_failed(self, form: FeedbackForm, message: Message, at: datetime) -> None:
        """Tell who can act on one mail that failed: of a copy the receiving team leader, else the sending one. The
        other mails stay as they are, and so does the clock. Where nobody is to get it any more, nobody need act.
        """
        sending = Sending.objects.filter(message=message).select_related("person").first()
        if sending is None or why_not_send(form, sending):
            return
        is_copy = sending.purpose == Purpose.COPY
        who = person_in(form, Part.TEAM_LEADER) if is_copy else form.sending_team_leader
        words = f"{form.reference}: the email to {sending.person}, {sending.get_part_display().lower()}, failed"
        tell_all([who], words, form, at=at)

    def why_not_send(self, message: Message) -> str:
        sending = Sending.objects.filter(message=message).select_related("form__case", "person").first()
        return why_not_send(sending.form, sending) if sending else ""

    def may_open(self, document: Document, actor: Actor) -> bool:
        """Letters and the printed form are read by those who read the letters, copies by those who read part 2 too."""
        form = FeedbackForm.objects.visible_to(actor).filter(pk=document.case_id).first()
        if form is None or not permissions.may_see_letters(actor, form):
            return False
        return document.kind != FORM_COPY or permissions.may_see_part_two(actor, form)
