"""Extension of the vœux of a compulsory candidate: the lowest barème, without the points bound to a vœu."""

from dataclasses import dataclass
from decimal import Decimal

from iprof.kernel.money import format_number
from mobility.domain.inter_ledger import Case, Earned

RULE = "mobility.inter.extension"


@dataclass(frozen=True, slots=True)
class Extension:
    """`kept` gives, in the order of the vœux, what each keeps; `bareme` is the lowest."""

    bareme: Decimal
    kept: tuple[tuple[str, Decimal], ...]
    uncertain: tuple[str, ...]  # labels of items the texts do not class: not counted


def is_compulsory(case: Case) -> bool:
    """Stagiaires, returns to an académie, athletes on a provisional post. They must leave the movement with an académie."""
    situation = case.situation
    return case.stagiaire or bool(situation.reintegration_academie) or situation.sportif_years > 0


def extension(case: Case, earned: list[Earned]) -> Extension:
    kept = tuple(
        (voeu, sum((one.points for one in earned if one.item.kept and one.on(voeu)), Decimal(0))) for voeu in case.voeux
    )
    uncertain = tuple(one.item.label for one in earned if one.item.kept is None)
    return Extension(min(points for _, points in kept), kept, uncertain)


def trap(found: Extension) -> tuple[str, ...]:
    """The vœux that lower the barème of extension, with what it would be without them."""
    low = [voeu for voeu, points in found.kept if points == found.bareme]
    others = [points for _, points in found.kept if points > found.bareme]
    if not others:
        return ()
    who = f"Le vœu {low[0]} abaisse" if len(low) == 1 else f"Les vœux {', '.join(low[:-1])} et {low[-1]} abaissent"
    without = "lui" if len(low) == 1 else "eux"
    return (
        f"{who} votre barème d'extension de {format_number(min(others))} à {format_number(found.bareme)} points : sans {without}, "
        "vous gardez le plus fort.",
    )
