"""The barème of the premier degré as tables for docs/rules/mobilite_premier_degre.md, printed from the law."""

from mobility.domain.first_degree_law import anchors, items
from mobility.domain.inter_docs import CONFIDENCE, figures_told, table


def first_degree_items(session: int) -> str:
    """Each item of a session: figures and confidence of the source."""
    rows = (
        (f"`{item.id}`", item.label, figures_told(item), CONFIDENCE[item.source.confidence])
        for item in items(session).values()
    )
    return table(("Code", "Élément", "Chiffres", "Source"), rows)


def first_degree_anchors(session: int) -> str:
    found = anchors(session)
    rows = (
        (label, f"{day:%d/%m/%Y}")
        for label, day in (
            ("Échelon acquis par promotion", found.echelon),
            ("Ancienneté dans le département, éducation prioritaire, postes", found.poste),
            ("Mariage ou PACS conclu au plus tard", found.lien),
            ("Enfant né et reconnu, ou reconnaissance anticipée, au plus tard", found.reconnaissance),
            ("Enfant de moins de 18 ans", found.enfant),
        )
    )
    return table(("Jour", f"Session {session}"), rows)
