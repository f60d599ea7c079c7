"""What other people's machines need: the documented environment, the Compose file, the image. No Docker is needed."""

from __future__ import annotations

import importlib
import json
import os
import re
import secrets
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, get_commands
from ruamel.yaml import YAML

import contacthub.wsgi
from contacthub.clock import now
from contacthub.jobs.services import beat
from tests.processes import environment, procfile

ROOT = Path(settings.BASE_DIR)
COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()
COMPOSE: dict[str, Any] = YAML(typ="safe").load(COMPOSE_TEXT)
SERVICES = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if "build" in service}
DOCKERFILE = (ROOT / "Dockerfile").read_text()
EXAMPLE = (ROOT / ".env.example").read_text()
READERS = ["contacthub/settings.py", "contacthub/embedded/supervisor.py", "contacthub/embedded/__main__.py",
           "contacthub/embedded/paths.py", "Procfile", "docker-compose.yml"]  # fmt: skip
OF_EVERY_MACHINE = {"PATH", "PYTHONWARNINGS"}
READ = re.compile(r"""(?:\benv\.\w+\(|environ\.get\(|\bin \()"([A-Z][A-Z_]+)"|\$\{([A-Z][A-Z_]+)""")


def documented() -> set[str]:
    """Return the variables that .env.example names, set or behind a #."""
    return set(re.findall(r"^#?([A-Z][A-Z_]+)=", EXAMPLE, re.MULTILINE))


def read_by(*files: str) -> set[str]:
    found = {name for file in files for pair in READ.findall((ROOT / file).read_text()) for name in pair if name}
    return found - OF_EVERY_MACHINE


