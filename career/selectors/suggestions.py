"""Suggestions: what the file and the law let one look at, each with its computed reason (S78). Never an advice (S82)."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings

from career.domain.perspectives import Status
from career.domain.retirement import french_age
from career.domain.trainings import TrainingFact
from career.models import Assignment
from career.selectors.perspectives import Way
from iprof.kernel.explain import Input, Node
from iprof.kernel.periods import add_months, months_between
from iprof.kernel.text import sort_key
from iprof.web.formats import french_date

AHEAD_MONTHS = 24
# What the title of a training names when it prepares to a way, folded as `sort_key` does.
WORDS = {
    "direction": ("personnel de direction", "personnels de direction", "chef d etablissement"),
    "ia_ipr": ("inspection", "inspecteur"),
    "ien": ("inspection", "inspecteur"),
    "agregation": ("agregation",),
    "agreges": ("agregation",),
    "capes": ("capes",),
    "caffa": ("caffa", "formateur academique"),
    "cappei": ("cappei",),
}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`reason` is why it is shown; `trainings` are certifying ones of the file whose title names it."""

    title: str
    reason: Node
    trainings: tuple[TrainingFact, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestions:
    """`ways` met or opening within two years; `certifying` the trainings of the file that certify."""

    ways: tuple[Suggestion, ...]
    certifying: tuple[TrainingFact, ...]
    posts: tuple[Suggestion, ...]

    @property
    def prepared(self) -> bool:
        """Whether a training names one of the ways."""
        return any(way.trainings for way in self.ways)


def suggestions_of(
    ways: Iterable[Way], trainings: Sequence[TrainingFact], posts: Iterable[Assignment], on: dt.date
) -> Suggestions:
    """No query: everything is already read."""
    certifying = tuple(fact for fact in trainings if fact.certifying and fact.ends_on <= on)
    horizon = add_months(on, AHEAD_MONTHS)
    return Suggestions(
        tuple(
            Suggestion(way.label, way.met, tuple(fact for fact in certifying if _names(fact, way.code)))
            for way in ways
            if way.status in {Status.MET, Status.COMING} and way.on and way.on <= horizon
        ),
        certifying,
        tuple(_post(row, on) for row in posts if row.starts_on <= on and (row.ends_on is None or row.ends_on >= on)),
    )


def _names(fact: TrainingFact, code: str) -> bool:
    title = f" {sort_key(fact.label)} "
    return any(f" {word} " in title for start, words in WORDS.items() if code.startswith(start) for word in words)


def _post(row: Assignment, on: dt.date) -> Suggestion:
    """How long a present post has been held, date to date: what a request of mutation looks at first."""
    where = row.establishment.name if row.establishment else f"Établissement {row.uai}"
    months = months_between(row.starts_on, on)
    held = french_age(months) if months >= 12 else f"{months} mois" if months else "moins d'un mois"
    return Suggestion(
        where,
        Node(
            "Temps passé dans ce poste",
            held,
            "",
            "career.suggestions.post",
            "",
            inputs=(Input("Début de l'affectation", row.starts_on, settings.SIAE_LABEL),),
            sentence=f"Du {french_date(row.starts_on)} au {french_date(on)}, de date à date.",
        ),
    )
