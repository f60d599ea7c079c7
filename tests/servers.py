"""Gives every test run a Postgres and a Redis of its own, unless DATABASE_URL or REDIS_URL names others.

Loaded by `-p` in pyproject.toml, before Django's settings, which look for the servers in DATA_DIR. A running `make run`
is never touched.
"""

import os
import secrets
import shutil
import tempfile
from pathlib import Path

import pytest

from contacthub.embedded import install, paths
from contacthub.embedded.servers import FOR_TESTS, Postgres, Server, Valkey

running: list[Server] = []
data_dir = Path(tempfile.mkdtemp(prefix="chub-test-"))
data_dir.chmod(0o711)  # as root, Postgres runs as somebody else, who has to walk through
os.environ["DATA_DIR"] = str(data_dir)
os.environ.setdefault("SECRET_KEY", secrets.token_urlsafe(50))
os.environ.pop("EMAIL_URL", None)  # no test leaves the machine
os.environ.update({name: value for name, value in install.node_for_playwright().items() if name not in os.environ})


def pytest_configure(config: pytest.Config) -> None:
    if config.option.collectonly or config.getoption("requirements"):
        return
    if not os.environ.get("DATABASE_URL"):
        running.append(Postgres(data_dir, *FOR_TESTS))
    if not os.environ.get("REDIS_URL"):
        running.append(Valkey(data_dir))
    for server in running:
        server.start()


def pytest_unconfigure() -> None:
    while running:
        running.pop().stop()
    shutil.rmtree(paths.run_dir(data_dir), ignore_errors=True)
    shutil.rmtree(data_dir, ignore_errors=True)
