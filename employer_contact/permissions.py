"""Who may do what in employer contact. Seeing is `visible_to` (queries.py).

The team leader of the procedure is who leads a team of the employer payments team, so has both roles.
"""

from __future__ import annotations

from datetime import date
from typing import Protocol

from django.db.models import QuerySet

from contacthub.actor import Actor
from contacthub.errors import Refused
from contacthub.people.models import Membership, StaffMember
from contacthub.people.roles import ROLE_OF_POST, Post, Role
from employer_contact import scopes
from employer_contact.models import Contact, MaintenanceCase
from employer_contact.seeing import SEE_ACCOUNTS

# The words of these events, old and new values, are read by whoever sees the record.
ACCOUNT_WORDS = frozenset({"added", "changed", "linked", "link_changed", "ended", "line_changed", "to_investigate"})

# What became of a callback, on what it is about.
CALLBACK_WORDS = frozenset({"callback_asked", "call_tried", "callback_ended"})
# The kinds of event of a contact of which its readers read the words.
WORDS = frozenset(
    {"identify", "skip_security", "answered", "fail_security", "record_reason", "reason_taken_back", "reason_refused"}
    | {"handed_over", "finish", "expected", "settled", "request_raised", "request_attached", "request_completed"}
    | {"completed", "not_needed", "reissue_requested", "identity_sent", "identity_fallback"}
    | {"identity_declined", "identity_not_content"}
    | {"arrange_welsh", *CALLBACK_WORDS}
)
# Those of a request to re-issue a CMSL2040.
REISSUE_WORDS = frozenset({"requested", "reissue", "decline", "withdraw"})
# Those of a service request, and of its steps.
REQUEST_WORDS = (
    ACCOUNT_WORDS
    | CALLBACK_WORDS
    | frozenset(
        {
            "raised",
            "contact_attached",
            "reassigned",
            "wait",
            "answer",
            "complete",
            "cancel",
            "reopen",
            "started",
            "completed",
            "not_needed",
        }
        | {"reopened", "expected", "settled", "due_moved", "due_extended"}
    )
)
CASEWORKER, OTHER_CASEWORKER = Role.EMPLOYER_PAYMENTS_CASEWORKER, Role.CASEWORKER


class Owned(Protocol):
    """A contact or service request: whose it is, the owner's team, and who raised it."""

    owner_id: int | None
    team_id: int | None
    raised_by_id: int | None


def words_of_contact(*, is_shut: bool) -> frozenset[str]:
    """Return the kinds of event of which the timeline of a contact shows the words: those of its account, and where
    an identity email went, not while a call of the reader's own hides what is held of it (EC-14).
    """
    return WORDS - {"identity_sent"} if is_shut else WORDS | ACCOUNT_WORDS


def may_record_contact(actor: Actor, *, outbound: bool = False, on_callback: bool = False) -> bool:
    """Open a contact: other caseworkers ring out to gather information, the Welsh Language Unit on its callbacks."""
    return (
        CASEWORKER in actor.roles
        or (outbound and OTHER_CASEWORKER in actor.roles)
        or (on_callback and Role.WELSH_LANGUAGE_UNIT in actor.roles)
        or Role.INTEGRATOR in actor.roles
    )


def may_check_security(actor: Actor, *, on_callback: bool = False) -> bool:
    """Ask the security questions. No machine does, and no check is asked for where other caseworkers ring out."""
    return CASEWORKER in actor.roles or (on_callback and Role.WELSH_LANGUAGE_UNIT in actor.roles)


def may_create_request(actor: Actor, *, on_callback: bool = False) -> bool:
    """Raise a service request (SR)."""
    return may_check_security(actor, on_callback=on_callback) or Role.INTEGRATOR in actor.roles


def may_work_on(actor: Actor, request: Owned, *, addressed_to_id: int | None = None) -> bool:
    """Work on the activities of an SR; `addressed_to_id` is the case owner to whom a step is addressed."""
    if actor.staff_id is None:
        return False
    own = request.owner_id == actor.staff_id
    return (
        (CASEWORKER in actor.roles and (own or request.team_id in actor.unit_ids))
        or (Role.WELSH_LANGUAGE_UNIT in actor.roles and own)
        or (Role.INTEGRATOR in actor.roles and request.raised_by_id == actor.staff_id)
        or addressed_to_id == actor.staff_id
    )


