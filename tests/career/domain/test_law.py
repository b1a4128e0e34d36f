"""The reader of the law refuses whatever it does not understand, naming the file and the key."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from career.domain import law
from career.domain.bareme_hors_classe import FILES, build_baremes
from career.domain.change_of_corps_law import FILE as CHANGE
from career.domain.change_of_corps_law import build_change_law
from career.domain.contractuels import FILE as CONTRACTUELS
from career.domain.contractuels import build_contract_law
from career.domain.grids import build_grids
from career.domain.linearisation_2023 import FILE as LINEARISATION
from career.domain.linearisation_2023 import build_linearisation
from career.domain.liste_aptitude import FILE as APTITUDE
from career.domain.liste_aptitude import build_liste_aptitude
from career.domain.projects import FILE as PROJECT
from career.domain.projects import build_project
from career.domain.promotion_appreciation import FILE as APPRECIATION
from career.domain.promotion_appreciation import build_appreciation
from career.domain.promotion_conditions import build_access
from career.domain.promotion_order import FILE as ORDER
from career.domain.promotion_order import build_order
from career.domain.promotion_rates import FILE as RATES
from career.domain.promotion_rates import build_rates
from career.domain.promotion_reclassement import FILE as RECLASSEMENT
from career.domain.promotion_reclassement import build_reclassement
from career.domain.promotion_thresholds import FILE as THRESHOLDS
from career.domain.promotion_thresholds import build_thresholds
from career.domain.published_means import FILE as MEANS
from career.domain.published_means import build_perimeters
from career.domain.rendez_vous import FILE as RENDEZ_VOUS
from career.domain.rendez_vous import build_rendez_vous_law

HORS_CLASSE, EXCEPTIONNELLE = "promotions/hors_classe.yaml", "promotions/classe_exceptionnelle.yaml"

GRIDS = ["agreges", "certifies_et_assimiles", "chaires_superieures", "instituteurs"]
LAW_FILES = [
    "corps.yaml",
    "hors_echelle.yaml",
    "avancement.yaml",
    "point_indice.yaml",
    "indice_minimum.yaml",
    *(f"grids/{name}.yaml" for name in GRIDS),
    *FILES,
    PROJECT,
    CHANGE,
    RENDEZ_VOUS,
    HORS_CLASSE,
    EXCEPTIONNELLE,
    RECLASSEMENT,
    RATES,
    LINEARISATION,
    APTITUDE,
    CONTRACTUELS,
    APPRECIATION,
    ORDER,
    THRESHOLDS,
    MEANS,
]


def read_everything(folder: Path) -> None:
    build_grids(folder)
    build_baremes(folder)
    build_project(folder)
    build_change_law(folder)
    build_rendez_vous_law(folder)
    build_perimeters(folder)
    build_access(folder)
    build_reclassement(folder)
    build_rates(folder)
    build_linearisation(folder)
    build_liste_aptitude(folder)
    build_contract_law(folder)
    build_appreciation(folder)
    build_order(folder)
    build_thresholds(folder)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "legal"
    shutil.copytree(law.LEGAL, copy, ignore=shutil.ignore_patterns("geography"))
    return copy


def rewrite(folder: Path, name: str, old: str, new: str) -> None:
    path = folder / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.req("S38")
@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("point_indice.yaml", '"59.0734"', "59.0734", "quoted"),
        ("point_indice.yaml", '"59.0734"', '"cinquante-neuf"', "not a decimal"),
        ("point_indice.yaml", "unit:", "units:", "'unit'"),
        ("point_indice.yaml", "2023-07-01", "2022-06-01", "do not increase"),
        ("point_indice.yaml", "2023-07-01", "2022-07-01", "written twice"),
        ("point_indice.yaml", "2023-07-01", "2023-02-30", "out of range"),
        ("point_indice.yaml", "2023-07-01", "juillet", "not a day"),
        ("point_indice.yaml", "checked_on: 2026-11-23", "checked_on: hier", "checked_on"),
        ("point_indice.yaml", "label: Valeur annuelle du point d'indice", "label: 3", "label"),
        (
            "point_indice.yaml",
            'source: "Décret n° 85-1148 du 24 octobre 1985, article 3"',
            'source: " "',
            "missing source",
        ),
        ("point_indice.yaml", '{value: "55.5635"', '{value: "55.5635", url: 3', "url"),
        ("point_indice.yaml", '{value: "55.5635"', '{value: "55.5635", url: "ftp://exemple.example"', "url"),
        ("point_indice.yaml", '{value: "55.5635"', '{value: "55.5635", sure: yes', "unknown key 'sure'"),
        ("hors_echelle.yaml", "confidence: medium", "confidence: certain", "confidence"),
        ("hors_echelle.yaml", "[890, 925, 972]", "[]", "expected a list"),
        ("hors_echelle.yaml", "[890, 925, 972]", "[890.0, 925, 972]", "whole number"),
        ("hors_echelle.yaml", "chevron_months: 12", "chevron_months: yes", "chevron_months"),
        ("hors_echelle.yaml", 'source: "Un an', 'origine: "Un an', "'source'"),
        ("corps.yaml", "weekly_hours: 18", "weekly_hours: dix-huit", "certifies"),
        ("corps.yaml", 'person: "Professeur certifié"', "person: null", "certifies"),
        ("corps.yaml", "grid: agreges", "grid: agrege", "grids/agrege.yaml"),
        ("grids/agreges.yaml", "months: 36, hors_echelle: HEA", "months: 36, hors_echelle: HEC", "HEC"),
        ("grids/agreges.yaml", "months: unknown", "months: inconnue", "inconnue"),
        ("grids/agreges.yaml", "accelerated_months: 24", "accelerated_months: deux", "6"),
        ("grids/agreges.yaml", "gross_indices:", "indices_bruts:", "gross_indices"),
        (FILES[0], "[9, 3, 10]", "[9, 3]", "list of 3"),
        (FILES[0], "[9, 3, 10]", "[9, 2, 10]", "rows do not increase"),
        (FILES[0], "[10, 1, 30]", "[9, 3, 30]", "rows do not increase"),  # below the row before it, above the first one
        (FILES[0], "Excellent: 145", "Parfait: 145", "'Excellent'"),
        (FILES[1], "corps: [pe]", "corps: [pe, plp]", "'plp' already has a table"),
        (PROJECT, "in_force: false", "in_force: true", "in_force"),
        (HORS_CLASSE, "echelon: 9", "echelon: neuf", "2018-09-01.echelon"),
        (HORS_CLASSE, "parental_leave: false", "parental_leave: 0", "neither true nor false"),
        (HORS_CLASSE, 'effect_day: "09-01"', 'effect_day: "02-29"', "not a day of the year"),
        (HORS_CLASSE, "from_grade:", "grade:", "'from_grade'"),
        (EXCEPTIONNELLE, "agreges: 4", "agrégés: 4", "'agrégés'"),
        (EXCEPTIONNELLE, "others: 5", "tous: 5", "'others'"),
        (EXCEPTIONNELLE, 'share: "0.70"', "share: 0.70", "quoted"),
        (EXCEPTIONNELLE, "functions_years: 6", "functions_years: six", "functions_years"),
        (RECLASSEMENT, "agreges: unknown", "agreges: inconnu", "clause: 2023-08-16.corps.agreges"),
        (RECLASSEMENT, "pe: {confidence: high,", "pe: {confidence: sure,", "texts.pe"),
        (RATES, '{all: "0.18"}', "{all: 0.18}", "hors_classe.2022.rates.all"),
        (RATES, 'pe: "0.29", ', "", "'pe'"),
        (RATES, "  hors_classe:", "  hors-classe:", "'hors_classe'"),
        (LINEARISATION, "since: 2023-08-06", "since: août", "since"),
        (LINEARISATION, "to_echelon: 5", "to_echelon: special", "to_echelon"),
        (APTITUDE, "age: 40", "age: quarante", "age"),
        (APTITUDE, "corps: [certifies, plp, peps]", "corps: []", "expected a list"),
        (MEANS, 'name: "France"', 'nom: "France"', "'name'"),
        (MEANS, "  national:", "  pays:", "'national'"),
        (MEANS, "    figures: null", "    figures: 3", "region"),
        (PROJECT, "5: 24", "5: deux ans", "months.5"),
        (CHANGE, "days_per_month: 30", "days_per_month: 31", "clock.days_per_month"),
        (CHANGE, "days_per_year: 360", "days_per_year: 365", "clock.days_per_year"),
        (CHANGE, "to: nearest_day", "to: next_day", "rounding.to"),
        (CHANGE, "half: up", "half: true", "rounding.half"),
        (CHANGE, "agreges: 175,", "agreges: 0,", "agreges"),
        (CHANGE, "agreges: 175,", 'agreges: "175",', "points.agreges"),
        (CHANGE, "{agreges: 175,", "{3: 175,", "not a text"),
        (CHANGE, "5: 204}", "cinq: 204}", "whole number"),
        (CHANGE, "beyond_months: 66", "beyond_months: unknown", "beyond_months"),
        (CHANGE, "[135, 175]", "[175, 135]", "not a share"),
        (CHANGE, "[135, 175]", "[135, 0]", "not a share"),
        (CHANGE, "[135, 175]", "[135]", "list of 2"),
        (CHANGE, "fractions: held_index", "fractions: indice", "fractions"),
        (CHANGE, "aliases: [aed, aesh]", "aliases: [aed, fonctionnaire_b]", "'fonctionnaire_b' already names"),
        (CHANGE, '      label: "Fonctionnaire de catégorie B ou C"\n', "", "fonctionnaire_b_c: missing key 'label'"),
        (CHANGE, 'full_from: "0.5"', "full_from: 0.5", "full_from"),
        (RENDEZ_VOUS, "from_months: 18", "from_months: 30", "2.before_months: the window closes"),
        (
            RENDEZ_VOUS,
            "      1: {echelon: 6,",
            "      premier: {echelon: 6,",
            "premier: 'premier' is not a whole number",
        ),
        (RENDEZ_VOUS, "echelon: 8", "echelon: huit", "2.echelon"),
        (RENDEZ_VOUS, "effect:", "effet:", "1: missing key 'effect'"),
        (RENDEZ_VOUS, "    days: 21", "    days: trois semaines", "observations: 2017-09-01.days"),
        (RENDEZ_VOUS, "ask_days: 30", "ask_days: trente", "2017-09-01.ask_days"),
        (RENDEZ_VOUS, "clear_days:", "jours_francs:", "'clear_days'"),
        (CHANGE, "by_index:", "par_indice:", "'by_index'"),
        (CONTRACTUELS, "months: 36", "months: trois ans", "months"),
        (CONTRACTUELS, "bounds: unknown", "bounds: 3", "bounds: 3 is not a text"),
        (CONTRACTUELS, "corps: contractuels", "corps: 3", "corps"),
        (APPRECIATION, "kept_until_promoted: true", "kept_until_promoted: oui", "kept_until_promoted"),
        (APPRECIATION, "rendez_vous: 3", "rendez_vous: troisième", "rendez_vous"),
        (ORDER, "fact: echelon,", "fact: note,", "criteria.fact: 'note'"),
        (ORDER, "single_source: true", "single_source: 1", "single_source"),
        (ORDER, "evaluators: {1:", "evaluators: {3:", "expected the degrees 1 and 2"),
        (THRESHOLDS, "thresholds: []", "thresholds: {}", "expected a list"),
        (THRESHOLDS, "thresholds: []", "thresholds: [165]", "thresholds.1"),
        (THRESHOLDS, "points: 10\n", 'points: "10"\n', "margin.points"),
        (
            THRESHOLDS,
            "thresholds: []",
            "thresholds: [{academie: '19', corps: [plp], year: 2026, points: 165}]",
            "missing key 'source'",
        ),
        (
            THRESHOLDS,
            "thresholds: []",
            "thresholds: [{academie: '19', corps: [plp, plp], year: 2026, points: 165, source: Bulletin}]",
            "two for the same corps",
        ),
    ],
)
def test_a_mistake_is_refused(folder: Path, name: str, old: str, new: str, said: str) -> None:
    rewrite(folder, name, old, new)
    with pytest.raises(law.LawFileError) as caught:
        read_everything(folder)
    assert said in str(caught.value)


def test_an_absent_file_is_refused(folder: Path) -> None:
    (folder / "hors_echelle.yaml").unlink()
    with pytest.raises(law.LawFileError, match=r"hors_echelle\.yaml"):
        build_grids(folder)


def paths(value: Any, so_far: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where each mapping key stands in a file."""
    if isinstance(value, dict):
        for key, item in value.items():
            yield (*so_far, key)
            yield from paths(item, (*so_far, key))


