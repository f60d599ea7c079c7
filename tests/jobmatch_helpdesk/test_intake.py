import pytest

from contacthub.people.roles import UnitKind
from jobmatch_helpdesk.intake import SITE_KINDS, Intake, SetUp, errors_in
from jobmatch_helpdesk.routing import CustomerType, Source

DOMAINS = ["jobcentre.example", "dwp.example", "HMRC.example"]
JOBCENTRE = {"source": Source.JOBCENTRE, "site_id": 1}
COMPLETE_R04 = {
    **JOBCENTRE,
    "no_email": True,
    "telephone": "+441632960983",
    "call_required": True,
    "dwp_user_email": "r@jobcentre.example",
}


def words_of(*, site_kind: str | None = None, has_sites: bool = True, **given) -> list[str]:
    """Return the words of the errors; the site told, if any, is of the kind of its source unless another is said."""
    kind = SITE_KINDS.get(given["source"], "") if site_kind is None else site_kind
    set_up = SetUp(staff_domains=DOMAINS, site_kind=kind, has_sites=has_sites)
    return [error.words for error in errors_in(Intake(**given), set_up=set_up)]


@pytest.mark.parametrize(
    "given",
    [
        {**JOBCENTRE, "customer_email": "ana@example.org"},
        {**JOBCENTRE, "to_adviser": True, "adviser_email": "pa@jobcentre.example"},
        COMPLETE_R04,
        {**JOBCENTRE, "own_problem": True, "dwp_user_email": "r@jobcentre.example"},
        {"source": Source.JD, "customer_email": "ana@example.org"},
        {"source": Source.JD, "no_email": True, "telephone": "+441632960983", "call_required": True},
        {"source": Source.ED, "site_id": 1, "customer_email": "hr@example.com"},
        {"source": Source.ONLINE_EMPLOYER, "customer_email": "hr@example.com"},
        {"source": Source.ONLINE_JOBSEEKER, "customer_email": "ana@example.org"},
        {"source": Source.ONLINE_ANONYMOUS, "customer_email": "ana@example.org"},
        {
            "source": Source.ONLINE_ANONYMOUS,
            "no_email": True,
            "telephone": "+441632960983",
            "customer_type": CustomerType.JOBSEEKER,
        },
    ],
)
def test_what_is_complete_has_no_errors(given):
    assert words_of(**given) == []


@pytest.mark.proves("UJ-15")
@pytest.mark.parametrize("source", [Source.JOBCENTRE, Source.JD])
def test_a_blank_address_is_not_the_statement_that_there_is_none(source):
    site_id = 1 if source == Source.JOBCENTRE else None
    assert words_of(source=source, site_id=site_id) == [
        "Enter the customer’s email address or select that they do not have one"
    ]


@pytest.mark.proves("UJ-18", "UJ-19", "UJ-20", "UJ-21", "UJ-24")
@pytest.mark.parametrize(
    ("left_out", "words"),
    [
        ("telephone", "Enter a telephone number the customer can be called on"),
        ("call_required", "Select that a telephone call is required"),
        ("dwp_user_email", "Enter the email address of the DWP user who should get the reply"),
    ],
)
def test_a_jobcentre_customer_without_email_needs_all_three(left_out, words):
    given = {name: value for name, value in COMPLETE_R04.items() if name != left_out}

    assert words_of(**given) == [words]


@pytest.mark.proves("UJ-28")
def test_the_dwp_user_may_be_somebody_other_than_the_raiser():
    assert words_of(**COMPLETE_R04, raiser_email="rhian.evans@jobcentre.example") == []


@pytest.mark.proves("UJ-12")
def test_an_ed_incident_needs_its_site():
    assert words_of(source=Source.ED, customer_email="hr@example.com") == ["Select the Employer Direct site"]


@pytest.mark.proves("UJ-30")
def test_a_jobcentre_incident_needs_its_jobcentre_where_there_is_one_to_select():
    given = {"source": Source.JOBCENTRE, "customer_email": "ana@example.org"}

    assert words_of(**given) == ["Select the Jobcentre"]
    assert words_of(**given, has_sites=False) == []


