"""Pages to print and keep: typst makes them of a template and plain data, tagged for screen readers (PDF/UA-1)."""

from __future__ import annotations

import json
import unicodedata
from functools import cache
from typing import Any

import fontpkg_noto_sans
import typst
from django.conf import settings
from fontTools.ttLib import TTFont

FONTS = fontpkg_noto_sans.ROOT / "files"
REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
NOT_SEEN = ("Cc", "Cf")  # categories: control and format characters
VARIATIONS = range(0xFE00, 0xFE10)  # which of its forms the character before them takes


def pdf(template: str, data: dict[str, Any]) -> bytes:
    """Return a PDF of a template, like "documents/form.typ", which reads `data` from `sys.inputs.data` as JSON.

    The same data give the same bytes. No text becomes markup. A character that our font does not have stands as U+FFFD,
    and `data.replaced` tells the template so, since a PDF that is fit for all may leave none out.
    """
    shown = _shown(data)
    replaced = REPLACEMENT in json.dumps(shown, ensure_ascii=False)
    folder = settings.BASE_DIR / "templates"
    compiler = typst.Compiler(
        folder / template,
        root=folder,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps({**shown, "replaced": replaced})},
    )
    made = compiler.compile(format="pdf", pdf_standards=["ua-1"], timestamp=0)
    assert isinstance(made, bytes)  # noqa: S101  pages come as a list in other formats only
    return made


def _shown(value: Any) -> Any:
    """Return the data with texts of which every character can be shown."""
    if isinstance(value, str):
        return showable(value)
    if isinstance(value, dict):
        return {key: _shown(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(inner) for inner in value]
    return value


def showable(text: str) -> str:
    """Return a text without characters that nobody sees, and with U+FFFD for each that our font does not have."""
    lines = unicodedata.normalize("NFC", text).replace("\t", "    ").splitlines()
    return "\n".join("".join(map(_shown_as, line)) for line in lines)


def _shown_as(sign: str) -> str:
    if unicodedata.category(sign) in NOT_SEEN or ord(sign) in VARIATIONS:
        return ""
    return sign if ord(sign) in _glyphs() else REPLACEMENT


@cache
def _glyphs() -> frozenset[int]:
    upright = next(FONTS.glob("NotoSans[[]*.ttf"))
    with TTFont(upright, lazy=True) as font:
        return frozenset(font.getBestCmap())


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
