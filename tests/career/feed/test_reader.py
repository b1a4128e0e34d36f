"""Every way a line is refused: its code, the field it names and a sentence that says what is wrong."""

import re

import pytest

from career.feed.reader import MAX_LINE_BYTES, Accepted, Refused, read_line
from tests.career.feed.messages import DATA, event, line, numen

STEP, POST, AGENT = "career.step", "assignment.upserted", "agent.upserted"
WRONG = [
    ("json_illisible", "", b'{"id": "6f1c'),
    ("champ_invalide", "", b"[" * 5000),
    ("json_illisible", "", line(event(STEP)).replace(b"certifies", b"certifi\xe9s")),
    ("json_illisible", "", line(event(STEP)).replace(b'"data": {', b'"data": ' + b"[" * 5000)),
    ("champ_invalide", "", b"[]"),
    ("champ_invalide", "", b"12"),
    ("champ_manquant", "seq", line({k: v for k, v in event(STEP).items() if k != "seq"})),
    ("champ_manquant", "corps", line(event(STEP, corps=None))),
    ("champ_inconnu", "echelno", line(event(STEP, echelno=6))),
    ("champ_inconnu", "priority", line(event(STEP) | {"priority": 1})),
    ("champ_invalide", "seq", line(event(STEP) | {"seq": 0})),
    ("champ_invalide", "seq", line(event(STEP) | {"seq": 2**63})),
    ("champ_invalide", "id", line(event(STEP, id="pas-un-uuid"))),
    ("champ_invalide", "source", line(event(STEP, source="ailleurs"))),
    ("champ_invalide", "time", line(event(STEP, time="2026-09-01T06:00:00"))),  # without offset
    ("champ_invalide", "agent", line(event(STEP, agent="a 42"))),
    ("champ_invalide", "agent", line(event(STEP, agent="A42\n"))),
    ("champ_invalide", "effective_on", line(event(STEP, effective_on="2025-02-30"))),
    ("champ_invalide", "mode", line(event(STEP, mode="magie"))),
    ("champ_invalide", "echelon", line(event(STEP, echelon="6"))),
    ("champ_invalide", "kept_days", line(event(STEP, kept_days=-1))),
    ("champ_invalide", "ref", line(event(STEP, ref=""))),
    ("champ_invalide", "uai", line(event(POST, uai="0510006"))),
    ("champ_invalide", "postal_code", line(event(AGENT, postal_code="51100\n"))),
    ("type_inconnu", "type", line(event(STEP, type="career.jump"))),
    ("date_impossible", "time", line(event(STEP, time="0001-01-01T00:00:00+14:00"))),
    ("date_impossible", "effective_on", line(event(STEP, effective_on="1899-12-31"))),
    ("date_impossible", "ends_on", line(event(POST, ends_on="9999-12-31"))),
    ("date_impossible", "children_birthdates", line(event("family.changed", children_birthdates=["0001-01-01"]))),
    ("date_impossible", "birth_date", line(event(AGENT, birth_date="1884-05-12"))),
    ("dates_desordonnees", "entered_on", line(event(AGENT, entered_on="1990-09-01"))),
    ("dates_desordonnees", "ends_on", line(event(POST, ends_on="2021-08-31"))),
    ("dates_desordonnees", "ends_on", line(event("training.recorded", ends_on="2025-11-17"))),
    ("dates_desordonnees", "report_notified_on", line(event("evaluation.recorded", report_notified_on="2024-03-13"))),
    ("dates_desordonnees", "notified_on", line(event("evaluation.recorded", notified_on="2024-03-13"))),
    ("dates_desordonnees", "published_on", line(event("arrete.published", published_on="1999-01-01"))),
    ("corps_inconnu", "corps", line(event(STEP, corps="archivistes"))),
    ("grade_inconnu", "grade", line(event(STEP, grade="classe_rare"))),
    ("echelon_inconnu", "echelon", line(event(STEP, echelon=12))),
    ("echelon_manquant", "echelon", line(event(STEP, echelon=None))),
    ("echelon_sans_grille", "echelon", line(event(STEP, corps="contractuels", grade="premiere_categorie"))),
    ("chevron_inconnu", "chevron", line(event(STEP, chevron=1))),
    ("chevron_inconnu", "chevron", line(event(STEP, corps="agreges", grade="hors_classe", echelon=4, chevron=4))),
    ("uai_cle", "uai", line(event(POST, uai="0510006A"))),
    ("uai_cle", "uai", line(event("service.validated", uai="0510006A"))),
    ("quotite_hors_bornes", "quotity", line(event(POST, quotity="0"))),
    ("quotite_hors_bornes", "quotity", line(event(POST, quotity="100.01"))),
    ("quotite_hors_bornes", "quotity", line(event(POST, quotity="80.005"))),
    ("quotite_hors_bornes", "quotity", line(event(POST, quotity="NaN"))),
    ("quotite_hors_bornes", "quotity", line(event(POST, quotity="Infinity"))),
    ("heures_hors_bornes", "hours", line(event("training.recorded", hours="0"))),
    ("heures_hors_bornes", "hours", line(event("training.recorded", hours="sNaN"))),
    ("heures_hors_bornes", "hsa", line(event("service.validated", hsa="-1"))),
    ("heures_hors_bornes", "hours_due", line(event("service.validated", hours_due="1e3"))),
    ("union_incoherente", "union_on", line(event("family.changed", union_on=None))),
    ("union_incoherente", "union_on", line(event("family.changed", union="aucune"))),
    ("numen_forme", "numen", line(event(AGENT, numen="123"))),
    ("matricule_numen", "agent", line(event(STEP, agent=numen(7)))),
    ("caractere_nul", "", line(event(STEP, ref="A\x00"))),
    ("ligne_trop_longue", "", line(event(STEP, ref="x" * MAX_LINE_BYTES))),
]


