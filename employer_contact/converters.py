from __future__ import annotations

from contacthub.cases.converters import ReferenceConverter


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


class RequestReference(ReferenceConverter):
    """The reference of a service request in a path, like SR-000123."""

    regex = "[Ss][Rr]-[0-9]{6,12}"


class ReissueReference(ReferenceConverter):
    """The reference of a request to re-issue a CMSL2040 in a path, like RI-000123."""

    regex = "[Rr][Ii]-[0-9]{6,12}"


class ContactReference(ReferenceConverter):
    """The reference of a contact in a path, like CT-000123: below /employers/ there are records of several kinds."""

    regex = "[Cc][Tt]-[0-9]{6,12}"
