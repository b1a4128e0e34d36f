"""Rule cases of mobility: a case in, the request it says; the barème out, in what JSON can carry.

The reader of files and the cases of careers are those of `career.domain.case_files`: both kinds are computed here.
"""

from collections.abc import Mapping
from typing import Any

from career.domain import case_files
from career.domain.case_files import Case
from career.domain.case_values import CaseFormatError, Reader, choice, whole
from career.domain.refusals import refusal_of
from iprof.kernel.errors import DomainError
from mobility.domain.bareme import bareme
from mobility.domain.case_results import result_of
from mobility.domain.case_situation import situation_of
from mobility.domain.case_values import departement, place, sequence
from mobility.domain.facts import Degree, RequestFacts

KEYS = frozenset({"id", "degree", "session", "situation", "wishes", "expected", "source", "note"})
REQUIRED = ("degree", "session", "situation", "wishes")
WISHES: Mapping[Degree, Reader] = {Degree.SECOND: sequence(place), Degree.FIRST: sequence(departement)}
WORDING: Mapping[str, tuple[str, str]] = {
    "session_unknown": (
        "session_sans_regles",
        "Aucune règle de mobilité n'est connue pour cette session. Choisissez une session dont les règles sont publiées.",
    ),
}
_degree = choice(lambda: {degree.value: () for degree in Degree})
_session = whole(1990, 2200)


def compute_case(case: Case) -> dict[str, Any]:
    """The JSON-ready result of a case of either kind. Raises CaseFormatError naming the case and the key."""
    if case.rules != "mobility":
        return case_files.compute_case(case)
    try:
        request = request_of(case.inputs)
        result = result_of(request, bareme(request))
    except CaseFormatError as error:
        raise CaseFormatError(f"{case.id}: {error}") from error
    except DomainError as error:
        return {"refusal": _refusal(error)}
    return {key: case_files.plain(value) for key, value in result.items()}


def _refusal(error: DomainError) -> dict[str, str]:
    if error.code in WORDING:
        code, message = WORDING[error.code]
        return {"code": code, "message": message}
    refusal = refusal_of(error)
    return {"code": refusal.code, "message": refusal.message}


def request_of(raw: Mapping[str, Any]) -> RequestFacts:
    """The request a case says. Raises CaseFormatError naming the key, DomainError for a value that cannot be."""
    for key in raw:
        if key not in KEYS:
            raise CaseFormatError(f"clé inconnue {key!r}")
    for key in REQUIRED:
        if raw.get(key) is None:
            raise CaseFormatError(f"la clé {key!r} manque")
    degree = Degree(_degree(raw["degree"], "degree"))
    voeux = WISHES[degree](raw["wishes"], "wishes")
    return RequestFacts(
        degree=degree,
        session=_session(raw["session"], "session"),
        situation=situation_of(raw["situation"], "situation", voeux),
        voeux=voeux,
    )
