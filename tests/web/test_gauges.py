"""The gauge: inside its frame, told by words and patterns, silent on what it does not know."""

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprof.web.gauges import HEIGHT, STATES, WIDTH, Scale, gauge_svg

pytestmark = pytest.mark.req("S42", "E20")


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    maximum = draw(st.integers(1, 400))
    threshold = draw(st.none() | st.integers(0, maximum))
    return Scale(
        "2027",
        draw(st.integers(0, 500)),
        maximum,
        draw(st.sampled_from(STATES)),
        "Barème",
        "74 points sur 100, seuil observé 82.",
        threshold,
        None if threshold is None else draw(st.integers(0, threshold)),
    )


@given(scales())
def test_everything_drawn_lies_in_the_frame(scale: Scale) -> None:
    svg = gauge_svg(scale)
    root = ET.fromstring(svg)  # noqa: S314  (our own drawing)
    assert root.get("role") == "img"
    for part in root.iter():
        x, y = float(part.get("x", part.get("x1", 0))), float(part.get("y", part.get("y1", 0)))
        assert 0 <= x + float(part.get("width", 0) if part.tag == "rect" else 0) <= WIDTH
        assert 0 <= y + float(part.get("height", 0) if part.tag == "rect" else 0) <= HEIGHT
        assert float(part.get("width", 0) if part.tag == "rect" else 0) >= 0
    assert " style=" not in svg
    assert ("gauge__zone--below" in svg) == (scale.threshold is not None)
    assert ("gauge__zone--neutral" in svg) == (scale.threshold is None)
    assert (f"seuil {scale.threshold}" in svg) == (scale.threshold is not None)


def test_zones_differ_by_pattern_and_the_title_is_read() -> None:
    svg = gauge_svg(Scale("2027", 74, 100, "near", "Proche du seuil", "74 points sur 100, seuil observé 82.", 82, 72))
    assert re.findall(r"url\(#gauge-2027-(\w+)\)", svg) == ["stripes", "dots"]
    assert 'aria-labelledby="gauge-2027-title gauge-2027-desc"' in svg
    assert '<title id="gauge-2027-title">Proche du seuil</title>' in svg
    assert "74 points sur 100, seuil observé 82." in svg


def test_words_are_escaped() -> None:
    svg = gauge_svg(Scale('"x', 1, 2, "unknown", "<b>", "<i>"))
    for bad in ("<b>", "<i>", '""x'):
        assert bad not in svg
