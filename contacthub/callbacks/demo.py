from datetime import datetime

from contacthub.callbacks.models import Queue
from contacthub.formats import uk_day
from contacthub.people.models import Unit
from contacthub.people.roles import Post, UnitKind
from contacthub.people.services import holders_of


def load(*, at: datetime) -> None:
    """Give every Jobcentre of the demo data its local queue, and every team of employer payments its own."""
    for unit in Unit.objects.filter(kind=UnitKind.JOBCENTRE):
        words = f"{unit.name} makes the call, under its local arrangements"
        Queue.objects.create(code=unit.code.lower(), unit=unit, caller_words=words)
    for unit in Unit.objects.filter(kind=UnitKind.TEAM, code__startswith="payments-"):
        lead = holders_of(Post.TEAM_LEADER, unit, on=uk_day(at)).first()
        Queue.objects.create(code=unit.code, unit=unit, caller_words=f"{unit.name} makes the call", lead=lead)
