"""The OpenAPI document: every endpoint says what it takes, what it answers, and each refusal that it may give."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import Any, Literal, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema

from contacthub.api.problems import BUSY
from contacthub.api.serializers import Problem

View = TypeVar("View", bound=Callable[..., Any])
ALWAYS = [400, 401, 403, 404, 405, 406, 429, 500, 503]
TO_POSTS = [409, 412, 413, 415, 422]
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "minLength": 1, "maxLength": 80, "pattern": "^[ -~]+$"},
    OpenApiParameter.HEADER,
    required=True,
    description="A key of your own for this request. Sent again with the same body, it gets the first answer",
    examples=[OpenApiExample("key", "3f0c8e2a-6b1d-4a51-9c0e-5d1f6b7a8c9d")],
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", {"type": "string"}, OpenApiParameter.HEADER, description="An ETag: answers 304 while it holds"
)
REFERENCE = OpenApiParameter(
    "reference",
    {"type": "string", "pattern": "^[A-Za-z]{2,3}-[0-9]{6,12}$"},
    OpenApiParameter.PATH,
    description="As people read it out, like `UJ-000123`",
)
SAID = {
    400: ("bad_request", "Put right what the errors name"),
    401: ("not_authenticated", "Send a live API key: Authorization: Bearer chk_…"),
    403: ("not_allowed", "Only the Universal Jobmatch Helpdesk can do this"),
    404: ("not_there", "There is no record here that you may see"),
    405: ("method_not_allowed", "This address does not take this method"),
    406: ("not_acceptable", "Accept application/json: nothing else is answered"),
    409: ("moved_on", "Taken by Ana Byrne"),
    412: ("changed_since", "This has changed since you read it. Read it again"),
    413: ("too_big", "Send 1,000,000 bytes or fewer"),
    415: ("unsupported_media_type", "Send application/json in UTF-8"),
    422: ("phone_required", "Enter a telephone number the customer can be called on"),
    428: ("if_match_required", "Two people may edit this at once. Send the ETag that you read as If-Match"),
    429: ("too_many", "You can do this again at 9:32am"),
    500: ("fault", "Something is wrong on our side. Send the same request again, with the same Idempotency-Key"),
    503: ("busy", BUSY),
}  # fmt: skip


def described(
    operation_id: str,
    words: str,
    *,
    tag: str,
    answer: Any,
    body: Any = None,
    status: int = 200,
    sent: dict[str, Any] | None = None,
    answered: Any = None,
    query: Any = None,
    or_nothing: bool = False,
    or_known: bool = False,
) -> Callable[[View], View]:
    """Describe a method of a view; the first line of `words` is what it is called.

    `or_nothing` where it answers 204 too, `or_known` where it answers 200 with what was there already.
    """
    summary, _, more = (words.strip() or operation_id).partition("\n")
    examples = [OpenApiExample("request", sent, request_only=True)] if sent is not None else []
    if answered is not None:
        examples.append(OpenApiExample("answer", answered, response_only=True, status_codes=[str(status)]))
    also = {**({204: None} if or_nothing else {}), **({200: answer} if or_known else {})}
    describe: Callable[[View], View] = extend_schema(
        operation_id=operation_id,
        summary=summary,
        description="\n".join(line.strip() for line in more.splitlines()).strip() or summary,
        tags=[tag],
        parameters=[query] if query else None,
        request=body,
        responses={status: answer, **also},
        examples=examples,
    )
    return describe


class KeyScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How a key is sent."""

    target_class = "contacthub.api.authentication.KeyAuthentication"
    name = "key"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "description": "An API key: `chk_…`"}


@cache
def document() -> dict[str, Any]:
    """Return the whole document: it is the same for everybody, and only a release changes it."""
    generator = SchemaGenerator()  # type: ignore[no-untyped-call]
    read: dict[str, Any] = generator.get_schema(request=None, public=True)  # type: ignore[no-untyped-call]
    return read


class Schema(AutoSchema):
    """Adds to each operation what all have alike: headers, the scope that it needs, and its refusals."""

    def get_override_parameters(self) -> list[Any]:
        given = super().get_override_parameters()
        if "{reference}" in self.path:
            given = [*given, REFERENCE]
        if self.method == "POST":
            return [*given, IDEMPOTENCY_KEY, *self._if_match()]
        return [*given, IF_NONE_MATCH] if getattr(self.view, "has_etag", False) else given

    def get_description(self) -> str:  # type: ignore[override]
        scope = getattr(self.view, "reads" if self.method == "GET" else "writes", "")
        return f"{super().get_description()}\n\nScope: `{scope}`"

    def _if_match(self) -> list[OpenApiParameter]:
        asks = getattr(self.view, "if_match", "")
        words = "The ETag of the version that you read: refused with 412 where it has changed since"
        text = {"type": "string"}
        header = OpenApiParameter("If-Match", text, OpenApiParameter.HEADER, required=asks == "must", description=words)
        return [header] if asks else []

    def _get_response_bodies(self, direction: Literal["request", "response"] = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        has_etag = getattr(self.view, "has_etag", False) and self.method == "GET"
        if has_etag:
            bodies["304"] = {"description": "It has not changed"}
        if has_etag or getattr(self.view, "if_match", ""):
            bodies["200"]["headers"] = {"ETag": {"schema": {"type": "string"}, "description": "The version"}}
        self.resolve_serializer(Problem, "response")
        for status in self._refusals():
            bodies[str(status)] = {"$ref": f"#/components/responses/{status}"}
        return bodies

    def _refusals(self) -> list[int]:
        posts = TO_POSTS if self.method == "POST" else []
        return sorted([*ALWAYS, *posts, *([428] if getattr(self.view, "if_match", "") == "must" else [])])


def add_refusals(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """Add what each refusal looks like, to which the operations point (POSTPROCESSING_HOOKS)."""
    result["components"]["responses"] = {str(status): _refusal(status) for status in SAID}
    return result


def _refusal(status: int) -> dict[str, Any]:
    code, detail = SAID[status]
    phrase = HTTPStatus(status).phrase
    example: dict[str, Any] = {
        "type": "about:blank",
        "title": phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "instance": "urn:uuid:0b7c2f0e-94d5-4a53-b6c7-1d2e3f4a5b6c",
    }
    if status in (400, 422):
        example["errors"] = [{"pointer": "/telephone", "code": "phone_required", "detail": SAID[422][1]}]
    schema = {"$ref": "#/components/schemas/Problem"}
    body: dict[str, Any] = {
        "description": phrase,
        "content": {"application/problem+json": {"schema": schema, "example": example}},
    }
    if status in (429, 503):
        words = "Seconds after which to send it again"
        body["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": words}}
    return body
