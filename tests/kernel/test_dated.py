import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprof.kernel.dated import DatedValues
from iprof.kernel.errors import DomainError, NotInForce
from iprof.kernel.legal import LegalSource

SOURCE = LegalSource("Texte d'exemple")
D1, D2, D3 = dt.date(2022, 7, 1), dt.date(2023, 7, 1), dt.date(2025, 1, 1)
DAY = dt.timedelta(1)


@pytest.fixture
def values() -> DatedValues[int]:
    return DatedValues("exemple", {D2: (59, SOURCE), D1: (58, SOURCE), D3: (None, SOURCE)})


@pytest.mark.req("S38")
@pytest.mark.parametrize(("on", "value", "since"), [(D1, 58, D1), (D2 - DAY, 58, D1), (D2, 59, D2), (D3 - DAY, 59, D2)])
def test_value_in_force(values: DatedValues[int], on: dt.date, value: int, since: dt.date) -> None:
    found = values.at(on)
    assert (found.value, found.since, found.source) == (value, since, SOURCE)


def test_nothing_is_guessed_before_the_first_day(values: DatedValues[int]) -> None:
    with pytest.raises(NotInForce) as caught:
        values.at(D1 - DAY)
    assert caught.value.code == "not_in_force_yet"
    assert caught.value.params["first_day"] == D1
    assert "exemple" in str(caught.value)


def test_null_closes(values: DatedValues[int]) -> None:
    with pytest.raises(NotInForce) as caught:
        values.at(D3)
    assert caught.value.code == "no_longer_in_force"
    assert caught.value.params["closed_on"] == D3


def test_listing_and_next_change(values: DatedValues[int]) -> None:
    assert values.items() == [(D1, 58), (D2, 59)]
    assert values.first_day == D1
    assert (values.next_change(D1 - DAY), values.next_change(D1), values.next_change(D3)) == (D1, D2, None)


def test_no_value_is_an_error() -> None:
    with pytest.raises(ValueError, match="exemple"):
        DatedValues("exemple", {})


@given(st.dictionaries(st.dates(), st.integers(), min_size=1), st.dates())
def test_the_latest_value_not_after_the_day_wins(table: dict[dt.date, int], on: dt.date) -> None:
    values = DatedValues("exemple", {day: (value, SOURCE) for day, value in table.items()})
    past = [day for day in table if day <= on]
    if past:
        assert values.at(on).value == table[max(past)]
    else:
        with pytest.raises(NotInForce):
            values.at(on)


def test_error_without_parameter_is_its_code() -> None:
    assert str(DomainError("refused")) == "refused"
