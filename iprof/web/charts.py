"""Charts as inline SVG drawn by the server: no script, no inline style, every point a labelled item one can reach.

The table that says the same is the caller's: a chart never stands alone (norm E19).
"""

import datetime as dt
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from iprof.web.formats import french_date, french_value

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 16, 36
MARGIN = Decimal("0.1")  # of the range, above and below


@dataclass(frozen=True, slots=True)
class Series:
    """A name and its values, each holding from its day to the next; `label` of a point is what it is called aloud."""

    name: str
    points: tuple[tuple[dt.date, Decimal, str], ...]


@dataclass(frozen=True, slots=True)
class StepChart:
    """Values that change on given days, from `start` to `end`, in one `unit`."""

    title: str
    series: tuple[Series, ...]
    start: dt.date
    end: dt.date
    unit: str


def step_chart_svg(chart: StepChart) -> SafeString:
    """The drawing. The first series is a full line, the second one dashed: never told apart by colour alone."""
    low, high = _range(chart)
    plot = _Plot(chart.start, chart.end, low, high)
    drawn = format_html_join(
        "", "{}", ((_series(plot, chart, series, number),) for number, series in enumerate(chart.series, start=1))
    )
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="group" aria-label="{}">{}{}</svg>',
        WIDTH,
        HEIGHT,
        chart.title,
        _axes(plot, chart),
        drawn,
    )


@dataclass(frozen=True, slots=True)
class _Plot:
    start: dt.date
    end: dt.date
    low: Decimal
    high: Decimal

    def x(self, day: dt.date) -> str:
        share = (day - self.start).days / max((self.end - self.start).days, 1)
        return f"{LEFT + share * (WIDTH - LEFT - RIGHT):.1f}"

    def y(self, value: Decimal) -> str:
        share = float((value - self.low) / (self.high - self.low))
        return f"{HEIGHT - BOTTOM - share * (HEIGHT - TOP - BOTTOM):.1f}"


def _range(chart: StepChart) -> tuple[Decimal, Decimal]:
    values = [value for series in chart.series for _, value, _ in series.points]
    low, high = min(values), max(values)
    space = (high - low) * MARGIN or max(high * MARGIN, Decimal(1))
    return low - space, high + space


