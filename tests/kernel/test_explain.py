import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource

values = st.one_of(st.none(), st.integers(), st.text(), st.dates(), st.decimals(allow_nan=False, allow_infinity=False))
days = st.none() | st.dates()
sources = st.builds(LegalSource, st.text(), st.text(), days, st.sampled_from(["high", "medium", "low"]))
inputs = st.builds(Input, st.text(), values, st.text(), days)


def nodes(children: st.SearchStrategy[tuple[Node, ...]]) -> st.SearchStrategy[Node]:
    return st.builds(
        Node,
        label=st.text(),
        value=values,
        unit=st.text(),
        rule=st.text(),
        version=st.text(),
        sources=st.lists(sources, max_size=2).map(tuple),
        inputs=st.lists(inputs, max_size=2).map(tuple),
        children=children,
        sentence=st.text(),
    )


trees = st.recursive(nodes(st.just(())), lambda below: nodes(st.lists(below, max_size=3).map(tuple)), max_leaves=8)


@pytest.mark.req("S38")
@given(trees)
def test_tree_survives_json(tree: Node) -> None:
    assert Node.from_json(json.loads(json.dumps(tree.to_json()))) == tree


def test_json_keeps_the_exact_decimal() -> None:
    node = Node("Montant", Decimal("2461.390"), "€/mois", "r", "2023-07-01")
    again = Node.from_json(node.to_json())
    assert str(again.value) == "2461.390"


def test_walk_goes_depth_first() -> None:
    leaf = Node("feuille", 1, "", "r", "")
    branch = Node("branche", dt.date(2026, 1, 1), "date", "r", "", children=(leaf,))
    root = Node("racine", None, "", "r", "", children=(branch, leaf))
    assert [node.label for node in root.walk()] == ["racine", "branche", "feuille", "feuille"]
