"""Points bound to one vœu: return to an académie, CIMM, Corse alone, the same first vœu year after year, athletes."""

from decimal import Decimal

from iprof.kernel.money import counted
from mobility.domain.geography import geography
from mobility.domain.inter_family import ITEMS as FAMILY_ITEMS
from mobility.domain.inter_law import Item
from mobility.domain.inter_ledger import Case, Ledger, told
from mobility.domain.inter_stagiaires import asked

CORSE = "Corse"


def bound(ledger: Ledger) -> None:
    """Called once the family points are written: the vœu préférentiel is compared with them."""
    case = ledger.case
    _reintegration(ledger)
    _cimm(ledger)
    if case.voeux == (CORSE,):
        _corse(ledger)
    _preferentiel(ledger)
    if case.situation.sportif_years > 0:
        ledger.tell_unknown(
            "sportif_haut_niveau",
            "Non publié : les vœux qui portent ces points ne sont pas dits par les textes consultés.",
        )


def _reintegration(ledger: Ledger) -> None:
    item = ledger.case.items["reintegration"]
    bears = asked(ledger.case, (ledger.case.situation.reintegration_academie,))
    if bears:
        ledger.give(
            item,
            item.points,
            lambda: (
                f"Retour dans l'académie d'origine : {counted(item.points, 'points')} sur ce vœu.",
                (told("Académie d'origine", ", ".join(bears)),),
            ),
            bears=bears,
        )


def _cimm(ledger: Ledger) -> None:
    """On the first vœu only, an overseas académie where it is recognised; it adds up with the family points."""
    case, item = ledger.case, ledger.case.items["cimm"]
    place = geography().academie(case.situation.cimm)
    if not place:
        return
    if place != case.voeux[0] or place not in geography().overseas:
        ledger.warnings.append(
            f"CIMM reconnu pour {place} : les {counted(item.points, 'points')} ne sont donnés que si le vœu 1 est cette académie "
            "d'outre-mer."
        )
        return
    ledger.give(
        item,
        item.points,
        lambda: (
            f"Le centre de vos intérêts matériels et moraux est reconnu en {place}, vœu 1 : {counted(item.points, 'points')}.",
            (told("Académie du CIMM", place),),
        ),
        bears=frozenset({place}),
        pieces=("identite", "liens"),
    )


def _corse(ledger: Ledger) -> None:
    """Corse asked alone: the stage there, or requests year after year. The first one of a titulaire is not published."""
    case, item = ledger.case, ledger.case.items["corse_voeu_unique"]
    found = corse_points(case, item)
    if found is None:
        ledger.tell_unknown(item.id, "Non publié : les points d'une première demande de vœu unique sur la Corse.")
        return
    points, why = found
    ledger.give(
        item,
        points,
        lambda: (f"Vœu unique sur la Corse, {why} : {counted(points, 'points')}.", (told("Situation", why),)),
        bears=frozenset({CORSE}),
    )


def corse_points(case: Case, item: Item) -> tuple[Decimal, str] | None:
    situation = case.situation
    stage = geography().academie(situation.academie_stage) or case.home
    if case.stagiaire and stage == CORSE:
        if situation.ex_contractuel:
            return item.amount("stagiaire_ex_contractuel"), "stage en Corse, ancien contractuel"
        return item.amount("stagiaire"), "stage en Corse"
    own = situation.corse_requests
    requests = situation.voeu_preferentiel_requests if own is None else own
    if requests < 2:
        return None
    return (
        (item.amount("deuxieme"), "deuxième demande")
        if requests == 2
        else (item.amount("troisieme"), "troisième demande ou plus")
    )


def _preferentiel(ledger: Ledger) -> None:
    """On the first vœu; against the family points, the larger is kept for the whole request."""
    case, item = ledger.case, ledger.case.items["voeu_preferentiel"]
    renewed = max(case.situation.voeu_preferentiel_requests - 1, 0)
    points = min(item.amount("par_an") * renewed, item.amount("plafond"))
    if not points:
        return
    family = [one for one in ledger.earned if one.item.id in FAMILY_ITEMS]
    if sum(one.points for one in family) >= points:
        ledger.drop(item.id, "Ne se cumule pas avec les points familiaux, plus forts : ils sont gardés.")
        return
    for one in family:
        ledger.earned.remove(one)
        ledger.drop(one.item.id, "Ne se cumule pas avec le vœu préférentiel, plus fort : il est gardé.")
    ledger.give(
        item,
        points,
        lambda: (
            f"Même vœu 1 demandé {case.situation.voeu_preferentiel_requests} années de suite : {counted(points, 'points')}.",
            (told("Demandes consécutives", case.situation.voeu_preferentiel_requests),),
        ),
        bears=frozenset(case.voeux[:1]),
    )
