"""What `make` starts first, with whatever python3 the machine has: finds one that suits, then goes on in install.py.

It runs by its path, before there is a virtual environment, and keeps to a syntax that old versions understand.
"""

import importlib
import os
import shutil
import subprocess
import sys

OLDEST, NEWEST = (3, 11), (3, 15)  # what the pinned wheels in requirements/ are there for


def suits(version: "tuple[int, ...]") -> bool:
    return OLDEST <= version[:2] <= NEWEST


def refusal(version: "tuple[int, ...]") -> str:
    return (
        "ContactHub needs Python {}.{} to {}.{}, and python3 is {}.{}: install one of these, for example python3.13, "
        "then run make again."
    ).format(*OLDEST, *NEWEST, *version[:2])


def another_python() -> "str | None":
    """Return a python3.X on PATH that suits and really starts: version managers put names there that do not."""
    for minor in (13, 12, 11, 14, 15):
        path = shutil.which("python3.{}".format(minor))  # noqa: UP032
        if path and subprocess.call([path, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
            return path
    return None


def main() -> int:
    if not suits(sys.version_info[:2]):
        other = another_python()
        if other is None:
            sys.stderr.write(refusal(sys.version_info[:2]) + "\n")
            return 1
        os.execv(other, [other] + sys.argv)  # noqa: RUF005, S606
    # Not as contacthub.embedded: that would import Celery, which is not there yet.
    sys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
    status: int = importlib.import_module("embedded.install").main(sys.argv[1])
    return status


if __name__ == "__main__":
    sys.exit(main())
