"""The barème of a request: the one entry of the rules, for screens, cases and bulk alike."""

from mobility.domain.facts import Degree, RequestFacts
from mobility.domain.first_degree import first_degree
from mobility.domain.inter import inter_bareme
from mobility.domain.results import Bareme


def bareme(request: RequestFacts, *, traced: bool = True) -> Bareme:
    """Lines, totals, refusals and the extension of a request; without `traced`, no explanation tree (bulk).

    Raises DomainError("session_unknown") for a session without rules.
    """
    if request.degree is Degree.FIRST:
        return first_degree(request, traced=traced)
    return inter_bareme(request, traced=traced)
