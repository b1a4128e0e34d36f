"""What the page says of a sign-in that stops, and its status: 403 is for accounts, a bad answer is a bad request."""

from dataclasses import dataclass

from security.domain.sso import Fault, SignOnProblem

ATTRIBUTES = {
    "given_name": "le prénom",
    "usual_name": "le nom d'usage",
    "email": "l'adresse de messagerie",
    "uid": "l'identifiant d'agent",
    "siret": "le SIRET de l'employeur",
}


@dataclass(frozen=True, slots=True)
class Words:
    status: int
    title: str
    sentence: str


_WORDS = {
    Fault.DENIED: Words(
        400, "Connexion abandonnée", "{name} n'a pas confirmé votre connexion : vous l'avez refusée, ou elle n'a pas abouti."
    ),
    Fault.STALE: Words(
        400,
        "Cette connexion ne vaut plus",
        "Elle a été commencée dans un autre navigateur, date de plus de dix minutes ou a déjà servi.",
    ),
    Fault.UNTRUSTED: Words(
        400,
        "Réponse non vérifiée",
        "Le portail n'a pas pu vérifier que cette réponse vient de {name} et vous concerne. Par précaution, rien n'a été ouvert.",
    ),
    Fault.CLOCK: Words(
        502,
        "Réponse mal datée",
        "La réponse de {name} porte une date passée ou à venir : les horloges des deux services ne s'accordent pas.",
    ),
    Fault.INCOMPLETE: Words(400, "Réponse incomplète", "{name} n'a pas transmis {absent} : sans cela, le portail ne vous ouvre pas."),
    Fault.BROKEN: Words(502, "Réponse illisible", "{name} a répondu d'une façon que le portail ne comprend pas."),
    Fault.DOWN: Words(502, "Service injoignable", "{name} ne répond pas pour le moment."),
    Fault.SLOW: Words(504, "Service trop lent", "{name} met trop de temps à répondre."),
    Fault.CLOSED: Words(403, "Compte non ouvert", "Le compte relié à cette identité est fermé, ou sa première connexion n'a pas eu lieu."),
}  # fmt: skip


def told(problem: SignOnProblem, name: str) -> Words:
    words = _WORDS[problem.fault]
    absent = ", ".join(ATTRIBUTES.get(claim, claim) for claim in problem.detail.split())
    return Words(words.status, words.title, words.sentence.format(name=name, absent=absent))