@pytest.mark.req("S02", "S06")
@pytest.mark.parametrize(("code", "field", "raw"), WRONG, ids=[f"{n}-{w[0]}-{w[1]}" for n, w in enumerate(WRONG)])
def test_a_wrong_line_is_refused_with_its_code_and_sentence(code, field, raw):
    refused = read_line(raw, 3)

    assert isinstance(refused, Refused)
    assert (refused.problem.code, refused.problem.field, refused.line_number) == (code, field, 3)
    assert re.fullmatch(r"[A-ZÉ].{15,}\.", refused.problem.reason), refused.problem.reason


@pytest.mark.parametrize("kind", DATA)
def test_every_kind_of_message_is_read(kind):
    accepted = read_line(line(event(kind, seq=9)), 1)

    assert isinstance(accepted, Accepted), accepted.problem
    assert (accepted.type, accepted.seq, accepted.matricule) == (kind, 9, "A0000042")


def test_what_can_be_told_of_a_broken_line_is_kept_to_find_it_again():
    message = event("career.step", corps="archivistes")
    refused = read_line(line(message)[:-40], 1)

    assert refused.problem.code == "json_illisible"
    assert (refused.message_id, refused.matricule, refused.type) == (message["id"], "A0000042", "career.step")


@pytest.mark.req("D36")
@pytest.mark.parametrize(
    "message",
    [
        event("career.step", agent=numen(7)),
        event("career.step", corps=numen(7)),
        event("career.step", grade=numen(7).lower()),
        event("career.step", **{numen(7): 1}),
        event("career.step", type=numen(7)),
        event("agent.upserted", numen=numen(7) + "9"),
        event("agent.upserted", numen=numen(7), birth_date="1884-05-12"),
    ],
)
def test_a_refusal_never_quotes_a_numen(message):
    refused = read_line(line(message), 1)

    told = (refused.problem, refused.source, refused.message_id, refused.matricule, refused.type)
    assert isinstance(refused, Refused)
    assert numen(7) not in repr(told).upper()


def test_the_numen_leaves_the_payload_and_comes_back_sealed_only():
    accepted = read_line(line(event("agent.upserted", numen=numen(7))), 1)

    assert numen(7).encode() not in accepted.payload
    assert b"numen" not in accepted.payload
    assert numen(7).encode() not in accepted.secrets.numen_sealed
    assert len(accepted.secrets.numen_digest) == 64
