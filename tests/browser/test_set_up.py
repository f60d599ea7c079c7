"""The pages of administrators keep to the strict policy, and a change can be read in the history."""

from playwright.sync_api import Page, expect

from contacthub.people.models import Unit
from contacthub.people.roles import Role
from tests.browser.conftest import PASSWORD, sign_in
from tests.factories import StaffMemberFactory


def test_an_inbox_is_set_and_the_change_is_read_in_the_history(page: Page, reference, watch):
    watch.expected = {403}  # the queue, where an administrator has no place
    ingrid = StaffMemberFactory(name="Ingrid Falk", username="ingrid", role=Role.ADMINISTRATOR)
    ingrid.set_password(PASSWORD)
    ingrid.save()
    sign_in(page, ingrid)

    page.get_by_role("link", name="Set-up").click()
    page.get_by_role("link", name="Units", exact=True).click()
    page.get_by_role("link", name="Telford").click()
    page.get_by_label("Inbox").fill("ed.telford@contacthub.example")
    page.get_by_role("button", name="Save", exact=True).click()

    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert Unit.objects.get(code="ed-telford").inbox == "ed.telford@contacthub.example"
    page.get_by_role("link", name="Telford").first.click()
    page.get_by_role("link", name="History").click()
    expect(page.get_by_text("Inbox: nothing → ed.telford@contacthub.example")).to_be_visible()
    expect(page.get_by_role("cell", name="Ingrid Falk")).to_be_visible()
    for address in ("people/membership/add/", "people/staffmember/add/", "mail/mailbox/"):
        page.goto(f"/admin/{address}")
