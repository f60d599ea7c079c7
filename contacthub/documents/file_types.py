"""Which files are taken: by their name and by what is in them, both."""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection
from dataclasses import dataclass
from email.parser import BytesHeaderParser
from pathlib import PurePath
from typing import IO
from zipfile import BadZipFile, ZipFile

import filetype

from contacthub.errors import RuleBroken

LONGEST_NAME = 255  # characters
MEGABYTE = 1024 * 1024

MOST_PARTS = 2_000  # of an Office file
MOST_UNFOLDED = 200 * MEGABYTE
END_OF_ZIP, END_OF_LARGE_ZIP = b"PK\x05\x06", b"PK\x06\x07"
LONGEST_END = 22 + 65_535  # bytes: the end of a zip, and the comment after it
TAB, CARRIAGE_RETURN, LINE_FEED, FORM_FEED = b"\t\r\n\f"
WHITE_SPACE = frozenset((TAB, CARRIAGE_RETURN, LINE_FEED, FORM_FEED))
FIRST_PRINTED = 32


@dataclass(frozen=True)
class FileType:
    """What a file of this ending is sent as, what its first bytes may show it to be, and what else it has to be."""

    media_type: str
    shown_as: frozenset[str | None]
    also: Callable[[IO[bytes]], bool] = lambda file: True


def file_type(name: str, file: IO[bytes], *, most: int, field: str, taken: Collection[str] | None = None) -> str:
    """Return the media type of a file of at most so many bytes, whose name and content say the same; its ending is one
    of those `taken`, else of `LETTERS`.

    Nothing is unfolded: what an Office file would unfold to is read from its directory. Raises RuleBroken.
    """
    taken = LETTERS if taken is None else taken

    def refused(words: str, code: str) -> RuleBroken:
        return RuleBroken(words, code=code, field=field)

    ending = PurePath(name).suffix.lower()
    if ending not in taken:
        raise refused(f"The selected file must be {named(taken)}", "file_type")
    found = TYPES[ending]
    size = file.seek(0, 2)
    if not size:
        raise refused("The selected file is empty", "file_empty")
    if size > most:
        raise refused(f"The selected file must be {most // MEGABYTE}MB or smaller", "file_too_big")
    file.seek(0)
    if filetype.guess_mime(file.read(8192)) not in found.shown_as or not found.also(file):
        words = f"The selected file is not what its name says. Save it as {named(taken)}, and select it again"
        raise refused(words, "file_content")
    file.seek(0)
    return found.media_type


def named(taken: Collection[str]) -> str:
    """Return the types of files with these endings in words: "a PDF, DOCX or TXT"."""
    *others, last = dict.fromkeys(NAMES.get(ending, ending[1:].upper()) for ending in TYPES if ending in taken)
    return f"a {', '.join(others)} or {last}"


def _is_word(file: IO[bytes]) -> bool:
    """Say if this is a Word file with no more, and no larger, parts than people write."""
    size = file.seek(0, 2)
    file.seek(max(0, size - LONGEST_END))
    end = file.read()
    at = end.rfind(END_OF_ZIP)
    if at < 0 or END_OF_LARGE_ZIP in end[max(0, at - 20) : at]:
        return False
    parts, directory = struct.unpack_from("<HI", end.ljust(at + 22, b"\0"), at + 10)
    if parts > MOST_PARTS or directory > MEGABYTE:
        return False  # before it is read: a directory may take more memory than the file
    try:
        with ZipFile(file) as folder:
            listed = folder.infolist()
    except (BadZipFile, ValueError, NotImplementedError, OverflowError):
        return False
    names = {part.filename for part in listed}
    return {"[Content_Types].xml", "word/document.xml"} <= names and sum(
        part.file_size for part in listed
    ) <= MOST_UNFOLDED


def _is_text(file: IO[bytes]) -> bool:
    """Say if there is nothing in it but what a plain editor writes, in UTF-8 or the older code of Windows."""
    file.seek(0)
    text = file.read()
    if any(sign < FIRST_PRINTED and sign not in WHITE_SPACE for sign in set(text)):
        return False
    for code in ("utf-8", "cp1252"):
        try:
            text.decode(code)
        except UnicodeDecodeError:
            continue
        return True
    return False


def _is_mail(file: IO[bytes]) -> bool:
    """Say if it begins with the head of an email, as programs save one that came."""
    file.seek(0)
    head = file.read(MEGABYTE)
    found = BytesHeaderParser().parsebytes(head)
    return b"\0" not in head and all(found[name] for name in ("From", "Date"))


WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_JPG = FileType("image/jpeg", frozenset({"image/jpeg"}))
_TIFF = FileType("image/tiff", frozenset({"image/tiff"}))
TYPES: dict[str, FileType] = {
    ".pdf": FileType("application/pdf", frozenset({"application/pdf"})),
    ".docx": FileType(WORD, frozenset({WORD, "application/zip"}), _is_word),
    ".jpg": _JPG,
    ".jpeg": _JPG,
    ".png": FileType("image/png", frozenset({"image/png"})),
    ".txt": FileType("text/plain", frozenset({None}), _is_text),
    ".tif": _TIFF,
    ".tiff": _TIFF,
    ".eml": FileType("message/rfc822", frozenset({None}), _is_mail),
}
NAMES = {".jpeg": "JPG", ".tif": "TIFF"}  # of what has two endings
LETTERS = frozenset({".pdf", ".docx", ".jpg", ".jpeg", ".png", ".txt"})
CORRESPONDENCE = LETTERS | {".tif", ".tiff", ".eml"}
