"""The barème of 30 000 requests of the mouvement interacadémique in one process, with and without explanation trees."""

import datetime as dt
import os
import random
import statistics
import time
from collections.abc import Iterator

from bench import Figure
from mobility.domain.bareme import bareme
from mobility.domain.facts import Degree, Lien, Place, Rapprochement, RequestFacts, Situation
from mobility.domain.geography import geography

REQUESTS = int(os.environ.get("BENCH_REQUESTS", "30000"))
ROUNDS = int(os.environ.get("BENCH_RULES_ROUNDS", "5"))
SESSION, MARRIED = 2026, dt.date(2019, 4, 27)
FEWEST, MOST = 1, 11  # vœux: six on average


def run() -> Iterator[Figure]:
    requests = _requests()
    _compute(requests[:200], traced=True)  # the law is read
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(ROUNDS):
        for traced in sorted(times, reverse=bool(number % 2)):
            times[traced].append(_compute(requests, traced=traced))
    bare, full = statistics.median(times[False]), statistics.median(times[True])
    ratios = [slow / fast for slow, fast in zip(times[True], times[False], strict=True)]
    voeux = statistics.mean(len(request.voeux) for request in requests)
    note = f"{len(requests)} requests, {voeux:.1f} vœux on average, one process; {ROUNDS} alternated rounds"
    yield Figure("mobility_rules.bare.per_second", round(len(requests) / bare), "requests/s", note=note)
    yield Figure(
        "mobility_rules.traced.per_second",
        round(len(requests) / full),
        "requests/s",
        ratio=round(statistics.median(ratios), 2),
        limit="the same without explanation trees",
        note=f"{note}, ratio {min(ratios):.2f} to {max(ratios):.2f}; {full:.1f} s for all",
    )


def _compute(requests: list[RequestFacts], *, traced: bool) -> float:
    """Seconds."""
    started = time.perf_counter()
    for request in requests:
        bareme(request, traced=traced)
    return time.perf_counter() - started


def _requests() -> list[RequestFacts]:
    """Half with a rapprochement de conjoints, a fifth stagiaires; always the same ones."""
    chance, seats = random.Random(2026), sorted(geography().academie_of.items())
    return [_request(chance, seats) for _ in range(REQUESTS)]


def _request(chance: random.Random, seats: list[tuple[str, str]]) -> RequestFacts:
    (home, academie), (there, wished) = chance.choice(seats), chance.choice(seats)
    wanted = chance.sample(sorted(geography().codes), chance.randint(FEWEST, MOST))
    family = chance.random() < 0.5
    voeux = dict.fromkeys([wished, *wanted][: len(wanted)] if family else wanted)
    told = Situation(
        status="stagiaire" if chance.random() < 0.2 else "titulaire",
        academie=academie,
        departement=home,
        corps="certifie",
        echelon=chance.randint(1, 11),
        poste_years=chance.randint(0, 20),
        rc=Rapprochement(Place(wished, there), Lien.MARIAGE, MARRIED) if family else None,
        children_birthdates=tuple(dt.date(chance.randint(2009, 2024), 5, 1) for _ in range(chance.randint(0, 3))),
        separation_active=chance.randint(0, 4),
        boe=chance.random() < 0.05,
        rep_years=chance.choice((0, 0, 0, 6)),
        voeu_preferentiel_requests=chance.choice((0, 0, 3)),
    )
    return RequestFacts(Degree.SECOND, SESSION, told, tuple(voeux))
