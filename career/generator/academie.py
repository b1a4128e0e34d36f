"""The whole académie as a stream of feed lines, one agent after the other; the same seed gives the same bytes."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from typing import Any

import msgspec

from career.domain.uai import check_letter
from career.feed.contract import cancel_type
from career.generator import careers, names, people
from career.geography import postal_codes

RECTIFIED_SHARE, CORRECTED_SHARE, VILLAGE_SHARE = 0.02, 0.02, 0.5
NAMESAKE_EVERY = 90  # one agent in so many has the very name of another, besides those chance makes


class Writer:
    """Numbers the messages and lays their times: in the source's own order, each after the fact it tells."""

    def __init__(self, rng: random.Random) -> None:
        self.rng, self.seq = rng, 0
        self.namesake: people.Person | None = None
        self.encode = msgspec.json.Encoder(decimal_format="string").encode

    def line(self, matricule: str, kind: str, data: dict[str, Any], known_on: dt.date) -> bytes:
        self.seq += 1
        message = {
            "id": str(uuid.UUID(int=self.rng.getrandbits(128), version=4)),
            "source": "siae",
            "seq": self.seq,
            "type": kind,
            "time": f"{known_on.isoformat()}T{6 + self.seq % 12:02d}:{self.seq % 60:02d}:00+00:00",
            "agent": matricule,
            "data": data,
        }
        return self.encode(message) + b"\n"


