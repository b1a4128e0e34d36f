"""What the rules of mobility see of a request: frozen plain values, never the ORM. None or empty: not told."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Degree(StrEnum):
    SECOND = "2D"  # mouvement interacadémique: wishes are académies
    FIRST = "1D"  # mouvement interdépartemental: wishes are départements


class Lien(StrEnum):
    MARIAGE = "mariage"
    PACS = "pacs"
    ENFANT = "enfant"  # unmarried, a child recognised by both


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works or lives. `academie` is a name of the geography (« Reims »), `departement` a code (« 51 »).

    Abroad: `pays`, and `departement_frontalier` the French département nearest to it.
    """

    academie: str = ""
    departement: str = ""
    pays: str = ""
    departement_frontalier: str = ""


@dataclass(frozen=True, slots=True)
class Rapprochement:
    """A rapprochement de conjoints: the conjoint's place of work (or `residence_privee`), and the link with them.

    `since` is the day of the marriage, of the PACS or of the child's birth or recognition. `imposition_commune` None:
    not told. `unemployed`: registered at France Travail, `last_activity_end` the end of the last activity. `proof` is
    what shows the place (« activite », « residence_privee », « teletravail »); empty: the activity.
    """

    place: Place
    lien: Lien
    since: dt.date | None = None
    imposition_commune: bool | None = None
    dissolution: dt.date | None = None
    unemployed: bool = False
    last_activity_end: dt.date | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Partner:
    """The other candidate of a mutation simultanée. `kind`: titulaire, stagiaire, stagiaire_ex_titulaire.

    `own_kind` is that of the candidate themselves; empty: their `status` alone is told.
    """

    kind: str = ""
    voeux: tuple[str, ...] = ()
    own_kind: str = ""


@dataclass(frozen=True, slots=True)
class Situation:
    """All the rules ask of a person for one session. Years are whole unless said; `echelon_history` maps days to échelons."""

    status: str = "titulaire"  # titulaire, stagiaire
    academie: str = ""
    departement: str = ""
    corps: str = ""  # singular, as in a case: certifie, agrege, plp, peps, cpe, psyen, pe, instituteur
    classe: str = "normale"  # normale, hors_classe, exceptionnelle
    echelon: int | None = None
    echelon_years: int | None = None  # whole years in the échelon at the anchor, where the law asks (agrégés)
    echelon_history: Mapping[dt.date, int] = field(default_factory=dict)
    poste_years: int | None = None
    months_in_departement: int | None = None  # 1D
    rc: Rapprochement | None = None
    apc: Place | None = None
    simultanee: Partner | None = None
    simultanee_conjoints: bool = False
    children_birthdates: tuple[dt.date, ...] = ()
    reconnaissance_anticipee: Mapping[dt.date, dt.date] = field(default_factory=dict)  # expected birth: recognised on
    separation_active: int = 0  # school years apart in activity
    separation_leave: int = 0  # school years apart in congé parental or disponibilité pour suivre le conjoint
    apart_since: dt.date | None = None  # instead of counts: the engine counts
    boe: bool = False
    conjoint_boe: bool = False
    handicap_granted: tuple[str, ...] = ()  # wishes on which the recteur granted the priority
    rep_years: int = 0
    rep_plus_years: int = 0
    cla_years: int = 0
    pop_years: int = 0
    mayotte_years: int = 0
    guyane_years: int = 0
    cimm: str = ""  # the académie (or département, 1D) where it is recognised
    reintegration_academie: str = ""
    academie_stage: str = ""
    academie_concours: str = ""
    ex_contractuel: bool = False
    ex_titulaire: str = ""  # the académie of the former corps
    use_stag_10: bool = False
    voeu_preferentiel_requests: int = 0
    missing: frozenset[str] = frozenset()  # pieces that are not there
    pieces_dated: tuple[tuple[str, dt.date], ...] = ()  # (type, day), for the rules on age of pieces
    deposit: dt.date | None = None  # the day the pieces are deposited
    confirmation_deposited: bool = True


@dataclass(frozen=True, slots=True)
class RequestFacts:
    """A request to compute: `voeux` in the order asked (names of académies, or codes of départements in 1D)."""

    degree: Degree
    session: int  # the year of the rentrée
    situation: Situation
    voeux: tuple[str, ...]
