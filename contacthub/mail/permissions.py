"""Who sees what of the mail: leads the messages of cases that they may see, administrators all."""

from contacthub.actor import Actor
from contacthub.cases.registry import every_reactions
from contacthub.cases.services import visible_among
from contacthub.mail.models import Message
from contacthub.people.roles import Role


def is_lead(actor: Actor) -> bool:
    """Each app names its leads (`MailReactions.LEADS`)."""
    return any(actor.roles & reactions.LEADS for reactions in every_reactions())


def sees_all(actor: Actor) -> bool:
    """Administrators see states and addresses of every message; the text only of cases that they see besides."""
    return Role.ADMINISTRATOR in actor.roles


def may_open_mail(actor: Actor) -> bool:
    return is_lead(actor) or sees_all(actor)


def may_see(actor: Actor, message: Message) -> bool:
    if sees_all(actor):
        return True
    return is_lead(actor) and message.case_id is not None and message.case_id in visible_among(actor, [message.case_id])
