"""Is this address the official one? What gives an imitation away (requirements S18, S30; rule of design: nothing is fetched).

« Official » has one narrow grammar, of plain characters only: whatever departs from it is not official, so a trick still
unknown is refused as the known ones are. The reasons explain; they never decide that an address is official.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from security.domain.addresses import DANGEROUS, Parts, is_ip, owner_of, take_apart
from security.domain.confusables import eye_reads, folded, is_bidi, is_hidden, visible

MAX_LENGTH = 2_000  # of one address; browsers stop far above, frauds hide the end of the name below
TYPO = 2  # letters changed, added or dropped
SHORTENERS = frozenset(
    {"bit.ly", "buff.ly", "cutt.ly", "goo.gl", "is.gd", "lnkd.in", "ow.ly", "rb.gy", "rebrand.ly", "s.id", "shorturl.at",
     "t.co", "t.ly", "tiny.cc", "tinyurl.com", "urlz.fr", "v.gd"}
)  # fmt: skip
_SAFE_REST = r"(?:[/?#][!#-;=?-\[\]_a-z~]*)?"
_LINK = re.compile(rf"[Hh][Tt][Tt][Pp][Ss]://([A-Za-z0-9.-]+)(?::443)?({_SAFE_REST})")
_MAIL = re.compile(r"(?:[Mm][Aa][Ii][Ll][Tt][Oo]:)?[A-Za-z0-9._%+-]{1,64}@([A-Za-z0-9.-]+)")
_EMBEDDED = re.compile(r"(?:https?:|%3a)?(?://|\\\\|%2f%2f|%5c%5c|/%2f|%2f/)", re.IGNORECASE)


class Verdict(StrEnum):
    """From the best to the worst: the worst of a message is the message's."""

    OFFICIAL = "officielle"
    OTHER = "autre"
    SUSPICIOUS = "suspecte"


@dataclass(frozen=True, slots=True)
class Official:
    """What is official: the host of the portal ("extranet.ac-reims.fr") and the domain of the mailboxes ("ac-reims.fr")."""

    host: str
    mail_domain: str

    @property
    def site_domain(self) -> str:
        """The domain the portal is in: "ac-reims.fr"."""
        return self.host.partition(".")[2]


@dataclass(frozen=True, slots=True)
class Judged:
    """One address judged. `shown` can be displayed: nothing hides in it and it opens nothing. `leads_to` is the name of
    the machine that would answer, "" when there is none or when it is the official one. `reasons` are codes (`security.domain.lookalike_words`)."""

    shown: str
    leads_to: str
    verdict: Verdict
    reasons: tuple[str, ...]
    is_mail: bool = False


def is_official(text: str, official: Official) -> bool:
    """Whether the text is, as it stands, a link to the portal or a mailbox of the académie.

    >>> here = Official("extranet.ac-reims.fr", "ac-reims.fr")
    >>> [is_official(text, here) for text in ("https://extranet.ac-reims.fr/alertes/?page=2", "m.petit@ac-reims.fr")]
    [True, True]
    >>> [is_official(text, here) for text in ("http://extranet.ac-reims.fr", "https://extranet.ac-reims.fr.evil.example")]
    [False, False]
    """
    if not text.isascii() or len(text) > MAX_LENGTH:
        return False
    link, mail = _LINK.fullmatch(text), _MAIL.fullmatch(text)
    if link:
        return link[1].lower() == official.host and not _EMBEDDED.search(link[2])
    return mail is not None and mail[1].lower() == official.mail_domain


def judge(text: str, official: Official) -> Judged:
    """The verdict on one address, with each of its reasons. Never fails, opens nothing.

    >>> found = judge("https://extranet-ac-reims.fr/bareme", Official("extranet.ac-reims.fr", "ac-reims.fr"))
    >>> found.verdict.value, found.reasons, found.shown
    ('suspecte', ('hyphen_or_dot',), 'hxxps://extranet-ac-reims[.]fr/bareme')
    """
    address = text.strip(" \r\n")
    parts = take_apart(address[:MAX_LENGTH])
    mail = parts.scheme == "mailto"
    if is_official(address, official):
        return Judged(address, parts.host, Verdict.OFFICIAL, ("mail_domain",) if mail else ("exact",), mail)
    reasons = tuple(dict.fromkeys(_reasons(address, parts, official)))
    verdict = Verdict.OTHER if set(reasons) <= PLAIN else Verdict.SUSPICIOUS
    leads_to = "" if parts.host in {official.host, official.mail_domain} else defanged(parts.host)
    return Judged(defanged(address[:MAX_LENGTH]), leads_to, verdict, reasons, mail)


PLAIN = frozenset({"other_host", "same_domain", "not_https", "no_scheme", "no_host", "other_scheme"})  # hide nothing


