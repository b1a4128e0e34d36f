"""Where a sign-in comes from, by the country of its network: France whole, Europe, or abroad (requirement S88, T13)."""

from enum import Enum

# ISO 3166-1 codes. France with every territory beyond the seas: none of them is ever abroad.
FRANCE = frozenset("FR GP MQ GF RE YT PM BL MF WF PF NC TF".split())
# The European Union, the European Economic Area, and the States inside or beside them.
EUROPE = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK "  # European Union
    "IS LI NO CH GB AD MC SM VA GI GG JE IM FO AX".split()
)


class Reach(Enum):
    """Unknown: private, reserved or unregistered networks, which are not abroad."""

    UNKNOWN = "unknown"
    FRANCE = "france"
    EUROPE = "europe"
    ABROAD = "abroad"


def reach_of(country: str) -> Reach:
    """
    >>> reach_of("RE"), reach_of("DE"), reach_of("US"), reach_of("")
    (<Reach.FRANCE: 'france'>, <Reach.EUROPE: 'europe'>, <Reach.ABROAD: 'abroad'>, <Reach.UNKNOWN: 'unknown'>)
    """
    if not country:
        return Reach.UNKNOWN
    if country in FRANCE:
        return Reach.FRANCE
    return Reach.EUROPE if country in EUROPE else Reach.ABROAD
