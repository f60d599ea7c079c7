"""Who has which part in a form: as the people directory shows it, or named with words where it shows nobody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from complaints_feedback.eligibility import NOT_DIFFERENT, errors_in_people, nobody_named
from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import FeedbackForm, Recipient, Sending
from complaints_feedback.routing import POST_OF, area_of, goes_by_senior_manager
from complaints_feedback.services.shared import person_of, refusal, require_all, staff_member
from complaints_feedback.terms import Broken, Part, Route
from contacthub.actor import Actor
from contacthub.errors import RuleBroken, require_unbroken, require_words
from contacthub.formats import uk_day
from contacthub.people.directory import Chain, chain_of
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Post
from contacthub.people.services import holders_of


@dataclass(frozen=True)
class Named:
    """Somebody for a part; `words` say why, where the people directory shows somebody else or nobody."""

    person_id: int
    words: str = ""


def refresh(form: FeedbackForm, chain: Chain, parts: Iterable[Part], *, at: datetime) -> list[str]:
    """Bring these parts of a locked form up to date from the directory, and say what is different now (CF-26).

    Who was named with words stays as long as the directory shows nobody, and they still work for us; whom the senior
    manager has confirmed with words stays in any case.
    """
    known = {Part(one.part): one for one in form.recipients.select_related("person")}
    changes = []
    for part in parts:
        now = known.get(part)
        person = who_has(now, chain.leader(POST_OF[part]), at=at)
        if person == (now.person if now else None):
            continue
        changes.append(f"{part.label}: {person or 'nobody'}{f', was {now.person}' if now else ''}")
        if person is None and now:
            now.delete()
        elif person:
            _put(now or Recipient(form=form, part=part), person.pk)
    return changes


def replace_who_left(form: FeedbackForm, chain: Chain, parts: Iterable[Part], *, at: datetime) -> list[str]:
    """Give to the holders of today those of these parts whose people work for us no longer, and say what is different.

    Where nobody holds the post, nobody has the part.
    """
    known = {Part(one.part): one.person for one in form.recipients.select_related("person")}
    left = [part for part in parts if part not in known or not known[part].is_active_on(uk_day(at))]
    return refresh(form, chain, left, at=at)


def who_has(now: Recipient | None, holder: StaffMember | None, *, at: datetime) -> StaffMember | None:
    """Return who has a part today, by who has it in the form now, and the holder of its post."""
    if now and _was_chosen(now, at=at):
        return now.person
    if holder is None and now and now.words and now.person.is_active_on(uk_day(at)):
        return now.person
    return holder


def name(form: FeedbackForm, part: Part, named: Named, *, at: datetime, fields: str = "") -> Recipient:
    """Give a part to somebody who is named with words; `fields` is how those begin that the refusal is about.

    Raises RuleBroken where words or person are missing, and for the sender and the person the form is about: neither
    reads all that its recipients do.
    """
    require_words(named.words, "Enter why they act for the post", field=f"{fields}words")
    person = staff_member(named.person_id, field=f"{fields}staff", at=at)
    if person.pk in (form.sender_id, form.person_id):
        raise RuleBroken(NOT_DIFFERENT.words, code=NOT_DIFFERENT.code, field=f"{fields}staff")
    recipient = form.recipients.filter(part=part).first() or Recipient(form=form, part=part)
    _put(recipient, person.pk, words=named.words.strip())
    return recipient


def confirm_managers(
    form: FeedbackForm, chain: Chain, managers: Mapping[Part, Named], *, by: Actor, at: datetime
) -> None:
    """Keep or change each manager as the senior manager says: another one than the directory shows needs words (CF-37).

    Raises RuleBroken where one is not confirmed.
    """
    for part, named in managers.items():
        holder = chain.leader(POST_OF[part])
        if holder and holder.pk == named.person_id:
            recipient = form.recipients.filter(part=part).first() or Recipient(form=form, part=part)
            _put(recipient, holder.pk)
        else:
            recipient = name(form, part, named, at=at, fields=f"{part.value}_")
        recipient.confirmed_by_id, recipient.confirmed_at = by.person_id, at
        recipient.save()


def choose_area(form: FeedbackForm, chain: Chain, *, at: datetime) -> None:
    """Set whose senior resolution manager confirms the managers, unless an area was chosen with a reason (AMB-30)."""
    if goes_by_senior_manager(Route(form.route)):
        area = area_for(form, chain, at=at)
        form.area_id = area.pk if area else None


def area_for(form: FeedbackForm, chain: Chain, *, at: datetime) -> Unit | None:
    """Return the area whose senior resolution manager confirms today: one that was chosen with a reason stays."""
    if form.area_reason:
        return form.area
    return area_of(person=chain.area, sender=chain_of(form.sender, on=uk_day(at)).area)


def set_senior_manager(form: FeedbackForm, *, at: datetime) -> None:
    """Address the form to who holds the post of its area today. Raises RuleBroken where it has no area or no holder."""
    area = form.area
    holder = holders_of(Post.SENIOR_RESOLUTION_MANAGER, area, on=uk_day(at)).first() if area else None
    if holder is None:
        raise refusal(nobody_confirms(area))
    Recipient.objects.update_or_create(form=form, part=Part.SENIOR_MANAGER, defaults={"person": holder, "words": ""})


def nobody_confirms(area: Unit | None) -> Broken:
    """Return what is said where no area senior resolution manager is found."""
    if area is None:
        return Broken("area_required", "area", "The people directory shows no area. Select the area")
    words = f"Nobody is the senior resolution manager of {area}. Select another area, with a reason"
    return Broken("senior_resolution_manager_required", "area", words)


def require_reachable(form: FeedbackForm, parts: Iterable[Part], *, at: datetime) -> None:
    """Raise RuleBroken unless each of these parts has somebody who works for us today and has an address."""
    known = {Part(one.part): one.person for one in form.recipients.select_related("person")}
    broken = []
    for part in parts:
        person = known.get(part)
        if person is None:
            broken.append(refusal(nobody_named(part)))
        elif not person.is_active_on(uk_day(at)):
            words = f"{person} no longer works for us. Name who acts for the post"
            broken.append(RuleBroken(words, code="not_active", field=part.value))
        elif not person.email:
            words = f"{person} has no work email address. Ask an administrator to set it"
            broken.append(RuleBroken(words, code="no_address", field=part.value))
    require_unbroken(*broken)


def require_four_people(form: FeedbackForm) -> None:
    """Raise RuleBroken where somebody would act twice on the form (CF-51)."""
    receiver = form.recipients.filter(part=Part.TEAM_LEADER).values_list("person_id", flat=True).first()
    require_all(
        errors_in_people(
            sender=form.sender_id,
            sending_leader=form.sending_team_leader_id,
            person=form.person_id,
            receiving_leader=receiver,
        )
    )


def chain_of_person(form: FeedbackForm, *, at: datetime) -> Chain:
    """Return who leads the person of the form today. Raises RuleBroken where nobody is chosen yet."""
    return chain_of(person_of(form), on=uk_day(at))


def why_not_send(form: FeedbackForm, sending: Sending) -> str:
    """Say why an email is not sent any more: its reader has the part no more, or the form was withdrawn."""
    if form.state == FormState.WITHDRAWN:
        return "The form was withdrawn"
    if any((one.part, one.person_id) == (sending.part, sending.person_id) for one in form.recipients.all()):
        return ""
    return f"{sending.person} is {sending.get_part_display().lower()} in {form.reference} no more"


def _was_chosen(recipient: Recipient, *, at: datetime) -> bool:
    is_confirmed = bool(recipient.words) and recipient.confirmed_at is not None
    return is_confirmed and recipient.person.is_active_on(uk_day(at))


def _put(recipient: Recipient, person_id: int, *, words: str = "") -> None:
    recipient.person_id = person_id
    recipient.words = words
    recipient.confirmed_by, recipient.confirmed_at = None, None
    recipient.save()
