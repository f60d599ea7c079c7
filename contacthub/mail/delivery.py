"""The talk with the mail server, and what can be known of a message when it went wrong."""

from __future__ import annotations

import smtplib
from contextlib import suppress
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.utils import formataddr

from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused, AnymailRequestsAPIError
from celery.exceptions import SoftTimeLimitExceeded
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend

from contacthub.documents.services import content_of
from contacthub.mail.models import Attachment, Message
from contacthub.mail.outcomes import plain_id


class NotReached(Exception):
    """The server could not be reached, or did not let us in: no message was handed over."""


def deliver(message: Message) -> str:
    """Hand the message to the mail server, or to a provider; return what a provider calls it, "" by plain mail.

    Raises what the server, the network, the message or a file brings up.
    """
    mail = EmailMessage(
        subject=message.subject,
        body=message.body,
        from_email=formataddr((message.from_name, message.from_address)),
        to=[message.to],
        headers={"Message-ID": message.message_id, "Content-Language": message.language},
    )
    if not message.with_links:
        for attachment in message.attachments.select_related("document"):
            mail.attach(_part_of(attachment))
    mail.message()  # one that cannot be built fails by its own fault, before anybody is called
    try:
        connection = get_connection()
        connection.open()
    except Exception as trouble:
        raise NotReached(words_of(trouble)) from trouble
    mail.connection = connection
    try:
        mail.send()
    except SoftTimeLimitExceeded:
        raise  # a server whose answer does not end would not hear a goodbye either
    except Exception:
        _say_goodbye(connection)
        raise
    _say_goodbye(connection)
    status = getattr(mail, "anymail_status", None)
    return plain_id(str(status.message_id or "")) if status else ""


def _part_of(attachment: Attachment) -> MIMEBase:
    """Return the file true to the byte: Django would take texts apart. Raises NotReadable."""
    part = MIMEBase(*attachment.document.media_type.split("/"))
    part.set_payload(content_of(attachment.document))
    encode_base64(part)
    name = attachment.name
    part.add_header("Content-Disposition", "attachment", filename=name if name.isascii() else ("utf-8", "", name))
    return part


def _say_goodbye(connection: BaseEmailBackend) -> None:
    with suppress(Exception):  # how the server takes our goodbye changes nothing
        connection.close()


def may_pass_later(trouble: Exception) -> bool:
    """Say if another attempt can help: the network or the server is in trouble (4xx), not the message (5xx)."""
    if isinstance(trouble, NotReached | SoftTimeLimitExceeded):
        return True
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        return all(code < 500 for code, _ in trouble.recipients.values())
    if isinstance(trouble, smtplib.SMTPResponseException):
        return trouble.smtp_code < 500
    if isinstance(trouble, AnymailAPIError):
        # A provider answers 4xx where the message is at fault, but for too many (429) and for our key (401, 403).
        return trouble.status_code in (None, 401, 403, 429) or trouble.status_code >= 500
    return isinstance(trouble, OSError) and not isinstance(trouble, smtplib.SMTPNotSupportedError)


def may_have_been_sent(trouble: Exception) -> bool:
    """Say if the connection broke without an answer, so that nobody knows what the server did."""
    if isinstance(trouble, SoftTimeLimitExceeded):
        return True
    if isinstance(trouble, AnymailRequestsAPIError):
        return trouble.status_code is None
    if isinstance(trouble, smtplib.SMTPException):
        return isinstance(trouble, smtplib.SMTPServerDisconnected)
    return isinstance(trouble, OSError)


def words_of(trouble: Exception) -> str:
    """Return what the server said, as it came, or what happened to the connection."""
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_text(words)}" for code, words in trouble.recipients.values())
    if isinstance(trouble, smtplib.SMTPResponseException):
        return f"{trouble.smtp_code} {_text(trouble.smtp_error)}"
    if isinstance(trouble, SoftTimeLimitExceeded):
        return "The mail server took too long"
    if isinstance(trouble, AnymailRecipientsRefused):
        return "The provider refused the address"
    return str(trouble) or type(trouble).__name__


def _text(words: bytes | str) -> str:
    return words.decode(errors="replace") if isinstance(words, bytes) else words
