"""What became of an email that a provider took, as it tells us piece by piece: plain data, no clock."""

from __future__ import annotations

from datetime import datetime, timedelta

IN_ORDER = ("accepted", "delivered", "failed")
LOOKS_AGAIN_AFTER = timedelta(seconds=10)
LOOKS_UNTIL = timedelta(days=1)
CLOCKS_DIFFER = timedelta(seconds=30)  # those of our own machines, at most
LONGEST = 1000  # characters of what a server said

# By Anymail's names, which are the same for every provider: of the reason, else of what happened.
HAPPENED = {
    "bounced": "Their mail server refused it",
    "rejected": "The mail provider did not send it",
    "failed": "The mail provider could not send it",
}
REASONS = {
    "invalid": "The address is not valid",
    "bounced": "The address takes no email",
    "timed_out": "Their mail server could not be reached for too long",
    "blocked": "The email was blocked",
    "spam": "The email was taken for spam, or one before it was",
    "unsubscribed": "They have asked for no more email from this address",
}


def state_after(state: str, told: str) -> str:
    """Return the state of a message once it is told that it was delivered, or has failed.

    Of two states the later one in IN_ORDER stands, so whatever is told twice or in another order ends alike. A failure
    outdoes a delivery: a server may take a message and return it an hour later, and by the failure somebody was told to
    act. A message that waits or is being sent is in an attempt that nobody can have told of yet.
    """
    return max(state, told, key=IN_ORDER.index) if state in IN_ORDER else state


def is_of_attempt(*, heard_at: datetime, tried_at: datetime) -> bool:
    """Say if a report can be of the attempt that began at `tried_at`: some providers give each attempt the same id."""
    return heard_at >= tried_at - CLOCKS_DIFFER


def words_for(happened: str, *, reason: str | None, said: str | None) -> str:
    """Return why a message failed in plain words, then what was said as it came."""
    plain = REASONS.get(reason or "") or HAPPENED[happened]
    said = " ".join(_storable(said or "").split())[:LONGEST]
    return f"{plain}: {said}" if said else plain


def plain_id(provider_id: str) -> str:
    """Return a provider's id of a message as it is kept, whatever it holds."""
    return _storable(provider_id)[:250]


def _storable(text: str) -> str:
    """Return text that Postgres takes: JSON may hold zeros and halves of characters."""
    return text.replace("\0", "").encode(errors="replace").decode()


def looks_again_at(*, heard_at: datetime, at: datetime) -> datetime | None:
    """Return when to look again for the message that a report is about, after longer and longer gaps; None to leave it.

    A provider may be faster than we are at writing down what it calls the message. What is still nobody's after a day
    is about a message that we never sent, or of which the attempt was lost.
    """
    age = at - heard_at
    return at + max(age, LOOKS_AGAIN_AFTER) if age < LOOKS_UNTIL else None
