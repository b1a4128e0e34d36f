"""Results: read without writing, imported by one, released by another at the date, called back (K3, D17)."""

import datetime as dt
import uuid

import pytest
import time_machine
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from iprof.correspondence.models import Alert
from iprof.kernel.errors import DomainError
from mobility.enums import BatchState
from mobility.models import Result, ResultBatch
from mobility.results_file import read_results
from mobility.selectors.results import recalled, result_of
from mobility.services.results import dismiss, dry_run, import_results, recall, release
from tests.factories.accounts import UserFactory
from tests.factories.career import full_career
from tests.factories.mobility import campaign, draft
from tests.factories.mobility_results import HEAD, at_the_results, imported, results_file, settled

KIND = "demande.mobilite"
pytestmark = [pytest.mark.req("K3", "D17", "S56")]


@pytest.fixture
def there(db):
    return campaign()


@pytest.fixture
def two(there):
    return [settled(full_career().user, there) for _ in range(2)]


def published(user) -> int:
    return Alert.objects.filter(user=user, kind=KIND, cause__startswith="resultats:").count()


@pytest.mark.django_db
def test_nothing_is_told_before_the_release_and_everything_at_once_after(there, two):
    batch, other = imported(two), UserFactory()
    assert [result_of(row) for row in two] == [None, None]
    with at_the_results(there):
        assert release(batch=batch, by=other, seen=2) == 2
    for row in two:
        row.refresh_from_db()
        found = result_of(row)
        assert row.state == "publie"
        assert (found.rank, found.place, str(found.points)) == (1, "Dijon", "626.20")
        assert row.events.latest("at").act == "publier"
        assert published(row.owner) == 1
    assert Alert.objects.filter(cause__startswith="resultats:").count() == 2


@pytest.mark.django_db
def test_who_imported_does_not_release_nor_does_whom_it_concerns(there, two):
    importer = UserFactory()
    batch = imported(two, by=importer)
    with at_the_results(there):
        with pytest.raises(DomainError, match="results_same_person"):
            release(batch=batch, by=importer, seen=2)
        with pytest.raises(DomainError, match="results_own"):
            release(batch=batch, by=two[0].owner, seen=2)
        with pytest.raises(DatabaseError), transaction.atomic():
            ResultBatch.objects.filter(pk=batch.pk).update(
                state=BatchState.RELEASED, released_by=importer, released_at=there.results_at
            )
    assert result_of(two[0]) is None


@pytest.mark.django_db
def test_the_embargo_holds_to_the_second_in_the_service_and_in_the_database(there, two):
    batch, other = imported(two), UserFactory()
    before = there.results_at - dt.timedelta(seconds=1)
    with time_machine.travel(before, tick=False), pytest.raises(DomainError, match="results_embargo"):
        release(batch=batch, by=other, seen=2)
    with pytest.raises(DatabaseError), transaction.atomic():
        ResultBatch.objects.filter(pk=batch.pk).update(state=BatchState.RELEASED, released_by=other, released_at=before)
    with time_machine.travel(there.results_at, tick=False):
        release(batch=batch, by=other, seen=2)


@pytest.mark.django_db
def test_what_changed_since_the_reading_stops_the_release(there, two):
    batch, other = imported(two), UserFactory()
    with at_the_results(there):
        with pytest.raises(DomainError, match="results_changed"):
            release(batch=batch, by=other, seen=3)
        type(two[0]).objects.filter(pk=two[0].pk).update(state="controle")
        with pytest.raises(DomainError, match="results_changed"):
            release(batch=batch, by=other, seen=2)
    assert not Alert.objects.filter(cause__startswith="resultats:").exists()


@pytest.mark.django_db
def test_a_recall_takes_the_results_away_and_says_why(there, two):
    batch = imported(two)
    with at_the_results(there):
        release(batch=batch, by=UserFactory(), seen=2)
        with pytest.raises(DomainError, match="results_reason"):
            recall(batch=batch, by=UserFactory(), reason=" ")
        stopped, told = recall(batch=batch, by=UserFactory(), reason="Fichier de l'année passée")
        assert (stopped, told) == (2, 0)  # no mail had left yet: nobody has anything to be told
        two[0].refresh_from_db()
        assert (two[0].state, result_of(two[0])) == ("etude", None)
        assert recalled(two[0]).reason == "Fichier de l'année passée"
        again = imported(two, outcome="maintien;;;")
        release(batch=again, by=UserFactory(), seen=2)
        assert (result_of(two[0]).outcome, recalled(two[0])) == ("maintien", None)
        with pytest.raises(DomainError, match="results_state"):
            release(batch=batch, by=UserFactory(), seen=2)


@pytest.mark.django_db
def test_a_file_set_aside_is_never_released(there, two):
    batch = imported(two)
    with pytest.raises(DomainError, match="results_twice"):
        imported(two)
    dismiss(batch=batch, by=UserFactory(), reason="Erreur de campagne")
    with at_the_results(there), pytest.raises(DomainError, match="results_state"):
        release(batch=batch, by=UserFactory(), seen=2)
    imported(two)  # the same file may come again


@pytest.mark.django_db
def test_rows_are_never_changed(there, two):
    imported(two)
    for statement in (lambda: Result.objects.update(place="Nice"), lambda: Result.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            statement()


@pytest.mark.django_db
def test_a_dry_run_counts_and_writes_nothing(there, two):
    left_out = settled(full_career().user, there)
    found = dry_run(campaign=there, content=results_file(two))
    assert (found.problems, dict(found.counts), found.absent) == ((), {"obtenu": 2}, 1)
    assert ResultBatch.objects.count() == 0
    assert left_out.state == "etude"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("obtenu;2;Dijon;", "Le vœu 2 de cette demande n'est pas « Dijon »"),
        ("obtenu;;Dijon;", "« rang »"),
        ("maintien;1;;", "« rang »"),
        ("maintien;;Dijon;", "« lieu »"),
        ("extension;;;", "« lieu »"),
        ("gagne;1;Dijon;", "« resultat »"),
        ("obtenu;1;Dijon;beaucoup", "« points »"),
        ("obtenu;1;Dijon;NaN", "« points »"),
        ("obtenu;1;Dijon", "colonnes"),
    ],
)
def test_a_line_that_does_not_hold_is_told_with_its_number(there, two, outcome, said):
    content = results_file(two, outcome)
    found = dry_run(campaign=there, content=content)
    assert [one.number for one in found.problems] == [2, 3]
    assert said in found.problems[0].sentence
    with pytest.raises(DomainError, match="results_problems"):
        import_results(campaign=there, content=content, by=UserFactory())


@pytest.mark.django_db
def test_requests_of_another_campaign_or_not_settled_are_refused(there):
    open_one = draft(full_career().user, there)
    content = f"{HEAD}\n{open_one.public_id};maintien;;;\n{uuid.uuid4()};maintien;;;\nabc;maintien;;;".encode()
    said = [one.sentence for one in dry_run(campaign=there, content=content).problems]
    assert "n'est pas en cours d'étude" in said[0]
    assert "n'est pas de cette campagne" in said[1]
    assert "n'est pas le numéro" in said[2]


@given(
    st.binary(max_size=400)
    | st.text(alphabet="demande;resultat;rang;lieu;points\n0123456789-obtenu", max_size=300).map(str.encode)
)
def test_whatever_the_bytes_the_reader_answers(content):
    lines, problems = read_results(content)
    assert not lines or not any(problem.number == 0 for problem in problems)
