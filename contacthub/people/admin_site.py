from __future__ import annotations

from functools import wraps
from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.admin.apps import AdminConfig
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import redirect

from contacthub.people.roles import Role


class SetUpSite(AdminSite):
    """Where administrators edit reference data and staff, and where no case is registered (8.3)."""

    site_title = site_header = "ContactHub set-up"
    index_title = "Reference data and staff"
    enable_nav_sidebar = False

    def has_permission(self, request: Any) -> bool:
        return Role.ADMINISTRATOR in request.actor.roles

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """Refuse who has not the role, in place of asking to sign in again."""
        inside = super().admin_view(view, cacheable)

        @wraps(inside)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not self.has_permission(request):
                raise PermissionDenied("Only administrators set ContactHub up")
            return inside(request, *args, **kwargs)

        return guarded

    # Signing in and out, and one's own password, have pages of their own.

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("admin:index")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("people:account")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        return redirect("people:password")


class SetUpConfig(AdminConfig):
    default_site = "contacthub.people.admin_site.SetUpSite"
