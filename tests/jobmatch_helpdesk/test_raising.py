"""The staff form as a browser without JavaScript sees it, and what its script asks for."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from contacthub.callbacks.models import Queue
from contacthub.cases.models import Event, EventWords
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Role, UnitKind
from contacthub.people.services import actor_for
from contacthub.submissions.models import Draft
from contacthub.submissions.services import keep, open_place
from jobmatch_helpdesk.models import Incident
from tests.contacthub.ui.markup import check, parse
from tests.factories import MORNING, MembershipFactory, StaffMemberFactory, UnitFactory

pytestmark = pytest.mark.django_db
URL = "/jobmatch/new/"
ROUTE = "/jobmatch/new/route/"
CUSTOMER = {
    "about": "jobseeker",
    "customer_name": "Gwenllïan Pugh-Bebb",
    "customer_email": "gwen@example.org",
    "language": "cy",
    "topic": "account",
    "description": "Her old surname is shown",
}
NO_EMAIL = {
    **CUSTOMER,
    "customer_email": "",
    "no_email": "on",
    "telephone": "01632 960 771",
    "call_required": "on",
    "dwp_user_email": "rhian@jobcentre.example",
}


def worker(role: Role, code: str = "", kind: UnitKind = UnitKind.JOBCENTRE, **given) -> StaffMember:
    staff = StaffMemberFactory(role=role, name="Rhian Evans", email="rhian@jobcentre.example", **given)
    if code:
        MembershipFactory(person=staff, unit=UnitFactory(code=code, kind=kind))
    return staff


@pytest.fixture
def rhian(reference) -> StaffMember:
    return worker(Role.JOBCENTRE_ADVISER, "pwn")


@pytest.fixture
def adviser(client, rhian) -> Client:
    client.force_login(rhian)
    return client


@pytest.fixture
def agent(client, ana) -> Client:
    UnitFactory(code="pwn")
    UnitFactory(code="mbk", name="Millbrack Jobcentre")
    client.force_login(StaffMember.objects.get(pk=ana.staff_id))
    return client


def send(client: Client, words: dict[str, str], url: str = URL, **changes: str):
    return client.post(url, {"key": str(uuid4()), **words, **changes}, follow=True)


def page_of(client: Client, words: dict[str, str], **changes: str) -> str:
    return send(client, words, **changes).content.decode()


def names_of(page: str) -> set[str]:
    fields = [node for tag in ("input", "select", "textarea") for node in parse(page).all(tag)]
    return {node.attrs["name"] for node in fields}


@pytest.mark.proves("UJ-29", "UJ-30")
def test_a_raised_incident_opens_with_its_reference_its_route_and_what_happens_next(adviser, rhian):
    response = send(adviser, NO_EMAIL)

    incident = Incident.objects.get()
    assert response.redirect_chain == [(incident.get_absolute_url(), 302)]
    page = response.content.decode()
    assert f"{incident.reference} is raised. The reply goes to rhian@jobcentre.example (R04)" in page
    assert "within 1 working day" in page
    assert (incident.row, incident.raised_by_id, incident.raiser_email) == ("R04", rhian.pk, rhian.email)
    assert (incident.site.code, incident.telephone, incident.language) == ("pwn", "+441632960771", "cy")


def test_raise_it_and_start_another_shows_an_empty_form_with_the_banner(adviser):
    response = send(adviser, CUSTOMER, then="another")

    assert response.redirect_chain == [(URL, 302)]
    page = response.content.decode()
    assert f"{Incident.objects.get().reference} is raised" in page
    assert "Her old surname is shown" not in page


def test_source_and_site_are_shown_and_not_asked_where_there_is_one(adviser):
    page = adviser.get(URL).content.decode()

    assert names_of(page) & {"source", "site", "raiser_name", "raiser_email"} == set()
    assert "Porth Wen Jobcentre" in page
    assert "Jobcentre staff" in page


def test_a_site_is_asked_of_who_works_at_two(adviser, rhian):
    other = MembershipFactory(person=rhian, unit=UnitFactory(code="mbk", name="Millbrack Jobcentre")).unit

    assert "Select the Jobcentre" in page_of(adviser, CUSTOMER)
    send(adviser, CUSTOMER, site=str(other.pk))
    assert Incident.objects.get().site == other


def test_a_site_of_others_is_not_taken(adviser, rhian):
    MembershipFactory(person=rhian, unit=UnitFactory(code="mbk", name="Millbrack Jobcentre"))
    foreign = UnitFactory(code="dcw", name="Duncarrow Jobcentre")

    send(adviser, CUSTOMER, site=str(foreign.pk))

    assert not Incident.objects.exists()


@pytest.mark.proves("UJ-33")
@pytest.mark.parametrize(
    ("role", "code", "kind", "chosen"),
    [
        (Role.JD_AGENT, "jd", UnitKind.CONTACT_CENTRE, "jobseeker"),
        (Role.JD_QUALITY_ASSESSOR, "jd", UnitKind.CONTACT_CENTRE, "jobseeker"),
        (Role.ED_AGENT, "ed-telford", UnitKind.ED_SITE, "employer"),
        (Role.JOBCENTRE_ADVISER, "pwn", UnitKind.JOBCENTRE, None),
    ],
)
def test_the_customer_type_begins_with_that_of_the_source(client, reference, role, code, kind, chosen):
    client.force_login(worker(role, code, kind))

    radios = [node for node in parse(client.get(URL).content.decode()).all("input") if node.attrs["name"] == "about"]

    assert [node.attrs["value"] for node in radios if "checked" in node.attrs] == ([chosen] if chosen else [])


@pytest.mark.parametrize(
    ("role", "code", "kind", "words", "row"),
    [
        (Role.JOBCENTRE_ADVISER, "pwn", UnitKind.JOBCENTRE, CUSTOMER, "R02"),
        (
            Role.JOBCENTRE_ADVISER,
            "pwn",
            UnitKind.JOBCENTRE,
            {**CUSTOMER, "customer_email": "", "reply_choice": "adviser", "adviser_email": "pa@jobcentre.example"},
            "R03",
        ),
        (Role.JOBCENTRE_ADVISER, "pwn", UnitKind.JOBCENTRE, NO_EMAIL, "R04"),
        (
            Role.JOBCENTRE_ADVISER,
            "pwn",
            UnitKind.JOBCENTRE,
            {**CUSTOMER, "about": "own", "dwp_user_email": "rhian@jobcentre.example"},
            "R05",
        ),
        (Role.JD_AGENT, "jd", UnitKind.CONTACT_CENTRE, CUSTOMER, "R06"),
        (Role.JD_AGENT, "jd", UnitKind.CONTACT_CENTRE, NO_EMAIL, "R07"),
        (Role.ED_AGENT, "ed-telford", UnitKind.ED_SITE, CUSTOMER, "R08"),
        (Role.ED_AGENT, "ed-telford", UnitKind.ED_SITE, NO_EMAIL, "R09"),
    ],
)
@pytest.mark.proves("UJ-10")
def test_every_row_of_the_staff_form_can_be_raised(client, reference, role, code, kind, words, row):
    client.force_login(worker(role, code, kind))

    send(client, words)

    assert Incident.objects.get().row == row


def test_what_is_missing_is_said_all_at_once_and_what_was_typed_stays(adviser):
    page = page_of(adviser, {**NO_EMAIL, "telephone": "", "call_required": "", "dwp_user_email": ""})

    for words in [
        "Enter a telephone number the customer can be called on",
        "Select that a telephone call is required",
        "Enter the email address of the DWP user who should get the reply",
    ]:
        assert page.count(words) == 2, words
    assert "Her old surname is shown" in page
    assert "Gwenllïan Pugh-Bebb" in page
    check(page)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"customer_email": ""}, "Enter the customer’s email address or select that they do not have one"),
        ({"customer_name": " "}, "Enter the customer’s name"),
        ({"about": ""}, "Select who it is about"),
        ({"description": ""}, "Enter what happened"),
        ({"telephone": "12"}, "Enter a telephone number in the correct format"),
        ({"escalated": "on"}, "Enter why there is a risk to health and safety"),
        ({"no_email": "on"}, "Enter an email address or select that there is none, not both"),
        ({"customer_name": "x" * 201}, "The customer’s name must be 200 characters or fewer"),
    ],
)
def test_an_error_is_said_in_the_words_of_its_field(adviser, changes, message):
    page = page_of(adviser, CUSTOMER, **changes)

    assert page.count(message) == 2, "in the summary and beside the field"
    assert not Incident.objects.exists()


@pytest.mark.proves("UJ-21")
def test_the_reply_for_a_customer_goes_to_no_address_outside_the_staff_domains(adviser, settings):
    settings.STAFF_EMAIL_DOMAINS = ["dwp.example"]

    assert "Enter an email address of DWP staff, ending in @dwp.example" in page_of(adviser, NO_EMAIL)
    assert not Incident.objects.exists()


@pytest.mark.proves("UJ-25")
def test_a_risk_puts_it_first(adviser):
    send(adviser, CUSTOMER, escalated="on", escalation_reason="He waits at the car park", risk_kind="threat")

    incident = Incident.objects.get()
    assert (incident.get_band_display(), incident.risk_kind) == ("Immediate", "threat")


@pytest.mark.proves("UJ-25")
def test_the_warning_says_which_number_to_call(adviser):
    Unit.objects.filter(code="helpdesk").update(telephone="0808 157 0100")

    page = parse(adviser.get(URL).content.decode())

    warning = "call the Universal Jobmatch Helpdesk now on 0808 157 0100 . Do not wait for a reply to this form"
    assert warning in page.text


def test_the_warning_says_where_the_number_is_while_it_is_not_set(adviser):
    page = parse(adviser.get(URL).content.decode())

    assert "Helpdesk now: its number is in your site’s telephone list. Do not wait" in page.text


class TestHelpdesk:
    RINGS = {**CUSTOMER, "raiser_name": "Rhian Evans", "raiser_email": "rhian@jobcentre.example"}

    def test_source_site_name_and_address_of_who_rings_are_asked(self, agent):
        page = page_of(agent, CUSTOMER)

        assert names_of(page) >= {"source", "site", "raiser_name", "raiser_email"}
        assert page.count("Select where this comes from") > 1
        page = page_of(agent, CUSTOMER, source="jobcentre")
        for words in ("Select the Jobcentre", "Enter the name of who rings", "Enter the email address of who rings"):
            assert page.count(words) == 2, words
        assert page_of(agent, CUSTOMER, source="ed").count("Select the Employer Direct site") == 2
        assert not Incident.objects.exists()

    def test_it_is_raised_in_the_name_of_who_rings(self, agent, ana):
        send(agent, self.RINGS, source="jobcentre", site=str(Unit.objects.get(code="mbk").pk))

        incident = Incident.objects.get()
        assert (incident.raiser_name, incident.raiser_email) == ("Rhian Evans", "rhian@jobcentre.example")
        assert (incident.site.code, incident.source, incident.raised_by_id) == ("mbk", "jobcentre", ana.staff_id)
        assert incident.channel == "telephone"

    @pytest.mark.proves("UJ-26")
    def test_a_risk_is_on_record_with_who_rang_and_that_it_was_by_telephone(self, agent):
        risk = {"escalated": "on", "escalation_reason": "He waits outside", "risk_kind": "threat"}

        send(agent, self.RINGS | risk, source="jobcentre", site=str(Unit.objects.get(code="mbk").pk))

        said = EventWords.objects.get(event__kind="escalated").text
        assert said.startswith("By telephone: Rhian Evans, ")
        assert said.endswith(". Threat. He waits outside")

    def test_a_site_of_another_kind_is_not_taken(self, agent):
        page = page_of(agent, self.RINGS, source="ed", site=str(Unit.objects.get(code="pwn").pk))

        assert "Select the Employer Direct site" in page

    def test_jd_has_one_site(self, agent):
        send(agent, self.RINGS, source="jd")

        assert Incident.objects.get().site.code == "jd"


class TestOnce:
    def test_the_same_form_twice_raises_one_incident(self, adviser):
        key = str(uuid4())

        first, second = (send(adviser, CUSTOMER, key=key) for _ in range(2))

        assert first.redirect_chain == second.redirect_chain
        assert Incident.objects.count() == 1

    def test_other_words_on_a_used_form_are_kept_and_can_be_raised_anew(self, adviser):
        key = str(uuid4())
        send(adviser, CUSTOMER, key=key)

        page = page_of(adviser, CUSTOMER, key=key, description="Something else")

        assert "To raise these words as another incident, press Raise it" in page
        assert "Something else" in page
        new = next(n.attrs["value"] for n in parse(page).all("input") if n.attrs["name"] == "key")
        send(adviser, CUSTOMER, key=new, description="Something else")
        assert Incident.objects.count() == 2

    @pytest.mark.proves("CM-14")
    def test_a_draft_is_offered_again_and_cleared_by_raising(self, adviser, rhian):
        by = actor_for(rhian, on=MORNING.date())
        place = open_place(by, "jobmatch:raise", title="Raise an incident", link=URL).place
        keep(place=place, words={"description": "Half a sentence", "no_email": "on"}, by=by, at=MORNING)

        page = adviser.get(URL).content.decode()

        assert "Half a sentence" in page
        no_email = next(node for node in parse(page).all("input") if node.attrs["name"] == "no_email")
        assert "checked" in no_email.attrs
        send(adviser, NO_EMAIL)
        assert not Draft.objects.exists()


class TestRoute:
    def test_the_script_is_answered_with_the_route_and_nothing_is_written(self, adviser):
        pwn = Unit.objects.get(code="pwn")
        Queue.objects.create(code="uj_pwn", unit=pwn, caller_words="Porth Wen Jobcentre calls")
        events = Event.objects.count()

        response = adviser.post(ROUTE, NO_EMAIL, headers={"X-Background": "1"})

        page = parse(response.content.decode()).text
        assert "The reply goes to rhian@jobcentre.example" in page
        assert "R04" in page
        assert "Then a call in Welsh on 01632 960771 . Porth Wen Jobcentre calls" in page
        assert "the Helpdesk answers within 1 working day" in page
        assert (Incident.objects.count(), Draft.objects.count(), Event.objects.count()) == (0, 0, events)

    def test_a_form_that_has_just_begun_has_a_route_too(self, adviser):
        page = parse(adviser.post(ROUTE, {}).content.decode()).text

        assert "The reply goes to: Customer" in page
        assert "R02" in page

    def test_without_a_source_there_are_general_words(self, agent):
        assert "follow from what you enter" in agent.post(ROUTE, {}).content.decode()

    def test_it_keeps_no_session_alive(self, adviser):
        adviser.get(URL)
        seen = adviser.session["seen_at"]

        adviser.post(ROUTE, {}, headers={"X-Background": "1"})

        assert adviser.session["seen_at"] == seen

    def test_the_page_shows_general_words_first_and_the_route_after_a_refusal(self, adviser):
        assert "follow from what you enter" in adviser.get(URL).content.decode()

        assert "R04" in page_of(adviser, {**NO_EMAIL, "topic": ""})

    @pytest.mark.parametrize("odd", ["\x00", "<script>1</script>", "\u202e", "x" * 5000])
    def test_odd_values_are_answered(self, adviser, odd):
        words = dict.fromkeys([*NO_EMAIL, "site", "source", "reply_choice", "risk_kind", "escalated"], odd)

        response = adviser.post(ROUTE, words)

        assert response.status_code == 200
        assert "<script>" not in response.content.decode()


@pytest.mark.parametrize("words", [{}, NO_EMAIL | {"topic": ""}])
@pytest.mark.parametrize("role", [Role.HELPDESK_AGENT, Role.JOBCENTRE_ADVISER, Role.ED_AGENT, Role.JD_AGENT])
def test_the_form_is_sound_for_every_role(client, reference, role, words):
    client.force_login(worker(role))

    check(client.get(reverse("jobmatch:raise")).content.decode())
    check(page_of(client, words))


def test_somebody_who_raises_nothing_is_told_who_does(client, reference):
    client.force_login(StaffMemberFactory(role=Role.ADMINISTRATOR))

    assert client.get(URL).status_code == 403
    assert client.post(ROUTE, {}).status_code == 403
