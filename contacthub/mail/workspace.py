"""What the pages shared by all apps show of the mail."""

from django.urls import reverse

from contacthub.actor import Actor
from contacthub.mail import permissions
from contacthub.mail.listing import count
from contacthub.mail.models import Message
from contacthub.ui.navigation import NavigationItem


def navigation(actor: Actor) -> list[NavigationItem]:
    if not permissions.may_open_mail(actor):
        return []
    return [NavigationItem("Mail", reverse("mail:outbox"), count(Message.objects.failed(), actor), "failed")]
