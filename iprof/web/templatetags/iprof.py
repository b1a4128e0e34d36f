"""Template components of the portal, available in every template without loading.

`{% why node %}` explains a value · `{% field form.x %}` and `{% error_summary form %}` lay out forms · `{% badge %}`,
`{% icon %}`, `{% pagination page %}`, `{% main_nav %}`, `{% section_nav %}` · `{% today_fr %}`, charts `{% step_chart %}`, `{% band_chart %}`,
`{% bar_chart %}`, `{% gauge %}` · filters `date_fr`, `euros`, `number_fr`, `plural_fr`, `value_fr`.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django import template
from django.core.exceptions import NON_FIELD_ERRORS
from django.core.paginator import Page
from django.forms import BaseForm, BoundField
from django.template.loader import get_template
from django.utils import timezone
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from iprof.kernel.explain import Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.money import format_euros, format_number
from iprof.web.bar_charts import BarChart, bar_chart_svg
from iprof.web.charts import BandChart, StepChart, band_chart_svg, step_chart_svg
from iprof.web.formats import french_date, french_hour, french_left, french_moment, french_value
from iprof.web.gauges import Scale, gauge_svg
from iprof.web.navigation import links_for, section_links

register = template.Library()

CONFIDENCE = {"medium": "source secondaire concordante", "low": "source secondaire unique"}
ICONS = {
    "home": "M3 11 12 3l9 8v10h-6v-6H9v6H3z",
    "career": "M4 20V10h4v10zm6 0V4h4v16zm6 0v-7h4v7z",
    "mail": "M3 5h18v14H3zm2 3 7 5 7-5",
    "user": "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-8 9c0-5 4-7 8-7s8 2 8 7z",
    "shield": "M12 2 4 5v6c0 5 3 9 8 11 5-2 8-6 8-11V5z",
    "download": "M11 3h2v9h4l-5 6-5-6h4zM4 19h16v2H4z",
    "flag": "M5 3h2v18H5zm3 1h11l-3 4 3 4H8z",
    "print": "M7 3h10v4H7zM4 8h16v9h-3v-4H7v4H4zm5 7h6v6H9z",
    "check": "m5 12 5 5L20 7l-2-2-8 8-3-3z",
    "link": "M7 7h4v2H7a3 3 0 0 0 0 6h4v2H7A5 5 0 0 1 7 7zm6 0h4a5 5 0 0 1 0 10h-4v-2h4a3 3 0 0 0 0-6h-4zM8 11h8v2H8z",
    "info": "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1 5h2v2h-2zm0 4h2v6h-2z",
    "clock": "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm-1 4h2v6l4 3-1 2-5-4z",
    "bell": "M12 3a6 6 0 0 1 6 6v5l2 3H4l2-3V9a6 6 0 0 1 6-6zm-2 15h4a2 2 0 0 1-4 0z",
    "alert": "M12 2 1 21h22zm-1 7h2v6h-2zm0 8h2v2h-2z",
    "minus": "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zM6 11h12v2H6z",
    "theme": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zm0 2v14a7 7 0 0 1 0-14z",
}


@register.filter(expects_localtime=True)
def date_fr(day: dt.date | dt.datetime | None) -> str:
    return french_date(day)


@register.filter(expects_localtime=True)
def moment_fr(at: dt.datetime) -> str:
    return french_moment(at)


@register.filter(expects_localtime=True)
def hour_fr(at: dt.datetime) -> str:
    return french_hour(at)


@register.filter
def left_fr(day: dt.date, today: dt.date) -> str:
    return french_left(day, today)


@register.simple_tag
def today_fr() -> str:
    return french_date(timezone.localdate())


@register.filter
def euros(amount: Decimal | None) -> str:
    return "non publié" if amount is None else format_euros(amount)


@register.filter
def plural_fr(number: Decimal | int) -> str:
    """The « s » of a French plural, which starts at two: 0 élément, 1 élément, 2 éléments."""
    return "" if -2 < number < 2 else "s"


@register.filter
def number_fr(value: Decimal | int | None) -> str:
    return "non publié" if value is None else format_number(value)


@register.filter
def hours_fr(value: Decimal) -> str:
    """Hours without useless zeros: 6, 7,5."""
    return format_number(value.normalize() if value % 1 else value.to_integral_value())


@register.filter
def value_fr(node: Node) -> str:
    """The value of a node with its unit."""
    return french_value(node.value, node.unit)


@register.simple_tag
def icon(name: str) -> SafeString:
    return mark_safe(  # noqa: S308  (the path is our own constant)
        f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><path d="{ICONS[name]}"/></svg>'
    )


@register.simple_tag
def badge(text: str, tone: str = "info") -> SafeString:
    """A status: `tone` info, success, warning, error or new. The text carries the meaning."""
    return format_html('<span class="fr-badge fr-badge--{} fr-badge--no-icon">{}</span>', tone, text)


@register.simple_tag
def step_chart(chart: StepChart) -> SafeString:
    return step_chart_svg(chart)


@register.simple_tag
def band_chart(chart: BandChart) -> SafeString:
    return band_chart_svg(chart)


@register.simple_tag
def bar_chart(chart: BarChart) -> SafeString:
    return bar_chart_svg(chart)


@register.simple_tag
def gauge(scale: Scale) -> SafeString:
    return gauge_svg(scale)


@register.simple_tag
def why(node: Node) -> SafeString:
    """« Pourquoi ? »: rule, version, sources and inputs of a value, then of the values it was computed from."""
    return mark_safe(  # noqa: S308  (every part is escaped below)
        f'<details class="why"><summary>Pourquoi ?<span class="fr-sr-only"> {escape(node.label)}</span></summary>'
        f'<div class="why__body">{_explain(node)}</div></details>'
    )


def _explain(node: Node) -> str:
    value = escape(french_value(node.value, node.unit))
    parts = [f'<p class="why__value">{escape(node.label)} : <strong>{value}</strong></p>']
    if node.sentence:
        parts.append(f"<p>{escape(node.sentence)}</p>")
    if node.inputs:
        rows = "".join(
            f"<li>{escape(i.label)} : {escape(french_value(i.value))} — {escape(i.origin)}"
            + (f", transmis le {french_date(i.as_of)}" if i.as_of else "")
            + "</li>"
            for i in node.inputs
        )
        parts.append(f'<p class="why__head">Données utilisées</p><ul>{rows}</ul>')
    if node.sources:
        rows = "".join(
            f"<li>{_source(s)}"
            + (f" ({CONFIDENCE[s.confidence]})" if s.confidence in CONFIDENCE else "")
            + (f", vérifié le {french_date(s.checked_on)}" if s.checked_on else "")
            + "</li>"
            for s in node.sources
        )
        parts.append(f'<p class="why__head">Textes</p><ul>{rows}</ul>')
    version = f", en vigueur depuis le {french_date(dt.date.fromisoformat(node.version))}" if node.version else ""
    parts.append(f'<p class="why__rule">Règle <code>{escape(node.rule)}</code>{version}</p>')
    parts += [f'<div class="why__child">{_explain(child)}</div>' for child in node.children]
    return "".join(parts)


def _source(source: LegalSource) -> str:
    """The text, as a link when its address is a web address: any other scheme stays plain text."""
    if not source.url.startswith("https://"):
        return escape(source.text)
    return f'<a href="{escape(source.url)}" rel="noopener external">{escape(source.text)}</a>'


@register.simple_tag
def field(bound: BoundField, hint: str = "") -> SafeString:
    """One form field: label above, hint, control, errors, linked by aria-describedby."""
    if bound.is_hidden:
        return SafeString(bound)
    widget = bound.field.widget
    described = []
    hint = hint or str(bound.help_text or "")
    if hint:
        described.append(f"{bound.auto_id}-hint")
    if bound.errors:
        described.append(f"{bound.auto_id}-error")
    attrs: dict[str, Any] = {}
    if described:
        attrs["aria-describedby"] = " ".join(described)
    if bound.errors:
        attrs["aria-invalid"] = "true"
    context = {
        "field": bound,
        "hint": hint,
        "control": mark_safe(bound.as_widget(attrs=attrs | {"class": _control_class(widget)})),  # noqa: S308  (Django renders it)
        "is_password": getattr(widget, "input_type", "") == "password",
        "is_group": widget.use_fieldset,
        "is_checkbox": getattr(widget, "input_type", "") == "checkbox" and not widget.use_fieldset,
    }
    return mark_safe(get_template("components/field.html").render(context))  # noqa: S308  (autoescaped template)


def _control_class(widget: Any) -> str:
    kind = getattr(widget, "input_type", "")
    return {"select": "fr-select", "checkbox": "", "radio": ""}.get(kind, "fr-input")


def _error_lines(form: BaseForm) -> Iterator[tuple[str, str, str]]:
    """(id of the field, its label, the error) of each."""
    for name in sorted(form.errors, key=[*form.fields, NON_FIELD_ERRORS].index):
        target = form[name].auto_id if name in form.fields else ""
        label = str(form[name].label) + " : " if name in form.fields else ""
        yield from ((target, label, str(error)) for error in form.errors[name])


@register.simple_tag
def error_summary(*forms: BaseForm | None) -> SafeString:
    """What is wrong, at the top, in the order of the fields, each line a link to its field. Nothing when all is well.
    Several forms sent together make one summary; one that the page does not have is left aside."""
    lines = [line for form in forms if form for line in _error_lines(form)]
    if not lines:
        return SafeString("")
    items = format_html_join(
        "",
        "<li>{}</li>",
        ((format_html('<a href="#{}">{}{}</a>', t, la, e) if t else format_html("{}", e),) for t, la, e in lines),
    )
    return format_html(
        '<div class="fr-alert fr-alert--error" role="alert" tabindex="-1" id="form-errors">'
        '<h2 class="fr-alert__title">Le formulaire est à corriger</h2><ul>{}</ul></div>',
        items,
    )


@register.simple_tag(takes_context=True)
def pagination(context: template.Context, page: Page[Any]) -> SafeString:
    """Links to the other pages, the rest of the query kept."""
    if not page.has_other_pages():
        return SafeString("")
    kept = [(k, v) for k, values in context["request"].GET.lists() for v in values if k != "page"]

    def link(number: int, text: str, current: bool = False) -> SafeString:
        query = urlencode([*kept, ("page", number)])
        mark = SafeString(' aria-current="page"') if current else SafeString("")
        return format_html('<li><a class="fr-pagination__link" href="?{}"{}>{}</a></li>', query, mark, text)

    items = [link(page.previous_page_number(), "Page précédente")] if page.has_previous() else []
    items.append(link(page.number, f"Page {page.number} sur {page.paginator.num_pages}", current=True))
    items += [link(page.next_page_number(), "Page suivante")] if page.has_next() else []
    return format_html(
        '<nav class="fr-pagination" aria-label="Pagination"><ul class="fr-pagination__list">{}</ul></nav>',
        SafeString("".join(items)),
    )


@register.simple_tag(takes_context=True)
def main_nav(context: template.Context) -> SafeString:
    """The main navigation twice: a bar for wide screens, a menu that opens without script for narrow ones."""
    request = context["request"]
    items = format_html_join(
        "",
        '<li><a class="nav__link" href="{}"{}>{}{}</a></li>',
        (
            (link.url, SafeString(' aria-current="page"') if link.current else "", icon(link.icon), link.label)
            for link in links_for(request.user, request.path)
        ),
    )
    return format_html(
        '<details class="nav__menu"><summary>Menu</summary><ul>{}</ul></details>'
        '<ul class="nav__bar fr-container">{}</ul>',
        items,
        items,
    )


@register.simple_tag(takes_context=True)
def section_nav(context: template.Context) -> SafeString:
    """The pages of « Ma carrière » or « Messages », on each of them; nothing elsewhere."""
    request = context["request"]
    name, links = section_links(request.user, request.path) if request.user.is_authenticated else ("", [])
    if not links:
        return SafeString("")
    items = format_html_join(
        "",
        '<li><a class="subnav__link" href="{}"{}>{}</a></li>',
        ((link.url, SafeString(' aria-current="page"') if link.current else "", link.label) for link in links),
    )
    return format_html('<nav class="subnav" aria-label="{}"><ul>{}</ul></nav>', name, items)
