"""Académies and départements: complete, symmetric, found however they are said."""

import copy

import pytest

from iprof.kernel import law
from mobility.domain.geography import FILE, build_geography, geography
from mobility.domain.law import LEGAL


def test_counts_are_those_of_the_country():
    geo = geography()
    assert (len(geo.codes), len(geo.academie_of), len(geo.overseas)) == (30, 101, 5)
    assert sum(map(len, geo.near_departements.values())) == 2 * 238
    assert sum(map(len, geo.near_academies.values())) == 2 * 49


@pytest.mark.parametrize("kind", ["near_departements", "near_academies"])
def test_borders_go_both_ways_and_never_to_oneself(kind):
    near = getattr(geography(), kind)
    for one, others in near.items():
        assert one not in others
        assert all(one in near[other] for other in others)


def test_corse_and_overseas_touch_nobody():
    geo = geography()
    assert not any(geo.near_academies[name] for name in ("Corse", *geo.overseas))


@pytest.mark.parametrize("said", ["Besançon", "besancon", "BESANÇON", "03"])
def test_an_academie_is_found_however_it_is_said(said):
    assert geography().academie(said) == "Besançon"


def test_what_is_nowhere_is_empty():
    geo = geography()
    assert geo.academie("Atlantide") == geo.departement("99") == ""
    assert geo.departement(" 2a ") == "2A"


def test_paris_and_its_ring_are_one_place():
    geo = geography()
    assert geo.same_place("75", "94")
    assert not geo.same_place("75", "77")


def test_countries_and_collectivities():
    geo = geography()
    assert geo.is_border_country("suisse")
    assert not geo.is_border_country("Royaume-Uni")
    assert geo.is_outside("nouvelle caledonie")
    assert not geo.is_outside("Mayotte")


def broken(change):
    data = copy.deepcopy(law.load(FILE, folder=LEGAL))
    change(data)
    with pytest.raises(law.LawFileError) as error:
        build_geography(data)
    return str(error.value)


def test_a_broken_file_is_refused():
    assert "two académies" in broken(lambda data: data["academies"]["Reims"]["departements"].append("75"))
    assert "differ" in broken(lambda data: data["names"].pop("75"))
    assert "border 99-75" in broken(lambda data: data["borders"].update({"99": ["75"]}))
    assert "border 10-02" in broken(lambda data: data["borders"].update({"10": ["02"]}))
    assert "missing key" in broken(lambda data: data.pop("outside"))
