"""The decision table, copied by hand from the handling strategy; nothing expected is worked out by the code."""

from itertools import product

import pytest

from contacthub.deadlines.working_time import Target
from jobmatch_helpdesk.routing import (
    FIRST_REPLY,
    ROWS,
    Band,
    CallQueue,
    Channel,
    CustomerType,
    Facts,
    Need,
    ReplyTo,
    Source,
    calls_for,
    route,
)

E, T, C, D, A, S, K, W = (
    Need.CUSTOMER_EMAIL,
    Need.TELEPHONE,
    Need.CALL_REQUIRED,
    Need.DWP_USER_EMAIL,
    Need.ADVISER_EMAIL,
    Need.SITE,
    Need.CUSTOMER_TYPE,
    Need.ESCALATION_REASON,
)
TEL = frozenset({T})
NONE = CallQueue.NONE

# row, facts, reply goes to, copy to the customer, callback queue, band, required before submit
TABLE = [
    ("R02", Facts(Source.JOBCENTRE), ReplyTo.CUSTOMER, False, NONE, 2, {E}),
    ("R03", Facts(Source.JOBCENTRE, to_adviser=True), ReplyTo.ADVISER, False, NONE, 2, {A}),
    ("R04", Facts(Source.JOBCENTRE, no_email=True), ReplyTo.DWP_USER, False, CallQueue.JOBCENTRE, 2, {T, C, D}),
    ("R05", Facts(Source.JOBCENTRE, own_problem=True), ReplyTo.DWP_USER, False, NONE, 2, {D}),
    ("R06", Facts(Source.JD), ReplyTo.JD_INBOX, True, NONE, 3, {E}),
    ("R07", Facts(Source.JD, no_email=True), ReplyTo.JD_INBOX, False, CallQueue.JD, 3, {T, C}),
    ("R08", Facts(Source.ED), ReplyTo.ED_INBOX, True, NONE, 3, {S, E}),
    ("R09", Facts(Source.ED, no_email=True), ReplyTo.ED_INBOX, False, CallQueue.ED_SITE, 3, {S, T, C}),
    ("R10", Facts(Source.ONLINE_EMPLOYER), ReplyTo.CUSTOMER, False, NONE, 3, {E}),
    ("R11", Facts(Source.ONLINE_EMPLOYER, no_email=True, given=TEL), ReplyTo.NOBODY, False, CallQueue.ED_DEFAULT, 3, set()),
    ("R12", Facts(Source.ONLINE_EMPLOYER, no_email=True), ReplyTo.NOBODY, False, NONE, 3, set()),
    ("R13", Facts(Source.ONLINE_JOBSEEKER), ReplyTo.CUSTOMER, False, NONE, 3, {E}),
    ("R14", Facts(Source.ONLINE_ANONYMOUS), ReplyTo.CUSTOMER, False, NONE, 3, {E}),
    ("R15", Facts(Source.ONLINE_ANONYMOUS, no_email=True, given=TEL), ReplyTo.NOBODY, False, CallQueue.BY_CUSTOMER_TYPE, 3, {K}),
    ("R16", Facts(Source.ONLINE_ANONYMOUS, no_email=True), ReplyTo.NOBODY, False, NONE, 3, set()),
    ("R17", Facts(Source.ONLINE_ANONYMOUS, channel=Channel.EMAIL), ReplyTo.CUSTOMER, False, NONE, 3, set()),
]  # fmt: skip


@pytest.mark.proves("UJ-10", "UJ-16", "UJ-17", "UJ-22", "UJ-23")
@pytest.mark.parametrize(("number", "facts", "reply_to", "copy", "queue", "band", "needs"), TABLE)
def test_row(number, facts, reply_to, copy, queue, band, needs):
    answer = route(facts)

    assert (answer.row.number, answer.row.reply_to, answer.row.copies_customer) == (number, reply_to, copy)
    assert (answer.row.call_queue, answer.band) == (queue, band)
    assert set(answer.missing) == needs


def test_the_table_has_every_row_once():
    assert sorted(row.number for row in ROWS) == [f"R{number:02}" for number in range(2, 18)]


