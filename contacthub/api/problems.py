"""Refusals as RFC 9457 tells them: application/problem+json, with a code for machines and the words of the pages."""

from __future__ import annotations

import math
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, JsonResponse
from rest_framework.exceptions import APIException, ErrorDetail, MethodNotAllowed, NotFound, ValidationError
from rest_framework.exceptions import PermissionDenied as NotAllowed
from rest_framework.response import Response

from contacthub.actor import request_id
from contacthub.clock import now
from contacthub.errors import DomainError, MovedOn, NotThere, Refused, RuleBroken, TooMany

CONTENT_TYPE = "application/problem+json"
STATUS_OF: list[tuple[type[DomainError], int]] = [
    (NotThere, 404), (Refused, 403), (MovedOn, 409), (RuleBroken, 422), (TooMany, 429),
]  # fmt: skip
WORDS = {
    401: "Send a live API key: Authorization: Bearer chk_…",
    404: "There is no record or address here that you may see",
    405: "This address does not take this method",
    406: "Accept application/json: nothing else is answered",
    415: "Send application/json in UTF-8",
    500: "Something is wrong on our side. Send the same request again, with the same Idempotency-Key",
    503: "The service is away for a moment. Send the same request again, with the same Idempotency-Key",
}  # fmt: skip
BUSY = (
    "Somebody else changed the same records at this moment. Send the same request again, with the same Idempotency-Key"
)


class Unreadable(APIException):
    """The query, or a header, is not what the address takes; `errors` name each parameter or header."""

    status_code = 400
    default_code = "bad_request"
    default_detail = "Put right what the errors name"

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__()
        self.errors = errors


class Changed(APIException):
    status_code = 412
    default_code = "changed_since"
    default_detail = "This has changed since you read it. Read it again"


class SayWhichVersion(APIException):
    status_code = 428
    default_code = "if_match_required"
    default_detail = "Two people may edit this at once. Send the ETag that you read as If-Match"


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """Answer what a view of the API raised (EXCEPTION_HANDLER); None for a fault, which the 500 page answers."""
    if isinstance(error, DomainError):
        return _answer(_status_of(error), error.code, error.message, _errors_of(error), _headers_of(error))
    if isinstance(error, Http404):
        error = NotFound()
    elif isinstance(error, PermissionDenied):
        error = NotAllowed()
    if not isinstance(error, APIException):
        return None
    return _answer(error.status_code, *_told(error), headers=_headers_of(error))


def problem(status: int, *, code: str, detail: str, errors: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """Return the body of a refusal; `instance` is the id of the request, which our log has too."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "instance": f"urn:uuid:{request_id.get()}",
    }
    return body | ({"errors": errors} if errors else {})


def bare(status: int, code: str) -> JsonResponse:
    """Answer what no view of the API answered: an unknown address, a fault."""
    words = BUSY if code == "busy" else WORDS.get(status, HTTPStatus(status).description)
    body = problem(status, code=code, detail=words)
    return JsonResponse(body, status=status, content_type=CONTENT_TYPE)


def _answer(status: int, code: str, detail: str, errors: list[dict[str, str]], headers: dict[str, str]) -> Response:
    body = problem(status, code=code, detail=detail, errors=errors)
    return Response(body, status=status, headers=headers, content_type=CONTENT_TYPE)


def _status_of(refusal: DomainError) -> int:
    return next((status for kind, status in STATUS_OF if isinstance(refusal, kind)), 422)


def _told(error: APIException) -> tuple[str, str, list[dict[str, str]]]:
    """Return the code, the words and the errors field by field of what the framework, or our own view, raised."""
    if isinstance(error, Unreadable):
        return error.default_code, error.default_detail, error.errors
    if isinstance(error, ValidationError):
        return "unreadable_fields", "Put right what the errors name", [*_fields(error.detail, "")]
    detail = error.detail if isinstance(error.detail, ErrorDetail) else ErrorDetail(str(error.default_detail))
    is_ours = error.status_code not in WORDS or detail != error.default_detail
    words = str(detail) if is_ours and not isinstance(error, MethodNotAllowed) else WORDS[error.status_code]
    return detail.code or error.default_code, words, []


def _fields(detail: Any, pointer: str) -> Iterator[dict[str, str]]:
    if isinstance(detail, dict):
        for name, inner in detail.items():
            yield from _fields(inner, f"{pointer}/{_escaped(str(name))}")
    elif isinstance(detail, list):
        for number, inner in enumerate(detail):
            yield from _fields(inner, pointer if isinstance(inner, ErrorDetail) else f"{pointer}/{number}")
    else:
        yield {"pointer": pointer, "code": detail.code or "unreadable", "detail": str(detail)}


def _errors_of(refusal: DomainError) -> list[dict[str, str]]:
    broken = refusal.all if isinstance(refusal, RuleBroken) else (refusal,)
    return [
        # A rule about a part of a field names the way to it: "rows/3/ern".
        {"pointer": f"/{rule.field.replace('~', '~0')}", "code": rule.code, "detail": rule.message}
        for rule in broken
        if rule.field
    ]


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _headers_of(error: Exception) -> dict[str, str]:
    if isinstance(error, TooMany):
        return {"Retry-After": str(max(1, math.ceil((error.again_at - now()).total_seconds())))}
    header = getattr(error, "auth_header", None)
    return {"WWW-Authenticate": header} if header else {}
