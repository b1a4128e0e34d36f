"""Sessions and their days: texts, what each asks, what is carried over."""

import datetime as dt

import pytest

from iprof.kernel.errors import DomainError
from iprof.kernel.law import LawFileError
from mobility.domain.anchors import anchor_rules, anchors_of, build_anchors
from mobility.domain.law import LEGAL
from mobility.domain.sessions import build_sessions, session_of, sessions


@pytest.mark.parametrize("year", range(2020, 2027))
def test_each_session_has_its_text(year):
    session = session_of(year)
    assert session.official
    assert session.texts
    assert session.source.text


def test_rules_change_at_their_session():
    assert [year for year in sessions() if session_of(year).imposition_commune] == [2025, 2026, 2027]
    assert [year for year in sessions() if session_of(year).teletravail] == [2020, 2021, 2022, 2023]


@pytest.mark.parametrize("year", [2027, 2029])
def test_a_session_without_text_is_carried_over_and_said_not_official(year):
    session = session_of(year)
    assert (session.official, session.rules, session.source.confidence) == (False, 2026, "low")
    assert session.birth_limit == dt.date(year - 1, 12, 31)


def test_a_session_before_the_first_text_is_unknown():
    with pytest.raises(DomainError, match="session_unknown"):
        session_of(2019)


def test_days_of_a_session():
    session = session_of(2026)
    assert (session.echelon_day, session.classement_day) == (dt.date(2025, 8, 31), dt.date(2025, 9, 1))
    assert (session.union_limit, session.birth_limit) == (dt.date(2025, 8, 31), dt.date(2025, 12, 31))
    assert (session.seniority_day, session.activity_limit) == (dt.date(2026, 8, 31), dt.date(2023, 8, 31))


def test_the_health_crisis_moved_one_limit_once():
    assert [session_of(year).union_limit for year in (2020, 2021, 2022)] == [
        dt.date(2019, 8, 31),
        dt.date(2020, 10, 31),
        dt.date(2021, 8, 31),
    ]


def test_each_day_has_a_label_and_a_source():
    assert all(rule.label and rule.source.text for rule in anchor_rules().values())
    assert anchors_of(2024).enfant == dt.date(2024, 8, 31)


@pytest.mark.parametrize(
    ("file", "old", "new", "build", "said"),
    [
        ("sessions.yaml", "carries: 2026", "carries: 2026\n    since: 2026-09-01", build_sessions, "unknown key"),
        ("sessions.yaml", "teletravail: false", "telework: false", build_sessions, "key"),
        ("sessions.yaml", "imposition_commune: true", "imposition_commune: 1", build_sessions, "neither true"),
        ("anchors.yaml", "  chomage:", "  other:", build_anchors, "key"),
        ("anchors.yaml", 'day: "12-31"', 'day: "13-31"', build_anchors, "day of the year"),
    ],
)
def test_a_broken_file_is_refused(tmp_path, file, old, new, build, said):
    text = (LEGAL / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(LawFileError, match=said):
        build(tmp_path)
