"""Lines of a schedule changed by a file: read as an office has it, shown row by row, applied as shown or not at all."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from contacthub.deadlines.models import FollowUp
from contacthub.people.models import StaffMember
from employer_contact import services
from employer_contact.models import PayingParent, ScheduleLine, UnknownName
from employer_contact.services import LineUpdate, Reported
from employer_contact.services.doing import grounds_of
from tests.employer_contact.calling import call_from, with_reason
from tests.employer_contact.people import CASEWORKER, LEADER, OTHER, somebody, team
from tests.factories import MORNING, DeoScheduleFactory, EmploymentFactory, PayingParentFactory, ScheduleLineFactory

pytestmark = pytest.mark.django_db
PEOPLE = {
    "121999700001": ("Gethin Prys-Morgan", "QQ123451C"),
    "121999700002": ("Zoë Abara", "QQ123452C"),
    "121999700003": ("Siân Ŵyn O’Neill", "QQ123453C"),
}
HEAD = "Paying parent;Change;From\n"


@pytest.fixture
def lines(skerrow):
    """Return the lines of the newest schedule by the references of their paying parents, and one of somebody else's."""
    schedule, lines = DeoScheduleFactory(employer=skerrow), {}
    for reference, (name, nino) in [*PEOPLE.items(), ("121999700009", ("Not Asked", "QQ123459C"))]:
        parent = PayingParentFactory(reference=reference, name=name, nino=nino)
        EmploymentFactory(employer=skerrow, paying_parent=parent)
        lines[reference] = ScheduleLineFactory(schedule=schedule, paying_parent=parent)
    return lines


@pytest.fixture
def request_for_all(owen, skerrow, lines):
    contact = with_reason("change_multiple", skerrow, by=owen)
    return services.create_sr(
        contact_id=contact.pk, reason="change_multiple", kind="DEO_UPDATE_GROUP", by=owen, at=MORNING,
        details=services.Details(paying_parents=(*PEOPLE,)),
    )  # fmt: skip


class Sender:
    def __init__(self, client, request):
        self.client, self.address = client, f"{request.get_absolute_url()}lines/"

    def paste(self, text, **given):
        return self.client.post(f"{self.address}upload/", {"text": text, **given})

    def send(self, data: bytes, **given):
        return self.client.post(f"{self.address}upload/", {"file": SimpleUploadedFile("changes.csv", data), **given})

    def apply(self, shown, **given):
        form = shown.context["apply"]
        sent = {name: form[name].value() or "" for name in ("key", "rows", "words")}
        return self.client.post(f"{self.address}apply/", sent | given)


@pytest.fixture
def sender(client, owen, request_for_all):
    return Sender(client, request_for_all)


def problems(response) -> list[tuple[int, str]]:
    assert response.status_code == 200
    return [(one.line, one.message) for one in response.context["problems"]]


def stands() -> dict[str, tuple]:
    rows = ScheduleLine.objects.values_list("paying_parent__reference", "change", "effective_on", "deducted")
    return {reference: (change, day, deducted) for reference, change, day, deducted in rows if change}


@pytest.mark.proves("EC-36")
def test_a_file_of_an_office_is_shown_and_applied_as_it_was_shown(sender, request_for_all):
    text = (
        "From;Paying parent;CHANGE;Deducted\r\n"
        "07/06/2026;qq 12 34 51 c;Left employment;\r\n"
        "2026-06-09;121999700002;absence;£1,188.20\r\n"
        '1/6/2026;"Siân Ŵyn O’Neill";Other;\r\n'
        ";;;\r\n;;;"
    )

    shown = sender.send(text.encode("utf-16"))

    assert stands() == {}, "a preview writes nothing"
    assert "nothing reported</bdi></del> <bdi>Absence from 9 June 2026, £1,188.20 deducted" in shown.content.decode()
    assert sender.apply(shown).status_code == 302
    assert stands() == {
        "121999700001": ("left", date(2026, 6, 7), None),
        "121999700002": ("absence", date(2026, 6, 9), Decimal("1188.20")),
        "121999700003": ("other", date(2026, 6, 1), None),
    }
    assert request_for_all.activities.get(does="update_lines").status == "completed"


