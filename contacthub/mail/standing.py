"""Where a message stands, in words for the people of its case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from contacthub.mail.models import Message, MessageState


@dataclass(frozen=True)
class Standing:
    """`server_words` are those of `who_said`, as they came; "" where nobody said anything."""

    status_words: str
    is_trouble: bool
    server_words: str
    who_said: str = "Their mail server said"


def standing(message: Message, *, now: datetime) -> Standing:
    """Say where a message stands. One whose worker died while sending may have been sent, and is sent again."""
    state = MessageState(message.state)
    if state is MessageState.SENDING and message.leased_until and message.leased_until <= now:
        return Standing("may have been sent: the attempt had no end, and is made again by itself", True, "")
    unsure = message.unsure_since is not None
    if state is MessageState.HELD_BACK:
        sent = "may have been sent, and is not sent again" if unsure else "not sent"
        return Standing(f"{sent}: {message.server_words}", False, "")
    # What a server says begins with its code; anything else is our own note of a network in trouble.
    said = message.server_words if message.server_words[:1].isdigit() else ""
    refused = "refused for now" if said else "no answer from their mail server"
    if state is MessageState.QUEUED and message.attempts > message.attempts_before:
        words = "may have been sent: the attempt had no end, and is made again by itself"
        return Standing(words if unsure else f"{refused}, tried again by itself", True, said)
    if message.provider_id and state is MessageState.FAILED:
        return Standing((SAID_UNSURE if unsure else SAID)[state], True, message.server_words, "The mail provider said")
    if message.provider_id and state is MessageState.ACCEPTED:
        return Standing(WITH_PROVIDER_UNSURE if unsure else WITH_PROVIDER, False, "")
    words = (SAID_UNSURE if unsure else SAID)[state]
    return Standing(words, state is MessageState.FAILED, said)


SAID = {
    MessageState.QUEUED: "waits to be sent",
    MessageState.SENDING: "is being sent",
    MessageState.ACCEPTED: "accepted by their mail server: nobody tells us if it was delivered",
    MessageState.DELIVERED: "delivered",
    MessageState.FAILED: "failed, nobody received it",
}
SAID_UNSURE = {
    MessageState.QUEUED: "may have been sent, and waits to be sent again",
    MessageState.SENDING: "may have been sent, and is being sent again",
    MessageState.ACCEPTED: "accepted by their mail server: it may arrive twice, since an earlier attempt had no end",
    MessageState.DELIVERED: "delivered: it may arrive twice, since an earlier attempt had no end",
    MessageState.FAILED: "failed, but may have been sent: an attempt had no end",
}
WITH_PROVIDER = "accepted by the mail provider: no word yet if it was delivered"
WITH_PROVIDER_UNSURE = f"{WITH_PROVIDER}. It may arrive twice, since an earlier attempt had no end"
