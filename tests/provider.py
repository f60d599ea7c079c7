"""A mail provider on loopback, which takes mail by HTTP as Postmark does and posts what became of it."""

from __future__ import annotations

import base64
import json
import threading
import time
from dataclasses import dataclass, field
from email.message import Message as Headers
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from django.test import Client

SECRET = "postmark:a-secret-for-tests"
TRACKING = "/anymail/postmark/tracking/"


@dataclass
class Provider:
    """Keeps what it takes. `slow@…` gets its answer when `go_on` is set, all others after so many `seconds`."""

    seconds: float = 0

    received: list[dict[str, Any]] = field(default_factory=list)
    in_hands: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)
    counting: threading.Lock = field(default_factory=threading.Lock)

    def __enter__(self) -> Self:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            headers: Headers

            def do_POST(self) -> None:
                sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                with provider.counting:
                    provider.received.append(sent)
                    number = len(provider.received)
                if sent["To"].startswith("slow@"):
                    provider.in_hands.set()
                    provider.go_on.wait(30)
                time.sleep(provider.seconds)
                answer = {"ErrorCode": 0, "Message": "OK", "MessageID": f"id-{number}", "To": sent["To"]}
                body = json.dumps(answer).encode()
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on.set()
        self.server.shutdown()
        self.server.server_close()

    @property
    def settings(self) -> dict[str, str]:
        """Return Anymail's settings with which mail goes here."""
        return {
            "POSTMARK_SERVER_TOKEN": "a-token",
            "POSTMARK_API_URL": f"http://127.0.0.1:{self.server.server_port}/",
            "WEBHOOK_SECRET": SECRET,
        }

    @property
    def environment(self) -> dict[str, str]:
        return {"EMAIL_PROVIDER": "postmark"} | {f"ANYMAIL_{name}": given for name, given in self.settings.items()}


def delivered(provider_id: str, **more: Any) -> dict[str, Any]:
    return {
        "RecordType": "Delivery", "MessageID": provider_id, "Recipient": "dafydd@example.org",
        "DeliveredAt": "2026-06-03T10:00:00Z", "Details": "smtp;250 2.0.0 OK", **more,
    }  # fmt: skip


def bounced(provider_id: str, **more: Any) -> dict[str, Any]:
    return {
        "RecordType": "Bounce", "MessageID": provider_id, "Email": "dafydd@example.org", "ID": 42, "Type": "HardBounce",
        "BouncedAt": "2026-06-03T10:00:01Z", "Details": "550 5.1.1 No such mailbox here", **more,
    }  # fmt: skip


def told_us(event: Any, *, secret: str = SECRET, path: str = TRACKING) -> int:
    """Post an event as a provider does, and return the status of the answer."""
    signed = f"Basic {base64.b64encode(secret.encode()).decode()}"
    client = Client(raise_request_exception=False)
    given = {"headers": {"Authorization": signed}} if secret else {}
    return client.post(path, json.dumps(event), content_type="application/json", **given).status_code
