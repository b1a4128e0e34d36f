"""Types, procedures, validity: what the files say, and that nothing else is understood."""

import datetime as dt
import shutil
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.domain.pages import PageMeasures, build_page_law, judge, page_law
from documents.domain.procedures import build_procedures, procedures
from documents.domain.reasons import reason
from documents.domain.sentences import sentence
from documents.domain.titles import proposed_title, says_nothing
from documents.domain.types import LEGAL, build_types, document_type, type_law
from documents.domain.validity import Worth, validity
from documents.domain.verdicts import Check, Outcome, Verdict, overall
from iprof.kernel.law import LawFileError

PACS, BOOK, RQTH, PAY = (document_type(code) for code in ("pacs", "livret_famille", "rqth", "bulletin_salaire"))
DAY = dt.date(2026, 1, 15)


@pytest.mark.req("S70")
@pytest.mark.parametrize(
    ("deposit", "worth"),
    [
        (dt.date(2026, 4, 14), Worth.VALID),
        (dt.date(2026, 4, 15), Worth.VALID),
        (dt.date(2026, 4, 16), Worth.EXPIRED),
        (dt.date(2026, 1, 14), Worth.FUTURE),
    ],
)
def test_a_pacs_is_worth_nothing_after_three_months(deposit, worth):
    assert validity(PACS, dated_on=DAY, deposit=deposit).worth is worth


def test_the_end_of_a_short_month_is_the_last_day():
    assert validity(PACS, dated_on=dt.date(2025, 11, 30), deposit=DAY).last_day == dt.date(2026, 2, 28)


def test_without_a_date_nothing_is_said():
    assert validity(PACS, dated_on=None, deposit=DAY).worth is Worth.UNDATED
    assert validity(RQTH, dated_on=DAY, deposit=DAY).worth is Worth.UNDATED


def test_a_document_may_carry_its_own_end():
    found = validity(RQTH, dated_on=DAY, ends_on=dt.date(2027, 8, 31), deposit=dt.date(2027, 9, 1))
    assert (found.worth, found.last_day) == (Worth.EXPIRED, dt.date(2027, 8, 31))
    assert validity(RQTH, dated_on=DAY, ends_on=dt.date(2027, 8, 31), deposit=DAY).worth is Worth.VALID


def test_what_has_no_published_duration_says_so():
    found = validity(PAY, dated_on=DAY, deposit=DAY)
    assert (found.worth, found.last_day, found.node.value) == (Worth.UNKNOWN, None, None)
    assert "non publiée" in found.node.sentence
    assert "pas de durée" in validity(BOOK, dated_on=None, deposit=DAY).node.sentence


@given(dated=st.dates(dt.date(1990, 1, 1), dt.date(2090, 1, 1)), after=st.integers(0, 400))
def test_a_document_never_becomes_worth_something_again(dated, after):
    days = [dated + dt.timedelta(after), dated + dt.timedelta(after + 1)]
    first, second = (validity(PACS, dated_on=dated, deposit=day).worth for day in days)
    assert (first, second) != (Worth.EXPIRED, Worth.VALID)


@pytest.mark.req("S69")
def test_a_title_is_proposed_from_the_type_and_the_date():
    assert proposed_title(document_type("justificatif_domicile"), dt.date(2025, 4, 3)) == "JustifDomicile_Avril2025"
    assert proposed_title(BOOK, None) == "LivretFamille"
    assert not any(says_nothing(proposed_title(kind, DAY)) for kind in type_law().types.values())


def test_every_type_serves_and_every_piece_has_types():
    used = {code for procedure in procedures().values() for piece in procedure.pieces.values() for code in piece.types}
    assert used == set(type_law().types)


CHANGES = {
    "types.yaml": [
        ("family: famille", "family: ailleurs"),
        ("validity: permanent", "validity: toujours"),
        ("validity: {months: 3}", "validity: {months: trois}"),
        ("validity: {months: 3}", "validity: {weeks: 3}"),
        ("sensitivity: identity", "sensitivity: secret"),
        ("source: act}", "source: rien}"),
        ("dated: true", "dated: oui"),
        ("name: LivretFamille, ", ""),
        (
            "family: autre, validity: unknown, source: pieces",
            "family: autre, validity: unknown, source: pieces, retention_years: dix",
        ),
    ],
    "procedures.yaml": [
        ("service: medical", "service: police"),
        ("    opened_by: portal", "    opened_by: poste"),
        ("types: [certificat_medical]", "types: [inconnu]"),
        ("need: always}", "need: parfois}"),
        ("need: always}", "need: situation}"),
        ("source: cimm", "source: rien"),
    ],
    "checks.yaml": [('warned: "0.08"', "warned: 0.08"), ("heading_words: 3", "words: 3"), ("refused: 45", "other: 45")],
}
BUILDERS = {"types.yaml": build_types, "procedures.yaml": build_procedures, "checks.yaml": build_page_law}


