"""Specific schemes as data: a strict reader, one table of states (S58, D17)."""

import datetime as dt
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from career.domain.pay_overseas import load_places
from documents.domain.procedures import procedures
from iprof.kernel.errors import DomainError
from iprof.kernel.law import LawFileError
from mobility.domain.scheme_answers import missing_answers
from mobility.domain.scheme_states import SCHEME_TRANSITIONS, SchemeAct, SchemeState, scheme_after, scheme_may
from mobility.domain.schemes import FOLDER, Adviser, FieldKind, build_schemes, schemes

PIECES = procedures()["dispositif"].pieces


@pytest.mark.req("S58", "S80", "S81")
def test_every_scheme_the_brief_names_is_there():
    named = {
        "spen", "pop", "nouvelle_caledonie", "wallis_et_futuna", "polynesie_francaise", "saint_pierre_et_miquelon",
        "organisation_internationale", "detachement_etranger", "move4monde", "appear", "exeat_ineat",
    }  # fmt: skip
    assert set(schemes()) == named
    assert set(build_schemes(pieces=PIECES)) == named
    assert dict(schemes()["detachement_etranger"].fields[0].choices)["local"] == "Contrat local"


def test_what_the_brief_alone_tells_never_rests_on_a_text():
    for law in schemes().values():
        if law.brief:
            assert {source.confidence for source in law.sources} == {"low"}
            assert law.label_setting


def test_every_fact_has_its_source_or_says_that_none_is_published():
    for law in schemes().values():
        for node in (*law.facts, *law.calendar):
            assert bool(node.sources) == (node.value is not None)
            assert node.sentence or node.value is not None


def test_every_place_has_its_pay_line():
    assert {law.place for law in schemes().values() if law.place} <= set(load_places())


def test_a_published_date_keeps_its_hour_and_its_end():
    dates = {node.label: node for node in schemes()["nouvelle_caledonie"].calendar}
    closing = dates["Clôture de SIAT, rentrée de février 2026"]
    assert (closing.value, closing.sentence) == (dt.date(2025, 5, 13), "À 17:00, heure de Paris.")
    assert dates["Avis du chef d'établissement, rentrée de février 2026"].sentence == "Jusqu'au 03/06/2025."


def test_who_may_ask_is_told_as_the_sources_do_or_not_at_all():
    assert schemes()["pop"].who.value.startswith("Titulaires seulement")
    assert schemes()["move4monde"].who.value is None
    assert schemes()["wallis_et_futuna"].who is None
    assert schemes()["spen"].opinions == (Adviser.HEAD, Adviser.OFFICE)
    assert schemes()["pop"].needed == {"cv", "lettre"}


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("family: outre_mer", "family: ailleurs"),
        ("degrees: [1D, 2D]", "degrees: [3D]"),
        ("order: 30", "order: trente"),
        ("label: Durée, text", "titre: Durée, text"),
        ("source: note}\ncalendar", "source: rien}\ncalendar"),
        ("day: 2025-04-25", "day: hier"),
        ("kind: date", "kind: jour"),
        ("kind: number", "kind: choice"),
        ("private: true", "private: oui"),
        ("cv: {required: true}", "cv: {required: peut-etre}"),
        ("cv: {required: true}", "inconnue: {required: true}"),
        ("by: chef", "by: voisin"),
        ("steps:", "etapes:"),
        ("place: nouvelle_caledonie", "place: ''"),
    ],
)
def test_a_file_out_of_shape_is_refused(tmp_path, was, becomes):
    text = (FOLDER / "nouvelle_caledonie.yaml").read_text(encoding="utf-8")
    assert was in text
    (tmp_path / "nouvelle_caledonie.yaml").write_text(text.replace(was, becomes, 1), encoding="utf-8")
    with pytest.raises(LawFileError, match="nouvelle_caledonie.yaml"):
        build_schemes(tmp_path, pieces=PIECES)


def test_a_good_copy_is_read(tmp_path):
    shutil.copy(FOLDER / "appear.yaml", tmp_path)
    assert list(build_schemes(tmp_path)) == ["appear"]


def test_an_empty_answer_to_a_required_question_lacks():
    law = schemes()["exeat_ineat"]
    assert set(missing_answers(law, {"departement": "  ", "raison": "social"})) == {"departement"}
    assert {field.kind for field in law.fields} >= {FieldKind.PLACE, FieldKind.CHOICE, FieldKind.LONG}


@given(st.sampled_from(SchemeState), st.sampled_from(SchemeAct))
def test_no_state_but_by_the_table(state, act):
    if scheme_may(state, act):
        assert scheme_after(state, act) in {SCHEME_TRANSITIONS[act][3], state}
    else:
        with pytest.raises(DomainError, match="scheme_transition"):
            scheme_after(state, act)


@pytest.mark.parametrize("state", [SchemeState.ACCEPTED, SchemeState.REFUSED])
def test_a_decision_is_an_end(state):
    assert not any(scheme_may(state, act) for act in SchemeAct)
