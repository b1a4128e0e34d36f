"""The automatic checks of a request, before a person reads it: each named, with a sentence and a level (D28, S54)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum, StrEnum
from typing import Any

REQUEST = "request"
Json = Mapping[str, Any]


class Level(IntEnum):
    """The worst of a request is that of its checks."""

    FINE = 0
    LOOK = 1  # a person looks and decides
    BLOCKED = 2  # nothing is to be signed before this is settled


class PieceState(StrEnum):
    MISSING = "manquante"
    REFUSED = "refusée"
    EXPIRED = "périmée au dépôt"
    WAITING = "à vérifier"
    ACCEPTED = "acceptée"


@dataclass(frozen=True, slots=True)
class Check:
    """`details`: one line each of what was found; empty when the check is fine."""

    code: str
    label: str
    level: Level
    sentence: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact the agent claims (or claimed) and what the file says of it, both in words."""

    label: str
    claimed: str
    file: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the checks look at. `result` is an archived barème (`mobility.archive`); `differences` between the claims and
    the file; `changes` of the file since the confirmation; `pieces` (label, state) of all the barème rests on."""

    result: Json
    differences: tuple[Difference, ...] = ()
    changes: tuple[Difference, ...] = ()
    pieces: tuple[tuple[str, PieceState], ...] = ()
    late: bool = False


@dataclass(frozen=True, slots=True)
class Points:
    """One decision on the barème: the same points of one item, on the vœux that give it. `key` names it in a form."""

    key: str
    item: str
    label: str
    points: Decimal
    places: tuple[str, ...]
    confidence: str
    node: Json = field(hash=False, compare=False)


def checks(seen: Seen) -> tuple[Check, ...]:
    """All of them, fine or not, always in the same order."""
    return (
        _refusals(seen),
        _pieces(seen, PieceState.MISSING, "pieces_manquantes", "Pièces manquantes"),
        _pieces(seen, PieceState.REFUSED, "pieces_refusees", "Pièces refusées"),
        _pieces(seen, PieceState.EXPIRED, "pieces_perimees", "Pièces périmées"),
        _pieces(seen, PieceState.WAITING, "pieces_a_verifier", "Pièces à vérifier"),
        _compared("ecarts", "Déclaré et dossier", seen.differences, "Ce que l'agent déclare diffère de son dossier."),
        _compared("dossier_change", "Dossier depuis la confirmation", seen.changes,
                  "Le dossier a changé depuis que l'agent a confirmé : le barème archivé ne le sait pas."),
        _unknown(seen),
        _weak(seen),
        _made("tardive", "Demande tardive", Level.LOOK, "Demande confirmée ou changée après la clôture : le motif se vérifie.",
              ("Demande tardive",) if seen.late else ()),
    )  # fmt: skip


def level(found: Iterable[Check]) -> Level:
    """
    >>> level([])
    <Level.FINE: 0>
    """
    return max((one.level for one in found), default=Level.FINE)


def asking(found: Iterable[Check]) -> tuple[Check, ...]:
    """Those that ask for a person, the gravest first."""
    return tuple(sorted((one for one in found if one.level), key=lambda one: -one.level))


def points_of(result: Json) -> tuple[Points, ...]:
    """The lines of an archived barème, put together when an item gives the same points on several vœux."""
    groups: dict[tuple[str, str], list[tuple[str, Json]]] = {}
    for voeu in result.get("voeux", ()):
        for line in voeu["lines"]:
            groups.setdefault((line["item"], line["points"]), []).append((voeu["place"], line))
    return tuple(_points(number, lines) for number, lines in enumerate(groups.values(), start=1))


def confidence_of(node: Json) -> str:
    """The weakest confidence of the sources of an archived explanation: high, medium or low."""
    order = ("high", "medium", "low")
    found = [source["confidence"] for one in _walk(node) for source in one.get("sources", ())]
    return max(found, key=order.index, default="high")


def _points(number: int, lines: Sequence[tuple[str, Json]]) -> Points:
    line = lines[0][1]
    places = tuple(place for place, _ in lines)
    weakest = confidence_of({"children": [one["node"] for _, one in lines]})
    return Points(str(number), line["item"], line["label"], Decimal(line["points"]), places, weakest, line["node"])


def _walk(node: Json) -> Iterable[Json]:
    yield node
    for child in node.get("children", ()):
        yield from _walk(child)


def _made(code: str, label: str, worst: Level, sentence: str, details: Sequence[str], fine: str = "") -> Check:
    if details:
        return Check(code, label, worst, sentence, tuple(details))
    return Check(code, label, Level.FINE, fine or "Rien à signaler.")


def _refusals(seen: Seen) -> Check:
    found = seen.result.get("refusals", ())
    whole = any(one["scope"] == REQUEST for one in found)
    sentence = (
        "Les règles refusent la demande entière." if whole else "Les règles refusent une partie de ce qui est demandé."
    )
    return _made("refus", "Refus des règles", Level.BLOCKED if whole else Level.LOOK, sentence,
                 [one["message"] for one in found])  # fmt: skip


_SENTENCES = {
    PieceState.MISSING: (Level.BLOCKED, "Des points reposent sur une pièce qui n'est pas là."),
    PieceState.REFUSED: (Level.BLOCKED, "Des points reposent sur une pièce refusée."),
    PieceState.EXPIRED: (Level.BLOCKED, "Une pièce ne valait plus rien le jour où elle a été envoyée."),
    PieceState.WAITING: (Level.LOOK, "Une pièce attend d'être vérifiée dans la file des pièces."),
}


def _pieces(seen: Seen, state: PieceState, code: str, label: str) -> Check:
    worst, sentence = _SENTENCES[state]
    return _made(code, label, worst, sentence, [name for name, stands in seen.pieces if stands is state])


def _compared(code: str, label: str, found: Sequence[Difference], sentence: str) -> Check:
    details = [f"{one.label} : {one.claimed} ; dossier : {one.file}" for one in found]
    return _made(code, label, Level.LOOK, sentence, details)


def _unknown(seen: Seen) -> Check:
    details = [f"{one['label']} : {one['reason']}" for one in seen.result.get("unknown", ())]
    return _made(
        "non_publie",
        "Lignes non publiées",
        Level.LOOK,
        "Une ligne ne se calcule pas : son chiffre n'est pas publié.",
        details,
    )


def _weak(seen: Seen) -> Check:
    found = {one.label: one.confidence for one in points_of(seen.result) if one.confidence != "high"}
    words = {"medium": "source de confiance moyenne", "low": "source de confiance faible"}
    details = [f"{label} : {words[confidence]}" for label, confidence in found.items()]
    return _made("sources", "Sources des points", Level.LOOK, "Une ligne repose sur une source à confirmer.", details)
