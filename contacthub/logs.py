"""How a line of the log is written. No full National Insurance number ever stands in one (XC-06)."""

from __future__ import annotations

import logging
import re
import time

from contacthub.actor import request_id

_BETWEEN = r"(?:%20|[\s+./-]){0,2}"
# Not SR-004210 before a word "a": that is a reference. Any two letters besides, since people mistype.
_NUMBER = re.compile(
    rf"\b([a-z]{{2}})(?!-\d{{6,}}\s){_BETWEEN}\d\d{_BETWEEN}\d\d{_BETWEEN}(\d\d){_BETWEEN}([a-d])\b", re.IGNORECASE
)


def nino_in(text: str) -> str:
    """Return the first National Insurance number in a text, "QQ123456C"; "" where there is none."""
    found = _NUMBER.search(text)
    return re.sub(r"[^A-Z0-9]", "", found[0].upper()) if found else ""


def masked(text: str) -> str:
    """Return the text with each National Insurance number like "QQ •• •• 56 C", however it was typed."""
    return _NUMBER.sub(lambda found: f"{found[1]} •• •• {found[2]} {found[3]}".upper(), text)


class LineFormatter(logging.Formatter):
    """Time in UTC, level, logger and request, then the message on the same line; a traceback follows on its own.

    `request` is the id that the events of the same request or task carry.
    """

    converter = staticmethod(time.gmtime)
    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s request=%(request)s %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        record.request = request_id.get() or "-"
        # What people typed may stand in a message: it cannot begin a line of its own.
        return super().formatMessage(record).replace("\r", "\\r").replace("\n", "\\n")

    def format(self, record: logging.LogRecord) -> str:
        return masked(super().format(record))
