"""What providers tell us of mail that they took: kept as it comes, then read, then counted, each for itself."""

from __future__ import annotations

import logging
from datetime import datetime

from django.db import transaction

from contacthub.jobs.services import wake
from contacthub.mail.models import DeliveryReport, Message, ProviderPost
from contacthub.mail.outcomes import looks_again_at
from contacthub.mail.providers import Told, told_in, webhook_of
from contacthub.mail.services import record_outcome

logger = logging.getLogger(__name__)


@transaction.atomic
def keep_post(*, provider: str, content_type: str, body: bytes, at: datetime) -> ProviderPost:
    """Keep what a provider posted, which is known to be its own; a worker reads it."""
    post = ProviderPost.objects.create(provider=provider, content_type=content_type[:250], body=body, received_at=at)
    wake("mail.read_post", post.pk)
    return post


def read_post(*, post_id: int, at: datetime) -> None:
    """Write down each report of a post, unless it is known already. One that cannot be read stays, with the trouble.

    Where the provider's secret is set for the web alone, the post waits until this process has it too.
    """
    post = ProviderPost.objects.unread().filter(pk=post_id).first()
    if post is None:
        return
    webhook = webhook_of(post.provider)
    if webhook is None:
        logger.warning("Posts of %s wait: this process has none of its secrets", post.provider)
        return
    found: list[Told] = []
    trouble = ""
    try:
        found = list(told_in(webhook, post.provider, content_type=post.content_type, body=bytes(post.body)))
    except Exception as unreadable:  # whatever a provider made up: read again, it would be no clearer
        trouble = f"{type(unreadable).__name__}: {unreadable}".replace("\0", "")
        logger.exception("Post %s of %s cannot be read", post.pk, post.provider)
    with transaction.atomic():
        if not ProviderPost.objects.unread().filter(pk=post.pk).update(read_at=at, trouble=trouble):
            return
        DeliveryReport.objects.bulk_create(
            [
                DeliveryReport(
                    post=post,
                    key=told.key,
                    provider_id=told.provider_id,
                    state=told.state,
                    words=told.words,
                    heard_at=post.received_at,
                    next_look_at=at,
                )
                for told in found
            ],
            ignore_conflicts=True,
        )
        for report_id in post.reports.values_list("pk", flat=True):
            wake("mail.count_report", report_id)


@transaction.atomic
def count_report(*, report_id: int, at: datetime) -> None:
    """Let a report count for its message, or look again later where no message goes by that id yet."""
    report = DeliveryReport.objects.select_for_update(skip_locked=True).open().filter(pk=report_id).first()
    if report is None:
        return
    message = Message.objects.filter(provider_id=report.provider_id).order_by("-pk").first()
    if message is None:
        report.next_look_at = looks_again_at(heard_at=report.heard_at, at=at)
    else:
        report.message = message if record_outcome(message.pk, report, at=at) else None
        report.next_look_at = None
    report.save()
