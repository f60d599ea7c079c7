"""The one-command run: starts everything in order, watches it, and stops it in the reverse order."""

import http.client
import json
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from contacthub.embedded import output, paths
from contacthub.embedded.guards import DataLock, Obstacle, free_port, is_free, port_from, require_free_port
from contacthub.embedded.output import say
from contacthub.embedded.processes import end_with_parent, finish, kill_group, spawn
from contacthub.embedded.servers import Postgres, Server, Valkey

READY_LIMIT_S = 180
WORKER_GRACE_S = 20
ORPHAN_GRACE_S = 8  # whoever killed make expects us to be gone soon
BIN = Path(sys.executable).parent
ROOT_WORKER = "ignore:You're running the worker with superuser privileges:UserWarning"


class StopAsked(Exception):
    pass


@dataclass
class Plan:
    """What this run starts, decided from the environment alone."""

    data_dir: Path
    port: int
    own_postgres: bool
    own_redis: bool
    load_demo: bool
    catches_mail: bool
    keeps_mail_from: str  # the variable that names a mail server and is left unused, if any

    @classmethod
    def of(cls, environ: MutableMapping[str, str]) -> "Plan":
        own_postgres = not environ.get("DATABASE_URL")
        demo = environ.get("DEMO", "").strip().lower()
        demo_data = own_postgres or demo in ("1", "true", "yes", "on")
        mail_server = next((name for name in ("EMAIL_PROVIDER", "EMAIL_URL") if environ.get(name)), "")
        return cls(
            data_dir=paths.data_dir(environ),
            port=port_from(environ.get("PORT") or "8000"),
            own_postgres=own_postgres,
            own_redis=not environ.get("REDIS_URL"),
            load_demo=demo_data and demo not in ("0", "false", "no", "off"),
            # Mail about demo data never leaves this machine.
            catches_mail=demo_data or not mail_server,
            keeps_mail_from=mail_server if demo_data else "",
        )


def environment(plan: Plan, environ: MutableMapping[str, str]) -> dict[str, str]:
    """Return what the children find in their environment."""
    env = dict(environ)
    env["PATH"] = os.pathsep.join([str(BIN), env.get("PATH", os.defpath)])
    env |= {"PORT": str(plan.port), "DATA_DIR": str(plan.data_dir), "PYTHONUNBUFFERED": "1"}
    if not env.get("SECRET_KEY"):
        env["SECRET_KEY"] = secret_key(plan.data_dir)
    if env.get("ALLOWED_HOSTS"):
        env["ALLOWED_HOSTS"] += ",127.0.0.1,localhost"
    if plan.catches_mail:
        env["MAIL_PORT"] = str(free_port())
        env["MAIL_WEB_PORT"] = str(mail_web_port(plan.port))
        env["EMAIL_URL"] = f"smtp://127.0.0.1:{env['MAIL_PORT']}"
        env["EMAIL_PROVIDER"] = ""
    if os.geteuid() == 0:
        env["PYTHONWARNINGS"] = ",".join(filter(None, [env.get("PYTHONWARNINGS"), ROOT_WORKER]))
    return env


def mail_web_port(port: int) -> int:
    return port + 1 if port < 65535 and is_free(port + 1) else free_port()


def secret_key(data_dir: Path) -> str:
    file = paths.secret_key_file(data_dir)
    if not file.exists():
        half = file.with_suffix(".new")
        half.unlink(missing_ok=True)
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(50) + "\n")
        half.rename(file)
    return file.read_text().strip()


def commands(procfile: str) -> dict[str, str]:
    """Read the Procfile: one `name: command` a line."""
    lines = (line.partition(":") for line in procfile.splitlines() if line.strip() and not line.startswith("#"))
    return {name.strip(): command.strip() for name, _, command in lines}


