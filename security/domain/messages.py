"""A whole message judged: every address found in it, and the phrases frauds live on (requirements S18, S30).

A message is never declared true: its addresses may be official and its sender usurped. It is at most free of anything
seen. Nothing is fetched, nothing is kept.
"""

import html
import re
from collections.abc import Iterable
from dataclasses import dataclass

from iprof.kernel.text import sort_key
from security.domain.confusables import without_hidden
from security.domain.lookalikes import Judged, Official, Verdict, judge

MAX_TEXT = 20_000  # characters, headers included
MAX_ADDRESSES = 50
_ENDINGS = "fr|com|net|org|eu|info|biz|io|app|dev|xyz|top|site|online|shop|link|click|live|ru|cn|example|gouv|re|uk|de|be|ch|lu|me|co|ly|gy|gd"
_QUOTED = re.compile(r"""(?:href|src|action)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
_TOKEN = re.compile(r"""[^ \r\n\t<>"'()\[\]{}«»“”‘’,;]+""")
_LIKE_ADDRESS = re.compile(
    rf"^(?:[a-z][a-z0-9+.-]*:[/\\]|(?:javascript|data|vbscript|mailto|file):|www\.)|[^@]@[^@]|\w\.(?:{_ENDINGS})(?:[:/\\?#.]|$)|xn--",
    re.IGNORECASE,
)
_ONE_PIECE = re.compile(r"[.:/@\\%\u3002\uff0e\uff61].")
_SENTENCE = re.compile(r"[.!?;]|\n\s*\n")
_DENIED = re.compile(r"\bjamais\b|\bne demand")  # « nous ne demandons jamais votre mot de passe »
# What the portal never writes (rule of the brief): folded words, each with the code of its reason.
PHRASES: tuple[tuple[str, str], ...] = (
    (r"changement (?:urgent|imminent|immediat) d[eu]s? (?:votre |vos )?baremes?", "lure_bareme"),
    (r"(?:mot de passe|numen|code secret|identifiants?)\b.{0,60}\b(?:confirm|communiqu|transm|renvoy|verifi|valid|saisi)", "asks_secret"),
    (r"(?:confirm|communiqu|transm|renvoy|verifi|valid|saisi)\w*\b.{0,60}\b(?:mot de passe|numen|code secret|identifiants?)", "asks_secret"),
    (r"(?:compte|acces|messagerie) .{0,40}(?:suspendu|bloque|desactive|supprime|expire)", "threat"),
    (r"(?:sous|dans les) (?:24|48|72|vingt quatre|quarante huit) ?(?:h\b|heures)", "hurry"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class MessageJudged:
    """The addresses of a message in their order, once each; `phrases` are codes of `lookalike_words.PHRASES`.

    `verdict` is the worst found; None when there is nothing to judge. `more` tells that addresses were left aside.
    """

    addresses: tuple[Judged, ...]
    phrases: tuple[str, ...]
    verdict: Verdict | None
    more: bool = False


def judge_message(text: str, official: Official) -> MessageJudged:
    """The verdict on a pasted link, mail address or whole message.

    >>> here = Official("extranet.ac-reims.fr", "ac-reims.fr")
    >>> found = judge_message("Un changement urgent de barème : https://extranet.ac-reims.fr.evil.example/", here)
    >>> found.verdict.value, found.phrases, found.addresses[0].reasons
    ('suspecte', ('lure_bareme',), ('sub_domain',))
    >>> judge_message("Bonjour.", here).verdict is None
    True
    """
    found = addresses_in(text[:MAX_TEXT])
    judged = tuple(judge(address, official) for address in found[:MAX_ADDRESSES])
    phrases = phrases_in(text[:MAX_TEXT])
    return MessageJudged(judged, phrases, _worst(judged, phrases), len(found) > MAX_ADDRESSES)


def _worst(judged: Iterable[Judged], phrases: tuple[str, ...]) -> Verdict | None:
    verdicts = {one.verdict for one in judged} | ({Verdict.SUSPICIOUS} if phrases else set())
    return max(verdicts, key=list(Verdict).index, default=None)


def addresses_in(text: str) -> list[str]:
    """Links and mail addresses of a text, once each. A text of one piece with a sign in it is taken as an address.

    >>> addresses_in("De : I-Prof <info@evil.example>\\nVoir www.evil.example/a. Merci")
    ['info@evil.example', 'www.evil.example/a']
    >>> addresses_in("<a href='https://evil.example'>https://extranet.ac-reims.fr</a>")
    ['https://evil.example', 'https://extranet.ac-reims.fr']
    """
    whole = text.strip(" \r\n()«»“”\"'")
    if not re.search(r"[ \r\n<>]", whole):
        return [whole] if _ONE_PIECE.search(whole) else []
    quoted = [html.unescape(double or single) for double, single in _QUOTED.findall(whole)]
    found = [address for address in quoted if address and not address.startswith("#")]
    tokens = (token.rstrip(".:!?*_") for token in _TOKEN.findall(_QUOTED.sub(" ", whole)))
    found += [token for token in tokens if _LIKE_ADDRESS.search(without_hidden(token))]
    return list(dict.fromkeys(found))


def phrases_in(text: str) -> tuple[str, ...]:
    """Codes of the lures found, in the order of the table. Accents, case and hidden characters change nothing; a
    sentence that denies asking is not one that asks.

    >>> phrases_in("Répondez en confirmant votre NUMEN."), phrases_in("Ne confirmez jamais votre NUMEN par courriel.")
    (('asks_secret',), ())
    """
    read = [sort_key(without_hidden(part.replace("\n", " "))) for part in _SENTENCE.split(text.replace("\r", ""))]
    said = [sentence for sentence in read if not _DENIED.search(sentence)]
    return tuple(dict.fromkeys(code for pattern, code in PHRASES for part in said if re.search(pattern, part)))
