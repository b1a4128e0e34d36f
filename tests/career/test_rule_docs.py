"""docs/rules cannot drift: tables are printed from the law, examples are computed, codes are those of the engine."""

import datetime as dt
import re
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from career import rule_tables
from career.domain.bareme_hors_classe import load_baremes
from career.domain.case_files import read_cases
from career.domain.case_inputs import READERS, Inputs
from career.domain.cases import COMPUTED
from career.domain.grids import load_grids
from career.domain.law import LEGAL
from career.domain.promotion_thresholds import Threshold
from career.domain.refusals import WORDING
from career.rule_tables import MARKED, UnknownTable, filled, table
from iprof.kernel.legal import LegalSource
from mobility.domain.case_files import compute_case
from mobility.domain.case_results import differences

pytestmark = pytest.mark.req("S38", "S79")
FOLDER = Path(settings.BASE_DIR) / "docs" / "rules"
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob("*.md"))}
CASES = [
    (name, block) for name, text in PAGES.items() for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.M | re.S)
]


def rows(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in re.findall(r"^\|.*\|$", text, re.M)]


@pytest.mark.parametrize("name", PAGES)
def test_each_table_is_the_one_the_law_prints(name):
    assert filled(PAGES[name]) == PAGES[name], "python manage.py rule_tables"


def test_the_command_checks_then_mends(tmp_path):
    call_command("rule_tables", check=True, stdout=StringIO())
    page = tmp_path / "traitement-brut.md"
    page.write_text(PAGES["traitement-brut"].replace("59,0734", "59,0743"), encoding="utf-8")
    with pytest.raises(CommandError, match=r"traitement-brut\.md") as caught:
        call_command("rule_tables", check=True, folder=tmp_path)
    assert caught.value.returncode == 1
    call_command("rule_tables", folder=tmp_path, stdout=StringIO())
    assert page.read_text(encoding="utf-8") == PAGES["traitement-brut"]
    page.write_text("<!-- tableau: paie -->\n<!-- fin du tableau -->\n", encoding="utf-8")
    with pytest.raises(CommandError, match="paie"):
        call_command("rule_tables", folder=tmp_path)


@pytest.mark.parametrize(
    "name", ["", "paie", "grille inconnue", "bareme troisieme_degre", "retraite militaire", "theorique inconnu"]
)
def test_a_table_nothing_prints_is_refused(name):
    with pytest.raises(UnknownTable):
        table(name)


def test_an_empty_place_and_its_neighbour_are_both_filled():
    empty = "<!-- tableau: point -->\n<!-- fin du tableau -->\n\nEntre.\n\n<!-- tableau: minimum -->\n<!-- fin du tableau -->\n"
    done = filled(empty)
    assert [name for _, name, _ in MARKED.findall(done)] == ["point", "minimum"]
    assert "Entre." in done
    assert filled(done) == done


# What is printed, read back from the page and compared with the YAML itself, so that printing cannot be wrong alone.


@pytest.mark.parametrize("name", sorted({corps.grid for corps in load_grids().corps.values() if corps.grid}))
def test_the_grids_of_the_page_are_those_of_the_file(name):
    printed = dict(
        re.findall(r"<!-- tableau: ([^>]+?) -->\n(.*?)<!-- fin du tableau -->", PAGES["grilles-et-indices"], re.S)
    )
    block = printed[f"grille {name}"]
    law = yaml.safe_load((LEGAL / "grids" / f"{name}.yaml").read_text(encoding="utf-8"))
    for grade in law["grades"].values():
        (text,) = re.findall(rf"^### {re.escape(grade['label'])}$(.*?)(?=^### |\Z)", block, re.M | re.S)
        body = rows(text)[2:]
        column = 1
        for rules in grade["structure"].values():
            for row in body:
                check_duration(row[column], rules["echelons"].get(int(re.match(r"\d+", row[0]).group())))
            column += 1
        for kind in ("gross_indices", "indices"):
            for points in grade[kind].values():
                for row in body:
                    check_points(row[column], points["echelons"].get(int(re.match(r"\d+", row[0]).group())))
                column += 1
        assert column == len(body[0])
        known = {int(n) for rules in grade["structure"].values() for n in rules["echelons"]}
        assert len(body) == len(known)
        for entries in (grade["structure"], grade["indices"], grade["gross_indices"]):
            assert all(entry["source"] in text for entry in entries.values())


def check_duration(cell: str, rule: dict | None) -> None:
    if rule is None:
        assert cell == "—"
    elif rule["months"] == "unknown":
        assert cell.startswith("non publié")
    elif rule["months"] is None:
        assert cell.startswith("dernier échelon")
    else:
        assert cell.startswith(f"{rule['months']} mois")
        assert ("accelerated_months" in rule) == ("bonification" in cell)
        assert f"({rule.get('accelerated_months')} avec" in cell or "bonification" not in cell
    assert bool(rule and rule.get("hors_echelle")) == ("hors échelle" in cell)


