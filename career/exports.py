"""The history as a table for spreadsheets."""

import csv
import io

from career.selectors.history import History
from iprof.web.formats import french_date

HEADER = ("Nature", "Date", "Fin", "Intitulé", "Détails", "Source", "Transmis le", "Référence", "État")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(text: str) -> str:
    """A cell no spreadsheet takes for a formula (OWASP, CSV injection).

    >>> safe_cell("=1+1"), safe_cell("Reims")
    ("'=1+1", 'Reims')
    """
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def history_csv(history: History) -> bytes:
    """UTF-8 with BOM and semicolons, which the office suites used in schools open right."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(HEADER)
    for entry in (*history.entries, *history.cancelled):
        cells = (
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
        writer.writerow([safe_cell(cell) for cell in cells])
    return out.getvalue().encode("utf-8-sig")
