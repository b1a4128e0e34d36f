"""Taking an address apart the way a browser does, without ever opening it (URL standard of WHATWG, RFC 3986 and 5321).

Where a browser is lenient (backslashes, one slash or four, hidden characters dropped, percent signs, wide letters), so
are these functions: what matters is the machine that would really be reached.
"""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import unquote

from security.domain.confusables import without_hidden

SPECIAL = frozenset({"http", "https", "ftp", "ws", "wss"})  # schemes where any number of slashes leads to a host
DANGEROUS = frozenset({"javascript", "data", "vbscript", "file", "blob", "about", "view-source"})
SHARED = frozenset({"ac", "asso", "co", "com", "edu", "gouv", "gov", "net", "org"})  # as in « .co.uk »
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
_NUMBERS = re.compile(r"(?:0x[0-9a-f]*|\d+)(?:\.(?:0x[0-9a-f]*|\d+)){0,3}")


@dataclass(frozen=True, slots=True)
class Parts:
    """An address taken apart. `host` is decoded, lower case, without final dot; `rest` is the path and what follows.

    `raw_host` is the name as it was written. A mail address has the scheme "mailto", its local part in `userinfo`.
    """

    scheme: str
    userinfo: str
    raw_host: str
    host: str
    port: str
    rest: str
    slashes: str = "//"


def take_apart(text: str) -> Parts:
    """The parts of a link or of a mail address; never fails, whatever the text.

    >>> parts = take_apart("https://extranet.ac-reims.fr@evil.example:8443/a")
    >>> parts.userinfo, parts.host, parts.port, parts.rest
    ('extranet.ac-reims.fr', 'evil.example', '8443', '/a')
    >>> take_apart("HTTPS:\\\\\\\\Evil%2Eexample.").host, take_apart("m.petit@ac-reims.fr").scheme
    ('evil.example', 'mailto')
    """
    clean = without_hidden(text).strip()
    scheme, after = _scheme_of(clean)
    if scheme == "mailto" or (not scheme and _is_mail(after)):
        local, _, domain = after.partition("?")[0].rpartition("@")
        return Parts("mailto", local, domain, plain_host(domain), "", "")
    if scheme and scheme not in SPECIAL and not after.startswith("//"):
        return Parts(scheme, "", "", "", "", after)
    return _link(scheme, after.replace("\\", "/"), raw_slashes=after)


def _link(scheme: str, after: str, *, raw_slashes: str) -> Parts:
    bare = after.lstrip("/")
    slashes = raw_slashes[: len(after) - len(bare)]
    authority = re.split(r"[/?#]", bare, maxsplit=1)[0]
    userinfo, _, place = authority.rpartition("@")
    host, port = _split_port(place)
    return Parts(scheme, userinfo, host, plain_host(host), port, bare[len(authority) :], slashes)


def _scheme_of(text: str) -> tuple[str, str]:
    """(scheme in lower case or "", the rest). « ac-reims.fr:8443 » is a host and its port, not a scheme."""
    found = _SCHEME.match(text)
    if not found or ("." in found[1] and not text[found.end() :].startswith("//")):
        return "", text
    return found[1].lower(), text[found.end() :]


def _is_mail(text: str) -> bool:
    return "@" in text and not re.search(r"[/\\?#]", text)


def _split_port(place: str) -> tuple[str, str]:
    if place.startswith("["):
        host, _, after = place.partition("]")
        return host + "]", after.removeprefix(":")
    host, _, port = place.partition(":")
    return host, port


def plain_host(raw: str) -> str:
    """The name a browser would look up: percent signs decoded, wide letters folded, accents read from « xn-- ».

    >>> plain_host("EVIL%2eexample."), plain_host("\\uff45vil\\uff0eexample"), plain_host("xn--xtranet-9xa.ac-reims.fr")
    ('evil.example', 'evil.example', 'éxtranet.ac-reims.fr')
    """
    decoded = unicodedata.normalize("NFKC", without_hidden(unquote(raw, errors="replace"))).replace("\u3002", ".")
    return ".".join(_label(label) for label in decoded.lower().removesuffix(".").split("."))


def _label(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode").lower()
    except ValueError:  # not punycode: shown as it is
        return label


def is_ip(host: str) -> bool:
    """Whether the host is a number and not a name: IPv4 in all the writings browsers accept, or IPv6.

    >>> [is_ip(host) for host in ("192.0.2.1", "3221225985", "0xC0.0.2.1", "[2001:db8::1]", "ac-reims.fr", "[x]")]
    [True, True, True, True, False, False]
    """
    if host.startswith("["):
        try:
            ipaddress.IPv6Address(host.strip("[]"))
        except ValueError:
            return False
        return True
    return bool(_NUMBERS.fullmatch(host.lower()))


def owner_of(host: str) -> str:
    """The end of a name, which was bought: who answers there. Three parts where the last two are sold to everyone.

    >>> owner_of("extranet.ac-reims.fr.connexion.example"), owner_of("ac-reims.co.uk"), owner_of("localhost")
    ('connexion.example', 'ac-reims.co.uk', 'localhost')
    """
    labels = host.split(".")
    shared = len(labels) > 2 and labels[-2] in SHARED and len(labels[-1]) == 2
    return ".".join(labels[-3 if shared else -2 :])
