"""How fast ContactHub is, and whether it stays so with a million incidents: `make bench`, `make bench-full`.

Everything is measured side by side in one run, on databases of its own that are thrown away afterwards. What counts are
ratios: to a hand-written page on the same machine in the same minute, and of the largest size to the smallest.
"""
