"""The explained figures of a promotion of grade: place, index, ancienneté kept, pay, next passage."""

from decimal import Decimal

from career.domain.part_time import FULL_TIME, gross_node
from career.domain.pay import french_date, ordinal, place, step_input
from career.domain.promotion_reclassement import Reclassement
from iprof.kernel.explain import Node
from iprof.kernel.money import format_euros

WHY = {
    "egal": "Échelon du nouveau grade doté d'un indice égal",
    "superieur": "Échelon du nouveau grade doté de l'indice immédiatement supérieur",
    "clause": "Échelon que le texte désigne pour cette situation",
}


def reclassement_node(found: Reclassement, quotite: Decimal = FULL_TIME) -> Node:
    """The new place, with one child for each figure; pay at a quotité in percent. Raises NotInForce, as `gross_node`."""
    on = found.after.effective_on
    before, after = gross_node(found.before, on, quotite), gross_node(found.after, on, quotite)
    rise = _amount(after) - _amount(before)
    version, sources = found.version.isoformat(), (found.source,)
    inputs = (step_input(found.before),)
    gain = Node(
        "Gain mensuel brut", rise, "€/mois", "career.promotion.gain", after.version, after.sources, inputs,
        (before, after), f"{format_euros(_amount(after))} moins {format_euros(_amount(before))}.",
    )  # fmt: skip
    kept = Node(
        "Ancienneté conservée", found.kept[0] if found.kept else None, "mois", "career.promotion.kept", version, sources,
        inputs, sentence=_kept_sentence(found),
    )  # fmt: skip
    sentence = (
        f"{WHY[found.rule]} : {found.index_before.value} points avant, {found.index_after.value} points "
        f"le {french_date(on)}."
    )
    if found.capped:
        sentence += " L'ancienneté conservée atteignait la durée de l'échelon : le suivant est ouvert, sans ancienneté."
    return Node(
        "Reclassement", place(found.after), "", "career.promotion.place", version,
        (found.source, found.index_after.source), inputs, (gain, kept, next_node(found)), sentence,
    )  # fmt: skip


def _amount(node: Node) -> Decimal:
    assert isinstance(node.value, Decimal)  # noqa: S101  (gross_node always gives one)
    return node.value


def _points(points: int) -> str:
    return f"{points} point{'s' if points > 1 else ''}"


def next_node(found: Reclassement) -> Node:
    """The day of the passage that follows the promotion, or why there is none."""
    what = f"{ordinal(found.next_chevron)} chevron" if found.next_chevron else f"{ordinal(found.next_echelon)} échelon"
    if found.next_on:
        sentence = (
            f"Avancement automatique, de date à date, ancienneté conservée comprise : {french_date(found.next_on)}."
        )
    elif found.kept is None:
        sentence = "La date dépend de l'ancienneté conservée, non vérifiée."
    elif not found.next_known:
        sentence = "La durée de cet échelon n'est pas publiée dans les textes consultés."
    else:
        sentence = "Dernier échelon ou dernier chevron : aucun avancement automatique ne suit."
    return Node(
        f"Passage au {what}", found.next_on, "date", "career.promotion.next", found.version.isoformat(),
        (found.source,), (step_input(found.after),), sentence=sentence,
    )  # fmt: skip


def _kept_sentence(found: Reclassement) -> str:
    if found.kept is None:
        return (
            "Non vérifiée : la règle générale ne conserve rien, la clause lue pour d'autres corps conserverait un "
            "surplus."
        )
    if found.capped:
        return "Le suivant étant ouvert, il ne reste rien."
    if found.rule == "clause":
        return "Le texte conserve ce qui dépasse la durée demandée dans l'échelon d'origine."
    if found.avancement is None:
        return "Dernier échelon du grade d'origine : l'ancienneté est toujours conservée."
    if found.gain < found.avancement:
        return (
            f"Le gain ({_points(found.gain)}) est inférieur à celui d'un avancement dans l'ancien grade "
            f"({_points(found.avancement)}) : l'ancienneté est conservée."
        )
    return (
        f"Le gain ({_points(found.gain)}) n'est pas inférieur à celui d'un avancement dans l'ancien grade "
        f"({_points(found.avancement)}) : l'ancienneté n'est pas conservée."
    )
