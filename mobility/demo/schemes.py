"""Specific schemes of the fictional académie: some open, and a guide of one DSDEN, made by the services themselves."""

import datetime as dt

from django.utils import timezone

from mobility.domain.schemes import schemes
from mobility.models import SchemeCampaign, SchemeGuide
from mobility.selectors.snapshot import session_of
from mobility.services.scheme_campaigns import open_scheme, write_guide
from security.models import User

SOURCE = "Exemple de l'académie fictive : aucun texte ne fixe ces dates"
OPEN = ("pop", "nouvelle_caledonie", "detachement_etranger", "move4monde", "exeat_ineat")
GUIDE = """Préparez votre candidature dès l'ouverture : la DSDEN de la Marne répond aux questions chaque mercredi.
Prévenez votre chef d'établissement avant d'envoyer : son avis est demandé.
Gardez l'accusé de réception : il prouve le jour de votre envoi."""


def open_demo_schemes(*, by: User, on: dt.date) -> list[SchemeCampaign]:
    """Open since five days; nothing when one exists already."""
    if SchemeCampaign.objects.exists():
        return []
    write_guide(guide=SchemeGuide(scheme="nouvelle_caledonie", departement="51", text=GUIDE), by=by)
    return [open_scheme(campaign=_campaign(code, on), by=by) for code in OPEN if code in schemes()]


def _campaign(code: str, on: dt.date) -> SchemeCampaign:
    return SchemeCampaign(
        scheme=code,
        year=session_of(on),
        source=SOURCE,
        opens_at=_at(on, -5),
        closes_at=_at(on, 20),
        opinions_until=_at(on, 34),
        results_at=_at(on, 110),
    )


def _at(on: dt.date, days: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(on + dt.timedelta(days), dt.time(12)))
