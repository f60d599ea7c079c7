"""The whole of `make run`, from its set-up of an empty folder to kill -9."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

import pytest

from contacthub.embedded import guards, paths

pytestmark = pytest.mark.faults
LIMIT_S = 90


class Run:
    """A run with data of its own. A mark in their environment tells its processes, or the folder they work in."""

    def __init__(self, folder):
        self.folder, self.port = folder, guards.free_port()
        self.data = folder / "data"
        theirs = ("DATABASE_URL", "REDIS_URL", "EMAIL_URL", "PYTEST_CURRENT_TEST")
        self.env = {name: value for name, value in os.environ.items() if name not in theirs}
        self.env |= {"DATA_DIR": str(self.data), "PORT": str(self.port), "RUN_MARK": str(folder)}

    def start(self, log="run.log"):
        with (self.folder / log).open("wb") as out:
            command = [sys.executable, "-m", "contacthub.embedded", "run"]
            return subprocess.Popen(
                command, cwd=paths.ROOT, env=self.env, stdout=out, stderr=out, start_new_session=True
            )

    def said(self, log="run.log"):
        return (self.folder / log).read_text()

    def wait_until_ready(self, process):
        until = time.monotonic() + LIMIT_S
        while "ContactHub is ready at" not in self.said():
            assert process.poll() is None, self.said()
            assert time.monotonic() < until, self.said()
            time.sleep(0.1)

    def processes(self):
        found, mark = [], f"RUN_MARK={self.folder}".encode()
        for entry in Path("/proc").iterdir():
            try:
                ours = mark in (entry / "environ").read_bytes() or os.readlink(entry / "cwd").startswith(str(self.data))
            except OSError:
                continue
            if ours and entry.name.isdigit():
                found.append(int(entry.name))
        return found

    def left_after(self, limit_s):
        until = time.monotonic() + limit_s
        while self.processes() and time.monotonic() < until:
            time.sleep(0.1)
        return self.processes()


@pytest.fixture
def run():
    folder = Path(tempfile.mkdtemp(prefix="chub-run-"))
    folder.chmod(0o711)
    run = Run(folder)
    yield run
    for pid in run.processes():
        os.kill(pid, signal.SIGKILL)
    shutil.rmtree(paths.run_dir(run.data), ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def test_run_from_nothing_to_the_end(run):
    first = run.start()
    run.wait_until_ready(first)
    with urllib.request.urlopen(f"http://127.0.0.1:{run.port}/health/live", timeout=5) as answer:
        assert answer.status == 200

    second = run.start("second.log")
    assert second.wait(15) == 1
    assert f"already running with {run.data} (pid {first.pid})" in run.said("second.log")
    assert len(run.said("second.log").splitlines()) == 1

    for _ in range(3):
        first.terminate()
        time.sleep(0.05)
    assert first.wait(30) == 0, run.said()
    assert run.left_after(2) == []
    assert "Traceback" not in run.said()

    again = run.start()
    run.wait_until_ready(again)
    again.kill()
    again.wait()
    assert run.left_after(15) == []


def test_child_that_ends_by_itself_stops_all_and_is_named(run):
    process = run.start()
    run.wait_until_ready(process)

    clock = next(pid for pid in run.processes() if b"manage.py\0clock" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(clock, signal.SIGKILL)

    assert process.wait(30) == 1
    assert "clock ended by itself (signal 9)" in run.said()
    assert run.left_after(2) == []
