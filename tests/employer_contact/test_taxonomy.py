"""Which service requests each reason leads to, for whom: copied by hand from the procedure."""

from __future__ import annotations

from itertools import product

import pytest

from employer_contact.models import ContactReason, ServiceRequestKind
from employer_contact.taxonomy import (
    Asked,
    RequestKind,
    broken_rules,
    offered,
    reason_refusal,
    refusal,
)
from employer_contact.terms import PartyType

EMPLOYER, AGENT = PartyType.EMPLOYER, PartyType.AGENT
MESSAGES = {
    "employer_only": "Only the employer can ask for this. Ask the agent to have the employer contact us",
    "agent_only": "Only an agent can ask for this, about the agent’s own record",
}
# Reason, code, Process, Area, Sub Area, scope, employer, agent, target, related procedures
TABLE = [
    ("General enquiry", "GEN_LITERATURE", "Employer", "Info Requested", "Send Literature", "", True, True, "2 working days", ["Employer - Send Literature"]),
    ("General enquiry", "GEN_PROCEDURES", "Employer", "Info Requested", "Update Procedures", "", True, True, "2 working days", ["Employer - Send Literature"]),
    ("Self service problem", "SELF_SERVICE_USAGE", "Employer", "Info Requested", "Self Service Usage", "", True, False, "same day", ["Self Service Overview"]),
    ("Self service problem", "SELF_SERVICE_IT", "Employer", "Info Requested", "Self Service IT", "", True, False, "5 working days", ["Self Service Overview"]),
    ("Update Employer/Agent Details", "UPDATE_EMPLOYER", "Employer", "Update Details", "Update Employer Details", "", True, False, "same day", ["Employer Or Agent - Edit"]),
    ("Update Employer/Agent Details", "UPDATE_AGENT", "Employer", "Update Details", "Update Agent Details", "", False, True, "same day", ["Employer Or Agent - Edit"]),
    ("Responding to communication for a payment", "CAPTURE_ROUTE", "Employer", "Info Provided", "Capture and Route Client Details", "", True, True, "1 working day", ["Employer/Agent Contact", "Employer - Handle Missed Payment SR"]),
    ("Responding to communication for a payment", "ONE_OFF_CARD", "Payments", "One Off Payment", "Employer Credit/Debit Card", "", True, True, "same call", ["Employer/Agent Contact", "Employer - Handle Missed Payment SR"]),
    ("Change of circumstances for a single paying parent", "DEO_UPDATE_INDIVIDUAL", "Employer", "DEO Schedule", "Update", "individual", True, True, "2 working days", ["Employer Paying Parent COC - Individual/Group"]),
    ("Change of Circumstances for multiple paying parents", "DEO_UPDATE_GROUP", "Employer", "DEO Schedule", "Update", "group", True, True, "5 working days", ["Employer Paying Parent COC - Individual/Group"]),
    ("Request employer statement", "STATEMENT", "Employer", "Info Request", "Statement Request", "", True, True, "5 working days", ["Employer - Provide Statement"]),
    ("Capture employer complaint", "COMPLAINT_RESOLUTION", "Employer", "Complaints", "Resolution", "", True, False, "15 working days", ["Employer - Resolve Payment Related Complaint"]),
    ("Capture employer complaint", "COMPLAINT_REVIEW", "Employer", "Complaints", "Review", "", True, False, "15 working days", ["Employer - Review Payment Related Complaint"]),
    ("Employer nominates an agent", "LINK_AGENT", "Employer", "Update Details", "Link Agent", "", True, False, "2 working days", ["Employer Agent to Employer Record - Link"]),
    ("Employer changes or removes agent", "REMOVE_AGENT", "Employer", "Update Details", "Remove Agent", "", True, False, "2 working days", ["Employer/Agent - Remove"]),
]  # fmt: skip
REASONS = [
    "General enquiry",
    "Self service problem",
    "Update Employer/Agent Details",
    "Responding to communication for a payment",
    "Change of circumstances for a single paying parent",
    "Change of Circumstances for multiple paying parents",
    "Request employer statement",
    "Capture employer complaint",
    "Employer nominates an agent",
    "Employer changes or removes agent",
    "Input DEO schedule",
]
CLOSED_TO_AGENTS = {
    "Self service problem",
    "Capture employer complaint",
    "Employer nominates an agent",
    "Employer changes or removes agent",
}


