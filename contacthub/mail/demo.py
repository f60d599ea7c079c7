from datetime import datetime

from contacthub.mail.models import Mailbox


def load(*, at: datetime) -> None:
    for code in ("helpdesk", "employers", "feedback", "notices"):
        Mailbox.objects.filter(code=code).update(address=f"{code}@contacthub.example")
