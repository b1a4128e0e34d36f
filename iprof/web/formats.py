"""French wording of dates, amounts and figures."""

import datetime as dt
from decimal import Decimal

from iprof.kernel.money import NARROW_SPACE, agreed, format_euros, format_number

MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
UNKNOWN = "non publié"


def french_date(day: dt.date | None) -> str:
    """« 23 novembre 2026 », « 1er septembre 2026 »; empty for None."""
    if day is None:
        return ""
    return f"{'1er' if day.day == 1 else day.day} {MONTHS[day.month - 1]} {day.year}"


def french_value(value: object, unit: str = "") -> str:
    """A value of an explanation tree with its unit; None is « non publié »."""
    if value is None:
        return UNKNOWN
    if isinstance(value, dt.date):
        return french_date(value)
    if isinstance(value, Decimal) and unit.startswith("€/"):
        return f"{format_euros(value)} par {unit[2:]}"
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        text = format_number(value)
        return f"{text}{NARROW_SPACE}{agreed(value, unit)}" if unit and unit != "date" else text
    return str(value)
