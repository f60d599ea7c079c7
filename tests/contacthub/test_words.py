"""Words that mean one thing alone, wherever they stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
OURS = [
    path
    for folder in ("contacthub", "employer_contact", "jobmatch_helpdesk", "templates")
    for path in sorted((ROOT / folder).rglob("*"))
    if path.suffix in (".py", ".html", ".txt", ".po", ".js")
]


@pytest.mark.proves("CM-31")
def test_nothing_is_called_cms_which_is_the_name_of_two_systems():
    """The Child Maintenance Service's own system is CMS2012, and its letter CMSL2040: those name one thing."""
    called = [str(path) for path in OURS if re.search(r"\bcms\b", path.read_text(), re.IGNORECASE)]

    assert len(OURS) > 100
    assert called == []
