"""The academic CV: its sections, what an entry of each holds, and what is refused. The agent's own work: no text founds it."""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from iprof.kernel.errors import DomainError
from iprof.kernel.periods import months_between

TITLE_MAX, TEXT_MAX, MOST = 200, 2000, 40
REVIEW_MONTHS = 12
LEVELS = {  # Cadre européen commun de référence pour les langues (Conseil de l'Europe)
    "A1": "A1, découverte",
    "A2": "A2, intermédiaire",
    "B1": "B1, seuil",
    "B2": "B2, indépendant",
    "C1": "C1, autonome",
    "C2": "C2, maîtrise",
    "maternelle": "Langue maternelle",
}
MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split()
_MOMENTS = (
    re.compile(r"(?P<month>0?[1-9]|1[0-2]) ?/ ?(?P<year>(?:19|20)[0-9]{2})", re.ASCII),
    re.compile(r"(?P<year>(?:19|20)[0-9]{2})(?:-(?P<month>0[1-9]|1[0-2]))?", re.ASCII),
)


@dataclass(frozen=True, slots=True)
class Section:
    """A section of the CV. `facts` names the kind of facts of the file it shows; empty: entries of the agent's own.

    `dates` says what an entry asks: a period, one moment, or nothing. `most`: how many entries it may hold.
    """

    code: str
    title: str
    facts: str = ""
    name: str = "Intitulé"
    dates: Literal["", "period", "moment"] = ""
    dated: bool = False
    levelled: bool = False
    text_only: bool = False
    most: int = MOST

    @property
    def own(self) -> bool:
        return not self.facts


SECTIONS = (
    Section("presentation", "Présentation", text_only=True, most=1),
    Section("parcours", "Parcours statutaire", facts="echelon"),
    Section("postes", "Postes occupés", facts="affectation"),
    Section("diplomes", "Diplômes", facts="diplome"),
    Section("formations", "Formations suivies", facts="formation"),
    Section("competences", "Compétences", name="Compétence"),
    Section("langues", "Langues", name="Langue", levelled=True),
    Section("experiences", "Expériences hors Éducation nationale", name="Fonction", dates="period", dated=True),
    Section("publications", "Publications et travaux", name="Titre", dates="moment"),
    Section("engagements", "Engagements", name="Engagement", dates="period"),
)
BY_CODE = {section.code: section for section in SECTIONS}
FACT_KINDS = frozenset(section.facts for section in SECTIONS if section.facts)


@dataclass(frozen=True, slots=True)
class Content:
    """What an entry says. `starts` and `ends` are moments: « 2012 » or « 2012-09 », empty when not said."""

    title: str = ""
    text: str = ""
    level: str = ""
    starts: str = ""
    ends: str = ""


def read_moment(text: str) -> str:
    """A month or a year as typed. Raises DomainError("cv_moment_unreadable").

    >>> read_moment("9/2012"), read_moment("2012"), read_moment(" 2012-09 "), read_moment("")
    ('2012-09', '2012', '2012-09', '')
    """
    text = text.strip()
    if not text:
        return ""
    for shape in _MOMENTS:
        if found := shape.fullmatch(text):
            month = found["month"]
            return f"{found['year']}-{month:0>2}" if month else found["year"]
    raise DomainError("cv_moment_unreadable", text=text)


def typed_moment(moment: str) -> str:
    """As the form shows it again.

    >>> typed_moment("2012-09"), typed_moment("2012")
    ('09/2012', '2012')
    """
    year, _, month = moment.partition("-")
    return f"{month}/{year}" if month else year


def french_moment(moment: str) -> str:
    """In words.

    >>> french_moment("2012-09"), french_moment("2012")
    ('septembre 2012', '2012')
    """
    year, _, month = moment.partition("-")
    return f"{MONTHS[int(month) - 1]} {year}" if month else year


def french_period(section: Section, content: Content) -> str:
    """« de septembre 2012 à juin 2015 », « depuis 2019 », « juin 2019 »; empty without date.

    >>> french_period(BY_CODE["experiences"], Content("Libraire", starts="2008-08", ends="2012"))
    "d'août 2008 à 2012"
    """
    starts, ends = french_moment(content.starts), french_moment(content.ends)
    if not starts or section.dates == "moment" or starts == ends:
        return starts
    if not ends:
        return f"depuis {starts}"
    of = "d'" if starts.startswith(("a", "o")) else "de "
    return f"{of}{starts} à {ends}"


def is_before(first: str, second: str) -> bool:
    """Whether one moment surely comes before another, a year alone being any of its months.

    >>> is_before("2012-08", "2012-09"), is_before("2012", "2012-09")
    (True, False)
    """
    shared = min(len(first), len(second))
    return first[:shared] < second[:shared]


def problems(section: Section, content: Content, *, on: dt.date) -> Iterator[tuple[str, str]]:
    """(field, code of the refusal) of what an entry cannot say on the day `on`."""
    if section.text_only and not content.text:
        yield "text", "cv_text_missing"
    if not section.text_only and not content.title:
        yield "title", "cv_title_missing"
    if section.levelled and content.level not in LEVELS:
        yield "level", "cv_level_missing"
    if section.dated and not content.starts:
        yield "starts", "cv_start_missing"
    yield from _wrong_dates(content, f"{on:%Y-%m}")


def _wrong_dates(content: Content, now: str) -> Iterator[tuple[str, str]]:
    if content.starts and is_before(now, content.starts):
        yield "starts", "cv_start_in_the_future"
    if not content.ends:
        return
    if not content.starts:
        yield "starts", "cv_end_without_start"
    elif is_before(content.ends, content.starts):
        yield "ends", "cv_end_before_start"
    if is_before(now, content.ends):
        yield "ends", "cv_end_in_the_future"


def needs_review(updated_on: dt.date, on: dt.date) -> bool:
    """Whether a whole year passed since the CV was last kept up to date.

    >>> needs_review(dt.date(2025, 11, 24), dt.date(2026, 11, 23)), needs_review(dt.date(2025, 11, 24), dt.date(2026, 11, 24))
    (False, True)
    """
    return months_between(updated_on, on) >= REVIEW_MONTHS
