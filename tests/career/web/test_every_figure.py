"""No page shows a computed figure without its explanation: amounts, index points, shares (requirement S76, norm D27)."""

import json
import re

import pytest
from django.urls import reverse
from lxml import html

from career.models import CareerStep
from tests.access_rules import RULES
from tests.client import PortalClient
from tests.e2e.test_every_page import NOT_A_PAGE
from tests.factories.career import CareerStepFactory, full_career

pytestmark = [pytest.mark.django_db, pytest.mark.req("S76")]
FIGURE = re.compile(r"\d[\d\s\u202f\xa0]*(?:[.,]\d+)?\s*(?:€|%(?!\s+d'un service complet)|points?\b)")
ASIDE = "details[contains(@class, 'why')] | nav | form | svg | script | caption | *[contains(@class, 'fr-sr-only')]"
HOLDERS = ("tr", "li", "p", "dl", "section")  # where the eye looks for the explanation, nearest first
TOLD = "source :"  # a fact of the file is told with where it comes from, not computed
VARIANTS = {
    "career:projection": ["annees=10&bonification=6&hors_classe=2035&quotite=80&outre_mer=reunion", "formation=on"],
    "career:promotion": ["appreciation=Excellent"],
}
MEASURE = "ancestor-or-self::*[contains(concat(' ', @class, ' '), ' measure ') or @class='gauge-box']"


def unexplained(source: bytes) -> list[str]:
    """The text of each element that states a figure, where nothing beside it tells why."""
    main = html.document_fromstring(source.decode()).find(".//main")
    for aside in main.xpath(" | ".join(f".//{part.strip()}" for part in ASIDE.split("|"))):
        if "why" in aside.get("class", ""):
            aside.getparent().replace(aside, _with_tail("explained", aside)) if aside.tag == "details" else None
        elif aside.getparent() is not None:
            aside.drop_tree()
    found = []
    for element in main.iter():
        own = (
            " ".join([element.text or "", *(child.tail or "" for child in element)])
            if isinstance(element.tag, str)
            else ""
        )
        if FIGURE.search(own) and not _explained(element):
            found.append(" ".join(element.text_content().split())[:120])
    return found


def _with_tail(tag: str, replaced):
    made = html.Element(tag)
    made.tail = replaced.tail
    return made


def _explained(element) -> bool:
    measures = element.xpath(MEASURE)
    holder = measures[0] if measures else None
    while holder is None and element is not None:
        if element.tag in HOLDERS or "fact" in element.get("class", ""):
            holder = element
        element = element.getparent()
    if holder is None:
        return False
    return holder.find(".//explained") is not None or TOLD in holder.text_content().lower()


def test_the_walk_itself_sees_what_lacks_an_explanation():
    page = "<main><p>Gain : 12,50 €</p><table><tr><td>40 %</td><td><details class='why'>x</details></td></tr></table></main>"
    assert unexplained(page.encode()) == ["Gain : 12,50 €"]
    assert unexplained(
        b"<main><dl><div class='measure'><dd>165 points</dd></div><details class='why'></details></dl></main>"
    ) == ["165 points"]


def pages(agent):
    for name, rule in RULES.items():
        if rule.kind in {"agent", "owned", "signed_in", "public"} and rule.status == 200 and name not in NOT_A_PAGE:
            url = reverse(name, kwargs=rule.args(agent))
            yield url
            yield from (f"{url}?{query}" for query in VARIANTS.get(name, ()))


@pytest.mark.parametrize(
    ("corps", "grade", "echelon"),
    [
        ("certifies", "classe_normale", 5),
        ("agreges", "classe_normale", 10),
        ("pe", "hors_classe", 5),
        ("certifies", "classe_exceptionnelle", 3),
        ("contractuels", "premiere_categorie", None),
    ],
)
def test_every_figure_of_every_page_has_its_explanation(today, corps, grade, echelon):
    agent = full_career()
    CareerStep.objects.filter(agent=agent).delete()
    CareerStepFactory(agent=agent, corps=corps, grade=grade, echelon=echelon, effective_on=today.replace(year=2024))
    client = PortalClient()
    client.force_login(agent.user)
    bare = {}
    for url in pages(agent):
        response = client.get(url)
        if response.status_code in {200, 400} and "html" in response["Content-Type"]:
            if missing := unexplained(response.content):
                bare[url] = missing
    assert bare == {}, json.dumps(bare, ensure_ascii=False, indent=1)
