"""Template components: rendered, escaped, honest about what is not known."""

import datetime as dt
import timeit
from decimal import Decimal

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource
from iprof.web.templatetags.iprof import why
from tests.client import inspect_html


def node(**changed) -> Node:
    given = {
        "label": "Traitement brut",
        "value": Decimal("2461.38"),
        "unit": "€/mois",
        "rule": "career.pay.monthly_gross",
        "version": "2024-01-01",
        "sources": (
            LegalSource(
                "Décret n° 85-1148", "https://www.legifrance.gouv.fr/x?a=1&b=2", dt.date(2026, 11, 1), "medium"
            ),
        ),
        "inputs": (Input("Indice", 500, "Arrêté <du> SIAE", dt.date(2025, 9, 1)),),
        "sentence": "Indice × valeur du point.",
    }
    return Node(**(given | changed))


def render(source: str, **context) -> str:
    return Template(source).render(Context(context))


@pytest.mark.req("S65", "D27")
def test_why_tells_value_rule_date_source_and_inputs():
    html = render("{% why node %}", node=node(children=(node(label="Valeur du point"),)))
    for part in (
        "2\u202f461,38\u202f€ par mois",
        "career.pay.monthly_gross",
        "en vigueur depuis le 1er janvier 2024",
        'href="https://www.legifrance.gouv.fr/x?a=1&amp;b=2"',
        "source secondaire concordante",
        "transmis le 1er septembre 2025",
        "Valeur du point",
    ):
        assert part in html
    assert inspect_html(html) == []


@pytest.mark.req("S65")
def test_an_unknown_figure_is_said_not_guessed():
    assert "<strong>non publié</strong>" in render("{% why node %}", node=node(value=None))
    assert render("{{ a|euros }} {{ a|number_fr }}", a=None) == "non publié non publié"


def test_why_escapes_each_text():
    evil = "<script>x</script>"
    html = render(
        "{% why node %}",
        node=node(
            label=evil,
            value=evil,
            rule=evil,
            sentence=evil,
            sources=(LegalSource(evil), LegalSource("t", 'https://x/"><script>')),
            inputs=(Input(evil, evil, evil),),
        ),
    )
    assert "<script" not in html


@pytest.mark.parametrize("url", ["javascript:alert(1)", "http://example.org", ""])
def test_a_source_is_a_link_only_over_https(url):
    assert "<a " not in render("{% why node %}", node=node(sources=(LegalSource("Texte", url),)))


def test_why_costs_little():
    """The dashboard draws several: 0.13 ms measured for eight nodes, refused from 1 ms (a slow machine passes)."""
    tree = node(children=tuple(node() for _ in range(7)))
    assert min(timeit.repeat(lambda: why(tree), number=20, repeat=5)) / 20 < 0.001


@pytest.mark.req("E28")
@pytest.mark.parametrize(
    ("day", "text"),
    [(dt.date(2026, 11, 23), "23 novembre 2026"), (dt.date(2026, 9, 1), "1er septembre 2026"), (None, "")],
)
def test_dates_read_as_in_french(day, text):
    assert render("{{ day|date_fr }}", day=day) == text


class Sample(forms.Form):
    name = forms.CharField(label="Nom", help_text="Votre nom d'usage")
    note = forms.CharField(label="Note", required=False)
    kind = forms.ChoiceField(label="Nature", choices=[("a", "Erreur"), ("b", "Oubli")], widget=forms.RadioSelect)
    sure = forms.BooleanField(label="Je confirme")
    ticket = forms.CharField(widget=forms.HiddenInput)


FORM = "{% error_summary form %}{% for f in form %}{% field f %}{% endfor %}"


@pytest.mark.req("E06")
def test_an_empty_form_links_labels_and_hints():
    html = render(FORM, form=Sample())
    assert "form-errors" not in html
    assert 'for="id_name"' in html
    assert 'aria-describedby="id_name-hint"' in html
    assert "Note (optionnel)" in html
    assert "Nom (optionnel)" not in html
    assert "<legend" in html
    assert html.count('type="radio"') == 2
    assert "Ticket" not in html
    assert inspect_html(html) == []


@pytest.mark.req("E06")
def test_errors_are_listed_first_and_tied_to_their_field():
    form = Sample({"note": '"><script>'})
    assert not form.is_valid()
    html = render(FORM, form=form)
    assert html.index('role="alert"') < html.index("<label")
    for name in ("name", "kind", "sure"):
        assert f'href="#id_{name}"' in html
        assert f'id="id_{name}"' in html
        assert f'id="id_{name}-error"' in html
    assert 'aria-describedby="id_name-hint id_name-error"' in html
    assert "<script>" not in html
    assert inspect_html(html) == []


def test_pagination_keeps_the_query_and_marks_the_page():
    request = RequestFactory().get("/", {"nature": "a&b", "page": "2"})
    html = render("{% pagination page %}", request=request, page=Paginator(range(30), 10).page(2))
    assert html.count('aria-current="page"') == 1
    assert "nature=a%26b&amp;page=1" in html
    assert "page=3" in html
    assert render("{% pagination page %}", request=request, page=Paginator(range(3), 10).page(1)) == ""


def test_badge_is_escaped():
    assert "<b>" not in render('{% badge text "success" %}', text="<b>")


def test_the_errors_are_summed_up_in_the_order_of_the_fields():
    class Two(forms.Form):
        first, second = forms.CharField(required=False), forms.IntegerField(label="Second")

        def clean(self):
            self.add_error(None, "Ensemble")
            self.add_error("first", "Trop tard")

    form = Two({"second": "x"})
    assert list(form.errors) == ["second", "__all__", "first"]
    found = Template("{% error_summary form %}").render(Context({"form": form}))
    assert found.index("Trop tard") < found.index("Second") < found.index("Ensemble")
