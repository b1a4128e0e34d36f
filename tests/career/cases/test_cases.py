"""Every case file of this folder, and the command that computes them."""

import datetime as dt
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from career.domain.bareme_hors_classe import APPRECIATIONS
from career.domain.case_files import Case, compute_case, differences, read_cases
from career.domain.case_inputs import CATEGORIES, EVENTS, GRADES, READERS
from career.domain.cases import COMPUTED, CaseFormatError
from career.domain.grids import load_grids
from career.domain.pay_overseas import load_places

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
        (["  - {id: a, inputs: {event: avancement, echelon: true}}"], "a: inputs.echelon"),
        (["  - {id: a, inputs: {event: avancement, echelon: Special}}"], "ni « special »"),
        (["  - {id: a, inputs: {event: avancement, conge_parental: 1}}"], "a: inputs.conge_parental"),
        (["  - {id: a, inputs: {event: avancement, bonification: oui}}"], "a: inputs.bonification"),
        (["  - {id: a, inputs: {event: avancement, date_event: 2025-02-30}}"], "a: inputs.date_event: '2025-02-30'"),
        (["  - {id: a, inputs: {event: avancement, date_event: !!timestamp hier}}"], "a: inputs.date_event: 'hier'"),
        (["  - {id: a, inputs: {event: avancement, date_event: 2025-02-01 10:00:00}}"], "n'est pas une date"),
        (["  - {id: a, inputs: {event: traitement, quotite: true}}"], "a: inputs.quotite"),
        (["  - {id: a, inputs: {event: avancement, echelon: 6.0}}"], "a: inputs.echelon"),
        (["  - {id: a, inputs: {event: avancement, 1: x}}"], "a: inputs: clé inconnue 1"),
        (["  - {id: null, inputs: {event: avancement}}"], "cas n° 1: id: None"),
        (["  - {id: [1], inputs: {event: avancement}}"], "cas n° 1: id: [1]"),
        (["  - {id: true, inputs: {event: avancement}}"], "cas n° 1: id: True"),
        (["  - {id: ' ', inputs: {event: avancement}}"], "cas n° 1: id"),
        (["  - {id: a, inputs: {event: traitement}, expected: &x {y: *x}}"], "se contient lui-même"),
        (["  - " + "[" * 3000], "trop imbriqué"),
        (["  - !!bool peut-être"], "mal formé"),
        (["  - {id: a, inputs: \x01}"], "mal formé"),
        (["  - {? {a: b} : 1}"], "mal formé, ligne 3, colonne"),
        (["  - !!python/object:os.system {}"], "mal formé, ligne 3, colonne"),
        (["  - {id: a, inputs: {event: avancement, date_event: '2025-02-30'}}"], "a: inputs.date_event"),
        (["  - {id: a, inputs: {event: avancement, date_event: 12}}"], "a: inputs.date_event"),
        (["  - {id: a, inputs: {event: traitement, quotite: .nan}}"], "a: inputs.quotite"),
        *(
            (
                [
                    "  - {id: a, inputs: {corps: pe, grade: classe_normale, echelon: 5, date_entree_echelon: 2025-05-01,"
                    f" event: projection, vers: {value}}}}}"
                ],
                "a: inputs.vers",
            )
            for value in ("true", "[6]", "1.5")
        ),
        (["  - {id: a, inputs: {event: traitement, quotite: demi}}"], "a: inputs.quotite"),
        (["  - {id: a, inputs: {event: traitement_majore, lieu: 974}}"], "a: inputs.lieu"),
        (["  - {id: a, inputs: {event: sft, nombre_enfants: 1.5}}"], "a: inputs.nombre_enfants"),
        (["  - {id: a, inputs: {event: retraite, categorie: [active]}}"], "a: inputs.categorie"),
        (["  - {id: a, inputs: {event: retraite, date_naissance: 1965-02-29}}"], "a: inputs.date_naissance"),
        (["  - {id: a, inputs: {event: reprise_services, statut_anterieur: 3}}"], "a: inputs.statut_anterieur: 3"),
        (["  - {id: a, inputs: {event: reprise_services, categorie: ' '}}"], "a: inputs.categorie"),
        *(
            (
                [f"  - {{id: a, inputs: {{event: reprise_services, duree_services: {value}}}}}"],
                f"a: inputs.duree_services{said}",
            )
            for value, said in (
                ("1.5", ": 1.5 n'est pas"),
                ("deux ans", ": 'deux ans' n'est pas"),
                ("[]", ": une liste d'au moins une"),
                ("{}", ": une durée dit ans"),
                ("{an: 2}", ": clé inconnue 'an'"),
                ("{ans: deux}", ".ans: 'deux'"),
                ("{ans: 1, quotite: 80}", ": clé inconnue 'quotite'"),
                ("{debut: 2024-09-01, fin: 2025-08-31}", ": clé inconnue 'debut'"),
                ("[{quotite: 80}]", "[1]: une durée dit ans"),
                ("[12, deux]", "[2]: 'deux'"),
                ("[{ans: 1, quotite: x}]", "[1].quotite: 'x'"),
                ("[{ans: 1, quotite: null}]", "[1].quotite: None"),
                ("[{debut: 2024-09-01}]", "[1]: la clé 'fin' manque"),
                ("[{fin: 2024-09-01}]", "[1]: la clé 'debut' manque"),
                ("[{debut: 2024-09-01, fin: 2025-02-30}]", "[1].fin: '2025-02-30'"),
                ("[{debut: 2024-09-02, fin: 2024-09-01}]", "[1].fin: 2024-09-01 précède"),
                ("[{debut: 2024-09-01, fin: 2024-09-02, ans: 1}]", "[1]: clé inconnue 'ans'"),
            )
        ),
        (["  - {id: a, inputs: {event: traitement}, expcted: {}}"], "clé inconnue 'expcted'"),
        (["  - {id: a, inputs: {event: traitement}, expected: 3}"], "expected: une table"),
        (["  - {inputs: {event: traitement}}"], "cas n° 1: la clé 'id' manque"),
        (["  - 3"], "cas n° 1: une table"),
        (["  - {id: a, id: b, inputs: {event: traitement}}"], "written twice"),
        ([f"  - {{id: a, inputs: {GOOD}}}", f"  - {{id: a, inputs: {GOOD}}}"], "a: identifiant utilisé deux fois"),
        (["  x: 1"], "une liste est attendue"),
        (["  - {id: a"], "mal formé, ligne 3, colonne 11"),
    ],
)
def test_command_refuses_a_bad_file_with_exit_2(tmp_path: Path, lines: list[str], said: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("rule_cases", case_file(tmp_path, *lines))
    assert caught.value.returncode == 2
    assert said in str(caught.value)
    assert "cas.yaml" in str(caught.value)


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("echelon", 0, "echelon_inexistant"),
        ("chevron", 0, "chevron_inexistant"),
        ("corps", "certifiables", "corps_inconnu"),
        ("corps_cible", "professeur", "corps_inconnu"),
        ("grade", "echelle-lettre", "grade_inexistant"),
        ("appreciation", "Bien", "valeur_impossible"),
        ("lieu", "Paris", "valeur_impossible"),
        ("date_event", dt.date(9999, 12, 31), "valeur_impossible"),
        ("annee", 26, "valeur_impossible"),
        ("anciennete_mois", -1, "valeur_impossible"),
        ("nombre_enfants", -1, "valeur_impossible"),
        ("nombre_enfants", 31, "valeur_impossible"),
        ("fonctions_particulieres_ans", -1, "valeur_impossible"),
        ("quotite", 0, "quotite_impossible"),
        ("quotite", 100.01, "quotite_impossible"),
        ("duree_services", -1, "valeur_impossible"),
        ("duree_services", {"ans": 101}, "valeur_impossible"),
        ("vers", "demain", "valeur_impossible"),
        ("vers", "2027-02-30", "valeur_impossible"),
        ("vers", 100, "valeur_impossible"),
    ],
)
def test_an_impossible_value_refuses_its_case_alone(key: str, value: object, code: str) -> None:
    inputs = {"corps": "pe", "grade": "classe_normale", "echelon": 5, "date_event": "2026-09-01", "event": "traitement"}
    assert "refusal" not in compute_case(Case("a", "career", inputs, None, ""))
    assert compute_case(Case("a", "career", inputs | {key: value}, None, ""))["refusal"]["code"] == code


