"""What was measured, as a table, and which aims it meets."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.measuring import FLOOR, INTAKE, NEXT, NEXT_BY_SQL, Size

MOST_TIMES_THE_FLOOR = 2.5
MOST_GROWTH = 1.2
LEAST_OF_RAW_SQL = 0.5


def table(sizes: list[Size]) -> str:
    """Return milliseconds and the ratio to the floor at each size, and the growth from the first size to the last."""
    head = f"{'incidents':28}" + "".join(f"{size.incidents:>16,}" for size in sizes) + f"{'growth':>10}"
    lines = [head, f"{'':28}" + f"{'ms':>8}{'floor':>8}" * len(sizes) + f"{'times':>10}"]
    for thing in sizes[0].seconds:
        cells = "".join(f"{size.milliseconds(thing):>8.1f}{size.times_the_floor(thing):>8.2f}" for size in sizes)
        lines.append(f"{thing:28}{cells}{growth(sizes, thing):>10.2f}")
    rates = "".join(f"{1000 / size.milliseconds(NEXT):>14.0f}/s" for size in sizes)
    of_sql = "".join(f"{of_raw_sql(size):>16.2f}" for size in sizes)
    return "\n".join([*lines, "", f"{'Next, rate':28}{rates}", f"{'Next, of raw SQL':28}{of_sql}"])


def growth(sizes: list[Size], thing: str) -> float:
    return sizes[-1].milliseconds(thing) / sizes[0].milliseconds(thing)


def of_raw_sql(size: Size) -> float:
    """Return the rate of the service as a part of the rate of raw SQL."""
    return size.milliseconds(NEXT_BY_SQL) / size.milliseconds(NEXT)


def missed(sizes: list[Size]) -> Iterator[str]:
    """Yield each aim that was missed, in words."""
    for thing in sizes[0].seconds:
        if thing.startswith(("queue", "incident", "find")):
            for size in sizes:
                if (times := size.times_the_floor(thing)) > MOST_TIMES_THE_FLOOR:
                    yield f"{thing} at {size.incidents:,}: {times:.2f} times the floor, aim {MOST_TIMES_THE_FLOOR}"
        if thing not in (FLOOR, INTAKE, NEXT_BY_SQL) and (grown := growth(sizes, thing)) > MOST_GROWTH:
            yield f"{thing}: grows {grown:.2f} times, aim {MOST_GROWTH}"
    for size in sizes:
        if (part := of_raw_sql(size)) < LEAST_OF_RAW_SQL:
            yield f"Next at {size.incidents:,}: {part:.2f} of the rate of raw SQL, aim {LEAST_OF_RAW_SQL}"
