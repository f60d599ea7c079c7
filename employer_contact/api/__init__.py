"""Employer contact for machines: records to read and to write many at once, calls, contacts and service requests."""

from __future__ import annotations

from typing import Any

from employer_contact.api import calls, contacts, imports, records, reissues, requests

urlpatterns: list[Any] = [
    *imports.urlpatterns,
    *records.urlpatterns,
    *calls.urlpatterns,
    *contacts.urlpatterns,
    *requests.urlpatterns,
    *reissues.urlpatterns,
]