def test_what_cannot_be_read_is_told_before_what_is_refused() -> None:
    with pytest.raises(CaseFormatError, match="bonification"):
        compute_case(Case("a", "career", {"echelon": 0, "bonification": "oui", "event": "avancement"}, None, ""))


@pytest.mark.parametrize(
    "spelled",
    [
        {"corps": "Certifié"},
        {"corps": "Professeurs certifiés"},
        {"grade": "HC"},
        {"grade": "Hors-classe"},
        {"echelon": "3"},
        {"date_entree_echelon": dt.date(2025, 1, 31)},
    ],
)
def test_a_value_may_be_spelled_otherwise(spelled: dict[str, object]) -> None:
    inputs = {
        "corps": "certifies",
        "grade": "hors_classe",
        "echelon": 3,
        "date_entree_echelon": "2025-01-31",
        "event": "avancement",
    }
    expected = {"prochain_echelon": 4, "date_prochain_echelon": "2027-07-31"}
    assert compute_case(Case("a", "career", inputs | spelled, None, "")) == expected


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


@pytest.mark.parametrize("rules", ["paie", "[career]", "null", "3"])
def test_command_refuses_unknown_rules(tmp_path: Path, rules: str) -> None:
    with pytest.raises(CommandError, match=r"cas\.yaml: rules") as caught:
        call_command("rule_cases", case_file(tmp_path, "  - {id: a}", rules=rules))
    assert caught.value.returncode == 2


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "le fichier n'existe pas"),
        (b"", "une table de clés est attendue"),
        (b"# rien\n", "une table de clés est attendue"),
        (b"- 1\n", "une table de clés est attendue"),
        (b"cases: []\n", "la clé 'rules' manque"),
        (b"rules: career\n", "la clé 'cases' manque"),
        (b"rules: career\ncases: []\nauteur: x\n", "clé inconnue 'auteur'"),
        (b"rules: career\ncases: []\n---\nrules: career\ncases: []\n", "mal formé"),
        (b"\xff\xfe\x00", "UTF-8"),
    ],
)
def test_command_refuses_what_is_no_case_file(tmp_path: Path, content: bytes | None, said: str) -> None:
    path = tmp_path / "cas.yaml"
    if content is not None:
        path.write_bytes(content)
    for options in ([], ["--check"]):
        with pytest.raises(CommandError, match=said) as caught:
            call_command("rule_cases", *options, str(path))
        assert caught.value.returncode == 2
        assert "cas.yaml" in str(caught.value)


