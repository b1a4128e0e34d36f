"""What is left to do before confirming, each gap with the place that fills it (S54, S61). Only what the law blocks blocks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from iprof.kernel.explain import Node
from mobility.domain.results import FAMILY, REQUEST
from mobility.enums import Strategy
from mobility.models import Claims
from mobility.selectors.differences import told_by_file
from mobility.selectors.live import Live
from mobility.selectors.pieces import PieceAsked

VOEUX, PRIORITES, PIECES, FILE = "voeux", "priorites", "pieces", "dossier"
BLOCKS, COSTS, CHECKED = "bloque", "coute", "verifie"


@dataclass(frozen=True, slots=True)
class Gap:
    """`section` and `anchor` lead to it. `weight`: it blocks, it costs points (`loss`, when known), or it will be checked."""

    section: str
    anchor: str
    words: str
    weight: str
    loss: Node | None = None

    @property
    def badge(self) -> tuple[str, str]:
        return {
            BLOCKS: ("À corriger avant de confirmer", "error"),
            COSTS: ("Des points en moins", "warning"),
            CHECKED: ("Sera vérifié", "info"),
        }[self.weight]


def gaps(claims: Claims, found: Live, pieces: Sequence[PieceAsked]) -> tuple[Gap, ...]:
    """What blocks first. No query."""
    every = [*_voeux(found), *_refusals(found), *_claims(claims), *_pieces(pieces), *_file(claims, found)]
    return tuple(sorted(every, key=lambda gap: [BLOCKS, COSTS, CHECKED].index(gap.weight)))


def _voeux(found: Live) -> Iterator[Gap]:
    if not found.voeux:
        yield Gap(VOEUX, "id_lieu", "Aucun vœu n'est choisi.", BLOCKS)


def _refusals(found: Live) -> Iterator[Gap]:
    for one in found.found.refusals if found.found else ():
        section = VOEUX if one.scope == REQUEST else PRIORITES
        anchor = "voeux" if one.scope == REQUEST else ("famille" if one.scope == FAMILY else "points")
        yield Gap(section, anchor, one.message, BLOCKS if one.scope == REQUEST else COSTS)


def _claims(claims: Claims) -> Iterator[Gap]:
    """A priority asked for without what it rests on."""
    if claims.strategy not in (Strategy.RC, Strategy.APC):
        return
    if not claims.conjoint_departement:
        yield Gap(
            PRIORITES, "id_conjoint_postal_code", "Le lieu de travail du conjoint ou de l'autre parent manque.", COSTS
        )
    if claims.strategy == Strategy.RC and not (claims.lien and claims.lien_on):
        yield Gap(PRIORITES, "id_lien", "Le lien avec votre conjoint, ou sa date, manque.", COSTS)


def _pieces(pieces: Sequence[PieceAsked]) -> Iterator[Gap]:
    for one in pieces:
        if one.missing:
            words = f"« {one.state.law.label} » : aucun document n'est choisi."
            yield Gap(PIECES, f"piece-{one.code}", words, COSTS, one.loss)


def _file(claims: Claims, found: Live) -> Iterator[Gap]:
    if "poste" not in found.file.inputs or "echelon" not in found.file.inputs:
        words = "Votre échelon ou votre affectation manque au dossier : complétez-le avant de confirmer."
        yield Gap(FILE, "", words, COSTS)
    for name, told in told_by_file(found.file, claims).items():
        if told.differs:
            yield Gap(
                PRIORITES,
                f"id_{name}",
                f"{told.what} : votre dossier dit « {told.words} », vous déclarez autre chose.",
                CHECKED,
            )
