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


def french_moment(at: dt.datetime) -> str:
    """« 12 décembre 2026 à 12 h », « 1er mars 2027 à 23 h 59 »: the day and the hour as `at` gives them."""
    return f"{french_date(at.date())} à {at.hour} h{f' {at.minute:02}' if at.minute else ''}"


def french_hour(at: dt.datetime) -> str:
    """« 12 h », « 23 h 59 », not to be cut at the end of a line."""
    parts = [str(at.hour), "h", *([f"{at.minute:02}"] if at.minute else [])]
    return "\u00a0".join(parts)


def french_left(day: dt.date, today: dt.date) -> str:
    """« aujourd'hui », « demain », « dans 12 jours »; « passée » once it is.

    >>> french_left(dt.date(2026, 12, 7), dt.date(2026, 11, 25))
    'dans 12 jours'
    """
    left = (day - today).days
    return {0: "aujourd'hui", 1: "demain"}.get(left, f"dans {left} jours" if left > 0 else "passée")


def french_weight(size: int) -> str:
    """Bytes as people say them, in thousands.

    >>> french_weight(900), french_weight(48_600), french_weight(2_430_000), french_weight(100_000_000)
    ('1 ko', '49 ko', '2,4 Mo', '100 Mo')
    """
    if size < 1_000_000:
        return f"{max(round(size / 1000), 1)} ko"
    return f"{size / 1_000_000:.1f} Mo".replace(".0 ", " ").replace(".", ",")


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
