"""The points of each item of the second degré, one function an item or a family of items. None touches another."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from iprof.kernel.explain import Value
from iprof.kernel.periods import months_between
from mobility.domain.facts import RequestFacts, Situation
from mobility.domain.family import Family
from mobility.domain.geography import Geography
from mobility.domain.results import UnknownLine
from mobility.domain.rules import Item, Rules

YEAR = 12
CORSE = "Corse"
Fact = tuple[str, Value]


@dataclass(frozen=True, slots=True)
class Granted:
    """Points of an item: `on` the vœux that carry them, None for all; `facts` what they were computed from."""

    item: Item
    points: Decimal
    on: frozenset[str] | None
    facts: tuple[Fact, ...]

    def bears(self, voeu: str) -> bool:
        return self.on is None or voeu in self.on


def echelon_of(told: Situation, rules: Rules) -> int | None:
    """The échelon held on the day of the session: that of the history, else the one told."""
    day = rules.session.classement_day if told.status == "stagiaire" else rules.session.echelon_day
    reached = [on for on in told.echelon_history if on <= day]
    return told.echelon_history[max(reached)] if reached else told.echelon


def echelon_years(told: Situation, echelon: int, rules: Rules) -> int:
    """Whole years in that échelon on the day of the session; 0 when nothing tells."""
    entered = [on for on, held in told.echelon_history.items() if held == echelon and on <= rules.session.echelon_day]
    if entered:
        return months_between(min(entered), rules.session.echelon_day + dt.timedelta(1)) // YEAR
    return told.echelon_years or 0


def anciennete_service(told: Situation, rules: Rules) -> Granted | UnknownLine:
    item, echelon = rules.items["anciennete_service"], echelon_of(told, rules)
    if echelon is None:
        reason = "Aucun échelon n'est connu au jour retenu pour la session."
        return UnknownLine(item.id, item.label, reason)
    years = echelon_years(told, echelon, rules)
    facts: tuple[Fact, ...] = (
        ("Classe", told.classe.replace("_", "-")),
        ("Échelon", echelon),
        ("Au", rules.session.classement_day if told.status == "stagiaire" else rules.session.echelon_day),
    )
    return Granted(item, _service_points(told, echelon, years, item), None, facts)


def _service_points(told: Situation, echelon: int, years: int, item: Item) -> Decimal:
    per = item.number("per_echelon") * echelon
    if told.classe == "exceptionnelle":
        return min(item.number("exceptionnelle") + per, item.number("exceptionnelle_cap"))
    if told.classe == "hors_classe":
        if told.corps != "agrege":
            return item.number("hors_classe") + per
        return _agrege(echelon, years, item, item.number("hors_classe_agrege") + per)
    return max(per, item.number("minimum"))


def _agrege(echelon: int, years: int, item: Item, points: Decimal) -> Decimal:
    """An agrégé of the hors-classe gains with the years in the fourth échelon, the last."""
    last = 4
    if echelon < last:
        return points
    return max([item.number("hors_classe_agrege") + item.number("per_echelon") * last]
               + [more for least, more in item.number("agrege_hc4").items() if years >= least])  # fmt: skip


def anciennete_poste(told: Situation, rules: Rules) -> Granted:
    """A stagiaire has none, but for a former titulaire: a flat part, and that of the former post."""
    item, years = rules.items["anciennete_poste"], told.poste_years or 0
    flat = Decimal(0)
    if told.status == "stagiaire":
        if not told.ex_titulaire:
            return Granted(item, Decimal(0), None, (("Stagiaire", "sans poste"),))
        flat = item.number("ex_titulaire")
    points = flat + item.number("per_year") * years + item.number("bonus") * (years // item.number("every"))
    return Granted(item, points, None, (("Années de poste", years), ("Au", rules.session.seniority_day)))


def family_items(family: Family, told: Situation, rules: Rules, geo: Geography) -> Iterator[Granted]:
    """Those of the strategy kept; nothing when there is none."""
    if not family.item:
        return
    item, zone = rules.items[family.item], family.zone
    if family.item == "mutation_simultanee":
        if told.simultanee_conjoints:
            yield Granted(item, item.number("points"), zone, (("Conjoints", "oui"),))
        return
    place: Fact = ("Académie du conjoint ou de l'autre parent", family.place.academie)
    yield Granted(item, item.number("points"), zone, (place,))
    children, apart = rules.items["enfants"], rules.items["separation"]
    many = len(family.children)
    yield Granted(children, children.number("points") * many, zone, (("Enfants comptés", many),))
    points = apart.number("table")[_key(family.years)]
    yield Granted(apart, points, zone, (("Années de séparation retenues", family.years),))
    yield _apart(family, told, rules, geo)


def _key(years: Decimal) -> str:
    return f"{years.normalize():f}" if years else "0"


def _apart(family: Family, told: Situation, rules: Rules, geo: Geography) -> Granted:
    """Académies that do not touch, or départements that do not in académies that do; never both."""
    item, here = rules.items["non_limitrophe"], geo.academie(told.academie)
    there, points = family.place.academie, Decimal(0)
    ours, theirs = geo.departement(told.departement), family.place.departement
    if family.years >= item.number("separation") and here and here != there:
        if there not in geo.near_academies[here]:
            points = item.number("academies")
        elif ours and theirs and theirs not in geo.near_departements[ours]:
            points = item.number("departements")
    return Granted(item, points, family.zone, (("Votre académie", here), ("Autre académie", there)))


def personal_items(request: RequestFacts, rules: Rules) -> Iterator[Granted]:
    """Handicap, post and career: they bear on every vœu, but for the priority granted by the recteur."""
    told = request.situation
    granted = frozenset(told.handicap_granted) & frozenset(request.voeux)
    if told.boe:
        item = rules.items["handicap_boe"]
        yield Granted(item, item.number("points"), frozenset(request.voeux) - granted, (("Bénéficiaire", "oui"),))
    if granted:
        item = rules.items["handicap_1000"]
        yield Granted(item, item.number("points"), granted, (("Accordée pour", ", ".join(sorted(granted))),))
    for name, years in (
        ("ep_rep_plus", told.rep_plus_years),
        ("ep_rep", 0 if _long(rules, "ep_rep_plus", told.rep_plus_years) else told.rep_years),
        ("cla", told.cla_years),
        ("pop_sortie", told.pop_years),
        ("mayotte_guyane", max(told.mayotte_years, told.guyane_years)),
    ):
        if _long(rules, name, years):
            item = rules.items[name]
            yield Granted(item, item.number("points"), None, (("Années", years),))


def _long(rules: Rules, name: str, years: int) -> bool:
    return rules.exists(name) and years >= rules.items[name].number("years")


def stagiaire_items(request: RequestFacts, rules: Rules) -> Iterator[Granted]:
    told, first = request.situation, frozenset(request.voeux[:1])
    stagiaire = told.status == "stagiaire"
    if stagiaire and told.ex_contractuel:
        item, echelon = rules.items["stag_ex_contractuel"], echelon_of(told, rules) or 1
        steps = item.number("up_to")
        points = next((steps[most] for most in sorted(steps) if echelon <= most), item.number("above"))
        yield Granted(item, points, None, (("Échelon de classement", echelon),))
    elif told.use_stag_10:
        item = rules.items["stag_10"]
        yield Granted(item, item.number("points"), first, (("Demandée", "oui"),))
    if stagiaire:
        places = frozenset({told.academie_stage, told.academie_concours} - {""})
        item = rules.items["stag_01"]
        yield Granted(item, item.number("points"), places, (("Académies", ", ".join(sorted(places))),))
    if stagiaire and told.ex_titulaire:
        item = rules.items["stag_ex_fonctionnaire"]
        yield Granted(
            item, item.number("points"), frozenset({told.ex_titulaire}), (("Ancienne académie", told.ex_titulaire),)
        )


def place_items(request: RequestFacts, rules: Rules, geo: Geography) -> Iterator[Granted]:
    """Points tied to a place or to the first vœu."""
    told, first = request.situation, request.voeux[0]
    if told.reintegration_academie:
        item = rules.items["reintegration"]
        place = frozenset({told.reintegration_academie})
        yield Granted(item, item.number("points"), place, (("Académie d'origine", told.reintegration_academie),))
    if told.cimm and told.cimm == first and first in geo.overseas:
        item = rules.items["cimm"]
        yield Granted(item, item.number("points"), frozenset({first}), (("Reconnu pour", first),))
    if request.voeux == (CORSE,):
        item = rules.items["corse_voeu_unique"]
        yield Granted(
            item, _corse(told, item), frozenset({CORSE}), (("Demandes consécutives", told.voeu_preferentiel_requests),)
        )
    item = rules.items["voeu_preferentiel"]
    again = max(told.voeu_preferentiel_requests - 1, 0)
    points = min(item.number("per_request") * again, item.number("cap"))
    yield Granted(
        item, points, frozenset({first}), (("Demandes avec le même premier vœu", told.voeu_preferentiel_requests),)
    )


def _corse(told: Situation, item: Item) -> Decimal:
    """A stagiaire who trained in Corse, else by the number of consecutive requests; a first request: not published."""
    if told.status == "stagiaire" and CORSE in (told.academie_stage, told.academie):
        return item.number("stagiaire_ex_contractuel" if told.ex_contractuel else "stagiaire")
    asked = told.voeu_preferentiel_requests
    return max((points for least, points in item.number("requests").items() if asked >= least), default=Decimal(0))
