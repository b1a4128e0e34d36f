"""The portal attacked as from outside. `python3 run.py attacks` plays them at full size; the suite at `scaled` size."""

import os
from typing import TypeVar

T = TypeVar("T")
FULL = os.environ.get("ATTACKS_FULL") == "1"


def scaled(full: T, suite: T) -> T:
    return full if FULL else suite
