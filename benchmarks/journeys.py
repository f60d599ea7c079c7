"""What a caseworker presses in a call, and how many pages load: counted in a browser by tests/browser/test_inputs.py.

A count that differs from this table fails that test. An input is a press of a button, link, tick, radio, option or
shortcut, a chord being one; typing in a field and Tab to it are none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Journey:
    """`most` is the bound of its inputs. The page that telephony opens counts as a load."""

    inputs: int
    loads: int
    most: int


JOURNEYS = {
    "ERN keyed, one request, by keys": Journey(inputs=7, loads=5, most=9),
    "ERN keyed, one of two requests, by keys": Journey(inputs=8, loads=5, most=9),
    "ERN keyed, one request, by mouse": Journey(inputs=8, loads=5, most=9),
    "party and reason chosen, by keys": Journey(inputs=9, loads=7, most=11),
    "party and reason chosen, by mouse": Journey(inputs=10, loads=7, most=11),
    "ERN keyed, two requests, by mouse": Journey(inputs=10, loads=6, most=11),
    "ERN keyed, three requests, by mouse": Journey(inputs=12, loads=7, most=13),
}
# Part 1 of a feedback form, Resolution, with two people involved; choosing files is no input either.
PART_ONE = Journey(inputs=16, loads=0, most=20)

# From the step of a call at which they will not talk until they have the identity email and the call goes on.
IDENTITY = Journey(inputs=3, loads=3, most=3)


def table() -> Iterator[str]:
    """Yield the lines to print, and each bound that was missed."""
    yield f"{'calls, counted in a browser':40}{'inputs':>8}{'loads':>8}{'most inputs':>14}"
    for name, one in JOURNEYS.items():
        yield f"{name:40}{one.inputs:>8}{one.loads:>8}{one.most:>14}"
    yield f"{'part 1 of a feedback form':40}{PART_ONE.inputs:>8}{PART_ONE.loads:>8}{PART_ONE.most:>14}"
    yield f"{'the identity email':40}{IDENTITY.inputs:>8}{IDENTITY.loads:>8}{IDENTITY.most:>14}"
    for name, one in {**JOURNEYS, "part 1 of a feedback form": PART_ONE, "the identity email": IDENTITY}.items():
        if one.inputs > one.most:
            yield f"Missed: {name}: {one.inputs} inputs, aim {one.most}"
