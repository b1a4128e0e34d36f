"""Which pieces a situation calls for, among those that may support a line: a marriage asks for no proof of PACS."""

from collections.abc import Callable, Iterable, Mapping

from mobility.domain.facts import Lien, Situation
from mobility.domain.results import Bareme


def pieces_needed(found: Bareme, told: Situation) -> frozenset[str]:
    """Codes of the pieces that support the points of a barème, in this situation."""
    return frozenset(piece for voeu in found.voeux for line in voeu.lines for piece in called_for(line.pieces, told))


def called_for(pieces: Iterable[str], told: Situation) -> tuple[str, ...]:
    """Those of `pieces` that the situation calls for, in their order.

    >>> called_for(("mariage", "pacs", "activite"), Situation())
    ('activite',)
    """
    return tuple(piece for piece in pieces if _CALLS.get(piece, _always)(told))


def _always(told: Situation) -> bool:
    return True


def _married(told: Situation) -> bool:
    return told.rc is not None and told.rc.lien is Lien.MARIAGE


def _pacs(told: Situation) -> bool:
    return told.rc is not None and told.rc.lien is Lien.PACS


def _either(told: Situation) -> bool:
    """Conjoints of a mutation simultanée, whose link is not told."""
    return told.simultanee is not None


def _born(told: Situation) -> bool:
    return any(told.deposit is None or day <= told.deposit for day in told.children_birthdates)


def _unborn(told: Situation) -> bool:
    return any(told.deposit is not None and day > told.deposit for day in told.children_birthdates)


_CALLS: Mapping[str, Callable[[Situation], bool]] = {
    "mariage": lambda told: _married(told) or _either(told),
    "pacs": _pacs,
    "pacs_extrait": _pacs,
    "imposition": _pacs,
    "enfants": _born,
    "enfant_a_naitre": lambda told: _unborn(told) and not _married(told),
    "grossesse": _unborn,
    "residence": lambda told: told.rc is not None and told.rc.proof == "residence_privee",
    "handicap": lambda told: told.boe or told.conjoint_boe,
    "handicap_enfant": lambda told: not (told.boe or told.conjoint_boe),
    "reclassement": lambda told: told.ex_contractuel,
}
