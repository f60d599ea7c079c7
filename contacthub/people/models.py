from django.contrib.auth.models import AbstractUser
from django.db import models


class StaffMember(AbstractUser):
    """A member of staff, who is the user that signs in; `email` is the work address."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=150)
    staff_number = models.CharField(max_length=20, unique=True)

    REQUIRED_FIELDS = ["name", "staff_number", "email"]

    def __str__(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        """Return "A. Byrne" for Ana Byrne, for narrow columns."""
        first, _, rest = self.name.partition(" ")
        return f"{first[0]}. {rest}" if rest else first

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name
