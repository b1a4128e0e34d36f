"""Every case of this folder, computed by the command's own code and compared with what the published tables give."""

from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from career.domain.case_files import read_cases
from career.domain.case_values import CaseFormatError
from iprof.kernel.errors import DomainError
from mobility.domain.case_files import compute_case, request_of
from mobility.domain.case_results import differences
from mobility.domain.refusals import MESSAGES

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.yaml"))
LISTED = frozenset(
    "rc_voeu1_absent pacs_sans_imposition_commune lien_posterieur_au_31_08 pacs_dissous piece_de_plus_de_3_mois piece_manquante"
    " trop_de_voeux voeu_en_double confirmation_absente reconnaissance_hors_delai listes_differentes statuts_incompatibles"
    " rqth_non_notifiee hors_mouvement_inter activite_trop_ancienne pays_sans_frontiere_terrestre strategies_familiales_multiples"
    " teletravail_non_retenu".split()
)


@pytest.mark.req("S53", "K16")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_case_is_computed_as_the_tables_say(file):
    wrong = [
        f"{case.id} : {line}" for case in read_cases(file) for line in differences(case.expected, compute_case(case))
    ]
    assert wrong == []


def test_there_are_cases_of_each_refusal_listed_and_enough_of_them():
    cases = [case for file in FILES for case in read_cases(file)]
    met = Counter(one["code"] for case in cases for one in compute_case(case).get("refusals", []))
    assert LISTED <= met.keys()
    assert LISTED <= MESSAGES.keys()
    assert len(cases) >= 150
    assert Counter(case.inputs["degree"] for case in cases)["1D"] >= 40


def test_the_command_compares_and_tells_what_differs(tmp_path, capsys):
    call_command("rule_cases", FOLDER / "demande.yaml", check=True)
    assert "cas conformes" in capsys.readouterr().out
    wrong = tmp_path / "faux.yaml"
    wrong.write_text(
        "rules: mobility\ncases:\n  - {id: a, degree: 2D, session: 2026, situation: {echelon: 5, poste_years: 1}, wishes: [Rennes],"
        " expected: {wishes: [{academie: Rennes, total: 55, lines: {anciennete_service: 35}}]}}\n"
    )
    with pytest.raises(CommandError) as told:
        call_command("rule_cases", wrong, check=True)
    assert told.value.returncode == 1
    assert "anciennete_poste : inattendu, calculé 20" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("case", "said"),
    [
        ("{id: a, degree: 2D, session: 2026, situation: {echelons: 5}, wishes: [Rennes]}", "clé inconnue 'echelons'"),
        (
            "{id: a, degree: 2D, session: 2026, situation: {rc: {ville: Dijon}}, wishes: [Rennes]}",
            "clé inconnue 'ville'",
        ),
        ("{id: a, degree: 2D, session: 2026, situation: {}, wishes: [Rennes], autre: 1}", "clé inconnue 'autre'"),
        ("{id: a, degree: 2D, session: 2026, situation: {}}", "'wishes'"),
        ("{id: a, degree: 2D, session: 2026, situation: [], wishes: [Rennes]}", "situation"),
    ],
)
def test_a_key_or_a_value_outside_the_format_stops_with_its_place(tmp_path, case, said):
    file = tmp_path / "cas.yaml"
    file.write_text(f"rules: mobility\ncases:\n  - {case}\n")
    with pytest.raises(CommandError, match=said) as told:
        call_command("rule_cases", file)
    assert told.value.returncode == 2
    assert "a: " in str(told.value)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 3000) | st.dates() | st.text(max_size=12) | st.sampled_from(["Dijon", "51", "mariage"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["academie", "lien", "date", "a", "b", "type"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
KEYS = st.sampled_from(
    "status academie departement corps classe echelon echelon_history poste_years rc apc pair conjoints children_birthdates"
    " reconnaissance_anticipee separation_active apart_since boe handicap_granted cimm missing piece deposit ex_titulaire".split()
)


@given(st.sampled_from(["2D", "1D"]), st.dictionaries(KEYS, VALUES, max_size=5), VALUES)
def test_whatever_is_written_the_reader_answers_with_a_request_or_a_refusal(degree, situation, wishes):
    try:
        request_of({"id": "x", "degree": degree, "session": 2026, "situation": situation, "wishes": wishes})
    except (CaseFormatError, DomainError):
        pass