def test_windows_1252_and_a_quoted_line_break_are_read(sender):
    shown = sender.send('Paying parent,Change,From\n"Zoë\nAbara",Left employment,7/6/2026'.encode("cp1252"))

    assert [one.line.paying_parent.name for one in shown.context["plan"].changes] == ["Zoë Abara"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("121999700001;Retired;7/6/2026", "Change: Write one of: Left employment, Never worked here, Full amount"),
        ("121999700001;Other;7/6/26", "From: Enter a date whose year has four numbers, like 31/8/2026"),
        ("121999700001;Other;", "From: Enter the day from which the change holds"),
        (";Other;7/6/2026", "Paying parent: Enter who it is about"),
        ("121999700001;Other;7/6/2026;9;4111 1111 1111 1111", "Reason for the difference: Take the card number out"),
        ("4111 1111 1111 1111;Other;7/6/2026", "Paying parent: Take the card number out"),
        ("121999700001;Other;7/6/2026;;Sick pay", "Deducted: Enter the amount that the reason is about"),
        ("1.22E+11;Other;7/6/2026", "A spreadsheet has rounded “1.22E+11”. Give the column the format Text"),
        ("121999700009;Other;7/6/2026", "Not Asked is on the schedule, and not a paying parent of SR-"),
        ("121999799999;Other;7/6/2026", "“121999799999” is not on the schedule. Enter the name of the person"),
        ("QQ 99 99 99 C;Other;7/6/2026", "is not on the schedule. Enter the name of the person"),
    ],
)
def test_a_row_that_is_wrong_is_named_and_nothing_of_the_file_is_used(sender, row, message):
    head = "Paying parent;Change;From;Deducted;Reason for the difference\n"

    shown = sender.paste(f"{head}121999700002;Absence;9/6/2026\n{row}")

    [(line, said)] = problems(shown)
    assert (line, said[: len(message)]) == (3, message) or (line == 3 and message in said)
    assert "QQ 99 99 99 C" not in said, "no full National Insurance number is repeated (XC-06)"
    assert f"{row}</textarea>" in shown.content.decode().replace("&amp;", "&"), "what was pasted is kept"
    assert stands() == {}


@pytest.mark.parametrize(
    ("amount", "is_read"), [("188,20", False), ("1,188.2", True), ("-1", False), ("12.345", False)]
)
def test_an_amount_in_doubt_is_refused(sender, amount, is_read):
    shown = sender.paste(f"Paying parent;Change;From;Deducted\n121999700001;Other;7/6/2026;{amount}")

    if is_read:
        assert shown.context["plan"].changes[0].after.deducted == Decimal("1188.20")
    else:
        assert problems(shown) == [(2, "Deducted: Enter an amount in pounds, like 188.20")]


def test_all_that_is_to_be_mended_is_named_at_once(sender):
    shown = sender.paste(f"{HEAD}121999700001;Other;7/6/26\n121999799999;Other;7/6/2026\n121999700002;Moved;7/6/2026")

    assert [line for line, _ in problems(shown)] == [2, 3, 4]


@pytest.mark.proves("EC-36")
def test_a_file_without_amounts_leaves_what_was_deducted_and_takes_a_change_by_its_code_too(sender, lines):
    kept = {"deducted": Decimal("90.00"), "difference_reason": "Sick pay"}
    ScheduleLine.objects.filter(pk=lines["121999700001"].pk).update(**kept)

    sender.apply(sender.paste(f"{HEAD}121999700001;never_worked_here;7/6/2026"), words="They stay")

    line = ScheduleLine.objects.get(pk=lines["121999700001"].pk)
    assert (line.change, line.deducted, line.difference_reason) == ("never_worked_here", *kept.values())


def test_one_person_in_two_rows_is_named_in_both_however_they_are_written(sender):
    shown = sender.paste(f"{HEAD}zoë  ABARA;Other;7/6/2026\n121999700001;Other;7/6/2026\n121999700002;Other;8/6/2026")

    assert problems(shown) == [
        (2, "The same person is in line 4 too. Keep one of the rows"),
        (4, "The same person is in line 2 too. Keep one of the rows"),
    ]


