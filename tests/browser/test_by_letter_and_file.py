"""A letter is dealt with like a call, and a file changes the lines of a schedule, in a browser."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from contacthub.actor import Actor
from employer_contact.models import Contact, Employer, PayingParent, ScheduleLine, ServiceRequest
from tests.browser.conftest import enter_as, keyboard
from tests.browser.test_accessibility import check
from tests.browser.test_service_requests import owen, request_for, skerrow  # noqa: F401 the fixtures of a call
from tests.contacthub.documents.files import PDF

FILE = "Paying parent;Change;From\r\nQQ 12 34 51 C;Absence;7/6/2026\r\nZoë Abara;Left employment;1/6/2026\r\n;;\r\n"


@pytest.mark.proves("EC-03", "EC-05", "EC-15")
def test_a_letter_that_asks_for_two_things_is_one_contact_with_two_requests(
    page: Page,
    owen: Actor,  # noqa: F811
    skerrow: Employer,  # noqa: F811
) -> None:
    enter_as(page, owen)
    page.goto("/employers/calls/new/?party=900000006")
    expect(page.get_by_label("Scan of the letter")).to_be_hidden()
    page.get_by_label("Letter", exact=True).check()
    page.get_by_label("Scan of the letter").set_input_files(
        {"name": "Llythyr.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    check(page)
    keyboard(page).press("Control+Enter")
    page.get_by_role("link", name="Llythyr.pdf").wait_for()
    check(page)
    page.get_by_label("Statement").check()
    page.get_by_label("Update employer").check()
    keyboard(page).press("Control+Enter")
    for _ in range(2):
        expect(page.get_by_role("link", name="Llythyr.pdf")).to_be_visible()
        keyboard(page).press("Control+Enter")
        page.wait_for_load_state("load")
    page.get_by_role("heading", name="Wrap up").wait_for()

    contact = Contact.objects.get()
    assert ServiceRequest.objects.filter(contact=contact).count() == 2
    assert (contact.channel, contact.security) == ("letter", "not_required")


@pytest.mark.proves("EC-36")
@pytest.mark.parametrize("width", [1280, 360])
def test_the_lines_of_a_group_are_changed_by_a_file(
    page: Page,
    owen: Actor,  # noqa: F811
    skerrow: Employer,  # noqa: F811
    width: int,
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    PayingParent.objects.filter(reference="121999700001").update(nino="QQ123451C")
    parents = ("121999700001", "121999700002")
    request = request_for("change_multiple", "DEO_UPDATE_GROUP", skerrow, owen, paying_parents=parents)
    enter_as(page, owen)
    page.goto(f"{request.get_absolute_url()}?activity=5")
    page.get_by_role("link", name="Send or paste a file with the changes").click()
    check(page)
    page.get_by_label("CSV file").set_input_files(
        {"name": "Newidiadau.csv", "mimeType": "text/csv", "buffer": FILE.replace("Absence", "Away").encode()}
    )
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_text("Line 2: Change: Write one of")).to_be_visible()
    check(page)
    page.get_by_label("CSV file").set_input_files(
        {"name": "Newidiadau.csv", "mimeType": "text/csv", "buffer": FILE.encode("cp1252")}
    )
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_text("Absence from 7 June 2026")).to_be_visible()
    check(page)
    page.get_by_role("button", name="Apply, and complete the activity").click()
    page.get_by_text(f"The lines of {request.reference} are changed").wait_for()

    changes = ScheduleLine.objects.order_by("pk").values_list("change", "effective_on")
    assert [*changes] == [("absence", date(2026, 6, 7)), ("left", date(2026, 6, 1))]
