"""The explanation of each line, of each total and of the extension."""

from collections.abc import Iterable
from decimal import Decimal

from iprof.kernel.explain import Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.money import counted, format_number
from mobility.domain.inter_extension import RULE, Extension
from mobility.domain.inter_frame import frame
from mobility.domain.inter_ledger import Case, Earned
from mobility.domain.law import first_day
from mobility.domain.results import Line
from mobility.domain.sessions import Session

UNTRACED = Node("", None, "points", "mobility.inter", "")  # when the explanation is not asked for


def line_of(earned: Earned, *, traced: bool) -> Line:
    item = earned.item
    return Line(
        item.id, item.label, earned.points, item.kept, earned.pieces, _line_node(earned) if traced else UNTRACED
    )


def _line_node(earned: Earned) -> Node:
    item = earned.item
    sentence, inputs = earned.explain()
    return Node(
        item.label,
        earned.points,
        "points",
        f"mobility.inter.{item.id}",
        item.version,
        (item.source,),
        inputs,
        (),
        sentence,
    )


def total_node(case: Case, voeu: str, total: Decimal, lines: Iterable[Line]) -> Node:
    held = tuple(lines)
    added = " + ".join(format_number(line.points) for line in held) or "0"
    return Node(
        f"Barème du vœu {voeu}",
        total,
        "points",
        "mobility.inter.total",
        version_of(case.session),
        session_sources(case.session),
        children=tuple(line.node for line in held),
        sentence=f"{added} = {counted(total, 'points')}. Le barème est indicatif.{unofficial(case.session)}",
    )


def extension_node(case: Case, found: Extension) -> Node:
    lowest = next(voeu for voeu, points in found.kept if points == found.bareme)
    unclear = (
        f" Les textes ne disent pas si ces points sont gardés, ils ne sont pas comptés : {', '.join(found.uncertain)}."
    )
    return Node(
        "Barème d'extension",
        found.bareme,
        "points",
        RULE,
        version_of(case.session),
        (frame().extension,),
        children=tuple(_kept_node(case, voeu, points) for voeu, points in found.kept),
        sentence=(
            f"Le plus faible de vos vœux, sans les points attachés à un vœu : {lowest}, {counted(found.bareme, 'points')}. L'ordre des "
            f"académies d'extension est non publié.{unclear if found.uncertain else ''}{unofficial(case.session)}"
        ),
    )


def _kept_node(case: Case, voeu: str, points: Decimal) -> Node:
    return Node(
        f"Vœu {voeu}, points gardés en extension",
        points,
        "points",
        f"{RULE}.voeu",
        version_of(case.session),
        (frame().extension,),
        sentence=f"Sans les points attachés à ce vœu : {counted(points, 'points')}.",
    )


def version_of(session: Session) -> str:
    return first_day(session.rules).isoformat()


def session_sources(session: Session) -> tuple[LegalSource, ...]:
    source = session.source
    return tuple(LegalSource(text, source.url, source.checked_on, source.confidence) for text in session.texts)


def unofficial(session: Session) -> str:
    if session.official:
        return ""
    return f" Non officiel : règles de la session {session.rules}, faute de texte publié pour {session.year}."
