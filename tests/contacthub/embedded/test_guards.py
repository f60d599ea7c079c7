import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from contacthub.embedded import guards, paths, prepare
from contacthub.embedded.guards import Obstacle


@pytest.mark.parametrize("version", [(3, 11), (3, 12), (3, 13, 1), prepare.NEWEST])
def test_python_that_the_wheels_are_there_for_suits(version):
    assert prepare.suits(version)


@pytest.mark.parametrize("version", [(3, 9), (3, 10), (prepare.NEWEST[0], prepare.NEWEST[1] + 1), (4, 0)])
def test_python_too_old_or_too_new_is_refused_in_one_line(version):
    assert not prepare.suits(version)
    assert re.fullmatch(
        r"ContactHub needs Python 3.11 to 3.\d+, and python3 is [^\n]*then run make again.", prepare.refusal(version)
    )


def test_first_step_is_understood_by_old_pythons():
    source = Path(prepare.__file__).read_text()

    compile(source, "prepare.py", "exec", dont_inherit=True)
    assert not re.search(r"^import (?!importlib|os|shutil|subprocess|sys)|^from|f\"|match |:=", source, re.MULTILINE)


def test_first_step_needs_no_package():
    command = [sys.executable, "-S", "-I", prepare.__file__, "reset"]

    done = subprocess.run(command, env={"DATA_DIR": "/nowhere"}, capture_output=True, text=True)

    assert done.stdout == "There is nothing in /nowhere to throw away.\n", done.stderr


@pytest.mark.parametrize("text", ["", "web", "0", "65536", "-1", "80.5"])
def test_port_that_is_none_is_refused(text):
    with pytest.raises(Obstacle, match="PORT=8010"):
        guards.port_from(text)


def test_taken_port_is_refused_by_its_number():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]

        with pytest.raises(Obstacle, match=f"Port {port} is taken"):
            guards.require_free_port(port)


def test_folder_that_cannot_be_written_is_refused_with_the_remedy():
    with pytest.raises(Obstacle, match=r"Cannot write in /proc/contacthub .*: set DATA_DIR"):
        guards.require_writable(Path("/proc/contacthub"), "set DATA_DIR")


def test_second_run_on_the_same_data_is_refused_with_the_number_of_the_first(tmp_path):
    first = guards.DataLock(tmp_path)
    first.take()

    with pytest.raises(Obstacle, match=r"already running with .* \(pid \d+\)"):
        guards.DataLock(tmp_path).take()

    first.let_go()
    guards.DataLock(tmp_path).take()


def test_socket_paths_fit_whatever_the_data_folder(monkeypatch):
    monkeypatch.setattr("tempfile.gettempdir", lambda: "/a/long/temporary/folder" * 9)

    socket_path = paths.run_dir(Path("/data" * 99)) / "postgres" / ".s.PGSQL.5432.lock"

    assert len(str(socket_path).encode()) <= 107
