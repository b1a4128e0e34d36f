"""Bénéficiaires de l'obligation d'emploi: 100 points on every vœu, 1000 instead where the recteur granted the priority."""

from iprof.kernel.money import counted
from mobility.domain.geography import geography
from mobility.domain.inter_ledger import Case, Ledger, told

PROOF, OF_A_CHILD = ("handicap",), ("handicap_enfant",)
REPLACED = "Remplacée sur ce vœu par la priorité de 1 000 points : les deux ne se cumulent pas."


def handicap(ledger: Ledger) -> None:
    """Never both on one vœu. Source: CGFP, art. L. 512-19, 2°."""
    granted = granted_voeux(ledger.case)
    if granted:
        _priority(ledger, granted)
    if ledger.case.situation.boe:
        _boe(ledger, granted)


def _priority(ledger: Ledger, granted: frozenset[str]) -> None:
    situation, item = ledger.case.situation, ledger.case.items["handicap_1000"]
    if situation.boe and ledger.lacking(item.id, PROOF):
        ledger.refuse("rqth_non_notifiee", item.id)
        return
    names = ", ".join(sorted(granted))
    ledger.give(
        item,
        item.points,
        lambda: (
            f"Le recteur a accordé la priorité sur {names} : {counted(item.points, 'points')}.",
            (told("Académies accordées", names),),
        ),
        bears=granted,
        pieces=PROOF if situation.boe or situation.conjoint_boe else OF_A_CHILD,
    )


def _boe(ledger: Ledger, granted: frozenset[str]) -> None:
    case, item = ledger.case, ledger.case.items["handicap_boe"]
    if ledger.lacking(item.id, PROOF):
        ledger.refuse("rqth_non_notifiee", item.id)
        return
    if elsewhere := frozenset(case.voeux) - granted:
        ledger.give(
            item,
            item.points,
            lambda: (
                f"Vous êtes bénéficiaire de l'obligation d'emploi : {counted(item.points, 'points')} sur chaque vœu.",
                (told("Bénéficiaire de l'obligation d'emploi", "oui"),),
            ),
            bears=elsewhere if granted else None,
            pieces=PROOF,
        )
    for voeu in case.voeux:
        if voeu in granted:
            ledger.drop(item.id, REPLACED, voeu)


def granted_voeux(case: Case) -> frozenset[str]:
    named = {geography().academie(said) for said in case.situation.handicap_granted}
    return frozenset(voeu for voeu in case.voeux if voeu in named)