def _reasons(address: str, parts: Parts, official: Official) -> Iterator[str]:
    mail = parts.scheme == "mailto"
    target, domain = (official.mail_domain,) * 2 if mail else (official.host, official.site_domain)
    found = list(_writing(address, parts))
    if parts.scheme in DANGEROUS:
        found.append("dangerous_scheme")
    elif not parts.host:
        found.append("no_host")
    elif parts.host == target and parts.raw_host.isascii():
        found += list(_right_name(parts)) or ([] if found else ["odd_characters"])
    else:
        found += list(_wrong_name(parts, target, domain)) or ["other_host"]
    yield from found


def _writing(address: str, parts: Parts) -> Iterator[str]:
    """What no honest address needs, whatever the name."""
    if len(address) > MAX_LENGTH:
        yield "too_long"
    if any(is_bidi(char) for char in address):
        yield "turned"
    if any(is_hidden(char) and not is_bidi(char) for char in address):
        yield "hidden"
    if parts.scheme != "mailto" and parts.userinfo:
        yield "userinfo"
    if "\\" in address:
        yield "backslash"
    elif parts.scheme in {"http", "https"} and parts.slashes != "//":
        yield "slashes"
    if "%" in parts.raw_host:
        yield "percent"
    if parts.port and not (parts.scheme == "https" and parts.port == "443"):
        yield "port"


def _right_name(parts: Parts) -> Iterator[str]:
    """The official name, in an address that is still not the official one."""
    if parts.raw_host.endswith("."):
        yield "final_dot"
    if parts.scheme == "":
        yield "no_scheme"
    elif parts.scheme == "http":
        yield "not_https"
    elif parts.scheme not in {"https", "mailto"}:
        yield "other_scheme"
    if _EMBEDDED.search(parts.rest):
        yield "leads_elsewhere"


def _wrong_name(parts: Parts, target: str, domain: str) -> Iterator[str]:
    """How the name differs from the official one: the first explanation that fits, the most telling first."""
    host = parts.host
    if not host.isascii() or not parts.raw_host.isascii():
        yield "foreign_letters"
    if is_ip(host):
        yield "number"
    elif host.isascii() and (host.endswith(f".{domain}") or host == domain):
        yield "same_domain"
    elif owner_of(host) in SHORTENERS:
        yield "shortener"
    else:
        yield from _imitation(folded(host), target, domain)
    if not _inside(host, domain) and _mentions(parts.userinfo + parts.rest, domain):
        yield "name_elsewhere"


def _inside(host: str, domain: str) -> bool:
    return host == domain or host.endswith(f".{domain}")


def _imitation(host: str, target: str, domain: str) -> Iterator[str]:
    """One reason at most; `host` is folded. The domain alone may be imitated too: « portail.ac-reirns.fr »."""
    if host in {target, domain} or _inside(host, domain):
        yield "same_look"
    elif f".{target}." in f".{host}" or f".{domain}." in f".{host}":
        yield "sub_domain"
    elif _bare(host) in {_bare(target), _bare(domain)} or f"-{domain}" in f".{host}"[-len(domain) - 1 :]:
        yield "hyphen_or_dot"
    elif _bare(_without_end(host)) in {_bare(_without_end(target)), _bare(_without_end(domain))}:
        yield "other_ending"
    elif _close(host, target) or _close(owner_of(host), domain):
        yield "typo"
    elif _mentions(host, domain):
        yield "name_borrowed"


def _bare(host: str) -> str:
    return re.sub(r"[.-]", "", host)


def _without_end(host: str) -> str:
    return host.rpartition(".")[0]


def _close(host: str, target: str) -> bool:
    read, wanted = eye_reads(host), eye_reads(target)
    return read == wanted or distance(read, wanted, limit=TYPO) <= TYPO


def _mentions(text: str, domain: str) -> bool:
    """Whether the text plays with the name: « ac-reims » or « iprof », however written."""
    read = _bare(folded(text))
    return _bare(_without_end(domain)) in read or "iprof" in read


def distance(one: str, other: str, *, limit: int) -> int:
    """Letters to change, add or drop to go from one to the other (Levenshtein); `limit` + 1 stands for anything above.

    >>> distance("reims", "reins", limit=2), distance("reims", "rems", limit=2), distance("reims", "strasbourg", limit=2)
    (1, 1, 3)
    """
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    row = list(range(len(other) + 1))
    for i, char in enumerate(one, 1):
        previous, row[0] = row[0], i
        for j, wanted in enumerate(other, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (char != wanted))
    return min(row[-1], limit + 1)


def defanged(address: str) -> str:
    """The address as it can be shown: no program makes a link of it, nothing hides in it.

    >>> defanged("http://evil.example/\\u200ba.b"), defanged("javascript:alert(1)")
    ('hxxp://evil[.]example/[U+200B]a[.]b', 'javascript[:]alert(1)')
    """
    scheme = take_apart(address).scheme
    inert = address.replace(":", "[:]", 1) if scheme in DANGEROUS else address
    return visible(re.sub(r"\bhttp", "hxxp", inert, flags=re.IGNORECASE).replace(".", "[.]"), doubles=True)
