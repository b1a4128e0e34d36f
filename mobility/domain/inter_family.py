"""Rapprochement de conjoints, autorité parentale conjointe, mutation simultanée: one strategy only."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from career.domain.pay import french_date
from iprof.kernel.money import counted
from mobility.domain.facts import Lien, Rapprochement
from mobility.domain.inter_children import BORN, UNBORN, Children, children, pieces_of, pieces_of_all
from mobility.domain.inter_family_place import Seat, perimeter, seat_of
from mobility.domain.inter_family_refusals import activity_refusals, link_refusals, old_piece, place_refusals
from mobility.domain.inter_ledger import Ledger, told
from mobility.domain.inter_separation import Apart, apart, counted_years, non_limitrophe_points, separation_points
from mobility.domain.refusals import refusal
from mobility.domain.results import Refusal

ITEMS = frozenset({"rc", "apc", "mutation_simultanee", "parent_isole", "enfants", "separation", "non_limitrophe"})
LINK_PIECES = {Lien.MARIAGE: ("mariage",), Lien.PACS: ("pacs", "pacs_extrait")}


def family(ledger: Ledger) -> None:
    """The family points of the request; nothing when two strategies are claimed."""
    claimed = strategies(ledger)
    if len(claimed) > 1:
        ledger.refusals.append(refusal("strategies_familiales_multiples"))
    elif claimed:
        {"rc": _rc, "apc": _apc, "mutation_simultanee": _simultanee, "parent_isole": _parent_isole}[claimed[0]](ledger)
    if ledger.case.situation.parent_isole and "parent_isole" not in ledger.case.items:
        ledger.warnings.append(
            "La situation de parent isolé ne donne plus de points au mouvement interacadémique depuis la session 2022."
        )


def strategies(ledger: Ledger) -> list[str]:
    situation = ledger.case.situation
    held = {
        "rc": situation.rc is not None,
        "apc": situation.apc is not None,
        "mutation_simultanee": situation.simultanee is not None,
        "parent_isole": situation.parent_isole and "parent_isole" in ledger.case.items,
    }
    return [name for name, claimed in held.items() if claimed]


def _rc(ledger: Ledger) -> None:
    case, rc = ledger.case, ledger.case.situation.rc
    assert rc is not None  # noqa: S101 (chosen by `strategies`)
    seat, found = seat_of(rc.place), children(case)
    refusals = [
        *link_refusals(case, rc),
        *activity_refusals(case, rc),
        *old_piece(case, rc),
        *place_refusals(case, seat, rc.place.pays),
    ]
    ledger.warnings.extend(_rc_warnings(ledger, rc))
    _together(ledger, "rc", seat, rc.since, _rc_pieces(ledger, rc), refusals, found)


def _rc_pieces(ledger: Ledger, rc: Rapprochement) -> tuple[str, ...]:
    tax = ("imposition",) if rc.lien is Lien.PACS and ledger.case.session.imposition_commune else ()
    private = ("residence",) if rc.proof == "residence_privee" else ()
    return (*link_pieces(ledger, rc), *tax, "activite", *private)


def link_pieces(ledger: Ledger, rc: Rapprochement) -> tuple[str, ...]:
    """What proves the link; between two who are neither married nor pacsés, the pieces of a child."""
    if rc.lien is not Lien.ENFANT:
        return LINK_PIECES[rc.lien]
    days = [*ledger.case.situation.children_birthdates, *([rc.since] if rc.since else [])]
    proofs = {pieces_of(day, ledger.case) for day in days}
    return UNBORN if proofs == {UNBORN} else BORN


def _rc_warnings(ledger: Ledger, rc: Rapprochement) -> Iterator[str]:
    if rc.proof == "residence_privee":
        yield (
            "La résidence privée du conjoint ne compte que si elle est compatible avec sa résidence professionnelle : le "
            "rectorat en décide."
        )
    if rc.unemployed and rc.last_activity_end is None:
        yield "Indiquez la fin de la dernière activité du conjoint : trop ancienne, elle ferait perdre les points familiaux."
    if rc.lien is Lien.PACS and ledger.case.session.imposition_commune and rc.imposition_commune is None:
        yield "PACS : l'imposition commune est à prouver, sans quoi les points familiaux sont perdus."


def _apc(ledger: Ledger) -> None:
    case, place = ledger.case, ledger.case.situation.apc
    assert place is not None  # noqa: S101 (chosen by `strategies`)
    seat, found = seat_of(place), children(case)
    refusals = list(place_refusals(case, seat, place.pays))
    if not (found.counted or found.unproved):
        refusals.append(refusal("apc_sans_enfant", limit=french_date(case.anchors.enfant)))
    since = min(case.situation.children_birthdates, default=None)
    _together(ledger, "apc", seat, since, ("enfants", "garde", "activite"), refusals, found)


def _together(
    ledger: Ledger,
    name: str,
    seat: Seat,
    since: dt.date | None,
    pieces: tuple[str, ...],
    refusals: list[Refusal],
    found: Children,
) -> None:
    """The points of RC or APC, then those that rest on them."""
    case = ledger.case
    years = apart(case, seat, since, case.items["separation"])
    ledger.separation_years, ledger.children_counted = years.years, len(found.counted)
    if refusals:
        ledger.refusals.extend(refusals)
        return
    _too_many_years(ledger, years, since)
    item, bears = case.items[name], perimeter(case.voeux)
    given = ledger.give(
        item,
        item.points,
        lambda: (
            f"Le vœu 1 est l'académie de {seat.academie} ; elle et les académies limitrophes demandées donnent "
            f"{counted(item.points, 'points')}.",
            (told("Académie du vœu 1", seat.academie), told("Depuis le", since)),
        ),
        bears=bears,
        pieces=pieces,
    )
    if given:
        children_points(ledger, found, bears)
        _separation(ledger, years, seat, bears)


def _too_many_years(ledger: Ledger, years: Apart, since: dt.date | None) -> None:
    """Tells years that the union is too young for; what is declared is left to the control."""
    births = [birth for birth in ledger.case.situation.children_birthdates if birth <= ledger.case.anchors.poste]
    first = min([day for day in (since, *births) if day], default=None)
    if first is None or not years.years:
        return
    most = counted_years(ledger.case, first, None)
    if years.active + years.leave > most:
        ledger.warnings.append(
            f"Vous déclarez {counted(years.active + years.leave, 'ans')} de séparation : depuis votre union ou la naissance, "
            f"{counted(most, 'ans')} au plus {'peut' if most < 2 else 'peuvent'} compter. Le contrôle le vérifiera."
        )


def children_points(ledger: Ledger, found: Children, bears: frozenset[str]) -> None:
    """Those of the children who count; a refusal for each told too late. The same in both degrees."""
    case, item = ledger.case, ledger.case.items["enfants"]
    for birth in found.late:
        limit = french_date(case.anchors.reconnaissance)
        ledger.refuse("reconnaissance_hors_delai", item.id, day=french_date(birth), limit=limit)
    if found.unproved:
        ledger.refuse("piece_manquante", item.id, label=item.label)
    number = len(found.counted)
    ledger.give(
        item,
        item.points * number,
        lambda: (
            f"{counted(number, 'enfants')} de moins de 18 ans au 31 août {case.session.year} : {counted(item.points, 'points')} "
            "par enfant.",
            tuple(told("Naissance", birth) for birth in sorted(found.counted)),
        ),
        bears=bears,
        pieces=pieces_of_all(found, case),
    )


def _separation(ledger: Ledger, found: Apart, seat: Seat, bears: frozenset[str]) -> None:
    item = ledger.case.items["separation"]
    points = separation_points(item, found.years)
    given = ledger.give(
        item,
        points,
        lambda: (
            _separation_sentence(found, points),
            (
                told("Années de séparation en activité", found.active),
                told("Années de séparation en congé ou disponibilité", found.leave),
            ),
        ),
        bears=bears,
        pieces=("activite",),
    )
    if given:
        _non_limitrophe(ledger, seat, bears)


def _separation_sentence(found: Apart, points: Decimal) -> str:
    """What was counted: leave for half, four years at most, one for a stagiaire."""
    parts = [f"{counted(found.active, 'années')} en activité"]
    if found.leave:
        parts.append(
            f"{counted(found.leave, 'années')} en congé parental ou disponibilité pour suivre le conjoint, pour moitié"
        )
    return f"{' et '.join(parts)} : {counted(found.years, 'années')} au barème, soit {counted(points, 'points')}."


def _non_limitrophe(ledger: Ledger, seat: Seat, bears: frozenset[str]) -> None:
    case, item = ledger.case, ledger.case.items["non_limitrophe"]
    points, known = non_limitrophe_points(case, seat, item)
    if not known:
        ledger.tell_unknown(
            item.id,
            "Indiquez les deux départements de travail : s'ils ne se touchent pas, des points peuvent s'ajouter.",
        )
    ledger.give(
        item,
        points,
        lambda: (
            f"Les deux résidences professionnelles ne sont pas limitrophes : {counted(points, 'points')}.",
            (
                told("Votre académie et département", f"{case.home} {case.departement}".strip()),
                told("Académie et département du conjoint", f"{seat.academie} {seat.departement}".strip()),
            ),
        ),
        bears=bears,
        pieces=("activite",),
    )


def _simultanee(ledger: Ledger) -> None:
    """Points for conjoints only, without anything for children or separation."""
    case, item = ledger.case, ledger.case.items["mutation_simultanee"]
    for name, claimed in (
        ("enfants", bool(case.situation.children_birthdates)),
        ("separation", bool(case.situation.separation_active or case.situation.separation_leave)),
    ):
        if claimed:
            ledger.drop(
                name, "La mutation simultanée ne donne pas ces points : ils supposent un rapprochement de conjoints."
            )
    points = item.points if case.situation.simultanee_conjoints else Decimal(0)
    ledger.give(
        item,
        points,
        lambda: (
            f"Les deux conjoints font les mêmes vœux : {counted(item.points, 'points')} sur le vœu 1 et les académies limitrophes "
            "demandées.",
            (told("Vœu 1", case.voeux[0]),),
        ),
        bears=perimeter(case.voeux),
        pieces=("mariage",),
    )
    if points:
        ledger.warnings.append(
            "Mutation simultanée : le plus petit des deux barèmes décide ; deux titulaires qui ne sont pas tous deux satisfaits restent."
        )


def _parent_isole(ledger: Ledger) -> None:
    """Sessions 2020 and 2021 only: the first vœu and the académies that touch it."""
    case, item = ledger.case, ledger.case.items["parent_isole"]
    found = children(case)
    ledger.give(
        item,
        item.points if found.counted else Decimal(0),
        lambda: (
            f"Situation de parent isolé : {counted(item.points, 'points')} sur le vœu 1 et les académies limitrophes demandées.",
            tuple(told("Naissance", birth) for birth in sorted(found.counted)),
        ),
        bears=perimeter(case.voeux),
        pieces=("enfants",),
    )
