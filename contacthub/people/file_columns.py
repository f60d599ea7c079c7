"""The columns of a file about people, and what its page says of each."""

from __future__ import annotations

from collections.abc import Mapping

from contacthub.csvfiles import Column
from contacthub.people.roles import Post

MOST_ROWS = 5_000
COLUMNS = (
    Column("staff_number", "Staff number", required=True),
    Column("name", "Name"),
    Column("email", "Work email"),
    Column("unit", "Unit"),
    Column("post", "Post"),
    Column("since", "Since"),
    Column("takes_calls_in_welsh", "Takes calls in Welsh"),
    Column("active_from", "First day"),
    Column("active_to", "Last day"),
)
MEANING: Mapping[str, str] = {
    "staff_number": "With all its zeros. It says who is meant",
    "name": "Needed for somebody new",
    "email": "Needed for somebody new",
    "unit": "The code of the unit, as on its page. Empty: works in no unit",
    "post": f"{', '.join(Post.labels)}. Empty: no post",
    "since": "The first day in this unit and post. Empty: today",
    "takes_calls_in_welsh": "Yes or no",
    "active_from": "The first day of work. Empty, for somebody new: today",
    "active_to": "The last day of work. Empty: goes on",
}
EXAMPLE = (
    "000412",
    "Siân O’Neill",
    "sian.oneill@contacthub.example",
    "maintenance-7",
    "",
    "01/12/2026",
    "Yes",
    "01/12/2026",
    "",
)
