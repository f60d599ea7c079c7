"""An employer who will not talk is shown by email who we are: offered, sent, settled, with nothing unlocked by it."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property

import pytest
from django.db import IntegrityError, transaction

from contacthub.callbacks.models import Queue
from contacthub.cases.services import record_event
from contacthub.deadlines.models import FollowUp
from contacthub.deadlines.services import settle, take_step
from contacthub.deadlines.tasks import steps_due
from contacthub.errors import MovedOn, NotSetUp, NotThere, Refused, RuleBroken
from contacthub.mail.models import Mailbox, Message, MessageState, Notice, Priority
from contacthub.mail.services import take_to_send, try_again
from contacthub.people.models import Placement, StaffMember
from contacthub.people.roles import Post, Role, UnitKind
from contacthub.people.services import actor_for
from employer_contact import services
from employer_contact.models import Contact, IdentityEmail, IdentityInbox, IdentityTemplate
from employer_contact.services.identifying import wording_in_use
from tests.employer_contact.calling import call_from, failed, fresh, passed
from tests.employer_contact.people import COLUMNS, somebody, team
from tests.factories import (
    MORNING,
    ContactFactory,
    MembershipFactory,
    MessageFactory,
    StaffMemberFactory,
    UnitFactory,
)
from tests.races import Held, wait_until_blocked

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference")]
CASEWORKER, OTHER, LEADER, WELSH, OWNER, INTEGRATOR, ADMINISTRATOR, NOBODY = COLUMNS
LATER = MORNING + timedelta(minutes=2)
SUBJECT = "Child Maintenance Service Important Information Do Not Reply via Email"
WORDING = "SAMPLE. We are the Child Maintenance Service. There is no need to answer."


@pytest.fixture
def inbox() -> Mailbox:
    mailbox = Mailbox.objects.get(code="eir-payments")
    mailbox.address = "eir.payments@contacthub.example"
    mailbox.save()
    IdentityInbox.objects.create(unit=team(), mailbox=mailbox)
    return mailbox


@pytest.fixture
def wording() -> IdentityTemplate:
    return IdentityTemplate.objects.create(number=1, body=WORDING, body_welsh="SAMPL. Ni yw’r Gwasanaeth.")


@pytest.fixture
def call(owen, skerrow, inbox, wording) -> Contact:
    return call_from(skerrow, by=owen, direction="outbound")


def send(call, by, **given) -> Contact:
    return services.send_identity_email(contact_id=call.pk, **given, by=by, at=LATER)


def instead(call, by, fallback) -> Contact:
    return services.agree_instead(contact_id=call.pk, fallback=fallback, by=by, at=LATER)


def kinds(call) -> list[str]:
    return [one.kind for one in call.case.events.order_by("pk") if one.kind.startswith("identity")]


class TestSending:
    @pytest.mark.proves("EC-52", "EC-53", "EC-54", "EC-55", "EC-56", "EC-58")
    def test_it_goes_from_the_inbox_of_the_team_with_the_fixed_subject_and_the_wording_alone(
        self, owen, call, inbox, skerrow
    ):
        services.offer_identity_email(contact_id=call.pk, by=owen, at=MORNING)
        send(call, owen)

        message = Message.objects.get()
        assert (message.from_address, message.to) == ("eir.payments@contacthub.example", skerrow.email)
        assert (message.subject, message.body) == (SUBJECT, WORDING)
        assert message.attachments.count() == 0
        sent = IdentityEmail.objects.get()
        assert (sent.contact, sent.is_given, sent.template.number) == (call, False, 1)
        assert fresh(call).identity == "sent"
        assert kinds(call) == ["identity_offered", "identity_sent"]

    @pytest.mark.proves("EC-58")
    def test_an_address_given_on_the_call_is_marked_so(self, owen, call):
        send(call, owen, address="wages@brindlewick.example")

        assert IdentityEmail.objects.get().is_given
        words = call.case.events.get(kind="identity_sent").words.text
        assert words.startswith("To wages@brindlewick.example, given on this call. From eir.payments@")

    def test_the_address_on_record_typed_in_capitals_is_that_on_record(self, owen, call, skerrow):
        send(call, owen, address=skerrow.email.upper())

        assert not IdentityEmail.objects.get().is_given

    def test_another_address_is_a_message_of_its_own_and_both_stay(self, owen, call):
        send(call, owen)
        send(call, owen, address="other@brindlewick.example")

        assert Message.objects.count() == IdentityEmail.objects.count() == 2
        assert kinds(call) == ["identity_offered", "identity_sent", "identity_sent"]

    @pytest.mark.proves("EC-53")
    @pytest.mark.parametrize("again", ["", "payroll@brindlewick.example", "Payroll@BRINDLEWICK.example"])
    def test_one_address_gets_it_once_unless_that_failed_or_they_did_not_get_it(self, owen, call, again):
        send(call, owen)
        with pytest.raises(RuleBroken) as refused:
            send(call, owen, address=again)
        assert (refused.value.code, refused.value.field) == ("sent_already", "address")
        assert Message.objects.count() == 1

        Message.objects.update(state="failed", next_attempt_at=None, ended_at=LATER)
        send(call, owen, address=again)
        services.lose_call(contact_id=call.pk, by=owen, at=LATER)
        services.resume_call(contact_id=call.pk, by=owen, at=LATER)
        send(call, owen, address=again)
        assert Message.objects.count() == 3

    def test_it_is_the_first_of_all_that_waits(self, owen, call):
        MessageFactory.create_batch(20, next_attempt_at=MORNING - timedelta(hours=1))

        send(call, owen)

        mine = IdentityEmail.objects.get().message
        assert mine.priority == Priority.FIRST
        assert Message.objects.due(LATER).first() == mine

    @pytest.mark.proves("EC-53")
    def test_one_that_failed_is_sent_again_only_while_they_are_on_the_telephone(self, owen, call):
        send(call, owen)
        message, leader = Message.objects.get(), somebody(LEADER, unit=team())
        failed_for_good = {"state": MessageState.FAILED, "ended_at": LATER, "next_attempt_at": None}
        Message.objects.update(**failed_for_good)
        try_again(message_id=message.pk, by=leader, at=LATER)
        Message.objects.update(**failed_for_good)
        instead(call, owen, "letter")
        services.finish(contact_id=call.pk, ending="gathered", by=owen, at=LATER)

        with pytest.raises(RuleBroken, match="The call is over"):
            try_again(message_id=message.pk, by=leader, at=LATER)

    @pytest.mark.proves("EC-53")
    def test_one_that_waits_is_still_sent_when_the_line_breaks_and_not_once_the_call_is_over(self, owen, call):
        send(call, owen)
        services.lose_call(contact_id=call.pk, by=owen, at=LATER)
        message = Message.objects.get()
        assert take_to_send(message.pk, at=LATER) == message
        Message.objects.update(state=MessageState.QUEUED, next_attempt_at=LATER, leased_until=None)
        services.resume_call(contact_id=call.pk, by=owen, at=LATER)
        instead(call, owen, "letter")
        services.finish(contact_id=call.pk, ending="gathered", by=owen, at=LATER)

        assert take_to_send(message.pk, at=LATER) is None
        assert Message.objects.get().state == MessageState.HELD_BACK

    def test_without_any_address_it_says_what_to_do(self, owen, call, skerrow):
        type(skerrow).objects.update(email="")

        with pytest.raises(RuleBroken) as refused:
            send(call, owen)

        assert (refused.value.code, refused.value.field) == ("address_required", "address")
        assert not Message.objects.exists()

    def test_the_placeholder_that_we_ship_cannot_be_sent(self, owen, call, wording):
        wording.delete()
        assert IdentityTemplate.objects.get().body == ""

        with pytest.raises(NotSetUp, match="has no wording yet"):
            send(call, owen)

    def test_an_inbox_without_an_address_stops_it(self, owen, call, inbox):
        Mailbox.objects.filter(pk=inbox.pk).update(address="")

        with pytest.raises(NotSetUp, match="has no address"):
            send(call, owen)
        assert fresh(call).identity == ""

    def test_an_employer_of_welsh_gets_the_welsh_wording_or_nothing(self, owen, call, wording):
        Contact.objects.filter(pk=call.pk).update(language="cy")

        send(call, owen)
        assert Message.objects.get().body == "SAMPL. Ni yw’r Gwasanaeth."
        assert Message.objects.get().subject == SUBJECT

        IdentityTemplate.objects.create(number=2, body=WORDING)
        with pytest.raises(NotSetUp, match="no Welsh wording"):
            send(call, owen, address="other@brindlewick.example")

    @pytest.mark.proves("EC-14")
    def test_nothing_is_unlocked_by_it(self, owen, skerrow, inbox, wording):
        call = call_from(skerrow, by=owen)

        send(call, owen)
        services.confirm_identity_email(contact_id=call.pk, by=owen, at=LATER)

        stands = fresh(call)
        assert (stands.state, stands.security, stands.is_unlocked) == ("identified", "asked_for", False)

    def test_only_in_a_call(self, owen, skerrow, inbox, wording):
        letter = call_from(skerrow, by=owen, channel="letter")

        with pytest.raises(RuleBroken) as refused:
            services.offer_identity_email(contact_id=letter.pk, by=owen, at=MORNING)
        assert refused.value.code == "telephone_only"

    def test_before_anybody_is_identified_to_an_address_given_on_the_call(self, owen, inbox, wording):
        call = call_from(None, by=owen)

        send(call, owen, address="wages@brindlewick.example")

        assert Message.objects.get().to == "wages@brindlewick.example"


class TestTeams:
    def caseworker_of(self, line: str, mailbox: str = "") -> StaffMember:
        unit, above = UnitFactory(kind=UnitKind.TEAM), UnitFactory(kind=UnitKind.LINE_OF_BUSINESS, name=line)
        Placement.objects.create(unit=unit, line_of_business=above, starts_on=MORNING.date())
        person = StaffMemberFactory(role=Role.CASEWORKER)
        MembershipFactory(person=person, unit=unit)
        if mailbox:
            found = Mailbox.objects.get(code=mailbox)
            found.address = f"{mailbox.replace('-', '.')}@contacthub.example"
            found.save()
            IdentityInbox.objects.create(unit=above, mailbox=found)
        return person

    @pytest.mark.proves("EC-06", "EC-54")
    @pytest.mark.parametrize(
        ("line", "mailbox"),
        [
            ("Maintenance", "eir-maintenance"),
            ("Arrears Enforcement", "eir-enforcement"),
            ("Complaints", "eir-complaints"),
            ("Appeals", "eir-appeals"),
        ],
    )
    def test_each_line_sends_from_its_own_inbox(self, skerrow, wording, line, mailbox):
        by = actor_for(self.caseworker_of(line, mailbox), on=MORNING.date())
        call = call_from(skerrow, by=by, direction="outbound")

        send(call, by)

        assert Message.objects.get().from_address == f"{mailbox.replace('-', '.')}@contacthub.example"

    @pytest.mark.proves("EC-06")
    def test_a_team_of_another_line_sends_none(self, skerrow, wording):
        by = actor_for(self.caseworker_of("Finance"), on=MORNING.date())
        call = call_from(skerrow, by=by, direction="outbound")

        for service in (services.offer_identity_email, services.send_identity_email):
            with pytest.raises(Refused, match="Your team has no Employer Information Request inbox"):
                service(contact_id=call.pk, by=by, at=MORNING)

    @pytest.mark.proves("EC-06")
    @pytest.mark.parametrize(
        ("column", "may"),
        [(CASEWORKER, True), (OTHER, True), (LEADER, True), (WELSH, False), (OWNER, False), (INTEGRATOR, False),
         (ADMINISTRATOR, False), (NOBODY, False)],
    )  # fmt: skip
    def test_who_sends_it_in_a_call_of_their_own_from_a_team_with_an_inbox(self, skerrow, inbox, wording, column, may):
        by = somebody(column, unit=team())
        call = ContactFactory(owner_id=by.staff_id, direction="outbound", employer=skerrow, party_type="employer",
                              found_by="by_hand", state="security_not_required", security="not_required")  # fmt: skip
        record_event(call, "opened", by=by, at=MORNING, after=call.state)

        if may:
            assert send(call, by).identity == "sent"
        else:
            with pytest.raises((Refused, NotThere)):
                send(call, by)
            assert not Message.objects.exists()

    @pytest.mark.parametrize("column", [OTHER, WELSH, OWNER, INTEGRATOR, ADMINISTRATOR, NOBODY])
    def test_nobody_sends_it_in_the_call_of_another(self, call, column):
        with pytest.raises((Refused, NotThere, MovedOn)):
            send(call, somebody(column))
        assert not Message.objects.exists()


class TestWhatCameOfIt:
    @pytest.mark.proves("EC-59", "EC-62")
    def test_content_the_call_goes_on(self, owen, call):
        send(call, owen)

        services.confirm_identity_email(contact_id=call.pk, by=owen, at=LATER)

        assert fresh(call).identity == "content"
        assert fresh(call).is_open

    @pytest.mark.proves("EC-60", "EC-61", "EC-62")
    @pytest.mark.parametrize("before", ["offered", "sent"])
    @pytest.mark.parametrize(
        ("fallback", "kind", "words", "days"),
        [
            ("expected_call", "expected_call", "with the information we asked for", 2),
            ("expected_post", "expected_post", "with the information we asked for", 7),
            ("letter", "letter", "to complete and return", 1),
        ],
    )
    def test_each_fallback_is_followed_up_by_the_team(self, owen, call, before, fallback, kind, words, days):
        services.offer_identity_email(contact_id=call.pk, by=owen, at=MORNING)
        if before == "sent":
            send(call, owen)

        instead(call, owen, fallback)

        stands = fresh(call)
        assert (stands.identity, stands.identity_fallback) == ("fallback_recorded", fallback)
        followed = FollowUp.objects.get()
        assert (followed.kind, followed.unit) == (kind, call.team)
        assert followed.words.endswith(words)
        assert followed.due_at.date() == (LATER + timedelta(days=days)).date()
        first = "identity_declined" if before == "offered" else "identity_not_content"
        assert kinds(call)[-2:] == [first, "identity_fallback"]

    @pytest.mark.parametrize("fallback", ["expected_call", "expected_post", "letter"])
    def test_none_of_them_is_closed_without_words(self, owen, call, fallback):
        services.offer_identity_email(contact_id=call.pk, by=owen, at=MORNING)
        instead(call, owen, fallback)
        done = {"follow_up_id": FollowUp.objects.get().pk, "done_on": LATER.date(), "by": owen, "at": LATER}

        with pytest.raises(RuleBroken, match="Enter what came of it"):
            settle(**done, words="")

        assert settle(**done, words="Sent, first class").settled_at == LATER

    @pytest.mark.parametrize("is_led", [True, False])
    def test_the_leader_hears_that_one_is_late_or_all_of_a_team_without_one(self, owen, call, is_led):
        leader = somebody(LEADER, unit=team()) if is_led else None
        services.offer_identity_email(contact_id=call.pk, by=owen, at=MORNING)
        instead(call, owen, "letter")
        [late] = steps_due.find(LATER + timedelta(days=1))  # the warnings at half-time and later tell nobody

        take_step(deadline_id=late, at=LATER + timedelta(days=1))

        told = Notice.objects.get()
        assert told.person_id == (leader or owen).staff_id
        assert told.words == (
            f"{call.reference}: Letter to send: Skerrow Foods Ltd, ERN 900000006: to complete and return"
            " was due Thursday 4 June 2026, 10:02am"
        )

    @pytest.mark.parametrize("fallback", ["", "something"])
    def test_there_are_three(self, owen, call, fallback):
        send(call, owen)

        with pytest.raises(RuleBroken) as refused:
            instead(call, owen, fallback)
        assert refused.value.code == "fallback_required"

    @pytest.mark.proves("EC-62")
    @pytest.mark.parametrize("sent", [False, True])
    def test_a_contact_does_not_finish_before_that_is_said(self, owen, call, sent):
        services.offer_identity_email(contact_id=call.pk, by=owen, at=MORNING)
        if sent:
            send(call, owen)

        with pytest.raises(RuleBroken) as refused:
            services.finish(contact_id=call.pk, ending="gathered", by=owen, at=LATER)
        assert refused.value.code == "identity_open"

        instead(call, owen, "expected_post")
        services.finish(contact_id=call.pk, ending="gathered", by=owen, at=LATER)
        assert fresh(call).state == "wrapped_up"

    def test_nor_one_whose_check_failed(self, owen, skerrow, inbox, wording):
        call = failed(skerrow, by=owen)
        send(call, owen)

        with pytest.raises(RuleBroken):
            services.finish(contact_id=call.pk, offer="letter", by=owen, at=LATER)

    @pytest.mark.parametrize(("sent", "stands"), [(False, "declined"), (True, "not_content")])
    def test_a_call_that_ends_for_one_in_welsh_leaves_it_unsettled(self, owen, call, sent, stands):
        unit = UnitFactory(kind=UnitKind.WELSH_LANGUAGE_UNIT)
        Queue.objects.get_or_create(code="welsh-unit", defaults={"unit": unit, "caller_words": "We call in Welsh"})
        services.offer_identity_email(contact_id=call.pk, by=owen, at=MORNING)
        if sent:
            send(call, owen)

        services.arrange_welsh(contact_id=call.pk, telephone="+441632960111", by=owen, at=LATER)

        assert (fresh(call).state, fresh(call).identity) == ("welsh_callback", stands)

    @pytest.mark.parametrize(("sent", "stands"), [(False, "declined"), (True, "not_content")])
    def test_a_call_that_is_lost_leaves_it_unsettled_and_it_is_settled_on_the_next(self, owen, call, sent, stands):
        services.offer_identity_email(contact_id=call.pk, by=owen, at=MORNING)
        if sent:
            send(call, owen)

        services.lose_call(contact_id=call.pk, by=owen, at=LATER)

        assert fresh(call).identity == stands
        services.resume_call(contact_id=call.pk, by=owen, at=LATER)
        with pytest.raises(RuleBroken):
            services.finish(contact_id=call.pk, ending="gathered", by=owen, at=LATER)
        instead(call, owen, "letter")
        services.finish(contact_id=call.pk, ending="gathered", by=owen, at=LATER)

    def test_what_is_past_is_not_done_again(self, owen, call):
        send(call, owen)
        services.confirm_identity_email(contact_id=call.pk, by=owen, at=LATER)

        for late in (
            lambda: services.confirm_identity_email(contact_id=call.pk, by=owen, at=LATER),
            lambda: instead(call, owen, "letter"),
            lambda: send(call, owen),
        ):
            with pytest.raises(MovedOn, match="The identity email is past that: received, and content"):
                late()
        assert Message.objects.count() == 1

    def test_offering_it_twice_offers_it_once(self, owen, call):
        for _ in range(2):
            services.offer_identity_email(contact_id=call.pk, by=owen, at=MORNING)

        assert kinds(call) == ["identity_offered"]

    def test_the_database_holds_no_fallback_without_its_state(self, call):
        with pytest.raises(IntegrityError), transaction.atomic():
            Contact.objects.filter(pk=call.pk).update(identity_fallback="letter")

    def test_a_passed_call_wraps_up_where_it_was_never_offered(self, owen, skerrow):
        call = passed(skerrow, by=owen)

        services.finish(contact_id=call.pk, ending="gathered", by=owen, at=LATER)

        assert fresh(call).identity == ""


class TestWording:
    @cached_property
    def leader(self):
        return somebody(LEADER, unit=team())

    @pytest.mark.proves("EC-56", "EC-57")
    def test_each_save_is_a_version_and_the_newest_is_sent(self, owen, call, wording):
        services.save_wording(seen=1, body="SAMPLE 2", body_welsh="", by=self.leader, at=MORNING)

        send(call, owen)

        assert Message.objects.get().body == "SAMPLE 2"
        assert [*IdentityTemplate.objects.order_by("number").values_list("number", "body")][1:] == [
            (1, WORDING), (2, "SAMPLE 2"),
        ]  # fmt: skip

    @pytest.mark.proves("EC-57")
    @pytest.mark.parametrize(
        ("column", "may"),
        [(LEADER, True), (ADMINISTRATOR, True), (CASEWORKER, False), (OTHER, False), (WELSH, False), (OWNER, False),
         (INTEGRATOR, False), (NOBODY, False)],
    )  # fmt: skip
    def test_only_a_team_leader_or_an_administrator_writes_it(self, wording, column, may):
        by = somebody(column, unit=team())

        if may:
            assert services.save_wording(seen=1, body="New", body_welsh="", by=by, at=MORNING).number == 2
        else:
            with pytest.raises(Refused):
                services.save_wording(seen=1, body="New", body_welsh="", by=by, at=MORNING)

    def test_what_was_saved_meanwhile_is_not_overwritten(self, wording):
        services.save_wording(seen=1, body="First", body_welsh="", by=self.leader, at=MORNING)

        with pytest.raises(MovedOn, match="saved version 2 meanwhile"):
            services.save_wording(seen=1, body="Second", body_welsh="", by=self.leader, at=MORNING)

    @pytest.mark.django_db(transaction=True)
    def test_of_two_who_save_at_once_the_second_is_told_of_the_first(self, wording):
        saving = {"seen": 1, "body_welsh": "", "by": self.leader, "at": MORNING}
        first = Held(lambda: services.save_wording(body="First", **saving))
        first.done.wait(5)
        second = Held(lambda: services.save_wording(body="Second", **saving))
        wait_until_blocked()
        second.may_commit.set()

        first.commit()
        second.commit()

        assert isinstance(second.error, MovedOn)
        assert wording_in_use().body == "First"

    def test_it_is_never_empty(self, wording):
        with pytest.raises(RuleBroken) as refused:
            services.save_wording(seen=1, body="  ", body_welsh="", by=self.leader, at=MORNING)
        assert refused.value.field == "body"

    def test_a_team_leader_of_another_line_writes_none(self, wording):
        person = StaffMemberFactory()
        MembershipFactory(person=person, unit=UnitFactory(kind=UnitKind.TEAM), post=Post.TEAM_LEADER)

        with pytest.raises(Refused):
            services.save_wording(
                seen=1, body="New", body_welsh="", by=actor_for(person, on=MORNING.date()), at=MORNING
            )
