"""The portal attacked as from outside. `python3 run.py attacks` plays them at full size; the suite at `scaled` size."""

import os

FULL = os.environ.get("ATTACKS_FULL") == "1"


def scaled(full: int, suite: int) -> int:
    return full if FULL else suite
