from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from contacthub.embedded import paths
from contacthub.embedded.servers import Valkey
from contacthub.jobs import services as jobs
from tests.faults.broker import Broker


@pytest.fixture(autouse=True)
def broker_is_not_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no test find the broker left alone because it was away in the one before."""
    monkeypatch.setattr(jobs._Broker, "away_until", 0.0)


@pytest.fixture
def broker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broker]:
    """A Redis of this test's own, which it may stop and flush; this process publishes to it."""
    tmp_path.chmod(0o711)
    url = paths.redis_url(tmp_path)
    monkeypatch.setenv("CELERY_BROKER_WRITE_URL", url)
    with Valkey(tmp_path) as server:
        client = Redis(unix_socket_path=str(paths.run_dir(tmp_path) / "redis" / "redis.sock"))
        yield Broker(server, url, client)
