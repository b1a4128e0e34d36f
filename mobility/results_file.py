"""The file of results as the ministry's service sends it (docs/contracts/resultats.md): read whole, each wrong line told."""

import csv
import io
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from uuid import UUID

from mobility.enums import Outcome

COLUMNS = ("demande", "resultat", "rang", "lieu", "points")
MOST_LINES = 100_000
PLACED = frozenset({Outcome.OBTAINED, Outcome.EXTENSION, Outcome.SPECIFIC})


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One request: `rank` for a vœu obtained, `place` for whoever moves, `points` when the file tells them."""

    number: int
    request: UUID
    outcome: Outcome
    rank: int | None
    place: str
    points: Decimal | None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line is refused; line 0: the whole file."""

    number: int
    sentence: str


def read_results(content: bytes) -> tuple[list[ResultLine], list[Problem]]:
    """Lines and problems; a file with one problem is not imported."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return [], [Problem(0, "Le fichier n'est pas du texte en UTF-8 : enregistrez-le de nouveau dans ce format.")]
    reader = csv.DictReader(io.StringIO(text), delimiter=";")
    if tuple(reader.fieldnames or ()) != COLUMNS:
        return [], [Problem(0, f"La première ligne doit être « {';'.join(COLUMNS)} ».")]
    lines: list[ResultLine] = []
    problems: list[Problem] = []
    seen: set[UUID] = set()
    for number, row in enumerate(reader, start=2):
        if number > MOST_LINES:
            return [], [Problem(0, f"Le fichier dépasse {MOST_LINES} lignes : envoyez une campagne à la fois.")]
        found = _line(number, row)
        if isinstance(found, Problem):
            problems.append(found)
        elif found.request in seen:
            problems.append(Problem(number, "Cette demande est déjà dans le fichier : gardez une seule ligne."))
        else:
            seen.add(found.request)
            lines.append(found)
    return lines, problems


def _line(number: int, row: dict[str, str]) -> ResultLine | Problem:
    if None in row or any(row[name] is None for name in COLUMNS):
        return Problem(number, f"{len(COLUMNS)} colonnes sont attendues.")
    told = {name: row[name].strip() for name in COLUMNS}
    try:
        request = UUID(told["demande"])
    except ValueError:
        return Problem(number, "« demande » n'est pas le numéro d'une demande.")
    if told["resultat"] not in Outcome.values:
        return Problem(number, f"« resultat » est l'un de : {', '.join(Outcome.values)}.")
    outcome = Outcome(told["resultat"])
    if (outcome == Outcome.OBTAINED) != (told["rang"].isdecimal() and len(told["rang"]) <= 3 and int(told["rang"]) > 0):
        return Problem(number, "« rang » est celui du vœu obtenu, et vide pour les autres résultats.")
    if (outcome in PLACED) != bool(told["lieu"]) or len(told["lieu"]) > 60:
        return Problem(number, "« lieu » est celui de l'affectation, et vide pour qui ne bouge pas.")
    points = _points(told["points"])
    if points is None and told["points"]:
        return Problem(number, "« points » est un nombre (626.2), ou vide.")
    rank = int(told["rang"]) if outcome == Outcome.OBTAINED else None
    return ResultLine(number, request, outcome, rank, told["lieu"], points)


def _points(text: str) -> Decimal | None:
    try:
        found = Decimal(text.replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found < 100_000 and found == round(found, 2) else None
