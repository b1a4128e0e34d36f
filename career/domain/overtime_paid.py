"""What overtime validated for a school year is paid: HSA at their yearly rate, HSE by the hour."""

import datetime as dt
from decimal import Decimal

from career.domain.overtime import overtime_node
from iprof.kernel.errors import UnknownFigure
from iprof.kernel.explain import Input, Node
from iprof.kernel.money import fewest_digits, format_euros, to_cents

ONE = Decimal(1)


def overtime_paid_node(
    corps: str,
    grade: str,
    on: dt.date,
    *,
    hsa: Decimal,
    hse: Decimal,
    weekly_hours: int | None = None,
    origin: str = "Situation saisie",
) -> Node:
    """The gross yearly amount of these hours at the rates of a day, in EUR; the first HSA is increased.

    Raises as `overtime_node`, UnknownFigure("first_hour_partial") for less than one HSA: the texts at hand do not say how
    its increase is shared. Source: décret n° 50-1253 du 6 octobre 1950.
    """
    rate = overtime_node(corps, grade, on, weekly_hours=weekly_hours)
    first = overtime_node(corps, grade, on, first=True, weekly_hours=weekly_hours)
    if 0 < hsa < ONE:
        raise UnknownFigure("first_hour_partial", hours=f"{_hours(hsa)} HSA")
    plain, increased, by_hour = (_amount(node) for node in (rate, first, rate.children[0]))
    amount = (increased + (hsa - ONE) * plain if hsa else Decimal(0)) + hse * by_hour
    parts = [f"première HSA {format_euros(increased)}"] if hsa else []
    if hsa > ONE:
        parts.append(f"{_hours(hsa - ONE)} HSA × {format_euros(plain)}")
    if hse:
        parts.append(f"{_hours(hse)} HSE × {format_euros(by_hour)}")
    told = f"{' + '.join(parts)} = {format_euros(amount)}." if parts else "Aucune heure supplémentaire n'a été validée."
    return Node(
        label="Heures supplémentaires validées",
        value=to_cents(amount),
        unit="€/an",
        rule="career.pay.overtime.paid",
        version=rate.version,
        sources=rate.sources,
        inputs=(Input("HSA validées", hsa, origin), Input("HSE validées", hse, origin)),
        children=((first,) if hsa else ()) + ((rate,) if hsa > ONE or hse else ()),
        sentence=f"{told[0].upper()}{told[1:]}",
    )


def _amount(node: Node) -> Decimal:
    assert isinstance(node.value, Decimal)  # noqa: S101  (overtime_node always gives one)
    return node.value


def _hours(value: Decimal) -> str:
    return fewest_digits(value).replace(".", ",")
