"""What was measured, as a table, and which aims it meets."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measuring import CALL, CALL_BY_SQL, CREATE, CREATE_BARE, FLOOR, INTAKE, LIST, NEXT, NEXT_BY_SQL, Size

MOST_TIMES_THE_FLOOR = 2.5
MOST_GROWTH = 1.2
HELD_TO_THE_FLOOR = (
    "queue",
    "incident",
    "find",
    "callback",
    LIST,
    "call:",
    "search:",
    "list:",
    "record:",
    "form:",
)
# What is measured, what somebody would write who wants nothing but speed, and the least part of its rate; None where
# that is only told: a call is taken once in minutes.
PAIRS = [(NEXT, NEXT_BY_SQL, 0.5), (CALL, CALL_BY_SQL, None), (CREATE, CREATE_BARE, 0.6)]
MAY_GROW = {FLOOR, INTAKE, *(beside for _, beside, _ in PAIRS)}


def table(sizes: list[Size]) -> str:
    """Return milliseconds and the ratio to the floor at each size, and the growth from the first size to the last."""
    head = f"{'incidents':32}" + "".join(f"{size.incidents:>16,}" for size in sizes) + f"{'growth':>10}"
    lines = [head, f"{'':32}" + f"{'ms':>8}{'floor':>8}" * len(sizes) + f"{'times':>10}"]
    for thing in sizes[0].seconds:
        cells = "".join(f"{size.milliseconds(thing):>8.1f}{size.times_the_floor(thing):>8.2f}" for size in sizes)
        lines.append(f"{thing:32}{cells}{growth(sizes, thing):>10.2f}")
    for thing, beside, _ in PAIRS:
        rates = "".join(f"{1000 / size.milliseconds(thing):>14.0f}/s" for size in sizes)
        parts = "".join(f"{part_of(size, thing, beside):>16.2f}" for size in sizes)
        lines += ["", f"{thing:32}{rates}", f"{'of ' + beside:32}{parts}"]
    return "\n".join(lines)


def growth(sizes: list[Size], thing: str) -> float:
    return sizes[-1].milliseconds(thing) / sizes[0].milliseconds(thing)


def part_of(size: Size, thing: str, beside: str) -> float:
    """Return the rate of a thing as a part of the rate of what stands beside it."""
    return size.milliseconds(beside) / size.milliseconds(thing)


def missed(sizes: list[Size]) -> Iterator[str]:
    """Yield each aim that was missed, in words."""
    for thing in sizes[0].seconds:
        if thing.startswith(HELD_TO_THE_FLOOR):
            for size in sizes:
                if (times := size.times_the_floor(thing)) > MOST_TIMES_THE_FLOOR:
                    yield f"{thing} at {size.incidents:,}: {times:.2f} times the floor, aim {MOST_TIMES_THE_FLOOR}"
        if thing not in MAY_GROW and (grown := growth(sizes, thing)) > MOST_GROWTH:
            yield f"{thing}: grows {grown:.2f} times, aim {MOST_GROWTH}"
    for thing, beside, least in PAIRS:
        for size in sizes:
            if least and (part := part_of(size, thing, beside)) < least:
                yield f"{thing} at {size.incidents:,}: {part:.2f} of the rate of {beside}, aim {least}"
