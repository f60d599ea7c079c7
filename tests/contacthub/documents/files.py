"""Files as people choose them, the smallest of each type, and some that nobody should send."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from contacthub.actor import PUBLIC, Actor
from contacthub.cases.models import Case
from contacthub.documents.models import Document
from contacthub.documents.services import attach
from tests.factories import MORNING

PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"
JPG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
MACHINE_CODE = b"MZ\x90\x00" + b"\x00" * 60
VIRUS = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def png() -> bytes:
    def part(name: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + name + data + struct.pack(">L", zlib.crc32(name + data))

    head = part(b"IHDR", struct.pack(">LLBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + part(b"IDAT", zlib.compress(b"\0\0")) + part(b"IEND", b"")


def office(*names: str, parts: int = 0, zeros: int = 0) -> bytes:
    """Return a zip with these parts, and so many further ones, or one of so many zeros.

    The parts bear no time of their own: the same call always gives the same bytes.
    """
    made = BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as folder:
        for name in names:
            folder.writestr(ZipInfo(name), "<xml/>", ZIP_DEFLATED)
        for number in range(parts):
            folder.writestr(f"word/{number}.xml", "", ZIP_STORED)
        if zeros:
            with folder.open("word/media/picture.bmp", "w") as part:
                for _ in range(zeros // 1_000_000):
                    part.write(bytes(1_000_000))
    return made.getvalue()


def word(**more: int) -> bytes:
    return office("[Content_Types].xml", "_rels/.rels", "word/document.xml", **more)


def upload(name: str = "Complaint.pdf", content: bytes = PDF) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def attached(
    case: Case, name: str = "Complaint.pdf", content: bytes = PDF, *, kind: str = "letter", by: Actor = PUBLIC
) -> Document:
    return attach(case=case, kind=kind, upload=upload(name, content), by=by, at=MORNING)
