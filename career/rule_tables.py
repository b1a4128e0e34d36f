"""The tables of docs/rules, printed from the dated law: a page between two markers holds no figure written by hand.

`<!-- tableau: grille certifies_et_assimiles -->` … `<!-- fin du tableau -->` is filled by `filled`.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any

from career.domain import law
from career.domain.attractiveness import load_attractiveness
from career.domain.bareme_hors_classe import APPRECIATIONS, FILES, load_baremes
from career.domain.change_of_corps import entry_months
from career.domain.change_of_corps_law import ServiceRule, load_change_law
from career.domain.contractuels import load_contract_law
from career.domain.direction import load_direction
from career.domain.family_supplement import TABLED, load_supplement
from career.domain.grids import EchelonRule, Grade, load_grids
from career.domain.indemnities import load_indemnities
from career.domain.liste_aptitude import load_liste_aptitude
from career.domain.overtime import overtime_node
from career.domain.pay import monthly_gross_node, ordinal, place
from career.domain.pay_overseas import load_places
from career.domain.projects import build_project
from career.domain.promotion_appreciation import load_appreciation
from career.domain.promotion_conditions import GRADE_NAMES, load_access
from career.domain.promotion_order import load_order
from career.domain.promotion_rates import load_rates
from career.domain.promotion_reclassement import DAYS_PER_MONTH, Reclassement, ladder, reclassify
from career.domain.promotion_thresholds import load_thresholds
from career.domain.rendez_vous import load_rendez_vous_law
from career.domain.retirement import FILES as RETIREMENT_FILES
from career.domain.retirement import french_age, load_retirement
from career.domain.routes import SERVICES, load_routes
from career.domain.snapshot import CareerStepFact
from iprof.kernel.dated import DatedValues
from iprof.kernel.legal import LegalSource
from iprof.kernel.money import fewest_digits, format_number
from iprof.web.formats import UNKNOWN, french_date

MARKED = re.compile(r"(<!-- tableau: ([^>]+?) -->\n)(?:.*?)(<!-- fin du tableau -->)", re.DOTALL)
CONFIDENCE = {"high": "", "medium": " (source secondaire concordante)", "low": " (source secondaire unique)"}
GROUPS = {"HEA": "hors échelle A", "HEB": "hors échelle B"}
DEGREES = {1: "premier degré", 2: "second degré"}
ABSENT = "—"


class UnknownTable(Exception):
    """A page asks for a table that nothing prints."""


def filled(page: str) -> str:
    """The page with each of its tables printed again. Raises UnknownTable."""
    return MARKED.sub(lambda found: f"{found[1]}\n{table(found[2])}\n\n{found[3]}", page)


def table(name: str) -> str:
    """One block of Markdown. Raises UnknownTable."""
    kind, _, argument = name.partition(" ")
    try:
        return PRINTED[kind](argument)
    except KeyError as error:
        raise UnknownTable(f"Aucun tableau « {name} » ({error}).") from error


def _lines(head: Iterable[str], rows: Iterable[Iterable[str]], notes: Iterable[str] = ()) -> str:
    titles = list(head)
    drawn = [titles, ["---"] * len(titles), *rows]
    text = "\n".join("| " + " | ".join(cells) + " |" for cells in drawn)
    told = "\n".join(f"- {note}" for note in notes)
    return f"{text}\n\n{told}" if told else text


def _source(what: str, since: dt.date, source: LegalSource) -> str:
    return f"{what} depuis le {french_date(since)} : {source.text}{CONFIDENCE[source.confidence]}."


def _sources(what: str, values: DatedValues[Any]) -> list[str]:
    return [_source(what, day, values.at(day).source) for day, _ in values.items()]


def _months(rule: EchelonRule | None) -> str:
    if rule is None:
        return ABSENT
    if not rule.months_known:
        text = UNKNOWN
    elif rule.months is None:
        text = "dernier échelon"
    else:
        text = f"{rule.months} mois"
        if rule.accelerated_months is not None:
            text += f" ({rule.accelerated_months} avec bonification)"
    return f"{text}, {GROUPS[rule.hors_echelle]}" if rule.hors_echelle else text


def _points(values: Mapping[int, int | None], echelon: int, rule: EchelonRule | None) -> str:
    if rule is not None and rule.hors_echelle:
        return "voir les chevrons"
    if echelon not in values:
        return ABSENT
    points = values[echelon]
    return UNKNOWN if points is None else str(points)


def _grade(grade: Grade) -> str:
    structures, indices, gross = grade.structure.items(), grade.indices.items(), grade.gross_indices.items()
    head = [
        "Échelon",
        *(f"Durée depuis le {french_date(day)}" for day, _ in structures),
        *(f"Indice brut depuis le {french_date(day)}" for day, _ in gross),
        *(f"Indice majoré depuis le {french_date(day)}" for day, _ in indices),
    ]
    rows = []
    for echelon in grade.echelons:
        last = structures[-1][1].get(echelon)
        rows.append(
            [
                ordinal(echelon),
                *(_months(rules.get(echelon)) for _, rules in structures),
                *(_points(points, echelon, last) for _, points in gross),
                *(_points(points, echelon, last) for _, points in indices),
            ]
        )
    notes = [
        *_sources("Durées", grade.structure),
        *_sources("Indices bruts", grade.gross_indices),
        *_sources("Indices majorés", grade.indices),
    ]
    return f"### {grade.label}\n\n{_lines(head, rows, notes)}"


def _grille(name: str) -> str:
    corps = next((corps for corps in load_grids().corps.values() if corps.grid == name), None)
    if corps is None:
        raise UnknownTable(f"Aucune grille « {name} ».")
    return "\n\n".join(_grade(grade) for grade in corps.grades.values())


def _corps(_: str) -> str:
    titles = {
        corps.grid: law.read(f"grids/{corps.grid}.yaml", required={"label", "checked_on", "grades"}, folder=law.LEGAL)[
            "label"
        ]
        for corps in load_grids().corps.values()
        if corps.has_grid
    }
    return _lines(
        ("Corps", "Code", "Statut", "Grille", "Service hebdomadaire"),
        (
            (
                corps.label,
                f"`{corps.code}`",
                corps.statute,
                titles.get(corps.grid, "aucune grille nationale"),
                ABSENT if corps.weekly_hours is None else f"{corps.weekly_hours} heures",
            )
            for corps in load_grids().corps.values()
        ),
    )


def _chevrons(_: str) -> str:
    groups = load_grids().hors_echelle
    count = max(len(indices) for values in groups.values() for _, indices in values.items())
    rows, notes = [], []
    for code, values in groups.items():
        for day, indices in values.items():
            rows.append([GROUPS[code].capitalize(), french_date(day), *map(str, indices)])
        notes += _sources(GROUPS[code].capitalize() + ",", values)
    notes.append(f"Durée de chaque chevron : {load_grids().chevron_months} mois.")
    return _lines(("Groupe", "Depuis le", *(f"{ordinal(n)} chevron" for n in range(1, count + 1))), rows, notes)


def _point(_: str) -> str:
    values = load_grids().point_value
    return _lines(
        ("Depuis le", "Valeur annuelle du point", "Source"),
        ((french_date(day), f"{format_number(value)} €", values.at(day).source.text) for day, value in values.items()),
    )


def _minimum(_: str) -> str:
    values = load_grids().minimum_index
    return _lines(
        ("Depuis le", "Indice majoré minimum", "Source"),
        ((french_date(day), format_number(value), values.at(day).source.text) for day, value in values.items()),
    )


def _bonification(_: str) -> str:
    found = load_grids().bonification
    raw = law.read(
        "avancement.yaml", required={"share", "rounding"}, optional=frozenset(_BONIFICATION_KEYS), folder=law.LEGAL
    )
    share = fewest_digits(law.decimal(raw["share"], "avancement.yaml: share") * 100)
    rounding = UNKNOWN if raw["rounding"] == law.UNKNOWN else str(raw["rounding"])
    label = next(
        grade.label
        for corps in load_grids().corps.values()
        for grade in corps.grades.values()
        if grade.code == found.grade
    )
    return _lines(
        ("Quoi", "Règle"),
        (
            ("Grade", label),
            ("Échelons", " et ".join(map(ordinal, sorted(found.echelons)))),
            ("Durée en moins", f"{found.months} mois"),
            ("Part des agents concernés", f"{share} %"),
            ("Arrondi de cette part", rounding),
            ("Depuis le", french_date(found.since)),
            ("Source", found.source.text),
        ),
    )


_BONIFICATION_KEYS = {"label", "checked_on", "since", "grade", "echelons", "months", "confidence", "source"}


def _contractuels(_: str) -> str:
    contract = load_contract_law()
    rows = [
        (f"Délai entre deux réexamens, depuis le {french_date(day)}", f"{months} mois au plus")
        for day, months in contract.months.items()
    ]
    rows += [
        (f"Bornes des indices, depuis le {french_date(day)}", b or UNKNOWN) for day, (b,) in contract.bounds.items()
    ]
    notes = [*_sources("Réexamen", contract.months), *_sources("Indices", contract.bounds)]
    return _lines(("Quoi", "Règle"), rows, notes)


def _bareme(degree: str) -> str:
    file = f"promotions/bareme_hors_classe_{degree}.yaml"
    if file not in FILES:
        raise UnknownTable(f"Aucun barème « {degree} ».")
    corps = law.read(file, required={"label", "checked_on", "corps", "observation_day", "values"}, folder=law.LEGAL)[
        "corps"
    ]
    values = load_baremes()[corps[0]]
    blocks = []
    for day, bareme in values.items():
        appreciation = _lines(
            ("Appréciation finale", "Points"),
            ((label, str(bareme.appreciation[code])) for code, label in APPRECIATIONS.items()),
        )
        last = max(bareme.anciennete)
        seniority = _lines(
            ("Échelon", "Années complètes dans l'échelon", "Points"),
            (
                (ordinal(echelon), f"{years} et plus" if (echelon, years) == last else str(years), str(points))
                for (echelon, years), points in bareme.anciennete.items()
            ),
            (_source("Barème", day, values.at(day).source),),
        )
        blocks.append(f"{appreciation}\n\n{seniority}")
    return f"Corps : {_people(corps)}.\n\n" + "\n\n".join(blocks)


def _conditions(grade: str) -> str:
    access = load_access()[grade]
    rows = []
    for day, conditions in access.values.items():
        for voie in conditions.voies:
            told = []
            for echelon in dict.fromkeys(voie.echelon.values()):
                corps = [code for code in access.corps if voie.echelon[code] == echelon]
                whom = "autres corps" if len(corps) > len(access.corps) // 2 else _people(corps)
                whom = "" if len(corps) == len(access.corps) else f" ({whom})"
                told.append((UNKNOWN if echelon is None else ordinal(echelon)) + whom)
            rows.append(
                (
                    french_date(day),
                    " ; ".join(told),
                    f"{voie.months} mois" if voie.months else "aucune",
                    f"{voie.functions_years} ans" if voie.functions_years else "aucune",
                    f"{fewest_digits(voie.share * 100)} %",
                )
            )
    return _lines(
        ("Effet depuis le", "Échelon", "Ancienneté dans l'échelon", "Fonctions particulières", "Part des promotions"),
        rows,
        _sources("Conditions", access.values),
    )


def _people(corps: Iterable[str]) -> str:
    return ", ".join(load_grids().corps[code].label.lower().replace("éducation nat", "Éducation nat") for code in corps)


def _taux(grade: str) -> str:
    campaigns = load_rates()[grade]
    groups = dict.fromkeys(
        tuple(other for other in campaign.rates if all(c.rates[other] == c.rates[code] for c in campaigns.values()))
        for campaign in campaigns.values()
        for code in campaign.rates
    )
    return _lines(
        ("Corps", *(str(year) for year in campaigns)),
        (
            (
                "tous" if len(group) == len(next(iter(campaigns.values())).rates) else _people(group),
                *(
                    UNKNOWN if (rate := campaign.rates[group[0]]) is None else f"{format_number(_percent(rate))} %"
                    for campaign in campaigns.values()
                ),
            )
            for group in groups
        ),
        (
            f"{year} : {campaign.source.text}{CONFIDENCE[campaign.source.confidence]}."
            for year, campaign in campaigns.items()
        ),
    )


def _ordre(_: str) -> str:
    """The criteria of the classe exceptionnelle, in the order they are looked at."""
    values = load_order()
    rows, notes = [], _sources("Critères", values)
    for day, order in values.items():
        for rank, criterion in enumerate(order.criteria, start=1):
            known = "une seule source" if criterion.single_source else "concordantes"
            rows.append((french_date(day), ordinal(rank), criterion.label, known))
        notes += [
            f"Avis, depuis le {french_date(day)} : {', '.join(order.opinions)}.",
            *(f"Avis donnés, {DEGREES[degree]} : {', '.join(names)}." for degree, names in order.evaluators.items()),
            f"Le tableau tient aussi compte de : {', '.join(order.balances)}.",
        ]
    return _lines(("Effet depuis le", "Rang", "Critère", "Sources"), rows, notes)


def _seuils(_: str) -> str:
    """Thresholds published, or that none is; then the margin of the portal."""
    found = load_thresholds()
    margin = f"Marge d'affichage : {found.margin} points ({found.margin_source.text})."
    if not found.known:
        return f"{found.unpublished.text}.\n\n- {margin}"
    return _lines(
        ("Campagne", "Académie", "Corps", "Barème du dernier promu", "Source"),
        (
            (
                str(one.year),
                one.academie,
                _people(one.corps),
                str(one.points),
                one.source.text + CONFIDENCE[one.source.confidence],
            )
            for one in found.known
        ),
        (margin,),
    )


def _appreciation(_: str) -> str:
    values = load_appreciation()
    return _lines(
        ("Depuis le", "Donnée par", "Conservée jusqu'à la promotion"),
        (
            (
                french_date(day),
                f"{ordinal(rule.rendez_vous)} rendez-vous de carrière",
                "oui" if rule.kept_until_promoted else "non",
            )
            for day, rule in values.items()
        ),
        _sources("Règle", values),
    )


def _percent(rate: Decimal) -> Decimal:
    return Decimal(fewest_digits(rate * 100))


def _reclassement(argument: str) -> str:
    """« reclassement pe hors_classe 2026-09-01 »: one row for each stretch of ancienneté that leads elsewhere."""
    corps, to_grade, on = argument.split()
    day, access = dt.date.fromisoformat(on), load_access()[to_grade]
    voie = access.values.at(day).value.voies[0]
    lowest = voie.echelon[corps] or 0
    rows, sources = [], {}
    for rung in ladder(corps, access.from_grade, day):
        if rung.echelon < lowest:
            continue
        first = voie.months if rung.echelon == lowest else 0
        found: list[tuple[int, Reclassement]] = []
        for months in range(first, rung.months or 61):
            step = CareerStepFact(corps, access.from_grade, rung.echelon, day, rung.chevron, months * DAYS_PER_MONTH)
            result = reclassify(step, to_grade, day)
            if not found or _fate(result) != _fate(found[-1][1]):
                found.append((months, result))
            sources[result.source.text] = result.source
        for position, (months, result) in enumerate(found):
            until = found[position + 1][0] if position + 1 < len(found) else None
            rows.append(
                (
                    ordinal(rung.echelon) + (f", {ordinal(rung.chevron)} chevron" if rung.chevron else ""),
                    _stretch(months, until),
                    ordinal(result.after.echelon or 0)
                    + (f", {ordinal(result.after.chevron)} chevron" if result.after.chevron else ""),
                    str(result.index_after.value),
                    _fate(result)[2],
                )
            )
    return _lines(
        ("Échelon d'origine", "Ancienneté", "Nouvel échelon", "Indice majoré", "Ancienneté conservée"),
        rows,
        (f"{source.text}{CONFIDENCE[source.confidence]}." for source in sources.values()),
    )


def _fate(found: Reclassement) -> tuple[int | None, int | None, str]:
    if found.kept is None:
        kept = "non vérifiée"
    elif found.rule == "clause":
        kept = "ce qui dépasse la durée demandée"
    elif found.capped or (found.avancement is not None and found.gain >= found.avancement):
        kept = "aucune"
    else:
        kept = "conservée"
    return found.after.echelon, found.after.chevron, kept


def _stretch(months: int, until: int | None) -> str:
    if until is None:
        return f"{months} mois et plus" if months else "quelle qu'elle soit"
    if until == months + 1:
        return f"{months} mois"
    return f"{months} mois à moins de {until}" if months else f"moins de {until} mois"


def _aptitude(_: str) -> str:
    values = load_liste_aptitude().values
    rows = []
    for day, asked in values.items():
        rows += [
            ("Listes depuis", str(day.year)),
            ("Corps", _people(asked.corps)),
            ("Âge", f"{asked.age} ans"),
            ("Services effectifs d'enseignement", f"{asked.services_years} ans"),
            ("Dont dans le corps", f"{asked.corps_years} ans"),
            ("Contingent", asked.contingent),
        ]
    return _lines(("Quoi", "Règle"), rows, _sources("Conditions", values))


def _coefficients(_: str) -> str:
    values = load_change_law().coefficients
    blocks = []
    for day, points in values.items():
        rows = ((_coefficient_of(code), str(value)) for code, value in points.items())
        blocks.append(_lines(("Corps", "Coefficient"), rows, (_source("Coefficients", day, values.at(day).source),)))
    return "\n\n".join(blocks)


OUTSIDE = {"adjoints_enseignement": "Adjoints d'enseignement", "pegc": "Professeurs d'enseignement général de collège"}


def _coefficient_of(code: str) -> str:
    corps = code.removesuffix("_biadmissibles")
    known = load_grids().corps.get(corps)
    label = known.label if known else OUTSIDE[corps]
    return label if corps == code else f"{label} biadmissibles à l'agrégation"


def _theorique(corps: str) -> str:
    grids, grade = load_grids(), load_change_law().entry_grade
    if corps not in grids.corps:
        raise UnknownTable(f"Aucun corps « {corps} ».")
    structure = grids.corps[corps].grades[grade].structure
    day = structure.items()[-1][0]
    rows = ((ordinal(n), f"{entry_months(corps, n, day)} mois") for n in grids.echelons_on(corps, grade, day))
    return _lines(
        ("Échelon", "Durée pour l'atteindre à l'ancienneté"), rows, (_source("Durées", day, structure.at(day).source),)
    )


def _annexe(_: str) -> str:
    text = load_change_law()
    rows, notes = [], []
    for day, value in text.annexe_classe_exceptionnelle.items():
        rows += [[ordinal(echelon), f"11e échelon et {months} mois"] for echelon, months in value.months.items()]
        notes.append(
            f"S'y ajoute le temps passé au 11e échelon de la classe normale au-delà de {value.beyond_months} mois."
        )
        notes.append(_source("Classe exceptionnelle", day, text.annexe_classe_exceptionnelle.at(day).source))
    notes += _sources("Hors-classe", text.annexe_hors_classe)
    return _lines(("Échelon de la classe exceptionnelle", "Lecture publiée, non appliquée"), rows, notes)


def _reprise(_: str) -> str:
    text = load_change_law()
    rows, notes = [], []
    for status in text.statuses.values():
        for day, rule in status.rules.items():
            told = (_share(rule, "certifies_et_assimiles"), _share(rule, "agreges"))
            rows.append([status.label, f"`{status.code}`", french_date(day), *told])
            notes.append(_source(status.label + ",", day, status.rules.at(day).source))
    notes += _sources("Quotité,", text.full_time_from)
    return _lines(("Statut antérieur", "Code", "Depuis le", "Certifiés et corps assimilés", "Agrégés"), rows, notes)


def _share(rule: ServiceRule, grid: str) -> str:
    if rule.fractions is None:
        return "indice détenu"
    share = rule.fractions[grid]
    return "en entier" if share.value == 1 else str(share)


def _rendez_vous(_: str) -> str:
    text = load_rendez_vous_law()
    rows, notes = [], []
    for day, rules in text.windows.items():
        for rule in rules:
            between = f"de {rule.from_months} à {rule.before_months} mois"
            rows.append([ordinal(rule.number), ordinal(rule.echelon), between, rule.effect])
        notes.append(_source("Rendez-vous", day, text.windows.at(day).source))
    for day, days in text.observation_days.items():
        source = text.observation_days.at(day).source
        notes.append(_source(f"Observations sur le compte rendu, {days} jours calendaires,", day, source))
    for day, found in text.revision.items():
        told = f"{found.ask_days} jours francs, réponse {found.answer_days}, commission {found.commission_days},"
        notes.append(_source(f"Révision de l'appréciation finale, {told}", day, text.revision.at(day).source))
    for day, told in text.clear_days.items():
        notes.append(_source(f"Jours francs. {told} Règle", day, text.clear_days.at(day).source))
    return _lines(("Rendez-vous", "Échelon", "Ancienneté dans l'échelon", "Effet"), rows, notes)


def _projet(_: str) -> str:
    project = build_project()
    return _lines(
        ("Échelon de la classe normale", "Durée proposée"),
        ((ordinal(echelon), f"{months} mois") for echelon, months in project.months.items()),
        (f"{project.source.text}.",),
    )


def _exemple(argument: str) -> str:
    """« exemple certifies classe_normale 6 2026-09-01 »: the sum written out."""
    corps, grade, echelon, on = argument.split()
    day = dt.date.fromisoformat(on)
    step = CareerStepFact(corps, grade, int(echelon), day)
    node = monthly_gross_node(step, day)
    return f"> {place(step)}, le {french_date(day)} : {node.sentence}"


def _majoration(_: str) -> str:
    rows, notes = [], []
    for found in load_places().values():
        if found.rates is None:
            rows.append([found.label, f"`{found.code}`", UNKNOWN, ABSENT])
            continue
        corrections = found.corrections.items() if found.corrections else []
        for day, rate in found.rates.items():
            percent = f"{fewest_digits(rate * 100)} % depuis le {french_date(day)}"
            since = ", ".join(f"{format_number(value)} depuis le {french_date(first)}" for first, value in corrections)
            rows.append([found.label, f"`{found.code}`", percent, since or ABSENT])
        notes += _sources(f"{found.label},", found.rates)
        if found.corrections:
            notes += _sources(f"{found.label}, index,", found.corrections)
    return _lines(("Lieu", "Code", "Majoration", "Index de correction"), rows, notes)


def _supplement(_: str) -> str:
    values = load_supplement()
    head = [
        "Depuis le",
        "Indice plancher",
        "Indice plafond",
        *(f"{n} enfant{'s' * (n > 1)}" for n in TABLED),
        "par enfant de plus",
    ]
    rows = [
        [
            french_date(day),
            str(rule.floor),
            str(rule.ceiling),
            *(_parts(rule.fixed[n], rule.rates[n]) for n in TABLED),
            _parts(rule.extra_fixed, rule.extra_rate),
        ]
        for day, rule in values.items()
    ]
    return _lines(head, rows, _sources("Supplément familial", values))


def _parts(fixed: Decimal, rate: Decimal) -> str:
    return f"{format_number(fixed)} €" + (f" + {fewest_digits(rate * 100)} %" if rate else "")


def _prime(_: str) -> str:
    rule = load_attractiveness()
    versions = rule.amounts.items()
    echelons = sorted({echelon for _, amounts in versions for echelon in amounts})
    rows = [
        [
            ordinal(echelon),
            *(f"{format_number(amounts[echelon])} €" if echelon in amounts else ABSENT for _, amounts in versions),
        ]
        for echelon in echelons
    ]
    head = ("Échelon de la classe normale", *(f"Depuis le {french_date(day)}" for day, _ in versions))
    return _lines(head, rows, _sources("Prime d'attractivité", rule.amounts))


def _indemnites(_: str) -> str:
    rows, notes = [], []
    for found in load_indemnities().values():
        share = {True: "en proportion", False: "entière", None: UNKNOWN}[found.prorated]
        for day, amount in found.amounts.items() if found.amounts else []:
            rows.append([found.label, french_date(day), f"{format_number(amount)} €", share])
        if found.amounts is None:
            rows.append([found.label, ABSENT, UNKNOWN, share])
        else:
            notes += _sources(f"{found.label},", found.amounts)
    return _lines(("Indemnité", "Depuis le", "Montant annuel", "À temps partiel"), rows, notes)


def _heures(on: str) -> str:
    day = dt.date.fromisoformat(on)
    rows = []
    for code, hours in (("certifies", None), ("plp", None), ("peps", None), ("agreges", None), ("agreges", 17)):
        corps = load_grids().find_corps(code)
        nodes = [
            overtime_node(code, grade, day, first=first, weekly_hours=hours)
            for grade in ("classe_normale", "hors_classe")
            for first in (False, True)
        ]
        amounts = [node.value for node in (*nodes, nodes[0].children[0], nodes[2].children[0])]
        rows.append(
            [
                corps.label,
                f"{hours or corps.weekly_hours} heures",
                *(f"{format_number(n)} €" for n in amounts if isinstance(n, Decimal)),
            ]
        )
    head = (
        "Corps",
        "Service",
        "HSA",
        "première HSA",
        "HSA, autres grades",
        "première HSA, autres grades",
        "HSE",
        "HSE, autres grades",
    )
    return _lines(head, rows)


def _retraite(category: str) -> str:
    if category not in RETIREMENT_FILES:
        raise UnknownTable(f"Aucune catégorie « {category} ».")
    values = load_retirement().tables[category]
    versions = values.items()
    days = sorted({cohort.born_from for _, cohorts in versions for cohort in cohorts})
    rows = []
    for day in days:
        cells = []
        for _, cohorts in versions:
            past = [cohort for cohort in cohorts if cohort.born_from <= day]
            quarters = UNKNOWN if not past or past[-1].quarters is None else str(past[-1].quarters)
            cells += [french_age(past[-1].age_months), quarters] if past else [ABSENT, ABSENT]
        rows.append([french_date(day), *cells])
    head = ["Naissance à partir du"]
    for day, _ in versions:
        head += [f"Âge, pension à partir du {french_date(day)}", "Trimestres"]
    return _lines(head, rows, _sources("Pensions", values))


def _acces(_: str) -> str:
    rows, notes = [], []
    for found in load_routes().values():
        for day, route in found.versions.items():
            services = UNKNOWN
            if route.services is not None:
                services = " ; ".join(
                    f"{french_age(months) if months else 'aucune durée'} : {SERVICES[kind]}"
                    for kind, months in route.services.items()
                )
            rows.append([found.label, services, " ; ".join(route.conditions) or ABSENT])
            read = "" if route.first_day_known else " (jour de lecture : première date du texte inconnue)"
            source = found.versions.at(day).source
            notes.append(
                f"{found.label}, depuis le {french_date(day)}{read} : {source.text}{CONFIDENCE[source.confidence]}."
            )
    return _lines(("Voie", "Services", "Autres conditions, non vérifiées"), rows, notes)


def _direction(_: str) -> str:
    values = load_direction()
    rows = [
        (GRADE_NAMES[grade], ordinal(echelon), ordinal(row.to), row.kept_text)
        for _, table in values.items()
        for (grade, echelon), row in table.rows.items()
    ]
    return _lines(
        ("Grade tenu", "Échelon tenu", "Échelon de la classe normale", "Ancienneté conservée"),
        rows,
        _sources("Reclassement", values),
    )


PRINTED: Mapping[str, Callable[[str], str]] = {
    "grille": _grille,
    "corps": _corps,
    "chevrons": _chevrons,
    "point": _point,
    "minimum": _minimum,
    "bonification": _bonification,
    "contractuels": _contractuels,
    "bareme": _bareme,
    "coefficients": _coefficients,
    "theorique": _theorique,
    "annexe": _annexe,
    "reprise": _reprise,
    "rendez_vous": _rendez_vous,
    "conditions": _conditions,
    "taux": _taux,
    "reclassement": _reclassement,
    "aptitude": _aptitude,
    "ordre": _ordre,
    "seuils": _seuils,
    "appreciation": _appreciation,
    "projet": _projet,
    "exemple": _exemple,
    "majoration": _majoration,
    "supplement": _supplement,
    "prime": _prime,
    "indemnites": _indemnites,
    "heures": _heures,
    "retraite": _retraite,
    "acces": _acces,
    "direction": _direction,
}
