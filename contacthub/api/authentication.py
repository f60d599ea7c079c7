from __future__ import annotations

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from contacthub.actor import Actor
from contacthub.api.services import actor_of
from contacthub.clock import now

SCHEME = "bearer"


class KeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`. The browser's session counts for nothing here, so no form can use it."""

    def authenticate(self, request: Request) -> tuple[Any, Actor] | None:
        scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME:
            return None
        actor = actor_of(secret.strip(), at=now())
        if actor is None:
            raise AuthenticationFailed("This key is unknown, expired or revoked")
        return request._request.user, actor

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


class HasKey(BasePermission):
    """Let in whoever acts with a key; what that may do its scopes, and the services, say."""

    def has_permission(self, request: Request, view: Any) -> bool:
        return request.auth is not None
