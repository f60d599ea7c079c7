"""How much one form may bring, whoever sends it: more would fill the disk before any page could look at it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

FILES_OF_A_FORM = 4  # of the largest that are taken: one that is somewhat too large gets its answer from the page


class Limited(FileUploadHandler):
    """Refuses a form before it is read, where it says that it is larger than any of ours can be."""

    def handle_raw_input(
        self, input_data: Any, META: dict[str, str], content_length: int, boundary: str, encoding: str | None = None
    ) -> None:
        if content_length > FILES_OF_A_FORM * settings.DOCUMENT_MAX_BYTES:
            raise RequestDataTooBig

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers that follow."""
