"""The heading of a scanned page read by `tesseract`, where it is installed: otherwise a person reads it."""

import shutil
import subprocess
from functools import cache

SECONDS = 8  # for a fourth of a page at 150 dpi


@cache
def reader() -> str | None:
    """The program, None without it or without French."""
    program = shutil.which("tesseract")
    if program is None:
        return None
    try:
        listed = subprocess.run([program, "--list-langs"], capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return program if b"fra" in listed.stdout + listed.stderr else None


def words(png: bytes) -> int | None:
    """How many words of three letters or more are read in an image. None: not read."""
    program = reader()
    if program is None:
        return None
    command = [program, "stdin", "stdout", "-l", "fra", "--psm", "6"]
    try:
        read = subprocess.run(command, input=png, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    text = read.stdout.decode("utf-8", "replace")
    return sum(1 for word in text.split() if sum(letter.isalpha() for letter in word) >= 3)
