"""Mail by an Anymail provider, from the environment alone: settings are read as a server reads them."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings

READ = """
import json
from contacthub import settings
print(json.dumps([settings.EMAIL_BACKEND, getattr(settings, "ANYMAIL", None)]))
"""


def read(**given: str) -> subprocess.CompletedProcess[str]:
    env = os.environ | {"SECRET_KEY": "a-key-for-tests"} | given
    return subprocess.run(
        [sys.executable, "-c", READ], env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False
    )


def test_a_provider_takes_the_place_of_smtp():
    told = read(EMAIL_PROVIDER="mailgun", ANYMAIL_MAILGUN_API_KEY="a-key", EMAIL_URL="smtp://mail.example")

    assert json.loads(told.stdout) == [
        "anymail.backends.mailgun.EmailBackend",
        {"MAILGUN_API_KEY": "a-key", "REQUESTS_TIMEOUT": 20, "WEBHOOK_SECRET": []},
    ]


@pytest.mark.parametrize(
    ("given", "secrets"), [("a:b", ["a:b"]), ("a:b, c:d", ["a:b", "c:d"]), ("", []), (" ,", []), ("a:b,", ["a:b"])]
)
def test_a_secret_may_take_the_place_of_another_and_none_is_empty(given, secrets):
    told = read(EMAIL_PROVIDER="postmark", ANYMAIL_WEBHOOK_SECRET=given)

    assert json.loads(told.stdout)[1]["WEBHOOK_SECRET"] == secrets


@pytest.mark.parametrize("given", ["", " "])
def test_a_key_that_is_empty_is_none_so_that_nobody_signs_with_it(given):
    told = read(
        EMAIL_PROVIDER="mailgun", ANYMAIL_MAILGUN_API_KEY="a-key", ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY=given,
        ANYMAIL_MANDRILL_WEBHOOK_KEY=given,
    )  # fmt: skip

    assert set(json.loads(told.stdout)[1]) == {"MAILGUN_API_KEY", "REQUESTS_TIMEOUT", "WEBHOOK_SECRET"}


def test_without_a_provider_mail_goes_by_smtp():
    told = read(EMAIL_PROVIDER="", EMAIL_URL="smtp://mail.example")

    assert json.loads(told.stdout) == ["django.core.mail.backends.smtp.EmailBackend", None]


def test_an_unknown_provider_is_named_at_the_start():
    told = read(EMAIL_PROVIDER="mailgum")

    assert told.returncode != 0
    assert "EMAIL_PROVIDER is 'mailgum'" in told.stderr
