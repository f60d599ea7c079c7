"""Whom most tests of employer contact begin with; a file that needs them otherwise has its own."""

from __future__ import annotations

import pytest
from django.test import Client

from contacthub.actor import Actor
from contacthub.people.models import StaffMember
from employer_contact.models import Employer
from tests.employer_contact.calling import caseworker
from tests.factories import EmployerFactory


@pytest.fixture
def owen(client: Client, reference: None) -> Actor:
    """Return a caseworker of employer payments, signed in."""
    actor = caseworker()
    client.force_login(StaffMember.objects.get(pk=actor.staff_id))
    return actor


@pytest.fixture
def skerrow(reference: None) -> Employer:
    """Return an employer of which all is held."""
    return EmployerFactory(whole=True, ern="900000006", name="Skerrow Foods Ltd")
