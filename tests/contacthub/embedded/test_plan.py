import stat

import pytest

from contacthub.embedded import paths, supervisor
from contacthub.embedded.supervisor import Plan

THEIRS = {"DATABASE_URL": "postgres://somebody@elsewhere/theirs"}


@pytest.mark.parametrize(
    ("environ", "loads"),
    [
        ({}, True),
        ({"DEMO": "0"}, False),
        (THEIRS, False),
        (THEIRS | {"DEMO": "0"}, False),
        (THEIRS | {"DEMO": "1"}, True),
    ],
)
def test_demo_data_goes_into_a_database_of_their_own_only_when_asked(environ, loads):
    assert Plan.of(environ).load_demo is loads


@pytest.mark.parametrize(
    ("environ", "catches"),
    [
        ({}, True),
        ({"EMAIL_URL": "smtp://real"}, True),
        (THEIRS | {"DEMO": "1", "EMAIL_URL": "smtp://real"}, True),
        (THEIRS, True),
        (THEIRS | {"EMAIL_URL": "smtp://real"}, False),
        (THEIRS | {"EMAIL_PROVIDER": "mailgun"}, False),
        ({"EMAIL_PROVIDER": "mailgun"}, True),
    ],
)
def test_mail_about_demo_data_never_leaves_the_catcher(environ, catches, tmp_path):
    plan = Plan.of(environ | {"DATA_DIR": str(tmp_path)})

    assert plan.catches_mail is catches
    env = supervisor.environment(plan, environ)
    assert (env.get("EMAIL_URL") == "smtp://real" or env.get("EMAIL_PROVIDER") == "mailgun") is not catches


def test_secret_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    first = supervisor.secret_key(tmp_path)

    assert supervisor.secret_key(tmp_path) == first
    assert len(first) >= 50
    assert stat.S_IMODE(paths.secret_key_file(tmp_path).stat().st_mode) == 0o600


def test_procfile_names_one_command_for_each_process():
    named = supervisor.commands((paths.ROOT / "Procfile").read_text())

    assert set(named) == {"web", "worker", "clock", "mail"}
