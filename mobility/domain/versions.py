"""A barème as archived, read again: its lines with the points retained, and what changed from a version to the next (K5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from iprof.kernel.explain import Node

OTHER = "autre"  # a line the rules do not name
RULE = "mobility.retained"
UNIT = "points"


@dataclass(frozen=True, slots=True)
class ArchivedLine:
    """`computed` None: the rules gave no such line, a person added it. `points` is what counts, `node` says why."""

    item: str
    label: str
    computed: Decimal | None
    points: Decimal
    node: Node

    @property
    def corrected(self) -> bool:
        return self.points != self.computed


@dataclass(frozen=True, slots=True)
class ArchivedVoeu:
    rank: int
    place: str
    lines: tuple[ArchivedLine, ...]
    node: Node

    @property
    def total(self) -> Decimal:
        return sum((line.points for line in self.lines), Decimal(0))

    @property
    def computed(self) -> Decimal:
        return sum((line.computed or Decimal(0) for line in self.lines), Decimal(0))

    @property
    def corrected(self) -> bool:
        return any(line.corrected for line in self.lines)


@dataclass(frozen=True, slots=True)
class Change:
    """A line whose points differ between two versions; None: it was not there. `voeu` is a place."""

    voeu: str
    label: str
    was: Decimal | None
    became: Decimal | None


def key(place: str, item: str) -> str:
    """How `retained` names a line.

    >>> key("Dijon", "echelon")
    'Dijon|echelon'
    """
    return f"{place}|{item}"


def voeux_of(result: Mapping[str, Any], retained: Mapping[str, str]) -> tuple[ArchivedVoeu, ...]:
    """The vœux of an archived result in their order, each with the points retained."""
    return tuple(_voeu(one, result, retained) for one in result["voeux"])


def changes(before: Sequence[ArchivedVoeu], after: Sequence[ArchivedVoeu]) -> tuple[Change, ...]:
    """Line by line, those of the vœux of either; an order that changed alone is no change of points."""
    was, became = _by_key(before), _by_key(after)
    return tuple(
        Change(place, (became.get((place, item)) or was[place, item]).label, _points(was, place, item), _points(became, place, item))
        for place, item in dict.fromkeys((*was, *became))
        if _points(was, place, item) != _points(became, place, item)
    )  # fmt: skip


def missing_lines(result: Mapping[str, Any], place: str) -> tuple[tuple[str, str], ...]:
    """(item, label) of what a person may say is missing from a vœu: borne by another, dropped or not computed by the
    rules, or another line."""
    there = {line["item"] for one in result["voeux"] if one["place"] == place for line in one["lines"]}
    elsewhere = [line for one in result["voeux"] for line in one["lines"]]
    told = [*elsewhere, *(one for one in result["dropped"] if one["voeu"] in ("", place)), *result["unknown"]]
    found = {one["item"]: one["label"] for one in told if one["item"] not in there}
    return (*found.items(), (OTHER, "Une autre ligne"))


def retained_with(
    result: Mapping[str, Any], retained: Mapping[str, str], *, item: str, places: Sequence[str], points: Decimal
) -> dict[str, str]:
    """`retained` with these points for a line of these vœux; what equals the computed points is not kept."""
    found = dict(retained)
    for place in places:
        name = key(place, item)
        if points == _computed(result, place, item):
            found.pop(name, None)
        else:
            found[name] = str(short(points))
    return found


def short(points: Decimal) -> Decimal:
    """Without the zeros that say nothing.

    >>> short(Decimal("56.00")), short(Decimal("150.20"))
    (Decimal('56'), Decimal('150.2'))
    """
    return points.quantize(Decimal(1)) if points == points.to_integral() else points.normalize()


def places_with(result: Mapping[str, Any], item: str) -> tuple[str, ...]:
    """The vœux that bear a line."""
    return tuple(one["place"] for one in result["voeux"] if any(line["item"] == item for line in one["lines"]))


def _voeu(one: Mapping[str, Any], result: Mapping[str, Any], retained: Mapping[str, str]) -> ArchivedVoeu:
    place = one["place"]
    lines = [_line(line, retained.get(key(place, line["item"]))) for line in one["lines"]]
    labels, here = dict(missing_lines(result, place)), {line.item for line in lines}
    for name, points in retained.items():
        where, _, item = name.rpartition("|")
        if where == place and item not in here:
            lines.append(_added(item, labels.get(item, "Ligne ajoutée"), Decimal(points)))
    return ArchivedVoeu(one["rank"], place, tuple(lines), _total(Node.from_json(one["node"]), lines))


def _line(line: Mapping[str, Any], retained: str | None) -> ArchivedLine:
    computed, node = Decimal(line["points"]), Node.from_json(line["node"])
    points = computed if retained is None else Decimal(retained)
    if points != computed:
        sentence = "Points retenus par une personne du service, à la place de ceux que calculent les règles."
        node = Node(line["label"], points, UNIT, RULE, "", children=(node,), sentence=sentence)
    return ArchivedLine(line["item"], line["label"], computed, points, node)


def _added(item: str, label: str, points: Decimal) -> ArchivedLine:
    sentence = "Ligne ajoutée par une personne du service : les règles ne la donnaient pas."
    return ArchivedLine(item, label, None, points, Node(label, points, UNIT, RULE, "", sentence=sentence))


def _total(computed: Node, lines: Sequence[ArchivedLine]) -> Node:
    """The tree of the rules, or that of the points retained when a person changed some."""
    if not any(line.corrected for line in lines):
        return computed
    total = sum((line.points for line in lines), Decimal(0))
    children = tuple(line.node for line in lines)
    return Node(computed.label, total, UNIT, RULE, "", children=children, sentence="Somme des points retenus.")


def _computed(result: Mapping[str, Any], place: str, item: str) -> Decimal:
    for one in result["voeux"]:
        for line in one["lines"]:
            if (one["place"], line["item"]) == (place, item):
                return Decimal(line["points"])
    return Decimal(0)


def _by_key(voeux: Sequence[ArchivedVoeu]) -> dict[tuple[str, str], ArchivedLine]:
    return {(voeu.place, line.item): line for voeu in voeux for line in voeu.lines}


def _points(lines: Mapping[tuple[str, str], ArchivedLine], place: str, item: str) -> Decimal | None:
    found = lines.get((place, item))
    return found.points if found else None