def on_servers() -> dict[str, str]:
    """Return the documented environment with its blanks filled in."""
    given = dict(re.findall(r"^([A-Z][A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
    filled = {name: value or secrets.token_hex(40) for name, value in given.items()}
    return {"PATH": os.environ["PATH"]} | filled | {"DATABASE_URL": "postgres://contacthub@nowhere.example/contacthub"}


def run(*command: str, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


class TestEnvironment:
    def test_the_example_names_every_variable_that_is_read_and_no_other(self):
        providers = {name for name in documented() if name.startswith("ANYMAIL_")}

        assert documented() - providers == read_by(*READERS)

    def test_the_example_holds_no_secret(self):
        assert re.findall(r"^(?:SECRET_KEY|POSTGRES_PASSWORD)=(.*)$", EXAMPLE, re.MULTILINE) == ["", ""]

    def test_every_variable_is_explained(self):
        lines = EXAMPLE.splitlines()
        for number, line in enumerate(lines):
            if re.match(r"#?[A-Z][A-Z_]+=", line):
                assert re.match(r"# \S|#?[A-Z][A-Z_]+=", lines[number - 1]), line

    def test_the_settings_of_servers_pass_the_checks_for_servers(self):
        done = run(sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING", env=on_servers())

        assert done.returncode == 0, done.stdout + done.stderr

    def test_the_checks_notice_when_https_is_off(self):
        env = on_servers() | {"HTTPS": "0"}

        done = run(sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING", env=env)

        assert done.returncode != 0
        assert "SESSION_COOKIE_SECURE" in done.stdout + done.stderr

    def test_on_servers_people_are_sent_to_https_and_probes_are_answered(self):
        script = (
            "import django, json; django.setup()\n"
            "from django.test import Client\n"
            "client = Client(headers={'host': 'contacthub.example'})\n"
            "asked = [client.get('/health/live'), client.get('/sign-in/')]\n"
            "print(json.dumps([[a.status_code, a.headers.get('location')] for a in asked]))"
        )
        env = on_servers() | {"DJANGO_SETTINGS_MODULE": "contacthub.settings"}

        done = run(sys.executable, "-c", script, env=env)

        assert json.loads(done.stdout.splitlines()[-1]) == [
            [200, None],
            [301, "https://contacthub.example/sign-in/"],
        ], done.stderr

    def test_an_earlier_key_still_holds(self):
        script = "from django.conf import settings; print(settings.SECRET_KEY_FALLBACKS)"
        env = on_servers() | {"DJANGO_SETTINGS_MODULE": "contacthub.settings", "SECRET_KEY_FALLBACKS": "one,two"}

        assert run(sys.executable, "-c", script, env=env).stdout.strip() == "['one', 'two']"


class TestCompose:
    def test_it_is_as_the_compose_specification_says(self):
        check = str(Path(sys.executable).parent / "check-jsonschema")

        done = run(check, "--builtin-schema", "vendor.compose-spec", "docker-compose.yml", env=dict(os.environ))

        assert done.returncode == 0, done.stdout

    def test_everything_has_its_service(self):
        assert set(SERVICES) == {"migrate", "web", "worker", "clock", "postgres", "redis", "mail"}

    def test_what_it_asks_of_the_environment_is_documented(self):
        assert read_by("docker-compose.yml") <= documented()

    def test_what_it_gives_our_processes_is_read_by_them(self):
        for service in OURS.values():
            assert set(service["environment"]) <= read_by("contacthub/settings.py")

    @pytest.mark.parametrize("service", SERVICES)
    def test_no_secret_stands_in_it(self, service):
        for name, value in SERVICES[service].get("environment", {}).items():
            if re.search("KEY|PASSWORD|SECRET|TOKEN", name):
                assert re.fullmatch(r"\$\{[A-Z_]+(:\?[^}]+|:-)\}", value), name
        assert not re.search(r"://\w+:(?!\$\{)[^@\s]+@", COMPOSE_TEXT)

    @pytest.mark.parametrize("name", ["web", "worker", "clock"])
    def test_a_process_is_started_as_in_the_procfile(self, name):
        inside = [part.replace("127.0.0.1:${PORT:-8000}", "0.0.0.0:8000") for part in procfile(name)]

        assert shlex.split(SERVICES[name]["command"]) == inside

    @pytest.mark.django_db(transaction=True)
    def test_the_database_is_set_up_by_a_command_that_works(self, reference):
        command = [sys.executable, *SERVICES["migrate"]["command"][1:]]

        done = run(*command, env=environment(smtp_port=1))

        assert done.returncode == 0, done.stderr

    def test_the_others_wait_until_the_database_is_set_up(self):
        for name in ("web", "worker", "clock"):
            assert SERVICES[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}

    def test_all_that_goes_on_is_asked_how_it_is(self):
        assert {name for name, service in SERVICES.items() if "healthcheck" not in service} == {"migrate"}

    def test_every_management_command_in_it_is_there(self):
        asked = re.findall(r"manage\.py[ ,]+(\w+)", COMPOSE_TEXT + DOCKERFILE)

        assert set(asked) == {"clock", "alive", "build_assets", "collectstatic"}
        assert set(asked) <= set(get_commands())

    def test_what_is_kept_is_kept_in_named_volumes(self):
        mounted = {mount.partition(":")[0] for service in SERVICES.values() for mount in service.get("volumes", [])}

        assert mounted == set(COMPOSE["volumes"])

    def test_nothing_but_the_web_server_and_the_mail_catcher_is_reached_and_from_this_host_alone(self):
        ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}

        assert ports == {"web": ["127.0.0.1:${PORT:-8000}:8000"], "mail": ["127.0.0.1:8025:8025"]}


class TestImage:
    def test_it_does_not_run_as_root(self):
        final = DOCKERFILE.rpartition("FROM ")[2]

        assert re.findall(r"^USER (\w+)$", final, re.MULTILINE) == ["contacthub"]
        assert "useradd --system --uid 10001 --no-create-home contacthub" in final

    def test_it_starts_the_web_server_as_compose_does(self):
        command = json.loads(re.findall(r"^CMD (.+)$", DOCKERFILE, re.MULTILINE)[0])

        assert command == shlex.split(SERVICES["web"]["command"])

    def test_styles_and_scripts_are_built_in_a_stage_of_their_own(self):
        assert re.findall(r"^FROM \S+ AS (\w+)$", DOCKERFILE, re.MULTILINE) == ["packages", "python", "assets"]
        assert "COPY --from=assets /app/.build/static .build/static" in DOCKERFILE

    def test_what_it_copies_is_there(self):
        copied = re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE)

        assert all((ROOT / name).exists() for line in copied for name in line.split())

    @pytest.mark.parametrize("kept_out", [".env", ".git", "var", "node_modules", ".venv", ".build"])
    def test_secrets_and_what_is_made_on_this_machine_stay_out_of_it(self, kept_out):
        assert kept_out in (ROOT / ".dockerignore").read_text().splitlines()


@pytest.mark.django_db
class TestAlive:
    @pytest.mark.parametrize("process", ["worker", "clock"])
    def test_a_process_that_was_heard_is_alive(self, process):
        beat(process, at=now())

        call_command("alive", process)

    def test_one_that_is_silent_is_not(self):
        beat("worker", at=now())

        with pytest.raises(CommandError, match="The clock has said nothing lately"):
            call_command("alive", "clock")


@pytest.mark.parametrize(
    ("proxies", "forwarded", "address"),
    [
        (0, "203.0.113.7", "10.0.0.1"),
        (1, "203.0.113.7", "203.0.113.7"),
        (1, "198.51.100.1, 203.0.113.7", "203.0.113.7"),
        (1, "", "10.0.0.1"),
    ],
)
def test_the_address_that_limits_go_by_is_the_one_our_own_proxies_saw(settings, proxies, forwarded, address):
    settings.PROXIES = proxies
    web = importlib.reload(contacthub.wsgi).application
    web.app = lambda asked, _: [asked["REMOTE_ADDR"]]
    asked = {"REMOTE_ADDR": "10.0.0.1"} | ({"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {})

    assert list(web(asked, lambda *_: None)) == [address]
