"""The barème of a request of the second degré: checks of the request, points by vœu, what is dropped, the extension."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from iprof.kernel.explain import Input, Node
from iprof.kernel.periods import add_months
from mobility.domain.facts import Lien, RequestFacts, Situation
from mobility.domain.family import PACS_EXTRACTS, Family, family_of
from mobility.domain.geography import Geography, geography
from mobility.domain.items import (
    Granted,
    anciennete_poste,
    anciennete_service,
    family_items,
    personal_items,
    place_items,
    stagiaire_items,
)
from mobility.domain.pieces import items_without, pieces_of
from mobility.domain.refusals import refusal
from mobility.domain.results import Bareme, Dropped, Line, Refusal, UnknownLine, VoeuBareme
from mobility.domain.rules import Rules, rules_for

FAMILY_ITEMS = frozenset({"rc", "apc", "mutation_simultanee", "enfants", "separation", "non_limitrophe"})
ORIGIN = "demande"
UNTRACED = Node("", None, "", "mobilite.inter", "")
SENTENCES = {
    "zone": "Porte sur le premier vœu et les académies limitrophes.",
    "first": "Porte sur le premier vœu seul.",
    "place": "Porte sur l'académie nommée seule.",
    "granted": "Porte sur les académies accordées par le recteur.",
    "corse": "Porte sur une demande faite pour la Corse seule.",
    "all": "",
}


def second_degree(request: RequestFacts, *, traced: bool) -> Bareme:
    """The barème; without `traced`, the same lines with no explanation tree."""
    rules, geo = rules_for(request.session), geography()
    told = named(request, geo)
    whole = list(_whole(told, rules, geo))
    base = Bareme((), tuple(whole), rules_session=rules.session.rules, official=rules.session.official)
    if whole or not told.voeux:
        return base
    family = family_of(told, rules, geo)
    family, refused = _with_pieces(family, told, rules)
    granted, unknown = _granted(told, family, rules, geo)
    granted, dropped = _exclusive(granted, told, rules)
    gone, missing = items_without(told.situation, rules)
    granted = [one for one in granted if one.item.id not in gone]
    pieces = {one.item.id: pieces_of(one.item, told.situation, rules) for one in granted}
    voeux = tuple(_voeu(rank, place, granted, pieces, rules, traced) for rank, place in enumerate(told.voeux, start=1))
    found = replace(
        base,
        voeux=voeux,
        refusals=(*family.refusals, *refused, *(one for one in missing if _bites(one, told, family))),
        dropped=dropped,
        unknown=tuple(unknown),
        separation_years=family.years if family.claimed else None,
        children_counted=len(family.children) if family.claimed else None,
    )
    found = replace(found, warnings=tuple(_order(told, found)))
    return _extended(found, told, rules, traced) if compulsory(told.situation) else found


def named(request: RequestFacts, geo: Geography) -> RequestFacts:
    """The same request with every académie under its own name, however it was told; unknown ones stay as they are."""

    def name(told: str) -> str:
        return geo.academie(told) or told

    told = request.situation
    return replace(
        request,
        voeux=tuple(name(one) for one in request.voeux),
        situation=replace(
            told,
            academie=name(told.academie),
            handicap_granted=tuple(name(one) for one in told.handicap_granted),
            cimm=name(told.cimm),
            reintegration_academie=name(told.reintegration_academie),
            academie_stage=name(told.academie_stage),
            academie_concours=name(told.academie_concours),
            ex_titulaire=name(told.ex_titulaire),
        ),
    )


def compulsory(told: Situation) -> bool:
    """Who must leave the movement with an académie: a stagiaire in first affectation, a titulaire to be placed again."""
    return (told.status == "stagiaire" and not told.ex_titulaire) or bool(told.reintegration_academie)


def _whole(told: RequestFacts, rules: Rules, geo: Geography) -> Iterator[Refusal]:
    """What refuses the whole request."""
    situation, voeux = told.situation, told.voeux
    if not situation.confirmation_deposited:
        yield refusal("confirmation_absente")
    if len(voeux) > rules.voeux_max:
        yield refusal("trop_de_voeux", count=len(voeux), most=rules.voeux_max)
    for place, times in Counter(voeux).items():
        if times > 1:
            yield refusal("voeu_en_double", place=place)
        if geo.is_outside(place):
            yield refusal("hors_mouvement_inter", place=place)
        elif place not in geo.codes:
            yield refusal("lieu_inconnu", place=place)
    partner = situation.simultanee
    if partner is not None:
        if partner.voeux and tuple(geo.academie(one) or one for one in partner.voeux) != voeux:
            yield refusal("listes_differentes")
        mine = (
            "stagiaire_ex_titulaire" if situation.status == "stagiaire" and situation.ex_titulaire else situation.status
        )
        if partner.kind and not _may_pair(mine, partner.kind):
            yield refusal("statuts_incompatibles")


def _may_pair(one: str, other: str) -> bool:
    return one == other or "stagiaire_ex_titulaire" in (one, other)


def _with_pieces(family: Family, told: RequestFacts, rules: Rules) -> tuple[Family, list[Refusal]]:
    """A PACS whose extract is too old on the day of deposit has no effect: the family goes with it."""
    deposit, old = told.situation.deposit, []
    for kind, dated in told.situation.pieces_dated:
        if deposit and kind in PACS_EXTRACTS and add_months(dated, rules.piece_months) < deposit:
            old.append(
                refusal("piece_de_plus_de_3_mois", piece=kind, day=f"{dated:%d/%m/%Y}", months=rules.piece_months)
            )
    rc = told.situation.rc
    if old and rc is not None and rc.lien is Lien.PACS and family.item == "rc":
        return replace(family, item="", children=(), years=Decimal(0)), old
    return family, old


def _granted(
    told: RequestFacts, family: Family, rules: Rules, geo: Geography
) -> tuple[list[Granted], list[UnknownLine]]:
    service = anciennete_service(told.situation, rules)
    unknown = [service] if isinstance(service, UnknownLine) else []
    found = [service] if isinstance(service, Granted) else []
    found.append(anciennete_poste(told.situation, rules))
    found += family_items(family, told.situation, rules, geo)
    found += personal_items(told, rules)
    found += stagiaire_items(told, rules)
    found += place_items(told, rules, geo)
    return [one for one in found if one.points], unknown


def _exclusive(granted: list[Granted], told: RequestFacts, rules: Rules) -> tuple[list[Granted], tuple[Dropped, ...]]:
    """What does not add up: the larger of the vœu préférentiel and of the family stays; the others are told."""
    dropped = []
    by_id = {one.item.id: one for one in granted}
    preferential = by_id.get("voeu_preferentiel")
    family = [one for one in granted if one.item.id in FAMILY_ITEMS]
    if preferential and family:
        lost = [preferential] if sum(one.points for one in family) >= preferential.points else family
        granted = [one for one in granted if one not in lost]
        reason = "Le vœu préférentiel ne se cumule pas avec une situation familiale : le plus favorable est gardé."
        dropped += [Dropped(one.item.id, one.item.label, reason) for one in lost]
    situation = told.situation
    if situation.rep_years >= rules.items["ep_rep"].number("years") and "ep_rep_plus" in by_id:
        item = rules.items["ep_rep"]
        dropped.append(Dropped(item.id, item.label, "L'exercice en REP ne se cumule pas avec l'exercice en REP+."))
    if situation.use_stag_10 and "stag_ex_contractuel" in by_id:
        item = rules.items["stag_10"]
        dropped.append(
            Dropped(item.id, item.label, "Les 10 points ne se cumulent pas avec ceux des anciens contractuels.")
        )
    if situation.boe and "handicap_1000" in by_id:
        item = rules.items["handicap_boe"]
        reason = "Les 100 points ne se cumulent pas avec la priorité de 1 000 points sur le même vœu."
        dropped += [Dropped(item.id, item.label, reason, place) for place in sorted(by_id["handicap_1000"].on or ())]
    return granted, tuple(dropped)


def _bites(one: Refusal, told: RequestFacts, family: Family) -> bool:
    """Whether a piece is missed: nobody asks for that of points that are not claimed."""
    if one.scope in FAMILY_ITEMS:
        return bool(family.item)
    return one.scope != "handicap_boe" or told.situation.boe


def _voeu(
    rank: int, place: str, granted: list[Granted], pieces: Mapping[str, tuple[str, ...]], rules: Rules, traced: bool
) -> VoeuBareme:
    lines = tuple(_line(one, pieces[one.item.id], traced) for one in granted if one.bears(place))
    total = sum((line.points for line in lines), Decimal(0))
    node = UNTRACED if not traced else Node(
        f"Barème du vœu {rank}, {place}", total, "points", "mobilite.inter.total", rules.session.since.isoformat(),
        (rules.session.source,), children=tuple(line.node for line in lines),
        sentence="" if rules.session.official else UNOFFICIAL.format(year=rules.session.rules),
    )  # fmt: skip
    return VoeuBareme(rank, place, total, lines, node)


UNOFFICIAL = (
    "Règles non officielles : le texte de cette session n'est pas publié, celui de la session {year} est repris."
)


def _line(one: Granted, pieces: tuple[str, ...], traced: bool) -> Line:
    item = one.item
    node = UNTRACED if not traced else Node(
        item.label, one.points, "points", f"mobilite.inter.{item.id}", item.since.isoformat(), (item.source,),
        inputs=tuple(Input(label, value, ORIGIN) for label, value in one.facts), sentence=SENTENCES[item.bears],
    )  # fmt: skip
    return Line(item.id, item.label, one.points, item.kept, pieces, node)


def _order(told: RequestFacts, found: Bareme) -> Iterator[str]:
    """What the order or the list costs, in words."""
    own = told.situation.academie
    if told.situation.status == "titulaire" and own in told.voeux and not told.situation.reintegration_academie:
        yield f"« {own} » est votre académie : vous la gardez si aucun vœu n'est satisfait, ce vœu est inutile."
    if any(one.code == "rc_voeu1_absent" for one in found.refusals):
        yield "L'ordre des vœux vous coûte les points familiaux : voyez le premier vœu."


def _extended(found: Bareme, told: RequestFacts, rules: Rules, traced: bool) -> Bareme:
    """The barème with which a compulsory candidate is placed when no vœu is satisfied: the lowest of the request."""
    kept = [
        (sum((line.points for line in voeu.lines if line.kept_in_extension), Decimal(0)), voeu) for voeu in found.voeux
    ]
    lowest, by = min(kept, key=lambda pair: (pair[0], pair[1].rank))
    best = kept[0][0]
    warnings = list(found.warnings)
    if lowest < best:
        warnings.append(
            f"Le vœu « {by.place} » abaisse votre barème d'extension de {_plain(best)} à {_plain(lowest)} points."
        )
    node = UNTRACED if not traced else Node(
        "Barème d'extension", lowest, "points", "mobilite.inter.extension", rules.session.since.isoformat(),
        (rules.extension_source,),
        inputs=tuple(Input(f"Vœu {voeu.rank}, {voeu.place}", points, ORIGIN) for points, voeu in kept),
        sentence="Le plus faible des barèmes de la demande, sans les points attachés à un vœu particulier.",
    )  # fmt: skip
    order = rules.known_beginnings.get(told.voeux[0])
    return replace(found, extension_bareme=lowest, extension_order=order, extension_node=node, warnings=tuple(warnings))


def _plain(points: Decimal) -> str:
    return f"{points.normalize():f}".replace(".", ",")
