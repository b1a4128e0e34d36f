"""The family priorities: one strategy, checked against the law, with its zone, children and years of separation (L. 512-19)."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from iprof.kernel.periods import add_months
from mobility.domain.facts import Lien, Place, Rapprochement, RequestFacts, Situation
from mobility.domain.geography import Geography
from mobility.domain.refusals import refusal
from mobility.domain.results import Refusal
from mobility.domain.rules import Rules

HALF, MOST = Decimal("0.5"), 4
MINOR_YEARS = 18
SIX_MONTHS = 6
PACS_EXTRACTS = frozenset(
    {"pacs", "pacs_extrait", "extrait_naissance_pacs", "extrait_acte_naissance", "extrait_naissance", "acte_naissance"}
)


@dataclass(frozen=True, slots=True)
class Family:
    """The strategy kept: `item` rc, apc or mutation_simultanee, empty for none. `zone` are the vœux it bears on.

    `years` is the E of the table of separation; `place` where the conjoint or the other parent works.
    """

    item: str = ""
    place: Place = Place()
    zone: frozenset[str] = frozenset()
    children: tuple[dt.date, ...] = ()
    years: Decimal = Decimal(0)
    refusals: tuple[Refusal, ...] = ()
    claimed: bool = False


def family_of(request: RequestFacts, rules: Rules, geo: Geography) -> Family:
    """The family strategy of a request of the second degré, or the refusals that leave it without any."""
    told = request.situation
    asked = [
        name for name, value in (("rc", told.rc), ("apc", told.apc), ("mutation_simultanee", told.simultanee)) if value
    ]
    claimed = bool({"rc", "apc"} & set(asked))
    if len(asked) > 1:
        return Family(refusals=(refusal("strategies_familiales_multiples"),), claimed=claimed)
    if not asked:
        return Family()
    children, late = children_of(told, rules)
    if asked[0] == "mutation_simultanee":
        return Family(asked[0], zone=zone_of(request.voeux[0], geo))
    place = settled(told.rc.place if told.rc else told.apc or Place(), geo)
    wrong = [
        *(_link(told.rc, told, rules) if told.rc else _shared(children, rules)),
        *_place(place, request, told, rules, geo),
    ]
    if wrong:
        return Family(refusals=(*wrong, *late), claimed=claimed)
    years = separation_years(told, place, rules, geo)
    return Family(asked[0], place, zone_of(request.voeux[0], geo), children, years, tuple(late), claimed)


def settled(place: Place, geo: Geography) -> Place:
    """The place with its académie and département, that of the border for a conjoint abroad."""
    departement = geo.departement(place.departement_frontalier if place.pays else place.departement)
    academie = geo.academie(place.academie) or geo.academie_of.get(departement, "")
    return Place(academie, departement, place.pays, place.departement_frontalier)


def zone_of(first: str, geo: Geography) -> frozenset[str]:
    """Vœu 1 and the académies that touch it."""
    return frozenset({first}) | geo.near_academies.get(first, frozenset())


def children_of(told: Situation, rules: Rules) -> tuple[tuple[dt.date, ...], list[Refusal]]:
    """The children who count, and the refusals of those whose recognition comes too late."""
    session = rules.session
    counted, late = [], []
    for born in told.children_birthdates:
        if not under_age(born, session.seniority_day):
            continue
        said = told.reconnaissance_anticipee.get(born)
        married = told.rc is not None and told.rc.lien is Lien.MARIAGE
        expected = born > session.birth_limit
        if (said is not None and said > session.birth_limit) or (expected and said is None and not married):
            late.append(
                refusal(
                    "reconnaissance_hors_delai",
                    "enfants",
                    day=f"{born:%d/%m/%Y}",
                    limit=f"{session.birth_limit:%d/%m/%Y}",
                )
            )
        else:
            counted.append(born)
    return tuple(sorted(counted)), late


def under_age(born: dt.date, on: dt.date, years: int = MINOR_YEARS) -> bool:
    """Whether a child has not reached that age on a day.

    >>> under_age(dt.date(2008, 8, 31), dt.date(2026, 8, 31)), under_age(dt.date(2008, 9, 1), dt.date(2026, 8, 31))
    (False, True)
    """
    return add_months(born, 12 * years) > on


def _link(rc: Rapprochement, told: Situation, rules: Rules) -> Iterator[Refusal]:
    session = rules.session
    if rc.dissolution is not None:
        yield refusal("mariage_dissous" if rc.lien is Lien.MARIAGE else "pacs_dissous")
    if rc.lien is Lien.ENFANT:
        yield from _by_child(rc, told, rules)
    elif rc.since is not None and rc.since > session.union_limit:
        yield refusal("lien_posterieur_au_31_08", day=f"{rc.since:%d/%m/%Y}", limit=f"{session.union_limit:%d/%m/%Y}")
    if rc.lien is Lien.PACS and rules.imposition_commune and rc.imposition_commune is False:
        yield refusal("pacs_sans_imposition_commune")
    if rc.proof == "teletravail" and rules.telework_refused:
        yield refusal("teletravail_non_retenu")
    ended = rc.last_activity_end
    if rc.unemployed and ended is not None and ended <= session.activity_limit:
        yield refusal("activite_trop_ancienne", day=f"{ended:%d/%m/%Y}", limit=f"{session.activity_limit:%d/%m/%Y}")


def _by_child(rc: Rapprochement, told: Situation, rules: Rules) -> Iterator[Refusal]:
    """A link by a child: one recognised by both by the limit, whatever its day."""
    limit = rules.session.birth_limit
    counted, _ = children_of(told, rules)
    days = [told.reconnaissance_anticipee.get(born, born) for born in counted]
    days += [rc.since] if rc.since and not days else []
    if not any(day <= limit for day in days):
        day = f"{rc.since or limit:%d/%m/%Y}"
        yield refusal("reconnaissance_hors_delai", "family", day=day, limit=f"{limit:%d/%m/%Y}")


def _shared(children: tuple[dt.date, ...], rules: Rules) -> Iterator[Refusal]:
    if not children:
        yield refusal("apc_sans_enfant", limit=f"{rules.session.seniority_day:%d/%m/%Y}")


def _place(place: Place, request: RequestFacts, told: Situation, rules: Rules, geo: Geography) -> Iterator[Refusal]:
    if place.pays and not geo.is_border_country(place.pays):
        yield refusal("pays_sans_frontiere_terrestre", place=place.pays)
    elif not place.academie:
        yield refusal("lieu_conjoint_inconnu")
    elif request.voeux[0] != place.academie:
        yield refusal("rc_voeu1_absent", place=place.academie)


def separation_years(told: Situation, place: Place, rules: Rules, geo: Geography) -> Decimal:
    """E of the table: school years apart in activity, plus half those in congé parental or disponibilité pour suivre le
    conjoint, four of each at most; nothing inside one place. A stagiaire has one year at most."""
    here = geo.departement(told.departement)
    if here and place.departement and geo.same_place(here, place.departement):
        return Decimal(0)
    active = told.separation_active or _counted(told, rules)
    if told.status == "stagiaire":
        active = min(active, 1)
    leave = min(told.separation_leave, MOST)
    return min(Decimal(min(active, MOST)) + HALF * leave, Decimal(MOST))


def _counted(told: Situation, rules: Rules) -> int:
    """School years with six months apart at least, from the later of the day told and the day of the link."""
    if told.apart_since is None:
        return 0
    start = max(told.apart_since, told.rc.since) if told.rc and told.rc.since else told.apart_since
    years = 0
    for year in range(start.year - 1, rules.session.year):
        first, end = dt.date(year, 9, 1), dt.date(year + 1, 9, 1)
        years += add_months(max(first, start), SIX_MONTHS) <= end and max(first, start) < end
    return years
