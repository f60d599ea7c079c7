"""Tables in files as an office has them: with commas, semicolons or tabs, in UTF-8, UTF-16 or Windows-1252.

What is in doubt is refused in words that name the line and say what to do; nothing is guessed. Cells are text as
typed, without the guard against formulas; what they mean, the caller's forms say.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from contacthub.spreadsheet import unguarded

DELIMITERS = ",;\t"
MOST_CELL = 100_000  # characters
BOMS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True)
class Column:
    """A column of a table: its heading, in whatever spelling; whether a file must have it."""

    name: str
    heading: str
    required: bool = False


@dataclass(frozen=True)
class Row:
    """A row of the file: the number of the line on which it starts, and its cells by the names of their columns."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Problem:
    """What is wrong, and what to do; `line` is 0 where it is about the whole file."""

    line: int
    message: str


@dataclass(frozen=True)
class Table:
    """The rows of a file. With any problem, nothing of the file may be used."""

    rows: list[Row]
    problems: list[Problem]


def read(data: bytes, columns: Sequence[Column], *, most_rows: int) -> Table:
    """Read a file whose first line that is not blank has the headings, in any order. Blank rows are left out."""
    try:
        text = _decoded(data)
        rows = list(_rows(text))
        if not rows:
            raise _Unreadable(0, "The file is empty. Select one with a line of headings and a row for each person")
        (line, headings), *others = rows
        names = _names(line, headings, columns)
        if len(others) > most_rows:
            raise _Unreadable(0, f"The file has {len(others):,} rows. Split it into files of {most_rows:,} or fewer")
    except _Unreadable as refusal:
        return Table([], [refusal.problem])
    too_long = [
        Problem(
            number, f"There are {len(cells)} cells, and {len(names)} headings. Put a cell with “,” or “;” in quotes"
        )
        for number, cells in others
        if len(cells) > len(names)
    ]
    read_rows = [Row(number, dict(zip(names, _filled(cells, names), strict=False))) for number, cells in others]
    return Table(read_rows, too_long)


def repeated(keys: Sequence[tuple[int, str]]) -> dict[int, list[int]]:
    """Return the other lines with the key of a line, in any capitals, where there are some: {7: [900], 900: [7]}."""
    lines: dict[str, list[int]] = {}
    for line, key in keys:
        if key:
            lines.setdefault(key.strip().casefold(), []).append(line)
    return {
        line: [other for other in same if other != line] for same in lines.values() if len(same) > 1 for line in same
    }


class _Unreadable(Exception):
    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.problem = Problem(line, message)


def _decoded(data: bytes) -> str:
    """Return the text: as its mark says, else in UTF-8 where it is that, else in Windows-1252."""
    marked = next((name for mark, name in BOMS.items() if data.startswith(mark)), "")
    for encoding in [marked] if marked else ["utf-8", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _Unreadable(0, "The file is no text that can be read. Save it as “CSV UTF-8” and select it again")


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, with the line where it starts."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    start = 1
    csv.field_size_limit(MOST_CELL)
    try:
        for cells in reader:
            kept = [unguarded(cell.strip()) for cell in cells]
            while kept and not kept[-1]:
                kept.pop()
            if kept:
                yield start, kept
            start = reader.line_num + 1
    except csv.Error:
        words = 'A quote (") that opens or ends a cell is missing in this row, or a cell is too long. Mend it'
        raise _Unreadable(start, words) from None


def _delimiter(text: str) -> str:
    """Return what stands between the headings: the sign that is there most often."""
    headings = next((line for line in text.splitlines() if line.strip(f'{DELIMITERS} "')), text)
    return max(DELIMITERS, key=re.sub(r'"[^"]*"', "", headings).count)


def _names(line: int, headings: list[str], columns: Sequence[Column]) -> list[str]:
    """Return the names of the columns in the order of the file. Raises _Unreadable."""
    known = {_plain(word): column.name for column in columns for word in (column.heading, column.name)}
    wanted = ", ".join(column.heading for column in columns)
    for number, heading in enumerate(headings, 1):
        if _plain(heading) not in known:
            words = f"Column {number} is called “{heading}”, which is not known. Remove it, or call it one of: {wanted}"
            raise _Unreadable(line, words)
    names = [known[_plain(heading)] for heading in headings]
    if twice := [name for name, times in Counter(names).items() if times > 1]:
        raise _Unreadable(line, f"Two columns are called “{_heading(twice[0], columns)}”. Remove one")
    if missing := [column.heading for column in columns if column.required and column.name not in names]:
        raise _Unreadable(line, f"Add the column “{missing[0]}” to the first line of the file")
    return names


def _filled(cells: list[str], names: list[str]) -> list[str]:
    return [*cells, *[""] * (len(names) - len(cells))]


def _heading(name: str, columns: Sequence[Column]) -> str:
    return next(column.heading for column in columns if column.name == name)


def _plain(heading: str) -> str:
    return re.sub(r"[\W_]+", "", heading).casefold()
