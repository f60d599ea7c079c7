"""Brings the database up to date before the web server starts.

Progress goes to standard error, the demo sign-ins to standard output.
"""

import io
import sys

import django
from django.core.management import CommandError, call_command
from django.db import OperationalError


def main(*, demo: bool) -> int:
    django.setup()
    try:
        step("Bringing the database up to date...", "migrate", interactive=False, verbosity=0)
        step("Loading reference data where it is missing...", "load_reference")
        if demo:
            step("Loading demo data into an empty database...", "load_demo")
            call_command("demo_sign_ins")
    except (OperationalError, CommandError) as trouble:
        print(" ".join(str(trouble).split()), file=sys.stderr)
        return 1
    return 0


def step(words: str, command: str, **options: object) -> None:
    print(words, file=sys.stderr, flush=True)
    call_command(command, stdout=io.StringIO(), **options)
