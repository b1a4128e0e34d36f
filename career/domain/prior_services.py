"""Services done before entering a corps (décret n° 51-1423, as amended by décret n° 2023-729): what is taken up."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from career.domain.change_of_corps import Placement, duration_text, place_by_seniority, placement_node
from career.domain.change_of_corps_law import FormerStatus, Share, load_change_law
from career.domain.grids import load_grids
from career.domain.pay import french_date, place
from career.domain.snapshot import CareerStepFact
from iprof.kernel.errors import DomainError, UnknownFigure
from iprof.kernel.explain import Input, Node
from iprof.kernel.money import fewest_digits, format_number
from iprof.kernel.periods import Duration360
from iprof.kernel.text import folded

PERCENT = 100
DECIMALS = 20  # of a quotité: more would be a number that no contract writes


@dataclass(frozen=True, slots=True)
class Service:
    """A length of service; `first` and `last` (included) when it is a period. `quotite` None: the one of the whole.

    A quotité is a share of full time up to 1, or percents above.
    """

    length: Duration360
    first: dt.date | None = None
    last: dt.date | None = None
    quotite: Decimal | None = None

    @classmethod
    def period(cls, first: dt.date, last: dt.date, quotite: Decimal | None = None) -> "Service":
        return cls(Duration360.of_period(first, last), first, last, quotite)


@dataclass(frozen=True, slots=True)
class PriorServices:
    """`total`: the services as they are; `counted`: exact days once quotités are applied; `retained`: days taken up."""

    status: FormerStatus
    corps: str
    on: dt.date
    total: Duration360
    counted: Fraction
    share: Share
    retained: Duration360
    placement: Placement

    @property
    def step(self) -> CareerStepFact:
        return CareerStepFact(
            self.corps,
            load_change_law().entry_grade,
            self.placement.echelon,
            self.on,
            kept_days=self.placement.left.days,
        )


def find_status(name: str, category: str | None = None) -> FormerStatus:
    """By its code or label, or by its family and category (« fonctionnaire », « B »), however spelled. Raises DomainError."""
    statuses = load_change_law().statuses.values()
    for wanted in (name, f"{name}_{category}" if category else name):
        for status in statuses:
            if folded(wanted) in {folded(known) for known in (*status.names, status.label)}:
                return status
    names = (folded(known) for status in statuses for known in status.names)
    if category is None and any(known.startswith(folded(name)) for known in names):
        raise DomainError("missing_input", key="categorie")
    told = f"{name}, {category}" if category else name
    raise DomainError("status_unknown", status=told, known=" ; ".join(status.label for status in statuses))


def quotite_share(quotite: Decimal) -> Fraction:
    """0.8 and 80 are both four fifths. Raises DomainError("quotite_impossible")."""
    exponent = quotite.as_tuple().exponent
    if not isinstance(exponent, int) or exponent < -DECIMALS or not 0 < quotite <= PERCENT:
        raise DomainError("quotite_impossible", quotite=quotite)
    return Fraction(quotite) if quotite <= 1 else Fraction(quotite) / PERCENT


def prior_services(
    status: FormerStatus, services: Sequence[Service], corps: str, on: dt.date, *, quotite: Decimal = Decimal(1)
) -> PriorServices:
    """What an appointment to `corps` on the day `on` takes up; the fraction is applied to the sum, then rounded once.

    Raises NotInForce, UnknownFigure ("services_by_index", "services_unpublished", "corps_without_grid"), DomainError
    ("services_overlap", "service_after_appointment", "quotite_impossible", "corps_unknown").
    """
    text, grids = load_change_law(), load_grids()
    rule = status.rules.at(on).value
    if rule.fractions is None:
        raise UnknownFigure("services_by_index")
    target = grids.find_corps(corps)
    if not target.has_grid:
        raise UnknownFigure("corps_without_grid", corps=corps)
    if target.grid not in rule.fractions:
        raise UnknownFigure("services_unpublished", corps=target.label)
    _check_days(services, on)
    full_from = Fraction(text.full_time_from.at(on).value)
    counted = Fraction(0)
    for service in services:
        worked = quotite_share(quotite if service.quotite is None else service.quotite)
        counted += service.length.days * (1 if worked >= full_from else worked)
    share = rule.fractions[target.grid]
    retained = Duration360(text.nearest(counted * share.value))
    total = Duration360(sum(service.length.days for service in services))
    return PriorServices(status, corps, on, total, counted, share, retained, place_by_seniority(retained, corps, on))


def _check_days(services: Sequence[Service], on: dt.date) -> None:
    """A day counts once, and only before the appointment."""
    previous: dt.date | None = None
    dated = [(service.first, service.last) for service in services if service.first and service.last]
    for first, last in sorted(dated):
        if previous and first <= previous:
            raise DomainError("services_overlap", first=first)
        if last >= on:
            raise DomainError("service_after_appointment", last=last, on=on)
        previous = last


def prior_services_node(found: PriorServices, *, origin: str = "Situation saisie") -> Node:
    """The place given by the services, explained."""
    text = load_change_law()
    rule, half = found.status.rules.at(found.on), text.full_time_from.at(found.on)
    version = rule.since.isoformat()
    exact = fewest_digits(Decimal(found.counted.numerator) / Decimal(found.counted.denominator))
    return Node(
        "Reprise des services antérieurs",
        place(found.step),
        "",
        "career.prior_services",
        version,
        (rule.source,),
        (
            Input("Statut antérieur", found.status.label, origin),
            Input("Durée des services", duration_text(found.total), origin),
            Input("Date de nomination", found.on, origin),
        ),
        (
            Node(
                "Services comptés",
                Decimal(exact),
                "jours",
                "career.prior_services.counted",
                half.since.isoformat(),
                (half.source, text.clock_source),
                sentence=(
                    f"{found.total.days} jours de services ; comptés après quotité : {format_number(Decimal(exact))} jours "
                    f"(temps plein à partir du mi-temps, au prorata en dessous)."
                ),
            ),
            Node(
                "Services retenus",
                found.retained.days,
                "jours",
                "career.prior_services.retained",
                version,
                (rule.source, text.rounding_source),
                sentence=(
                    f"Fraction reprise : {found.share}. Au jour le plus proche : {found.retained.days} jours, "
                    f"soit {duration_text(found.retained)}."
                ),
            ),
            placement_node(found.placement, found.retained, found.corps),
        ),
        sentence=f"Au {french_date(found.on)} : {place(found.step)}, reliquat : {duration_text(found.placement.left)}.",
    )
