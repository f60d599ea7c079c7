"""Tables in files as an office has them."""

import pytest

from contacthub.csvfiles import Column, Problem, Row, read, repeated
from contacthub.spreadsheet import guarded, unguarded

COLUMNS = (Column("number", "Staff number", required=True), Column("name", "Name"), Column("note", "Note"))


def table(data: bytes | str, most_rows: int = 100):
    return read(data.encode() if isinstance(data, str) else data, COLUMNS, most_rows=most_rows)


def cells(data: bytes | str) -> list[dict[str, str]]:
    found = table(data)
    assert found.problems == []
    return [row.cells for row in found.rows]


def problem(data: bytes | str, most_rows: int = 100) -> Problem:
    found = table(data, most_rows)
    assert found.rows == []
    [one] = found.problems
    return one


SIAN = {"number": "000412", "name": "Siân O’Neill"}
TEXT = "Staff number{0}Name\r\n000412{0}Siân O’Neill\r\n"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_usual_encoding_and_delimiter_is_read(delimiter, encoding):
    assert cells(TEXT.format(delimiter).encode(encoding)) == [SIAN]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_every_line_break_is_read_also_where_the_last_one_is_missing(ending):
    assert cells(ending.join(["Staff number,Name", "1,Ana", "2,Bilal"])) == [
        {"number": "1", "name": "Ana"},
        {"number": "2", "name": "Bilal"},
    ]


def test_columns_stand_in_any_order_and_headings_in_any_spelling():
    assert cells("NAME ;staff_Number\nAna;1") == [{"name": "Ana", "number": "1"}]


def test_rows_are_named_by_the_line_where_they_start():
    found = table('Staff number,Name\n1,"Ana\nByrne"\n\n2,Bilal\n')

    assert found.rows == [Row(2, {"number": "1", "name": "Ana\nByrne"}), Row(5, {"number": "2", "name": "Bilal"})]


def test_blank_rows_are_left_out_wherever_they_are():
    assert cells(";;\nStaff number;Name\n\n1;Ana\n;;;;\n  ; \n") == [{"number": "1", "name": "Ana"}]


def test_zeros_stay_as_they_are_typed():
    assert cells("Staff number\n000412\n412") == [{"number": "000412"}, {"number": "412"}]


def test_a_row_that_is_short_has_empty_cells():
    assert cells("Staff number,Name,Note\n1") == [{"number": "1", "name": "", "note": ""}]


def test_empty_headings_at_the_end_are_those_of_no_column():
    assert cells("Staff number,Name,,\n1,Ana,,\n") == [{"number": "1", "name": "Ana"}]


def test_a_delimiter_in_a_quoted_heading_does_not_count():
    assert cells('"Staff number";"Name"\n1;"Byrne, Ana"') == [{"number": "1", "name": "Byrne, Ana"}]


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        ("", 0, "The file is empty"),
        (";;\n\n", 0, "The file is empty"),
        (b"\x89PNG\x00\x00", 0, "Save it as “CSV UTF-8”"),
        (b"Staff number\n\x81", 0, "Save it as “CSV UTF-8”"),
        ("Staff number,Grade\n1,B", 1, "Column 2 is called “Grade”, which is not known"),
        ("\nStaff number,,Name\n1,B", 2, "Column 2 is called “”"),
        ("Name\nAna", 1, "Add the column “Staff number”"),
        ("Name,Staff number,name\nAna,1,Bo", 1, "Two columns are called “Name”"),
        ('Staff number,Name\n1,Ana\n2,"Bil', 3, "A quote"),
        ('Staff number,Name\n1,"A"na\n', 2, "A quote"),
    ],
)
def test_what_cannot_be_read_is_refused_whole_with_line_and_what_to_do(data, line, words):
    found = problem(data)

    assert found.line == line
    assert words in found.message


def test_a_row_with_more_cells_than_headings_is_a_problem_of_its_line():
    found = table("Staff number,Name\n1,Ana\n2,Byrne, Bilal\n")

    assert [(one.line, one.message.partition(".")[0]) for one in found.problems] == [
        (3, "There are 3 cells, and 2 headings")
    ]


def test_cells_that_are_blank_beyond_the_headings_are_no_problem():
    assert cells("Staff number,Name\n1,Ana,,\n") == [{"number": "1", "name": "Ana"}]


@pytest.mark.parametrize(("most", "refused"), [(2, False), (1, True)])
def test_more_rows_than_allowed_are_refused(most, refused):
    assert bool(table("Staff number\n1\n2", most).problems) is refused


@pytest.mark.parametrize(
    "value",
    ["=1+1 Ltd", "@Home Care", "- called back", "+441632960983", "-12.50", "O'Neill", "'", "'=odd", "plain", "\tx"],
)
def test_a_guarded_cell_comes_back_as_it_was(value):
    assert unguarded(str(guarded(value))) == value or guarded(value) == value


@pytest.mark.parametrize(("cell", "read_as"), [("'=1+1 Ltd", "=1+1 Ltd"), ("'+44 1632", "'+44 1632"), ("'tis", "'tis")])
def test_only_the_guard_is_taken_off(cell, read_as):
    assert cells(f'Staff number,Name\n1,"{cell}"') == [{"number": "1", "name": read_as}]


def test_repeated_keys_name_each_other_in_whatever_capitals():
    keys = [(7, "Ana.Byrne@example.org"), (8, "bo@example.org"), (900, "ana.byrne@example.org "), (901, ""), (902, "")]

    assert repeated(keys) == {7: [900], 900: [7]}
