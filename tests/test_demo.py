"""The demo data: what somebody finds who starts ContactHub for the first time."""

import re
import unicodedata
from collections import Counter
from datetime import timedelta

import pytest
from django.contrib.auth import authenticate
from django.db.models import F

from complaints_feedback.lifecycle import FormState
from complaints_feedback.models import DevelopmentPlan, FeedbackForm, PersonalFileEntry
from complaints_feedback.terms import Route
from contacthub.callbacks.lifecycle import CallbackState
from contacthub.callbacks.models import Callback
from contacthub.cases.models import Case, Event
from contacthub.deadlines.ages import Ageing
from contacthub.deadlines.models import Deadline, FollowUp, FollowUpKind
from contacthub.mail.models import Message, Notice
from contacthub.people.demo import PASSWORD, SIGN_INS
from contacthub.people.directory import chain_of, chains_of, leader_of_last_team, moves_of
from contacthub.people.models import StaffMember, Unit
from contacthub.people.roles import Post
from contacthub.people.services import actor_for, units_of
from contacthub.workspace.doors import apps_first
from contacthub.workspace.services import load_demo
from employer_contact.models import Contact, ReissueRequest, ServiceRequest
from jobmatch_helpdesk.lifecycle import FIRST_REPLY_DUE
from jobmatch_helpdesk.models import Incident, Question, Reply, ReplyTemplate, Topic

pytestmark = pytest.mark.django_db

ED_SITES = ["annesley", "southend", "telford", "dundee"]
OPEN = ["received", "assigned", "awaiting_information", "callback_pending", "no_reply_route"]
MONTHS = "January|February|March|April|June|July|August|September|October|November|December"  # May is another word too
DATE = re.compile(rf"\b({MONTHS}|20\d\d|on (the )?\d+(st|nd|rd|th))\b")
SAFE_HOSTS = re.compile(r"@(([\w-]+\.)*example|([\w-]+\.)*example\.(org|com))$")
ADDRESS = re.compile(r"[^\s@<>“”(]+@[^\s@<>“”,;)]+\w")
NUMBER = re.compile(r"(?:\+44|\b0)[\d ]{9,}\d")
SAFE_NUMBERS = re.compile(r"(\+44|0)(1632960\d{3}|7700900\d{3}|2079460\d{3}|8081570\d{3})")


def values(name: str) -> Counter:
    return Counter(Incident.objects.values_list(name, flat=True))


def texts() -> list[str]:
    return [
        *Incident.objects.values_list("description", flat=True),
        *Reply.objects.values_list("text", flat=True),
        *Question.objects.values_list("text", flat=True),
        *Question.objects.values_list("answer", flat=True),
    ]


