from __future__ import annotations

from datetime import timedelta
from typing import ClassVar

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q

from contacthub.callbacks.models import Callback
from contacthub.cases.models import CaseRecord, Listed
from contacthub.cases.queries import CaseRecordManager
from contacthub.documents.models import Document
from contacthub.links import link_to
from contacthub.people.models import Unit
from employer_contact import lifecycle
from employer_contact.lifecycle import OPEN, UNFINISHED, ContactLifecycle, ContactState, IdentityState, RequestState
from employer_contact.models.accounts import E164, Employer, PayrollAgent
from employer_contact.models.taxonomy import ContactReason, SecurityQuestion
from employer_contact.queries import AskedQuestionQuerySet, ContactQuerySet, ReasonGivenQuerySet, SecurityCheckQuerySet
from employer_contact.security import Check, Outcome, start, unlocks
from employer_contact.terms import CAME_AS, Channel, Direction, Ending, Fallback, FoundBy, Language, PartyType


class Contact(ContactLifecycle, Listed, CaseRecord):
    """A call, letter, fax or email of an employer or a payroll agent, or one of ours to them (EC-03, EC-65).

    `call_id` is the telephony's, "" of what came otherwise; `call_began_at` is the last call's. `team` is the owner's
    when he got it; both are empty of a call that nobody has opened yet. `language` is the employer's. `security` is how
    it stands with the check of this party in this call. `about` is the employer that an agent asks about, where
    it was chosen with the agent. `ending` says why it ended without a reason. One in which
    somebody answered on a `callback` names that, and the contact `before` it.
    """

    KIND: ClassVar[str] = "contact"
    PREFIX: ClassVar[str] = "CT"
    EVENT_LABELS: ClassVar[dict[str, str]] = lifecycle.EVENT_LABELS

    channel = models.CharField(max_length=10, choices=Channel.choices)
    direction = models.CharField(max_length=10, choices=Direction.choices, default=Direction.INBOUND)
    call_id = models.CharField(max_length=100, blank=True)
    number_keyed = models.CharField(max_length=40, blank=True)
    calling_number = models.CharField(max_length=20, blank=True, validators=[RegexValidator(E164)])
    party_type = models.CharField(max_length=10, blank=True, choices=PartyType.choices)
    employer = models.ForeignKey(Employer, null=True, on_delete=models.PROTECT, related_name="contacts", db_index=False)
    agent = models.ForeignKey(
        PayrollAgent, null=True, on_delete=models.PROTECT, related_name="contacts", db_index=False
    )
    about = models.ForeignKey(Employer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    callback = models.ForeignKey(Callback, null=True, on_delete=models.PROTECT, related_name="contacts", db_index=False)
    before = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    found_by = models.CharField(max_length=20, blank=True, choices=FoundBy.choices)
    caller_name = models.CharField(max_length=200, blank=True)
    notes = models.TextField(blank=True)
    notes_kept_at = models.DateTimeField(null=True)
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    security = models.CharField(max_length=15, choices=Check.choices, default=Check.ASKED_FOR)
    identity_fallback = models.CharField(max_length=15, choices=Fallback.choices, blank=True)
    refused_reason = models.ForeignKey(ContactReason, null=True, on_delete=models.PROTECT, related_name="+")
    ending = models.CharField(max_length=20, blank=True, choices=Ending.choices)
    ending_words = models.TextField(blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    call_began_at = models.DateTimeField(null=True)
    call_ended_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = CaseRecordManager.from_queryset(ContactQuerySet)()

    class Meta:
        indexes = [
            models.Index(F("opened_at").desc(), F("case").desc(), name="contact_newest"),
            models.Index("employer", F("opened_at").desc(), F("case").desc(), name="contact_employer"),
            models.Index("agent", F("opened_at").desc(), F("case").desc(), name="contact_agent"),
            models.Index("owner", F("opened_at").desc(), F("case").desc(), name="contact_owner"),
            models.Index("team", F("opened_at").desc(), F("case").desc(), name="contact_team"),
            models.Index("owner", "opened_at", "case", name="contact_unfinished", condition=Q(state__in=UNFINISHED)),
            models.Index(F("opened_at").desc(), F("case").desc(), name="contact_nobodys", condition=Q(owner=None)),
            models.Index("changed_at", "case", name="contact_changed"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["call_id"], condition=~Q(call_id=""), name="contact_once_a_call"),
            models.CheckConstraint(
                name="contact_party_is_one_record",
                condition=Q(party_type="", employer=None, agent=None, found_by="")
                | (Q(party_type=PartyType.EMPLOYER, employer__isnull=False, agent=None) & ~Q(found_by=""))
                | (Q(party_type=PartyType.AGENT, employer=None, agent__isnull=False) & ~Q(found_by="")),
            ),
            models.CheckConstraint(
                name="contact_of_an_agent_is_about_an_employer", condition=Q(about=None) | Q(party_type=PartyType.AGENT)
            ),
            models.CheckConstraint(
                name="contact_security_is_of_its_state",
                condition=Q(state=ContactState.SECURITY_PASSED, security=Check.PASSED)
                | Q(state=ContactState.SECURITY_FAILED, security=Check.FAILED)
                | Q(state=ContactState.SECURITY_NOT_REQUIRED, security=Check.NOT_REQUIRED)
                | Q(state=ContactState.REASON_RECORDED, security__in=[Check.PASSED, Check.NOT_REQUIRED])
                | Q(
                    state__in=[ContactState.STARTED, ContactState.IDENTIFIED, ContactState.ABANDONED],
                    security=Check.ASKED_FOR,
                )
                | Q(state__in=[ContactState.WRAPPED_UP, ContactState.WELSH_CALLBACK]),
            ),
            models.CheckConstraint(
                name="contact_that_is_worked_on_has_its_party",
                condition=Q(
                    state__in=[
                        ContactState.STARTED,
                        ContactState.ABANDONED,
                        ContactState.WRAPPED_UP,
                        ContactState.WELSH_CALLBACK,
                    ]
                )
                | ~Q(party_type=""),
            ),
            models.UniqueConstraint(fields=["callback"], name="contact_once_a_callback"),
            models.CheckConstraint(
                name="contact_ends_once",
                condition=Q(state__in=OPEN, ended_at=None) | (~Q(state__in=OPEN) & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="contact_identity_says_what_comes_instead",
                condition=Q(identity=IdentityState.FALLBACK, identity_fallback__in=Fallback.values)
                | (~Q(identity=IdentityState.FALLBACK) & Q(identity_fallback="")),
            ),
            models.CheckConstraint(
                name="contact_state_is_known", condition=Q(state__in=[state.value for state in ContactState])
            ),
        ]

    def get_absolute_url(self) -> str:
        return link_to("employers:contact", self.reference)

    @property
    def stands_on(self) -> list[int]:
        return [self.callback.about_id, self.callback.pk] if self.callback else []

    @property
    def party(self) -> Employer | PayrollAgent | None:
        """Return who asks, once that is known; both are read with the contact."""
        return self.employer or self.agent

    @property
    def party_reference(self) -> str:
        """Return "ERN 900000006", "EARN EA9000014" or ""."""
        if self.employer:
            return f"ERN {self.employer.ern}"
        return f"EARN {self.agent.earn}" if self.agent else ""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN

    @property
    def is_telephone(self) -> bool:
        return self.channel == Channel.TELEPHONE

    @property
    def is_on_callback(self) -> bool:
        """Say if somebody answered on a callback: they are checked like a caller."""
        return self.callback_id is not None

    @property
    def is_begun_by_us(self) -> bool:
        """Say if we contact them unasked: a call on a callback was asked for."""
        return self.direction == Direction.OUTBOUND and not self.is_on_callback

    @property
    def came_as(self) -> list[Document]:
        """Return the letter, fax or email that it is, as far as it was attached; a call has none."""
        return [] if self.is_telephone else list(self.case.documents.filter(kind=CAME_AS).order_by("pk"))

    @property
    def is_unlocked(self) -> bool:
        """Say if account values may be seen in this contact and actions taken (EC-14)."""
        return unlocks(Check(self.security))

    @property
    def not_required(self) -> str:
        """Return why no check is required, "" where one is (EC-15)."""
        return start(Channel(self.channel), Direction(self.direction), on_callback=self.is_on_callback)[1]

    @property
    def talk_time(self) -> timedelta | None:
        """Return how long the last call took; None of what is no call, or goes on."""
        if self.call_began_at is None or self.call_ended_at is None:
            return None
        return self.call_ended_at - self.call_began_at


class SecurityCheck(models.Model):
    """The security questions of a contact about one record; what a caller said is nowhere.

    A check that ended without a result lapsed: the call was lost, or the record was the wrong one. `prefers_fax` is
    what was noted beside the fax question, written to the record when the check passes (EC-18).
    """

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="checks", db_index=False)
    employer = models.ForeignKey(Employer, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    agent = models.ForeignKey(PayrollAgent, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    result = models.CharField(max_length=15, choices=Check.choices, default=Check.ASKED_FOR)
    prefers_fax = models.BooleanField(null=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(SecurityCheckQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["contact", "id"], name="check_of_contact"),
            models.Index("employer", "ended_at", name="check_failed_employer", condition=Q(result=Check.FAILED)),
            models.Index("agent", "ended_at", name="check_failed_agent", condition=Q(result=Check.FAILED)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["contact"], condition=Q(ended_at=None), name="check_one_open"),
            models.CheckConstraint(
                name="check_is_about_one_record",
                condition=Q(employer__isnull=False, agent=None) | Q(employer=None, agent__isnull=False),
            ),
            models.CheckConstraint(
                name="check_with_result_has_ended",
                condition=Q(result=Check.ASKED_FOR)
                | Q(result__in=[Check.PASSED, Check.FAILED], ended_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_result_display()}, {self.contact}"


class AskedQuestion(models.Model):
    """A question of a check, and what became of it: never the answer (EC-22). `label` is as it was worded (XC-04)."""

    check_of = models.ForeignKey(SecurityCheck, on_delete=models.PROTECT, related_name="asked", db_index=False)
    question = models.ForeignKey(SecurityQuestion, on_delete=models.PROTECT, related_name="+", db_index=False)
    label = models.CharField(max_length=100)
    is_substitute = models.BooleanField(default=False)
    outcome = models.CharField(max_length=10, blank=True, choices=Outcome.choices)
    answered_at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(AskedQuestionQuerySet)()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["check_of", "question"], name="asked_once_in_a_check"),
            models.CheckConstraint(
                name="asked_has_moment_of_its_outcome",
                condition=Q(outcome="", answered_at=None) | (~Q(outcome="") & Q(answered_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.get_outcome_display() or 'not answered yet'}"


class ReasonGiven(models.Model):
    """A reason ticked in a contact (EC-05). `why_none` says why it has no service request."""

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="reasons", db_index=False)
    reason = models.ForeignKey(ContactReason, on_delete=models.PROTECT, related_name="given")
    why_none = models.TextField(blank=True)
    at = models.DateTimeField()

    objects = models.Manager.from_queryset(ReasonGivenQuerySet)()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["contact", "reason"], name="reason_once_a_contact")]

    def __str__(self) -> str:
        return str(self.reason)

    @property
    def has_request(self) -> bool:
        """Say if a service request that was not cancelled answers it: raised for it, or before; read with it."""
        raised = [*self.requests.all(), *(one.request for one in self.attached.all())]
        return any(request.state != RequestState.CANCELLED for request in raised)

    @property
    def has_plan(self) -> bool:
        """Say if it has activities of its own (EC-43); they are read with it."""
        return bool(self.activities.all())

    @property
    def steps_left(self) -> int:
        """Return how many of its own activities are neither completed nor marked as not needed."""
        return sum(not step.as_rule.is_settled for step in self.activities.all())

    @property
    def needs_words(self) -> bool:
        """Say if words why not stand in for a request: it has none, and no plan of its own."""
        return not self.has_request and not self.has_plan