@pytest.mark.parametrize("typed", ["Sian Wyn ONeill", "SIAN WYN O NEILL", "Siân Ŵyn O'Neill", "O'Neill, Siân Ŵyn"])
def test_a_name_is_found_in_each_spelling_of_it(sender, typed):
    shown = sender.paste(f"{HEAD}{typed};Other;7/6/2026")

    plan = shown.context["plan"]
    if "," in typed:
        assert [one.who for one in plan.unknown] == [typed], "not in another order: two may be called so"
    else:
        assert [one.line.paying_parent.reference for one in plan.changes] == ["121999700003"]


def test_two_of_one_name_on_the_schedule_are_told_apart_by_number(sender, lines):
    PayingParent.objects.filter(reference="121999700003").update(name="Zoë Abara")

    shown = sender.paste(f"{HEAD}Zoë Abara;Other;7/6/2026")

    assert problems(shown) == [(2, "2 on the schedule are called “Zoë Abara”. Enter the National Insurance number")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Select a CSV file, or paste the rows"),
        ("Paying parent;Change\n121999700001;Other", "Add the column “From” to the first line of the file"),
        ("Paying parent;Change;From;Shoe size\n", "Column 4 is called “Shoe size”, which is not known"),
        (HEAD, "Mend the rows as the list below says"),
        (HEAD + "121999700001;Other;7/6/2026\n" * 501, "The file has 501 rows. Split it into files of 500 or fewer"),
    ],
)
def test_a_file_that_is_none_says_what_to_do(sender, text, message):
    assert message in sender.paste(text).content.decode()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty. Select one with a line of headings"),
        (b"x" * 500_001, "The file must be smaller than 500 KB. Split it"),
        (
            b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00" + bytes(range(256)),
            "The file is no text that can be read",
        ),
        (HEAD.encode() + b"121999700001\x00;Other;7/6/2026", "The file is no text that can be read"),
        (HEAD.encode() + b'"121999700001;Other;7/6/2026\n' * 400, "quot"),
        (b";" * 400_000, "The file is empty. Select one with a line of headings"),
        (HEAD.encode() + b"121999700001;" + b"O" * 400_000 + b";7/6/2026", "or a cell is too long. Mend it"),
    ],
)
def test_a_hostile_file_is_refused_in_words_and_nothing_is_used(sender, data, message):
    shown = sender.send(data)

    assert shown.status_code == 200
    assert message in shown.content.decode().replace("&quot;", '"')
    assert stands() == {}


@pytest.mark.parametrize(
    ("cells", "change", "day"),
    [
        ("121999700001,Other,2026-06-07", "other", date(2026, 6, 7)),
        ("1219 9970 0001 ,OTHER, 07/06/2026", "other", date(2026, 6, 7)),
        ("qq123451c,left employment,01/02/2026", "left", date(2026, 2, 1)),
    ],
)
def test_cells_as_a_spreadsheet_writes_them_are_read(sender, cells, change, day):
    shown = sender.send(f"Paying parent,Change,From\r\n{cells}\r\n,,\r\n,,".encode("utf-8-sig"))

    [one] = shown.context["plan"].changes
    assert (one.line.paying_parent.reference, one.after.change, one.after.effective_on) == ("121999700001", change, day)


@pytest.mark.parametrize("day", ["07-Jun-26", "46180", "7.6.2026", "31/6/2026"])
def test_a_day_that_a_spreadsheet_made_into_something_else_is_refused(sender, day):
    shown = sender.send(f"Paying parent,Change,From\n121999700001,Other,{day}".encode())

    assert problems(shown) == [(2, "From: Enter a date whose year has four numbers, like 31/8/2026")]


def test_a_name_that_looks_like_a_formula_comes_back_without_its_guard(sender):
    shown = sender.paste(f"{HEAD}'=1+1 Ltd;Other;7/6/2026\n'O’Shea;Other;8/6/2026")

    assert [one.who for one in shown.context["plan"].unknown] == ["=1+1 Ltd", "'O’Shea"]


@pytest.mark.proves("XC-06")
def test_a_name_with_a_national_insurance_number_is_shown_without_the_whole_of_it(sender):
    shown = sender.paste(f"{HEAD}Ifan Bowen QQ 99 99 98 C;Other;7/6/2026").content.decode()

    assert "<bdi>Ifan Bowen QQ •• •• 98 C</bdi> is not on the schedule" in shown
    assert "QQ 99 99 98 C" not in shown


