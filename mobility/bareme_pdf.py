"""A version of a barème as an accessible PDF (PDF/UA-1), from what is archived alone: the same words, the same bytes."""

from django.utils import timezone

from iprof.web.formats import french_moment
from iprof.web.printing import explanations, printed
from mobility.domain.versions import voeux_of
from mobility.models import BaremeVersion


def render(version: BaremeVersion) -> bytes:
    """Each vœu line by line with the points retained, then how each total was computed."""
    voeux = voeux_of(version.result, version.retained)
    request = version.request
    return printed(
        "pdf/mobility_bareme.html",
        {
            "version": version,
            "made": french_moment(timezone.localtime(version.made_at)),
            "campaign": request.campaign,
            "person": request.owner.get_full_name(),
            "login": request.owner.username,
            "voeux": voeux,
            "annex": [(voeu, tuple(explanations(voeu.node))) for voeu in voeux],
        },
    )
