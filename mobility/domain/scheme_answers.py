"""Answers to the form of a scheme, kept as text: what lacks before sending."""

from collections.abc import Mapping

from mobility.domain.schemes import Scheme


def missing_answers(scheme: Scheme, answers: Mapping[str, str]) -> dict[str, str]:
    """A sentence for each required field left empty, by code."""
    return {
        one.code: f"« {one.label} » est vide : répondez à cette question avant d'envoyer."
        for one in scheme.fields
        if one.required and not answers.get(one.code, "").strip()
    }
