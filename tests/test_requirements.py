"""The catalogue of requirements, and what holds the tests to it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests import requirements

ROOT = Path(__file__).parents[1]
CATALOGUE = requirements.CATALOGUE.read_text()
SMALL = """
## Universal Jobmatch incidents (UJ)

| id | status | requirement |
| UJ-01 | source | An aim. |
| UJ-02 | source | A rule. |
| UJ-03 | source | Another rule. |

## What has no test

| ids | why |
| UJ-01 | aims |
"""


def collect(folder: Path, marked: str) -> subprocess.CompletedProcess[str]:
    """Run, in a folder of its own, one test that proves this."""
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = proves\n")
    (folder / "test_one.py").write_text(f"import pytest\n\n@pytest.mark.proves({marked!r})\ndef test_one(): pass\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.requirements", "-p", "no:django", str(folder)]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(("prefix", "count"), [("UJ", 38), ("EC", 69), ("CF", 51), ("CM", 33), ("XC", 6), ("AMB", 38)])
def test_the_catalogue_has_every_number_once(prefix, count):
    found = [named for named in requirements.known(CATALOGUE) if named.startswith(f"{prefix}-")]

    assert found == [f"{prefix}-{number:02}" for number in range(1, count + 1)]


def test_what_has_no_test_is_in_the_catalogue():
    assert requirements.untestable(CATALOGUE) < set(requirements.known(CATALOGUE))


def test_an_id_that_is_not_in_the_catalogue_fails_the_run(tmp_path):
    run = collect(tmp_path, "UJ-99")

    assert run.returncode != 0
    assert "Tests prove what requirements.md does not have: UJ-99" in run.stdout + run.stderr


def test_an_id_that_is_in_the_catalogue_passes(tmp_path):
    assert collect(tmp_path, "UJ-04").returncode == 0


def test_the_report_says_what_has_a_test_and_what_has_none():
    assert requirements.report(SMALL, Counter({"UJ-02": 3})).splitlines() == [
        "Universal Jobmatch incidents: 1 of 2 have a test; 1 can have none",
        "  tested   UJ-02 (3)",
        "  no test  UJ-03",
    ]
