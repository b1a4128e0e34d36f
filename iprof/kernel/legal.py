"""Where a figure comes from."""

import datetime as dt
from dataclasses import dataclass
from typing import Literal

Confidence = Literal["high", "medium", "low"]


@dataclass(frozen=True, slots=True)
class LegalSource:
    """A text, in the words shown beside the figure; `confidence` tells how directly it was read."""

    text: str
    url: str = ""
    checked_on: dt.date | None = None
    confidence: Confidence = "high"
