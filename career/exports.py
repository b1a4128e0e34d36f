"""The history and the trainings as tables for spreadsheets."""

from collections.abc import Iterable, Sequence

from career.domain.pay import place
from career.domain.trainings import TrainingFact, whole_or_short
from career.selectors.comparison import Comparison
from career.selectors.history import History
from career.selectors.projection import Scenario
from iprof.kernel.explain import Node
from iprof.web.formats import french_date, french_value
from iprof.web.tables import csv_table

HEADER = ("Nature", "Date", "Fin", "Intitulé", "Détails", "Source", "Transmis le", "Référence", "État")
TRAINING_HEADER = (
    "Du", "Au", "Intitulé", "Heures", "Compétence", "Certifiante", "Origine", "Transmis le", "Référence",
)  # fmt: skip
PROJECTION_HEADER = ("Scénario", "À compter du", "Situation", "Indice majoré", "Brut mensuel", "Supposition")
COMPARISON_HEADER = (
    "Groupe",
    "Périmètre ou échelon",
    "Ancienneté moyenne dans le grade (ans)",
    "Personnes",
    "Au",
    "Explication",
)


def trainings_csv(facts: Sequence[TrainingFact]) -> bytes:
    """As `history_csv`; hours with a comma, so that a sum can be made of them."""
    rows = (
        (
            fact.starts_on.isoformat(),
            fact.ends_on.isoformat(),
            fact.label,
            str(whole_or_short(fact.hours)).replace(".", ","),
            fact.competence,
            "Oui" if fact.certifying else "Non",
            fact.origin,
            french_date(fact.recorded_on),
            fact.ref,
        )
        for fact in facts
    )
    return csv_table(TRAINING_HEADER, rows)


def projection_csv(scenarios: Iterable[Scenario]) -> bytes:
    """One line a stage; amounts with a comma."""
    rows = (
        (
            scenario.name,
            stage.on.isoformat(),
            place(stage.standing.step),
            str(stage.index.value),
            str(stage.gross.value).replace(".", ","),
            supposed,
        )
        for scenario in scenarios
        for stage, supposed, _ in scenario.rows()
    )
    return csv_table(PROJECTION_HEADER, rows)


def comparison_csv(found: Comparison) -> bytes:
    """The agent, the perimeters, then each échelon in the académie; years with a comma, « non publié » where none is."""
    nodes = [*([found.own] if found.own else []), *found.rows, *(echelon.node for echelon in found.echelons)]
    day = found.seen.on.isoformat()
    return csv_table(COMPARISON_HEADER, (_comparison_row(found.group, node, day) for node in nodes))


def _comparison_row(group: str, node: Node, day: str) -> tuple[str, ...]:
    people = next((str(given.value) for given in node.inputs if given.label == "Personnes du groupe"), "")
    return group, node.label, french_value(node.value), people, day, node.sentence


def history_csv(history: History) -> bytes:
    """UTF-8 with BOM and semicolons, which the office suites used in schools open right."""
    rows = (
        (
            entry.kind_label,
            entry.on.isoformat(),
            entry.ends_on.isoformat() if entry.ends_on else "",
            entry.title,
            " · ".join(entry.lines),
            entry.source,
            french_date(entry.recorded_on),
            entry.ref,
            entry.note or "Annulé" if entry.cancelled else "En vigueur",
        )
        for entry in (*history.entries, *history.cancelled)
    )
    return csv_table(HEADER, rows)