class Supervisor:
    def __init__(self, plan: Plan, env: dict[str, str]) -> None:
        self.plan = plan
        self.env = env
        self.commands = commands((paths.ROOT / "Procfile").read_text())
        self.output = output.Output()
        self.parent = os.getppid()
        # Where make is all that a terminal runs (ssh -t), it alone is told when that is closed, and keeps it to itself.
        self.terminal_is_ours = os.isatty(0) and os.getsid(0) == self.parent
        self.stop_asked = False
        self.servers: list[Server] = []
        self.children: dict[str, subprocess.Popen[bytes]] = {}
        self.sign_ins: list[str] = []

    def run(self) -> int:
        self.listen_for_signals()
        try:
            self.start()
            self.wait_until_ready()
            self.tell_where()
            while True:
                self.watch(0.5)
        except StopAsked:
            return 0
        except Obstacle as obstacle:
            say(str(obstacle))
            return 1
        finally:
            self.stop()

    def listen_for_signals(self) -> None:
        # The handler sets a flag and nothing else: a lock taken in it could be held by the code that it interrupts.
        for signum in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            if signal.getsignal(signum) is not signal.SIG_IGN or signum != signal.SIGHUP:
                signal.signal(signum, self.ask_to_stop)

    def ask_to_stop(self, *_: object) -> None:
        self.stop_asked = True

    def start(self) -> None:
        if self.plan.own_postgres:
            self.start_server("Starting Postgres...", Postgres(self.plan.data_dir))
        if self.plan.own_redis:
            self.start_server("Starting Redis...", Valkey(self.plan.data_dir))
        if self.plan.catches_mail:
            self.start_child("mail")
        self.set_up()
        say("Starting web, worker and clock...")
        for name in ("web", "worker", "clock"):
            self.start_child(name)

    def start_server(self, words: str, server: Server) -> None:
        say(words)
        self.servers.append(server)
        server.start()
        self.watch(0)

    def start_child(self, name: str) -> None:
        command = ["/bin/sh", "-c", f"exec {self.commands[name]}"]
        # Left alone, the worker can neither finish its task nor say goodbye to its broker: both servers are going too.
        death = signal.SIGKILL if name == "worker" else signal.SIGTERM
        self.children[name] = self.spawn(command, partial(prefixed, name), death=death)
        self.watch(0)

    def set_up(self) -> None:
        """Migrate, load reference and demo data: all in one child, since each start of Django takes half a second."""
        command = [sys.executable, "-m", "contacthub.embedded", "set-up", *(["--demo"] if self.plan.load_demo else [])]
        child = self.spawn(command, output.write_line, stdout=lambda line: self.sign_ins.append(line.decode()))
        self.children["set-up"] = child
        while child.poll() is None:
            self.watch(0.1, may_end="set-up")
        del self.children["set-up"]
        self.output.pass_on(0)
        if child.returncode:
            raise Obstacle("The database could not be brought up to date: see above.")

    def spawn(
        self,
        command: list[str],
        take: Callable[[bytes], None],
        *,
        stdout: Callable[[bytes], None] | None = None,
        death: signal.Signals = signal.SIGTERM,
    ) -> subprocess.Popen[bytes]:
        """Start a child whose lines go to `take`, or those of its standard output to `stdout` where that is given."""
        stderr = subprocess.PIPE if stdout else subprocess.STDOUT
        child = spawn(command, death=death, env=self.env, cwd=paths.ROOT, stdout=subprocess.PIPE, stderr=stderr)
        if child.stdout:
            self.output.follow(child.stdout, stdout or take)
        if child.stderr:
            self.output.follow(child.stderr, take)
        return child

    def watch(self, timeout_s: float, may_end: str = "") -> None:
        """Pass on what is said; raise if we are to stop or if one of ours has ended by itself."""
        self.output.pass_on(timeout_s)
        if self.stop_asked or (self.terminal_is_ours and not os.isatty(0)):
            raise StopAsked
        running = [(server.name, server.process) for server in self.servers] + list(self.children.items())
        for name, process in running:
            if name != may_end and process and process.poll() is not None:
                self.output.pass_on(0.1)
                raise Obstacle(
                    f"{name} ended by itself ({how(process.returncode)}), so all is stopped. Start again: make run"
                )

    def wait_until_ready(self) -> None:
        until, wrong = time.monotonic() + READY_LIMIT_S, "no answer"
        next_word = time.monotonic() + 20
        while wrong:
            self.watch(0.1)
            wrong = what_is_wrong(self.plan.port)
            if wrong and time.monotonic() > until:
                raise Obstacle(f"Not ready after {READY_LIMIT_S} seconds: {wrong}")
            if wrong and time.monotonic() > next_word:
                next_word += 20
                say(f"Waiting until everything answers: {wrong}")

    def tell_where(self) -> None:
        address = f"http://127.0.0.1:{self.plan.port}"
        lines = [f"ContactHub is ready at {address}"]
        if self.plan.catches_mail:
            lines.append(f"Sent mail can be seen at http://127.0.0.1:{self.env['MAIL_WEB_PORT']}")
        else:
            lines.append("Mail is sent by the server that EMAIL_PROVIDER or EMAIL_URL names.")
        if self.plan.keeps_mail_from:
            lines.append(f"{self.plan.keeps_mail_from} is not used: mail about demo data stays on this machine.")
        if self.sign_ins:
            lines += ["Demo sign-ins:", *self.sign_ins]
        say("\n".join([*lines, "Stop with Ctrl-C."]))

    def stop(self) -> None:
        say("Stopping...")
        orphaned = os.getppid() != self.parent
        grace = ORPHAN_GRACE_S if orphaned else WORKER_GRACE_S
        mail = self.children.pop("mail", None)
        # All are asked at once, so that none waits for the worker, which may finish its task.
        for child in self.children.values():
            if child.poll() is None:
                child.terminate()
        until = time.monotonic() + grace
        while any(child.poll() is None for child in self.children.values()) and time.monotonic() < until:
            self.output.pass_on(0.05)
        for child in self.children.values():
            kill_group(child)
            child.wait()
        if mail:
            finish(mail, signal.SIGTERM, grace_s=3, meanwhile=self.output.pass_on)
        for server in reversed(self.servers):
            server.stop()
        self.output.pass_on(0)
        shutil.rmtree(paths.run_dir(self.plan.data_dir), ignore_errors=True)


def prefixed(name: str, line: bytes) -> None:
    output.write_line(f"{name:6} | ".encode() + line)


def how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit status {code}"


def what_is_wrong(port: int) -> str:
    """Ask /health/ready; return nothing when all is well."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=3)
    try:
        connection.request("GET", "/health/ready")
        answer = connection.getresponse()
        body = answer.read()
        return "" if json.loads(body).get("status") == "ok" else body.decode()[:300]
    except (OSError, http.client.HTTPException) as trouble:
        return f"no answer yet ({trouble})"
    except (ValueError, AttributeError):
        return f"/health/ready answers {answer.status}"
    finally:
        connection.close()


def main() -> int:
    end_with_parent(signal.SIGTERM)
    lock = None
    try:
        plan = Plan.of(os.environ)
        plan.data_dir.mkdir(parents=True, exist_ok=True)
        lock = DataLock(plan.data_dir)
        lock.take()
        require_free_port(plan.port)
        return Supervisor(plan, environment(plan, os.environ)).run()
    except (Obstacle, OSError) as obstacle:
        say(str(obstacle))
        return 1
