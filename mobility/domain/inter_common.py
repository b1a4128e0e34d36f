"""Elements common to all vœux: échelon and seniority on the post."""

import datetime as dt
from decimal import Decimal

from career.domain.pay import french_date, ordinal
from iprof.kernel.money import counted
from iprof.kernel.periods import months_between
from mobility.domain.facts import Situation
from mobility.domain.inter_law import Item
from mobility.domain.inter_ledger import Case, Ledger, told

AGREGE, LAST_HORS_CLASSE = "agrege", 4
CLASSES = {
    "normale": ("classe_normale", "classe normale"),
    "hors_classe": ("hors_classe", "hors-classe"),
    "exceptionnelle": ("classe_exceptionnelle", "classe exceptionnelle"),
}


def echelon_day(case: Case) -> dt.date:
    """31 August N-1, or 1 September for a stagiaire, who holds the échelon of a classement."""
    return case.anchors.echelon_classement if case.stagiaire else case.anchors.echelon


def echelon_on(situation: Situation, day: dt.date) -> int | None:
    """The échelon held on a day: the last of the history, or the one told. None: not known."""
    reached = [since for since in situation.echelon_history if since <= day]
    return situation.echelon_history[max(reached)] if reached else situation.echelon


def years_in_echelon(situation: Situation, day: dt.date) -> int:
    """Whole years in the échelon at the end of a day: as told, or from the history; 0 when neither says."""
    if situation.echelon_years is not None:
        return situation.echelon_years
    held = echelon_on(situation, day)
    days = sorted(since for since in situation.echelon_history if since <= day)
    entry = None
    for since in reversed(days):
        if situation.echelon_history[since] != held:
            break
        entry = since
    return months_between(entry, day + dt.timedelta(1)) // 12 if entry else 0


def anciennete_service(ledger: Ledger) -> None:
    case, item = ledger.case, ledger.case.items["anciennete_service"]
    day = echelon_day(case)
    echelon = echelon_on(case.situation, day)
    if echelon is None:
        ledger.tell_unknown(item.id, f"L'échelon tenu au {french_date(day)} n'est pas connu : indiquez-le.")
        return
    points = service_points(item, case.situation, echelon, day)
    if points is None:
        ledger.tell_unknown(item.id, f"Le {ordinal(echelon)} échelon n'est pas dans la table publiée pour ce grade.")
        return
    said = CLASSES.get(case.situation.classe, ("", case.situation.classe))[1]
    ledger.give(
        item,
        points,
        lambda: (
            f"{ordinal(echelon)} échelon ({said}) au {french_date(day)} : {counted(points, 'points')}.",
            (told("Échelon", echelon, day), told("Classe", said)),
        ),
    )


def service_points(item: Item, situation: Situation, echelon: int, day: dt.date) -> Decimal | None:
    """None: no published figure for this échelon."""
    table = CLASSES.get(situation.classe, ("",))[0]
    if table == "hors_classe" and situation.corps == AGREGE:
        return _agrege(item, situation, echelon, day)
    return item.table(table).get(Decimal(echelon)) if table else None


def _agrege(item: Item, situation: Situation, echelon: int, day: dt.date) -> Decimal | None:
    """Two, then three years in the last échelon of the hors-classe are worth more."""
    points = item.table("hors_classe_agrege").get(Decimal(echelon))
    if echelon == LAST_HORS_CLASSE:
        years = years_in_echelon(situation, day)
        longer = [more for least, more in item.table("agrege_dernier_echelon").items() if years >= least]
        return longer[-1] if longer else points
    return points


def anciennete_poste(ledger: Ledger) -> None:
    """Whole years at 31 August N. A stagiaire has none, save the years of a former corps of the ministry."""
    case, item = ledger.case, ledger.case.items["anciennete_poste"]
    years = case.situation.poste_years or 0
    earned = item.amount("par_an") * years + item.amount("par_quatre_ans") * (years // 4)
    flat = Decimal(0)
    if case.stagiaire:
        former = bool(case.situation.ex_titulaire)
        flat, earned = (item.amount("stagiaire_ex_titulaire"), earned) if former else (flat, flat)
    points = flat + earned
    ledger.give(
        item,
        points,
        lambda: (
            _poste_sentence(item, years, case.anchors.poste, flat, points),
            (told("Années sur le poste", years, case.anchors.poste),),
        ),
    )


def _poste_sentence(item: Item, years: int, day: dt.date, flat: Decimal, points: Decimal) -> str:
    former = f", plus {counted(flat, 'points')} comme ancien titulaire" if flat else ""
    return (
        f"{counted(years, 'ans')} de poste au {french_date(day)} : {counted(item.amount('par_an'), 'points')} par an et "
        f"{counted(item.amount('par_quatre_ans'), 'points')} par tranche de quatre ans{former}, soit {counted(points, 'points')}."
    )
