"""The reader of mobility cases: every key of the format, the spellings it takes, and what it refuses."""

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain.case_files import Case
from career.domain.case_values import CaseFormatError
from iprof.kernel.errors import DomainError
from mobility.domain import case_files, case_situation
from mobility.domain.case_files import compute_case, request_of
from mobility.domain.case_results import differences
from mobility.domain.case_situation import READERS
from mobility.domain.facts import Degree, Lien, Partner, Place, Rapprochement, Situation

DAY = dt.date(2019, 4, 27)


def case(*, degree: object = "2D", session: object = 2026, wishes: object = ("Dijon", "Lyon"), **situation: object):
    told = list(wishes) if isinstance(wishes, tuple) else wishes
    return {"id": "a", "degree": degree, "session": session, "situation": situation, "wishes": told}


def situation(**told: object) -> Situation:
    return request_of(case(**told)).situation


def test_a_whole_request_is_read():
    request = request_of(
        case(
            status="titulaire",
            academie="Reims",
            departement="10",
            corps="certifie",
            classe="normale",
            echelon=8,
            poste_years=4,
            rc={
                "academie": "Dijon",
                "departement": "21",
                "lien": "pacs",
                "date": DAY,
                "imposition_commune": True,
                "dissolution": dt.date(2025, 1, 1),
                "conjoint": {"chomage": True, "last_activity_end": "2024-01-31"},
                "proof": "Résidence privée",
            },
            children_birthdates=[dt.date(2020, 1, 9)],
            separation_active=1,
        )
    )
    assert (request.degree, request.session, request.voeux) == (Degree.SECOND, 2026, ("Dijon", "Lyon"))
    assert request.situation == Situation(
        status="titulaire",
        academie="Reims",
        departement="10",
        corps="certifie",
        echelon=8,
        poste_years=4,
        rc=Rapprochement(
            Place("Dijon", "21"),
            Lien.PACS,
            DAY,
            imposition_commune=True,
            dissolution=dt.date(2025, 1, 1),
            unemployed=True,
            last_activity_end=dt.date(2024, 1, 31),
            proof="residence_privee",
        ),
        children_birthdates=(dt.date(2020, 1, 9),),
        separation_active=1,
    )


@pytest.mark.parametrize(
    ("key", "told", "field", "value"),
    [
        ("status", "Stagiaire", "status", "stagiaire"),
        ("corps", "Professeurs certifiés", "corps", "certifie"),
        ("corps", "agreges", "corps", "agrege"),
        ("classe", "HC", "classe", "hors_classe"),
        ("classe", "classe exceptionnelle", "classe", "exceptionnelle"),
        ("echelon", "special", "echelon", 5),
        ("echelon", "9", "echelon", 9),
        ("departement", 8, "departement", "08"),
        ("departement", "2a", "departement", "2A"),
        ("departement", 971, "departement", "971"),
        ("academie", 19, "academie", "19"),
        ("echelon_history", {DAY: 7}, "echelon_history", {DAY: 7}),
        ("echelon_years", 3, "echelon_years", 3),
        ("months_in_departement", 61, "months_in_departement", 61),
        ("apc", {"academie": "Lyon", "departement": "01"}, "apc", Place("Lyon", "01")),
        ("rc", {"pays": "Suisse", "departement_frontalier": "25"}, "rc", Rapprochement(Place("", "", "Suisse", "25"), Lien.MARIAGE)),
        ("rc", {"proof": "contrat"}, "rc", Rapprochement(Place(), Lien.MARIAGE, proof="contrat")),
        ("rc", {"teletravail": True}, "rc", Rapprochement(Place(), Lien.MARIAGE, proof="teletravail")),
        ("rc", {"teletravail": False, "dissolution": True}, "rc", Rapprochement(Place(), Lien.MARIAGE, dissolution=dt.date.min)),
        ("rc", {"dissolution": False}, "rc", Rapprochement(Place(), Lien.MARIAGE)),
        ("boe", "en cours", "missing", frozenset({"rqth"})),
        ("boe", "en cours", "boe", True),
        ("parent_isole", True, "parent_isole", True),
        ("corse_requests", 3, "corse_requests", 3),
        ("sportif_years", 2, "sportif_years", 2),
        ("children_birthdates", DAY, "children_birthdates", (DAY,)),
        ("reconnaissance_anticipee", {DAY: "2019-01-01"}, "reconnaissance_anticipee", {DAY: dt.date(2019, 1, 1)}),
        ("apart_since", "2019-04-27", "apart_since", DAY),
        ("handicap_granted", ["Nice"], "handicap_granted", ("Nice",)),
        ("handicap_granted", "Nice", "handicap_granted", ("Nice",)),
        ("cimm", True, "cimm", "Dijon"),
        ("cimm", False, "cimm", ""),
        ("cimm", "La Réunion", "cimm", "La Réunion"),
        ("ex_titulaire", "Lille", "ex_titulaire", "Lille"),
        ("ex_contractuel", True, "ex_contractuel", True),
        ("missing", ["livret"], "missing", frozenset({"livret"})),
        ("piece", {"type": "acte", "dated": DAY}, "pieces_dated", (("acte", DAY),)),
        ("piece", [{"type": "acte", "dated": DAY}], "pieces_dated", (("acte", DAY),)),
        ("deposit", dt.datetime(2025, 12, 5, 23, 59, tzinfo=dt.UTC), "deposit", dt.date(2025, 12, 5)),
        ("confirmation_deposited", False, "confirmation_deposited", False),
        ("confirmation_deposited", None, "confirmation_deposited", True),
    ],
)  # fmt: skip
def test_a_key_becomes_a_fact(key, told, field, value):
    assert getattr(situation(**{key: told}), field) == value


