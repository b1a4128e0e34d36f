"""The step chart: inside its frame, round levels, two series told apart, nothing unescaped."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprof.web.charts import HEIGHT, WIDTH, Series, StepChart, _levels, step_chart_svg

START, END = dt.date(2026, 1, 1), dt.date(2036, 1, 1)
values = st.decimals("0.01", "99999", places=2)
series = st.lists(st.tuples(st.dates(START, END), values, st.just("étape")), min_size=1, max_size=8).map(
    lambda points: Series("À l'ancienneté", tuple(sorted(points)))
)


@pytest.mark.req("E19")
@given(st.lists(series, min_size=1, max_size=2))
def test_everything_drawn_lies_in_the_frame(found):
    svg = step_chart_svg(StepChart("Traitement", tuple(found), START, END, "€/mois"))
    for x, y in re.findall(r'<circle cx="([-\d.]+)" cy="([-\d.]+)"', svg):
        assert 0 <= float(x) <= WIDTH
        assert 0 <= float(y) <= HEIGHT
    assert svg.count("chart__point") == sum(len(one.points) for one in found)
    assert ("chart__series--2" in svg) == (len(found) == 2)
    assert " style=" not in svg
    assert "<script" not in svg


@given(values, values)
def test_levels_are_few_round_and_inside(one, other):
    low, high = min(one, other), max(one, other) + 1
    found = _levels(low, high)
    assert 1 <= len(found) <= 5
    assert all(low <= level <= high for level in found)
    gaps = {b - a for a, b in zip(found, found[1:], strict=False)}
    assert len(gaps) <= 1
    assert all(str(gap.normalize()).lstrip("0.")[0] in "125" for gap in gaps)


def test_names_are_escaped():
    svg = step_chart_svg(StepChart("<b>", (Series("<i>", ((START, Decimal(1), "<u>"),)),), START, END, ""))
    for tag in ("<b>", "<i>", "<u>"):
        assert tag not in svg
