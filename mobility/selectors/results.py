"""The result of a request, once it is published; what a batch holds, for those who release it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count

from mobility.enums import BatchState, Outcome
from mobility.models import MobilityRequest, Result, ResultBatch

WORDS = {
    Outcome.OBTAINED: "Vous obtenez votre vœu {rank} : {place}.",
    Outcome.EXTENSION: "Aucun de vos vœux n'est satisfait : vous êtes affecté en extension à {place}.",
    Outcome.SPECIFIC: "Vous êtes affecté sur un poste spécifique ou à profil : {place}. Vos vœux ne sont plus examinés.",
    Outcome.KEPT: "Aucun de vos vœux n'est satisfait : vous gardez votre affectation.",
    Outcome.REFUSED: "Votre demande n'est pas satisfaite.",
}


@dataclass(frozen=True, slots=True)
class Published:
    """A published result. `points` is the barème of the vœu obtained, as the file of results tells it."""

    outcome: Outcome
    label: str
    sentence: str
    rank: int | None
    place: str
    points: Decimal | None


def result_of(request: MobilityRequest) -> Published | None:
    """None before the release, and after a recall. One query."""
    row = (
        Result.objects.filter(request=request, batch__state=BatchState.RELEASED).order_by("-batch__released_at").first()
    )
    if row is None:
        return None
    outcome = Outcome(row.outcome)
    words = WORDS[outcome].format(rank=row.rank, place=row.place)
    return Published(outcome, str(outcome.label), words, row.rank, row.place, row.points)


def recalled(request: MobilityRequest) -> ResultBatch | None:
    """The last recall of a published result, while no other is published. Two queries."""
    batches = ResultBatch.objects.filter(results__request=request)
    if batches.filter(state=BatchState.RELEASED).exists():
        return None
    return batches.filter(state=BatchState.RECALLED).order_by("-ended_at").first()


def counts_of(batch: ResultBatch) -> tuple[tuple[str, int], ...]:
    """(outcome, how many), in the order of the outcomes."""
    found = dict(batch.results.order_by().values_list("outcome").annotate(Count("pk")))
    return _ordered(found.items())


def _ordered(pairs: Iterable[tuple[str, int]]) -> tuple[tuple[str, int], ...]:
    known = dict(pairs)
    return tuple((str(one.label), known[one.value]) for one in Outcome if one.value in known)
