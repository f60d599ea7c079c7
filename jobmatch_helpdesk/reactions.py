"""What happens to an incident when something shared happens."""

from datetime import datetime

from contacthub.cases.registry import reacts_for
from contacthub.deadlines.protocols import DeadlineReactions
from contacthub.formats import uk_day
from contacthub.mail.models import Message
from contacthub.mail.services import tell
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from jobmatch_helpdesk.models import Incident


@reacts_for(Incident)
class IncidentReactions(DeadlineReactions):
    def due_moved(self, incident: Incident, kind: str, due_at: datetime) -> None:
        if kind == "first_reply":
            Incident.objects.filter(pk=incident.pk).update(due_at=due_at)

    def delivery_failed(self, incident: Incident, message: Message, at: datetime) -> None:
        """Tell the Helpdesk leads (12.4), and who has or answered the incident. Its state stays."""
        words = f"{incident.reference}: the email to {message.to} failed. {message.server_words}"
        concerned = {*StaffMember.objects.with_role(Role.HELPDESK_LEAD, on=uk_day(at))}
        if incident.assigned_to:
            concerned.add(incident.assigned_to)
        for person in concerned:
            tell(person, words=words, case=incident.case, at=at)
