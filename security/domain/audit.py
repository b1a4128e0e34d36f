"""The audit of a password, with the four criteria of « Mon profil » (requirements S33 to S36, decisions T1, T2 and T4).

Judged once, when the password is set: only the verdicts are kept. Renewal is read on the calendar and never locks.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.periods import add_months
from security.domain.passwords import PHRASE_DISTINCT_WORDS, PHRASE_WORDS, composition, context_word

LENGTH_ABOVE = 12  # accepted from 12, green above (decision T1)
ROTATION_MONTHS = 12
RULE, SINCE = "security.password_audit", "2022-07-21"
CNIL = LegalSource(
    "CNIL, délibération n° 2022-100 du 21 juillet 2022 sur les mots de passe",
    "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000046432885",
    confidence="medium",
)
PORTAL = LegalSource(
    "Règle d'audit du portail : changement conseillé tous les 12 mois, jamais imposé (CNIL, délibération n° 2022-100)",
    "https://www.legifrance.gouv.fr/jorf/id/JORFTEXT000046432885",
    confidence="medium",
)
ORIGIN = "Évalué au moment où vous avez choisi ce mot de passe"
DATE = re.compile(r"(?<!\d)(?:19[4-9]\d|20[0-4]\d)(?!\d)|\d{1,2}[-/. ]\d{1,2}[-/. ](?:\d{4}|\d{2})(?!\d)")


class Verdict(StrEnum):
    """What a criterion says. PHRASE: met by the words of a long phrase instead of the classes of characters."""

    MET = "atteint"
    PHRASE = "phrase"
    IMPROVE = "a-ameliorer"
    UNKNOWN = "inconnu"

    @property
    def is_met(self) -> bool:
        return self in {Verdict.MET, Verdict.PHRASE}


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdicts kept for a password; nothing in them says what the password is."""

    length: Verdict = Verdict.UNKNOWN
    diversity: Verdict = Verdict.UNKNOWN
    personal: Verdict = Verdict.UNKNOWN


def judge(password: str, *, words: Iterable[str]) -> Judgement:
    """The first three criteria; `words` are what others know of the person (names, login, commune, dates).

    >>> judge("Mouton-Bleu7", words=[]).length, judge("Mouton-Bleu78", words=[]).length
    (<Verdict.IMPROVE: 'a-ameliorer'>, <Verdict.MET: 'atteint'>)
    >>> judge("Mouton-Bleu-1984", words=[]).personal.value
    'a-ameliorer'
    """
    made = composition(password)
    diversity = Verdict.MET if made.classes == 4 else Verdict.IMPROVE
    if made.classes < 4 and made.words >= PHRASE_WORDS and made.distinct >= PHRASE_DISTINCT_WORDS:
        diversity = Verdict.PHRASE
    is_known = bool(context_word(password, words) or DATE.search(password))
    return Judgement(
        length=Verdict.MET if made.length > LENGTH_ABOVE else Verdict.IMPROVE,
        diversity=diversity,
        personal=Verdict.IMPROVE if is_known else Verdict.MET,
    )


def renewal_day(changed_on: dt.date) -> dt.date:
    """The day from which a change is advised: twelve months date to date."""
    return add_months(changed_on, ROTATION_MONTHS)


def renewal_verdict(changed_on: dt.date | None, *, on: dt.date) -> Verdict:
    """IMPROVE from the anniversary on; UNKNOWN without a date."""
    if changed_on is None:
        return Verdict.UNKNOWN
    return Verdict.MET if on < renewal_day(changed_on) else Verdict.IMPROVE


def renewal_node(changed_on: dt.date | None) -> Node:
    """The day a change is advised, explained; without value when the present password has no date."""
    if changed_on is None:
        return Node(
            "Changement conseillé le", None, "date", RULE, SINCE, (PORTAL,),
            sentence="La date de votre mot de passe n'est pas connue. Changez-le une fois : elle le sera.",
        )  # fmt: skip
    return Node(
        "Changement conseillé le", renewal_day(changed_on), "date", RULE, SINCE, (PORTAL,),
        (Input("Mot de passe choisi le", changed_on, "Votre compte"),),
        sentence=f"Date de choix, plus {ROTATION_MONTHS} mois. Passé ce jour, votre compte reste ouvert : c'est un conseil.",
    )  # fmt: skip


def combined_node(verdicts: dict[str, Verdict]) -> Node:
    """How many criteria are met, from {criterion: verdict}; without value when the password was never judged."""
    inputs = tuple(Input(name, said(verdict), ORIGIN) for name, verdict in verdicts.items())
    if Verdict.UNKNOWN in verdicts.values():
        return Node(
            f"Critères atteints sur {len(verdicts)}", None, "", RULE, SINCE, (CNIL,), inputs,
            sentence="Ce mot de passe a été choisi avant l'audit, qui se fait au moment du choix. Le tableau se remplira au prochain changement.",
        )  # fmt: skip
    met = sum(verdict.is_met for verdict in verdicts.values())
    return Node(
        f"Critères atteints sur {len(verdicts)}", met, "", RULE, SINCE, (CNIL,), inputs,
        sentence="Chaque critère atteint compte pour un. Le mot de passe lui-même n'est conservé nulle part.",
    )  # fmt: skip


def said(verdict: Verdict) -> str:
    """The verdict in words: colour and icon only repeat it."""
    return {
        Verdict.MET: "Atteint",
        Verdict.PHRASE: "Atteint par une phrase longue",
        Verdict.IMPROVE: "À améliorer",
        Verdict.UNKNOWN: "Non évalué",
    }[verdict]
