"""A run told on the command line: the counts, then what was rejected, by code, with an example."""

from collections import Counter
from collections.abc import Iterator, Mapping

from django.db.models import Count

from career.models import FeedRun, QuarantinedMessage


def counts_line(run: FeedRun, seconds: float) -> str:
    return (
        f"{run.lines_read} lignes lues en {seconds:.1f} s ({run.lines_read / max(seconds, 0.001):.0f} lignes/s) : "
        f"{run.applied} appliquées, {run.repeated} déjà reçues, {run.quarantined} rejetées."
    )


def rejected_lines(numbers: Mapping[str, int], examples: Mapping[str, tuple[int, str]]) -> Iterator[str]:
    """One line by code, the most frequent first; `examples` gives (line number, reason) by code."""
    for code, number in Counter(numbers).most_common():
        line, reason = examples[code]
        yield f"  {number:6d}  {code} — ex. ligne {line} : {reason}"


def rejected_by_code(run: FeedRun) -> tuple[dict[str, int], dict[str, tuple[int, str]]]:
    """(number of rejected lines, first example) by code, of the lines this run put in the quarantine."""
    rows = QuarantinedMessage.objects.filter(run=run)
    numbers = dict(rows.order_by("code").values_list("code").annotate(Count("pk")))
    firsts = rows.order_by("code", "line_number").distinct("code").values_list("code", "line_number", "reason")
    return numbers, {code: (line, reason) for code, line, reason in firsts}
