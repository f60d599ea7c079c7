from __future__ import annotations

from datetime import date


class ReferenceConverter:
    """A reference in a path, like UJ-000123, in capitals or not: `<reference:reference>` in any app's `urls.py`."""

    regex = "[A-Za-z]{2,3}-[0-9]{6,12}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


class Month:
    """A month in a path, like 2026-06, as its first day: `<month:month>` in any app's `urls.py`."""

    regex = "[12][0-9]{3}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> date:
        return date(int(value[:4]), int(value[5:]), 1)

    def to_url(self, value: date) -> str:
        return f"{value:%Y-%m}"
