from datetime import datetime

from contacthub.callbacks.models import Queue
from contacthub.people.models import Unit
from contacthub.people.roles import UnitKind


def load(*, at: datetime) -> None:
    """Give every Jobcentre of the demo data its local queue."""
    for unit in Unit.objects.filter(kind=UnitKind.JOBCENTRE):
        words = f"{unit.name} makes the call, under its local arrangements"
        Queue.objects.create(code=unit.code.lower(), unit=unit, caller_words=words)
