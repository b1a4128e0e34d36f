"""Amounts: decimals, rounded half up to the cent."""

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
NARROW_SPACE = "\u202f"


def to_cents(amount: Decimal) -> Decimal:
    """Rounded half up to the cent.

    >>> to_cents(Decimal("2461.385"))
    Decimal('2461.39')
    """
    return amount.quantize(CENT, ROUND_HALF_UP)


def format_number(value: Decimal | int) -> str:
    """French figure: comma, thousands set apart by a narrow no-break space, minus sign, as many decimals as given.

    >>> format_number(Decimal("12345.50")) == "12\u202f345,50", format_number(-3)
    (True, '−3')
    """
    return f"{value:,}".replace(",", NARROW_SPACE).replace(".", ",").replace("-", "−")


def agreed(value: Decimal | int, unit: str) -> str:
    """The unit, given in the plural, as French wants it beside the value: the plural starts at two.

    >>> agreed(Decimal("0.9"), "ans"), agreed(0, "points d'indice"), agreed(-2, "points"), agreed(1, "mois")
    ('an', "point d'indice", 'points', 'mois')
    """
    noun, space, rest = unit.partition(" ")
    if -2 < value < 2 and noun != "mois":
        noun = noun.removesuffix("s")
    return noun + space + rest


def counted(value: Decimal | int, unit: str) -> str:
    """A figure and its unit, given in the plural.

    >>> counted(1, "ans"), counted(Decimal("7.5"), "heures")
    ('1 an', '7,5 heures')
    """
    return f"{format_number(value)} {agreed(value, unit)}"


def format_euros(amount: Decimal) -> str:
    """« 2 461,39 € » with narrow no-break spaces."""
    return f"{format_number(to_cents(amount))}{NARROW_SPACE}€"


def fewest_digits(value: Decimal) -> str:
    """A decimal without trailing zeros nor exponent: 150.2, 95.

    >>> fewest_digits(Decimal("100.0")), fewest_digits(Decimal("150.20"))
    ('100', '150.2')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
