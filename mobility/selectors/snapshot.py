"""From the file and what the agent claims to the plain values the rules take: the only place where the two meet."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from career.geography import academies
from mobility.domain.facts import Degree, Lien, Partner, Place, Rapprochement, RequestFacts, Situation
from mobility.enums import Activity, Strategy
from mobility.models import Claims, MobilityRequest
from mobility.selectors.file import FileFacts, file_facts
from security.models import User


def session_of(on: dt.date) -> int:
    """The session prepared on a day: that of the next rentrée.

    >>> session_of(dt.date(2026, 11, 25))
    2027
    """
    return on.year + 1 if on.month >= 9 else on.year


def facts_of(user: User, *, session: int, on: dt.date, voeux: Sequence[str] = ()) -> RequestFacts:
    """The file alone, without any claim: « mon barème aujourd'hui » before anything is said. Four queries."""
    file = file_facts(user, session=session, on=on)
    return RequestFacts(file.degree, session, situation_from(file), tuple(voeux))


def request_facts(request: MobilityRequest, *, on: dt.date, file: FileFacts | None = None) -> RequestFacts:
    """A request as the rules see it on a day. With `file`, no other query than the vœux, the claims and the pieces."""
    session = request.campaign.session if request.campaign else session_of(on)
    found = file or file_facts(request.owner, session=session, on=on)
    voeux = tuple(request.voeux.order_by("rank").values_list("place", flat=True))
    degree = Degree(request.campaign.degree) if request.campaign else found.degree
    return RequestFacts(degree, session, claimed(found, request.claims, deposit=on), voeux)


def situation_from(file: FileFacts) -> Situation:
    """What the file tells, nothing claimed."""
    return Situation(
        academie=file.academie,
        departement=file.departement,
        corps=file.corps,
        classe=file.classe or "normale",
        echelon_history=file.echelon_history,
        echelon_years=file.echelon_years,
        poste_years=file.poste_years,
        months_in_departement=file.months_in_departement,
        rep_years=file.rep_years,
        rep_plus_years=file.rep_plus_years,
    )


def claimed(file: FileFacts, claims: Claims, *, deposit: dt.date) -> Situation:
    """The file, and above it what the agent claims. No query."""
    family = claims.strategy in (Strategy.RC, Strategy.APC)
    return replace(
        situation_from(file),
        status="stagiaire" if claims.stagiaire else "titulaire",
        rc=_rapprochement(claims) if claims.strategy == Strategy.RC else None,
        apc=place_of(claims) if claims.strategy == Strategy.APC else None,
        simultanee=Partner(claims.partner_kind, tuple(claims.partner_voeux))
        if claims.strategy == Strategy.SIMULTANEE
        else None,
        simultanee_conjoints=claims.partner_conjoint,
        children_birthdates=(*claims.children_birthdates, *_unborn(claims)) if family else (),
        reconnaissance_anticipee=_recognised(claims),
        separation_active=claims.separation_active if family else 0,
        separation_leave=claims.separation_leave if family else 0,
        boe=claims.boe,
        conjoint_boe=claims.conjoint_boe,
        poste_years=_told(claims.poste_years, file.poste_years),
        rep_years=_told(claims.rep_years, file.rep_years) or 0,
        rep_plus_years=_told(claims.rep_plus_years, file.rep_plus_years) or 0,
        cla_years=claims.cla_years or 0,
        pop_years=claims.pop_years or 0,
        mayotte_years=claims.mayotte_years or 0,
        guyane_years=claims.guyane_years or 0,
        cimm=claims.cimm,
        reintegration_academie=claims.reintegration,
        academie_stage=claims.academie_stage,
        academie_concours=claims.academie_concours,
        ex_contractuel=claims.ex_contractuel,
        ex_titulaire=claims.ex_titulaire,
        use_stag_10=claims.use_stag_10,
        voeu_preferentiel_requests=claims.preferential_requests,
        deposit=deposit,
    )


def place_of(claims: Claims) -> Place:
    """Where the conjoint, or the other parent, works; the académie follows the département."""
    if claims.conjoint_pays:
        near = claims.conjoint_departement
        return Place(pays=claims.conjoint_pays, departement_frontalier=near)
    found = academies().get(claims.conjoint_departement)
    return Place(found.name if found else "", claims.conjoint_departement)


def _rapprochement(claims: Claims) -> Rapprochement:
    return Rapprochement(
        place=place_of(claims),
        lien=Lien(claims.lien or Lien.MARIAGE),
        since=claims.lien_on,
        imposition_commune=claims.imposition_commune,
        dissolution=claims.dissolved_on,
        unemployed=claims.activity == Activity.UNEMPLOYED,
        last_activity_end=claims.last_activity_end,
        proof={Activity.TELEWORK: "teletravail", Activity.RESIDENCE: "residence_privee"}.get(
            Activity(claims.activity), "activite"
        ),
    )


def _unborn(claims: Claims) -> tuple[dt.date, ...]:
    return (claims.unborn_expected_on,) if claims.unborn_expected_on else ()


def _recognised(claims: Claims) -> dict[dt.date, dt.date]:
    if claims.unborn_expected_on and claims.unborn_recognised_on:
        return {claims.unborn_expected_on: claims.unborn_recognised_on}
    return {}


def _told(claim: int | None, file: int | None) -> int | None:
    return file if claim is None else claim
