"""Holds the tests to the catalogue of requirements: an unknown id fails the run, `--requirements` says what has a test.

Loaded by `-p` in pyproject.toml.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

CATALOGUE = Path(__file__).parents[1] / "docs" / "requirements.md"
ID = re.compile(r"\b(?:UJ|EC|CF|CM|XC|AMB)-\d+\b")
HEADING = re.compile(r"^## (.+) \((\w+)\)$", re.MULTILINE)


def known(catalogue: str) -> list[str]:
    """Return the ids that the catalogue gives a row, in its order."""
    return re.findall(rf"^\| ({ID.pattern}) \|", catalogue.partition("## What has no test")[0], re.MULTILINE)


def untestable(catalogue: str) -> set[str]:
    """Return the ids that the catalogue names as having no test."""
    rows = catalogue.partition("## What has no test")[2].splitlines()
    return {found for row in rows if row.startswith("|") for found in ID.findall(row.split("|")[1])}


def proven(items: Iterable[pytest.Item]) -> Counter[str]:
    """Return how many tests prove each id."""
    return Counter(named for item in items for marker in item.iter_markers("proves") for named in set(marker.args))


def report(catalogue: str, tests: Counter[str]) -> str:
    """Say, per procedure, which requirements have a test and which have none yet."""
    cannot, lines = untestable(catalogue), []
    for title, prefix in HEADING.findall(catalogue):
        ids = [found for found in known(catalogue) if found.startswith(f"{prefix}-")]
        rules = [found for found in ids if found not in cannot or tests[found]]
        have, without = [i for i in rules if tests[i]], [i for i in rules if not tests[i]]
        lines += [
            f"{title}: {len(have)} of {len(rules)} have a test; {len(ids) - len(rules)} can have none",
            f"  tested   {', '.join(f'{found} ({tests[found]})' for found in have) or 'none'}",
            f"  no test  {', '.join(without) or 'none'}",
        ]
    return "\n".join(lines)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--requirements", action="store_true", help="say which requirements have a test; run none")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    catalogue = CATALOGUE.read_text()
    tests = proven(items)
    if unknown := sorted(set(tests) - set(known(catalogue))):
        raise pytest.UsageError(f"Tests prove what {CATALOGUE.name} does not have: {', '.join(unknown)}")
    if config.getoption("requirements"):
        config.get_terminal_writer().write(report(catalogue, tests) + "\n")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    return True if session.config.getoption("requirements") else None
