"""`python -m benchmarks 10000 100000`: measures with so many incidents, on servers of its own that it throws away."""

from __future__ import annotations

import argparse
import os
import secrets
import shutil
import sys
import tempfile
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path

import django
from django.test.utils import override_settings

from contacthub.embedded import paths
from contacthub.embedded.servers import Postgres, Valkey


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("incidents", type=int, nargs="+", help="how many incidents; a database for each number")
    parser.add_argument("--rounds", type=int, default=30, help="how often each thing is measured")
    asked = parser.parse_args()
    with ExitStack() as stack:
        set_up(stack)
        # It imports models, which there are from now on.
        status: int = import_module("benchmarks.run").main(sorted(asked.incidents), rounds=asked.rounds)
        return status


def set_up(stack: ExitStack) -> None:
    """Start Postgres and Redis, as `make run` does, in a folder that goes with the stack, and Django on them."""
    data_dir = Path(tempfile.mkdtemp(prefix="chub-bench-"))
    data_dir.chmod(0o711)  # as root, Postgres runs as somebody else, who has to walk through
    for folder in (data_dir, paths.run_dir(data_dir)):
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
    stack.enter_context(Postgres(data_dir))
    stack.enter_context(Valkey(data_dir))
    for name in ("DATABASE_URL", "REDIS_URL", "EMAIL_URL"):
        os.environ.pop(name, None)
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "contacthub.settings",
        "DATA_DIR": str(data_dir),
        "SECRET_KEY": secrets.token_urlsafe(50),
    }
    django.setup()
    quick = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # nobody signs in with a password
    stack.enter_context(override_settings(ROOT_URLCONF="benchmarks.floor", PASSWORD_HASHERS=quick, API_LIMIT=10**6))


sys.exit(main())
