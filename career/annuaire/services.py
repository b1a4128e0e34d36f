"""Importing the annuaire: only what changed is written; the same file twice writes nothing."""

import datetime as dt
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, OuterRef, Subquery
from django.utils import timezone

from career.annuaire.rows import LeftAside, OutOfScope, Row, read_row
from career.annuaire.shapes import Annuaire, read_annuaire
from career.models import AnnuaireImport, Assignment, Establishment

BATCH = 1000
PROBLEMS_KEPT = 500  # the count tells the rest


class OlderAnnuaire(Exception):
    """The file is older than the last one imported: it would undo newer data."""

    def __init__(self, file_date: dt.date, known: dt.date) -> None:
        super().__init__(file_date, known)
        self.file_date, self.known = file_date, known


@dataclass(slots=True)
class Result:
    """`counts`: read, created, updated, unchanged, elsewhere (another académie), out_of_scope, repeated, left_aside.

    `written` is None when nothing changed: nothing at all was written then.
    """

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[dict[str, Any]] = field(default_factory=list)
    extracted_on: dt.date | None = None
    written: AnnuaireImport | None = None

    def problem(self, line: int, uai: str, reason: str) -> None:
        self.problems.append({"line": line, "uai": uai[:20], "reason": reason})


@transaction.atomic
def import_annuaire(
    *,
    path: Path,
    everywhere: bool = False,
    accept_older: bool = False,
    on_progress: Callable[[int], None] = lambda rows: None,
) -> Result:
    """Imports the rows of the portal's académie, or all of them with `everywhere`.

    The first row of a repeated UAI is kept. Établissements absent from the file stay: a file may be a part, and posts
    refer to them. Raises UnreadableAnnuaire, OlderAnnuaire, OSError.
    """
    annuaire = read_annuaire(path)
    result = Result()
    rows = _kept_rows(annuaire, result, everywhere, on_progress)
    result.extracted_on = max((row.extracted_on for row in rows.values() if row.extracted_on), default=None)
    known = AnnuaireImport.objects.aggregate(known=Max("extracted_on"))["known"]
    if result.extracted_on and known and result.extracted_on < known and not accept_older:
        raise OlderAnnuaire(result.extracted_on, known)
    _write(rows, result)
    if result.counts["created"] or result.counts["updated"]:
        result.written = AnnuaireImport.objects.create(
            file_name=path.name[:200],
            extracted_on=result.extracted_on,
            counts=dict(result.counts),
            problems=result.problems[:PROBLEMS_KEPT],
        )
    return result


def _kept_rows(
    annuaire: Annuaire, result: Result, everywhere: bool, on_progress: Callable[[int], None]
) -> dict[str, Row]:
    counts = result.counts
    kept: dict[str, Row] = {}
    if annuaire.announced is not None and annuaire.announced > len(annuaire.rows):
        reason = (
            f"Le fichier est une page de {len(annuaire.rows)} lignes sur {annuaire.announced} : prenez l'export entier."
        )
        result.problem(0, "", reason)
    today = timezone.localdate()
    for line, raw in enumerate(annuaire.rows, start=2):
        counts["read"] += 1
        on_progress(1)
        try:
            row = read_row(raw)
        except OutOfScope:
            counts["out_of_scope"] += 1
            continue
        except LeftAside as error:
            counts["left_aside"] += 1
            result.problem(line, raw.get("identifiant_de_l_etablissement", ""), str(error))
            continue
        if not everywhere and row.academie != settings.ACADEMIE_CODE:
            counts["elsewhere"] += 1
            continue
        if row.uai in kept:
            counts["repeated"] += 1
            name = row.fields["name"]
            result.problem(
                line, row.uai, f"Cet UAI a déjà une ligne dans le fichier ; « {name[:80]} » n'est pas reprise."
            )
            continue
        for remark in row.remarks:
            result.problem(line, row.uai, remark)
        if row.extracted_on and row.extracted_on > today:
            result.problem(line, row.uai, f"La date de mise à jour {row.extracted_on} est à venir : elle est ignorée.")
            row = replace(row, extracted_on=None)
        kept[row.uai] = row
    return kept


def _write(rows: dict[str, Row], result: Result) -> None:
    existing = {e.uai: e for e in Establishment.objects.filter(uai__in=rows).select_for_update(no_key=True)}
    created, updated, touched = [], [], {"extracted_on"}
    for code, row in rows.items():
        establishment = existing.get(code)
        if establishment is None:
            created.append(Establishment(uai=code, extracted_on=row.extracted_on, **row.defaults, **row.fields))
            continue
        changes = {name for name, value in row.fields.items() if getattr(establishment, name) != value}
        if not changes:
            result.counts["unchanged"] += 1
            continue
        for name in changes:
            setattr(establishment, name, row.fields[name])
        # The date of the extract is kept with the facts it brought: alone, it would rewrite every row of every export.
        establishment.extracted_on = row.extracted_on or establishment.extracted_on
        touched |= changes
        updated.append(establishment)
    Establishment.objects.bulk_create(created, batch_size=BATCH)
    Establishment.objects.bulk_update(updated, sorted(touched), batch_size=BATCH)
    result.counts["created"], result.counts["updated"] = len(created), len(updated)
    if created:
        _attach_posts([establishment.uai for establishment in created])


def _attach_posts(uais: list[str]) -> None:
    """Posts that came from the feed before their établissement find it now."""
    waiting = Assignment.objects.filter(establishment__isnull=True, uai__in=uais)
    waiting.update(establishment=Subquery(Establishment.objects.filter(uai=OuterRef("uai")).values("pk")))
