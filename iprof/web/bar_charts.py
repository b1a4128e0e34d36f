"""Bars as inline SVG drawn by the server: no script, no inline style; every figure is written beside its bar.

The whole drawing is one image, told by its title and description. The table that says the same is the caller's: a chart
never stands alone (norm E19).
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

WIDTH, ROW, LEFT = 640, 72, 2
BARS = 480  # the longest bar; what is left holds its figure
THICK = 26


@dataclass(frozen=True, slots=True)
class Bar:
    """`told` is its figure in words; `value` is never negative, None when there is no bar. `marked`: the reader's own."""

    name: str
    value: Decimal | None
    told: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars of one unit, from the top."""

    title: str
    bars: tuple[Bar, ...]


def bar_chart_svg(chart: BarChart) -> SafeString:
    """The drawing, one a page. The marked bar is plain, the others are hatched: never told apart by colour alone."""
    longest = max((bar.value for bar in chart.bars if bar.value), default=Decimal(1))
    told = ", ".join(f"{bar.name} : {bar.told}" for bar in chart.bars)
    rows = format_html_join("", "{}", ((_row(bar, number * ROW, longest),) for number, bar in enumerate(chart.bars)))
    return format_html(
        '<svg class="chart chart--bars" viewBox="0 0 {} {}" role="img" aria-labelledby="bars-title bars-told">'
        '<title id="bars-title">{}</title><desc id="bars-told">{}.</desc>'
        '<defs><pattern id="bars-hatch" width="8" height="8" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect class="chart__ground" width="8" height="8"/>'
        '<rect class="chart__hatch" width="4" height="8"/></pattern></defs>{}</svg>',
        WIDTH,
        max(len(chart.bars), 1) * ROW,
        chart.title,
        told,
        rows,
    )


def _row(bar: Bar, top: int, longest: Decimal) -> SafeString:
    """The name above, the bar, and its figure at its end."""
    length = 0 if bar.value is None else max(round(float(bar.value / longest) * BARS), 2)
    drawn = format_html(
        '<rect class="chart__bar{}" x="{}" y="{}" width="{}" height="{}"{}/>',
        " chart__bar--own" if bar.marked else "",
        LEFT,
        top + 32,
        length,
        THICK,
        "" if bar.marked else SafeString(' fill="url(#bars-hatch)"'),
    )
    return format_html(
        '<g aria-hidden="true"><text class="chart__name" x="0" y="{}">{}</text>{}'
        '<text class="chart__value{}" x="{}" y="{}">{}</text></g>',
        top + 22,
        bar.name,
        "" if bar.value is None else drawn,
        "" if bar.value is not None else " chart__value--unknown",
        length + 12 if bar.value is not None else 0,
        top + 32 + THICK - 6,
        bar.told,
    )
