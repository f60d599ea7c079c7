"""As everybody who has to do with forms, and as others: each address shows what the permission matrix lets them read.

It goes by the table of addresses: one that is new is walked with the others, and where it asks for something that this
module does not know, the test says so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Q
from django.test import Client
from django.urls import URLPattern, get_resolver

from complaints_feedback.models import FeedbackForm, PersonalFileEntry
from contacthub.deadlines.models import Deadline
from contacthub.documents.models import Document
from contacthub.mail.models import Mailbox, Message, Notice
from tests.complaints_feedback.marked import CLOSING, FILE, PLAN, READERS, Marked, mark, walks
from tests.contacthub.api.situations import Machine, integrator
from tests.contacthub.documents.test_pdf import squeezed

pytestmark = pytest.mark.django_db
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")
OTHER_APPS = ("jobmatch_helpdesk", "employer_contact", "contacthub.callbacks")  # their addresses know no feedback
THEIR_API = re.compile("api/v1/(incidents|callbacks|contacts|service-requests|employers|follow-ups)/")
METHOD_NOT_ALLOWED = 405
# What their own pages show.
OF_THE_PERSON = {FILE, PLAN, CLOSING}
MARKS = {(form, kind): mark(form, kind) for form, kinds in READERS.items() for kind in kinds}


@pytest.fixture
def world(reference, settings, tmp_path) -> Marked:
    settings.DOCUMENTS_DIR = tmp_path / "documents"
    for code in ("feedback", "notices"):
        Mailbox.objects.filter(code=code).update(address=f"{code}@contacthub.example")
    return Marked()


def patterns(resolver: Any, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield the route of each address, and its pattern; of the admin, where no case is registered, none."""
    for pattern in resolver.url_patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLPattern):
            yield route, pattern
        elif pattern.namespace != "admin":
            yield from patterns(pattern, route)


def values(form: FeedbackForm, world: Marked) -> dict[str, list[object]]:
    """Return what an address may ask for, by the name that it gives it: what there is of this form, or nothing."""
    case = form.case
    papers = Document.objects.filter(Q(kind__in=["form", "form_copy"]) | Q(name__contains="qz"), case=case)
    return {
        "reference": [form.reference],
        "document_id": [*papers.values_list("pk", flat=True)],
        "entry_id": [*PersonalFileEntry.objects.filter(form=form).values_list("pk", flat=True)],
        "plan_id": [*form.plans.values_list("pk", flat=True)],
        "message_id": [*Message.objects.filter(case=case).values_list("pk", flat=True)[:1]],
        "notice_id": [*Notice.objects.filter(case=case).values_list("pk", flat=True)[:1]],
        "deadline_id": [*Deadline.objects.filter(case=case, kind="discussion").values_list("pk", flat=True)],
        "kind": ["discussion"],
        "number": [world.person.staff_number],
        "month": ["2026-06"],
        "part": ["area_manager"],
        "code": [world.their_team.code],
        **{name: [] for name in ("check_id", "draft_id", "follow_up_id", "key_id", "provider")},
    }


def addresses(form: FeedbackForm, world: Marked, *, machines: bool = False) -> list[str]:
    """Return where people, or machines, may look for what a form says; not the addresses of other apps."""
    found, known = [], values(form, world)
    for route, pattern in patterns(get_resolver()):
        if route.startswith("api/v1/") is not machines:
            continue
        if pattern.callback.__module__.startswith(OTHER_APPS) or THEIR_API.match(route):
            continue
        names = PARAMETER.findall(route)
        assert {*names} <= {*known}, f"Say in values() what {route} is about, so that its readers are asked"
        for given in product(*(known[name] for name in names)):
            path = route
            for value in given:
                path = PARAMETER.sub(str(value), path, count=1)
            found.append(f"/{path}")
            if route.endswith("search/"):
                found.append(f"/{path}?q={form.reference}")
    return found


def said_by(answer: Any) -> str:
    """Return the text of an answer, that of a PDF which we print without its spaces."""
    content: bytes = b"".join(answer.streaming_content) if answer.streaming else answer.content
    header = answer.headers.get("Content-Disposition", "")
    is_print = answer.headers["Content-Type"] == "application/pdf" and b"/Font" in content
    return header + (squeezed(content) if is_print else content.decode(errors="replace"))


def asked(client: Client, path: str) -> str:
    """Return all that an address says: its page, or what an empty form gets where it has none. Nothing done stays."""
    with transaction.atomic():
        answer = client.get(path)
        if answer.status_code == METHOD_NOT_ALLOWED:
            answer = client.post(path)
        said = said_by(answer)
        transaction.set_rollback(True)
    return said


@pytest.mark.proves("CF-40", "CF-42", "CF-48")
def test_each_address_shows_what_is_said_to_those_who_may_read_it_and_all_of_them_do(world):
    shown = defaultdict(set)
    for name, person in world.people().items():
        client = Client(raise_request_exception=False)
        client.force_login(person)
        for path in {path for one, form in world.forms.items() if walks(name, one) for path in addresses(form, world)}:
            said = asked(client, path) if path != "/sign-out/" else ""
            for marked, word in MARKS.items():
                if word in said:
                    assert name in READERS[marked[0]][marked[1]], f"{path} shows {word} to {name}"
                    shown[marked].add(name)

    for (form, kind), word in MARKS.items():
        if kind not in OF_THE_PERSON:
            assert shown[form, kind] >= {name for name in READERS[form][kind] if walks(name, form)}, word


@pytest.mark.proves("CF-42")
def test_nobody_who_has_not_signed_in_and_no_machine_reads_a_word_of_a_form(world):
    form = world.forms["closed"]
    machine = Machine("feedback:read", "directory:read", "messages:read", "search:read", person=integrator())
    paths = [path.removeprefix("/api/v1/") for path in addresses(form, world, machines=True)]
    said = "".join(said_by(machine.get(path)) for path in paths)
    said += "".join(asked(Client(), path) for path in addresses(form, world))

    assert form.reference in said, "that there is one, machines read"
    assert [word for word in MARKS.values() if word in said] == []


@pytest.mark.proves("CF-10", "CF-34", "CF-48")
def test_mail_and_notices_say_nothing_of_what_is_said_in_a_form(world):
    said = "".join(
        [*Message.objects.values_list("body", flat=True), *Message.objects.values_list("subject", flat=True)]
    )
    said += "".join(Notice.objects.values_list("words", flat=True))

    told_to_senders = {mark("submitted", "reason")}  # why it was returned
    assert {word for word in MARKS.values() if word in said} == told_to_senders
