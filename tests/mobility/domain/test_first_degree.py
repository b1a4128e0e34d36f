"""The mouvement interdépartemental: each item at its boundaries, what refuses, what is not published."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprof.kernel.errors import DomainError
from iprof.kernel.law import LawFileError
from mobility.domain.bareme import bareme
from mobility.domain.facts import Degree, Lien, Partner, Place, Rapprochement, RequestFacts, Situation
from mobility.domain.first_degree import seniority_points
from mobility.domain.first_degree_law import _data, anchors, build_items, items, voeux_max
from mobility.domain.results import Bareme
from tests.mobility.domain.requests import codes, lines, points

DAY = dt.date
COTE_D_OR = Rapprochement(Place(departement="21"), Lien.MARIAGE, DAY(2019, 4, 27))


def computed(*voeux: str, session: int = 2026, traced: bool = True, **situation: object) -> Bareme:
    told = {"departement": "51", "corps": "pe", "echelon": 6, "months_in_departement": 96} | situation
    return bareme(RequestFacts(Degree.FIRST, session, Situation(**told), voeux or ("21", "10", "69")), traced=traced)


def dropped(found: Bareme) -> list[tuple[str, str]]:
    return [(one.item, one.voeu) for one in found.dropped]


def unknown(found: Bareme) -> list[str]:
    return [one.item for one in found.unknown]


@pytest.mark.parametrize(
    ("months", "told"),
    [
        (0, "0"), (36, "0"), (37, "0.16"), (39, "0.5"), (46, "1.66"), (47, "1.83"), (48, "2"), (95, "9.83"),
        (96, "20"), (97, "20.16"), (155, "29.83"), (156, "40"), (276, "80"),
    ],
)  # fmt: skip
def test_seniority_is_two_a_year_beyond_three_and_ten_every_five(months, told):
    assert seniority_points(items(2026)["anciennete_departement"], months) == Decimal(told)


@pytest.mark.parametrize(
    ("corps", "classe", "echelon", "told"),
    [
        ("pe", "normale", 2, 22), ("pe", "normale", 11, 42), ("pe", "hors_classe", 3, 39), ("pe", "hors_classe", 7, 48),
        ("pe", "exceptionnelle", 1, 39), ("pe", "exceptionnelle", 5, 53), ("instituteur", "normale", 1, 18),
        ("instituteur", "normale", 11, 39), ("", "normale", 5, 29),
    ],
)  # fmt: skip
def test_the_echelon_gives_the_points_of_its_corps_and_classe(corps, classe, echelon, told):
    assert lines(computed(corps=corps, classe=classe, echelon=echelon))["echelon"] == told


@pytest.mark.parametrize(
    ("situation", "said"),
    [
        ({"echelon": 1}, "Non publié : les points du 1er échelon"),
        ({"classe": "autre"}, "Non publié"),
        ({"classe": "hors_classe", "echelon": 8}, "Non publié : les points du 8e échelon"),
        ({"echelon": None}, "n'est pas connu"),
    ],
)
def test_an_echelon_without_figure_is_told_and_not_guessed(situation, said):
    found = computed(**situation)
    assert unknown(found) == ["echelon"]
    assert said in found.unknown[0].reason
    assert "echelon" not in lines(found)


def test_a_seniority_that_is_not_told_is_no_zero():
    assert unknown(computed(months_in_departement=None)) == ["anciennete_departement"]


def test_the_echelon_is_that_of_31_august():
    history = {DAY(2024, 9, 1): 6, DAY(2025, 8, 31): 7, DAY(2025, 9, 1): 8}
    assert lines(computed(echelon_history=history))["echelon"] == 36


@pytest.mark.parametrize(
    ("situation", "voeux", "code"),
    [
        ({"status": "stagiaire"}, (), "reserve_aux_titulaires"),
        ({"confirmation_deposited": False}, (), "confirmation_absente"),
        ({}, ("01", "02", "03", "04", "05", "06", "07"), "trop_de_voeux"),
        ({}, ("01", "01"), "voeu_en_double"),
        ({}, ("988",), "hors_mouvement_inter"),
        ({}, ("99",), "lieu_inconnu"),
        ({"simultanee": Partner(voeux=("10", "21"))}, ("21", "10"), "listes_differentes"),
    ],
)
def test_the_whole_request_is_refused(situation, voeux, code):
    found = computed(*voeux, **situation)
    assert codes(found) == [(code, "request")]
    assert found.voeux == ()


def test_six_voeux_are_the_most_and_the_source_is_not_sure():
    assert len(computed("01", "02", "03", "04", "05", "06").voeux) == 6
    assert voeux_max()[1].confidence == "low"


def test_a_session_before_the_first_has_no_rules():
    with pytest.raises(DomainError, match="session_unknown"):
        computed(session=2019)


def test_rc_bears_on_the_first_voeu_and_those_that_touch_it():
    found = computed(rc=COTE_D_OR, children_birthdates=(DAY(2008, 8, 31), DAY(2008, 9, 1), DAY(2020, 1, 9)))
    assert points(found, "rc") == [150, 150, None]
    assert points(found, "enfants") == [100, 100, None]  # the first is 18 on 31 August
    assert (found.children_counted, found.separation_years) == (2, 0)


@pytest.mark.parametrize(
    ("rc", "code"),
    [
        (Rapprochement(Place(departement="10"), Lien.MARIAGE), "rc_voeu1_absent"),
        (Rapprochement(Place(), Lien.MARIAGE), "lieu_conjoint_inconnu"),
        (Rapprochement(Place(pays="Royaume-Uni"), Lien.MARIAGE), "pays_sans_frontiere_terrestre"),
        (Rapprochement(Place(departement="21"), Lien.MARIAGE, DAY(2025, 9, 2)), "lien_posterieur_au_31_08"),
        (Rapprochement(Place(departement="21"), Lien.MARIAGE, proof="teletravail"), "teletravail_non_retenu"),
        (Rapprochement(Place(departement="21"), Lien.MARIAGE, proof="residence_privee"), "residence_privee_non_retenue"),
    ],
)  # fmt: skip
def test_no_family_point_without_its_conditions(rc, code):
    found = computed(rc=rc)
    assert codes(found) == [(code, "family")]
    assert lines(found) == {"echelon": 33, "anciennete_departement": 20}


def test_abroad_the_border_departement_is_the_place():
    found = computed(
        "25", "39", "21", rc=Rapprochement(Place(pays="Suisse", departement_frontalier="25"), Lien.MARIAGE)
    )
    assert points(found, "rc") == [150, 150, None]


def test_the_link_may_be_of_1_september():
    assert codes(computed(rc=Rapprochement(Place(departement="21"), Lien.PACS, DAY(2025, 9, 1)))) == []


def test_a_child_expected_is_recognised_on_1_january_at_the_latest():
    birth, apc = DAY(2026, 5, 1), Place(departement="21")
    in_time = computed(apc=apc, children_birthdates=(birth,), reconnaissance_anticipee={birth: DAY(2026, 1, 1)})
    assert points(in_time, "enfants") == [50, 50, None]
    late = computed(
        apc=apc, children_birthdates=(birth, DAY(2020, 1, 9)), reconnaissance_anticipee={birth: DAY(2026, 1, 2)}
    )
    assert codes(late) == [("reconnaissance_hors_delai", "enfants")]
    assert points(late, "enfants") == [50, 50, None]


@pytest.mark.parametrize(
    ("births", "since", "code"),
    [
        ((DAY(2020, 1, 9),), None, None),
        ((), DAY(2020, 1, 9), None),
        ((), None, "lien_sans_enfant"),
        ((DAY(2026, 5, 1),), None, "reconnaissance_hors_delai"),
    ],
)
def test_unmarried_parents_are_linked_by_a_child_recognised_in_time(births, since, code):
    found = computed(rc=Rapprochement(Place(departement="21"), Lien.ENFANT, since), children_birthdates=births)
    assert points(found, "rc") == ([None] * 3 if code else [150, 150, None])
    assert codes(found) == ([(code, "family")] if code else [])


def test_apc_supposes_a_child():
    assert codes(computed(apc=Place(departement="21"))) == [("apc_sans_enfant", "family")]


def test_two_strategies_give_none():
    found = computed(rc=COTE_D_OR, apc=Place(departement="21"))
    assert codes(found) == [("strategies_familiales_multiples", "family")]


def test_voeux_lies_give_no_points():
    assert lines(computed(simultanee=Partner("titulaire"), simultanee_conjoints=True)).keys() == {
        "echelon",
        "anciennete_departement",
    }


@pytest.mark.parametrize(
    ("active", "leave", "told"),
    [
        (0, 1, 25), (1, 0, 50), (0, 2, 50), (1, 1, 75), (0, 3, 75), (2, 0, 200), (0, 4, 200), (0, 9, 200), (2, 1, 225),
        (3, 0, 350), (3, 1, 375), (4, 0, 450), (3, 2, 450), (9, 9, 450),
    ],
)  # fmt: skip
def test_years_apart_follow_both_tables(active, leave, told):
    assert lines(computed(rc=COTE_D_OR, separation_active=active, separation_leave=leave))["separation"] == told


@pytest.mark.parametrize(
    ("mine", "theirs", "told"),
    [("75", "92", 0), ("93", "75", 0), ("94", "75", 0), ("92", "93", 50), ("93", "94", 50), ("21", "21", 0), ("", "21", 50)],
)  # fmt: skip
def test_no_year_apart_between_paris_and_its_ring(mine, theirs, told):
    rc = Rapprochement(Place(departement=theirs), Lien.MARIAGE)
    assert lines(computed(theirs, departement=mine, rc=rc, separation_active=1)).get("separation", 0) == told


@pytest.mark.parametrize(
    ("theirs", "active", "leave", "told"),
    [
        ("33", 1, 0, 80),
        ("33", 0, 2, 80),
        ("33", 0, 1, None),
        ("21", 4, 0, None),
        ("08", 4, 0, None),
        ("33", 0, 0, None),
    ],
)
def test_eighty_points_between_academies_that_do_not_touch_after_a_year(theirs, active, leave, told):
    rc = Rapprochement(Place(departement=theirs), Lien.MARIAGE)
    found = computed(theirs, rc=rc, separation_active=active, separation_leave=leave)
    assert lines(found).get("academie_non_limitrophe") == told


def test_the_academie_not_known_gives_no_eighty_points():
    found = computed("33", departement="", rc=Rapprochement(Place(departement="33"), Lien.MARIAGE), separation_active=1)
    assert "academie_non_limitrophe" not in lines(found)


def test_a_missing_piece_removes_what_it_supports():
    claims = {"rc": COTE_D_OR, "children_birthdates": (DAY(2020, 1, 9),), "separation_active": 1}
    without = computed(missing=frozenset({"acte_naissance"}), **claims)
    assert codes(without) == [("piece_manquante", "enfants")]
    assert lines(without).keys() == {"echelon", "anciennete_departement", "rc", "separation"}
    alone = computed(missing=frozenset({"contrat_travail"}), **claims)
    assert codes(alone) == [("piece_manquante", "rc")]
    assert lines(alone).keys() == {"echelon", "anciennete_departement"}


def test_handicap_is_100_everywhere_or_800_where_it_is_granted():
    found = computed("21", "10", boe=True, handicap_granted=("10",))
    assert points(found, "handicap_boe") == [100, None]
    assert points(found, "handicap_800") == [None, 800]
    assert dropped(found) == [("handicap_boe", "10")]
    assert points(computed("10", handicap_granted=("10",)), "handicap_800") == [800]
    assert codes(computed(boe=True, missing=frozenset({"rqth"}))) == [("rqth_non_notifiee", "handicap_boe")]


@pytest.mark.parametrize(
    ("key", "least", "item", "told", "first"),
    [
        ("rep_plus_years", 5, "ep_rep_plus", 90, 2020), ("rep_years", 5, "ep_rep", 45, 2020), ("cla_years", 3, "cla", 27, 2024),
        ("pop_years", 3, "pop", 27, 2022), ("guyane_years", 5, "guyane", 90, 2024), ("mayotte_years", 5, "mayotte", 800, 2024),
    ],
)  # fmt: skip
def test_years_on_a_post_count_from_their_number_and_from_their_session(key, least, item, told, first):
    assert points(computed(**{key: least}), item) == [told] * 3
    assert item not in lines(computed(**{key: least - 1}))
    assert lines(computed(session=first, **{key: least}))[item] == told
    if first > 2020:
        assert item not in lines(computed(session=first - 1, **{key: least}))


def test_rep_and_rep_plus_do_not_add_up():
    found = computed(rep_plus_years=5, rep_years=5)
    assert "ep_rep" not in lines(found)
    assert dropped(found) == [("ep_rep", "")]
    assert lines(computed(rep_plus_years=4, rep_years=5))["ep_rep"] == 45


@pytest.mark.parametrize(
    ("said", "voeux", "told"),
    [
        ("974", ("974", "976"), [600, None]),
        ("La Réunion", ("974", "976"), [600, None]),
        ("974", ("976", "974"), [None, None]),
        ("51", ("51",), [None]),
        ("ailleurs", ("974",), [None]),
    ],
)
def test_cimm_bears_on_the_first_voeu_overseas(said, voeux, told):
    assert points(computed(*voeux, cimm=said), "cimm") == told


def test_cimm_is_held_against_the_family_points():
    rc = Rapprochement(Place(departement="974"), Lien.MARIAGE)
    larger = computed("974", cimm="974", rc=rc, separation_active=3)  # 150 + 350 + 80 = 580
    assert lines(larger)["cimm"] == 600
    assert dropped(larger) == [("rc", ""), ("separation", ""), ("academie_non_limitrophe", "")]
    smaller = computed("974", cimm="974", rc=rc, separation_active=4)  # 150 + 450 + 80 = 680
    assert "cimm" not in lines(smaller)
    assert dropped(smaller) == [("cimm", "")]


def test_cimm_does_not_go_with_voeux_lies():
    found = computed("974", cimm="974", simultanee=Partner("titulaire", ("974",)))
    assert "cimm" not in lines(found)
    assert dropped(found) == [("cimm", "")]


@pytest.mark.parametrize(("requests", "told"), [(0, None), (1, None), (2, 5), (3, 10), (30, 145)])
def test_the_same_first_voeu_is_five_a_renewal_without_known_cap(requests, told):
    assert points(computed(voeu_preferentiel_requests=requests), "voeu_preferentiel") == [told, None, None]


def test_lines_add_up_and_each_is_explained():
    found = computed(rc=COTE_D_OR, children_birthdates=(DAY(2020, 1, 9),), separation_active=2, boe=True)
    for voeu in found.voeux:
        assert voeu.total == sum(line.points for line in voeu.lines) == voeu.node.value
        assert [node.value for node in voeu.node.children] == [line.points for line in voeu.lines]
        assert all(line.node.sentence and line.node.sources for line in voeu.lines)
    assert found.extension_bareme is None
    assert computed(traced=False).voeux[0].total == computed().voeux[0].total


def test_asking_your_own_departement_is_useless():
    assert "est le vôtre" in computed("51").warnings[0]


def test_a_session_carried_over_is_not_official():
    assert not computed(session=2027).official
    assert "officiel" in computed(session=2027).voeux[0].node.sentence


@given(
    st.lists(st.sampled_from(["21", "10", "69", "974", "2A"]), max_size=4, unique=True),
    st.integers(0, 6),
    st.integers(0, 6),
    st.booleans(),
)
def test_adding_a_child_never_lowers_a_voeu(voeux, active, leave, boe):
    facts = {"rc": COTE_D_OR, "separation_active": active, "separation_leave": leave, "boe": boe}
    before = computed(*voeux, traced=False, **facts)
    after = computed(*voeux, traced=False, children_birthdates=(DAY(2020, 1, 9),), **facts)
    assert [one.total for one in before.voeux] <= [one.total for one in after.voeux]
    if voeux and voeux[0] != "21":
        assert all("rc" not in {line.item for line in one.lines} for one in after.voeux)


def test_the_days_of_the_first_degree_are_its_own():
    assert anchors(2026).lien == DAY(2025, 9, 1)
    assert anchors(2026).reconnaissance == DAY(2026, 1, 1)


def test_an_item_the_reader_does_not_know_is_refused():
    data = _data()
    with pytest.raises(LawFileError, match="unknown key 'prime'"):
        build_items({**data, "items": data["items"] | {"prime": {}}})