@pytest.mark.parametrize(
    ("told", "status", "partner", "conjoints"),
    [
        ({"pair": {"b": "stagiaire"}}, "titulaire", Partner("stagiaire"), False),
        ({"pair": {"a": "stagiaire_ex_titulaire", "b": "titulaire"}}, "stagiaire", Partner("titulaire", (), "stagiaire_ex_titulaire"), False),
        ({"pair": {"a": "titulaire", "b": ["Lyon", "Nice"]}, "conjoints": True}, "titulaire", Partner("", ("Lyon", "Nice"), "titulaire"), True),
        ({"pair": {"b": {"status": "stagiaire", "ex_titulaire": True, "wishes": ["Nice"]}, "conjoints": True}}, "titulaire", Partner("stagiaire_ex_titulaire", ("Nice",)), True),
        ({"pair": {"a": {"wishes": ["Dijon"]}, "b": {}}, "status": "stagiaire"}, "stagiaire", Partner(), False),
    ],
)  # fmt: skip
def test_a_pair_is_read_however_it_is_told(told, status, partner, conjoints):
    read = situation(**told)
    assert (read.status, read.simultanee, read.simultanee_conjoints) == (status, partner, conjoints)


def test_true_names_the_only_place_it_can_be():
    assert situation(ex_titulaire=True, academie="Lille").ex_titulaire == "Lille"
    assert request_of(case(cimm=True, wishes=())).situation.cimm == ""


def test_wishes_of_the_first_degree_are_codes():
    assert request_of(case(degree="1d", wishes=[8, "2b", "971"])).voeux == ("08", "2B", "971")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"echellon": 3}, "a: situation: clé inconnue 'echellon'"),
        ({"rc": {"academie": "Dijon", "lieu": "x"}}, "a: situation.rc: clé inconnue 'lieu'"),
        ({"rc": {"conjoint": {"emploi": True}}}, "a: situation.rc.conjoint: clé inconnue 'emploi'"),
        ({"rc": "Dijon"}, "a: situation.rc: une table"),
        ({"apc": [1]}, "a: situation.apc: une table"),
        ({"pair": {"c": 1, "b": "titulaire"}}, "a: situation.pair: clé inconnue 'c'"),
        ({"pair": {"b": {"nom": 1}}}, "a: situation.pair.b: clé inconnue 'nom'"),
        ({"pair": {"b": 3}}, "a: situation.pair.b: 3"),
        ({"boe": 1}, "a: situation.boe: 1"),
        ({"echelon": 1.5}, "a: situation.echelon: 1.5"),
        ({"echelon_history": [1]}, "a: situation.echelon_history: une table de dates"),
        ({"echelon_history": {"hier": 1}}, "a: situation.echelon_history: 'hier'"),
        ({"children_birthdates": [DAY, "x"]}, "a: situation.children_birthdates[2]: 'x'"),
        ({"handicap_granted": [[]]}, "a: situation.handicap_granted[1]"),
        ({"departement": True}, "a: situation.departement: True"),
        ({"departement": 0}, "a: situation.departement: 0"),
        ({"piece": {"nom": "x"}}, "a: situation.piece[1]: clé inconnue 'nom'"),
        ({"degree": 2}, "a: degree: 2"),
        ({"session": "x"}, "a: session: 'x'"),
        ({"wishes": {"a": 1}}, "a: wishes[1]"),
        ({"wishes": None}, "a: la clé 'wishes' manque"),
    ],
)
def test_what_cannot_be_read_is_named(told, said):
    with pytest.raises(CaseFormatError) as caught:
        compute_case(Case("a", "mobility", case(**told), None, ""))
    assert said in str(caught.value)


