from datetime import datetime

from contacthub.mail.models import Mailbox


def load(*, at: datetime) -> None:
    Mailbox.objects.filter(code="helpdesk").update(address="helpdesk@contacthub.example")
