"""Real servers, stopped and killed: what was committed is there, and nothing is left running."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
import redis

from contacthub.embedded import paths, servers
from contacthub.embedded.guards import Obstacle
from contacthub.embedded.processes import users_of

pytestmark = pytest.mark.faults


@pytest.fixture
def data_dir():
    """Unlike pytest's own temporary folders, one that the user Postgres runs as for root can walk to."""
    folder = Path(tempfile.mkdtemp(prefix="chub-faults-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(paths.run_dir(folder), ignore_errors=True)
    shutil.rmtree(folder)


def ask(server, statement):
    with contextlib.closing(server.connect("contacthub")) as connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone() if cursor.description else None


def wait_for(condition, limit_s=15):
    until = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < until, "still not so"
        time.sleep(0.05)


def test_committed_rows_outlive_kill_9_of_postgres(data_dir):
    first = servers.Postgres(data_dir)
    first.start()
    ask(first, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")

    first.process.kill()

    with servers.Postgres(data_dir) as second:
        assert ask(second, "SELECT count(*) FROM kept") == (1000,)


def test_mark_of_a_killed_server_does_not_point_at_the_process_that_has_its_number_now(data_dir):
    with servers.Postgres(data_dir) as first:
        folder = first.cluster()
        mark = (folder / "postmaster.pid").read_text().splitlines()
    stranger = subprocess.Popen(["sleep", "60"], **({"user": first.identity[0]} if first.identity else {}))
    for file in (folder / "postmaster.pid", first.sockets / ".s.PGSQL.5432.lock"):
        file.write_text("\n".join([str(stranger.pid), *mark[1:]]) + "\n")
        if first.identity:
            os.chown(file, *first.identity)

    with servers.Postgres(data_dir) as second:
        assert ask(second, "SELECT 1") == (1,)

    stranger.kill()
    stranger.wait()


def test_start_that_was_killed_half_way_is_made_good(data_dir):
    half = data_dir / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    with servers.Postgres(data_dir) as postgres:
        assert ask(postgres, "SELECT 1") == (1,)
    assert not half.exists()


def test_second_server_on_the_same_files_is_refused(data_dir, monkeypatch):
    monkeypatch.setattr(servers, "UNUSED_LIMIT_S", 0.2)

    with servers.Postgres(data_dir), pytest.raises(Obstacle, match=r"Another server \(pid \d+\) still works in"):
        servers.Postgres(data_dir).start()


def test_why_a_server_did_not_start_is_told_in_one_line(data_dir):
    with pytest.raises(Obstacle, match=r"^postgres did not start: .*no_such_setting.* \(all of it: .*postgres.log\)$"):
        servers.Postgres(data_dir, "no_such_setting=1").start()


def test_redis_keeps_what_was_written_a_moment_before_kill_9(data_dir):
    first = servers.Valkey(data_dir)
    first.start()
    socket = str(paths.run_dir(data_dir) / "redis" / "redis.sock")
    redis.Redis(unix_socket_path=socket).set("kept", "yes")
    time.sleep(1.2)  # it writes through to the disk every second

    first.process.kill()

    with servers.Valkey(data_dir):
        assert redis.Redis(unix_socket_path=socket).get("kept") == b"yes"


def test_stopping_leaves_no_process_behind(data_dir):
    with servers.Postgres(data_dir) as postgres, servers.Valkey(data_dir):
        folders = [postgres.cluster(), data_dir / "redis"]
        assert all(users_of(folder) for folder in folders)

    assert not any(users_of(folder) for folder in folders)


def test_kill_9_of_whoever_started_the_servers_takes_them_along(data_dir):
    script = (
        "import sys, time; from pathlib import Path; from contacthub.embedded.servers import Postgres, Valkey\n"
        "Postgres(Path(sys.argv[1])).start(); Valkey(Path(sys.argv[1])).start()\n"
        "print('up', flush=True); time.sleep(60)"
    )
    starter = subprocess.Popen([sys.executable, "-c", script, data_dir], stdout=subprocess.PIPE, cwd=paths.ROOT)
    assert starter.stdout.readline() == b"up\n"
    folders = [(data_dir / "postgres").resolve(), data_dir / "redis"]
    assert all(users_of(folder) for folder in folders)

    starter.kill()
    starter.communicate()

    wait_for(lambda: not any(users_of(folder) for folder in folders))


@pytest.mark.skipif(os.geteuid() != 0, reason="only for root do the servers run as somebody else")
def test_folder_that_the_server_may_not_walk_to_is_replaced_by_an_open_one(data_dir, monkeypatch):
    with tempfile.TemporaryDirectory() as open_place:
        Path(open_place).chmod(0o711)
        monkeypatch.setattr(servers.binaries, "OPEN_PLACE", Path(open_place) / "contacthub")
        data_dir.chmod(0o700)

        with servers.Postgres(data_dir) as postgres:
            assert ask(postgres, "SELECT 1") == (1,)

        assert (data_dir / "postgres").resolve().is_relative_to(open_place)
