from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from contacthub.cases.models import Case, CaseRecord, Event, Listed
from contacthub.cases.queries import CaseRecordManager
from contacthub.formats import short_date
from contacthub.links import link_to
from contacthub.people.models import Unit
from employer_contact.lifecycle import NOT_ENDED, REQUEST_EVENT_LABELS, RequestLifecycle, RequestState
from employer_contact.models.accounts import Employer, PayrollAgent
from employer_contact.models.contacts import Contact, ReasonGiven
from employer_contact.models.parents import PayingParent
from employer_contact.models.plans import PlanVersion
from employer_contact.models.taxonomy import ServiceRequestKind
from employer_contact.plans import CHANGES, Doing, Mark, Status, Step
from employer_contact.queries import ActivityQuerySet, ServiceRequestQuerySet
from employer_contact.security import Check
from employer_contact.taxonomy import Scope
from employer_contact.terms import PartyType

STORED = [status for status in Status if status != Status.CANNOT_START_YET]


class ServiceRequest(RequestLifecycle, Listed, CaseRecord):
    """A service request (SR): what was asked for, by whom, and the activity plan that it takes (EC-07).

    Process, area and sub area are its labels as it was raised, and `plan_version` the plan it was born with (XC-04).
    `security` is how its contact stood with the check. `reason` is the contact's that it answers; one that was raised
    out of another request names that instead. Months are first days. Without a target, `due_at` is NEVER.
    """

    KIND: ClassVar[str] = "service_request"
    PREFIX: ClassVar[str] = "SR"
    EVENT_LABELS: ClassVar[dict[str, str]] = REQUEST_EVENT_LABELS

    kind = models.ForeignKey(ServiceRequestKind, on_delete=models.PROTECT, related_name="+", db_index=False)
    process = models.CharField(max_length=60)
    area = models.CharField(max_length=60)
    sub_area = models.CharField(max_length=60)
    scope = models.CharField(max_length=10, blank=True, choices=Scope.choices)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="requests")
    reason = models.ForeignKey(ReasonGiven, null=True, on_delete=models.PROTECT, related_name="requests")
    raised_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="further")
    security = models.CharField(max_length=15, choices=Check.choices)
    party_type = models.CharField(max_length=10, choices=PartyType.choices)
    employer = models.ForeignKey(Employer, null=True, on_delete=models.PROTECT, related_name="requests", db_index=False)
    agent = models.ForeignKey(
        PayrollAgent, null=True, on_delete=models.PROTECT, related_name="requests", db_index=False
    )
    paying_parents = models.ManyToManyField(PayingParent, related_name="requests")
    from_month = models.DateField(null=True)
    to_month = models.DateField(null=True)
    earlier = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="reviews")
    earlier_reference = models.CharField(max_length=40, blank=True)
    earlier_on = models.DateField(null=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    plan_version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="+", db_index=False)
    waits_for = models.CharField(max_length=200, blank=True)
    waits_until = models.DateTimeField(null=True)
    case_update = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    has_parents: bool  # as `with_what_it_has` reads it, like the next two
    has_further: bool
    has_attached: bool

    objects = CaseRecordManager.from_queryset(ServiceRequestQuerySet)()

    class Meta:
        indexes = [
            models.Index("owner", "due_at", "case", name="request_owner_due", condition=Q(state__in=NOT_ENDED)),
            models.Index("team", "due_at", "case", name="request_team_due", condition=Q(state__in=NOT_ENDED)),
            models.Index(
                "team", "waits_until", "case", name="request_team_waits", condition=Q(state=RequestState.WAITING)
            ),
            # Those of one state, and all that are not ended, apart from the many that are.
            models.Index("owner", "state", F("opened_at").desc(), F("case").desc(), name="request_owner_state"),
            models.Index("team", "state", F("opened_at").desc(), F("case").desc(), name="request_team_state"),
            models.Index(
                "owner",
                F("opened_at").desc(),
                F("case").desc(),
                name="request_owner_newest",
                condition=Q(state__in=NOT_ENDED),
            ),
            models.Index(
                "team",
                F("opened_at").desc(),
                F("case").desc(),
                name="request_team_newest",
                condition=Q(state__in=NOT_ENDED),
            ),
            models.Index("employer", F("opened_at").desc(), F("case").desc(), name="request_employer"),
            models.Index("agent", F("opened_at").desc(), F("case").desc(), name="request_agent"),
            models.Index("employer", "due_at", "case", name="request_employer_due", condition=Q(state__in=NOT_ENDED)),
            models.Index("agent", "due_at", "case", name="request_agent_due", condition=Q(state__in=NOT_ENDED)),
            models.Index("changed_at", "case", name="request_changed"),
        ]
        constraints = [
            models.CheckConstraint(
                name="request_party_is_named",
                condition=Q(party_type=PartyType.EMPLOYER, employer__isnull=False)
                | Q(party_type=PartyType.AGENT, agent__isnull=False),
            ),
            models.CheckConstraint(
                name="request_stands_on_its_check", condition=Q(security__in=[Check.PASSED, Check.NOT_REQUIRED])
            ),
            models.CheckConstraint(
                name="request_answers_a_reason_or_a_request",
                condition=Q(reason__isnull=False, raised_from=None) | Q(reason=None, raised_from__isnull=False),
            ),
            models.CheckConstraint(
                name="request_waits_on_somebody_until",
                condition=(Q(state=RequestState.WAITING, waits_until__isnull=False) & ~Q(waits_for=""))
                | (~Q(state=RequestState.WAITING) & Q(waits_until=None, waits_for="")),
            ),
            models.CheckConstraint(
                name="request_is_completed_with_case_update",
                condition=~Q(state=RequestState.COMPLETED) | ~Q(case_update=""),
            ),
            models.CheckConstraint(
                name="request_ends_once",
                condition=Q(state__in=NOT_ENDED, ended_at=None)
                | Q(state__in=[RequestState.COMPLETED, RequestState.CANCELLED], ended_at__isnull=False),
            ),
            models.CheckConstraint(
                name="request_months_are_first_days",
                condition=(Q(from_month=None) | Q(from_month__day=1)) & (Q(to_month=None) | Q(to_month__day=1)),
            ),
        ]

    def get_absolute_url(self) -> str:
        return link_to("employers:request", self.reference)

    @property
    def stands_on(self) -> list[int]:
        return [self.contact_id]

    @property
    def triple(self) -> str:
        return f"{self.process} / {self.area} / {self.sub_area}"

    @property
    def name(self) -> str:
        """Return what people call it: "Update, group", "Link Agent"."""
        return f"{self.sub_area}, {self.scope}" if self.scope else self.sub_area

    @property
    def party(self) -> Employer | PayrollAgent | None:
        """Return who asks; both are read with the request."""
        return self.agent if self.party_type == PartyType.AGENT else self.employer

    @property
    def about(self) -> Employer | PayrollAgent | None:
        """Return whose record it is about: the employer's, or that of an agent who asks about itself."""
        return self.employer or self.agent

    @property
    def is_open(self) -> bool:
        return self.state in NOT_ENDED

    @property
    def months(self) -> str:
        """Return "April 2026", "April 2025 to March 2026", or ""."""
        if self.from_month is None:
            return ""
        if self.to_month is None or self.to_month == self.from_month:
            return f"{self.from_month:%B %Y}"
        return f"{self.from_month:%B %Y} to {self.to_month:%B %Y}"


