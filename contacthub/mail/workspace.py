"""What the pages shared by all apps show of the mail."""

from datetime import datetime

from django.urls import reverse

from contacthub.actor import Actor
from contacthub.mail import permissions
from contacthub.mail.listing import count, lines, told
from contacthub.mail.models import Mailbox, Message, Notice
from contacthub.ui.navigation import NavigationItem, Panel, Place

NOTICES_AT_HOME = 5
FAILED_AT_HOME = 3


def navigation(actor: Actor) -> list[NavigationItem]:
    if not permissions.may_open_mail(actor):
        return []
    return [NavigationItem("Mail", reverse("mail:outbox"), count(Message.objects.failed(), actor), "failed")]


def panels(actor: Actor, *, at: datetime) -> list[Panel]:
    """Return the notices of anybody; the mail that failed, for who may see it; the addresses an administrator sets."""
    unread = Notice.objects.of(actor.person_id).unread().order_by("-at", "-pk")
    for_them = told(unread[:NOTICES_AT_HOME], actor)
    found = [Panel("mail/panels/notices.html", {"told": for_them}, Place.BESIDE)] if for_them else []
    if permissions.may_open_mail(actor):
        failed = lines(Message.objects.failed(), actor, asked={}, size=FAILED_AT_HOME, newest_first=True, now=at)
        found = [Panel("mail/panels/failed.html", {"lines": failed.rows}, Place.BESIDE), *found]
    if permissions.sees_all(actor):
        unset = list(Mailbox.objects.filter(address="").order_by("name"))
        found = [Panel("mail/panels/mailboxes.html", {"unset": unset}), *found]
    return found