def _axes(plot: _Plot, chart: StepChart) -> SafeString:
    years = [dt.date(year, 1, 1) for year in range(chart.start.year + 1, chart.end.year + 1)]
    shown = years if len(years) <= 6 else years[:: -(-len(years) // 6)]
    ticks = format_html_join(
        "",
        '<line class="chart__grid" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/><text class="chart__tick" x="{0}" y="{3}" text-anchor="middle">{4}</text>',
        ((plot.x(day), TOP, HEIGHT - BOTTOM, HEIGHT - BOTTOM + 20, day.year) for day in shown),
    )
    levels = format_html_join(
        "",
        '<line class="chart__grid" x1="{0}" x2="{1}" y1="{2}" y2="{2}"/><text class="chart__tick" x="{3}" y="{2}" text-anchor="end" dominant-baseline="middle">{4}</text>',
        ((LEFT, WIDTH - RIGHT, plot.y(level), LEFT - 8, french_value(level)) for level in _levels(plot.low, plot.high)),
    )
    return format_html('<g aria-hidden="true">{}{}</g>', ticks, levels)


def _levels(low: Decimal, high: Decimal) -> list[Decimal]:
    """Round values inside the range, some four of them: by 1, 2 or 5 times a power of ten."""
    wanted = (high - low) / 4
    power = Decimal(10) ** wanted.adjusted()
    step = next((power * factor for factor in (1, 2, 5) if power * factor >= wanted), power * 10)
    first = (low / step).to_integral_value(ROUND_CEILING) * step
    count = int((high - first) / step) + 1
    levels = [first + step * n for n in range(count)]
    return [level.to_integral_value() if level == level.to_integral_value() else level for level in levels]


def _series(plot: _Plot, chart: StepChart, series: Series, number: int) -> SafeString:
    corners: list[str] = []
    previous: Decimal | None = None
    for day, value, _ in series.points:
        if previous is not None:
            corners.append(f"{plot.x(day)},{plot.y(previous)}")
        corners.append(f"{plot.x(day)},{plot.y(value)}")
        previous = value
    if previous is not None:
        corners.append(f"{plot.x(chart.end)},{plot.y(previous)}")
    marks = format_html_join("", "{}", ((_mark(plot, chart, series, *point),) for point in series.points))
    return format_html(
        '<g class="chart__series chart__series--{}"><polyline class="chart__line" points="{}" aria-hidden="true"/>{}</g>',
        number,
        " ".join(corners),
        marks,
    )


def _mark(plot: _Plot, chart: StepChart, series: Series, day: dt.date, value: Decimal, label: str) -> SafeString:
    """A point: its value is read aloud, and shown on focus or under the pointer."""
    told = french_value(value, chart.unit)
    late = (day - chart.start).days * 2 > (chart.end - chart.start).days
    return format_html(
        '<g class="chart__point" tabindex="0" role="img" aria-label="{}, {} : {}, {}"><circle cx="{}" cy="{}" r="5"/>'
        '<text class="chart__tip" x="{}" y="{}" text-anchor="{}" aria-hidden="true">{}</text></g>',
        series.name,
        french_date(day),
        label,
        told,
        plot.x(day),
        plot.y(value),
        plot.x(day),
        max(float(plot.y(value)) - 12, 14),
        "end" if late else "start",
        told,
    )


@dataclass(frozen=True, slots=True)
class Band:
    """What may be on a day: the bounds of all the cases, and of eight in ten."""

    on: dt.date
    least: Decimal
    low: Decimal
    high: Decimal
    most: Decimal


@dataclass(frozen=True, slots=True)
class BandChart:
    """Intervals that widen with time, in one `unit`."""

    title: str
    bands: tuple[Band, ...]
    unit: str


def band_chart_svg(chart: BandChart) -> SafeString:
    """The whole range as an outline, eight cases in ten as a filled band: told apart by shape, not by colour alone."""
    series = (Series("", tuple((band.on, value, "") for band in chart.bands for value in (band.least, band.most))),)
    frame = StepChart(chart.title, series, chart.bands[0].on, chart.bands[-1].on, chart.unit)
    plot = _Plot(frame.start, frame.end, *_range(frame))
    marks = format_html_join("", "{}", ((_band_mark(plot, chart, band),) for band in chart.bands))
    return format_html(
        '<svg class="chart" viewBox="0 0 {} {}" role="group" aria-label="{}">{}'
        '<polygon class="chart__range" points="{}" aria-hidden="true"/>'
        '<polygon class="chart__band" points="{}" aria-hidden="true"/>{}</svg>',
        WIDTH,
        HEIGHT,
        chart.title,
        _axes(plot, frame),
        _outline(plot, [(band.on, band.least, band.most) for band in chart.bands]),
        _outline(plot, [(band.on, band.low, band.high) for band in chart.bands]),
        marks,
    )


def _outline(plot: _Plot, bounds: list[tuple[dt.date, Decimal, Decimal]]) -> str:
    upper = [f"{plot.x(day)},{plot.y(high)}" for day, _, high in bounds]
    lower = [f"{plot.x(day)},{plot.y(low)}" for day, low, _ in reversed(bounds)]
    return " ".join(upper + lower)


def _band_mark(plot: _Plot, chart: BandChart, band: Band) -> SafeString:
    """A year: its interval is read aloud, and shown on focus or under the pointer."""
    told = f"{french_value(band.low, chart.unit)} à {french_value(band.high, chart.unit)}"
    late = (band.on - plot.start).days * 2 > (plot.end - plot.start).days
    return format_html(
        '<g class="chart__point chart__point--band" tabindex="0" role="img" aria-label="{} : huit cas sur dix, {} ; tous les '
        'cas, {} à {}"><line x1="{}" x2="{}" y1="{}" y2="{}"/><circle cx="{}" cy="{}" r="4"/><circle cx="{}" cy="{}" r="4"/>'
        '<text class="chart__tip" x="{}" y="{}" text-anchor="{}" aria-hidden="true">{}</text></g>',
        french_date(band.on),
        told,
        french_value(band.least, chart.unit),
        french_value(band.most, chart.unit),
        plot.x(band.on),
        plot.x(band.on),
        plot.y(band.low),
        plot.y(band.high),
        plot.x(band.on),
        plot.y(band.low),
        plot.x(band.on),
        plot.y(band.high),
        plot.x(band.on),
        max(float(plot.y(band.high)) - 12, 14),
        "end" if late else "start",
        told,
    )