def test_a_file_and_pasted_rows_at_once_are_in_doubt(sender):
    assert "Select a file or paste the rows, not both" in sender.send(b"x", text="y").content.decode()


def test_a_file_that_says_what_the_schedule_says_changes_nothing(sender, lines):
    ScheduleLine.objects.filter(pk=lines["121999700001"].pk).update(change="other", effective_on=date(2026, 6, 7))

    assert problems(sender.paste(f"{HEAD}121999700001;Other;7/6/2026")) == [
        (0, "The schedule says all of this already")
    ]


@pytest.mark.proves("EC-36")
def test_a_name_that_is_not_on_the_schedule_is_investigated_with_its_own_change_and_day(sender):
    shown = sender.paste(f"{HEAD}Ifan Bowen;Never worked here;8/6/2026\n121999700001;Other;7/6/2026")

    assert "<bdi>Ifan Bowen</bdi> is not on the schedule" in shown.content.decode()
    assert sender.apply(shown, words="The others are as before").status_code == 302

    marked = UnknownName.objects.get()
    assert (marked.name, marked.change, marked.effective_on) == ("Ifan Bowen", "never_worked_here", date(2026, 6, 8))
    assert FollowUp.objects.get(kind="investigation").words.startswith("Ifan Bowen, not on the schedule")


@pytest.mark.proves("EC-36")
def test_lines_that_stay_are_explained_and_a_refusal_shows_the_rows_again(sender):
    shown = sender.paste(f"{HEAD}121999700001;Other;7/6/2026")
    assert "As they are" in shown.content.decode()
    assert "(optional)" not in shown.content.decode(), "they are asked for where lines stay"

    refused = sender.apply(shown)

    said = "Nothing was changed for Siân Ŵyn O’Neill, Zoë Abara"
    assert said in refused.content.decode()
    assert refused.content.decode().count("Error:</span>") == 1, "it stands at the words too"
    assert stands() == {}
    assert sender.apply(refused, words="They stay").status_code == 302
    assert [*stands()] == ["121999700001"]


def test_a_line_that_a_colleague_changed_meanwhile_is_shown_as_it_is_now(sender, lines, request_for_all, skerrow):
    shown = sender.paste(f"{HEAD}121999700001;Other;7/6/2026")
    line = lines["121999700001"]
    services.update_lines(
        schedule_id=line.schedule_id,
        updates=[LineUpdate(line.pk, Reported(), Reported("absence", date(2026, 6, 5)))],
        grounds=grounds_of(request_for_all),
        by=somebody(LEADER, unit=team()),
        at=MORNING,
    )

    refused = sender.apply(shown, words="They stay")

    page = refused.content.decode()
    assert "the line of Gethin Prys-Morgan now says Absence from 5 June 2026" in page
    assert "Absence from 5 June 2026</bdi></del> <bdi>Other from 7 June 2026" in page
    assert "They stay</textarea>" in page
    assert sender.apply(refused).status_code == 302
    assert stands()["121999700001"][0] == "other"


def test_a_line_that_was_shown_as_it_is_and_would_change_by_now_is_shown_first(sender, lines):
    line = ScheduleLine.objects.filter(pk=lines["121999700002"].pk)
    line.update(change="absence", effective_on=date(2026, 6, 9))
    shown = sender.paste(f"{HEAD}121999700001;Other;7/6/2026\n121999700002;Absence;9/6/2026")
    line.update(change="left", effective_on=date(2026, 6, 5))

    refused = sender.apply(shown, words="They stay")

    page = refused.content.decode()
    assert "The schedule has changed since this was shown" in page
    assert "Left employment from 5 June 2026</bdi></del> <bdi>Absence from 9 June 2026" in page
    assert [*stands()] == ["121999700002"]
    assert sender.apply(refused).status_code == 302
    assert {reference: change for reference, (change, *_) in stands().items()} == {
        "121999700001": "other",
        "121999700002": "absence",
    }