def test_any_facts_lead_to_a_row_and_only_email_leads_to_r17():
    yes_or_no = (False, True)
    for source, channel, no_email, own, adviser, telephone in product(
        Source, Channel, yes_or_no, yes_or_no, yes_or_no, yes_or_no
    ):
        given = TEL if telephone else frozenset()
        answer = route(Facts(source, channel, no_email, own_problem=own, to_adviser=adviser, given=given))

        assert (answer.row.number == "R17") is (channel == Channel.EMAIL)


def test_what_was_given_is_not_missing():
    given = frozenset({T, C, D})

    assert route(Facts(Source.JOBCENTRE, no_email=True, given=given)).missing == ()


@pytest.mark.proves("UJ-29", "UJ-33")
@pytest.mark.parametrize("customer_type", CustomerType)
def test_the_source_decides_whatever_the_customer_is(customer_type):
    assert route(Facts(Source.JD, no_email=True, customer_type=customer_type)).row.number == "R07"


@pytest.mark.proves("UJ-31")
def test_a_call_that_is_required_needs_a_number_on_any_row():
    assert route(Facts(Source.JD, given=frozenset({E, C}))).missing == (T,)


@pytest.mark.proves("UJ-31")
def test_a_number_alone_asks_for_no_call():
    answer = route(Facts(Source.JD, given=frozenset({E, T})))

    assert (answer.row.number, answer.row.has_call, answer.missing) == ("R06", False, ())


@pytest.mark.proves("UJ-32")
@pytest.mark.parametrize("source", [Source.JOBCENTRE, Source.JD, Source.ED])
def test_a_staff_source_with_neither_address_nor_number_is_incomplete(source):
    assert T in route(Facts(source, no_email=True)).missing


@pytest.mark.proves("UJ-25", "UJ-26", "UJ-27")
@pytest.mark.parametrize("source", [Source.JOBCENTRE, Source.JD, Source.ED])
def test_r01_lays_band_1_and_a_reason_over_the_row_of_a_staff_source(source):
    calm, urgent = route(Facts(source)), route(Facts(source, escalated=True))

    assert (urgent.row, urgent.band) == (calm.row, Band.IMMEDIATE)
    assert urgent.missing == (*calm.missing, W)


def test_r01_is_for_staff_sources_only():
    assert route(Facts(Source.ONLINE_ANONYMOUS, escalated=True)).band == Band.STANDARD


@pytest.mark.parametrize(
    ("facts", "number"),
    [
        (Facts(Source.JOBCENTRE, no_email=True), "R04"),
        (Facts(Source.ONLINE_EMPLOYER, no_email=True, given=TEL), "R11"),
        (Facts(Source.ONLINE_EMPLOYER, no_email=True), "R12"),
        (Facts(Source.ONLINE_JOBSEEKER, no_email=True, given=TEL), "R15"),
        (Facts(Source.ONLINE_JOBSEEKER, no_email=True), "R16"),
    ],
)
def test_a_customers_address_that_failed_leads_to_the_row_without_one(facts, number):
    assert route(facts).row.number == number


@pytest.mark.parametrize(
    ("queue", "customer_type", "called_by"),
    [
        (CallQueue.BY_CUSTOMER_TYPE, CustomerType.EMPLOYER, CallQueue.ED_DEFAULT),
        (CallQueue.BY_CUSTOMER_TYPE, CustomerType.JOBSEEKER, CallQueue.JD),
        (CallQueue.ED_SITE, CustomerType.JOBSEEKER, CallQueue.ED_SITE),
        (CallQueue.NONE, CustomerType.EMPLOYER, CallQueue.NONE),
    ],
)
def test_who_calls_an_anonymous_customer_depends_on_what_they_are(queue, customer_type, called_by):
    assert calls_for(queue, customer_type) == called_by


@pytest.mark.proves("UJ-04")
def test_bands_stand_in_order():
    assert [band.label for band in sorted(Band)] == ["Immediate", "Jobcentre", "Standard"]


@pytest.mark.parametrize(
    ("band", "target"),
    [
        (Band.IMMEDIATE, Target(hours=1)),
        (Band.JOBCENTRE, Target(working_days=1)),
        (Band.STANDARD, Target(working_days=3)),
    ],
)
def test_the_first_reply_is_due_by_band(band, target):
    assert FIRST_REPLY[band] == target
