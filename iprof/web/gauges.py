"""A gauge as inline SVG drawn by the server: three zones told apart by pattern, word and figures, never colour alone."""

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString

WIDTH, HEIGHT = 320, 76
LEFT, RIGHT, TOP, BAR = 8, 8, 26, 18  # in units of the drawing
STATES = ("below", "near", "reached", "unknown")


@dataclass(frozen=True, slots=True)
class Scale:
    """What is drawn: `value` out of `maximum`; zones begin at 0, `near_from` and `threshold`, None without threshold.

    `key` makes the ids of the page unique; `title` and `sentence` are read aloud.
    """

    key: str
    value: int
    maximum: int
    state: str
    title: str
    sentence: str
    threshold: int | None = None
    near_from: int | None = None

    def x(self, value: int) -> float:
        share = min(max(value, 0), self.maximum) / max(self.maximum, 1)
        return round(LEFT + share * (WIDTH - LEFT - RIGHT), 1)


def gauge_svg(scale: Scale) -> SafeString:
    """The drawing. Without threshold, a plain bar up to the value: no zone, no judgement."""
    return format_html(
        '<svg class="gauge gauge--{state}" viewBox="0 0 {width} {height}" role="img" '
        'aria-labelledby="gauge-{key}-title gauge-{key}-desc"><title id="gauge-{key}-title">{title}</title>'
        '<desc id="gauge-{key}-desc">{sentence}</desc>{patterns}{zones}{marker}{figures}</svg>',
        state=scale.state,
        width=WIDTH,
        height=HEIGHT,
        key=scale.key,
        title=scale.title,
        sentence=scale.sentence,
        patterns=_patterns(scale.key),
        zones=_zones(scale),
        marker=_marker(scale),
        figures=_figures(scale),
    )


def _patterns(key: str) -> SafeString:
    """Stripes below, dots near; plain above."""
    return format_html(
        '<defs><pattern id="gauge-{0}-stripes" width="6" height="6" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><line class="gauge__ink" x1="0" y1="0" x2="0" y2="6"/></pattern>'
        '<pattern id="gauge-{0}-dots" width="7" height="7" patternUnits="userSpaceOnUse">'
        '<circle class="gauge__dot" cx="3.5" cy="3.5" r="1.4"/></pattern></defs>',
        key,
    )


def _bar(scale: Scale, zone: str, start: int, end: int, pattern: str = "") -> SafeString:
    left, right = scale.x(start), scale.x(end)
    drawn = format_html(
        '<rect class="gauge__zone gauge__zone--{}" x="{}" y="{}" width="{}" height="{}"/>',
        zone,
        left,
        TOP,
        round(right - left, 1),
        BAR,
    )
    if not pattern:
        return drawn
    return format_html(
        '{}<rect x="{}" y="{}" width="{}" height="{}" fill="url(#gauge-{}-{})"/>',
        drawn,
        left,
        TOP,
        round(right - left, 1),
        BAR,
        scale.key,
        pattern,
    )


def _zones(scale: Scale) -> SafeString:
    if scale.threshold is None or scale.near_from is None:
        return format_html("{}{}", _bar(scale, "track", 0, scale.maximum), _bar(scale, "neutral", 0, scale.value))
    return format_html(
        "{}{}{}",
        _bar(scale, "below", 0, scale.near_from, "stripes"),
        _bar(scale, "near", scale.near_from, scale.threshold, "dots"),
        _bar(scale, "reached", scale.threshold, scale.maximum),
    )


def _marker(scale: Scale) -> SafeString:
    x = scale.x(scale.value)
    return format_html(
        '<path class="gauge__marker" d="M{} {}l-6 -9h12z"/><line class="gauge__needle" x1="{}" x2="{}" y1="{}" y2="{}"/>',
        x,
        TOP,
        x,
        x,
        TOP,
        TOP + BAR,
    )


def _figures(scale: Scale) -> SafeString:
    """Seen only: the description says the same aloud."""
    x = scale.x(scale.value)
    value = _text(x, TOP - 12, scale.value, _anchor(x), "gauge__value")
    low = _text(LEFT, TOP + BAR + 16, 0, "start", "gauge__tick")
    high = _text(WIDTH - RIGHT, TOP + BAR + 16, scale.maximum, "end", "gauge__tick")
    threshold = SafeString("")
    if scale.threshold is not None:
        at = scale.x(scale.threshold)
        threshold = format_html(
            '<line class="gauge__threshold" x1="{0}" x2="{0}" y1="{1}" y2="{2}"/>{3}',
            at,
            TOP - 2,
            TOP + BAR + 5,
            _text(at, TOP + BAR + 16, f"seuil {scale.threshold}", _anchor(at), "gauge__tick"),
        )
        low = low if at > LEFT + 70 else SafeString("")
        high = high if at < WIDTH - RIGHT - 70 else SafeString("")
    return format_html('<g aria-hidden="true">{}{}{}{}</g>', value, low, high, threshold)


def _anchor(x: float) -> str:
    return "start" if x < 30 else "end" if x > WIDTH - 30 else "middle"


def _text(x: float, y: int, text: object, anchor: str, name: str) -> SafeString:
    return format_html('<text class="{}" x="{}" y="{}" text-anchor="{}">{}</text>', name, x, y, anchor, text)
