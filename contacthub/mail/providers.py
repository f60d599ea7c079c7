"""Mail providers that tell what became of an email. Anymail knows the ways of each; nothing here writes anything."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass

from anymail.exceptions import AnymailConfigurationError
from anymail.signals import AnymailTrackingEvent, EventType
from anymail.webhooks.base import AnymailBaseWebhookView
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest
from django.test import RequestFactory
from django.urls import Resolver404, resolve

from contacthub.mail.models import MessageState
from contacthub.mail.outcomes import plain_id, words_for

TELLS = {
    EventType.DELIVERED: MessageState.DELIVERED,
    EventType.BOUNCED: MessageState.FAILED,
    EventType.REJECTED: MessageState.FAILED,
    EventType.FAILED: MessageState.FAILED,
}  # all else, a delay or that it was read, changes nothing


@dataclass(frozen=True)
class Told:
    """What a provider says of one message; `key` is the same however often it says it."""

    key: str
    provider_id: str
    state: MessageState
    words: str


def webhook_of(provider: str) -> AnymailBaseWebhookView | None:
    """Return what reads a provider's posts; None where there is no such provider, or no secret to know it by."""
    try:
        found = resolve(f"/{provider}/tracking/", urlconf="anymail.urls")
        webhook = found.func.view_class()  # type: ignore[attr-defined]
    except (Resolver404, AnymailConfigurationError):
        return None
    signs = not webhook.warn_if_no_basic_auth and getattr(webhook, "webhook_key", "") is not None  # None: not set
    return webhook if webhook.basic_auth or signs else None


def require_genuine(webhook: AnymailBaseWebhookView, request: HttpRequest) -> None:
    """Raise SuspiciousOperation where the request does not come from the provider."""
    try:
        webhook.run_validators(request)
    except (TypeError, AttributeError, UnicodeError) as trouble:  # a body of another shape than Anymail looks for
        raise SuspiciousOperation("The post is none of this provider") from trouble


def told_in(webhook: AnymailBaseWebhookView, provider: str, *, content_type: str, body: bytes) -> Iterator[Told]:
    """Read a post that was kept. Raises whatever Anymail does where it cannot be read."""
    request = RequestFactory().generic("POST", "/", body, content_type=content_type)
    for event in webhook.parse_events(request):
        if isinstance(event, AnymailTrackingEvent) and event.event_type in TELLS and event.message_id:
            yield _told(provider, event)


def _told(provider: str, event: AnymailTrackingEvent) -> Told:
    state = TELLS[event.event_type]
    known_by = event.event_id or f"{event.timestamp} {event.recipient}"  # some providers number nothing
    identity = json.dumps([provider, event.event_type, str(event.message_id), known_by])
    said = event.mta_response or event.description
    failed = state is MessageState.FAILED
    return Told(
        key=hashlib.sha256(identity.encode()).hexdigest(),
        provider_id=plain_id(str(event.message_id)),
        state=state,
        words=words_for(event.event_type, reason=event.reject_reason, said=said) if failed else "",
    )
