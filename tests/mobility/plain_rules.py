"""Rules of a few lines in place of those of the law: what follows a barème is tested without knowing how it is computed."""

from decimal import Decimal

from iprof.kernel.explain import Node
from mobility.domain.facts import RequestFacts
from mobility.domain.results import Bareme, Dropped, Line, UnknownLine, VoeuBareme

ECHELON, CHILDREN = Decimal("49"), Decimal("100")


def node(label: str, value: Decimal, *children: Node) -> Node:
    return Node(label, value, "points", "essai", "2026-01-01", children=children, sentence=f"{label}.")


def plain_bareme(request: RequestFacts) -> Bareme:
    """49 points everywhere, 100 for each child on the first vœu; the RC is dropped everywhere, the POP unknown."""
    children = CHILDREN * len(request.situation.children_birthdates)
    voeux = []
    for rank, place in enumerate(request.voeux, start=1):
        lines = [_line("echelon", "Ancienneté de service", ECHELON)]
        if rank == 1 and children:
            lines.append(_line("enfants", "Enfants à charge", children))
        total = sum((line.points for line in lines), Decimal(0))
        voeux.append(VoeuBareme(rank, place, total, tuple(lines), node("Total", total, *(line.node for line in lines))))
    return Bareme(
        tuple(voeux),
        dropped=(Dropped("rc", "Rapprochement de conjoints", "Aucun département de l'académie n'est demandé."),),
        unknown=(UnknownLine("pop", "Postes à profil", "Aucun chiffre n'est publié."),),
        rules_session=2026,
        official=False,
    )


def _line(item: str, label: str, points: Decimal) -> Line:
    return Line(item, label, points, True, (), node(label, points))
