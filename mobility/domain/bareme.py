"""The barème of a request: the one entry of the rules, for screens, cases and bulk alike."""

from mobility.domain.facts import RequestFacts
from mobility.domain.results import Bareme


def bareme(request: RequestFacts) -> Bareme:
    """Lines, totals, refusals and the extension of a request. Raises DomainError("session_unknown") for a session
    without rules."""
    raise NotImplementedError
