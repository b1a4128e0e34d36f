"""The login convention (requirement S19, norm D37): first letter of the first name + last name, digit for homonyms."""

import re
from collections.abc import Iterable

from iprof.kernel.text import unaccent

MAX_LENGTH = 140  # leaves room for the homonym's number in the 150 characters of the column
FALLBACK = "agent"


def base_login(first_name: str, last_name: str) -> str:
    """The login before any homonym is considered: lower case ASCII letters only.

    Accents, hyphens, spaces, apostrophes and particles are folded into the name. A name without any Latin letter gives
    « agent », which homonymy then numbers.

    >>> base_login("Élodie", "De La Tour-d'Auvergne")
    'edelatourdauvergne'
    >>> base_login("Zoé", "O'Brien")
    'zobrien'
    """
    first, last = (re.sub(r"[^a-z]", "", unaccent(name).lower()) for name in (first_name, last_name))
    return (first[:1] + last)[:MAX_LENGTH] or FALLBACK


def next_login(base: str, taken: Iterable[str]) -> str:
    """`base` if free, else with the first free number from 1, in arrival order.

    >>> next_login("mdurand", ["mdurand", "mdurand1"])
    'mdurand2'
    """
    used = set(taken)
    if base not in used:
        return base
    number = 1
    while f"{base}{number}" in used:
        number += 1
    return f"{base}{number}"


def account_name(typed: str) -> str:
    """The login as accounts know it, whatever was typed around it and in whichever case.

    Letters of other alphabets stay as they are, « K » of the kelvin included: no login holds any, so that none of them
    opens an account nor shares its counters.

    >>> account_name(" MDurand "), account_name("MD\u0435 ") == "MD\u0435"
    ('mdurand', True)
    """
    name = typed.strip()
    return name.lower() if name.isascii() else name