def test_a_newer_schedule_is_shown_before_anything_is_written_to_it(sender, lines, skerrow):
    shown = sender.paste(f"{HEAD}121999700001;Other;7/6/2026")
    newer = DeoScheduleFactory(employer=skerrow, month=date(2026, 7, 1))
    for line in lines.values():
        ScheduleLineFactory(schedule=newer, paying_parent=line.paying_parent)

    refused = sender.apply(shown, words="They stay")

    assert stands() == {}
    assert "What would change, July 2026" in refused.content.decode()
    assert sender.apply(refused).status_code == 302
    assert ScheduleLine.objects.exclude(change="").get().schedule == newer


def test_who_is_taken_off_the_schedule_meanwhile_is_not_investigated_unseen(sender, lines):
    shown = sender.paste(f"{HEAD}121999700001;Other;7/6/2026\nZoë Abara;Other;7/6/2026")
    lines["121999700002"].delete()

    refused = sender.apply(shown, words="They stay")

    assert not UnknownName.objects.exists()
    assert "<bdi>Zoë Abara</bdi> is not on the schedule" in refused.content.decode()


def test_pressing_twice_changes_once(sender):
    shown = sender.paste(f"{HEAD}121999700001;Other;7/6/2026")

    for _ in range(2):
        assert sender.apply(shown, words="They stay").status_code == 302

    assert ScheduleLine.objects.exclude(change="").count() == 1


@pytest.mark.parametrize("rows", ["", "made up"])
def test_what_no_page_of_ours_sealed_is_not_applied(sender, rows):
    shown = sender.paste(f"{HEAD}121999700001;Other;7/6/2026")

    assert "There is a problem" in sender.apply(shown, rows=rows, words="They stay").content.decode()
    assert stands() == {}


def test_who_cannot_do_the_step_sees_no_page_and_sends_nothing(client, request_for_all):
    client.force_login(StaffMember.objects.get(pk=somebody(OTHER).staff_id))
    sender = Sender(client, request_for_all)

    assert client.get(sender.address).status_code == 404
    assert sender.paste(f"{HEAD}121999700001;Other;7/6/2026").status_code == 404


def test_a_caseworker_of_another_team_sees_the_request_and_sends_no_file(client, request_for_all):
    client.force_login(StaffMember.objects.get(pk=somebody(CASEWORKER, unit=team("other")).staff_id))
    sender = Sender(client, request_for_all)

    assert client.get(request_for_all.get_absolute_url()).status_code == 200
    for answer in (client.get(sender.address), sender.paste(f"{HEAD}121999700001;Other;7/6/2026")):
        assert (answer.status_code, answer.url) == (302, request_for_all.get_absolute_url())


def test_once_the_step_is_settled_the_page_leads_back_to_the_request(client, sender, request_for_all):
    shown = sender.paste(f"{HEAD}121999700001;Other;7/6/2026")
    sender.apply(shown, words="They stay")

    late = sender.apply(shown, key="another", words="They stay")

    assert client.get(sender.address).url == request_for_all.get_absolute_url() == late.url


@pytest.mark.proves("EC-14")
def test_before_the_check_of_a_call_nothing_is_read_nor_said_to_be_settled(client, owen, skerrow, sender):
    shown = sender.paste(f"{HEAD}121999700001;Other;7/6/2026")
    call_from(skerrow, by=owen)

    for send in (lambda: sender.paste(HEAD), lambda: sender.apply(shown, words="They stay")):
        page = client.get(send().url).content.decode()
        assert "These lines cannot be changed now. Nothing was changed" in page
    assert stands() == {}


def test_the_step_leads_to_the_page(client, owen, request_for_all):
    step = request_for_all.activities.get(does="update_lines")

    page = client.get(f"{request_for_all.get_absolute_url()}?activity={step.number}").content.decode()

    assert f'href="{request_for_all.get_absolute_url()}lines/"' in page
    assert client.get(f"{request_for_all.get_absolute_url()}lines/").status_code == 200


def test_more_rows_take_no_more_queries(sender, django_assert_max_num_queries):
    rows = "".join(f"{reference};Other;7/6/2026\n" for reference in PEOPLE)
    unknown = "".join(f"Somebody {letter};Other;7/6/2026\n" for letter in "ABCDEFGHIJ")

    with django_assert_max_num_queries(30) as few:
        sender.paste(HEAD + rows)
    with django_assert_max_num_queries(30) as many:
        sender.paste(HEAD + rows + unknown)
    assert len(many) == len(few)
