"""A progress bar for commands: on a terminal only, on standard error, one line."""

import sys
import time
from typing import TextIO

WIDTH = 32


class ProgressBar:
    """`total` units; `advance(n)` redraws at most ten times a second. Silent when the stream is not a terminal."""

    def __init__(self, total: int, label: str, *, stream: TextIO = sys.stderr, quiet: bool = False) -> None:
        self.total, self.label, self.stream = max(total, 1), label, stream
        self.done = 0
        self.active = not quiet and stream.isatty()
        self.started = self.drawn = time.monotonic()

    def advance(self, units: int) -> None:
        self.done += units
        now = time.monotonic()
        if self.active and (now - self.drawn > 0.1 or self.done >= self.total):
            self.drawn = now
            share = min(self.done / self.total, 1)
            filled = int(share * WIDTH)
            rate = self.done / max(now - self.started, 0.001)
            bar = "█" * filled + "░" * (WIDTH - filled)
            self.stream.write(f"\r{self.label} {bar} {share:4.0%}  {rate:,.0f}/s ")
            self.stream.flush()

    def close(self) -> None:
        if self.active:
            self.stream.write("\n")