@pytest.fixture
def kinds(reference) -> list[RequestKind]:
    return ServiceRequestKind.objects.as_rules()


def code_of(reason: str) -> str:
    return ContactReason.objects.get(label=reason).code


def named(kinds: list[RequestKind], *triple: str, scope: str = "") -> RequestKind | None:
    return next((kind for kind in kinds if kind.triple == triple and kind.scope == scope), None)


def coded(kinds: list[RequestKind], code: str) -> RequestKind:
    return next(kind for kind in kinds if kind.code == code)


@pytest.mark.django_db
@pytest.mark.proves("EC-34", "EC-35", "EC-36", "EC-64", "AMB-15", "AMB-17")
@pytest.mark.parametrize(
    ("reason", "code", "process", "area", "sub_area", "scope", "employer", "agent", "target", "related"), TABLE
)
def test_row(kinds, reason, code, process, area, sub_area, scope, employer, agent, target, related):
    kind = coded(kinds, code)

    assert (kind.triple, kind.scope, kind.reason) == ((process, area, sub_area), scope, code_of(reason))
    assert kind.parties == {party for party, is_open in ((EMPLOYER, employer), (AGENT, agent)) if is_open}
    assert (kind.target, list(kind.related)) == (target, related)


@pytest.mark.django_db
def test_the_table_has_every_row_once_in_its_order(kinds):
    assert [kind.code for kind in kinds] == [row[1] for row in TABLE]
    assert len({kind.triple for kind in kinds}) == 14


@pytest.mark.django_db
@pytest.mark.proves(
    "EC-08", "EC-09", "EC-29", "EC-30", "EC-31", "EC-32", "EC-33", "EC-37", "EC-38", "EC-40", "EC-41", "EC-66"
)
@pytest.mark.parametrize(("reason", "party"), [*product(REASONS, PartyType)])
def test_each_reason_offers_exactly_its_triples_to_this_party_and_refuses_all_others(kinds, reason, party):
    expected = [row[1] for row in TABLE if row[0] == reason and row[6 if party == EMPLOYER else 7]]

    found = offered(kinds, reason=code_of(reason), party=party)

    assert [kind.code for kind in found] == expected
    others = [kind for kind in kinds if kind not in found]
    assert all(refusal(kind, party) or kind.reason != code_of(reason) for kind in others)
    assert [refusal(kind, party) for kind in found] == [None] * len(found)


@pytest.mark.django_db
@pytest.mark.parametrize(("reason", "party"), [*product(REASONS, PartyType)])
def test_a_reason_is_closed_only_to_agents_and_only_where_the_employer_must_ask(kinds, reason, party):
    closed = reason_refusal(kinds, reason=code_of(reason), party=party)

    is_closed = party == AGENT and reason in CLOSED_TO_AGENTS
    assert (closed.code if closed else None) == ("employer_only" if is_closed else None)
    assert closed is None or closed.message == MESSAGES["employer_only"]


@pytest.mark.django_db
@pytest.mark.proves("EC-32", "AMB-16", "AMB-38")
@pytest.mark.parametrize(("row", "party"), [*product(TABLE, PartyType)])
def test_what_is_not_open_to_a_party_is_refused_by_name(kinds, row, party):
    is_open = row[6] if party == EMPLOYER else row[7]
    code = None if is_open else "employer_only" if party == AGENT else "agent_only"

    found = refusal(coded(kinds, row[1]), party)

    assert (found and (found.code, found.message)) == (code and (code, MESSAGES[code]))


