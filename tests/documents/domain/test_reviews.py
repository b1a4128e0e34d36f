"""Reasons, two people for what is sensitive, where a sending stands."""

import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from documents.domain.procedures import procedures
from documents.domain.reviews import (
    Progress,
    Said,
    Standing,
    accepting,
    accepts_again,
    build_review_law,
    decided,
    eyes_for,
    progress,
    reasons_for,
    review_law,
    standing,
)
from documents.domain.types import LEGAL, Sensitivity, type_law
from iprof.kernel.law import LawFileError

YES, NO, OTHER_YES = Said(1, True), Said(1, False), Said(2, True)
SAID = st.lists(st.builds(Said, st.integers(1, 4), st.booleans()), max_size=8)


@pytest.mark.req("S54")
def test_every_reason_tells_what_why_and_what_to_do():
    for reason in review_law().reasons.values():
        assert reason.sentence.count(".") >= 2 or ":" in reason.sentence, reason.code
        assert reason.sentence.endswith("."), reason.code
    assert [reason.code for reason in review_law().reasons.values() if reason.asks] == ["autre-document"]
    assert review_law().reasons["autre"].comment


def test_a_reason_belongs_to_its_procedures():
    codes = {code: {reason.code for reason in reasons_for(code)} for code in procedures()}
    assert "non-traduit" in codes["situation_familiale"]
    assert "non-traduit" not in codes["certificat_medical"]
    assert all({"illisible", "autre", "autre-document"} <= found for found in codes.values())


@pytest.mark.req("D17")
def test_what_is_sensitive_takes_two_people():
    two = {code for code in type_law().types if eyes_for(code) == 2}
    assert two == {code for code, kind in type_law().types.items() if kind.sensitivity is not Sensitivity.ORDINARY}
    assert eyes_for("inconnu") == 2


@pytest.mark.req("D17")
@pytest.mark.parametrize(
    ("said", "eyes", "found"),
    [
        ([], 1, Standing.WAITING),
        ([YES], 1, Standing.ACCEPTED),
        ([YES], 2, Standing.SECOND),
        ([YES, YES], 2, Standing.SECOND),
        ([YES, OTHER_YES], 2, Standing.ACCEPTED),
        ([YES, NO], 1, Standing.REFUSED),
        ([YES, OTHER_YES, NO], 2, Standing.REFUSED),
        ([YES, NO, OTHER_YES], 2, Standing.SECOND),
        ([NO, YES], 1, Standing.ACCEPTED),
    ],
)
def test_where_a_piece_stands(said, eyes, found):
    assert standing(said, eyes=eyes) is found


@given(SAID, st.sampled_from([1, 2]))
def test_accepted_means_enough_people_since_the_last_refusal(said, eyes):
    found = standing(said, eyes=eyes)
    since = []
    for one in said:
        since = [*since, one.by] if one.accepted else []
    assert (found is Standing.ACCEPTED) == (len(set(since)) >= eyes)
    assert (found is Standing.REFUSED) == (bool(said) and not said[-1].accepted)


@given(SAID, st.integers(1, 4), st.sampled_from([1, 2]))
def test_an_acceptance_that_is_not_said_again_always_moves_the_piece_on(said, by, eyes):
    before = standing(said, eyes=eyes), accepting(said)
    after = [*said, Said(by, True)]
    assert accepts_again(said, by=by, eyes=eyes) == (
        before[0] is Standing.ACCEPTED or (standing(after, eyes=eyes), accepting(after)) == before
    )


@pytest.mark.req("S54", "S55")
@pytest.mark.parametrize(
    ("standings", "now", "found"),
    [
        ([Standing.ACCEPTED], Progress.SENT, Progress.COMPLETE),
        ([Standing.ACCEPTED, Standing.WAITING], Progress.SENT, Progress.SENT),
        ([Standing.REFUSED, Standing.WAITING], Progress.SENT, Progress.SENT),
        ([Standing.REFUSED, Standing.SECOND], Progress.SENT, Progress.SENT),
        ([Standing.REFUSED, Standing.ACCEPTED], Progress.SENT, Progress.INCOMPLETE),
        ([Standing.REFUSED, Standing.SECOND], Progress.INCOMPLETE, Progress.INCOMPLETE),
        ([Standing.ACCEPTED, Standing.SECOND], Progress.INCOMPLETE, Progress.SENT),
        ([Standing.ACCEPTED, Standing.REFUSED], Progress.COMPLETE, Progress.INCOMPLETE),
        ([], Progress.SENT, Progress.SENT),
    ],
)
def test_where_a_sending_stands(standings, now, found):
    assert progress(standings, now=now) is found
    assert progress(standings, now=now, missing=True) is Progress.INCOMPLETE


def test_all_is_decided_when_nothing_waits():
    assert decided([Standing.ACCEPTED, Standing.REFUSED])
    assert not decided([Standing.ACCEPTED, Standing.SECOND])
    assert not decided([])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("procedures: [situation_familiale", "procedures: [mutation_lunaire"),
        ("four_eyes: [identity, medical]", "four_eyes: [gossip]"),
        ("    asks: true", "    asks: oui peut-être"),
        ("  illisible:", f"  {'i' * 31}:"),
        ("    label: Illisible\n", ""),
    ],
)
def test_a_wrong_file_is_refused(tmp_path, old, new):
    shutil.copy(LEGAL / "review_reasons.yaml", tmp_path)
    path = tmp_path / "review_reasons.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(LawFileError):
        build_review_law(tmp_path)
