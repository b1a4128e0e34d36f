"""The barème of the mouvement interdépartemental (premier degré): départements, titulaires only, no extension."""

from collections import Counter
from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal

from career.domain.pay import french_date, ordinal
from iprof.kernel.explain import Node
from iprof.kernel.money import counted, format_number
from mobility.domain.facts import RequestFacts
from mobility.domain.first_degree_family import family
from mobility.domain.first_degree_law import anchors, items, voeux_max
from mobility.domain.geography import geography
from mobility.domain.inter_common import echelon_day, echelon_on
from mobility.domain.inter_frame import frame
from mobility.domain.inter_law import Item
from mobility.domain.inter_ledger import Case, Ledger, told
from mobility.domain.inter_nodes import UNTRACED, session_sources, unofficial, version_of
from mobility.domain.inter_post import education_prioritaire, years_points
from mobility.domain.refusals import refusal
from mobility.domain.results import Bareme, Line, Refusal, VoeuBareme
from mobility.domain.sessions import session_of

RULE = "mobility.interdep"
TABLES = {"normale": "pe_normale", "hors_classe": "pe_hors_classe", "exceptionnelle": "pe_exceptionnelle"}
COM = frozenset({"975", "986", "987", "988"})
PROOF = ("handicap",)


def first_degree(request: RequestFacts, *, traced: bool = True) -> Bareme:
    """`traced` False: the same figures without their explanation. Raises DomainError("session_unknown")."""
    session = session_of(request.session)
    if refusals := tuple(_request(request)):
        return Bareme((), refusals, rules_session=session.rules, official=session.official)
    case = case_of(request)
    ledger = Ledger(case)
    for rule in (_echelon, _seniority, family, _handicap, _post, _cimm, _preferential):
        rule(ledger)
    return _result(ledger, traced)


def case_of(request: RequestFacts) -> Case:
    situation, geo = request.situation, geography()
    words = frozenset(situation.missing)
    found = items(request.session)
    here = geo.departement(situation.departement)
    return Case(
        situation,
        session_of(request.session),
        anchors(request.session),
        found,
        tuple(geo.departement(voeu) for voeu in request.voeux),
        geo.academie_of.get(here, "") or geo.academie(situation.academie),
        here,
        frame().codes(words) | (words & found.keys()),
    )


def _request(request: RequestFacts) -> Iterator[Refusal]:
    """What refuses the whole request."""
    geo, (most, _) = geography(), voeux_max()
    if request.situation.status == "stagiaire":
        yield refusal("reserve_aux_titulaires")
    if not request.situation.confirmation_deposited:
        yield refusal("confirmation_absente")
    if len(request.voeux) > most:
        yield refusal("trop_de_voeux", count=len(request.voeux), most=most)
    for place, times in Counter(request.voeux).items():
        if times > 1:
            yield refusal("voeu_en_double", place=place)
        if not geo.departement(place):
            yield refusal(
                "hors_mouvement_inter" if place in COM or geo.is_outside(place) else "lieu_inconnu", place=place
            )
    partner = request.situation.simultanee
    if partner and partner.voeux and tuple(partner.voeux) != tuple(request.voeux):
        yield refusal("listes_differentes")


def _echelon(ledger: Ledger) -> None:
    case, item = ledger.case, ledger.case.items["echelon"]
    day, situation = echelon_day(case), case.situation
    echelon = echelon_on(situation, day)
    if echelon is None:
        ledger.tell_unknown(item.id, f"L'échelon tenu au {french_date(day)} n'est pas connu : indiquez-le.")
        return
    table = "instituteur" if situation.corps == "instituteur" else TABLES.get(situation.classe, "")
    points = item.table(table).get(Decimal(echelon)) if table else None
    if points is None:
        ledger.tell_unknown(item.id, f"Non publié : les points du {ordinal(echelon)} échelon de ce grade.")
        return
    ledger.give(
        item,
        points,
        lambda: (
            f"{ordinal(echelon)} échelon au {french_date(day)} : {counted(points, 'points')}.",
            (told("Échelon", echelon, day),),
        ),
    )


