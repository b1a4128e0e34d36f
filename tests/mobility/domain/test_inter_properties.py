"""Properties of the barème, whatever the request."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mobility.domain.bareme import bareme
from mobility.domain.facts import Degree, Lien, Place, Rapprochement, RequestFacts, Situation
from mobility.domain.geography import geography
from mobility.domain.inter_family import ITEMS as FAMILY
from tests.mobility.domain.requests import DAY, lines

GEO = geography()
ACADEMIES = sorted(GEO.codes)
BOUND_TO_RANK = FAMILY | {"stag_10", "cimm", "voeu_preferentiel"}
DAYS = st.dates(DAY(2005, 1, 1), DAY(2026, 6, 1))
YEARS = st.integers(0, 9)
PLACES = st.sampled_from(sorted(GEO.academie_of)).map(lambda code: Place(GEO.academie_of[code], code))
LINKS = st.builds(Rapprochement, PLACES, st.sampled_from(Lien), DAYS, imposition_commune=st.booleans())
SITUATIONS = st.builds(
    Situation,
    status=st.sampled_from(["titulaire", "stagiaire"]),
    academie=st.sampled_from(ACADEMIES),
    corps=st.sampled_from(["certifie", "agrege"]),
    echelon=st.integers(1, 4),
    poste_years=YEARS,
    rc=st.none() | LINKS,
    children_birthdates=st.lists(DAYS, max_size=3).map(tuple),
    separation_active=YEARS,
    separation_leave=YEARS,
    boe=st.booleans(),
    handicap_granted=st.lists(st.sampled_from(ACADEMIES), max_size=2).map(tuple),
    rep_years=YEARS,
    rep_plus_years=YEARS,
    cla_years=YEARS,
    guyane_years=YEARS,
    cimm=st.sampled_from(["", "Mayotte"]),
    reintegration_academie=st.sampled_from(["", *ACADEMIES]),
    academie_stage=st.sampled_from(["", *ACADEMIES]),
    ex_contractuel=st.booleans(),
    use_stag_10=st.booleans(),
    voeu_preferentiel_requests=YEARS,
)
VOEUX = st.lists(st.sampled_from(ACADEMIES), min_size=2, max_size=6, unique=True)
PIECES = st.sampled_from(["rc_activite_conjoint", "livret_famille", "rqth", "separation", "etat_services", "inconnue"])


@st.composite
def requests(draw):
    """Half of them with the first vœu where the conjoint works."""
    told, voeux = draw(SITUATIONS), draw(VOEUX)
    if told.rc and draw(st.booleans()):
        there = told.rc.place.academie
        voeux = [there, *(voeu for voeu in voeux if voeu != there)]
    return RequestFacts(Degree.SECOND, draw(st.sampled_from([2020, 2024, 2026, 2027])), told, tuple(voeux))


def by_place(found):
    return {voeu.place: {line.item: line.points for line in voeu.lines} for voeu in found.voeux}


PROPERTY = settings(max_examples=60, deadline=None)


@PROPERTY
@given(requests())
def test_lines_add_up_and_none_is_empty(request):
    for voeu in bareme(request).voeux:
        assert voeu.total == voeu.node.value == sum(line.points for line in voeu.lines)
        assert all(line.points > 0 for line in voeu.lines)
        assert len({line.item for line in voeu.lines}) == len(voeu.lines)


@PROPERTY
@given(requests(), st.randoms(use_true_random=False))
def test_the_order_changes_nothing_but_what_is_bound_to_a_rank(request, random):
    mixed = list(request.voeux)
    random.shuffle(mixed)
    told = replace(request.situation, children_birthdates=request.situation.children_birthdates[::-1])
    one, other = by_place(bareme(request)), by_place(bareme(replace(request, voeux=tuple(mixed), situation=told)))
    for place, found in one.items():
        free = {item: points for item, points in found.items() if item not in BOUND_TO_RANK}
        assert free == {item: points for item, points in other[place].items() if item not in BOUND_TO_RANK}


@PROPERTY
@given(requests(), PIECES)
def test_a_missing_piece_never_gives_and_only_takes_what_it_says(request, piece):
    whole = bareme(request)
    less = bareme(replace(request, situation=replace(request.situation, missing=frozenset({piece}))))
    scopes = {one.scope for one in less.refusals} - {one.scope for one in whole.refusals}
    family = FAMILY if scopes & {"rc"} else frozenset()
    allowed = scopes | family | ({"non_limitrophe"} if "separation" in scopes else set())
    for before, after in zip(by_place(whole).values(), by_place(less).values(), strict=True):
        assert set(before) - set(after) <= allowed
        assert set(after) - set(before) <= {"voeu_preferentiel"}  # when the family points that excluded it are gone


@PROPERTY
@given(requests(), st.dates(DAY(2010, 1, 1), DAY(2019, 8, 31)))
def test_a_child_more_never_lowers(request, birth):
    told = request.situation
    more = replace(request, situation=replace(told, children_birthdates=(*told.children_birthdates, birth)))
    for before, after in zip(bareme(request).voeux, bareme(more).voeux, strict=True):
        assert after.total >= before.total


@PROPERTY
@given(requests())
def test_without_the_place_of_the_conjoint_first_there_are_no_family_points(request):
    told = request.situation
    if told.rc is None or told.rc.place.academie == request.voeux[0]:
        return
    found = bareme(request)
    assert "rc_voeu1_absent" in {one.code for one in found.refusals}
    assert all(FAMILY.isdisjoint(lines(found, rank)) for rank in range(len(found.voeux)))


@PROPERTY
@given(requests())
def test_the_extension_is_the_lowest_voeu_less_what_is_bound(request):
    found = bareme(request)
    kept = [sum((line.points for line in voeu.lines if line.kept_in_extension), Decimal(0)) for voeu in found.voeux]
    told = request.situation
    if told.status == "stagiaire" or told.reintegration_academie:
        assert found.extension_bareme == min(kept) <= min(voeu.total for voeu in found.voeux)
    else:
        assert found.extension_bareme is None


@PROPERTY
@given(requests())
def test_without_trees_the_figures_are_the_same(request):
    traced, bare = bareme(request), bareme(request, traced=False)
    assert by_place(traced) == by_place(bare)
    assert (traced.extension_bareme, traced.refusals, traced.dropped) == (
        bare.extension_bareme,
        bare.refusals,
        bare.dropped,
    )


@pytest.mark.parametrize("year", [2020, 2022, 2024, 2026, 2027])
def test_every_session_computes(year):
    found = bareme(RequestFacts(Degree.SECOND, year, Situation(academie="Reims", echelon=3), ("Lyon",)))
    assert found.voeux[0].total == 21