def test_a_key_of_the_case_itself_is_checked():
    with pytest.raises(CaseFormatError, match="a: clé inconnue 'inputs'"):
        compute_case(Case("a", "mobility", {**case(), "inputs": {}}, None, ""))


@pytest.mark.parametrize(
    ("told", "code"),
    [
        ({"echelon": 0}, "value_impossible"),
        ({"poste_years": -1}, "value_impossible"),
        ({"corps": "notaire"}, "value_impossible"),
        ({"rc": {"lien": "voisins"}}, "value_impossible"),
        ({"degree": "3D"}, "value_impossible"),
        ({"pair": {"a": "titulaire"}}, "missing_input"),
        ({"piece": {"type": "acte"}}, "missing_input"),
    ],
)
def test_what_no_situation_has_refuses_its_case_alone(told, code):
    with pytest.raises(DomainError) as caught:
        request_of(case(**told))
    assert caught.value.code == code
    assert compute_case(Case("a", "mobility", case(**told), None, ""))["refusal"]["message"].endswith(".")


def test_a_session_without_rules_is_told(monkeypatch):
    def refuse(request):
        raise DomainError("session_unknown", session=request.session)

    monkeypatch.setattr(case_files, "bareme", refuse)
    assert compute_case(Case("a", "mobility", case(), None, ""))["refusal"]["code"] == "session_sans_regles"


def test_lines_are_compared_whole_and_lists_one_by_one():
    told = {"wishes": [{"departement": "51", "lines": {"rc": 150, "boe": 1}}, {"departement": "08"}]}
    assert list(differences(told, told)) == []
    assert list(differences({"wishes": [{"lines": {"rc": 150}}, {}]}, told)) == [
        "wishes[1].lines.boe : inattendu, calculé 1"
    ]
    assert list(differences({"wishes": [{}]}, told))[0].startswith("wishes : 1 attendus, 2 calculés")
    assert list(differences({"wishes": [{}, {"departement": "51"}]}, told)) == [
        "wishes[2].departement : attendu 51, calculé 08"
    ]
    assert list(differences({"total": 1}, {})) == ["total : attendu 1, absent du résultat {}"]


def test_refusals_are_compared_without_order_nor_message():
    computed = {
        "refusals": [{"code": "b", "scope": "rc", "message": "B."}, {"code": "a", "scope": "family", "message": "A."}],
        "dropped": ["stag_10", "apc"],
    }
    expected = {
        "refusals": [{"code": "a", "scope": "family"}, {"code": "b", "scope": "rc"}],
        "dropped": ["apc", "stag_10"],
    }
    assert list(differences(expected, computed)) == []
    assert list(differences({"refusals": [{"code": "a"}, {"code": "c"}]}, computed))


odd = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.dates()
    | st.datetimes()
    | st.text(max_size=8)
    | st.sampled_from(["titulaire", "Dijon", "21", "mariage", "a", "b", "type", "lien"]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["a", "b", "lien", "type", "dated", "status", "wishes"]) | st.dates(), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


