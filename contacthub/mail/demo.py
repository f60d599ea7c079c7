from datetime import datetime

from contacthub.mail.models import Mailbox


def load(*, at: datetime) -> None:
    for mailbox in Mailbox.objects.filter(address=""):
        mailbox.address = f"{mailbox.code.replace('-', '.')}@contacthub.example"
        mailbox.save()