@pytest.mark.proves("UJ-12", "UJ-30")
@pytest.mark.parametrize(
    ("source", "kind", "words"),
    [
        (Source.JOBCENTRE, UnitKind.ED_SITE, "Select the Jobcentre"),
        (Source.ED, UnitKind.CONTACT_CENTRE, "Select the Employer Direct site"),
        (Source.JD, UnitKind.JOBCENTRE, "Select the contact centre"),
        (Source.JD, UnitKind.HELPDESK, "Select the contact centre"),
        (Source.JD, "", "Select the contact centre"),
        (
            Source.ONLINE_EMPLOYER,
            UnitKind.JOBCENTRE,
            "Leave the site out: only what staff of Jobcentres, JD and ED raise has one",
        ),
    ],
)
def test_a_site_is_of_the_kind_of_its_source(source, kind, words):
    assert words_of(source=source, site_id=1, site_kind=kind, customer_email="ana@example.org") == [words]


@pytest.mark.proves("UJ-26")
def test_an_escalation_needs_its_reason():
    given = {"source": Source.JD, "customer_email": "ana@example.org", "escalated": True}

    assert words_of(**given) == ["Enter why there is a risk to health and safety"]
    assert words_of(**given, escalation_reason="He waits outside") == []


@pytest.mark.proves("UJ-32")
def test_an_anonymous_person_with_neither_address_nor_number_is_taken():
    intake = Intake(source=Source.ONLINE_ANONYMOUS, no_email=True)

    assert errors_in(intake, set_up=SetUp(staff_domains=DOMAINS)) == []
    assert intake.route.row.number == "R16"


@pytest.mark.proves("UJ-06", "UJ-07", "UJ-08")
@pytest.mark.parametrize(
    ("source", "from_erm", "refused"),
    [
        (Source.ONLINE_EMPLOYER, True, False),
        (Source.ONLINE_EMPLOYER, False, True),
        (Source.ONLINE_JOBSEEKER, False, True),
        (Source.ONLINE_JOBSEEKER, True, True),
    ],
)
def test_only_an_employer_account_from_erm_may_have_no_address(source, from_erm, refused):
    words = words_of(
        source=source,
        no_email=True,
        account_from_erm=from_erm,
        telephone="+441632960983",
        customer_type=CustomerType.JOBSEEKER,
    )

    expected = "Enter the account’s email address. Only an employer account that came from ERM may have none"
    assert words == ([expected] if refused else [])


def test_an_address_and_the_statement_that_there_is_none_are_at_odds():
    given = COMPLETE_R04 | {"customer_email": "ana@example.org"}

    assert words_of(**given) == ["Enter an email address or select that there is none, not both"]


@pytest.mark.proves("UJ-21")
@pytest.mark.parametrize("outside", ["r@example.org", "r@jobcentre.example.org", "r@not-dwp.example"])
def test_the_address_of_a_dwp_user_is_one_of_staff(outside):
    assert words_of(**COMPLETE_R04 | {"dwp_user_email": outside}) == [
        "Enter an email address of DWP staff, ending in @jobcentre.example, @dwp.example or @HMRC.example"
    ]


@pytest.mark.parametrize("address", ["R@Jobcentre.EXAMPLE", "r@hmrc.example"])
def test_capitals_in_the_domain_of_a_dwp_user_do_not_matter(address):
    assert words_of(**COMPLETE_R04 | {"dwp_user_email": address}) == []


def test_an_address_that_nobody_will_write_to_is_not_judged():
    assert words_of(**JOBCENTRE, customer_email="a@example.org", dwp_user_email="r@example.org") == []


@pytest.mark.parametrize("source", [Source.JD, Source.ED])
def test_only_jobcentre_staff_report_a_problem_of_their_own(source):
    given = {"source": source, "site_id": 1, "own_problem": True, "customer_email": "a@example.org"}

    assert words_of(**given) == [
        "Select a jobseeker or an employer: only Jobcentre staff report a problem of their own here"
    ]