def test_command_refuses_a_folder(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="ne peut pas être lu") as caught:
        call_command("rule_cases", str(tmp_path))
    assert caught.value.returncode == 2


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace"))))
def test_no_bytes_make_the_reader_fall_over(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("cas") / "cas.yaml"
    path.write_bytes(content)
    with pytest.raises(CaseFormatError, match=r"cas\.yaml"):
        read_cases(path)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text(max_size=8) | st.sampled_from(
        ["certifies", "agreges", "classe_normale", "hors_classe", "Excellent", *EVENTS]
    ),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


@pytest.mark.req("S38")
@given(st.dictionaries(st.sampled_from([*READERS, "inconnue"]), values), st.sampled_from(sorted(EVENTS)))
def test_any_inputs_give_a_result_a_refusal_or_a_format_error(inputs: dict[str, object], event: str) -> None:
    try:
        result = compute_case(Case("a", "career", {**inputs, "event": event}, None, ""))
    except CaseFormatError as error:
        assert str(error).startswith("a: inputs")  # noqa: PT017  (one of two right outcomes)
        return
    json.dumps(result, allow_nan=False)


def plausible() -> st.SearchStrategy[dict[str, object]]:
    days = st.dates(dt.date(1900, 1, 1), dt.date(2200, 12, 31))
    small = st.integers(1, 12)
    return st.fixed_dictionaries(
        {"event": st.sampled_from(sorted(COMPUTED)), "corps": st.sampled_from(sorted(load_grids().corps))},
        optional={
            "grade": st.sampled_from(sorted(GRADES)),
            "echelon": small | st.just("special"),
            "chevron": st.integers(1, 4),
            "date_entree_echelon": days,
            "date_entree_chevron": days,
            "date_event": days,
            "date_observation": days,
            "anciennete_mois": st.integers(0, 1200),
            "bonification": st.booleans(),
            "bonification_6e": st.booleans(),
            "appreciation": st.sampled_from(sorted(APPRECIATIONS)),
            "annee": st.integers(1900, 2200),
            "quotite": st.sampled_from([1, 100, 80, 0.5]),
            "lieu": st.sampled_from(sorted(load_places())),
            "nombre_enfants": st.integers(0, 30),
            "categorie": st.sampled_from(CATEGORIES),
            "date_naissance": days,
            "corps_cible": st.sampled_from(sorted(load_grids().corps)),
            "biadmissible": st.booleans(),
            "statut_anterieur": st.sampled_from(["aed", "contractuel_enseignant", "fonctionnaire", "contractuel", "x"]),
            "duree_services": st.integers(0, 600)
            | st.fixed_dictionaries({}, optional={"ans": st.integers(0, 50), "jours": st.integers(0, 400)}).filter(bool)
            | st.lists(st.tuples(days, days).map(sorted).map(lambda p: {"debut": p[0], "fin": p[1]}), min_size=1),
            "conge_parental": st.booleans(),
            "fonctions_particulieres_ans": st.integers(0, 12),
            "services_effectifs_ans": st.integers(0, 40),
            "dans_le_corps_ans": st.integers(0, 40),
        },
    )


@pytest.mark.req("S38")
@given(plausible())
def test_any_well_formed_career_is_computed_or_refused(inputs: dict[str, object]) -> None:
    result = compute_case(Case("a", "career", inputs, None, ""))
    assert result
    if "refusal" in result:
        assert result.keys() == {"refusal"}
        assert result["refusal"]["message"].endswith(".")


def test_every_event_of_the_format_is_computed() -> None:
    assert set(COMPUTED) == EVENTS


@pytest.mark.parametrize(
    "unknown",
    [
        {"corps": "instituteurs", "grade": "grade_unique", "echelon": 9},  # corps not covered by the amounts at hand
        {"date_event": "2021-04-30"},  # the eve of the prime
        {"quotite": 50},  # no text at hand on part time
    ],
)
def test_a_prime_without_rule_is_left_out_of_the_passage(unknown: dict[str, object]) -> None:
    inputs = {
        "corps": "pe",
        "grade": "classe_normale",
        "echelon": 7,
        "date_event": "2026-09-01",
        "event": "passage_echelon",
    }
    assert compute_case(Case("a", "career", inputs, None, ""))["variation_prime_attractivite_annuelle"] == -1100
    result = compute_case(Case("a", "career", inputs | unknown, None, ""))
    assert "traitement_brut_mensuel" in result
    assert "variation_prime_attractivite_annuelle" not in result


def test_command_refuses_one_name_in_two_files(tmp_path: Path) -> None:
    path = case_file(tmp_path, f"  - {{id: a, inputs: {GOOD}}}")
    with pytest.raises(CommandError, match="deux fichiers"):
        call_command("rule_cases", path, path)


def test_differences_do_not_take_true_for_one() -> None:
    assert list(differences({"eligible": True}, {"eligible": 1})) == ["eligible : attendu True, calculé 1"]
    assert list(differences({"etapes": [{"echelon": 1}]}, {"etapes": [{"echelon": 1}]})) == []
    assert list(differences({"points": 150.20}, {"points": 150.2})) == []
