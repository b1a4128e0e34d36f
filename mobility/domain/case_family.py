"""The family of a mobility case: rapprochement de conjoints, autorité parentale conjointe, mutation simultanée."""

from collections.abc import Mapping
from typing import Any

from career.domain.case_values import Reader, choice, day, flag, word
from iprof.kernel.errors import DomainError
from mobility.domain.case_values import KINDS, departement, ended, place, proof, sequence, table
from mobility.domain.facts import Lien, Partner, Place, Rapprochement

PLACE: Mapping[str, Reader] = {
    "academie": place,
    "departement": departement,
    "pays": word,
    "departement_frontalier": departement,
}
CONJOINT: Mapping[str, Reader] = {"chomage": flag, "last_activity_end": day}


def conjoint(value: object, where: str) -> dict[str, Any]:
    return table(value, where, CONJOINT)


RC: Mapping[str, Reader] = {
    **PLACE,
    "lien": choice(lambda: {lien.value: () for lien in Lien}),
    "date": day,
    "imposition_commune": flag,
    "dissolution": ended,
    "conjoint": conjoint,
    "proof": proof,
    "teletravail": flag,
}
kind = choice(lambda: KINDS)
CANDIDATE: Mapping[str, Reader] = {"status": kind, "ex_titulaire": flag, "wishes": sequence(place)}


def place_of(told: Mapping[str, Any]) -> Place:
    return Place(**{key: told[key] for key in PLACE if key in told})


def other_parent(value: object, where: str) -> Place:
    return place_of(table(value, where, PLACE))


def rapprochement(value: object, where: str) -> Rapprochement:
    """A link that is not told is a marriage whose day is not told."""
    told = table(value, where, RC)
    work = told.get("conjoint", {})
    return Rapprochement(
        place=place_of(told),
        lien=Lien(told.get("lien", Lien.MARIAGE)),
        since=told.get("date"),
        imposition_commune=told.get("imposition_commune"),
        dissolution=told.get("dissolution"),
        unemployed=work.get("chomage", False),
        last_activity_end=work.get("last_activity_end"),
        proof="teletravail" if told.get("teletravail") else told.get("proof", ""),
    )


def candidate(value: object, where: str) -> Partner:
    """One of the two of a mutation simultanée: a status in one word, a list of wishes, or a mapping of both."""
    if isinstance(value, list):
        return Partner(voeux=sequence(place)(value, where))
    if not isinstance(value, dict):
        return Partner(kind=kind(value, where))
    told = table(value, where, CANDIDATE)
    status = told.get("status", "")
    if told.get("ex_titulaire") and status == "stagiaire":
        status = "stagiaire_ex_titulaire"
    return Partner(kind=status, voeux=told.get("wishes", ()))


PAIR: Mapping[str, Reader] = {"a": candidate, "b": candidate, "conjoints": flag}


def pair(value: object, where: str) -> dict[str, Any]:
    """`a` is who asks, `b` the other one. Raises DomainError without `b`."""
    told = table(value, where, PAIR)
    if "b" not in told:
        raise DomainError("missing_input", key="pair.b")
    return told