def words_of(text: str) -> str:
    """Return a text without what makes two alike look different: case, accents, signs, digits."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(re.findall(r"[^\W\d_]+", "".join(sign for sign in plain if not unicodedata.combining(sign))))


def test_there_are_at_least_150_incidents_and_60_to_80_of_them_are_open(demo):
    assert Incident.objects.count() >= 150
    assert 60 <= Incident.objects.filter(state__in=OPEN).count() <= 80


@pytest.mark.proves("UJ-10")
def test_every_row_but_that_of_inbound_mail_is_there(demo):
    assert set(values("row")) == {f"R{number:02}" for number in range(2, 17)}
    assert Incident.objects.filter(escalated_at__isnull=False).exists(), "R01, which lies over the others"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("band", {1, 2, 3}),
        ("state", {*OPEN, "resolved", "closed"}),
        ("language", {"en", "cy"}),
        ("source", {"jobcentre", "jd", "ed", "online_employer", "online_jobseeker", "online_anonymous"}),
        ("topic", set(Topic.values)),
        ("customer_type", {"jobseeker", "employer", ""}),
        ("channel", {"form", "telephone"}),
        ("site__code", {"ASH", "MBK", "PWN", "DCW", "jd", *(f"ed-{site}" for site in ED_SITES), None}),
    ],
)
def test_every_kind_is_there(demo, field, expected):
    assert set(values(field)) == expected


def test_no_two_say_the_same(demo):
    said = Counter(words_of(text) for text in texts() if text)

    assert [text for text, times in said.items() if times > 1] == []


def test_no_text_names_a_date_that_would_grow_old(demo):
    assert [text for text in texts() if DATE.search(text)] == []


def test_some_are_hard_to_show(demo):
    names, descriptions = values("customer_name"), values("description")

    assert max(len(name) for name in names) > 70
    assert max(len(word) for text in descriptions for word in text.split()) >= 400
    assert any("😡" in text for text in descriptions)
    assert any(unicodedata.bidirectional(text[0]) == "AL" for text in descriptions), "one that starts right to left"


def test_addresses_are_reserved_ones(demo):
    addresses = [
        *Message.objects.values_list("to", flat=True),
        *StaffMember.objects.values_list("email", flat=True),
        *(found for text in texts() for found in ADDRESS.findall(text)),
        *(
            address
            for field in ("customer_email", "raiser_email", "adviser_email", "dwp_user_email")
            for address in values(field)
            if address
        ),
    ]

    assert [address for address in addresses if not SAFE_HOSTS.search(address)] == []


def test_numbers_are_those_kept_for_fiction(demo):
    numbers = [*filter(None, values("telephone")), *(found for text in texts() for found in NUMBER.findall(text))]

    assert len(numbers) > 20
    assert [number for number in numbers if not SAFE_NUMBERS.fullmatch(number.replace(" ", ""))] == []


def test_nothing_lies_in_the_future(demo):
    assert not Event.objects.filter(at__gt=demo).exists()
    assert not Incident.objects.filter(received_at__gt=demo).exists()
    assert not Message.objects.filter(queued_at__gt=demo).exists()
    assert not Message.objects.filter(ended_at__gt=demo).exists()
    assert not Notice.objects.filter(at__gt=demo).exists()
    assert not Notice.objects.filter(read_at__gt=demo).exists()


def test_ages_reach_from_minutes_to_months(demo):
    ages = [demo - received_at for received_at in values("received_at")]

    assert min(ages) < timedelta(hours=1)
    assert max(ages) > timedelta(days=90)


def test_events_of_an_incident_come_in_the_order_of_their_moments(demo):
    moments: dict[int, list] = {}
    for case_id, at in Event.objects.exclude(case=None).order_by("pk").values_list("case_id", "at"):
        moments.setdefault(case_id, []).append(at)

    assert all(of_one == sorted(of_one) for of_one in moments.values())


def test_references_count_up_with_the_moment_of_receipt(demo):
    received = Incident.objects.order_by("case__reference").values_list("received_at", flat=True)

    assert [*received] == sorted(received)


def test_no_mail_waits_and_two_failed_with_the_words_of_the_server(demo):
    assert not Message.objects.waiting().filter(queued_at__lt=demo - timedelta(minutes=1)).exists()
    failed = Message.objects.failed().values_list("server_words", flat=True)
    assert sorted(words[:3] for words in failed) == ["550", "550"]
    assert Message.objects.filter(unsure_since__isnull=False).count() == 1
    assert Message.objects.filter(state="accepted", attempts=2).count() == 3


def test_mail_ended_soon_after_its_own_moment(demo):
    ended = Message.objects.annotate(lasted=F("ended_at") - F("queued_at")).values_list("lasted", flat=True)

    assert max(ended) < timedelta(minutes=2)


def test_whatever_waits_for_a_first_reply_has_a_running_deadline(demo):
    waiting = Incident.objects.filter(state__in=FIRST_REPLY_DUE)

    assert {*waiting.values_list("pk", flat=True)} == {
        *Deadline.objects.open().filter(kind="first_reply").values_list("case_id", flat=True)
    }
    assert not waiting.exclude(state="awaiting_information").filter(due_at__year=9999).exists()


def test_some_are_overdue_and_some_due_today(demo):
    assert 5 <= Incident.objects.overdue(demo).count() <= 15
    assert Incident.objects.filter(due_at__gt=demo, due_at__date=demo.date()).count() >= 3


def test_the_clock_has_nothing_left_to_do(demo):
    assert not Deadline.objects.step_due(demo).exists()


def test_what_staff_do_all_day_has_been_done(demo):
    done = set(Event.objects.filter(subject_label="jobmatch_helpdesk.incident").values_list("kind", flat=True))

    assert done >= {
        "submitted", "escalated", "take", "assign", "reassigned", "put_back", "priority_changed", "ask", "answer",
        "carry_on", "resolve_by_reply", "reply_by_callback", "ask_for_call", "resolve_without_reply",
        "record_no_reply_route", "close", "reopen",
    }  # fmt: skip


@pytest.mark.parametrize("username", [sign_in.username for sign_in in SIGN_INS if sign_in.username != "admin"])
def test_everybody_who_signs_in_finds_work_at_home(demo, username):
    staff = StaffMember.objects.get(username=username)
    actor = actor_for(staff, on=demo.date())

    panels = [panel for door in apps_first() for panel in door.panels(actor, at=demo)]

    assert any(panel.context.get("rows") or "search" in panel.context for panel in panels)


@pytest.mark.parametrize(
    ("username", "name", "role", "unit"),
    [
        ("agent", "Ana Byrne", "Helpdesk agent", "helpdesk"),
        ("helpdesk-lead", "Marcus Adeyemi", "Helpdesk lead", "helpdesk"),
        ("jobcentre", "Rhian Evans", "Jobcentre adviser", "PWN"),
        ("jd-agent", "Kofi Mensah", "JD agent", "jd"),
        ("serco-qa", "Yusuf Demir", "JD quality assessor", "jd"),
        ("ed-agent", "Moira Lennox", "ED agent", "ed-telford"),
        ("ed-lead", "Graham Sallow", "ED team leader", "ed-telford"),
        ("admin", "Ingrid Falk", "Administrator", None),
    ],
)
def test_the_sign_ins_work(demo, username, name, role, unit):
    staff = authenticate(username=username, password=PASSWORD)

    assert staff.name == name
    assert actor_for(staff, on=demo.date()).roles == {role}
    assert [place.code for place in units_of(staff, on=demo.date())] == ([unit] if unit else [])


def test_colleagues_sign_in_with_the_same_password(demo):
    assert authenticate(username="ed-dundee-tl", password=PASSWORD).name == "Ewan Petrie"


def test_leads_keep_reply_templates_in_both_languages_but_for_one(demo):
    assert ReplyTemplate.objects.count() == 9
    assert ReplyTemplate.objects.filter(welsh="").count() == 1
    assert ReplyTemplate.objects.filter(offered=False).count() == 1


def test_the_inboxes_and_numbers_are_those_of_the_demonstration(demo):
    reached_at = {unit.code: (unit.inbox, unit.telephone) for unit in Unit.objects.all()}

    assert reached_at["ed-annesley"][0] == "ed.annesley@contacthub.example"
    assert reached_at["jd"][0] == "jd@contacthub.example"
    assert reached_at["helpdesk"] == ("helpdesk@contacthub.example", "0808 157 0100")


def test_it_is_loaded_into_an_empty_database_only(demo):
    cases = Case.objects.count()

    assert load_demo(at=demo) is False
    assert Case.objects.count() == cases
    assert StaffMember.objects.filter(username="agent").count() == 1


def test_calls_are_of_every_age_state_and_kind_of_queue(demo):
    calls = Callback.objects.all()

    assert {Ageing.of(call.due_at, demo) for call in calls.open()} == set(Ageing)
    assert {call.state for call in calls} == set(CallbackState)
    assert {"jd", "pwn", "ed-southend", "ed-telford"} <= {call.queue.code for call in calls.select_related("queue")}
    assert FollowUp.objects.open().filter(kind=FollowUpKind.LETTER).exists()
    assert calls.open().filter(urgent=True).count() == 2


def test_facts_of_one_with_an_open_call_were_changed(demo):
    changed = Event.objects.get(kind="facts_changed").case

    assert changed.callbacks.get().telephone == "+447700900467"


class TestContactsOfEmployers:
    def test_contacts_came_by_every_channel_and_stand_in_every_way(self, demo):
        assert set(Contact.objects.values_list("channel", flat=True)) == {"telephone", "letter", "fax", "email"}
        assert set(Contact.objects.values_list("state", flat=True)) == {
            "started",
            "reason_recorded",
            "wrapped_up",
            "abandoned",
            "welsh_callback",
        }
        assert set(Contact.objects.values_list("security", flat=True)) >= {"passed", "failed", "not_required"}
        assert Contact.objects.filter(language="cy").exists()

    def test_callbacks_to_employers_wait_of_each_kind_and_some_were_answered(self, demo):
        waiting = Callback.objects.open().filter(kind__in=["welsh", "held_number", "sr_follow_up"])
        assert set(waiting.values_list("kind", flat=True)) == {"welsh", "held_number", "sr_follow_up"}
        answered = Contact.objects.exclude(callback=None)
        assert set(answered.values_list("security", flat=True)) == {"passed", "failed"}

    def test_re_issues_stand_in_every_state_and_name_each_scenario(self, demo):
        asked = ReissueRequest.objects.all()

        assert {one.state for one in asked} == {"requested", "reissued", "declined", "withdrawn"}
        assert {one.scenario for one in asked} == {"amount_differs", "incorrect_initial", "fiu_referral"}
        assert asked.open().filter(due_at__lt=demo).exists()

    def test_service_requests_are_due_overdue_waiting_and_done(self, demo):
        open_ones = ServiceRequest.objects.open().exclude(due_at__year=9999)
        assert open_ones.filter(due_at__lt=demo).exists()
        assert open_ones.filter(due_at__gt=demo).exists()
        assert set(ServiceRequest.objects.values_list("state", flat=True)) >= {"in_progress", "waiting", "completed"}

    def test_references_count_in_the_order_in_which_contacts_came(self, demo):
        came = list(Contact.objects.order_by("opened_at").values_list("case__reference", flat=True))
        assert came == sorted(came)


class TestPeople:
    """The chart of who leads whom."""

    @pytest.mark.parametrize(
        ("username", "post", "unit"),
        [
            ("complaints-lead", "team_leader", "complaints-1"),
            ("team-leader", "team_leader", "maintenance-7"),
            ("workgroup-manager", "workgroup_manager", "wg-collections"),
            ("area-manager", "area_manager", "area-east"),
            ("head-of-line", "head_of_line", "line-maintenance"),
            ("senior-resolution", "senior_resolution_manager", "area-east"),
        ],
    )
    def test_each_post_has_somebody_who_signs_in(self, demo, username, post, unit):
        held = authenticate(username=username, password=PASSWORD).memberships.get()

        assert (held.post, held.unit.code) == (post, unit)

    def test_the_person_is_led_by_those_who_sign_in(self, demo):
        chain = chain_of(StaffMember.objects.get(username="person"), on=demo.date())

        leaders = [chain.leader(post).username for post in Post]
        assert leaders == ["team-leader", "workgroup-manager", "area-manager", "head-of-line", "senior-resolution"]

    def test_there_are_two_areas_three_workgroups_and_the_lines_of_business(self, demo):
        kinds = Counter(Unit.objects.values_list("kind", flat=True))

        assert (kinds["area"], kinds["workgroup"], kinds["line_of_business"]) == (2, 3, 5)

    def test_one_team_has_no_leader(self, demo):
        people = StaffMember.objects.filter(memberships__unit__kind="team", memberships__post="")
        chains = chains_of([*people.distinct()], on=demo.date()).values()

        assert {chain.team.code for chain in chains if chain.team and not chain.team_leader} == {"maintenance-4"}
        assert all(chain.leader(post) for chain in chains if chain.team for post in Post if post != Post.TEAM_LEADER)

    def test_somebody_moved_between_areas_and_somebody_left(self, demo):
        moved, left = (StaffMember.objects.get(username=name) for name in ("moved", "left"))

        [move] = moves_of(moved)
        before, now = (chain_of(moved, on=day).area for day in (move.on - timedelta(days=1), move.on))
        assert (before.code, now.code) == ("area-east", "area-west")
        assert not left.is_active_on(demo.date())
        assert leader_of_last_team(left, on=demo.date()).username == "team-leader"

    def test_a_name_is_long_and_welsh(self, demo):
        assert StaffMember.objects.filter(name__contains="Ŵyn", name__regex=".{70}").exists()


class TestFeedback:
    """What the complaints teams sent, and what came of it."""

    def test_forms_stand_in_every_state_that_lasts_and_go_every_route(self, demo):
        lasts = {*FormState} - {FormState.PART_TWO_COMPLETE}

        assert {*FeedbackForm.objects.values_list("state", flat=True)} == lasts
        assert {*FeedbackForm.objects.values_list("route", flat=True)} == {*Route}
        assert FeedbackForm.objects.count() >= 25

    @pytest.mark.parametrize(
        ("username", "state"),
        [
            ("complaints", "draft"),
            ("complaints", "agreed"),
            ("complaints-lead", "awaiting_agreement"),
            ("complaints-lead", "submitted"),
            ("senior-resolution", "with_senior_manager"),
            ("team-leader", "delivered"),
            ("team-leader", "discussed"),
            ("person", "discussed"),
            ("workgroup-manager", "closed"),
            ("area-manager", "closed"),
            ("head-of-line", "closed"),
        ],
    )
    def test_who_signs_in_finds_a_form(self, demo, username, state):
        actor = actor_for(StaffMember.objects.get(username=username), on=demo.date())

        assert FeedbackForm.objects.visible_to(actor).filter(state=state).exists()

    def test_one_is_overdue_and_its_team_leader_was_told(self, demo):
        overdue = FeedbackForm.objects.overdue(demo).filter(recipients__person__username="team-leader")

        assert overdue.get().overdue_told_at

    def test_what_was_sent_has_its_letters_and_one_was_made_by_telephone(self, demo):
        sent = FeedbackForm.objects.exclude(delivered_at=None)
        letters = {form.pk: {*form.case.documents.values_list("kind", flat=True)} for form in sent}

        assert {pk for pk, kinds in letters.items() if "complaint_letter" not in kinds} == {
            *sent.filter(channel="telephone").exclude(call_summary="").values_list("pk", flat=True)
        }
        assert all("reply_letter" in kinds for kinds in letters.values())

    def test_one_came_to_somebody_else_after_a_move_and_one_to_a_manager_named_for_a_vacancy(self, demo):
        kinds = {*Event.objects.filter(case__kind="feedback_form").values_list("kind", flat=True)}

        assert kinds >= {"readdressed", "responsible_named", "return_for_correction", "refuse", "withdraw"}

    def test_a_plan_is_open_from_an_earlier_month_and_one_is_closed(self, demo):
        assert DevelopmentPlan.objects.filter(done_on=None, opened_at__lt=demo - timedelta(days=32)).exists()
        assert DevelopmentPlan.objects.exclude(done_on=None).exists()

    def test_the_files_of_several_people_have_entries(self, demo):
        assert PersonalFileEntry.objects.values("person").distinct().count() >= 3
