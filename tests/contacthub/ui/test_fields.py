"""What people paste is read as they see it."""

import pytest

from contacthub.ui.fields import ManyLines


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\v", "\x85", "\u2028"])
def test_every_kind_of_line_break_is_one(line_break):
    assert ManyLines().clean(f"One{line_break}two") == "One\ntwo"


def test_what_nobody_sees_is_taken_out_of_each_line():
    assert ManyLines().clean("One\u202e\x00\n\tt\u00adwo") == "One\n    two"
