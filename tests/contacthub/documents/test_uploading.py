"""A file on its way in: the field of the form, and how much one form may bring."""

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from contacthub.documents.forms import document_field
from contacthub.documents.models import Document
from contacthub.documents.services import attach_made
from tests.contacthub.documents.files import PDF, upload
from tests.factories import MORNING, IncidentFactory


class LetterForm(forms.Form):
    letter = document_field("Complaint letter", "Select the complaint letter")


def errors(files: dict[str, SimpleUploadedFile]) -> list[str]:
    return LetterForm({}, files).errors.get("letter", [])


def test_a_form_without_the_file_says_what_to_select():
    assert errors({}) == ["Select the complaint letter"]


def test_an_empty_file_is_named_so():
    assert errors({"letter": upload(content=b"")}) == ["The selected file is empty"]


def test_a_file_is_taken_and_is_never_required_by_the_browser():
    form = LetterForm({}, {"letter": upload()})

    assert form.is_valid()
    assert form.is_multipart()
    control = str(form["letter"])
    assert 'accept=".pdf,.docx,.jpg,.jpeg,.png,.txt" class="govuk-file-upload"' in control
    assert "required" not in control


@pytest.mark.django_db
@pytest.mark.parametrize(("size", "status"), [(3_000, 200), (5_000, 413)])
def test_a_form_that_brings_more_than_any_of_ours_can_is_not_read(client, settings, size, status):
    settings.DOCUMENT_MAX_BYTES = 1_000
    form = {"username": "ana", "password": "wrong", "letter": SimpleUploadedFile("letter.pdf", b"x" * size)}

    response = client.post("/sign-in/", form)

    assert response.status_code == status


@pytest.mark.django_db
def test_what_we_made_ourselves_waits_for_no_scanner(settings, ana):
    settings.DOCUMENT_SCANNER = "tests.contacthub.documents.scanners.away"

    made = attach_made(case=IncidentFactory().case, kind="form", name="CFF-000001.pdf", pdf=PDF, by=ana, at=MORNING)

    assert Document.objects.get().is_clean
    assert (made.name, made.media_type, made.size) == ("CFF-000001.pdf", "application/pdf", len(PDF))
