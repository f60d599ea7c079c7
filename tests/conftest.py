from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import override_settings

from contacthub.actor import Actor
from contacthub.people.roles import Role
from contacthub.people.services import actor_for
from contacthub.workspace.services import load_demo, load_reference
from employer_contact.models import SecurityQuestion
from tests.factories import MORNING, MailboxFactory, StaffMemberFactory
from tests.provider import Provider
from tests.smtp import CatchingServer


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """Load the reference data once, and let transaction tests empty the tables: by TRUNCATE, which events refuse."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("alter table cases_event disable trigger append_only_truncate")
        MailboxFactory()
        load_reference()


CHEAP = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def cheap_passwords(settings: Any) -> None:
    settings.PASSWORD_HASHERS = CHEAP


@pytest.fixture
def reference(db: None) -> None:
    """Have the reference data, which a transaction test empties too, with the address that an administrator sets."""
    MailboxFactory()
    if not SecurityQuestion.objects.exists():
        load_reference()


@contextmanager
def demo_data(blocker: Any, *, at: datetime) -> Iterator[datetime]:
    """Load the demo data for as long as this lasts; the transactions of tests lie inside this one."""
    with (
        TemporaryDirectory() as folder,
        blocker.unblock(),
        transaction.atomic(),
        override_settings(PASSWORD_HASHERS=CHEAP, DOCUMENTS_DIR=Path(folder)),
    ):
        load_reference()
        assert load_demo(at=at)
        with connection.cursor() as cursor:
            # No autovacuum sees these rows: a search planned without statistics took 20 s. By name, since the
            # catalogue that other workers share would stay locked.
            tables = connection.introspection.django_table_names(only_existing=True)
            cursor.execute(f"analyze {', '.join(map(connection.ops.quote_name, tables))}")
        yield at
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[datetime]:
    """Load the demo data once for a module; return its moment, a Thursday."""
    with demo_data(django_db_blocker, at=datetime(2026, 11, 26, 14, 0, tzinfo=UTC)) as at:
        yield at


@pytest.fixture
def ana(reference: None) -> Actor:
    return actor_for(StaffMemberFactory(name="Ana Byrne", username="ana", role=Role.HELPDESK_AGENT), on=MORNING.date())


@pytest.fixture
def bilal(reference: None) -> Actor:
    return actor_for(
        StaffMemberFactory(name="Bilal Shah", username="bilal", role=Role.HELPDESK_AGENT), on=MORNING.date()
    )


@pytest.fixture
def lead(reference: None) -> Actor:
    return actor_for(
        StaffMemberFactory(name="Marcus Adeyemi", username="marcus", role=Role.HELPDESK_LEAD), on=MORNING.date()
    )


@pytest.fixture
def provider(settings: Any, reference: None) -> Iterator[Provider]:
    """A mail provider on loopback, and `settings` that send there."""
    with Provider() as provider:
        settings.EMAIL_PROVIDER = "postmark"
        settings.EMAIL_BACKEND = "anymail.backends.postmark.EmailBackend"
        settings.ANYMAIL = provider.settings
        yield provider


@pytest.fixture
def smtp(settings: Any) -> Iterator[CatchingServer]:
    """A mail server on loopback that keeps what it takes; `settings` send there."""
    with CatchingServer() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        yield server
