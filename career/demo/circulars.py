"""Correspondences of the fictional académie: written, simulated and released by its gestionnaire, as any other."""

import datetime as dt

from django.db import transaction

from career.demo.people import best_staffed_establishment
from iprof.correspondence.audience import Audience
from iprof.correspondence.models import Circular
from iprof.correspondence.services.circular_drafts import save_circular
from iprof.correspondence.services.circulars import release_circular, simulate_circular
from security.models import User

DUE_IN = dt.timedelta(days=21)
TITLE = "Exemple : vérifier ses coordonnées et ses diplômes"
BODY = (
    "<p>Cette circulaire fait partie de l'académie fictive : elle montre à quoi ressemble une correspondance.</p>"
    "<p>Avant la campagne, merci de relire dans « Ma carrière » :</p>"
    "<ul><li>votre adresse et votre situation ;</li><li>vos diplômes et certifications ;</li>"
    "<li>vos services antérieurs.</li></ul>"
    "<p>Un élément manque ou se trompe ? « Signaler une erreur », à côté de lui, prévient votre gestionnaire.</p>"
)
WORDS = "Exemple : permanence d'accueil des personnels"
WORDS_BODY = (
    "Cette circulaire fait partie de l'académie fictive.\n\n"
    "Les personnels sont reçus sur rendez-vous. Aucune démarche n'est attendue de vous."
)


@transaction.atomic
def release_demo_circulars(*, by: User, on: dt.date) -> list[Circular]:
    """To the school of the demo accounts, once; nothing when a correspondence exists already."""
    school = best_staffed_establishment(on=on)
    if school is None or Circular.objects.exists():
        return []
    audience = Audience(uais=(school.uai,)).as_json()
    drafts = (
        Circular(title=WORDS, body=WORDS_BODY, audience=audience),
        Circular(title=TITLE, body=BODY, audience=audience, reference="EX-01", deadline=on + DUE_IN, expects_act=True),
    )
    return [_released(draft, by) for draft in drafts]


def _released(draft: Circular, by: User) -> Circular:
    simulated = simulate_circular(circular=save_circular(circular=draft, by=by), by=by)
    return release_circular(circular=simulated, by=by, seen=simulated.simulation)
