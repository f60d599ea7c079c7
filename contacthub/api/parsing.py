"""What a machine sends, read with care: nothing that the database, or our own code, would fall over."""

from __future__ import annotations

import json
from typing import IO, Any, NoReturn

from rest_framework.exceptions import APIException, ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser

DEEPEST = 32
MOST_BYTES = 1_000_000


class TooBig(APIException):
    status_code = 413
    default_code = "too_big"
    default_detail = f"Send {MOST_BYTES:,} bytes or fewer"


class JSONReader(BaseParser):
    """JSON in UTF-8, an object at the top: no key twice, no NaN, not deep, no text that Postgres refuses."""

    media_type = "application/json"

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        _require_utf_8(media_type or "")
        sent = stream.read(MOST_BYTES + 1)
        if len(sent) > MOST_BYTES:
            raise TooBig
        try:
            read = json.loads(sent.decode(), parse_constant=_no_number, object_pairs_hook=_no_key_twice)
            _check(read, depth=1)
        except RecursionError:
            raise ParseError(f"The JSON is nested more than {DEEPEST} levels deep") from None
        except UnicodeError:
            raise ParseError("The body is not UTF-8") from None
        except ValueError as error:
            raise ParseError(f"The body is not JSON: {error}") from None
        if not isinstance(read, dict):
            raise ParseError("Send a JSON object: {…}")
        return read


def _require_utf_8(media_type: str) -> None:
    _, _, charset = media_type.lower().replace(" ", "").partition("charset=")
    if charset and charset.partition(";")[0].strip('"') not in ("utf-8", "utf8"):
        raise UnsupportedMediaType(media_type, detail="Send JSON in UTF-8")


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        raise ValueError("an object has the same key twice")
    return read


def _check(value: Any, *, depth: int) -> None:
    if depth > DEEPEST:
        raise RecursionError
    if isinstance(value, dict):
        for name, inner in value.items():
            _check(name, depth=depth)
            _check(inner, depth=depth + 1)
    elif isinstance(value, list):
        for inner in value:
            _check(inner, depth=depth + 1)
    elif isinstance(value, str) and ("\x00" in value or any("\ud800" <= sign <= "\udfff" for sign in value)):
        raise ValueError("a text has NUL, or half of a character")
