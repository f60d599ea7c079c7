from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q
from django.urls import reverse

from contacthub.people.queries import MembershipQuerySet, PlacementQuerySet, StaffManager, UnitManager
from contacthub.people.roles import Post, UnitKind

DAYS_IN_ORDER = "The last day must be the first day or later"


class Nation(models.TextChoices):
    """Whose bank holidays count."""

    ENGLAND_AND_WALES = "england_and_wales", "England and Wales"
    SCOTLAND = "scotland", "Scotland"
    NORTHERN_IRELAND = "northern_ireland", "Northern Ireland"


class Unit(models.Model):
    """A site, an office or a team. `inbox` is its shared address: while it is empty, nothing is sent there (UJ-14)."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=30, choices=UnitKind.choices)
    inbox = models.EmailField(blank=True)
    telephone = models.CharField(max_length=30, blank=True)
    nation = models.CharField(max_length=20, choices=Nation.choices, default=Nation.ENGLAND_AND_WALES)

    objects: ClassVar[UnitManager] = UnitManager()

    class Meta:
        indexes = [models.Index(fields=["kind", "id"], name="unit_kind")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:unit", args=[self.code])


class StaffMember(AbstractUser):
    """A member of staff, who is the user that signs in; `email` is the work address.

    Both `active_from` and `active_to` are days on which the person still works; without `active_to` it goes on.
    """

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    # The days decide, and the sign-in backend asks them: never two truths.
    is_active = True
    name = models.CharField(max_length=150)
    # Its words as they are looked for and sorted, each after a space: without capitals, accents, apostrophes, hyphens.
    name_key = models.GeneratedField(
        expression=Func(
            "name",
            template="' ' || translate(find_fold(%(expressions)s), '-\u2010\u2013''', '   ')",
            output_field=models.TextField(),
        ),
        output_field=models.TextField(db_collation="C"),
        db_persist=True,
    )
    staff_number = models.CharField(max_length=20, unique=True)
    active_from = models.DateField()
    active_to = models.DateField(null=True, blank=True)
    takes_calls_in_welsh = models.BooleanField("Takes calls in Welsh", default=False)
    single_keys = models.BooleanField("Keyboard shortcuts of a single key", default=True)

    objects: ClassVar[StaffManager] = StaffManager()

    REQUIRED_FIELDS = ["name", "staff_number", "email", "active_from"]

    class Meta:
        verbose_name = "member of staff"
        verbose_name_plural = "staff"
        indexes = [
            models.Index(fields=["name_key", "id"], name="staff_by_name"),
            GinIndex(fields=["name_key"], opclasses=["gin_trgm_ops"], name="staff_words", fastupdate=False),
        ]
        constraints = [
            models.CheckConstraint(
                name="staff_days_in_order",
                condition=Q(active_to=None) | Q(active_to__gte=F("active_from")),
                violation_error_message=DAYS_IN_ORDER,
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("people:person", args=[self.staff_number])

    @property
    def short_name(self) -> str:
        """Return "A. Byrne" for Ana Byrne, for narrow columns."""
        first, _, rest = self.name.partition(" ")
        return f"{first[0]}. {rest}" if rest else first

    def is_active_on(self, day: date) -> bool:
        return self.active_from <= day and (self.active_to is None or day <= self.active_to)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


def _never_two(name: str, *fields: str, condition: Q | None = None, says: str) -> ExclusionConstraint:
    """Refuse two dated rows that are alike in these fields and have a day in common."""
    days = Func(
        F("starts_on"),
        F("ends_on"),
        RangeBoundary(inclusive_lower=True, inclusive_upper=True),
        function="daterange",
        output_field=DateRangeField(),
    )
    same = [(field, RangeOperators.EQUAL) for field in fields]
    return ExclusionConstraint(
        name=name,
        expressions=[*same, (days, RangeOperators.OVERLAPS)],
        condition=condition,
        violation_error_message=says,
    )


class SignInTries(models.Model):
    """How often a sign-in name was tried in vain from one address of the network, and until when it is locked out.

    It is kept for names that nobody has too, so that nobody learns which ones exist.
    """

    username = models.CharField(max_length=150)
    source = models.CharField(max_length=45)
    failures = models.PositiveSmallIntegerField(default=0)
    failed_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    class Meta:
        verbose_name_plural = "sign-in tries"
        constraints = [models.UniqueConstraint(fields=["username", "source"], name="sign_in_tries_once")]
        indexes = [models.Index(fields=["failed_at"], name="sign_in_tries_old")]

    def __str__(self) -> str:
        return f"{self.username} from {self.source}"


class Membership(models.Model):
    """Where somebody works, and on which post, from the first to the last day. Past ones stay (CF-25)."""

    person = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="memberships")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="memberships")
    post = models.CharField(max_length=30, choices=Post.choices, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = models.Manager.from_queryset(MembershipQuerySet)()

    class Meta:
        indexes = [
            models.Index(fields=["person", "starts_on", "ends_on"], name="membership_person"),
            models.Index(fields=["unit", "starts_on", "ends_on"], name="membership_unit"),
        ]
        constraints = [
            models.CheckConstraint(
                name="membership_days_in_order",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=DAYS_IN_ORDER,
            ),
            _never_two(
                "membership_once",
                "person",
                "unit",
                says="This person already works in this unit on some of these days. Change that membership",
            ),
            _never_two(
                "membership_one_holder",
                "unit",
                "post",
                condition=~Q(post=""),
                says="Somebody holds this post on some of these days. End that membership first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.get_post_display() or 'staff'} of {self.unit}"

    def clean(self) -> None:
        """Postgres makes no range of days in the wrong order, so forms ask for the order before the other rules."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": DAYS_IN_ORDER})


class Placement(models.Model):
    """Where a team belongs from the first to the last day: in a workgroup, an area and a line of business.

    The three do not depend on each other (AMB-31), and each may be none. Past ones stay, as those of people do.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements")
    workgroup = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        limit_choices_to={"kind": UnitKind.WORKGROUP},
    )
    area = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        limit_choices_to={"kind": UnitKind.AREA},
    )
    line_of_business = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        limit_choices_to={"kind": UnitKind.LINE_OF_BUSINESS},
    )
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = models.Manager.from_queryset(PlacementQuerySet)()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="placement_days_in_order",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=DAYS_IN_ORDER,
            ),
            _never_two(
                "placement_once",
                "unit",
                says="This team already has its place on some of these days. End that one first",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} in {', '.join(str(above) for above in self.above) or 'none'}"

    @property
    def above(self) -> list[Unit]:
        return [unit for unit in (self.workgroup, self.area, self.line_of_business) if unit]

    def clean(self) -> None:
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": DAYS_IN_ORDER})


class CheckedFile(models.Model):
    """A file about people that was checked, and what it would change: applied is what was checked, or nothing.

    `rows` are what it said, `digest` tells what would change from any other change, `counts` how many people of each
    effect. The rows are forgotten once they are applied.
    """

    file_name = models.CharField(max_length=200)
    checked_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    checked_at = models.DateTimeField()
    rows = models.JSONField(default=list)
    digest = models.CharField(max_length=64)
    counts = models.JSONField(default=dict)
    applied_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+", null=True)
    applied_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["checked_at"], name="checked_file_old", condition=Q(applied_at=None))]
        constraints = [
            models.CheckConstraint(
                name="checked_file_applied_by_somebody",
                condition=Q(applied_at=None, applied_by=None) | Q(applied_at__isnull=False, applied_by__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.file_name

    def get_absolute_url(self) -> str:
        return reverse("people:checked", args=[self.pk])
