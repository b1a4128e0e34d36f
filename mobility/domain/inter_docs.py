"""The barème as tables for docs/rules/mobilite_inter.md: printed from the law, so that the page cannot drift."""

from collections.abc import Iterable

from iprof.kernel.money import format_number
from mobility.domain.anchors import anchor_rules
from mobility.domain.inter_law import Item, items
from mobility.domain.refusals import MESSAGES
from mobility.domain.sessions import sessions

KEPT = {True: "oui", False: "non", None: "non publié"}
CONFIDENCE = {"high": "sûre", "medium": "moyenne", "low": "faible"}
SCOPES = {"request": "demande", "family": "points familiaux", "piece": "pièce", "": "élément"}


def items_table(session: int) -> str:
    """Each item of a session: figures, extension, confidence of the source."""
    rows = (
        (f"`{item.id}`", item.label, figures_told(item), KEPT[item.kept], CONFIDENCE[item.source.confidence])
        for item in items(session).values()
    )
    return table(("Code", "Élément", "Chiffres", "Gardé en extension", "Source"), rows)


def figures_told(item: Item) -> str:
    """Amounts by name, then tables by row."""
    amounts = [f"{name.replace('_', ' ')} : {format_number(value)}" for name, value in item.figures.amounts.items()]
    tables = [
        f"{name.replace('_', ' ')} : "
        + ", ".join(f"{format_number(key)} → {format_number(value)}" for key, value in rows.items())
        for name, rows in item.figures.tables.items()
    ]
    return " ; ".join([*amounts, *tables])


def anchors_table(session: int) -> str:
    rows = ((rule.label, f"{rule.of(session):%d/%m/%Y}") for rule in anchor_rules().values())
    return table(("Jour", f"Session {session}"), rows)


def sessions_table() -> str:
    rows = (
        (
            str(one.year),
            " ; ".join(one.texts),
            "oui" if one.official else "non",
            "exigée" if one.imposition_commune else "non exigée",
            "retenu" if one.teletravail else "non retenu",
        )
        for one in sessions().values()
    )
    return table(("Session", "Textes", "Officielle", "PACS : imposition commune", "Télétravail"), rows)


def refusals_table() -> str:
    rows = ((f"`{code}`", SCOPES[scope]) for code, (scope, _) in sorted(MESSAGES.items()))
    return table(("Code", "Portée"), rows)


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
