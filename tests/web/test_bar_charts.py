"""Bars: inside the frame, one image with its words, the reader's own told apart without colour, nothing unescaped."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprof.web.bar_charts import ROW, WIDTH, Bar, BarChart, bar_chart_svg

values = st.none() | st.decimals("0", "99999", places=1)
charts = st.lists(values, max_size=6).map(
    lambda found: BarChart("Titre", tuple(Bar(f"Barre {n}", value, "1 an", n == 0) for n, value in enumerate(found)))
)


@pytest.mark.req("E19")
@given(charts)
def test_everything_drawn_lies_in_the_frame(chart):
    svg = bar_chart_svg(chart)
    height = int(re.search(rf'viewBox="0 0 {WIDTH} (\d+)"', svg)[1])
    assert height == max(len(chart.bars), 1) * ROW
    drawn = re.findall(r'<rect class="chart__bar[^"]*" x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"', svg)
    assert len(drawn) == sum(bar.value is not None for bar in chart.bars)
    for x, y, width, thick in drawn:
        assert int(x) + int(width) <= WIDTH - 120  # the figure fits beside it
        assert int(y) + int(thick) <= height
    assert " style=" not in svg


def test_it_is_one_image_told_in_words():
    svg = bar_chart_svg(BarChart("Titre", (Bar("Vous", Decimal(2), "2 ans", True), Bar("France", None, "non publié"))))
    assert 'role="img" aria-labelledby="bars-title bars-told"' in svg
    assert '<title id="bars-title">Titre</title>' in svg
    assert "Vous : 2 ans, France : non publié." in svg
    assert svg.count("<text") == 4


def test_the_marked_bar_is_plain_and_the_others_hatched():
    bars = (Bar("Vous", Decimal(2), "2 ans", True), Bar("Reims", Decimal(4), "4 ans"))
    svg = bar_chart_svg(BarChart("Titre", bars))
    assert len(re.findall(r'chart__bar chart__bar--own"[^>]*/>', svg)) == 1
    assert len(re.findall(r'class="chart__bar"[^>]*fill="url\(#bars-hatch\)"/>', svg)) == 1


def test_names_are_escaped():
    svg = bar_chart_svg(BarChart("<b>", (Bar("<i>", Decimal(1), "<u>"),)))
    for tag in ("<b>", "<i>", "<u>"):
        assert tag not in svg
