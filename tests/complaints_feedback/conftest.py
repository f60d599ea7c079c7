import pytest

from contacthub.mail.models import Mailbox
from tests.complaints_feedback.situations import World


@pytest.fixture
def world(reference: None, settings, tmp_path) -> World:
    """Everybody who has to do with a form, by the people directory, and a mailbox to send from."""
    settings.DOCUMENTS_DIR = tmp_path / "documents"
    for code in ("feedback", "notices"):
        Mailbox.objects.filter(code=code).update(address=f"{code}@contacthub.example")
    return World()