def may_reassign(actor: Actor, request: Owned) -> bool:
    """Give an SR to somebody else."""
    return leads(actor, request) or (CASEWORKER in actor.roles and owns(actor, request))


def may_reopen(actor: Actor, request: Owned) -> bool:
    """Take up a completed SR again."""
    return leads(actor, request)


def may_hold_or_cancel(actor: Actor, request: Owned) -> bool:
    """Let an SR wait, go on with it, or cancel it."""
    return leads(actor, request) or owns(actor, request)


def may_ask_for_callback(actor: Actor, request: Owned) -> bool:
    """Have the party of an SR rung about it."""
    return owns(actor, request)


def require_may_ask_for_callback(actor: Actor, request: Owned) -> None:
    if not may_ask_for_callback(actor, request):
        raise Refused("Only who has this service request asks for a callback about it")


def may_hand_over(actor: Actor, contact: Owned) -> bool:
    """Give an open contact to a colleague."""
    return leads(actor, contact) or owns(actor, contact)


def may_send_identity(actor: Actor) -> bool:
    """Show an employer by email who we are: caseworkers; which of their teams may, its inbox says (EC-06)."""
    return bool({CASEWORKER, OTHER_CASEWORKER} & actor.roles)


def may_identify_in(actor: Actor, contact: Contact) -> bool:
    """Say if the actor may show by email who we are in this contact: in a call of their own."""
    return may_send_identity(actor) and contact.is_telephone and owns(actor, contact)


def require_may_send_identity(actor: Actor) -> None:
    if not may_send_identity(actor):
        raise Refused("Only caseworkers send the identity email")


def may_write_wording(actor: Actor) -> bool:
    """Change the wording of the identity email (EC-57)."""
    return Role.ADMINISTRATOR in actor.roles or bool(teams_led(actor))


def require_may_write_wording(actor: Actor) -> None:
    if not may_write_wording(actor):
        raise Refused("Only a team leader of employer payments, or an administrator, changes this wording")


def may_request_reissue(actor: Actor) -> bool:
    """Ask for a CMSL2040 to be re-issued (EC-48)."""
    return bool({CASEWORKER, OTHER_CASEWORKER} & actor.roles)


def require_may_request_reissue(actor: Actor) -> None:
    if not may_request_reissue(actor):
        raise Refused("Only caseworkers ask for a CMSL2040 to be re-issued")


def may_withdraw_reissue(actor: Actor, *, raised_by_id: int | None) -> bool:
    """Take back what one has asked for."""
    return actor.staff_id is not None and raised_by_id == actor.staff_id


def require_may_withdraw_reissue(actor: Actor, *, raised_by_id: int | None) -> None:
    if not may_withdraw_reissue(actor, raised_by_id=raised_by_id):
        raise Refused("Only who asked for it withdraws it")


def not_the_case_owner() -> Refused:
    return Refused("Only the case owning caseworker re-issues or declines, or the team leader of one who has left")


def may_see_full_nino(actor: Actor, *, owns_case: bool = False) -> bool:
    """See a National Insurance number in full, on the page of its paying parent (XC-06)."""
    return owns_case or bool({CASEWORKER, OTHER_CASEWORKER, Role.WELSH_LANGUAGE_UNIT} & actor.roles)


def may_keep_reference(actor: Actor) -> bool:
    """Change taxonomy, plans and questions (XC-04)."""
    return Role.ADMINISTRATOR in actor.roles


def owns(actor: Actor, record: Owned) -> bool:
    return actor.staff_id is not None and record.owner_id == actor.staff_id


def leads(actor: Actor, record: Owned) -> bool:
    """Say if the actor leads the team of employer payments that the record is with."""
    return CASEWORKER in actor.roles and (Post.TEAM_LEADER.value, record.team_id) in actor.posts


def require_can_keep_reference(actor: Actor) -> None:
    if not may_keep_reference(actor):
        raise Refused("Only an administrator changes plans")


def require_may_record(actor: Actor, *, outbound: bool = False, on_callback: bool = False) -> None:
    if not may_record_contact(actor, outbound=outbound, on_callback=on_callback):
        raise Refused("Only the employer payments team records contacts that come in")


def require_may_check_security(actor: Actor, *, on_callback: bool = False) -> None:
    if not may_check_security(actor, on_callback=on_callback):
        raise Refused("Only the employer payments team asks the security questions")


