"""Keyboard shortcuts do what the list says, and nothing while somebody types (CASES P52)."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from contacthub.actor import PUBLIC
from contacthub.clock import now
from contacthub.people.models import StaffMember
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident
from tests.browser.conftest import keyboard, sign_in
from tests.factories import told


@pytest.fixture
def waiting(agent) -> list[Incident]:
    names = ["Prince", "Ŵyn Rees", "Łukasz"]
    return [services.submit(told(customer_name=name), by=PUBLIC, at=now()) for name in names]


@pytest.fixture
def queue(page: Page, agent, waiting) -> Page:
    sign_in(page, agent)
    return page


def taken() -> int:
    return Incident.objects.filter(state="assigned").count()


def dialog(page: Page):
    return page.get_by_role("dialog", name="Keys")


def focused_row(page: Page) -> str:
    return page.evaluate("document.activeElement.textContent").strip().partition(" ")[2]


class TestWhatTheyDo:
    def test_n_takes_the_next(self, queue, waiting):
        keyboard(queue).press("n")

        expect(queue.get_by_role("heading", name=waiting[0].reference)).to_be_visible()
        assert taken() == 1

    def test_n_held_down_takes_one(self, queue, waiting):
        for _ in range(5):
            queue.keyboard.down("n")

        expect(queue.get_by_role("heading", name=waiting[0].reference)).to_be_visible()
        queue.goto("/jobmatch/")
        queue.keyboard.down("n")
        queue.wait_for_timeout(300)
        assert taken() == 1

    def test_question_mark_shows_the_list_in_place_and_escape_closes_it(self, queue):
        keyboard(queue).press("?")
        expect(dialog(queue)).to_be_visible()
        expect(dialog(queue).get_by_role("row", name="N Take the next one for me")).to_be_visible()
        keyboard(queue).press("n")
        keyboard(queue).press("Escape")

        expect(dialog(queue)).not_to_be_visible()
        assert queue.url.endswith("/jobmatch/")
        assert taken() == 0

    def test_the_link_at_the_foot_shows_it_too(self, queue):
        queue.get_by_role("contentinfo").get_by_role("link", name="Keys").click()

        expect(dialog(queue)).to_be_visible()
        dialog(queue).get_by_role("button", name="Close").click()
        expect(dialog(queue)).not_to_be_visible()

    def test_without_scripts_the_link_leads_to_a_page(self, page_without_scripts, agent):
        sign_in(page_without_scripts, agent)
        page_without_scripts.get_by_role("contentinfo").get_by_role("link", name="Keys").click()

        expect(page_without_scripts.get_by_role("heading", name="Keys", exact=True)).to_be_visible()

    def test_j_and_k_go_through_the_rows_and_enter_opens_one(self, queue, waiting):
        seen = []
        for key in "jjjjkk":
            keyboard(queue).press(key)
            seen.append(focused_row(queue))
        keyboard(queue).press("Enter")

        assert seen == ["Prince", "Ŵyn Rees", "Łukasz", "Łukasz", "Ŵyn Rees", "Prince"]
        expect(queue.get_by_role("heading", name=waiting[0].reference)).to_be_visible()

    def test_f_opens_the_filter_and_stands_in_it(self, queue):
        keyboard(queue).press("f")

        expect(queue.get_by_label("State")).to_be_focused()

    def test_slash_leads_to_the_box_whose_words_are_typed_over(self, queue):
        keyboard(queue).press("/")
        keyboard(queue).type("łukasz")
        keyboard(queue).press("Enter")
        expect(queue.get_by_role("heading", name="1 found for “łukasz”")).to_be_visible()
        keyboard(queue).press("/")
        keyboard(queue).type("wyn")
        keyboard(queue).press("Enter")

        expect(queue.get_by_role("heading", name="1 found for “wyn”")).to_be_visible()

    def test_g_leads_home_and_back_to_incidents(self, queue):
        keyboard(queue).type("gh")
        expect(queue.get_by_role("heading", name="Good")).to_be_visible()
        keyboard(queue).type("gi")
        expect(queue.get_by_role("heading", name="Incidents", exact=True)).to_be_visible()

    def test_what_follows_g_and_leads_nowhere_does_nothing(self, queue):
        keyboard(queue).type("gn")
        queue.wait_for_timeout(300)

        assert taken() == 0


class TestWhereSomebodyTypes:
    @pytest.fixture
    def box(self, queue):
        queue.get_by_role("button", name="Next for me").click()
        box = queue.get_by_role("textbox", name="Reply to")
        box.click()
        return box

    def test_a_key_only_types(self, queue, box):
        keyboard(queue).type("n?/jk gi gh 1ŵâé")

        expect(box).to_have_value("n?/jk gi gh 1ŵâé")
        expect(dialog(queue)).not_to_be_visible()
        assert taken() == 1

    @pytest.mark.parametrize("key", ["w", "y", "a", "6", "n", "Enter"])
    def test_alt_gr_does_nothing_else(self, queue, box, key):
        address = queue.url
        keyboard(queue).press(f"Control+Alt+{key}")
        box.blur()
        keyboard(queue).press(f"Control+Alt+{key}")
        queue.wait_for_timeout(200)

        assert queue.url == address
        assert taken() == 1

    @pytest.mark.parametrize("event", ["isComposing: true", "keyCode: 229", "repeat: true"])
    def test_an_input_method_and_a_key_held_down_send_nothing(self, queue, box, event):
        box.fill("Use another browser")
        queue.evaluate(
            f"""() => document.querySelector('textarea').dispatchEvent(
                new KeyboardEvent('keydown', {{ key: 'Enter', ctrlKey: true, bubbles: true, {event} }}))"""
        )
        queue.wait_for_timeout(200)

        expect(queue.get_by_role("button", name="Preview and send")).to_be_visible()

    def test_ctrl_enter_twice_sends_once(self, queue, box, smtp):
        box.fill("Use another browser")
        keyboard(queue).press("Control+Enter")
        expect(queue.get_by_role("heading", name="Check and send")).to_be_visible()
        keyboard(queue).press("Control+Enter")
        keyboard(queue).press("Control+Enter")

        expect(queue.get_by_text("is answered")).to_be_visible()
        assert Incident.objects.filter(state="resolved").count() == 1

    def test_a_select_and_a_radio_keep_their_keys(self, queue):
        keyboard(queue).press("f")
        for key in "njk?":
            keyboard(queue).press(key)
        queue.goto("/jobmatch/new/")
        queue.get_by_label("A jobseeker").focus()
        for key in ["j", "?", "g", "h"]:
            keyboard(queue).press(key)
        queue.wait_for_timeout(200)

        expect(dialog(queue)).not_to_be_visible()
        assert queue.url.endswith("/jobmatch/new/")
        assert taken() == 0

    def test_capitals_and_keys_with_ctrl_are_no_shortcuts(self, queue):
        for key in ["Shift+N", "Control+j", "Meta+n", "Alt+n"]:
            keyboard(queue).press(key)
        queue.wait_for_timeout(200)

        assert taken() == 0


class TestSwitchedOff:
    @pytest.fixture
    def quiet(self, page, agent, waiting) -> Page:
        StaffMember.objects.update(single_keys=False)
        sign_in(page, agent)
        return page

    def test_no_single_key_does_anything(self, quiet):
        keyboard(quiet).type("n?/fjg")
        keyboard(quiet).type("h")
        quiet.wait_for_timeout(300)

        expect(dialog(quiet)).not_to_be_visible()
        assert quiet.evaluate("document.activeElement.tagName") == "BODY"
        assert quiet.url.endswith("/jobmatch/")
        assert taken() == 0

    def test_no_page_names_them_then(self, quiet):
        expect(quiet.locator(".app-bar kbd")).not_to_be_visible()
        expect(quiet.locator(".app-head kbd")).not_to_be_visible()
        expect(quiet.locator("[aria-keyshortcuts=n]")).to_have_count(0)

    def test_ctrl_enter_goes_on(self, quiet):
        quiet.get_by_role("button", name="Next for me").click()
        quiet.get_by_role("textbox", name="Reply to").fill("Use another browser")
        keyboard(quiet).press("Control+Enter")

        expect(quiet.get_by_role("heading", name="Check and send")).to_be_visible()


def test_buttons_say_their_key(queue):
    button = queue.get_by_role("button", name="Next for me")

    expect(button.locator("kbd")).to_be_visible()
    expect(button).to_have_attribute("aria-keyshortcuts", "n")
