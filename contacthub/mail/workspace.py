"""What the pages shared by all apps show of the mail."""

from datetime import datetime

from django.urls import reverse

from contacthub.actor import Actor
from contacthub.mail import permissions
from contacthub.mail.listing import count
from contacthub.mail.models import Message, Notice
from contacthub.ui.navigation import NavigationItem, Panel

NOTICES_AT_HOME = 5


def navigation(actor: Actor) -> list[NavigationItem]:
    if not permissions.may_open_mail(actor):
        return []
    return [NavigationItem("Mail", reverse("mail:outbox"), count(Message.objects.failed(), actor), "failed")]


def panels(actor: Actor, *, at: datetime) -> list[Panel]:
    told = list(Notice.objects.of(actor.person_id).unread().order_by("-at", "-pk")[:NOTICES_AT_HOME])
    return [Panel("mail/panel.html", {"notices": told}, beside=True)] if told else []