class AttachedContact(models.Model):
    """A later contact that is about a request raised before it: the request answers this reason of the contact."""

    reason = models.ForeignKey(ReasonGiven, on_delete=models.PROTECT, related_name="attached", db_index=False)
    request = models.ForeignKey(ServiceRequest, on_delete=models.PROTECT, related_name="attached")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["reason", "request"], name="attached_once_a_reason")]

    def __str__(self) -> str:
        return f"{self.reason}, {self.request}"


class Activity(models.Model):
    """A step of the plan of a service request, or of a contact's reason that has a plan of its own (EC-28, EC-43).

    `words` say what was done, or why it is not needed; `done_on` and `note_reference` are of what was done elsewhere.
    A step that names a change has the event of that change as its `proof`.
    """

    EVENT_LABELS: ClassVar[dict[str, str]] = {
        "started": "Activity started",
        "completed": "Activity completed",
        "not_needed": "Activity not needed",
        "reopened": "Activity reopened",
    }

    request = models.ForeignKey(
        ServiceRequest, null=True, on_delete=models.PROTECT, related_name="activities", db_index=False
    )
    reason = models.ForeignKey(
        ReasonGiven, null=True, on_delete=models.PROTECT, related_name="activities", db_index=False
    )
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    mark = models.CharField(max_length=10, choices=Mark.choices)
    does = models.CharField(max_length=20, choices=Doing.choices)
    raises = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=20, choices=Status.choices, default=Status.NOT_STARTED)
    words = models.TextField(blank=True)
    done_on = models.DateField(null=True)
    note_reference = models.CharField(max_length=100, blank=True)
    proof = models.ForeignKey(Event, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    raised = models.ForeignKey(ServiceRequest, null=True, on_delete=models.PROTECT, related_name="+")
    addressed_to = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+")
    is_addressed: bool  # as `addressed_or_not` reads it
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(null=True)

    objects = models.Manager.from_queryset(ActivityQuerySet)()

    class Meta:
        ordering = ["request", "reason", "number"]
        verbose_name_plural = "activities"
        constraints = [
            models.UniqueConstraint(fields=["request", "number"], name="activity_once_a_request"),
            models.UniqueConstraint(fields=["reason", "number"], name="activity_once_a_reason"),
            models.CheckConstraint(
                name="activity_is_of_a_request_or_a_reason",
                condition=Q(request__isnull=False, reason=None) | Q(request=None, reason__isnull=False),
            ),
            models.CheckConstraint(name="activity_status_is_stored", condition=Q(status__in=STORED)),
            models.CheckConstraint(
                name="activity_settled_by_somebody",
                condition=Q(status__in=[Status.NOT_STARTED, Status.IN_PROGRESS])
                | Q(status__in=[Status.COMPLETED, Status.NOT_NEEDED], by__isnull=False, at__isnull=False),
            ),
            models.CheckConstraint(
                name="activity_not_needed_has_reason", condition=~Q(status=Status.NOT_NEEDED) | ~Q(words="")
            ),
            models.CheckConstraint(
                name="activity_that_changes_has_proof",
                condition=~Q(status=Status.COMPLETED, does__in=CHANGES) | Q(proof__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.text}"

    @property
    def case(self) -> Case:
        owner = self.request or self.reason.contact  # type: ignore[union-attr]  # it has one of the two
        return owner.case

    @property
    def case_id(self) -> int:
        """Return the case on whose timeline its events stand."""
        found: int = self.request_id or self.reason.contact_id  # type: ignore[union-attr]
        return found

    @property
    def as_rule(self) -> Step:
        return Step(self.number, self.text, Doing(self.does), Status(self.status), tuple(self.raises.split()))

    @property
    def said(self) -> str:
        """Return what was recorded: day, reference and words."""
        on = short_date(self.done_on) if self.done_on else ""
        return ". ".join(filter(None, [", ".join(filter(None, [on, self.note_reference])), self.words]))
