"""The law of pay supplements and perspectives: refused whatever is not understood, silent before its first day."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from career.domain import (
    attractiveness,
    direction,
    family_supplement,
    indemnities,
    overtime,
    part_time,
    pay_overseas,
    retirement,
    routes,
)
from career.domain.grids import load_grids
from career.domain.law import LEGAL, LawFileError
from iprof.kernel.errors import NotInForce
from tests.career.domain.test_law import add_neighbour, mutate, paths, replace_by_list, rewrite

pytestmark = pytest.mark.req("S38")
SEDENTARY, ACTIVE = retirement.FILES.values()
READERS: dict[str, Callable[[Path], Any]] = {
    pay_overseas.FILE: pay_overseas.build_places,
    part_time.FILE: part_time.build_part_time,
    family_supplement.FILE: family_supplement.build_supplement,
    attractiveness.FILE: attractiveness.build_attractiveness,
    indemnities.FILE: indemnities.build_indemnities,
    overtime.FILE: overtime.build_overtime,
    SEDENTARY: retirement.build_retirement,
    ACTIVE: retirement.build_retirement,
    routes.FILE: routes.build_routes,
    direction.FILE: direction.build_direction,
}
LOADED = {
    "places": [
        table for place in pay_overseas.load_places().values() for table in (place.rates, place.corrections) if table
    ],
    "part time": [part_time.load_part_time()],
    "supplement": [family_supplement.load_supplement()],
    "prime": [attractiveness.load_attractiveness().amounts],
    "indemnities": [found.amounts for found in indemnities.load_indemnities().values() if found.amounts],
    "overtime": [overtime.load_overtime()],
    "retirement": list(retirement.load_retirement().tables.values()),
    "direction": [direction.load_direction()],
    "routes": [route.versions for route in routes.load_routes().values()],
}


def copied(folder: Path) -> Path:
    for part in ("pay", "perspectives"):
        shutil.copytree(LEGAL / part, folder / part)
    return folder


def test_every_file_has_its_reader() -> None:
    found = {str(path.relative_to(LEGAL)) for part in ("pay", "perspectives") for path in (LEGAL / part).iterdir()}
    assert found == set(READERS)


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (pay_overseas.FILE, '"1.138"', "1.138", "quoted"),
        (pay_overseas.FILE, "rates: unknown", "rate: unknown", "'rates'"),
        (pay_overseas.FILE, 'label: "Mayotte"', 'label: ""', "mayotte.label"),
        (pay_overseas.FILE, 'value: "0.35"', 'valeur: "0.35"', "'value'"),
        (part_time.FILE, 'from: "50"', "from: 50", "quoted"),
        (part_time.FILE, "80: [6, 7]", "80: [6]", "list of 2"),
        (part_time.FILE, "80: [6, 7]", "80: [7, 6]", "7/6"),
        (part_time.FILE, "80: [6, 7]", '"80": [6, 7]', "whole number"),
        (family_supplement.FILE, "floor: 454", "floor: 722", "floor 722 is not below ceiling 722"),
        (family_supplement.FILE, "ceiling: 717", "ceiling: haut", "ceiling"),
        (family_supplement.FILE, '3: "15.24"', '4: "15.24"', "missing key 3"),
        (family_supplement.FILE, '3: "0.08"}', '3: "0.08", 4: "0.14"}', "unknown key '4'"),
        (attractiveness.FILE, "corps: [certifies,", "corps: [[certifies],", "corps"),
        (attractiveness.FILE, '2: "1400"', '2e: "1400"', "whole number"),
        (attractiveness.FILE, '2: "1400"', "2: 1400", "amounts.2"),
        (indemnities.FILE, "prorated: true", "prorated: en partie", "isoe_part_fixe.prorated"),
        (indemnities.FILE, "values: unknown", "values: inconnu", "isae"),
        (overtime.FILE, "[1, 11]", "[1, 6, 11]", "list of 2"),
        (overtime.FILE, "max_imposed: 2", "max_imposed: deux", "max_imposed"),
        (SEDENTARY, "born_from: 1961-01-01", "born_from: 1954-01-01", "birth dates do not increase"),
        (SEDENTARY, "quarters: 168", "quarters: cent", "1961-01-01.quarters"),
        (SEDENTARY, "full_rate_age: 67", "full_rate: 67", "'full_rate_age'"),
        (SEDENTARY, "months: 3, quarters: 169", "quarters: 169", "'months'"),
        (ACTIVE, "value: 17", "value: dix-sept", "service_years"),
        (direction.FILE, "kept: [4, 5]", "kept: [4, 0]", "hors_classe.3.kept: 4/0"),
        (direction.FILE, "kept: [4, 5]", "kept: [4]", "list of 2"),
        (direction.FILE, "        1: {to: 5", "        1er: {to: 5", "whole number"),
        (direction.FILE, "{to: 5,", "{vers: 5,", "'to'"),
        (direction.FILE, "corps: [certifies,", "corps: [[certifies],", "corps"),
        (routes.FILE, "corps: [agreges, chaires_superieures]", "corps: []", "ia_ipr_concours"),
        (routes.FILE, "services: {publics: 60}", "services: {public: 60}", "unknown key 'public'"),
        (routes.FILE, "services: {publics: 60}", "services: {}", "not empty"),
        (routes.FILE, "assessed: first_january", "assessed: noel", "noel"),
        (routes.FILE, "index_group: HEA", "index_group: HEC", "HEC"),
        (routes.FILE, "first_day_known: true", "first_day_known: oui", "first_day_known"),
        (routes.FILE, "conditions: []", "conditions: aucune", "conditions"),
    ],
)
def test_a_mistake_is_refused(tmp_path: Path, name: str, old: str, new: str, said: str) -> None:
    folder = copied(tmp_path)
    rewrite(folder, name, old, new)
    with pytest.raises(LawFileError) as caught:
        READERS[name](folder)
    assert said in str(caught.value)
    assert name in str(caught.value)


@pytest.mark.parametrize("name", READERS)
@given(data=st.data())
def test_any_mutation_is_refused(tmp_path_factory: pytest.TempPathFactory, name: str, data: st.DataObject) -> None:
    """A list put in place of any value, or a key added beside any key, is refused with the file's name."""
    folder = copied(tmp_path_factory.mktemp("law"))
    content = yaml.safe_load((LEGAL / name).read_text(encoding="utf-8"))
    where = data.draw(st.sampled_from(list(paths(content))))
    mutate(content, where, data.draw(st.sampled_from([replace_by_list, add_neighbour])))
    (folder / name).write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
    with pytest.raises(LawFileError) as caught:
        READERS[name](folder)
    assert name in str(caught.value)


@pytest.mark.parametrize("name", LOADED)
def test_nothing_is_said_before_the_first_day(name: str) -> None:
    assert LOADED[name]
    for table in LOADED[name]:
        with pytest.raises(NotInForce):
            table.at(table.first_day - dt.timedelta(1))
        for day, _ in table.items():
            source = table.at(day).source
            assert source.text
            assert source.checked_on in {dt.date(2026, 11, 23), dt.date(2026, 11, 24)}


def test_the_files_name_corps_that_exist() -> None:
    known = set(load_grids().corps)
    assert attractiveness.load_attractiveness().corps <= known
    for route in routes.load_routes().values():
        for _, version in route.versions.items():
            assert (version.corps or frozenset()) <= known
