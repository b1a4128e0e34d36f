"""Every case file of this folder, and the command that computes them."""

import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from career.domain.case_files import Case, compute_case, differences, read_cases

FOLDER = Path(__file__).parent
FILES = sorted(FOLDER.glob("*.yaml"))
CASES = [case for path in FILES for case in read_cases(path)]

GOOD = "{corps: certifies, grade: classe_normale, echelon: 6, date_entree_echelon: 2025-02-10, event: avancement}"


def case_file(tmp_path: Path, *lines: str, rules: str = "career") -> str:
    path = tmp_path / "cas.yaml"
    path.write_text("\n".join((f"rules: {rules}", "cases:", *lines)), encoding="utf-8")
    return str(path)


@pytest.mark.req("S38", "S79")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case: Case) -> None:
    assert case.expected
    assert not list(differences(case.expected, compute_case(case)))


def test_cases_have_a_source_and_their_own_name() -> None:
    assert len(CASES) >= 60
    assert [case.id for case in CASES if not case.source] == []
    assert len({case.id for case in CASES}) == len(CASES)


@pytest.mark.req("S38")
def test_command_prints_json_with_fewest_digits(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    line = (
        "  - {id: a, inputs: {corps: cpe, grade: hors_classe, echelon: 7, event: traitement, date_event: 2017-01-01}}"
    )
    pay = "  - {id: b, inputs: {corps: cpe, grade: classe_normale, echelon: 1, event: traitement, date_event: 2026-01-01}}"
    call_command("rule_cases", case_file(tmp_path, line, pay))
    out = capsys.readouterr().out
    assert json.loads(out)["a"]["refusal"]["code"] == "pas_encore_en_vigueur"
    assert '"traitement_brut_mensuel": 1944.5\n' in out


def test_command_checks_every_file(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("rule_cases", "--check", *map(str, FILES))
    assert capsys.readouterr().out == f"{len(CASES)} cas conformes.\n"


def test_command_check_shows_differences_and_exits_1(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    wrong = case_file(
        tmp_path,
        f"  - {{id: a, inputs: {GOOD}, expected: {{prochain_echelon: 8, chevron: 1}}}}",
        f"  - {{id: b, inputs: {GOOD}}}",
        f"  - {{id: c, inputs: {GOOD}, expected: {{prochain_echelon: 7}}}}",
    )
    with pytest.raises(CommandError, match="2 cas sur 3") as caught:
        call_command("rule_cases", "--check", wrong)
    assert caught.value.returncode == 1
    out = capsys.readouterr().out
    assert "a : prochain_echelon : attendu 8, calculé 7" in out
    assert "a : chevron : attendu 1, absent du résultat" in out
    assert "b : aucun résultat attendu" in out


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["  - {id: a, inputs: {echellon: 6, event: avancement}}"], "a: inputs: clé inconnue 'echellon'"),
        (["  - {id: a, inputs: {event: avancemant}}"], "a: inputs.event"),
        (["  - {id: a, inputs: {corps: certifies}}"], "a: inputs: la clé 'event' manque"),
        (["  - {id: a, inputs: [1]}"], "a: inputs: une table"),
        (["  - {id: a, inputs: {event: avancement, corps: certifie}}"], "a: inputs.corps"),
        (["  - {id: a, inputs: {event: avancement, echelon: 0}}"], "a: inputs.echelon"),
        (["  - {id: a, inputs: {event: avancement, echelon: true}}"], "a: inputs.echelon"),
        (["  - {id: a, inputs: {event: avancement, bonification: oui}}"], "a: inputs.bonification"),
        (["  - {id: a, inputs: {event: avancement, date_event: 2025-02-30}}"], "day is out of range"),
        (["  - {id: a, inputs: {event: avancement, date_event: '2025-02-30'}}"], "a: inputs.date_event"),
        (["  - {id: a, inputs: {event: avancement, date_event: 12}}"], "a: inputs.date_event"),
        (["  - {id: a, inputs: {event: traitement, quotite: .nan}}"], "a: inputs.quotite"),
        (["  - {id: a, inputs: {event: traitement, quotite: demi}}"], "a: inputs.quotite"),
        (["  - {id: a, inputs: {event: traitement}, expcted: {}}"], "clé inconnue 'expcted'"),
        (["  - {id: a, inputs: {event: traitement}, expected: 3}"], "expected: une table"),
        (["  - {inputs: {event: traitement}}"], "cas n° 1: la clé 'id' manque"),
        (["  - 3"], "cas n° 1: une table"),
        (["  - {id: a, id: b, inputs: {event: traitement}}"], "written twice"),
        ([f"  - {{id: a, inputs: {GOOD}}}", f"  - {{id: a, inputs: {GOOD}}}"], "a: identifiant utilisé deux fois"),
        (["  x: 1"], "une liste est attendue"),
        (["  - {id: a"], "cas.yaml"),
    ],
)
def test_command_refuses_a_bad_file_with_exit_2(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("rule_cases", case_file(tmp_path, *lines))
    assert caught.value.returncode == 2
    assert said in str(caught.value)
    assert "cas.yaml" in str(caught.value)


def test_quoted_dates_empty_keys_and_merges_are_read(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    base = "{corps: certifies, grade: classe_normale, echelon: 6, chevron: null, event: avancement}"
    path = case_file(
        tmp_path,
        f"  - {{id: a, inputs: &base {base}}}",
        "  - {id: b, inputs: {<<: *base, date_entree_echelon: '2025-02-10', quotite: 0.8}}",
    )
    call_command("rule_cases", path)
    found = json.loads(capsys.readouterr().out)
    assert (
        found["a"]["refusal"]["message"]
        == "Il manque « date_entree_echelon » pour calculer ce résultat. Ajoutez cette donnée."
    )
    assert found["b"]["date_prochain_echelon"] == "2028-02-10"


def test_command_refuses_unknown_rules_and_absent_files(tmp_path: Path) -> None:
    for path in (case_file(tmp_path, "  - {id: a}", rules="paie"), str(tmp_path / "absent.yaml")):
        with pytest.raises(CommandError) as caught:
            call_command("rule_cases", path)
        assert caught.value.returncode == 2


def test_command_refuses_one_name_in_two_files(tmp_path: Path) -> None:
    path = case_file(tmp_path, f"  - {{id: a, inputs: {GOOD}}}")
    with pytest.raises(CommandError, match="deux fichiers"):
        call_command("rule_cases", path, path)


def test_mobility_cases_are_refused_not_guessed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    call_command("rule_cases", case_file(tmp_path, "  - {id: rc, degree: 2D, session: 2026}", rules="mobility"))
    assert json.loads(capsys.readouterr().out)["rc"]["refusal"]["code"] == "evenement_non_calcule"
    with pytest.raises(CommandError, match="'id' manque"):
        call_command("rule_cases", case_file(tmp_path, "  - {degree: 2D}", rules="mobility"))


def test_differences_do_not_take_true_for_one() -> None:
    assert list(differences({"eligible": True}, {"eligible": 1})) == ["eligible : attendu True, calculé 1"]
    assert list(differences({"etapes": [{"echelon": 1}]}, {"etapes": [{"echelon": 1}]})) == []
    assert list(differences({"points": 150.20}, {"points": 150.2})) == []
