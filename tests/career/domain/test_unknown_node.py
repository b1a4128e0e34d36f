"""A figure that cannot be given is a node without value that says why."""

import pytest

from career.domain.refusals import unknown_node
from iprof.kernel.errors import DomainError
from iprof.kernel.explain import Input


def test_the_node_tells_the_refusal_and_what_was_looked_at() -> None:
    asked = (Input("Échelon", 12, "Situation saisie"),)
    node = unknown_node("Indice majoré", DomainError("no_step_follows"), "points d'indice", asked)
    assert (node.value, node.unit, node.inputs) == (None, "points d'indice", asked)
    assert node.rule == "career.unknown.dernier_echelon"
    assert node.sentence == "Aucun avancement automatique ne suit cette situation."


def test_an_error_without_wording_is_a_defect() -> None:
    with pytest.raises(KeyError):
        unknown_node("Indice majoré", DomainError("something_new"))
