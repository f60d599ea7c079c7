"""Cells of a file that a spreadsheet opens: text that it would take for a formula is guarded, nothing else changed."""

from __future__ import annotations

import re

# What begins so is worked out by a spreadsheet, wherever it came from.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
# A signed number or a telephone number runs nothing, and stays as it is.
NUMBER = re.compile(r"[+-][0-9][0-9 .,]*")


def guarded(cell: str | int) -> str | int:
    """Return the cell with an apostrophe before what would run as a formula; numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(FORMULA) and not NUMBER.fullmatch(cell):
        return f"'{cell}"
    return cell


def unguarded(cell: str) -> str:
    """Return the cell of a file that comes back without that apostrophe."""
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) != cell[1:] else cell
