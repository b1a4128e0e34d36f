"""The barème of a request: the one entry of the rules, for screens, cases and bulk alike."""

from mobility.domain.facts import Degree, RequestFacts
from mobility.domain.results import Bareme
from mobility.domain.second_degree import second_degree


def bareme(request: RequestFacts, *, traced: bool = True) -> Bareme:
    """Lines, totals, refusals and the extension of a request; without `traced`, no explanation tree (bulk).

    Raises DomainError("session_unknown") for a session without rules.
    """
    if request.degree is Degree.FIRST:
        raise NotImplementedError
    return second_degree(request, traced=traced)
