"""What a stagiaire has: former contractuel, ten points on request, the académie of the stage, a former corps."""

from decimal import Decimal

from career.domain.pay import french_date, ordinal
from iprof.kernel.money import counted
from mobility.domain.geography import geography
from mobility.domain.inter_common import echelon_day, echelon_on
from mobility.domain.inter_law import Item
from mobility.domain.inter_ledger import Case, Ledger, told


def stagiaires(ledger: Ledger) -> None:
    case = ledger.case
    former = case.stagiaire and case.situation.ex_contractuel
    if former:
        _ex_contractuel(ledger)
    if case.situation.use_stag_10:
        _ten(ledger, former)
    if case.stagiaire:
        _on_academies(ledger)


def _ex_contractuel(ledger: Ledger) -> None:
    """By échelon of classement at 1 September N-1; the last row serves the higher ones."""
    case, item = ledger.case, ledger.case.items["stag_ex_contractuel"]
    day = echelon_day(case)
    echelon = echelon_on(case.situation, day)
    if echelon is None:
        ledger.tell_unknown(item.id, f"L'échelon de classement au {french_date(day)} n'est pas connu : indiquez-le.")
        return
    table = item.table("echelons")
    points = table[min(Decimal(max(echelon, 1)), max(table))]
    ledger.give(
        item,
        points,
        lambda: (
            f"Ancien contractuel classé au {ordinal(echelon)} échelon : {counted(points, 'points')}.",
            (told("Échelon de classement", echelon, day),),
        ),
        pieces=("services", "reclassement"),
    )


def _ten(ledger: Ledger, former: bool) -> None:
    """On the first vœu, on request, once; never with the points of former contractuels, which are more."""
    case, item = ledger.case, ledger.case.items["stag_10"]
    if former:
        ledger.drop(item.id, "Ne se cumule pas avec la bonification des anciens contractuels, plus forte.")
        return
    ledger.give(
        item,
        item.points,
        lambda: (
            f"Vous demandez à utiliser cette bonification, une seule fois, sur le vœu 1 : {counted(item.points, 'points')}.",
            (told("Vœu 1", case.voeux[0]),),
        ),
        bears=frozenset(case.voeux[:1]),
    )


def _on_academies(ledger: Ledger) -> None:
    situation, items = ledger.case.situation, ledger.case.items
    _named(
        ledger,
        items["stag_01"],
        (situation.academie_stage, situation.academie_concours),
        "académie de stage ou de concours",
    )
    _named(ledger, items["stag_ex_fonctionnaire"], (situation.ex_titulaire,), "académie de votre ancienne affectation")


def _named(ledger: Ledger, item: Item, named: tuple[str, ...], what: str) -> None:
    bears = asked(ledger.case, named)
    if bears:
        ledger.give(
            item,
            item.points,
            lambda: (
                f"{', '.join(sorted(bears))}, {what} : {counted(item.points, 'points')}.",
                (told(what.capitalize(), ", ".join(sorted(bears))),),
            ),
            bears=bears,
        )


def asked(case: Case, named: tuple[str, ...]) -> frozenset[str]:
    """The vœux among the académies named."""
    return frozenset(name for name in map(geography().academie, named) if name in case.voeux)
