"""When a sign-in takes a second step (requirement S29, decision T5). Pure."""

from collections.abc import Iterable
from enum import StrEnum
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address
from unicodedata import category


class Step(StrEnum):
    NONE = "none"
    MAIL = "mail"  # a code sent to the academic mailbox
    FACTOR = "factor"  # what the person enrolled: application, key, or a recovery code in their place


def is_inside(address: str, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    """Whether a client's address belongs to a known network; an unreadable one does not.

    >>> from ipaddress import ip_network
    >>> [is_inside(a, [ip_network("10.51.0.0/16")]) for a in ("10.51.3.4", "::ffff:10.51.3.4", "10.52.0.1", "")]
    [True, True, False, False]
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        found = found.ipv4_mapped
    return any(found in network for network in networks)


def step_of(*, wanted: bool, inside: bool, trusted: bool, has_factor: bool) -> Step:
    """The step of one sign-in. `wanted` is the choice of a teacher and always true for staff.

    A factor takes the place of the mail: offering both would bring the stronger down to the weaker.

    >>> step_of(wanted=True, inside=False, trusted=False, has_factor=False)
    <Step.MAIL: 'mail'>
    """
    if not wanted or inside or trusted:
        return Step.NONE
    return Step.FACTOR if has_factor else Step.MAIL


def digits(typed: str) -> str:
    """A code as typed, without what people put between its groups.

    >>> digits(" 123 456 "), digits("1234-5678"), digits("١٢٣")
    ('123456', '12345678', '')
    """
    return "".join(sign for sign in typed if sign in "0123456789")


def counter_goes_on(last: int, counter: int) -> bool:
    """Whether a signature counter may follow another: it grows, or the key counts nothing and always says 0.

    >>> counter_goes_on(0, 0), counter_goes_on(3, 4), counter_goes_on(3, 3), counter_goes_on(3, 0)
    (True, True, False, False)
    """
    return counter > last or (counter == 0 and last == 0)


def key_name(typed: str) -> str:
    """A name on one line: controls, direction marks and line breaks become spaces, spaces are not repeated.

    >>> key_name(" Clé" + chr(0x202E) + " bleue" + chr(10)), key_name(chr(0x200B))
    ('Clé bleue', '')
    """
    return " ".join("".join(" " if category(sign)[0] in "CZ" else sign for sign in typed).split())
