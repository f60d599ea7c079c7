import asyncio
import http.client
import smtplib
import threading
from email.message import EmailMessage

import pytest

from contacthub.embedded import catcher

MESSAGE = (
    b"From: a@example.org\r\nTo: b@example.org\r\nSubject: =?utf-8?q?Caf=C3=A9?= <b>now</b>\r\n"
    b"Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
    b"Caf\xe9 <script>alert(1)</script>\r\n..two dots\r\n.\x20one\r\nend\r\n"
)


@pytest.fixture
def mailbox(tmp_path):
    return catcher.Mailbox(tmp_path / "mail")


@pytest.fixture
def smtp_port(mailbox):
    loop, started = asyncio.new_event_loop(), threading.Event()

    def serve():
        make = lambda: catcher.smtp(catcher.Handler(mailbox))  # noqa: E731
        serve.port = loop.run_until_complete(loop.create_server(make, "127.0.0.1", 0)).sockets[0].getsockname()[1]
        started.set()
        loop.run_forever()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    started.wait()
    yield serve.port
    loop.call_soon_threadsafe(loop.stop)
    thread.join()


@pytest.fixture
def get(mailbox):
    server = catcher.serve_pages(mailbox, 0)

    def ask(path, host="127.0.0.1:8001"):
        connection = http.client.HTTPConnection(*server.server_address, timeout=5)
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
        return answer.status, answer.read()

    yield ask
    server.shutdown()
    server.server_close()


def test_message_is_kept_byte_for_byte_with_its_envelope(mailbox, smtp_port):
    with smtplib.SMTP("127.0.0.1", smtp_port) as client:
        client.sendmail("bounce@example.org", ["b@example.org", "hidden@example.org"], MESSAGE)

    (name,) = mailbox.names()
    assert mailbox.raw(name) == MESSAGE
    assert mailbox.envelope(name) == {"from": "bounce@example.org", "to": ["b@example.org", "hidden@example.org"]}


def test_page_shows_decoded_words_and_no_markup_of_the_message(mailbox, get):
    name = mailbox.keep("a@example.org", ["b@example.org", "<i>@example.org"], MESSAGE)

    _, listed = get("/")
    _, shown = get(f"/{name}")

    for page in (listed.decode(), shown.decode()):
        assert "Café &lt;b&gt;now&lt;/b&gt;" in page
        assert "&lt;i&gt;@example.org" in page
        assert "<b>now" not in page
    assert "Café &lt;script&gt;alert(1)&lt;/script&gt;" in shown.decode()
    assert get(f"/{name}.eml") == (200, MESSAGE)


def test_newest_message_comes_first(mailbox, get):
    for number in range(3):
        mailbox.keep("a@example.org", [f"{number}@example.org"], MESSAGE)

    _, listed = get("/")

    assert [listed.index(b"%d@example.org" % number) for number in (2, 1, 0)] == sorted(
        listed.index(b"%d@example.org" % number) for number in range(3)
    )


@pytest.mark.parametrize("path", ["/../secret-key", "/%2e%2e/secret-key", "/" + "1" * 19 + "-000001-1", "/x.json"])
def test_nothing_but_caught_messages_is_served(mailbox, get, path):
    assert get(path)[0] == 404


def test_page_of_another_site_cannot_read_mail_through_a_name_of_its_own(get):
    assert get("/", host="evil.example:8001")[0] == 421


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"Subject: \xff\r\nTo: <<>>;:\r\nContent-Type: text/plain; charset=none\r\n\r\n\xff"],
)
def test_damaged_message_is_shown_too(mailbox, get, content):
    name = mailbox.keep("", ["b@example.org"], content)

    assert get("/")[0] == 200
    assert get(f"/{name}")[0] == 200


def test_attachments_are_named_and_can_be_saved_true_to_the_byte(mailbox, get):
    message = EmailMessage()
    message.set_content("The form")
    message.add_attachment(b"%PDF\r\n\x00", maintype="application", subtype="pdf", filename="Cwyn <Siân>.pdf")
    name = mailbox.keep("a@example.org", ["b@example.org"], message.as_bytes())

    _, shown = get(f"/{name}")

    assert f'<a href="/{name}.1" download="Cwyn &lt;Siân&gt;.pdf">Cwyn &lt;Siân&gt;.pdf</a>, 7 bytes' in shown.decode()
    assert get(f"/{name}.1") == (200, b"%PDF\r\n\x00")
    assert get(f"/{name}.2")[0] == 404
