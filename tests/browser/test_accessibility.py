"""Every page, at the widths of a desk, a phone and 400% zoom: axe finds nothing, nothing scrolls sideways."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group
from playwright.sync_api import Page, expect

from contacthub.actor import PUBLIC
from contacthub.clock import now
from contacthub.deadlines.models import Deadline
from contacthub.mail.models import Message
from contacthub.mail.services import tell
from contacthub.people.models import StaffMember
from contacthub.people.roles import Role
from contacthub.submissions.services import keep, open_place
from jobmatch_helpdesk import services
from jobmatch_helpdesk.models import Incident, ReplyTemplate
from tests.browser.conftest import PASSWORD, answer_contact_us, go_on, keyboard, sign_in
from tests.factories import MembershipFactory, MessageFactory, PlacementFactory, StaffMemberFactory, UnitFactory, told

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LONG_NAME = "Wilhelmina-Alexandrina " * 2 + "Rhydderch-Vaughan"
NAMES = ["Siân Ffion Rhydderch-Vaughan", LONG_NAME, "مريم أحمد", "W" * 60]


# The label of the box, or what a group of boxes is called, is what stands where it is shown.
LABEL_IN_VIEW = """box => {
  const label = box.closest('fieldset')?.querySelector('legend') && box.type === 'radio'
    ? box.closest('fieldset').querySelector('legend') : box.labels[0]
  const at = label.getBoundingClientRect()
  const hit = document.elementFromPoint(at.left + 2, at.top + at.height / 2)
  return label.contains(hit) || Boolean(hit?.contains(label))
}"""


@pytest.fixture
def incidents(reference) -> list[Incident]:
    return [
        services.submit(
            told(
                customer_name=name,
                customer_email=f"{'long-' * 8}{number}@example.org",
                description="Cannot upload my CV\n\n" + "word " * 2000,
            ),
            by=PUBLIC,
            at=now() - timedelta(days=9 - number),
        )
        for number, name in enumerate(NAMES)
    ]


def contact_us(page: Page) -> None:
    page.goto("/contact-us/")


def who(page: Page) -> None:
    page.goto("/contact-us/who/")


def who_refused(page: Page) -> None:
    who(page)
    go_on(page)


def reply(page: Page) -> None:
    page.goto("/contact-us/reply/")


def reply_refused(page: Page) -> None:
    answer_contact_us(page, LONG_NAME, "Cannot upload")
    reply(page)
    page.get_by_label("I do not have an email address").check()
    page.get_by_label("Telephone number").fill("12")
    go_on(page)


def about_refused(page: Page) -> None:
    who(page)
    page.get_by_label("Looking for a job").check()
    go_on(page)
    page.goto("/contact-us/about/")
    go_on(page)


def happened(page: Page) -> None:
    page.goto("/contact-us/happened/?lang=cy")


def happened_without_a_session(page: Page) -> None:
    page.goto("/contact-us/happened/")
    page.get_by_label("What happened").fill("word " * 50)
    go_on(page)


def check_answers(page: Page) -> None:
    answer_contact_us(page, LONG_NAME, "word " * 500)


def sent(page: Page) -> None:
    check_answers(page)
    page.get_by_role("button", name="Send").click()


def go_on_later(page: Page) -> None:
    check_answers(page)
    page.goto("/contact-us/")


def sign_in_refused(page: Page) -> None:
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in").click()


def public_help(page: Page) -> None:
    page.goto("/help/")


def accessibility_in_welsh(page: Page) -> None:
    page.goto("/accessibility/?lang=cy")


PUBLIC_PAGES = [
    public_help, accessibility_in_welsh,
    contact_us, who, who_refused, reply, reply_refused, about_refused, happened, happened_without_a_session,
    check_answers, sent, go_on_later, sign_in_refused,
]  # fmt: skip


def queue(page: Page) -> None:
    page.goto("/jobmatch/")


def mine(page: Page) -> None:
    page.goto("/jobmatch/")
    page.get_by_role("button", name="Next for me").click()


def nobodys(page: Page) -> None:
    page.goto(Incident.objects.latest("pk").get_absolute_url())


def refused(page: Page) -> None:
    mine(page)
    page.get_by_role("button", name="Preview and send").click()


def act_refused(page: Page) -> None:
    mine(page)
    page.get_by_text("Put back").first.click()
    page.get_by_role("button", name="Put back").click()


def preview(page: Page) -> None:
    mine(page)
    page.get_by_role("textbox", name="Reply to").fill("word " * 300)
    page.get_by_role("button", name="Preview and send").click()


def answered(page: Page) -> None:
    preview(page)
    page.get_by_role("button", name="Send", exact=True).click()


def lost_race(page: Page) -> None:
    mine(page)
    page.get_by_role("textbox", name="Reply to").fill("word " * 300)
    page.get_by_role("button", name="Preview and send").click()
    Incident.objects.filter(state="assigned").update(state="resolved", replied_at=now())
    page.get_by_role("button", name="Send", exact=True).click()


def not_found(page: Page) -> None:
    page.goto("/jobmatch/UJ-999999/")


def account(page: Page) -> None:
    page.goto("/account/")


def password_refused(page: Page) -> None:
    page.goto("/account/password/")
    page.get_by_role("button", name="Change password").click()


def menu(page: Page) -> None:
    page.goto("/account/")
    page.get_by_text("Ana Byrne").first.click()


def time_out(page: Page) -> None:
    page.clock.install()
    page.goto("/account/")
    page.clock.fast_forward("26:00")
    expect(page.get_by_role("dialog")).to_be_visible()


def signed_out(page: Page) -> None:
    page.context.clear_cookies()
    page.goto("/sign-in/?next=/jobmatch/&ended=idle&not-done=1")


def help_for_staff(page: Page) -> None:
    page.goto("/help/")


def accessibility(page: Page) -> None:
    page.goto("/accessibility/")


def keys(page: Page) -> None:
    page.goto("/keys/")


def keys_in_place(page: Page) -> None:
    page.goto("/jobmatch/")
    keyboard(page).press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_visible()


def home(page: Page) -> None:
    page.goto("/")


def how_worked_out(page: Page) -> None:
    nobodys(page)
    page.get_by_text("How was this worked out?").click()


def found(page: Page) -> None:
    page.goto("/search/?q=rhydderch")
    expect(page.get_by_role("heading", name="Incidents")).to_be_visible()


def found_nothing(page: Page) -> None:
    page.goto(f"/search/?q={'nobody' * 30}")


def nothing_to_find(page: Page) -> None:
    page.goto("/search/")


def not_a_page(page: Page) -> None:
    page.goto("/jobmatch/UJ-000001/take/")


def token_failed(page: Page) -> None:
    mine(page)
    page.get_by_role("textbox", name="Reply to").fill("word " * 300)
    page.evaluate("document.querySelector('.app-reply [name=csrfmiddlewaretoken]').value = 'stale'")
    page.get_by_role("button", name="Preview and send").click()
    expect(page.get_by_label("Text")).to_have_value("word " * 300)


def signed_out_while_typing(page: Page) -> None:
    mine(page)
    page.get_by_role("textbox", name="Reply to").fill("word " * 300)
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Preview and send").click()
    expect(page.get_by_label("Text")).to_have_value("word " * 300)


def worked_out(page: Page) -> None:
    page.goto(Deadline.objects.latest("pk").get_absolute_url())


STAFF_PAGES = [
    home, found, found_nothing, nothing_to_find, queue, mine, nobodys, refused, act_refused, preview, answered,
    lost_race, not_found, worked_out, how_worked_out, not_a_page, token_failed, signed_out_while_typing,
]  # fmt: skip
ACCOUNT_PAGES = [
    help_for_staff,
    accessibility,
    keys,
    keys_in_place,
    account,
    password_refused,
    menu,
    time_out,
    signed_out,
]


def check(page: Page) -> None:
    page.locator("main").wait_for()  # what the last press led to
    for width in (1280, 360, 320):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.locator("html").evaluate("html => html.scrollWidth") <= width, f"scrolls sideways at {width}"
        found = Axe().run(page, options=RULES)
        assert found.violations_count == 0, found.generate_report()
    page.set_viewport_size({"width": 1280, "height": 700})  # where the bars of a record stay
    for link in page.locator(".govuk-error-summary a").all():
        link.click()
        box = page.locator(f"[id='{(link.get_attribute('href') or '')[1:]}']")
        assert box.is_editable()
        expect(box).to_be_focused()
        assert box.evaluate(LABEL_IN_VIEW), f"{link.text_content()} leads under something"


@pytest.mark.parametrize("go", PUBLIC_PAGES)
def test_public_page(page, reference, go: Callable[[Page], None]):
    go(page)

    check(page)


@pytest.mark.parametrize("go", STAFF_PAGES + ACCOUNT_PAGES)
def test_staff_page(page, agent, watch, incidents, go: Callable[[Page], None]):
    watch.expected = {403, 404, 405, 409}
    sign_in(page, agent)
    go(page)

    check(page)


def mail(page: Page) -> None:
    page.goto("/mail/")


def mail_filtered(page: Page) -> None:
    page.goto("/mail/?view=failed&to=rhys")


def notices(page: Page) -> None:
    page.goto("/notices/?view=all")


def drafts(page: Page) -> None:
    page.goto("/drafts/")


@pytest.fixture
def trouble(incidents, lead) -> StaffMember:
    """A lead with mail of every kind, a notice and a draft."""
    for incident, traits in zip(incidents, [{"failed": True}, {}, {"accepted": True}, {"attempts": 1}], strict=True):
        words = f"{incident.reference}: our answer to {incident.customer_name}"
        MessageFactory(case=incident.case, to=incident.customer_email, subject=words[:200], queued_at=now(), **traits)
    Message.objects.filter(attempts=1, state="queued").update(unsure_since=now(), tried_at=now())
    staff = StaffMember.objects.get(pk=lead.staff_id)
    tell(staff, words="The email failed: " + "550-long" * 50, case=incidents[0].case, at=now())
    place = open_place(lead, "a-place", title=f"Reply, {LONG_NAME}", link="/jobmatch/").place
    keep(place=place, words={"text": "word " * 2000}, by=lead, at=now())
    staff.set_password(PASSWORD)
    staff.save()
    return staff


@pytest.mark.parametrize("go", [home, mail, mail_filtered, notices, drafts])
def test_page_of_a_lead(page, trouble, go: Callable[[Page], None]):
    sign_in(page, trouble)
    go(page)

    check(page)


@pytest.mark.parametrize("go", [home, mail, notices, drafts])
def test_page_of_a_lead_with_nothing_to_do(page, lead, agent, go: Callable[[Page], None]):
    agent.groups.set(StaffMember.objects.get(pk=lead.staff_id).groups.all())
    sign_in(page, agent)
    go(page)

    check(page)


def test_an_empty_queue(page, agent):
    sign_in(page, agent)

    expect(page.get_by_text("No incident is open").first).to_be_visible()
    check(page)


def test_after_a_refusal_the_summary_has_the_focus_and_its_link_leads_into_the_field(page, reference):
    who_refused(page)

    expect(page.locator(".govuk-error-summary")).to_be_focused()
    page.get_by_role("link", name="Select whether you are an employer").click()
    expect(page.get_by_label("Looking for a job")).to_be_focused()


def templates(page: Page) -> None:
    page.goto("/jobmatch/templates/")


def new_template(page: Page) -> None:
    page.goto("/jobmatch/templates/new/")


def template_refused(page: Page) -> None:
    new_template(page)
    page.get_by_label("English").fill("[nmae]")
    page.get_by_role("button", name="Save").click()


def template(page: Page) -> None:
    page.goto(ReplyTemplate.objects.order_by("pk")[0].get_absolute_url())


def template_changed_meanwhile(page: Page) -> None:
    template(page)
    ReplyTemplate.objects.update(version=7)
    page.get_by_role("button", name="Save").click()


@pytest.fixture
def kept(trouble, lead) -> StaffMember:
    """A lead who keeps templates with long words."""
    long = services.Wording("W" * 100, "word " * 300, "https://" + "long" * 40, topic="complaint")
    made = services.add_template(wording=long, by=lead, at=now())
    services.change_template(
        template_id=made.pk, version=1, wording=replace(long, welsh="gair " * 300), by=lead, at=now()
    )
    services.add_template(wording=services.Wording("CV", "Save it", offered=False), by=lead, at=now())
    return trouble


@pytest.mark.parametrize("go", [templates, new_template, template, template_refused, template_changed_meanwhile])
def test_page_of_reply_templates(page, kept, watch, go: Callable[[Page], None]):
    watch.expected = {409}
    sign_in(page, kept)
    go(page)

    check(page)


def test_no_reply_templates_yet(page, trouble):
    sign_in(page, trouble)
    templates(page)

    check(page)


def inserted(page: Page) -> None:
    mine(page)
    page.get_by_label("Reply template").select_option("W" * 100)
    expect(page.get_by_text("Inserted. Check it before you send")).to_be_visible()


@pytest.mark.parametrize("go", [mine, inserted])
def test_the_editor_with_reply_templates(page, kept, go: Callable[[Page], None]):
    sign_in(page, kept)
    go(page)

    check(page)


def raise_form(page: Page) -> None:
    page.goto("/jobmatch/new/")


def raise_without_email(page: Page) -> None:
    page.goto("/jobmatch/new/")
    page.get_by_label("A jobseeker").check()
    page.get_by_label("The customer does not have an email address").check()
    page.get_by_label("There is a risk to my health and safety").check()
    page.get_by_role("textbox", name="Telephone number").fill("01632 960 771")
    expect(page.get_by_text("R04")).to_be_visible()


def raise_refused(page: Page) -> None:
    raise_without_email(page)
    page.get_by_role("button", name="Raise it", exact=False).first.click()


def incidents_of_raisers(page: Page) -> None:
    page.goto("/jobmatch/?view=site")


def filtered_out(page: Page) -> None:
    page.goto("/jobmatch/?state=closed&view=nothing")


@pytest.fixture
def adviser(incidents) -> StaffMember:
    """An adviser of a Jobcentre that has raised what the incidents are about."""
    staff = StaffMemberFactory(name=LONG_NAME, username="rhian", role=Role.JOBCENTRE_ADVISER)
    staff.set_password(PASSWORD)
    staff.save()
    unit = MembershipFactory(person=staff, unit=UnitFactory(code="pwn")).unit
    Incident.objects.update(raised_by=staff, site=unit)
    return staff


@pytest.mark.parametrize(
    "go", [home, raise_form, raise_without_email, raise_refused, incidents_of_raisers, filtered_out]
)
def test_page_of_an_adviser(page, adviser, go: Callable[[Page], None]):
    sign_in(page, adviser)
    go(page)

    check(page)


def filter_open(page: Page) -> None:
    page.goto("/jobmatch/?view=overdue&band=1&source=ed&received=week")


@pytest.mark.parametrize("go", [raise_form, filter_open])
def test_page_of_the_helpdesk_beside_its_queue(page, agent, incidents, go: Callable[[Page], None]):
    sign_in(page, agent)
    go(page)

    check(page)


def directory_list(page: Page) -> None:
    page.goto("/directory/")


def directory_found(page: Page) -> None:
    page.goto("/directory/?q=wwww&unit=team-1")


def directory_nobody(page: Page) -> None:
    page.goto("/directory/?q=zzzz")


def directory_vacant(page: Page) -> None:
    page.goto("/directory/?view=vacant")


def directory_person(page: Page) -> None:
    page.goto("/directory/900700/")


def directory_unit(page: Page) -> None:
    page.goto("/directory/units/team-1/")


def _checked_file(page: Page, text: str) -> None:
    page.goto("/directory/import/")
    file = {"name": f"{'people' * 20}.csv", "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("CSV file").set_input_files(file)
    page.get_by_role("button", name="Check the file").click()


def import_refused(page: Page) -> None:
    _checked_file(page, f"Staff number,Unit\n412,{'nowhere' * 30}\n413,\n")


def import_checked(page: Page) -> None:
    _checked_file(page, f"Staff number,Name,Work email\n900700,{'W' * 100},\n900701,New,{'n' * 60}@example.org\n")


def import_moved_on(page: Page) -> None:
    import_checked(page)
    StaffMember.objects.filter(staff_number="900700").update(name="Somebody else")
    page.get_by_role("button", name="Apply").click()
    expect(page.locator(".govuk-error-summary")).to_be_focused()


def import_applied(page: Page) -> None:
    import_checked(page)
    page.get_by_role("button", name="Apply").click()
    expect(page.get_by_text("is applied")).to_be_visible()


@pytest.mark.parametrize(
    "go",
    [
        directory_list, directory_found, directory_nobody, directory_vacant, directory_person, directory_unit,
        import_refused, import_checked, import_moved_on, import_applied,
    ],
)  # fmt: skip
def test_page_of_the_directory(page, agent, watch, go: Callable[[Page], None]):
    watch.expected = {409}
    team = UnitFactory(kind="team", code="team-1", name="Team " + "W" * 90)
    PlacementFactory(unit=team, area=UnitFactory(kind="area", name="Area " + "W" * 90))
    person = StaffMemberFactory(name="W" * 140, staff_number="900700", email=f"{'w' * 60}@{'w' * 60}.example")
    MembershipFactory(person=person, unit=UnitFactory(kind="team"), ends_on=date(2026, 5, 31))
    MembershipFactory(person=person, unit=team, starts_on=date(2026, 6, 1))
    agent.groups.set([Group.objects.get(name=Role.ADMINISTRATOR)])
    sign_in(page, agent)
    go(page)

    check(page)
