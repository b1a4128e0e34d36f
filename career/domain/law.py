"""Where the law of careers lies; its reader is `iprof.kernel.law`."""

from pathlib import Path

from iprof.kernel.law import (
    UNKNOWN,
    LawFileError,
    UniqueKeyLoader,
    check_keys,
    dated,
    day,
    decimal,
    flag,
    mapping,
    month_day,
    read,
    scalar,
    sequence,
    source_of,
    text,
    whole,
)

LEGAL = Path(__file__).resolve().parent.parent / "legal"

__all__ = [
    "LEGAL",
    "UNKNOWN",
    "LawFileError",
    "UniqueKeyLoader",
    "check_keys",
    "dated",
    "day",
    "decimal",
    "flag",
    "mapping",
    "month_day",
    "read",
    "scalar",
    "sequence",
    "source_of",
    "text",
    "whole",
]
