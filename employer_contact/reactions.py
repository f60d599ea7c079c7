"""What happens to a contact when something shared happens."""

from contacthub.cases.registry import reacts_for
from contacthub.deadlines.protocols import DeadlineReactions
from contacthub.mail.protocols import MailReactions
from contacthub.people.roles import Role
from employer_contact.models import Contact


@reacts_for(Contact)
class ContactReactions(DeadlineReactions, MailReactions):
    """Its deadlines are of follow-ups, which stand on the list of their team."""

    LEADS = frozenset({Role.TEAM_LEADER})
