"""What the PDF says and looks like. Pages are looked at as pictures too: no ink stands in their margins."""

import ctypes
import re

import pypdfium2
import pypdfium2.raw as pdfium
import pytest

from contacthub.documents.pdf import pdf, showable

MILLIMETRE = 72 / 25.4  # points
MARGIN = 19  # millimetres: of the 20 that the form leaves at its sides
A4 = (210, 297)


def form(**sections) -> bytes:
    return pdf(
        "documents/form.typ",
        {
            "title": "Complaint feedback form",
            "reference": "CFF-000123",
            "state": "With the team leader",
            "printed": "Printed Thursday 26 November 2026, 2pm",
            "sections": [{"title": "What happened", **sections}],
        },
    )


def pages(made: bytes) -> list[str]:
    """Return the words of each page, without the marks of where a long word may break."""
    document = pypdfium2.PdfDocument(made)
    found = [page.get_textpage().get_text_bounded() for page in document]
    document.close()
    return [re.sub(r"[\u200b\ufffe\u00ad]", "", text) for text in found]


def squeezed(made: bytes) -> str:
    return re.sub(r"\s", "", "".join(pages(made)))


def rightmost_ink(made: bytes) -> float:
    """Return how far to the right, in millimetres from the edge, anything stands on any page."""
    document = pypdfium2.PdfDocument(made)
    furthest = 0
    for page in document:
        picture = page.render(scale=1, grayscale=True).to_pil()
        furthest = max(furthest, picture.point(lambda shade: 255 - shade).getbbox()[2])
    document.close()
    return A4[0] - furthest / MILLIMETRE


def test_title_reference_state_and_rows_are_read_in_their_order():
    (page,) = pages(form(rows=[{"key": "Client", "value": "Siân Prys-Morgan"}, {"key": "Route", "value": "Review"}]))

    said = ["Complaint feedback form", "With the team leader", "What happened", "Client", "Siân Prys-Morgan", "Route"]
    assert [page.index(words) for words in said] == sorted(page.index(words) for words in said)
    assert "Page 1 of 1" in page
    assert "Printed Thursday 26 November 2026, 2pm" in page


def test_it_is_tagged_and_has_a_title_so_that_screen_readers_can_read_it():
    document = pypdfium2.PdfDocument(form(text="Words"))

    assert pdfium.FPDFCatalog_IsTagged(document)
    assert document.get_metadata_dict()["Title"] == "Complaint feedback form, CFF-000123"
    document.close()


def test_headings_and_the_heads_of_tables_are_tagged_as_such():
    made = form(table={"head": ["Name", "Post"], "rows": [["Ana", "Caseworker"]]})
    document = pypdfium2.PdfDocument(made)
    page = document[0]
    tree = pdfium.FPDF_StructTree_GetForPage(page.raw)

    def kinds(element) -> list[str]:
        name = ctypes.create_string_buffer(64)
        pdfium.FPDF_StructElement_GetType(element, name, 64)
        count = pdfium.FPDF_StructElement_CountChildren(element)
        below = [pdfium.FPDF_StructElement_GetChildAtIndex(element, number) for number in range(count)]
        return [name.raw.decode("utf-16-le").rstrip("\0"), *(kind for one in below if one for kind in kinds(one))]

    roots = range(pdfium.FPDF_StructTree_CountChildren(tree))
    found = [kind for number in roots for kind in kinds(pdfium.FPDF_StructTree_GetChildAtIndex(tree, number))]

    assert {"H1", "H2", "Table", "TH", "TD"} <= set(found)
    pdfium.FPDF_StructTree_Close(tree)
    document.close()


def test_the_same_data_give_the_same_bytes():
    assert form(text="Words") == form(text="Words")


def test_a_long_answer_is_printed_whole_on_as_many_pages_as_it_takes():
    words = [f"word{number}" for number in range(2_000)]

    made = form(text=" ".join(words) + "\nThe last sentence stands here.")

    assert len(pages(made)) > 3
    assert "".join(words[-20:]) in squeezed(made)
    assert "The last sentence stands here." in pages(made)[-1]
    for number, page in enumerate(pages(made), 1):
        assert "CFF-000123" in page
        assert f"Page {number} of {len(pages(made))}" in page


@pytest.mark.parametrize(
    "sections",
    [
        {"text": f"{'ŵ' * 400} then words"},
        {"rows": [{"key": "Email", "value": f"{'a' * 240}@example.org"}]},
        {"rows": [{"key": "k" * 100, "value": "Short", "long": True}]},
        {"table": {"head": ["Name", "h" * 60], "rows": [["n" * 200, "Caseworker"]], "widths": [1, 4]}},
    ],
)
def test_a_word_that_is_longer_than_its_box_is_broken_and_none_runs_over_the_edge(sections):
    made = form(**sections)

    assert rightmost_ink(made) >= MARGIN
    longest = max(re.findall(r"\w+", str(sections)), key=len)
    assert longest in squeezed(made)


def test_the_picture_of_what_runs_over_the_edge_shows_it():
    assert rightmost_ink(form(text="Words")) == pytest.approx(20, abs=0.6)


def test_a_row_that_is_taller_than_a_page_goes_on_under_the_head_of_its_table():
    tall = " ".join(f"tall{number}" for number in range(1_200))
    rows = [[f"Person {number}", "Caseworker"] for number in range(40)] + [["Taller", f"{tall} end of the tall row"]]

    made = form(table={"head": ["Name", "What they did"], "rows": rows})

    assert len(pages(made)) > 3
    assert all("What they did" in page for page in pages(made))
    assert "endofthetallrow" in squeezed(made)
    assert all(f"Person {number}" in "".join(pages(made)) for number in range(40))


def test_what_looks_like_markup_is_printed_as_it_was_typed():
    typed = '#let x = 1 *bold* $y$ [a] \\ "quoted" <label> @ref // none'

    assert re.sub(r"\s", "", typed) in squeezed(form(text=typed))


def test_lines_stay_lines():
    assert "12 Corn Street\r\nAshcombe\r\nZZ99 1AA" in pages(form(text="12 Corn Street\nAshcombe\r\nZZ99 1AA"))[0]


def test_characters_that_cannot_be_printed_leave_a_mark_and_the_form_says_so():
    (page,) = pages(form(text="From 漢字 with 😀"))

    assert "From �� with �" in page
    assert "Some characters cannot be printed here and stand as �. ContactHub shows them." in page


def test_of_what_can_be_printed_the_form_says_nothing():
    (page,) = pages(form(text="Ŵyr Siân “quoted” – Łódź – Αθήνα – Київ – £5 €5"))

    assert "Ŵyr Siân “quoted” – Łódź – Αθήνα – Київ – £5 €5" in page
    assert "cannot be printed" not in page


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("bell\x07", "bell"),
        ("\u202etxt.exe", "txt.exe"),
        ("soft\u00adhyphen", "softhyphen"),
        ("Sia\u0302n", "Siân"),
        ("a\tb", "a    b"),
        ("one\r\ntwo\x0bthree", "one\ntwo\nthree"),
        ("✈\ufe0f", "�"),
        ("\ud800", "�"),
    ],
)
def test_what_nobody_sees_is_left_out(typed, printed):
    assert showable(typed) == printed