def require_may_import(actor: Actor) -> None:
    if not (Role.INTEGRATOR in actor.roles and actor.has_scope(scopes.IMPORT)):
        raise Refused("Only a key that may import writes these records")


def require_may_take_up(actor: Actor) -> None:
    if CASEWORKER not in actor.roles:
        raise Refused("Only the employer payments team takes calls that come in")


def require_may_hand_over(actor: Actor, contact: Owned) -> None:
    if not may_hand_over(actor, contact):
        raise Refused("Only who has this contact, or their team leader, hands it over")


def colleagues(*, on: date) -> QuerySet[StaffMember]:
    """Return, by name, to whom a contact can be handed over on the day."""
    return StaffMember.objects.with_role(CASEWORKER, on=on)


def team_leaders(*, on: date) -> QuerySet[StaffMember]:
    """Return, by name, who leads a team of employer payments on the day: what is nobody's yet is for each of them."""
    leading = Membership.objects.on(on).filter(post=Post.TEAM_LEADER)
    return colleagues(on=on).filter(pk__in=leading.values("person_id"))


def may_open_some(actor: Actor) -> bool:
    """Say if the actor opens contacts of any direction at a screen."""
    return {CASEWORKER, OTHER_CASEWORKER} & actor.roles != set()


def require_may_open_some(actor: Actor) -> None:
    if not may_open_some(actor):
        raise Refused("Only caseworkers record contacts of employers and agents")


def sees_contacts(actor: Actor) -> bool:
    """Say if there is a list of contacts for the actor: all of them for the team, their own for other caseworkers."""
    return bool({CASEWORKER, OTHER_CASEWORKER, Role.WELSH_LANGUAGE_UNIT} & actor.roles)


def require_sees_contacts(actor: Actor) -> None:
    if not sees_contacts(actor):
        raise Refused("Only caseworkers see contacts of employers and agents")


def may_open_accounts(actor: Actor) -> bool:
    """Go to the employers: by role, or as the owner of a case. Only somebody of no other role is asked for cases."""
    if SEE_ACCOUNTS & actor.roles:
        return True
    if actor.staff_id is None or not actor.roles <= frozenset(ROLE_OF_POST.values()):
        return False
    return MaintenanceCase.objects.filter(owner_id=actor.staff_id).exists()


def require_may_open_accounts(actor: Actor) -> None:
    if not may_open_accounts(actor):
        raise Refused("Only caseworkers, and owners of child maintenance cases, see employers")


def may_change_accounts(actor: Actor) -> bool:
    """Change what is held of an employer, an agent or a schedule, in a contact or service request that allows it."""
    return bool({CASEWORKER, Role.WELSH_LANGUAGE_UNIT, Role.INTEGRATOR} & actor.roles)


def require_may_change_accounts(actor: Actor) -> None:
    if not may_change_accounts(actor):
        raise Refused("Only the employer payments team changes the records of employers and agents")


def require_may_create_request(actor: Actor, *, on_callback: bool = False) -> None:
    if not may_create_request(actor, on_callback=on_callback):
        raise Refused("Only the employer payments team raises service requests")


def require_may_work_on(actor: Actor, request: Owned) -> None:
    if not may_work_on(actor, request):
        raise Refused("Only who has this service request, their team or their team leader works on it")


def require_may_reassign(actor: Actor, request: Owned) -> None:
    if not may_reassign(actor, request):
        raise Refused("Only who has this service request, or their team leader, gives it to somebody else")


def require_may_hold_or_cancel(actor: Actor, request: Owned) -> None:
    if not may_hold_or_cancel(actor, request):
        raise Refused("Only who has this service request, or their team leader, does this")


def require_may_reopen(actor: Actor, request: Owned) -> None:
    if not may_reopen(actor, request):
        raise Refused("Only the team leader reopens a service request")


def works_in_payments(actor: Actor) -> bool:
    return CASEWORKER in actor.roles


def may_open_requests(actor: Actor) -> bool:
    """Go to the service requests: whoever may have, raise or confirm some."""
    return may_open_accounts(actor)


def teams_led(actor: Actor) -> list[int]:
    """Return the ids of the units that the actor leads, if that is in employer payments."""
    led = [unit_id for post, unit_id in actor.posts if post == Post.TEAM_LEADER.value]
    return led if CASEWORKER in actor.roles else []