@pytest.mark.req("S50")
@given(
    st.dictionaries(st.sampled_from([*READERS, "inconnue"]), odd, max_size=6), odd, st.sampled_from(["2D", "1D"]) | odd
)
def test_odd_values_give_a_request_a_refusal_or_a_format_error(told, wishes, degree):
    try:
        request = request_of(case(**told) | {"wishes": wishes, "degree": degree})
    except (CaseFormatError, DomainError):
        return
    assert isinstance(request.situation, Situation)


def test_what_is_not_published_is_named_in_the_result():
    result = compute_case(Case("a", "mobility", case(poste_years=1, sportif_years=1), None, ""))
    assert result["unknown"] == ["anciennete_service", "sportif_haut_niveau"]
    assert result["extension_order"] is None


def plausible() -> st.SearchStrategy[dict[str, object]]:
    days, years = st.dates(dt.date(1990, 1, 1), dt.date(2030, 12, 31)), st.integers(0, 12)
    places = st.sampled_from(
        ["Reims", "dijon", "19", "Corse", "La Réunion", "Nouvelle-Calédonie", "Caen", "51", "974", "x"]
    )
    codes = st.sampled_from(["51", "21", "2A", "974", "75", "92", 8, "99"])
    where = st.fixed_dictionaries(
        {},
        optional={
            "academie": places,
            "departement": codes,
            "pays": st.sampled_from(["Suisse", "Canada", "France"]),
            "departement_frontalier": codes,
        },
    )
    link = st.fixed_dictionaries(
        {"lien": st.sampled_from(list(Lien)), "date": days},
        optional={"imposition_commune": st.booleans(), "dissolution": days | st.booleans(), "proof": st.sampled_from(["contrat", "residence_privee"])
                  | st.just("teletravail"), "conjoint": st.fixed_dictionaries({"chomage": st.booleans(), "last_activity_end": days})},
    )  # fmt: skip
    partner = st.sampled_from(["titulaire", "stagiaire", "stagiaire_ex_titulaire"]) | st.lists(places, max_size=3)
    values = {
        "status": st.sampled_from(["titulaire", "stagiaire"]), "academie": places, "departement": codes,
        "corps": st.sampled_from(["agrege", "pe", "instituteur"]), "classe": st.sampled_from(["normale", "hors_classe", "exceptionnelle"]),
        "echelon": st.integers(1, 11), "echelon_history": st.dictionaries(days, st.integers(1, 11), max_size=3),
        "rc": st.tuples(where, link).map(lambda both: both[0] | both[1]), "apc": where,
        "pair": st.fixed_dictionaries({"b": partner}, optional={"a": partner}), "conjoints": st.booleans(),
        "children_birthdates": st.lists(days, max_size=3), "reconnaissance_anticipee": st.dictionaries(days, days, max_size=2),
        "apart_since": days, "boe": st.booleans() | st.just("en_cours"), "handicap_granted": st.lists(places, max_size=2),
        "cimm": places | st.booleans(), "ex_titulaire": places | st.booleans(), "reintegration_academie": places,
        "academie_stage": places, "ex_contractuel": st.booleans(), "use_stag_10": st.booleans(), "parent_isole": st.booleans(),
        "months_in_departement": st.integers(0, 500), "missing": st.lists(st.sampled_from(["rqth", "livret_famille", "rc", "x"]), max_size=2),
        "piece": st.fixed_dictionaries({"type": st.just("extrait_acte_naissance"), "dated": days}), "deposit": days,
        **dict.fromkeys((*case_situation.COUNTS, *case_situation.SERVICES, *case_situation.BEYOND), years),
    }  # fmt: skip
    return st.fixed_dictionaries(
        {
            "id": st.just("a"),
            "degree": st.sampled_from(["2D", "1D"]),
            "session": st.integers(2020, 2029),
            "situation": st.fixed_dictionaries({}, optional=values),
            "wishes": st.lists(places | codes, max_size=4),
        }
    )


@pytest.mark.req("S53")
@given(plausible())
def test_any_well_formed_case_is_computed_and_adds_up(told):
    result = compute_case(Case("a", "mobility", told, None, ""))
    json.dumps(result, allow_nan=False)
    for one in result["wishes"]:
        assert Decimal(str(one["total"])) == sum(Decimal(str(points)) for points in one["lines"].values())
    assert all(one["message"].endswith(".") and "{" not in one["message"] for one in result["refusals"])
