"""The delays that follow a rendez-vous de carrière: observations, revision, answer, commission; each a last day.

Source: décret n° 72-581 du 4 juillet 1972, article 30-7 (and the same provisions of the other corps); arrêté du 5 mai
2017, article 5.
"""

import datetime as dt

from career.domain.pay import french_date
from career.domain.rendez_vous import load_rendez_vous_law
from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource
from iprof.kernel.working_days import last_clear_day

OBSERVATIONS, REVISION, ANSWER, COMMISSION = "observations", "revision", "answer", "commission"
LABELS = {
    REVISION: "Demande de révision de l'appréciation finale",
    ANSWER: "Réponse à la demande de révision",
    COMMISSION: "Saisine de la commission administrative paritaire",
}


def observations_node(notified_on: dt.date, *, origin: str = "Situation saisie") -> Node:
    """The last day to write observations on the report notified on `notified_on`. Raises NotInForce."""
    days = load_rendez_vous_law().observation_days.at(notified_on)
    last = notified_on + dt.timedelta(days.value)
    return Node(
        "Observations sur le compte rendu",
        last,
        "date",
        "career.rendez_vous.observations",
        days.since.isoformat(),
        (days.source,),
        (Input("Compte rendu notifié le", notified_on, origin),),
        sentence=(
            f"Notifié le {french_date(notified_on)}, plus {days.value} jours calendaires : "
            f"jusqu'au {french_date(last)} inclus."
        ),
    )


def revision_node(notified_on: dt.date, *, origin: str = "Situation saisie") -> Node:
    """The last day to contest the final appreciation notified on `notified_on`. Raises NotInForce."""
    rule = load_rendez_vous_law().revision.at(notified_on)
    start = Input("Appréciation notifiée le", notified_on, origin)
    return _clear_node(REVISION, notified_on, rule.value.ask_days, start)


def last_answer_day(asked_on: dt.date) -> dt.date:
    """The day `answer_node` explains. Raises NotInForce."""
    return last_clear_day(asked_on, load_rendez_vous_law().revision.at(asked_on).value.answer_days)


def answer_node(asked_on: dt.date, *, origin: str) -> Node:
    """The last day of the authority to answer a revision asked on `asked_on`; without answer it is refused."""
    rule = load_rendez_vous_law().revision.at(asked_on)
    start = Input("Révision demandée le", asked_on, origin)
    return _clear_node(ANSWER, asked_on, rule.value.answer_days, start)


def commission_node(answered_on: dt.date, *, origin: str) -> Node:
    """The last day to go before the commission administrative paritaire after an answer received on `answered_on`."""
    rule = load_rendez_vous_law().revision.at(answered_on)
    start = Input("Réponse reçue le", answered_on, origin)
    return _clear_node(COMMISSION, answered_on, rule.value.commission_days, start)


def clock_node(kind: str, notified_on: dt.date, *, origin: str) -> Node:
    """The clock of observations or of a revision. Raises NotInForce."""
    found = observations_node if kind == OBSERVATIONS else revision_node
    return found(notified_on, origin=origin)


def _clear_node(name: str, day: dt.date, days: int, start: Input) -> Node:
    last = last_clear_day(day, days)
    return Node(
        LABELS[name],
        last,
        "date",
        f"career.rendez_vous.{name}",
        load_rendez_vous_law().revision.at(day).since.isoformat(),
        _sources(day),
        (start,),
        sentence=(
            f"{start.label} {french_date(day)}, plus {days} jours francs : jusqu'au {french_date(last)} inclus. "
            f"{load_rendez_vous_law().clear_days.at(day).value}"
        ),
    )


def _sources(on: dt.date) -> tuple[LegalSource, ...]:
    rules = load_rendez_vous_law()
    return rules.revision.at(on).source, rules.clear_days.at(on).source
