"""Family points of the premier degré: the département of the conjoint's work and those that touch it."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from career.domain.pay import french_date
from iprof.kernel.money import counted
from mobility.domain.facts import Lien, Rapprochement
from mobility.domain.geography import geography
from mobility.domain.inter_children import Children, children
from mobility.domain.inter_family import children_points, link_pieces
from mobility.domain.inter_family_place import Seat, seat_of
from mobility.domain.inter_family_refusals import link_refusals, old_piece
from mobility.domain.inter_ledger import Case, Ledger, told
from mobility.domain.inter_separation import Apart, apart, separation_points
from mobility.domain.refusals import refusal
from mobility.domain.results import Refusal

PARIS, CROWN = "75", frozenset({"92", "93", "94"})
REFUSED_PROOFS = {"teletravail": "teletravail_non_retenu", "residence_privee": "residence_privee_non_retenue"}


def family(ledger: Ledger) -> None:
    """RC or APC; vœux liés give no points; two strategies give none."""
    situation = ledger.case.situation
    claimed = [one for one in (situation.rc, situation.apc, situation.simultanee) if one is not None]
    if len(claimed) > 1:
        ledger.refusals.append(refusal("strategies_familiales_multiples"))
    elif situation.rc:
        _rc(ledger, situation.rc)
    elif situation.apc:
        found = children(ledger.case)
        refusals = list(_place(ledger.case, seat_of(situation.apc), situation.apc.pays))
        if not (found.counted or found.unproved):
            refusals.append(refusal("apc_sans_enfant", limit=french_date(ledger.case.anchors.enfant)))
        since = min(situation.children_birthdates, default=None)
        _together(ledger, "apc", seat_of(situation.apc), since, ("enfants", "garde", "activite"), refusals, found)


def _rc(ledger: Ledger, rc: Rapprochement) -> None:
    case, seat = ledger.case, seat_of(rc.place)
    refusals = [*link_refusals(case, rc), *old_piece(case, rc)]
    if rc.proof in REFUSED_PROOFS:
        refusals.append(refusal(REFUSED_PROOFS[rc.proof]))
    refusals += _place(case, seat, rc.place.pays)
    tax = ("imposition",) if rc.lien is Lien.PACS and case.session.imposition_commune else ()
    _together(ledger, "rc", seat, rc.since, (*link_pieces(ledger, rc), *tax, "activite"), refusals, children(case))


def _place(case: Case, seat: Seat, country: str) -> Iterator[Refusal]:
    if seat.problem:
        yield refusal(seat.problem, place=country)
    elif not seat.departement:
        yield refusal("lieu_conjoint_inconnu")
    elif case.voeux and case.voeux[0] != seat.departement:
        yield refusal("rc_voeu1_absent", place=f"le département {seat.departement}")


def perimeter(voeux: tuple[str, ...]) -> frozenset[str]:
    """The first vœu and the départements that touch it, among the vœux."""
    near = geography().near_departements.get(voeux[0], frozenset()) if voeux else frozenset()
    return frozenset(voeu for voeu in voeux if voeu == voeux[0] or voeu in near)


def _together(
    ledger: Ledger,
    name: str,
    seat: Seat,
    since: dt.date | None,
    pieces: tuple[str, ...],
    refusals: list[Refusal],
    found: Children,
) -> None:
    case, bears = ledger.case, perimeter(ledger.case.voeux)
    years = apart_years(case, seat, since)
    ledger.separation_years, ledger.children_counted = years.years, len(found.counted)
    if refusals:
        ledger.refusals.extend(refusals)
        return
    item = case.items[name]
    given = ledger.give(
        item,
        item.points,
        lambda: (
            f"Le premier vœu est le département {seat.departement} ; lui et les départements limitrophes demandés donnent "
            f"{counted(item.points, 'points')}.",
            (told("Département du premier vœu", seat.departement), told("Depuis le", since)),
        ),
        bears=bears,
        pieces=pieces,
    )
    if given:
        children_points(ledger, found, bears)
        _apart(ledger, years, seat, bears)


def apart_years(case: Case, seat: Seat, since: dt.date | None) -> Apart:
    """None between Paris and the three départements around it; those three count as three."""
    pair = {case.departement, seat.departement}
    if case.departement == seat.departement != "" or (PARIS in pair and pair & CROWN):
        return Apart(0, 0, Decimal(0))
    alone = Seat(seat.academie, "")  # the rule of the second degré, one place for the four, is not that of the premier
    return apart(case, alone, since, case.items["separation"])


def _apart(ledger: Ledger, found: Apart, seat: Seat, bears: frozenset[str]) -> None:
    case, item, far = ledger.case, ledger.case.items["separation"], ledger.case.items["academie_non_limitrophe"]
    points = separation_points(item, found.years)
    given = ledger.give(
        item,
        points,
        lambda: (
            f"{counted(found.years, 'années')} de séparation au barème : {counted(points, 'points')}.",
            (told("Années en activité", found.active), told("Années en congé ou disponibilité", found.leave)),
        ),
        bears=bears,
        pieces=("activite",),
    )
    apart_enough = given and found.years >= far.amount("annees")
    if (
        apart_enough
        and case.home
        and case.home != seat.academie
        and seat.academie not in geography().near_academies[case.home]
    ):
        ledger.give(
            far,
            far.points,
            lambda: (
                f"Les académies de {case.home} et de {seat.academie} ne sont pas limitrophes : {counted(far.points, 'points')}.",
                (told("Votre académie", case.home), told("Autre académie", seat.academie)),
            ),
            bears=bears,
            pieces=("activite",),
        )