def check_points(cell: str, points: int | str | None) -> None:
    if points == "unknown":
        assert cell == "non publié"
    elif points is None:
        assert cell in {"—", "voir les chevrons"}
    else:
        assert cell == str(points)


@pytest.mark.parametrize(("title", "corps"), [("Second degré", "certifies"), ("Premier degré", "pe")])
def test_the_baremes_of_the_page_are_those_of_the_files(title, corps):
    page = PAGES["bareme-hors-classe"]
    text = re.search(rf"^## {title}$(.*?)(?=^## )", page, re.M | re.S).group(1)
    bareme = load_baremes()[corps].at(dt.date(2026, 8, 31)).value
    found = {
        (int(e[:-1]), int(y.split()[0])): int(p) for e, y, p in (r for r in rows(text) if len(r) == 3) if p.isdigit()
    }
    assert found == dict(bareme.anciennete)
    assert {int(p) for _, p in (r for r in rows(text) if len(r) == 2) if p.isdigit()} == set(
        bareme.appreciation.values()
    )


def printed(title: str) -> list[list[str]]:
    """The rows of one section of the page of supplements, without its head."""
    page = PAGES["supplements-et-retraite"].replace("\u202f", "")
    return rows(re.search(rf"^## {title}$(.*?)(?=^## )", page, re.M | re.S).group(1))[2:]


def law_file(name: str) -> dict:
    return yaml.safe_load((LEGAL / name).read_text(encoding="utf-8"))


def test_the_prime_of_the_page_is_that_of_the_file():
    found = [[cell.removesuffix(" €").replace("—", "") for cell in row[1:]] for row in printed("Prime d'attractivité")]
    versions = law_file("pay/prime_attractivite.yaml")["values"].values()
    assert found == [[version["amounts"].get(echelon, "") for version in versions] for echelon in range(1, 10)]


def test_the_indemnites_of_the_page_are_those_of_the_file():
    found = [row[2].removesuffix(" €").replace(",", ".") for row in printed("Indemnités")]
    entries = law_file("pay/indemnites.yaml")["indemnites"].values()
    assert found == [
        amount
        for entry in entries
        for amount in (
            ["non publié"] if entry["values"] == "unknown" else [v["value"] for v in entry["values"].values()]
        )
    ]


def test_the_retirement_ages_of_the_page_are_those_of_the_files():
    table = printed("Retraite")
    first = law_file("perspectives/retraite_sedentaire.yaml")["values"]
    for column, version in enumerate(first.values()):
        for cohort in version["cohorts"]:
            born = cohort["born_from"]
            (row,) = [
                row for row in table[:12] if row[0].endswith(str(born.year)) and f" {MONTHS[born.month]} " in row[0]
            ]
            months = f" et {cohort['months']} mois" if cohort["months"] else ""
            quarters = "non publié" if cohort["quarters"] == "unknown" else str(cohort["quarters"])
            assert row[1 + 2 * column : 3 + 2 * column] == [f"{cohort['years']} ans{months}", quarters]


MONTHS = {1: "janvier", 4: "avril", 9: "septembre"}


# The published rows, typed a second time: (from, ancienneté, to, index, kept).
RECLASSEMENT = {
    "certifies hors_classe": [
        ("9e", "24 mois et plus", "2e", "629", "ce qui dépasse la durée demandée"),
        ("10e", "moins de 30 mois", "3e", "673", "conservée"),
        ("10e", "30 mois et plus", "4e", "720", "aucune"),
        ("11e", "moins de 30 mois", "4e", "720", "conservée"),
        ("11e", "30 mois et plus", "5e", "768", "aucune"),
    ],
    "certifies classe_exceptionnelle": [
        ("5e", "moins de 30 mois", "3e", "780", "conservée"),
        ("5e", "30 mois et plus", "4e", "835", "aucune"),
        ("6e", "quelle qu'elle soit", "4e", "835", "aucune"),
        ("7e", "moins de 36 mois", "4e", "835", "conservée"),
        ("7e", "36 mois et plus", "5e, 1er chevron", "895", "aucune"),
    ],
    "agreges hors_classe": [
        ("9e", "24 mois", "2e", "805", "aucune"),
        ("9e", "25 mois et plus", "2e", "805", "non vérifiée"),
        ("10e", "moins de 24 mois", "2e", "805", "conservée"),
        ("10e", "24 mois et plus", "3e", "835", "aucune"),
        ("11e", "moins de 36 mois", "3e", "835", "conservée"),
        ("11e", "36 mois et plus", "4e, 1er chevron", "895", "aucune"),
    ],
    "agreges classe_exceptionnelle": [
        ("4e, 1er chevron", "quelle qu'elle soit", "2e, 1er chevron", "895", "conservée"),
        ("4e, 2e chevron", "quelle qu'elle soit", "2e, 2e chevron", "930", "conservée"),
        ("4e, 3e chevron", "moins de 12 mois", "2e, 3e chevron", "977", "conservée"),
        ("4e, 3e chevron", "12 mois et plus", "3e, 2e chevron", "1018", "aucune"),
    ],
}


