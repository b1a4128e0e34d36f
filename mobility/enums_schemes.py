"""Codes of the specific schemes and their French wording."""

from django.db import models

from mobility.domain import scheme_states, schemes


class SchemeDate(models.TextChoices):
    """The dates of an opening of a specific scheme."""

    OPENS = "opens_at", "Ouverture des candidatures"
    CLOSES = "closes_at", "Clôture des candidatures"
    OPINIONS = "opinions_until", "Dernier moment pour les avis"
    RESULTS = "results_at", "Résultats"


class SchemeApplicationState(models.TextChoices):
    DRAFT = scheme_states.SchemeState.DRAFT.value, "brouillon"
    SENT = scheme_states.SchemeState.SENT.value, "envoyée"
    ADVISED = scheme_states.SchemeState.ADVISED.value, "avis rendus"
    FORWARDED = scheme_states.SchemeState.FORWARDED.value, "transmise"
    ACCEPTED = scheme_states.SchemeState.ACCEPTED.value, "retenue"
    REFUSED = scheme_states.SchemeState.REFUSED.value, "non retenue"
    WITHDRAWN = scheme_states.SchemeState.WITHDRAWN.value, "retirée"


class AdviserRole(models.TextChoices):
    HEAD = schemes.Adviser.HEAD.value, "chef d'établissement"
    OFFICE = schemes.Adviser.OFFICE.value, "gestionnaire"