@pytest.mark.parametrize(
    ("name", "was", "becomes"), [(name, *change) for name, changes in CHANGES.items() for change in changes]
)
def test_what_is_not_understood_is_refused(tmp_path, name, was, becomes):
    folder = shutil.copytree(LEGAL, tmp_path / "legal")
    text = (folder / name).read_text(encoding="utf-8")
    assert was in text
    (folder / name).write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(LawFileError, match=name):
        BUILDERS[name](folder)


def test_a_retention_of_its_own_is_read(tmp_path):
    folder = shutil.copytree(LEGAL, tmp_path / "legal")
    path = folder / "types.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("name: LivretFamille,", "name: LivretFamille, retention_years: 5,"), encoding="utf-8")
    assert build_types(folder).types["livret_famille"].retention_years == 5


SHARP = PageMeasures(ink=0.05, text=0, dpi=200, sharp=1.0, heading=9)


def told(*pages: PageMeasures) -> dict[Check, tuple[Outcome, str, dict]]:
    return {one.check: (one.outcome, one.word, dict(one.figures)) for one in judge(pages)}


def measured(**changes: float) -> PageMeasures:
    fields = {"ink": 0.05, "text": 0, "dpi": 200, "sharp": 1.0, "heading": 9} | changes
    return PageMeasures(**fields)


def test_pages_are_judged_one_by_one():
    found = told(SHARP, measured(ink=0), measured(sharp=0.05), measured(sharp=0.05))
    assert found[Check.BLANK] == (Outcome.WARNED, "certaines", {"pages": "2"})
    assert found[Check.SHARPNESS] == (Outcome.WARNED, "flou", {"pages": "3 et 4", "measured": "0.05"})
    assert found[Check.LETTERHEAD] == (Outcome.PASSED, "", {})
    assert told(measured(ink=0))[Check.BLANK][:2] == (Outcome.REFUSED, "toutes")
    assert told(measured(sharp=0.001))[Check.SHARPNESS][:2] == (Outcome.REFUSED, "flou-illisible")
    assert told(measured(dpi=40))[Check.SHARPNESS][:2] == (Outcome.REFUSED, "resolution-illisible")
    assert told(measured(heading=1))[Check.LETTERHEAD][:2] == (Outcome.WARNED, "illisible")
    assert told(measured(heading=None))[Check.LETTERHEAD][:2] == (Outcome.WARNED, "non-lu")


@pytest.mark.req("S76")
@pytest.mark.parametrize(
    ("page", "value", "limits"),
    [
        (measured(dpi=99), Decimal(99), [100, 45, 150]),
        (measured(dpi=44), Decimal(44), [100, 45, 150]),
        (measured(sharp=0.05), Decimal("0.05"), [Decimal("0.08"), Decimal("0.008")]),
        (measured(sharp=0.001), Decimal("0.001"), [Decimal("0.08"), Decimal("0.008")]),
        (measured(heading=2), Decimal(2), [3]),
    ],
)
def test_a_measure_is_explained_by_its_limit_and_whose_choice_it_is(page, value, limits):
    node = next(node for verdict in judge([page]) if (node := reason(verdict)))
    assert node.value == value
    assert node.sources[0].text.startswith("Choix du portail")
    assert [told.value for told in node.inputs[1:]] == limits


def test_what_was_not_measured_has_no_explanation():
    assert [reason(verdict) for verdict in judge([SHARP])] == [None, None, None]
    assert str(page_law().dpi_advised) in sentence(judge([measured(dpi=99)])[1])


@pytest.mark.req("S70", "S76")
def test_why_names_the_end_that_decides():
    end = dt.date(2026, 2, 1)
    own = validity(PACS, dated_on=DAY, ends_on=end, deposit=DAY)
    assert (own.last_day, own.node.sentence) == (end, "Valable jusqu'à la date de fin écrite sur le document.")
    assert end in [told.value for told in own.node.inputs]
    without = validity(RQTH, dated_on=None, ends_on=None, deposit=DAY)
    assert "fin de validité" in without.node.sentence
    assert "Date du document" not in [told.label for told in without.node.inputs]


def test_a_verdict_kept_from_another_time_is_still_told():
    old = Verdict(Check.SHARPNESS, Outcome.WARNED, "resolution", {"pages": "1"})
    assert reason(old).value is None
    for verdict in (
        Verdict(Check.SHARPNESS, Outcome.WARNED, "resolution"),
        Verdict(Check.TYPE, Outcome.WARNED, "ancien"),
    ):
        assert sentence(verdict) == "À vérifier."


def test_text_is_sharp_by_nature():
    assert told(measured(text=500, sharp=0.0, dpi=10))[Check.SHARPNESS][0] is Outcome.PASSED


@given(st.lists(st.sampled_from(list(Outcome)), max_size=6))
def test_a_refusal_outweighs_everything(outcomes):
    verdicts = [Verdict(Check.TYPE, outcome) for outcome in outcomes]
    assert (overall(verdicts) is Outcome.REFUSED) == (Outcome.REFUSED in outcomes)
