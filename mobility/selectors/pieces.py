"""The pieces a request needs, each with what it supports, what is lost without it, and the documents held that answer
(S52, S54, S55, K6)."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from documents.domain.procedures import procedures
from documents.selectors.own import documents_of
from documents.selectors.procedures import PieceState, checklist
from iprof.kernel.explain import Node
from iprof.kernel.money import fewest_digits
from mobility.domain.results import Bareme, Line
from mobility.models import MobilityRequest
from mobility.selectors.live import Live, computed
from mobility.services.confirm import PROCEDURE, needed_pieces

RULE = "mobilite.piece"


@dataclass(frozen=True, slots=True)
class PieceAsked:
    """`supports`: labels of the lines it proves; `loss`: the points lost without it on the vœu where it costs most, None
    when no rule asks for it any more. `chosen`: documents chosen that can be sent today. `refusals`: nothing held
    answers, and what the rules say of that, or of the documents that are too old."""

    state: PieceState
    supports: tuple[str, ...]
    loss: Node | None
    chosen: tuple[UUID, ...]
    refusals: tuple[str, ...] = ()

    @property
    def code(self) -> str:
        return self.state.law.code

    @property
    def needed(self) -> bool:
        return self.loss is not None

    @property
    def missing(self) -> bool:
        return self.needed and not self.chosen

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(str(one.row) for one in self.state.ready if one.row.pk in self.chosen)


def chosen_pieces(one: MobilityRequest) -> dict[str, set[UUID]]:
    """The documents chosen, by piece. One query."""
    found: dict[str, set[UUID]] = {}
    for piece, document in one.chosen_pieces.values_list("piece", "document"):
        found.setdefault(piece, set()).add(document)
    return found


def pieces_asked(
    one: MobilityRequest, found: Live, chosen: Mapping[str, Collection[UUID]] | None = None
) -> tuple[PieceAsked, ...]:
    """Those the points need, then those chosen that nothing asks for any more. Three queries, or two with `chosen`."""
    held = chosen_pieces(one) if chosen is None else chosen
    needed = needed_pieces(found.found) if found.found else frozenset()
    law = procedures()[PROCEDURE]
    on = found.facts.situation.deposit
    assert on is not None  # noqa: S101  (request facts always say the day)
    states = checklist(law, documents_of(one.owner), on=on).pieces
    wanted = [state for state in states if state.law.code in needed or held.get(state.law.code)]
    asked = [_asked(state, found, held, state.law.code in needed) for state in wanted]
    return tuple(sorted(asked, key=lambda piece: not piece.needed))


def _asked(state: PieceState, found: Live, held: Mapping[str, Collection[UUID]], needed: bool) -> PieceAsked:
    ready = {one.row.pk for one in state.ready}
    chosen = tuple(one for one in held.get(state.law.code, ()) if one in ready)
    if not needed or found.found is None:
        return PieceAsked(state, (), None, chosen)
    labels = dict.fromkeys(line.label for line in _lines(found.found, state.law.code))
    without = _without(found, state)
    refusals = () if state.ready else tuple(_told(found.found, without, _too_old(found, state)))
    return PieceAsked(state, tuple(labels), _loss(found.found, without, state), chosen, refusals)


def _lines(found: Bareme, piece: str) -> list[Line]:
    return [line for voeu in found.voeux for line in voeu.lines if piece in line.pieces]


def _without(found: Live, state: PieceState) -> Bareme | None:
    situation = found.facts.situation
    return computed(replace(found.facts, situation=replace(situation, missing=situation.missing | {state.law.code})))


def _too_old(found: Live, state: PieceState) -> Bareme | None:
    """With the documents held that answer and cannot be sent, as the rules see their dates."""
    dated = tuple((state.law.code, one.row.dated_on) for one, _ in state.blocked if one.row.dated_on)
    return (
        computed(replace(found.facts, situation=replace(found.facts.situation, pieces_dated=dated))) if dated else None
    )


def _told(whole: Bareme, *others: Bareme | None) -> Iterator[str]:
    """What the rules refuse besides what they refuse already."""
    known = {one.message for one in whole.refusals}
    for other in others:
        yield from (one.message for one in (other.refusals if other else ()) if one.message not in known)


def _loss(whole: Bareme, without: Bareme | None, state: PieceState) -> Node:
    """The rules themselves say what is left without the piece; what falls with it (children without RC) is counted."""
    left = {voeu.rank: voeu.total for voeu in without.voeux} if without else {}
    lost = [(voeu.total - left.get(voeu.rank, Decimal(0)), voeu) for voeu in whole.voeux]
    most, worst = max(lost, key=lambda pair: pair[0])
    lines = tuple(line.node for line in worst.lines if state.law.code in line.pieces)
    return Node(
        f"Sans « {state.law.label} »",
        Decimal(fewest_digits(-most)) + 0,  # no « −0 »
        "points",
        RULE,
        worst.node.version,
        children=lines,
        sentence=f"Écart sur le vœu {worst.rank} entre le barème avec cette pièce et le barème sans elle.",
    )
