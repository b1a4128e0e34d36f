"""A new personal field that is neither in the copy nor left aside with a reason fails here (RGPD art. 15, norm D22)."""

from dataclasses import replace

import pytest

from career.models import Agent, SavedScenario
from career.personal_data import MASKED
from documents.models import Document
from iprof.web import personal_data
from iprof.web.personal_data import ASIDE, HELD, concrete, gaps, label_of, personal_models
from security.models import User
from tests.factories.accounts import UserFactory
from tests.factories.career import full_career

pytestmark = pytest.mark.req("D22", "T8", "S65")


def test_everything_held_is_in_the_copy_or_left_aside_with_a_reason():
    assert gaps() == []


@pytest.mark.parametrize("model", [User, Agent, Document])
def test_a_field_nobody_thought_of_is_found(monkeypatch, model):
    held = HELD[model]
    monkeypatch.setitem(HELD, model, replace(held, fields=held.fields[1:]))
    assert gaps() == [f"{model._meta.label}.{held.fields[0]} is neither exported nor excluded"]


def test_a_table_nobody_thought_of_is_found(monkeypatch):
    monkeypatch.delitem(HELD, SavedScenario)
    assert gaps() == ["career.SavedScenario: neither held nor set aside"]
    monkeypatch.setitem(ASIDE, SavedScenario, " ")
    assert gaps() == ["career.SavedScenario: neither held nor set aside"]


def test_a_decision_that_says_nothing_or_twice_is_found(monkeypatch):
    held = HELD[SavedScenario]
    wrong = replace(held, fields=(*held.fields, "id", "salaire"), excluded={**held.excluded, "agent": ""})
    monkeypatch.setitem(HELD, SavedScenario, wrong)
    monkeypatch.setitem(ASIDE, User, "essai")
    assert sorted(one.partition(".")[2] for one in gaps()) == [
        "SavedScenario.agent is excluded without a reason",
        "SavedScenario.id is both exported and excluded",
        "SavedScenario.salaire is not a field",
        "User: both held and set aside",
    ]


def test_tables_are_followed_however_far_the_person_is():
    found = {model._meta.label for model in personal_models()}
    assert {"career.CvEntry", "documents.Review", "correspondence.AlertCopy", "career.InboxMessage"} <= found
    assert not {"career.Establishment", "correspondence.EmptySearch", "security.JournalSeal"} & found


def test_every_field_has_a_french_name():
    english = {"created", "updated", "deadline", "thread", "attachment", "user", "owner", "last"}
    for held in HELD.values():
        for name in held.fields:
            assert not english & set(label_of(held.model, name).lower().split()), f"{held.model._meta.label}.{name}"


PUBLIC_DIGESTS = {"digest", "payload_digest", "pdf_digest"}  # SHA-256 of what the person was given: printed on it


def test_no_secret_is_given():
    words = ("password", "digest", "sealed", "secret", "token", "session_key", "endpoint", "p256dh")
    for held in HELD.values():
        given = [
            name
            for name in set(held.fields) - PUBLIC_DIGESTS
            if name not in held.shown and any(word in name for word in words)
        ]
        assert [name for name in given if "changed_at" not in name and name != "must_change_password"] == []
        binary = [name for name in held.fields if concrete(held.model)[name].get_internal_type() == "BinaryField"]
        assert set(binary) <= set(held.shown)


@pytest.mark.django_db
def test_the_numen_is_masked():
    agent = full_career()
    assert HELD[Agent].shown["numen_sealed"](agent) is None
    agent.numen_sealed = b"sealed"
    assert HELD[Agent].shown["numen_sealed"](agent) == MASKED


@pytest.mark.django_db
@pytest.mark.parametrize("held", HELD.values(), ids=lambda held: held.model._meta.label)
def test_each_table_reads_the_rows_of_one_person_only(held):
    assert list(held.rows(UserFactory())) == [] or held.model is User
    assert personal_data.Held is type(held)
