"""Completeness at the first sending: computed, hidden when few, without names, in a constant number of queries."""

import csv
import datetime as dt
import io
import shutil
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from documents.domain.completeness import (
    TOGETHER,
    Sending,
    build_completeness_law,
    completeness_law,
    shares,
    whole_share,
)
from documents.domain.types import LEGAL
from documents.models import Submission
from documents.selectors.completeness import NO_POST, completeness, years
from iprof.kernel.law import LawFileError
from security.enums import Role
from tests.career.web.pages import words
from tests.client import PortalClient
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import full_career
from tests.factories.submissions import decide, sent_pieces

PAGE = "/gestion/documents/submission/completude/"
ON = dt.date(2026, 11, 24)
SENDINGS = st.lists(st.builds(Sending, st.integers(1, 12), st.sampled_from("abcd"), st.booleans()), max_size=60)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(dt.datetime(2026, 11, 24, 9, tzinfo=dt.UTC), tick=False) as clock:
        yield clock


def some(group: str, people: int, complete: int, start: int = 0) -> list[Sending]:
    return [Sending(start + number, group, number < complete) for number in range(people)]


@pytest.mark.req("S55")
def test_the_published_figures_are_those_of_the_brief():
    found = {year: (node.value, node.unit) for year, node in completeness_law().published.items()}
    assert found == {2021: (Decimal(71), "%"), 2025: (Decimal(92), "%")}
    assert all("S55" in node.sources[0].text for node in completeness_law().published.values())


@pytest.mark.req("S55")
def test_a_share_is_a_percentage_to_a_tenth():
    found = whole_share(some("a", 7, 5), label="tout")
    assert (found.sent, found.complete, found.percent) == (7, 5, Decimal("71.4"))
    assert [one.value for one in found.node.inputs] == [7, 5]


def test_few_people_are_hidden_however_many_sendings():
    assert whole_share(some("a", 4, 4) * 3, label="tout").percent is None
    assert whole_share([], label="tout").sent is None


def test_what_is_hidden_is_not_found_by_difference():
    found = shares([*some("a", 9, 9), *some("b", 6, 2), *some("c", 3, 3)], order="abc")
    assert [(one.label, one.sent) for one in found] == [("a", 9), (TOGETHER, 9)]
    found = shares([*some("a", 9, 9), *some("b", 3, 2), *some("c", 3, 3, start=20)], order="abc")
    assert [(one.label, one.sent) for one in found] == [("a", 9), (TOGETHER, 6)]


@given(SENDINGS)
def test_no_figure_shown_is_about_few_people_and_nothing_is_lost(sendings):
    found = shares(sendings, order="abcd")
    for share in found:
        of = [one for one in sendings if one.group == share.label] if share.label != TOGETHER else None
        if share.sent is not None and of is not None:
            assert len({one.owner for one in of}) >= completeness_law().people
            assert (share.sent, share.complete) == (len(of), sum(one.complete for one in of))
    if all(share.sent is not None for share in found):
        assert sum(share.sent for share in found) == len(sendings)
    else:
        assert whole_share(sendings, label="tout").sent is None


@pytest.mark.parametrize(
    ("old", "new"),
    [("2021: 71", "2021: beaucoup"), ("people: 5", "people: peu"), ("published: {percent: {", "published: {per: {")],
)
def test_a_wrong_file_is_refused(tmp_path, old, new):
    text = (LEGAL / "completeness.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "completeness.yaml").write_text(text.replace(old, new), encoding="utf-8")
    shutil.copy(LEGAL / "types.yaml", tmp_path)
    with pytest.raises(LawFileError):
        build_completeness_law(tmp_path)


def sendings_of(count: int, by, decision: str = "accepter", **sent) -> list[Submission]:
    return [decide(sent_pieces(full_career().user, **sent), by, domicile=decision) for _ in range(count)]


@pytest.fixture
def office(db):
    return staff(Role.GESTIONNAIRE)


@pytest.mark.req("S55")
@pytest.mark.django_db
def test_it_is_computed_from_the_sendings(office, today):
    sendings_of(6, office)
    sendings_of(5, office, "illisible")
    sendings_of(2, office, "perime")
    sent_pieces(full_career().user)  # not examined yet
    taken_back = sendings_of(1, office)[0]
    Submission.objects.filter(pk=taken_back.pk).update(state="retire")
    found = completeness(2026, on=ON)
    assert (found.whole.sent, found.whole.complete, found.whole.percent) == (13, 6, Decimal("46.2"))
    assert [(one.label, one.sent) for one in found.tables[0].rows] == [("Changement d'adresse", 13)]
    assert [(one.label, one.sent) for one in found.tables[1].rows] == [("novembre", 13)]
    assert [(one.label, one.sent) for one in found.tables[2].rows] == [("Marne", 13)]
    assert [(one.label, one.node.value) for one in found.reasons] == [("Illisible", 5), ("Périmé ou trop ancien", None)]
    assert years() == [2026]
    assert completeness(2025, on=ON).whole.sent is None


@pytest.mark.django_db
def test_an_agent_without_a_post_is_counted_apart(office):
    for number in range(5):
        Submission.objects.create(
            owner=UserFactory(username=f"parti{number}"), procedure="disparue", first_complete=True, attempt=1
        )
    found = completeness(2026, on=ON)
    assert [(one.label, one.sent) for one in found.tables[2].rows] == [(NO_POST, 5)]
    assert [one.label for one in found.tables[0].rows] == ["disparue"]


@pytest.mark.django_db
def test_queries_do_not_grow_with_sendings(office):
    counts = []
    for more in (1, 6):
        sendings_of(more, office, "illisible")
        with CaptureQueriesContext(connection) as queries:
            completeness(2026, on=ON)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 4


@pytest.mark.req("S55")
@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.DPO, Role.GESTIONNAIRE, Role.SUPERADMIN])
def test_who_steers_reads_figures_without_a_name(office, role):
    sendings_of(5, office)
    sendings_of(5, office, "illisible")
    client = PortalClient()
    client.force_login(staff(role, username="lecteur"))
    text = words(client.get(PAGE))
    for word in ("50 %", "92 %", "71 %", "chiffre publié", "Cahier des charges du portail (S55)", "Illisible", "Marne"):
        assert word in text.replace("\u202f", " ").replace("\xa0", " "), word
    assert "Durand" not in text.replace("Maëlle Durand", "", 1)  # who is signed in
    assert "Complétude des envois de pièces" in words(client.get("/gestion/"))


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["procedure", "mois", "departement", "motif"])
def test_each_table_leaves_as_csv(office, table):
    sendings_of(5, office, "illisible")
    client = PortalClient()
    client.force_login(office)
    answer = client.get(f"{PAGE}tableau/", {"par": table})
    assert answer["Content-Disposition"] == f'attachment; filename="completude-{table}-2026.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len(rows) == 2
    assert rows[1][1] == "5"


@pytest.mark.django_db
@pytest.mark.parametrize("query", [{"annee": "1789"}, {"annee": "x"}, {"par": "agent"}, {"annee": "9" * 40}])
def test_a_wrong_choice_is_told(office, query):
    client = PortalClient()
    client.force_login(office)
    for address in (PAGE, f"{PAGE}tableau/"):
        answer = client.get(address, query)
        assert answer.status_code == 400
        assert "dans la liste" in words(answer)
