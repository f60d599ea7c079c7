from __future__ import annotations

from typing import cast

from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser

from contacthub.clock import now
from contacthub.formats import uk_day
from contacthub.people.models import StaffMember


class ActiveStaffBackend(ModelBackend):
    """Know only who is active today: who is not cannot sign in, and is out at the next request."""

    def user_can_authenticate(self, user: AbstractBaseUser | AnonymousUser | None) -> bool:
        return cast(StaffMember, user).is_active_on(uk_day(now()))
