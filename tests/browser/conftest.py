"""A real browser on the application as it ships: static files with hashes, strict policy, nothing simulated."""

from __future__ import annotations

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Keyboard, Page, Response

from contacthub.actor import Actor
from contacthub.people.models import StaffMember
from tests.processes import wait_until

# Playwright's own loop runs in this thread; the database is reached from the tests as usual.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
BROWSERS = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
PASSWORD = "a-password-for-tests"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in str(item.path):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    installed = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    quiet = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-component-update"]
    return {**browser_type_launch_args, "executable_path": installed, "args": [*quiet, "--no-first-run"]}


class Counted:
    """The application, which knows how many requests it is working on."""

    working = 0

    def __init__(self, application: Any) -> None:
        self.application, self.lock = application, threading.Lock()

    def __call__(self, *given: Any) -> Any:
        self._count(1)
        try:
            return self.application(*given)
        finally:
            self._count(-1)

    def _count(self, by: int) -> None:
        with self.lock:
            Counted.working += by


@pytest.fixture(autouse=True)
def at_rest(transactional_db: None) -> Iterator[None]:
    """Let what a page asked as it was closed be answered, before the tables are emptied."""
    yield
    time.sleep(0.05)
    wait_until(lambda: not Counted.working)


@pytest.fixture(scope="session")
def base_url(django_db_setup: None) -> Iterator[str]:
    thread = LiveServerThread("127.0.0.1", Counted)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://127.0.0.1:{thread.port}"
    thread.terminate()


class Watch:
    """Notes everything that a browser complains about, and every answer of 400 or more that a test did not name."""

    def __init__(self) -> None:
        self.trouble: list[str] = []
        self.expected: set[int] = set()

    def over(self, page: Page) -> Page:
        page.on("console", self.heard)
        page.on("pageerror", lambda error: self.trouble.append(str(error)))
        page.on("response", self.answered)
        return page

    def heard(self, message: ConsoleMessage) -> None:
        # Chromium repeats answers of 400 and more in the console; those are judged below.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.trouble.append(message.text)

    def answered(self, response: Response) -> None:
        # What is kept just as its form is sent may come after it, and finds that it was sent.
        late = response.status == 409 and response.url.endswith("/drafts/keep/")
        if response.status >= 400 and response.status not in self.expected and not late:
            self.trouble.append(f"{response.status} {response.url}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    assert watch.trouble == []


@pytest.fixture
def page(context: BrowserContext, watch: Watch) -> Page:
    return watch.over(context.new_page())


@pytest.fixture
def page_without_scripts(browser: Browser, base_url: str, watch: Watch) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, base_url=base_url)
    yield watch.over(context.new_page())
    context.close()


@pytest.fixture
def agent(ana: Actor) -> StaffMember:
    staff = StaffMember.objects.get(pk=ana.staff_id)
    staff.set_password(PASSWORD)
    staff.save()
    return staff


def keyboard(page: Page) -> Keyboard:
    """Return the keyboard once the page's scripts listen to it: they run after what it shows."""
    page.wait_for_load_state()
    return page.keyboard


def enter(page: Page, staff: StaffMember) -> None:
    """Sign in and stay at home."""
    page.goto("/sign-in/")
    page.get_by_label("Sign-in name").fill(staff.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Good").wait_for()


def enter_as(page: Page, actor: Actor) -> None:
    """Let somebody else sit down at this browser, who has a password from now on."""
    staff = StaffMember.objects.get(pk=actor.staff_id)
    staff.set_password(PASSWORD)
    staff.save()
    page.context.clear_cookies()
    enter(page, staff)


def sign_in(page: Page, staff: StaffMember) -> None:
    enter(page, staff)
    if page.get_by_role("link", name="Incidents").count():
        page.goto("/jobmatch/")


def by_email(page: Page) -> None:
    page.get_by_label("Email address", exact=True).fill("sian@example.org")


def answer_contact_us(page: Page, name: str, happened: str, how_to_reply: Callable[[Page], None] = by_email) -> None:
    """Answer the public form, up to the page that shows the answers."""
    page.goto("/contact-us/")
    page.get_by_role("button", name="Start").click()
    page.get_by_label("Looking for a job").check()
    page.get_by_label("Your name").fill(name)
    go_on(page)
    how_to_reply(page)
    go_on(page)
    page.get_by_label("Job application problem").check()
    go_on(page)
    page.get_by_label("What happened").fill(happened)
    go_on(page)


def go_on(page: Page) -> None:
    page.get_by_role("button", name="Continue").click()
