"""Names and addresses as people type and paste them, by each form, to the mail that goes out and the pages that show
them (P03, P05, P06, P25).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from contacthub.actor import PUBLIC, Actor
from contacthub.mail.models import Message
from contacthub.mail.tasks import send_message
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Role
from contacthub.submissions.services import keep, open_place
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident
from tests.contacthub.ui.markup import Node, parse
from tests.factories import MORNING, MembershipFactory, StaffMemberFactory, told
from tests.jobmatch_helpdesk.situations import JD_INBOX, LATER, given_to, set_up_inboxes

NAMES = ["Siân O’Neill-ap Rhys", "Prince", "X", "Nguyễn Thị Ánh", "Łukasz", "W" * 60, "O'Neill & Sons <Wales> Ltd"]
ARABIC = "مريم أحمد"
HIDDEN = ["\u200bana@example.org", "ana@example.org\u200b", "ana@exam\u00adple.org", " ana@example.org\u00a0"]


@pytest.fixture(autouse=True)
def inboxes(reference):
    set_up_inboxes()


def client_of(by: Actor) -> Client:
    client = Client()
    client.force_login(StaffMember.objects.get(pk=by.staff_id))
    return client


def raiser(role: Role, unit: str) -> Client:
    person = StaffMemberFactory(role=role, name="Carys Morgan", email="carys@jobcentre.example")
    MembershipFactory(person=person, unit=Unit.objects.get(code=unit))
    client = Client()
    client.force_login(person)
    return client


def raise_one(client: Client, **given: str) -> Incident:
    words = {"key": "a-key", "language": "en", "topic": "account", "description": "Cannot sign in"}
    answer = client.post("/jobmatch/new/", words | given)
    assert answer.status_code == 302, answer.text
    return Incident.objects.latest("pk")


def mail_of(smtp) -> list[tuple[str, str, str]]:
    """Send all that waits; return whom each was handed over for, its subject and its text, as a reader sees them."""
    for message in Message.objects.filter(state="queued").order_by("pk"):
        send_message(message.pk)
    return [(mail.recipients[0], str(mail.mail["Subject"]), mail.text.replace("\r\n", "\n")) for mail in smtp.received]


@pytest.mark.django_db(transaction=True)
def test_a_name_stands_as_it_was_typed_in_every_mail_and_on_the_page(smtp, ana):
    carys, agent = raiser(Role.JD_AGENT, "jd"), client_of(ana)
    for name in NAMES:
        incident = raise_one(carys, key=name, about="employer", customer_name=name, customer_email="a@example.org")
        services.take(incident_id=incident.pk, reason="First", by=ana, at=MORNING)
        services.reply(incident_id=incident.pk, text=f"For {name}", by=ana, at=LATER)
        page = parse(agent.get(incident.get_absolute_url()).text)
        assert name in [node.text for node in page.all("bdi")]

    sent = mail_of(smtp)

    for to in (JD_INBOX, "a@example.org"):
        subjects = [subject.partition(": ")[2] for reached, subject, _ in sent if reached == to]
        assert subjects == [f"answer for {name}" for name in NAMES]
        texts = [text for reached, _, text in sent if reached == to]
        assert all(f"For {name}\n" in text for name, text in zip(NAMES, texts, strict=True))


@pytest.mark.django_db(transaction=True)
def test_a_customer_is_greeted_by_the_name_that_they_typed(smtp, ana):
    for name in NAMES:
        incident = services.submit(told(customer_name=name, customer_email="a@example.org"), by=PUBLIC, at=MORNING)
        services.take(incident_id=incident.pk, reason="First", by=ana, at=MORNING)
        services.ask(incident_id=incident.pk, text="Which browser?", by=ana, at=LATER)

    greeted = [text.splitlines()[0] for _, _, text in mail_of(smtp)]

    assert greeted == [f"Dear {name}" for name in NAMES for _ in ("acknowledged", "asked")]


class TestStaffForm:
    @pytest.fixture
    def adviser(self) -> Client:
        return raiser(Role.JOBCENTRE_ADVISER, "porth-wen")

    CUSTOMER = {"about": "jobseeker", "customer_name": "Ana", "customer_email": "b@example.org"}
    NOBODY = {**CUSTOMER, "customer_email": "", "no_email": "on", "telephone": "01632 960983", "call_required": "on"}

    @pytest.mark.django_db
    @pytest.mark.parametrize("typed", HIDDEN)
    @pytest.mark.parametrize(
        ("field", "others"),
        [
            ("customer_email", CUSTOMER),
            ("adviser_email", {**CUSTOMER, "reply_choice": "adviser"}),
            ("dwp_user_email", NOBODY),
        ],
    )
    def test_an_address_is_kept_without_what_nobody_sees(self, adviser, settings, field, others, typed):
        settings.STAFF_EMAIL_DOMAINS = ["example.org"]

        assert getattr(raise_one(adviser, **{**others, field: typed}), field) == "ana@example.org"

    @pytest.mark.django_db
    def test_a_number_is_kept_without_what_nobody_sees(self, adviser):
        incident = raise_one(adviser, **{**self.CUSTOMER, "telephone": "\u202a01632 960983\u202c"})

        assert incident.telephone == "+441632960983"

    @pytest.mark.django_db
    @pytest.mark.parametrize(("typed", "odd"), [("o’neill@example.org", "’"), ("siân@example.org", "â")])
    @pytest.mark.parametrize("field", ["customer_email", "adviser_email", "dwp_user_email"])
    def test_an_address_that_mail_cannot_carry_shows_the_odd_character(self, adviser, field, typed, odd):
        page = adviser.post("/jobmatch/new/", {"key": "a-key", **self.CUSTOMER, field: typed}).text

        assert page.count(f"Email addresses cannot have “{odd}” before the @") == 2
        assert f'value="{typed}"' in page

    @pytest.mark.django_db
    @pytest.mark.parametrize("name", NAMES)
    def test_a_name_is_taken_as_it_is_typed(self, adviser, name):
        assert raise_one(adviser, **{**self.CUSTOMER, "customer_name": name}).customer_name == name

    @pytest.mark.django_db
    def test_an_override_of_the_direction_is_taken_out_of_a_name(self, adviser):
        assert (
            raise_one(adviser, **{**self.CUSTOMER, "customer_name": "Ana \u202egnp.exe"}).customer_name == "Ana gnp.exe"
        )


MEANT = dict.fromkeys(HIDDEN, "ana@example.org") | {
    "o'neill+uj@example.org": "o'neill+uj@example.org",
    "rhys@tŷ-gwyn.example": "rhys@xn--t-gwyn-pob.example",
}


@pytest.mark.django_db(transaction=True)
def test_a_reply_reaches_the_address_that_was_meant(smtp, ana):
    client = raiser(Role.JOBCENTRE_ADVISER, "porth-wen")
    for typed in MEANT:
        incident = raise_one(client, key=typed, about="jobseeker", customer_name="Ana", customer_email=typed)
        services.take(incident_id=incident.pk, reason="First", by=ana, at=MORNING)
        services.reply(incident_id=incident.pk, text="Use another browser", by=ana, at=LATER)

    assert [to for to, subject, _ in mail_of(smtp) if "answer" in subject] == [*MEANT.values()]


@pytest.mark.django_db
def test_a_domain_is_shown_with_its_accent_where_the_mail_goes_by_another_name(ana):
    incident = given_to(ana, "R14", customer_email="rhys@tŷ-gwyn.example")

    page = parse(client_of(ana).get(incident.get_absolute_url()).text)

    assert "rhys@tŷ-gwyn.example" in [node.text.replace(" ", "") for node in page.all("bdi")]


def loose(page: Node, words: str, *, apart: bool = False) -> Iterator[str]:
    """Yield each text with these words in it that is not set apart from what stands beside it."""
    apart = apart or page.tag in ("bdi", "title", "option") or page.attrs.get("dir") == "auto"
    for child in page.children:
        if isinstance(child, Node):
            yield from loose(child, words, apart=apart)
        elif words in child and not apart:
            yield child


@pytest.mark.django_db
def test_a_name_from_right_to_left_turns_nothing_that_stands_beside_it(ana, lead):
    carys = raiser(Role.JD_AGENT, "jd")
    waiting = raise_one(carys, about="employer", customer_name=ARABIC, customer_email="a@example.org")
    mine = services.submit(told(customer_name=ARABIC, description=f"{ARABIC} UJ 12."), by=PUBLIC, at=MORNING)
    services.take(incident_id=mine.pk, reason=ARABIC, by=ana, at=MORNING)
    answered = given_to(ana, "R06", customer_name=ARABIC)
    services.reply(incident_id=answered.pk, text=f"{ARABIC}, UJ 12.", by=ana, at=LATER)
    Message.objects.update(state="failed", ended_at=LATER, next_attempt_at=None, server_words=f"550 {ARABIC}")
    place = open_place(ana, "a-place", title=f"Reply, UJ-000001 {ARABIC}", link="/").place
    keep(place=place, words={"text": ARABIC}, by=ana, at=LATER)
    agent, boss, public = client_of(ana), client_of(lead), Client()
    for step, typed in CONTACT_US.items():
        public.post(f"/contact-us/{step}/", {"key": "a-key", **typed})
    checked = public.get("/contact-us/check/")
    written = {"key": "a-key", "text": ARABIC, "do": "preview"}

    pages = {
        "queue": agent.get("/jobmatch/?view=open"),
        "home": agent.get("/"),
        "mine": agent.get(mine.get_absolute_url()),
        "preview": agent.post(f"{mine.get_absolute_url()}reply/", written),
        "answered": agent.get(answered.get_absolute_url()),
        "somebody else's": boss.get(mine.get_absolute_url()),
        "drafts": agent.get("/drafts/"),
        "outbox": boss.get("/mail/?view=failed"),
        "home of a lead": boss.get("/"),
        "notices": agent.get("/notices/?view=all"),
        "of who raised it": carys.get(waiting.get_absolute_url()),
        "lists of who raised it": carys.get("/jobmatch/"),
        "raising": carys.get("/jobmatch/new/"),
        "check": checked,
        "sent": public.post("/contact-us/check/", {"key": checked.context["key"]}, follow=True),
    }

    assert [name for name, page in pages.items() if ARABIC not in page.text] == ["notices"]
    assert {name: [*loose(parse(page.text), ARABIC)] for name, page in pages.items()} == {name: [] for name in pages}


CONTACT_US = {
    "who": {"customer_type": "jobseeker", "customer_name": ARABIC},
    "reply": {"customer_email": "a@example.org"},
    "about": {"topic": "account"},
    "happened": {"description": f"{ARABIC} UJ 12."},
}
