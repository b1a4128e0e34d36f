"""Benchmarks: one module a subject, each with `run() -> Iterator[Figure]`. `python3 run.py bench [names]`.

A ratio compares two things measured in turn in one run, so that a busy machine slows both.
"""

from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report. `ratio` is against `limit` (told in words); `ok` says whether `goal` is met."""

    name: str
    value: float
    unit: str
    ratio: float | None = None
    limit: str = ""
    goal: str = ""
    ok: bool | None = None
    note: str = ""

    def as_json(self) -> dict[str, object]:
        return {key: value for key, value in asdict(self).items() if value not in (None, "")}