def seniority_points(item: Item, months: int) -> Decimal:
    """2/12 of a point a full month beyond three years, 10 points every five full years beyond them; two decimals, cut.

    >>> from mobility.domain.first_degree_law import items
    >>> seniority_points(items(2026)["anciennete_departement"], 23 * 12)
    Decimal('80.00')
    """
    beyond = max(months - int(item.amount("franchise_mois")), 0)
    yearly = item.amount("par_an") * beyond / 12
    return (yearly + item.amount("par_cinq_ans") * (beyond // 60)).quantize(Decimal("0.01"), ROUND_DOWN)


def _seniority(ledger: Ledger) -> None:
    case, item = ledger.case, ledger.case.items["anciennete_departement"]
    months = case.situation.months_in_departement
    if months is None:
        ledger.tell_unknown(item.id, "L'ancienneté dans le département n'est pas connue : indiquez-la en mois.")
        return
    points = seniority_points(item, months)
    ledger.give(
        item,
        points,
        lambda: (
            f"{counted(months, 'mois')} dans le département au {french_date(case.anchors.poste)}, les trois premières années ôtées : "
            f"{counted(item.amount('par_an'), 'points')} par an, {counted(item.amount('par_cinq_ans'), 'points')} tous les cinq ans, "
            f"soit {counted(points, 'points')}.",
            (told("Mois dans le département", months, case.anchors.poste),),
        ),
    )


def _handicap(ledger: Ledger) -> None:
    """100 points on every vœu, 800 instead on those the DASEN granted."""
    case = ledger.case
    granted = frozenset(case.voeux) & {geography().departement(one) for one in case.situation.handicap_granted}
    for name, on, claimed in (
        ("handicap_800", granted, bool(granted)),
        ("handicap_boe", frozenset(case.voeux) - granted, case.situation.boe),
    ):
        if claimed:
            _bonus(ledger, case.items[name], on)
    if case.situation.boe:
        for voeu in sorted(granted):
            ledger.drop("handicap_boe", "Remplacée sur ce vœu par la bonification exceptionnelle de 800 points.", voeu)


def _bonus(ledger: Ledger, item: Item, on: frozenset[str]) -> None:
    if ledger.case.situation.boe and ledger.lacking(item.id, PROOF):
        ledger.refuse("rqth_non_notifiee", item.id)
        return
    ledger.give(
        item,
        item.points if on else Decimal(0),
        lambda: (f"{item.label} : {counted(item.points, 'points')}.", (told("Vœux", ", ".join(sorted(on))),)),
        bears=on,
        pieces=PROOF,
    )


YEARS = (
    ("cla", "cla_years", "dans un établissement en contrat local d'accompagnement"),
    ("pop", "pop_years", "sur un poste à profil"),
    ("guyane", "guyane_years", "en Guyane"),
    ("mayotte", "mayotte_years", "à Mayotte"),
)


def _post(ledger: Ledger) -> None:
    """Years in éducation prioritaire as in the second degré; CLA, poste à profil, Guyane and Mayotte apart."""
    education_prioritaire(ledger)
    for name, field, where in YEARS:
        if item := ledger.item(name):
            years_points(ledger, item, getattr(ledger.case.situation, field), where)


def _cimm(ledger: Ledger) -> None:
    """On the first vœu, an overseas département; not with vœux liés, nor with RC nor APC: the larger is kept."""
    case, item = ledger.case, ledger.case.items["cimm"]
    geo, said = geography(), case.situation.cimm
    here = geo.departement(said) or next(iter(geo.departements.get(geo.academie(said), ())), "")
    first = case.voeux[0] if case.voeux else ""
    if not said or here != first or geo.academie_of.get(first) not in geo.overseas:
        return
    if case.situation.simultanee:
        ledger.drop(item.id, "Ne se cumule pas avec des vœux liés : renoncez à l'un des deux.")
        return
    kin = [one for one in ledger.earned if one.item.id in FAMILY]
    if sum(one.points for one in kin) > item.points:
        ledger.drop(item.id, "Ne se cumule pas avec les points familiaux, plus forts : ils sont gardés.")
        return
    for one in kin:
        ledger.earned.remove(one)
        ledger.drop(one.item.id, "Ne se cumule pas avec le CIMM, plus fort : il est gardé.")
    ledger.give(
        item,
        item.points,
        lambda: (
            f"CIMM reconnu pour le premier vœu : {counted(item.points, 'points')}.",
            (told("Reconnu pour", geo.names[first]),),
        ),
        bears=frozenset({first}),
        pieces=("liens",),
    )


FAMILY = frozenset({"rc", "apc", "enfants", "separation", "academie_non_limitrophe"})


def _preferential(ledger: Ledger) -> None:
    case, item = ledger.case, ledger.case.items["voeu_preferentiel"]
    requests = case.situation.voeu_preferentiel_requests
    points = item.amount("par_an") * max(requests - 1, 0)
    ledger.give(
        item,
        points,
        lambda: (
            f"Même premier vœu demandé {requests} années de suite : {counted(points, 'points')}. Le plafond est non publié.",
            (told("Demandes consécutives", requests),),
        ),
        bears=frozenset(case.voeux[:1]),
    )


def _result(ledger: Ledger, traced: bool) -> Bareme:
    case = ledger.case
    voeux = tuple(_voeu(ledger, rank, voeu, traced) for rank, voeu in enumerate(case.voeux, start=1))
    own = f"Le département {case.departement} est le vôtre : ce vœu est inutile, vous le gardez si aucun vœu n'est satisfait."
    return Bareme(
        voeux,
        tuple(ledger.refusals),
        tuple(ledger.dropped),
        tuple(ledger.unknown),
        separation_years=ledger.separation_years,
        children_counted=ledger.children_counted,
        rules_session=case.session.rules,
        official=case.session.official,
        warnings=(*ledger.warnings, *((own,) if case.departement in case.voeux else ())),
    )


def _voeu(ledger: Ledger, rank: int, voeu: str, traced: bool) -> VoeuBareme:
    case, lines = ledger.case, []
    for one in ledger.earned:
        if not one.on(voeu):
            continue
        node = UNTRACED
        if traced:
            sentence, inputs = one.explain()
            rule = f"{RULE}.{one.item.id}"
            node = Node(
                one.item.label, one.points, "points", rule, one.item.version, (one.item.source,), inputs, (), sentence
            )
        lines.append(Line(one.item.id, one.item.label, one.points, None, one.pieces, node))
    total = sum((line.points for line in lines), Decimal(0))
    added = " + ".join(format_number(line.points) for line in lines) or "0"
    node = UNTRACED if not traced else Node(
        f"Barème du vœu {voeu} {geography().names[voeu]}", total, "points", f"{RULE}.total", version_of(case.session),
        session_sources(case.session), children=tuple(line.node for line in lines),
        sentence=f"{added} = {counted(total, 'points')}. Le barème est indicatif.{unofficial(case.session)}",
    )  # fmt: skip
    return VoeuBareme(rank, voeu, total, tuple(lines), node)
