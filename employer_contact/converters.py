from __future__ import annotations

from datetime import date

from contacthub.cases.converters import ReferenceConverter

MONTH_FORMAT = "%Y-%m"


class Ern:
    """An ERN in a path: below /employers/ there are records of several kinds."""

    regex = "[0-9]{9}"

    def to_python(self, value: str) -> str:
        return value.upper()

    def to_url(self, value: str) -> str:
        return value


class Earn(Ern):
    regex = "[Ee][Aa][0-9]{7}"


class ParentReference(Ern):
    regex = "121[0-9]{9}"


class Month:
    """A month in a path, like 2026-06, as its first day."""

    regex = "[12][0-9]{3}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> date:
        return date(int(value[:4]), int(value[5:]), 1)

    def to_url(self, value: date) -> str:
        return value.strftime(MONTH_FORMAT)


class ContactReference(ReferenceConverter):
    """The reference of a contact in a path, like CT-000123: below /employers/ there are records of several kinds."""

    regex = "[Cc][Tt]-[0-9]{6,12}"
