"""The barème of the mouvement interacadémique: each rule writes in the ledger, then lines and totals are read from it."""

from decimal import Decimal

from mobility.domain.facts import RequestFacts
from mobility.domain.geography import geography
from mobility.domain.inter_bound import bound
from mobility.domain.inter_common import anciennete_poste, anciennete_service
from mobility.domain.inter_extension import extension, is_compulsory, trap
from mobility.domain.inter_family import family
from mobility.domain.inter_frame import frame
from mobility.domain.inter_handicap import handicap
from mobility.domain.inter_law import item_laws, items
from mobility.domain.inter_ledger import Case, Ledger
from mobility.domain.inter_nodes import UNTRACED, extension_node, line_of, total_node
from mobility.domain.inter_post import post
from mobility.domain.inter_stagiaires import stagiaires
from mobility.domain.inter_voeux import named, request_refusals
from mobility.domain.results import Bareme, Line, VoeuBareme
from mobility.domain.sessions import session_of

RULES = (anciennete_service, anciennete_poste, family, handicap, post, stagiaires, bound)


def inter_bareme(request: RequestFacts, *, traced: bool = True) -> Bareme:
    """`traced` False: the same figures without their explanation. Raises DomainError("session_unknown")."""
    session = session_of(request.session)
    if refusals := request_refusals(request):
        return Bareme((), refusals, rules_session=session.rules, official=session.official)
    if not request.voeux:
        return Bareme((), rules_session=session.rules, official=session.official)
    ledger = Ledger(case_of(request))
    for rule in RULES:
        rule(ledger)
    return _result(ledger, traced)


def case_of(request: RequestFacts) -> Case:
    """The request with its places named, its session's law and its missing pieces. An item is missing by its id."""
    situation = request.situation
    geo, words = geography(), frozenset(situation.missing)
    departement = geo.departement(situation.departement)
    return Case(
        situation,
        session_of(request.session),
        session_of(request.session).anchors,
        items(request.session),
        named(request.voeux),
        geo.academie(situation.academie) or geo.academie_of.get(departement, ""),
        departement,
        frame().codes(words) | (words & item_laws().keys()),
    )


def _result(ledger: Ledger, traced: bool) -> Bareme:
    case = ledger.case
    lines = [(one, line_of(one, traced=traced)) for one in ledger.earned]
    voeux = tuple(
        _voeu(case, rank, voeu, tuple(line for one, line in lines if one.on(voeu)), traced)
        for rank, voeu in enumerate(case.voeux, start=1)
    )
    compulsory = is_compulsory(case)
    found = extension(case, ledger.earned) if compulsory else None
    return Bareme(
        voeux,
        tuple(ledger.refusals),
        tuple(ledger.dropped),
        tuple(ledger.unknown),
        found.bareme if found else None,
        None,
        (extension_node(case, found) if traced else UNTRACED) if found else None,
        ledger.separation_years,
        ledger.children_counted,
        case.session.rules,
        case.session.official,
        (*ledger.warnings, *own_academie(case, compulsory), *(trap(found) if found else ())),
    )


def _voeu(case: Case, rank: int, voeu: str, lines: tuple[Line, ...], traced: bool) -> VoeuBareme:
    total = sum((line.points for line in lines), Decimal(0))
    return VoeuBareme(rank, voeu, total, lines, total_node(case, voeu, total, lines) if traced else UNTRACED)


def own_academie(case: Case, compulsory: bool) -> tuple[str, ...]:
    """Asking one's own académie is of no use to a titulaire, who keeps it (inference, low confidence)."""
    if compulsory or case.home not in case.voeux:
        return ()
    return (f"{case.home} est votre académie : ce vœu est inutile, vous la gardez si aucun vœu n'est satisfait.",)