@pytest.mark.parametrize("name", RECLASSEMENT)
def test_the_reclassement_of_the_page_is_the_published_one(name):
    assert [tuple(row) for row in rows(table(f"reclassement {name} 2026-09-01"))[2:]] == RECLASSEMENT[name]
    assert f"tableau: reclassement {name} 2026-09-01" in PAGES["promotion-de-grade"]


@pytest.mark.parametrize("grade", ["hors_classe", "classe_exceptionnelle"])
def test_the_rates_of_the_page_are_those_of_the_file(grade):
    campaigns = yaml.safe_load((LEGAL / "promotions" / "taux.yaml").read_text(encoding="utf-8"))["grades"][grade]
    head, _, *body = rows(table(f"taux {grade}"))
    for column, (year, campaign) in enumerate(campaigns.items(), start=1):
        assert head[column] == str(year)
        printed = {row[column].removesuffix(" %").replace(",", ".") for row in body}
        told = {"non publié" if r == "unknown" else f"{float(r) * 100:g}" for r in campaign["rates"].values()}
        assert printed == told


@pytest.mark.req("S42")
def test_thresholds_are_printed_once_published(monkeypatch):
    none = rule_tables.load_thresholds()
    one = Threshold("19", ("certifies",), 2026, 165, LegalSource("Bulletin académique n° 14", confidence="medium"))
    monkeypatch.setattr(rule_tables, "load_thresholds", lambda: replace(none, known=(one,)))
    assert rows(table("seuils"))[2:] == [
        ["2026", "19", "professeurs certifiés", "165", "Bulletin académique n° 14 (source secondaire concordante)"]
    ]


def test_the_sum_written_out_is_the_engine_s():
    assert "497 points × 59,0734 € ÷ 12 = 2 446,62 €" in PAGES["traitement-brut"].replace("\u202f", " ")


# Examples and codes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "block"), CASES, ids=[f"{name}-{n}" for n, (name, _) in enumerate(CASES)])
def test_the_examples_come_true(name, block, tmp_path):
    path = tmp_path / "cas.yaml"
    path.write_text(block, encoding="utf-8")
    found = read_cases(path)
    assert found
    for case in found:
        assert case.expected
        assert case.source
        assert list(differences(case.expected, compute_case(case))) == []


def test_the_page_of_cases_tells_every_event_and_every_refusal():
    tables = rows(PAGES["cas-de-regles"])
    first = {row[0].strip("`") for row in tables if row[0].startswith("`")}
    assert set(COMPUTED) <= first
    assert {code for code, _ in WORDING.values()} <= first
    assert first == set(COMPUTED) | {code for code, _ in WORDING.values()} | {"event"}
    for row in tables:
        if row[0].strip("`") in COMPUTED:
            assert set(re.findall("`([a-z_0-9]+)`", row[1])) <= set(READERS) | set(COMPUTED)


# Events that a certifié of the classe normale does not live.
OTHER_PLACES = {
    "promotion_classe_exceptionnelle": {"grade": "hors_classe", "echelon": 5},
    "linearisation_2023": {"grade": "classe_exceptionnelle", "echelon": 4, "date_entree_echelon": "2022-09-01"},
    "liste_aptitude_agreges": {
        "date_naissance": "1980-01-01",
        "services_effectifs_ans": 12,
        "dans_le_corps_ans": 8,
    },
}


@pytest.mark.parametrize("event", COMPUTED)
def test_an_event_gives_the_keys_the_page_names(event):
    row = next(row for row in rows(PAGES["cas-de-regles"]) if row[0] == f"`{event}`")
    told = set(re.findall("`([a-z_0-9]+)`", row[2])) - {"avancement"}
    given = {"corps": "certifies", "grade": "classe_normale", "echelon": 10, "date_entree_echelon": "2024-03-01"}
    given |= {"date_event": "2026-08-31", "appreciation": "Excellent", "anciennete_mois": 6, "event": event}
    given |= {"lieu": "reunion", "nombre_enfants": 2, "date_naissance": "1965-04-01"}
    given |= {"corps_cible": "agreges", "statut_anterieur": "aed", "duree_services": 36}
    given |= OTHER_PLACES.get(event, {})
    computed = set(COMPUTED[event](Inputs(given)))
    follows = {"prochain_echelon", "date_prochain_echelon", "prochain_chevron", "date_prochain_chevron"}
    assert computed - follows == told - follows
