"""How many sendings were complete at the first attempt (requirement S55), without a figure that would point at somebody
(documents/legal/completeness.yaml)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from pathlib import Path

from documents.domain.types import LEGAL
from iprof.kernel import law
from iprof.kernel.explain import Input, Node
from iprof.kernel.legal import LegalSource

FILE = "completeness.yaml"
RULE = "documents.completude"
TOGETHER = "Regroupés, trop peu de personnes chacun"
FEW = "Trop peu de personnes : un chiffre pourrait en désigner une."
FROM = "envois reçus par le portail"


@dataclass(frozen=True, slots=True)
class CompletenessLaw:
    """`published`: nodes by year. `people`: under it a figure is hidden."""

    published: Mapping[int, Node]
    people: int
    source: LegalSource
    version: str


@dataclass(frozen=True, slots=True)
class Sending:
    """One sending whose first examination is over. `owner` is a key, `group` what it is counted under."""

    owner: int
    group: str
    complete: bool


@dataclass(frozen=True, slots=True)
class Share:
    """Of one group: sendings, complete ones and their percentage to a tenth; None when too few people are behind."""

    label: str
    sent: int | None
    complete: int | None
    node: Node

    @property
    def percent(self) -> Decimal | None:
        value = self.node.value
        return value if isinstance(value, Decimal) else None


def build_completeness_law(folder: Path = LEGAL) -> CompletenessLaw:
    """Raises LawFileError."""
    data = law.read(FILE, required={"checked_on", "published", "hidden"}, folder=folder)
    law.check_keys(data["published"], {"percent", "source"}, frozenset({"confidence"}), f"{FILE}: published")
    law.check_keys(data["hidden"], {"people", "source"}, frozenset(), f"{FILE}: hidden")
    told = law.source_of(data["published"], data["checked_on"], FILE)
    percents = law.mapping(data["published"]["percent"], FILE)
    return CompletenessLaw(
        {law.whole(year, FILE): _published(year, law.whole(percent, FILE), told) for year, percent in percents.items()},
        law.whole(data["hidden"]["people"], FILE),
        law.source_of(data["hidden"], data["checked_on"], FILE),
        data["checked_on"].isoformat(),
    )


def _published(year: int, percent: int, told: LegalSource) -> Node:
    return Node(
        f"Complets au premier envoi, {year}",
        Decimal(percent),
        "%",
        "documents.completude-publiee",
        "",
        (told,),
        sentence="Chiffre publié, d'un autre service et d'une autre méthode : il ne se compare pas tel quel à ceux du portail.",
    )


@cache
def completeness_law() -> CompletenessLaw:
    return build_completeness_law()


def whole_share(sendings: Iterable[Sending], *, label: str) -> Share:
    """Of all of them."""
    return _share(label, list(sendings))


def shares(sendings: Iterable[Sending], *, order: Iterable[str]) -> tuple[Share, ...]:
    """By group, in the order given. Groups with too few people are put together, with one more when they would still be
    too few: none can be found by taking the others from the whole."""
    groups: dict[str, list[Sending]] = defaultdict(list)
    for sending in sendings:
        groups[sending.group].append(sending)
    few = [group for group in groups if _people(groups[group]) < completeness_law().people]
    rest = sorted(groups.keys() - set(few), key=lambda group: (_people(groups[group]), group))
    while few and rest and _people([one for group in few for one in groups[group]]) < completeness_law().people:
        few.append(rest.pop(0))
    shown = [_share(group, groups[group]) for group in order if group in rest]
    together = [one for group in few for one in groups[group]]
    return (*shown, _share(TOGETHER, together)) if together else tuple(shown)


def _people(sendings: Iterable[Sending]) -> int:
    return len({sending.owner for sending in sendings})


def _share(label: str, sendings: list[Sending]) -> Share:
    rules = completeness_law()
    if _people(sendings) < rules.people:
        node = Node(
            f"Complets au premier envoi, {label}", None, "%", RULE, rules.version, (rules.source,), sentence=FEW
        )
        return Share(label, None, None, node)
    sent, complete = len(sendings), sum(sending.complete for sending in sendings)
    percent = (Decimal(100 * complete) / sent).quantize(Decimal("0.1"), ROUND_HALF_UP)
    percent = percent if percent % 1 else percent.to_integral_value()
    inputs = (Input("Envois examinés", sent, FROM), Input("Complets au premier examen", complete, FROM))
    sentence = (
        "Envois complets à leur premier examen, sur cent envois examinés. Un envoi retiré par l'agent n'est pas compté."
    )
    node = Node(
        f"Complets au premier envoi, {label}", percent, "%", RULE, rules.version, inputs=inputs, sentence=sentence
    )
    return Share(label, sent, complete, node)
