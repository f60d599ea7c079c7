from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Lower

from contacthub.cases.models import Listed, Versioned
from contacthub.formats import telephone
from contacthub.links import link_to
from employer_contact.names import kept_key
from employer_contact.queries import AgentLinkQuerySet, EmployerQuerySet, PayrollAgentQuerySet
from employer_contact.security import AgentAnswers, EmployerAnswers
from employer_contact.terms import Language, ScheduleDelivery

ERN, EARN = r"^[0-9]{9}$", r"^EA[0-9]{7}$"
E164 = r"^(\+[0-9]{6,15})?$"
POSTCODE = r"^([A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2})?$"
DAYS_OF_A_MONTH = (1, 31)


def _lines(*parts: str) -> str:
    return "\n".join(filter(None, parts))


def _numbers(kept: list[str]) -> str:
    return _lines(*(telephone(number) for number in kept if number))


class Employer(Listed, Versioned):
    """An employer who deducts child maintenance from pay; known by the ERN.

    The address that HMRC gives and the payroll address are apart, and either may be missing (EC-20). Telephone and fax
    numbers are E.164, postcodes "ZZ99 3AB". Pay and cut-off days are days of the month.
    """

    EVENT_LABELS: ClassVar[dict[str, str]] = {
        "added": "Added",
        "changed": "Details changed",
        "linked": "Agent linked",
        "ended": "Link to agent ended",
        "link_changed": "Link to agent changed",
        "lines_changed": "DEO schedule changed",
        "to_investigate": "Name to investigate",
    }

    ern = models.CharField("ERN", max_length=9, unique=True, validators=[RegexValidator(ERN)])
    name = models.CharField(max_length=200)
    hmrc_address = models.TextField(blank=True)
    hmrc_postcode = models.CharField(max_length=8, blank=True)
    payroll_address = models.TextField(blank=True)
    payroll_postcode = models.CharField(max_length=8, blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    additional_telephones = ArrayField(models.CharField(max_length=20), blank=True, default=list)
    fax = models.CharField(max_length=20, blank=True)
    prefers_fax = models.BooleanField(default=False)
    email = models.EmailField(max_length=320, blank=True)
    contact_names = ArrayField(models.CharField(max_length=200), blank=True, default=list)
    pay_day = models.PositiveSmallIntegerField(null=True, blank=True)
    cut_off_day = models.PositiveSmallIntegerField(null=True, blank=True)
    voicemail_authorised = models.BooleanField(null=True, blank=True)
    schedule_delivery = models.CharField(
        max_length=15, choices=ScheduleDelivery.choices, default=ScheduleDelivery.PAPER
    )
    language = models.CharField(max_length=2, choices=Language.choices, default=Language.ENGLISH)
    # What the database works out: the words of its names, and every number it may ring from.
    name_key = models.GeneratedField(
        expression=kept_key("name", "contact_names"), output_field=models.TextField(db_collation="C"), db_persist=True
    )
    numbers = models.GeneratedField(
        expression=Func(
            Func(
                Func(F("additional_telephones"), F("telephone"), function="array_append"),
                F("fax"),
                function="array_append",
            ),
            Value(""),
            function="array_remove",
        ),
        output_field=ArrayField(models.CharField(max_length=20)),
        db_persist=True,
    )

    objects = models.Manager.from_queryset(EmployerQuerySet)()

    class Meta:
        indexes = [
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="employer_words", fastupdate=False),
            GinIndex(fields=["numbers"], name="employer_numbers", fastupdate=False),
            models.Index("name_key", "id", name="employer_by_name"),
            models.Index("hmrc_postcode", name="employer_hmrc_postcode", condition=~Q(hmrc_postcode="")),
            models.Index("payroll_postcode", name="employer_payroll_postcode", condition=~Q(payroll_postcode="")),
            models.Index(Lower("email"), name="employer_email", condition=~Q(email="")),
            models.Index("changed_at", "id", name="employer_changed"),
        ]
        constraints = [
            models.CheckConstraint(name="employer_ern_has_9_digits", condition=Q(ern__regex=ERN)),
            models.CheckConstraint(name="employer_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="employer_numbers_are_e164", condition=Q(telephone__regex=E164) & Q(fax__regex=E164)
            ),
            models.CheckConstraint(
                name="employer_postcodes_are_written_alike",
                condition=Q(hmrc_postcode__regex=POSTCODE) & Q(payroll_postcode__regex=POSTCODE),
            ),
            models.CheckConstraint(
                name="employer_fax_is_preferred_where_there_is_one", condition=Q(prefers_fax=False) | ~Q(fax="")
            ),
            models.CheckConstraint(
                name="employer_days_of_a_month",
                condition=(Q(pay_day=None) | Q(pay_day__range=DAYS_OF_A_MONTH))
                & (Q(cut_off_day=None) | Q(cut_off_day__range=DAYS_OF_A_MONTH)),
            ),
            models.CheckConstraint(
                name="employer_schedule_comes_one_way", condition=Q(schedule_delivery__in=ScheduleDelivery.values)
            ),
            models.CheckConstraint(name="employer_language_is_known", condition=Q(language__in=Language.values)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return link_to("employers:employer", self.ern)

    @property
    def telephone_words(self) -> str:
        return _numbers([self.telephone])

    @property
    def additional_telephone_words(self) -> str:
        return _numbers(self.additional_telephones)

    @property
    def fax_words(self) -> str:
        """Return the fax number, and if it is the preferred method (EC-18)."""
        preferred = "the preferred method" if self.prefers_fax else "not the preferred method"
        return f"{telephone(self.fax)}, {preferred}" if self.fax else ""

    @property
    def contact_name_words(self) -> str:
        return _lines(*self.contact_names)

    @property
    def voicemail_words(self) -> str:
        return {True: "Messages authorised", False: "Messages not authorised", None: ""}[self.voicemail_authorised]

    @property
    def payroll_address_words(self) -> str:
        return _lines(self.payroll_address, self.payroll_postcode)

    @property
    def hmrc_address_words(self) -> str:
        return _lines(self.hmrc_address, self.hmrc_postcode)

    @property
    def address_in_short(self) -> str:
        """Return the payroll address in one line, or that of HMRC: it tells two branches apart."""
        return (self.payroll_address_words or self.hmrc_address_words).replace("\n", ", ")

    @property
    def answers(self) -> EmployerAnswers:
        """Return what a security question may ask for."""
        return EmployerAnswers(
            additional_telephones=self.additional_telephones,
            fax=self.fax,
            email=self.email,
            contact_names=self.contact_names,
            pay_day=self.pay_day,
            cut_off_day=self.cut_off_day,
            voicemail_authorised=self.voicemail_authorised,
            payroll_address="\n".join(filter(None, [self.payroll_address, self.payroll_postcode])),
        )


class PayrollAgent(Listed, Versioned):
    """Somebody who runs the payroll for employers; known by the EARN."""

    EVENT_LABELS: ClassVar[dict[str, str]] = {
        "added": "Added",
        "changed": "Details changed",
        "linked": "Linked to employer",
        "ended": "Link to employer ended",
        "link_changed": "Link to employer changed",
    }

    earn = models.CharField("EARN", max_length=9, unique=True, validators=[RegexValidator(EARN)])
    name = models.CharField("Company name", max_length=200)
    address1 = models.CharField("First line of company address", max_length=200, blank=True)
    address_rest = models.TextField("Rest of company address", blank=True)
    postcode = models.CharField(max_length=8, blank=True)
    telephone = models.CharField(max_length=20, blank=True)
    email = models.EmailField(max_length=320, blank=True)
    name_key = models.GeneratedField(
        expression=kept_key("name"), output_field=models.TextField(db_collation="C"), db_persist=True
    )

    objects = models.Manager.from_queryset(PayrollAgentQuerySet)()

    class Meta:
        indexes = [
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="agent_words", fastupdate=False),
            models.Index("name_key", "id", name="agent_by_name"),
            models.Index("telephone", name="agent_telephone", condition=~Q(telephone="")),
            models.Index("postcode", name="agent_postcode", condition=~Q(postcode="")),
            models.Index(Lower("email"), name="agent_email", condition=~Q(email="")),
            models.Index("changed_at", "id", name="agent_changed"),
        ]
        constraints = [
            models.CheckConstraint(name="agent_earn_has_its_form", condition=Q(earn__regex=EARN)),
            models.CheckConstraint(name="agent_has_name", condition=~Q(name="")),
            models.CheckConstraint(name="agent_number_is_e164", condition=Q(telephone__regex=E164)),
            models.CheckConstraint(name="agent_postcode_is_written_alike", condition=Q(postcode__regex=POSTCODE)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return link_to("employers:agent", self.earn)

    @property
    def telephone_words(self) -> str:
        return _numbers([self.telephone])

    @property
    def address_words(self) -> str:
        return _lines(self.address1, self.address_rest, self.postcode)

    @property
    def address_in_short(self) -> str:
        return self.address_words.replace("\n", ", ")

    @property
    def answers(self) -> AgentAnswers:
        """Return what a security question may ask for."""
        return AgentAnswers(
            earn=self.earn,
            address1=self.address1,
            postcode=self.postcode,
            telephone=self.telephone,
            email=self.email,
        )


class AgentLink(Listed):
    """An agent acts for an employer, from the first to the last day; without a last day it goes on. Ended ones stay."""

    EVENT_LABELS: ClassVar[dict[str, str]] = {
        "linked": "Agent linked",
        "ended": "Link ended",
        "link_changed": "Link changed",
    }

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="links", db_index=False)
    agent = models.ForeignKey(PayrollAgent, on_delete=models.PROTECT, related_name="links", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    may_do = models.CharField("What the agent may do", max_length=200, blank=True)
    gets_schedule = models.BooleanField("Gets the DEO schedule", default=False)

    objects = models.Manager.from_queryset(AgentLinkQuerySet)()

    class Meta:
        indexes = [
            models.Index("employer", F("starts_on").desc(), F("id").desc(), name="link_employer"),
            models.Index("agent", F("starts_on").desc(), F("id").desc(), name="link_agent"),
            models.Index("changed_at", "id", name="link_changed"),
        ]
        constraints = [
            models.CheckConstraint(
                name="link_days_in_order", condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on"))
            ),
            ExclusionConstraint(
                name="link_once_on_a_day",
                expressions=[
                    ("employer", RangeOperators.EQUAL),
                    ("agent", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="This agent is linked to the employer on some of these days already",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agent} for {self.employer}"

    def lasts_on(self, day: date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


class EmployerNote(models.Model):
    """A note on an employer's record; `about` is the reference of the case it came with, if any."""

    employer = models.ForeignKey(Employer, on_delete=models.PROTECT, related_name="notes", db_index=False)
    text = models.TextField()
    about = models.CharField(max_length=20, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index("employer", F("at").desc(), F("id").desc(), name="note_newest")]
        constraints = [models.CheckConstraint(name="note_has_text", condition=~Q(text=""))]

    def __str__(self) -> str:
        return self.text[:60]
