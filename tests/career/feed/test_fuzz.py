"""Whatever a source sends, each line gets a verdict: applied, or refused with a sentence. Nothing raises."""

import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from career.feed import contract
from career.feed.reader import Accepted, Refused, read_line
from tests.career.feed.messages import DATA, event, line, load, numen

TEXT = st.text(max_size=40)
ODD = st.sampled_from(
    ["", " ", "0", "-1", "1e400", "NaN", "-Infinity", "1_0", "٣", "2026-02-30", "0000-00-00", "10000-01-01", "2A", "\\",
     "\n", "\t", "\\N", "\\.", "\u202e", "\x00", "<script>", "' OR 1=1 --", "A" * 400, numen(3)]
)  # fmt: skip
NUMBERS = st.integers(-(2**70), 2**70) | st.floats() | st.sampled_from([0.1, -0.0, 1e308, 2**63, -(2**63)])
SCALARS = TEXT | ODD | NUMBERS | st.booleans() | st.none() | st.dates().map(str) | st.datetimes().map(str)
VALUES = SCALARS | st.lists(SCALARS, max_size=3) | st.dictionaries(TEXT, SCALARS, max_size=3)
FIELDS = sorted(
    (kind, field)
    for kind, struct in contract.DATA_TYPES.items()
    for field in (*struct.__struct_fields__, "id", "source", "seq", "type", "time", "agent", "data", "inconnu")
)
SENTENCE = re.compile(r"[A-ZÉ0-9«].{10,}\.", re.DOTALL)


def mutated(kind: str, field: str, value: object) -> bytes:
    message = event(kind, 2)
    holder = message if field in message else message["data"]
    holder[field] = value
    return json.dumps(message).encode("utf-8", "surrogatepass")


def check_refused(code: str, reason: str) -> None:
    assert re.fullmatch(r"[a-z_]{4,40}", code)
    assert SENTENCE.fullmatch(reason), reason
    assert numen(3) not in reason


@pytest.mark.req("S02")
@pytest.mark.parametrize(("kind", "field"), FIELDS, ids=[f"{kind}-{field}" for kind, field in FIELDS])
@settings(max_examples=25)
@given(value=VALUES)
def test_any_value_in_any_field_gets_an_answer(kind, field, value):
    read = read_line(mutated(kind, field, value), 1)

    assert isinstance(read, (Accepted, Refused))
    if isinstance(read, Refused):
        check_refused(read.problem.code, read.problem.reason)


@settings(max_examples=300)
@given(raw=st.binary(max_size=300), cut=st.integers(0, 400), kind=st.sampled_from(sorted(DATA)))
def test_any_bytes_get_an_answer(raw, cut, kind):
    good = line(event(kind))
    for attempt in (raw, good[:cut], good[:cut] + raw, good[:cut] + raw + good[cut:]):
        read = read_line(attempt, 1)
        if isinstance(read, Refused):
            check_refused(read.problem.code, read.problem.reason)


MANY = st.lists(st.tuples(st.sampled_from(FIELDS), VALUES), min_size=1, max_size=40)


@pytest.mark.django_db
@settings(max_examples=40)
@given(faults=MANY)
def test_any_batch_is_applied_or_quarantined_line_by_line(faults):
    lines = [mutated(kind, field, value) for (kind, field), value in faults]
    lines = [raw for raw in lines if raw.strip()]
    verdicts = load(event("agent.upserted"), *lines)

    assert [v.line_number for v in verdicts] == list(range(1, len(lines) + 2))
    assert {v.status for v in verdicts} <= {"applied", "repeated", "quarantined"}
    for v in verdicts:
        if v.status == "quarantined":
            check_refused(v.code, v.reason)