def mutate(data: dict[Any, Any], path: tuple[Any, ...], change: Callable[[dict[Any, Any], Any], None]) -> None:
    for key in path[:-1]:
        data = data[key]
    change(data, path[-1])


def replace_by_list(holder: dict[Any, Any], key: Any) -> None:
    holder[key] = [["x"]]


def add_neighbour(holder: dict[Any, Any], key: Any) -> None:
    holder["inattendu"] = "x"


@pytest.mark.parametrize("name", LAW_FILES)
@given(data=st.data())
def test_any_mutation_is_refused(tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject) -> None:
    """A list put in place of any value, or a key added beside any key, is refused with the file's name."""
    folder = tmp_path_factory.mktemp("law") / "legal"
    shutil.copytree(law.LEGAL, folder, ignore=shutil.ignore_patterns("geography"))
    content = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
    free = {
        "announced_for",
        "rounding",
        "share",
        "observation_day",
        "bonification",
        "excluded_corps",
    }  # told, not computed with
    where = data.draw(st.sampled_from([p for p in paths(content) if p[-1] not in free]))
    mutate(content, where, data.draw(st.sampled_from([replace_by_list, add_neighbour])))
    (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    with pytest.raises(law.LawFileError) as caught:
        read_everything(folder)
    assert name in str(caught.value)


def test_null_closes_a_quantity(folder: Path) -> None:
    path = folder / "indice_minimum.yaml"
    path.write_text(
        path.read_text(encoding="utf-8") + '  2030-01-01: {value: null, source: "Texte d\'essai"}\n', encoding="utf-8"
    )
    assert len(build_grids(folder).minimum_index.items()) == 2
    assert build_grids(folder).minimum_index.next_change(build_grids(folder).minimum_index.items()[-1][0]) is not None


def test_the_reform_of_2025_is_read_but_never_applied() -> None:
    project = build_project()
    assert (project.months, project.bonification) == ({5: 24, 6: 30, 7: 30, 8: 30}, False)
    assert "chaires_superieures" in project.excluded_corps
    for corps in build_grids().corps.values():
        for grade in corps.grades.values():
            for _, structure in grade.structure.items():
                assert grade.code != project.grade or structure[5].months != project.months[5]