@pytest.mark.django_db
@pytest.mark.proves("AMB-01", "AMB-19")
class TestLabels:
    def test_each_spelling_of_the_area_goes_with_its_own_sub_areas(self, kinds):
        assert named(kinds, "Employer", "Info Request", "Statement Request").code == "STATEMENT"
        assert named(kinds, "Employer", "Info Requested", "Statement Request") is None
        assert named(kinds, "Employer", "Info Request", "Send Literature") is None

    def test_the_scope_tells_the_two_updates_apart(self, kinds):
        found = [
            named(kinds, "Employer", "DEO Schedule", "Update", scope=scope) for scope in ("individual", "group", "")
        ]

        assert [kind and kind.code for kind in found] == ["DEO_UPDATE_INDIVIDUAL", "DEO_UPDATE_GROUP", None]

    def test_input_deo_schedule_has_no_request_of_its_own(self, kinds):
        assert [kind for kind in kinds if kind.reason == code_of("Input DEO schedule")] == []


@pytest.mark.django_db
class TestBrokenRules:
    def broken(self, kinds, code, party=EMPLOYER, **asked) -> list[str]:
        return [broken.code for broken in broken_rules(coded(kinds, code), Asked(party, **asked))]

    @pytest.mark.proves("EC-68")
    @pytest.mark.parametrize("row", [row for row in TABLE if row[7] and row[1] != "UPDATE_AGENT"])
    def test_an_agent_names_an_employer_that_it_is_linked_to(self, kinds, row):
        parents = {"individual": 1, "group": 2}.get(row[5], 0)

        assert self.broken(kinds, row[1], AGENT, employer_named=False, paying_parents=parents) == ["employer_required"]
        assert self.broken(kinds, row[1], AGENT, linked=False, paying_parents=parents) == ["no_active_link"]
        assert self.broken(kinds, row[1], AGENT, linked=True, paying_parents=parents) == []

    def test_an_agent_changes_its_own_record_without_an_employer(self, kinds):
        assert self.broken(kinds, "UPDATE_AGENT", AGENT, employer_named=False) == []

    @pytest.mark.parametrize("row", [row for row in TABLE if row[6]])
    def test_an_employer_needs_no_link(self, kinds, row):
        parents = {"individual": 1, "group": 2}.get(row[5], 0)

        assert self.broken(kinds, row[1], paying_parents=parents, earlier_complaint=True) == []

    @pytest.mark.parametrize(("code", "party"), [("LINK_AGENT", AGENT), ("UPDATE_AGENT", EMPLOYER)])
    def test_what_is_closed_to_the_party_is_all_that_is_said(self, kinds, code, party):
        assert self.broken(kinds, code, party) == ["employer_only" if party == AGENT else "agent_only"]

    @pytest.mark.proves("AMB-17")
    @pytest.mark.parametrize(
        ("code", "parents", "expected"),
        [
            ("DEO_UPDATE_GROUP", 0, "Add at least 2 paying parents, or change to a single paying parent"),
            ("DEO_UPDATE_GROUP", 1, "Add at least 2 paying parents, or change to a single paying parent"),
            ("DEO_UPDATE_GROUP", 2, None),
            ("DEO_UPDATE_INDIVIDUAL", 0, "Select the paying parent"),
            ("DEO_UPDATE_INDIVIDUAL", 1, None),
            ("DEO_UPDATE_INDIVIDUAL", 2, "Select one paying parent, or change to multiple paying parents"),
            ("STATEMENT", 0, None),
        ],
    )
    def test_a_change_names_as_many_paying_parents_as_its_scope_has(self, kinds, code, parents, expected):
        broken = broken_rules(coded(kinds, code), Asked(EMPLOYER, paying_parents=parents))

        assert [(each.message, each.field) for each in broken] == ([(expected, "paying_parents")] if expected else [])

    @pytest.mark.proves("EC-39")
    def test_a_review_names_the_earlier_complaint_and_a_resolution_none(self, kinds):
        assert self.broken(kinds, "COMPLAINT_REVIEW") == ["earlier_complaint_required"]
        assert self.broken(kinds, "COMPLAINT_REVIEW", earlier_complaint=True) == []
        assert self.broken(kinds, "COMPLAINT_RESOLUTION") == []
