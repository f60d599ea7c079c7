"""Where the embedded servers keep their things: functions of the data folder, so that every process agrees."""

import hashlib
import os
import tempfile
from pathlib import Path


def run_dir(data_dir: Path) -> Path:
    """Return the folder of the sockets: short, since a socket's path may have 107 bytes at most."""
    name = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"chub-{os.getuid()}-{name}"


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
