"""The embedded Postgres and Redis (Valkey), for `make run` and for the tests. Start them from the main thread."""

import contextlib
import os
import pwd
import shutil
import signal
import stat
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import psycopg2
import redis

from contacthub.embedded import binaries, paths
from contacthub.embedded.guards import Obstacle
from contacthub.embedded.processes import finish, spawn, users_of

START_LIMIT_S = 120  # recovery after a crash included
UNUSED_LIMIT_S: float = 15
INITDB = (
    "-U contacthub --auth=trust -E UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8 --no-instructions"
)
FOR_TESTS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class Server:
    """What both have in common: a folder for their data, one for their socket, a log, a process."""

    name: str
    process: subprocess.Popen[bytes] | None = None

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.sockets = paths.run_dir(data_dir) / self.name
        self.log = paths.log_dir(data_dir) / f"{self.name}.log"

    def launch(
        self,
        command: Sequence[str | Path],
        death: signal.Signals,
        answers: Callable[[], bool],
        identity: tuple[int, int] | None = None,
    ) -> None:
        """Start the server and return when it answers."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            self.process = spawn(
                command,
                death=death,
                env=os.environ | {"LC_ALL": "C"},
                cwd=Path("/"),
                stdout=log,
                stderr=subprocess.STDOUT,
                identity=identity,
            )
        until = time.monotonic() + START_LIMIT_S
        while not answers():
            if self.process.poll() is not None:
                raise Obstacle(f"{self.name} did not start: {self.last_words()} (all of it: {self.log})")
            if time.monotonic() > until:
                raise Obstacle(f"{self.name} does not answer after {START_LIMIT_S} seconds: see {self.log}.")
            time.sleep(0.02)

    def last_words(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return next((line for line in lines if "FATAL" in line), lines[-1] if lines else "it said nothing").strip()

    def __enter__(self) -> "Server":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        raise NotImplementedError

    def stop(self) -> None:
        raise NotImplementedError


class Postgres(Server):
    name = "postgres"

    def __init__(self, data_dir: Path, *options: str) -> None:
        super().__init__(data_dir)
        self.options = options
        self.identity = run_as(data_dir / "postgres")

    def start(self) -> None:
        make_socket_folder(self.sockets, self.identity)
        folder = self.cluster()
        wait_until_unused(folder)
        self.forget_dead_server(folder)
        settings = ("listen_addresses=", "unix_socket_permissions=0700", *self.options)
        command = [str(self.program("postgres")), "-D", str(folder), "-k", str(self.sockets)]
        command += [word for setting in settings for word in ("-c", setting)]
        # Interrupted it ends at once; SIGTERM would wait for every client to leave.
        self.launch(command, signal.SIGINT, lambda: self.answers(folder), self.identity)
        self.create_database()

    def stop(self) -> None:
        if self.process:
            finish(self.process, signal.SIGINT, signal.SIGQUIT, grace_s=10)

    def program(self, name: str) -> Path:
        return binaries.bin_dir(self.identity) / name

    def cluster(self) -> Path:
        """Return the folder of the database files, made if there is none."""
        place = self.data_dir / "postgres"
        if not place.exists():
            home = open_home(self.data_dir, self.identity)
            self.initialised(home).rename(home / "postgres")
            if home != self.data_dir:
                place.unlink(missing_ok=True)
                place.symlink_to(home / "postgres")
        return place.resolve()

    def initialised(self, home: Path) -> Path:
        """Make the files under another name first: a start that is killed half-way leaves nothing that looks whole."""
        half = home / "postgres.new"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        uid, gid = self.identity or (None, None)
        if uid is not None and gid is not None:
            os.chown(half, uid, gid)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as log:
            child = spawn(
                [self.program("initdb"), "-D", half, *INITDB.split()],
                death=signal.SIGKILL,
                env=os.environ | {"LC_ALL": "C"},
                cwd=Path("/"),
                stdout=log,
                stderr=subprocess.STDOUT,
                identity=self.identity,
            )
        if child.wait():
            raise Obstacle(f"The database could not be made: {self.last_words()} (all of it: {self.log})")
        return half

    def forget_dead_server(self, folder: Path) -> None:
        """Remove the marks of a server that was killed.

        Its number may belong to another process by now, of which Postgres would take it that it is the server.
        """
        (folder / "postmaster.pid").unlink(missing_ok=True)
        (self.sockets / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def answers(self, folder: Path) -> bool:
        """Tell if this very server answers: another one on the same socket would answer too."""
        with contextlib.suppress(OSError, psycopg2.OperationalError):
            pid = (folder / "postmaster.pid").read_text().partition("\n")[0]
            if self.process and pid == str(self.process.pid):
                self.connect().close()
                return True
        return False

    def connect(self, database: str = "postgres") -> "psycopg2.extensions.connection":
        connection = psycopg2.connect(host=str(self.sockets), user="contacthub", dbname=database)
        connection.autocommit = True
        return connection

    def create_database(self) -> None:
        with contextlib.closing(self.connect()) as connection, connection.cursor() as cursor:
            name = paths.database(self.data_dir)["NAME"]
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if not cursor.fetchone():
                cursor.execute(f'CREATE DATABASE "{name}"')


class Valkey(Server):
    name = "redis"

    def start(self) -> None:
        make_socket_folder(self.sockets, None)
        folder = self.data_dir / "redis"
        folder.mkdir(mode=0o700, exist_ok=True)
        wait_until_unused(folder.resolve())
        socket = self.sockets / "redis.sock"
        options = "--port 0 --unixsocketperm 700 --appendonly yes --appendfsync everysec --maxmemory-policy noeviction"
        command = [
            str(binaries.valkey()),
            *options.split(),
            "--save",
            "",
            "--unixsocket",
            str(socket),
            "--dir",
            str(folder),
        ]
        client = redis.Redis(unix_socket_path=str(socket))
        self.launch(command, signal.SIGTERM, lambda: pings(client))
        client.close()

    def stop(self) -> None:
        if self.process:
            finish(self.process, signal.SIGTERM, grace_s=10)


def pings(client: "redis.Redis") -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False


def run_as(cluster: Path) -> tuple[int, int] | None:
    """Return the uid and gid that Postgres runs as, or None for our own: it refuses root."""
    if os.geteuid() != 0:
        if cluster.exists() and cluster.stat().st_uid != os.geteuid():
            raise Obstacle(
                f"{cluster} belongs to another user: start as that user, or set DATA_DIR to a folder of your own."
            )
        return None
    if cluster.exists() and (owner := cluster.stat()).st_uid != 0:
        return owner.st_uid, owner.st_gid
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def open_home(data_dir: Path, identity: tuple[int, int] | None) -> Path:
    """Return the data folder, or one below /var/lib where the server's user may not walk to it (root's home)."""
    if binaries.can_reach(data_dir, identity):
        return data_dir
    binaries.OPEN_PLACE.mkdir(parents=True, exist_ok=True)
    binaries.OPEN_PLACE.chmod(0o755)
    home = Path(tempfile.mkdtemp(prefix="data-", dir=binaries.OPEN_PLACE))
    home.chmod(0o711)
    return home


def make_socket_folder(folder: Path, identity: tuple[int, int] | None) -> None:
    """Make the folder below the one for all sockets, which stands in a place where everybody may write."""
    parent = folder.parent
    parent.mkdir(mode=0o711, exist_ok=True)
    if not stat.S_ISDIR(parent.lstat().st_mode) or parent.lstat().st_uid != os.geteuid():
        raise Obstacle(f"{parent} belongs to another user: remove it, or set TMPDIR to a folder of your own.")
    parent.chmod(0o711)
    folder.mkdir(mode=0o700, exist_ok=True)
    if identity:
        os.chown(folder, *identity)


def wait_until_unused(folder: Path) -> None:
    """Wait for a server that was left behind a moment ago: it ends by its death signal, its children a little later."""
    until = time.monotonic() + UNUSED_LIMIT_S
    while holders := users_of(folder):
        if time.monotonic() > until:
            raise Obstacle(f"Another server (pid {holders[0]}) still works in {folder}: end it, then start again.")
        time.sleep(0.1)
