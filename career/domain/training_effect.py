"""What a training changes to dates and index: what the texts count, and what they do not."""

import datetime as dt

from career.domain.bareme_hors_classe import load_baremes
from career.domain.grids import load_grids
from iprof.kernel.explain import Node


def training_node(corps: str, on: dt.date) -> Node:
    """« Aucun »: durations depend on time alone, and the barème on the appréciation and the ancienneté."""
    structures = [grade.structure.at(on) for grade in load_grids().find_corps(corps).grades.values()]
    sources = tuple(dict.fromkeys(found.source for found in structures[:1]))
    table = load_baremes().get(corps)
    told = "Les échelons s'obtiennent avec le temps, sans condition de formation."
    if table:
        sources += (table.at(on).source,)
        told += (
            " Le barème de la hors-classe ne compte que l'appréciation et l'ancienneté : une formation n'y ajoute aucun "
            "point. Elle peut nourrir l'avis de l'évaluateur, que personne ne peut calculer."
        )
    return Node(
        "Effet d'une formation sur les dates et l'indice",
        "aucun",
        "",
        "career.projection.training",
        max(found.since for found in structures).isoformat(),
        sources,
        sentence=told,
    )
