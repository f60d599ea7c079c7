from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from contacthub.cases.models import CaseRecord, Listed
from contacthub.cases.queries import CaseRecordManager
from contacthub.links import link_to
from contacthub.people.models import StaffMember, Unit
from employer_contact.lifecycle import ReissueLifecycle, ReissueState
from employer_contact.models.accounts import Employer
from employer_contact.models.contacts import Contact
from employer_contact.models.parents import CaseActivity, MaintenanceCase
from employer_contact.queries import ReissueQuerySet
from employer_contact.terms import Scenario


class ReissueRequest(ReissueLifecycle, Listed, CaseRecord):
    """The owner of a case is asked to issue its CMSL2040 to an employer anew (EC-46 to EC-48).

    Who decides is the owner of the case of the day, and never copied. `answer` are the words of a decline or a
    withdrawal, `letter` is what was issued. `contact` is the call in which it was asked for, if any.
    """

    KIND: ClassVar[str] = "reissue"
    PREFIX: ClassVar[str] = "RI"
    EVENT_LABELS: ClassVar[dict[str, str]] = {"requested": "Re-issue requested"}

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="reissues")
    maintenance_case = models.ForeignKey(MaintenanceCase, on_delete=models.PROTECT, related_name="reissues")
    scenario = models.CharField(max_length=20, choices=Scenario.choices)
    reason = models.TextField()
    contact = models.ForeignKey(Contact, null=True, on_delete=models.PROTECT, related_name="reissues")
    raised_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answer = models.TextField(blank=True)
    letter = models.OneToOneField(CaseActivity, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    objects = CaseRecordManager.from_queryset(ReissueQuerySet)()

    class Meta:
        verbose_name = "re-issue request"
        indexes = [
            models.Index("due_at", "case", name="reissue_due", condition=Q(state=ReissueState.REQUESTED)),
            models.Index(F("opened_at").desc(), F("case").desc(), name="reissue_newest"),
            models.Index("raised_by", F("opened_at").desc(), F("case").desc(), name="reissue_of_requester"),
            models.Index("changed_at", "case", name="reissue_changed"),
        ]
        constraints = [
            models.CheckConstraint(name="reissue_has_a_scenario", condition=Q(scenario__in=Scenario.values)),
            models.CheckConstraint(name="reissue_says_why", condition=~Q(reason="")),
            models.UniqueConstraint(
                fields=["maintenance_case", "employer"],
                name="reissue_asked_for_once",
                condition=Q(state=ReissueState.REQUESTED),
            ),
            models.CheckConstraint(
                name="reissue_is_a_letter", condition=~Q(state=ReissueState.REISSUED) | Q(letter__isnull=False)
            ),
            models.CheckConstraint(
                name="reissue_is_refused_in_words",
                condition=~Q(state__in=[ReissueState.DECLINED, ReissueState.WITHDRAWN]) | ~Q(answer=""),
            ),
            models.CheckConstraint(
                name="reissue_ends_once",
                condition=Q(state=ReissueState.REQUESTED, ended_at=None)
                | (~Q(state=ReissueState.REQUESTED) & Q(ended_at__isnull=False)),
            ),
        ]

    def get_absolute_url(self) -> str:
        return link_to("employers:reissue", self.reference)

    @property
    def is_open(self) -> bool:
        return bool(self.state == ReissueState.REQUESTED)

    @property
    def case_owner(self) -> StaffMember | None:
        owner: StaffMember | None = self.maintenance_case.owner
        return owner

    @property
    def stands_on(self) -> list[int]:
        return [self.contact_id] if self.contact_id else []