def establishments(rng: random.Random, agents: int) -> list[dict[str, str]]:
    """Fictional établissements in real communes, numbered where no real one is (…9xxx)."""
    wanted = max(24, agents // 34)
    rows, used = [], set()
    villages = postal_codes().in_departements({commune[3] for commune in names.COMMUNES})
    kinds = (
        ("ecole", "École primaire", "151", 5), ("college", "Collège", "340", 3), ("lycee", "Lycée", "302", 1),
        ("lycee_pro", "Lycée professionnel", "320", 1),
    )  # fmt: skip
    for number in range(wanted):
        kind, label, nature, _ = kinds[number] if number < len(kinds) else rng.choices(kinds, [k[3] for k in kinds])[0]
        if number < len(names.COMMUNES):
            commune = names.COMMUNES[number]
        elif kind == "ecole" and rng.random() < VILLAGE_SHARE:
            postal_code, village = rng.choice(villages)
            commune = (village.name, postal_code, village.insee, village.departement)
        else:
            commune = rng.choices(names.COMMUNES, names.COMMUNES_WEIGHTS)[0]
        digits = f"0{commune[3]}{9000 - number if number < 9000 else number:04d}"
        name = f"{label} {rng.choice(names.ESTABLISHMENT_PATRONS)}"
        if (name, commune[0]) in used:
            name = f"{name} {number}"
        used.add((name, commune[0]))
        rows.append(
            {
                "uai": digits + check_letter(digits),
                "name": name,
                "kind": kind,
                "nature": nature,
                "commune": commune[0],
                "postal_code": commune[1],
                "insee": commune[2],
                "departement": commune[3],
            }
        )
    return rows


ANNUAIRE_COLUMNS = (
    "Identifiant_de_l_etablissement",
    "Nom_etablissement",
    "Type_etablissement",
    "Statut_public_prive",
    "Adresse_1",
    "Code_postal",
    "Code_commune",
    "Nom_commune",
    "Code_departement",
    "Code_academie",
    "Libelle_academie",
    "Ecole_maternelle",
    "Ecole_elementaire",
    "Appartenance_Education_Prioritaire",
    "etat",
    "code_nature",
    "date_maj_ligne",
)


def annuaire_csv(rows: list[dict[str, str]], on: dt.date) -> str:
    """The établissements in the shape of the official annuaire export, to be imported by the same door."""
    labels = {"ecole": "Ecole", "college": "Collège", "lycee": "Lycée", "lycee_pro": "Lycée"}
    lines = [";".join(ANNUAIRE_COLUMNS)]
    for row in rows:
        school = row["kind"] == "ecole"
        lines.append(
            ";".join(
                (
                    row["uai"],
                    row["name"],
                    labels[row["kind"]],
                    "Public",
                    "1 place de l'École",
                    row["postal_code"],
                    row["insee"],
                    row["commune"],
                    "0" + row["departement"],
                    "19",
                    "Reims",
                    "1" if school else "",
                    "1" if school else "",
                    "REP" if int(row["uai"][4:7]) % 7 == 0 else "",
                    "OUVERT",
                    row["nature"],
                    on.isoformat(),
                )
            )
        )
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


def feed_lines(agents: int, seed: int, on: dt.date) -> Iterator[bytes]:
    """Lines of NDJSON for `agents` people, on average about 25 events each."""
    rng = random.Random(seed)  # noqa: S311  (fictional data, reproducible)
    by_kind: dict[str, list[str]] = {}
    for row in establishments(random.Random(seed), agents):  # noqa: S311  (idem)
        by_kind.setdefault(row["kind"], []).append(row["uai"])
    writer = Writer(rng)
    for number in range(agents):
        yield from _agent(rng, writer, number, by_kind, on)


def _agent(
    rng: random.Random, writer: Writer, number: int, by_kind: dict[str, list[str]], on: dt.date
) -> Iterator[bytes]:
    matricule = f"A{number + 1:07d}"
    first_of_corps = careers.CORPS[number] if number < len(careers.CORPS) else ""  # every corps has a dossier
    person = people.draw_person(rng, number, on, at_least=careers.least_years(first_of_corps, on))
    if number % NAMESAKE_EVERY == 0 and writer.namesake:
        person = people.named_as(person, writer.namesake)
    writer.namesake = person
    corps = first_of_corps or careers.draw_corps(rng, person, on)
    yield writer.line(matricule, "agent.upserted", people.identity(person, corps), max(person.entered_on, careers.PPCR))
    left = None if first_of_corps else people.departure(rng, person, corps == "contractuels", on)
    until = left["left_on"] - dt.timedelta(1) if left else on
    for kind, data in _facts(rng, corps, person, until, left is not None, by_kind):
        yield writer.line(matricule, kind, data, _known_on(data, on))
    if left:
        yield writer.line(matricule, "agent.left", left, left["left_on"])


def _facts(
    rng: random.Random, corps: str, person: people.Person, until: dt.date, has_left: bool, by_kind: dict[str, list[str]]
) -> Iterator[careers.Event]:
    """The facts of one career up to `until`, some first told wrong, then corrected or withdrawn."""
    walked = careers.steps(rng, corps, person, until)
    posts = careers.assignment_events(rng, corps, person, until, by_kind, names.DISCIPLINES)
    if has_left:
        posts[-1][1]["ends_on"] = until
    if rng.random() < CORRECTED_SHARE:
        kind, right = posts[0]
        yield kind, right | {"quotity": "90"}
    events: list[careers.Event] = [
        *people.family_events(rng, person, until),
        *careers.diploma_events(rng, corps, person),
        *posts,
        *careers.step_events(walked),
        *careers.evaluation_events(rng, walked, until),
        *careers.training_events(rng, person, until, names.TRAININGS),
        *careers.service_events(rng, corps, person, until, [data for _, data in posts]),
    ]
    yield from events
    if rng.random() < RECTIFIED_SHARE:
        kind, data = rng.choice(events)
        yield kind, data | {"ref": "ERR-1"}
        yield cancel_type(kind), {"ref": "ERR-1", "reason": "Saisie en double"}


SENT_ON = (
    "notified_on", "report_notified_on", "published_on", "validated_on", "effective_on", "held_on", "awarded_on",
    "ends_on", "starts_on",
)  # fmt: skip


def _known_on(data: dict[str, Any], on: dt.date) -> dt.date:
    """The day the message was sent: the fact's own day, never before the feed existed nor in the future."""
    day = next(
        (data[k] for k in SENT_ON if k in data),
        on,
    )
    return min(max(day, careers.PPCR), on)
