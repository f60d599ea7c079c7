"""Where a run keeps its things: pure functions of the data folder, so that every process agrees."""

import hashlib
import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOCKET_ROOM = 60  # bytes: a socket's path may have 107 at most


def data_dir(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("DATA_DIR") or ROOT / "var").resolve()


def run_dir(data_dir: Path) -> Path:
    """Return the folder of the sockets: short, wherever the data folder is."""
    name = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:10]
    temporary = tempfile.gettempdir()
    return Path(temporary if len(temporary.encode()) <= SOCKET_ROOM else "/tmp") / f"chub-{os.getuid()}-{name}"  # noqa: S108


def database(data_dir: Path) -> dict[str, str]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "contacthub",
        "USER": "contacthub",
        "HOST": str(run_dir(data_dir) / "postgres"),
    }


def redis_url(data_dir: Path) -> str:
    return f"redis+socket://{run_dir(data_dir)}/redis/redis.sock?virtual_host=0"


def mail_dir(data_dir: Path) -> Path:
    """Return the folder in which the mail catcher keeps what was sent, one .eml file a message."""
    return data_dir / "mail"


def secret_key_file(data_dir: Path) -> Path:
    return data_dir / "secret-key"


def log_dir(data_dir: Path) -> Path:
    """Return the folder in which Postgres and Redis write what they have to say, anew at each start."""
    return data_dir / "logs"
