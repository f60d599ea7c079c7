"""The people whom somebody leads today, and who may read what is kept of one of them."""

from __future__ import annotations

from datetime import datetime

from complaints_feedback import permissions
from contacthub.errors import NotThere
from contacthub.formats import uk_day
from contacthub.people.directory import Chain, chain_of, line_in
from contacthub.people.middleware import ActorRequest
from contacthub.people.models import StaffMember


def find(request: ActorRequest, number: str, *, at: datetime) -> Chain:
    """Return somebody with who leads them today, for themselves and their reporting line.

    Raises NotThere for everybody else, who thus cannot tell if there is a file.
    """
    person = StaffMember.objects.filter(staff_number=number.replace("\0", "")).first()
    if person is None:
        raise NotThere
    chain = chain_of(person, on=uk_day(at))
    line = {leader.pk for _, leader in line_in(chain)}
    permissions.require_can_see_file(request.actor, person_id=person.pk, line=line)
    return chain
