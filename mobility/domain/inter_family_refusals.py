"""What closes the family points: the link, the place, the activity of the conjoint, an old piece."""

from collections.abc import Iterator

from career.domain.pay import french_date
from iprof.kernel.periods import add_months
from iprof.kernel.text import sort_key
from mobility.domain.facts import Lien, Rapprochement
from mobility.domain.inter_children import in_time
from mobility.domain.inter_family_place import Seat
from mobility.domain.inter_frame import frame
from mobility.domain.inter_ledger import Case
from mobility.domain.refusals import refusal
from mobility.domain.results import FAMILY, Refusal

EXTRACT = ("extrait", "naissance", "pacs")  # words that name what proves a PACS
TELEWORK = frozenset({"teletravail", "tele travail"})


def link_refusals(case: Case, rc: Rapprochement) -> Iterator[Refusal]:
    """The link of the two: its day, its end, its tax proof. Source: items `rc`, anchors `lien` and `reconnaissance`."""
    if rc.lien is Lien.ENFANT:
        yield from _child_link(case, rc)
        return
    limit = case.anchors.lien
    if rc.since and rc.since > limit:
        yield refusal("lien_posterieur_au_31_08", day=french_date(rc.since), limit=french_date(limit))
    if rc.dissolution:
        yield refusal("pacs_dissous" if rc.lien is Lien.PACS else "mariage_dissous")
    if rc.lien is Lien.PACS and case.session.imposition_commune and rc.imposition_commune is False:
        yield refusal("pacs_sans_imposition_commune")


def _child_link(case: Case, rc: Rapprochement) -> Iterator[Refusal]:
    """A child born, or recognised, by 31 December N-1, whatever its age."""
    days = [*case.situation.children_birthdates, *([rc.since] if rc.since else [])]
    if any(in_time(day, case) for day in days):
        return
    if not days:
        yield refusal("lien_sans_enfant")
        return
    day, limit = french_date(min(days)), french_date(case.anchors.reconnaissance)
    yield refusal("reconnaissance_hors_delai", FAMILY, day=day, limit=limit)


def activity_refusals(case: Case, rc: Rapprochement) -> Iterator[Refusal]:
    """The work of the conjoint. Source: item `rc`, anchor `chomage`; telework since the session 2024."""
    if sort_key(rc.proof) in TELEWORK and not case.session.teletravail:
        yield refusal("teletravail_non_retenu")
    ended, limit = rc.last_activity_end, case.anchors.chomage
    if rc.unemployed and ended and ended <= limit:
        yield refusal("activite_trop_ancienne", day=french_date(ended), limit=french_date(limit))


def place_refusals(case: Case, seat: Seat, country: str) -> Iterator[Refusal]:
    """The place, and the first vœu that must be its académie."""
    if seat.problem:
        yield refusal(seat.problem, place=country)
    elif not seat.academie:
        yield refusal("lieu_conjoint_inconnu")
    elif case.voeux[0] != seat.academie:
        yield refusal("rc_voeu1_absent", place=seat.academie)


def old_piece(case: Case, rc: Rapprochement) -> Iterator[Refusal]:
    """What proves a PACS: three months old at most on the day of the deposit, that day included."""
    deposit, months = case.situation.deposit, frame().counts["piece_months"]
    if rc.lien is not Lien.PACS or deposit is None:
        return
    for kind, dated in case.situation.pieces_dated:
        if proves_pacs(kind) and add_months(dated, months) < deposit:
            yield refusal("piece_de_plus_de_3_mois", piece=kind, day=french_date(dated), months=months)
            return


def proves_pacs(kind: str) -> bool:
    """Whether a piece, by its code or its name, proves a PACS or is the extract of a birth certificate.

    >>> proves_pacs("pacs_extrait"), proves_pacs("extrait d'acte de naissance"), proves_pacs("contrat_travail")
    (True, True, False)
    """
    return any(word in sort_key(kind) for word in EXTRACT)
