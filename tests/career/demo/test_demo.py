"""The fictional académie: loaded once, by the ordinary doors, with accounts that open what each role may see."""

import datetime as dt
import json
import stat
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from career.demo import remembered
from career.demo.accounts import draw_password, open_demo_accounts
from career.demo.seed import FEED_NAME, Files, State, is_demo_database, state_of
from career.models import Agent, CareerStep, Establishment, FeedRun, QuarantinedMessage
from career.selectors.agents import visible_agents
from career.selectors.threads import visible_threads
from iprof.correspondence.models import Bulletin, Circular, Deadline, Thread
from security.enums import AccessKind, Role
from security.models import AccessEvent, User
from tests.factories.accounts import UserFactory
from tests.factories.career import AgentFactory

AGENTS = 60
pytestmark = pytest.mark.django_db


@pytest.fixture
def demo_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("IPROF_DEMO_DIR", str(tmp_path))
    return tmp_path


@pytest.fixture
def seeded(demo_folder):
    call_command("demo_seed", agents=AGENTS, quiet=True, stdout=StringIO())
    return demo_folder


def accounts_table() -> str:
    out = StringIO()
    call_command("demo_accounts", stdout=out)
    return out.getvalue()


@pytest.mark.req("S02", "S07")
def test_seeding_loads_everybody_and_rejects_nothing(seeded):
    assert Agent.objects.count() == AGENTS
    assert Establishment.objects.filter(departement__in=("08", "10", "51", "52")).count() == 24
    assert not QuarantinedMessage.objects.exists()
    assert is_demo_database()


def test_careers_end_around_today(seeded):
    today = timezone.localdate()
    newest = CareerStep.objects.filter(effective_on__lte=today).latest("effective_on")
    assert today - newest.effective_on < dt.timedelta(days=366)


def test_files_with_numens_are_deleted_once_loaded(seeded):
    assert list(seeded.iterdir()) == []


def test_a_second_start_loads_nothing(seeded):
    runs = FeedRun.objects.count()
    out = StringIO()
    call_command("demo_seed", if_empty=True, stdout=out)
    assert out.getvalue() == ""
    assert FeedRun.objects.count() == runs


def test_a_database_with_agents_is_left_alone(demo_folder):
    AgentFactory()
    with pytest.raises(CommandError, match="contient déjà des agents"):
        call_command("demo_seed", agents=AGENTS, quiet=True)
    assert Agent.objects.count() == 1


def test_an_interrupted_load_is_taken_up_again(demo_folder, monkeypatch):
    monkeypatch.setattr("career.feed.loader.ingest", _killed)
    with pytest.raises(KeyboardInterrupt):
        call_command("demo_seed", agents=AGENTS, quiet=True, stdout=StringIO())
    files = Files(demo_folder)
    assert state_of(files) is State.INTERRUPTED
    assert stat.S_IMODE(files.feed.stat().st_mode) == 0o600
    monkeypatch.undo()
    monkeypatch.setenv("IPROF_DEMO_DIR", str(demo_folder))
    out = StringIO()
    call_command("demo_seed", if_empty=True, quiet=True, stdout=out)
    assert "il reprend" in out.getvalue()
    assert Agent.objects.count() == AGENTS
    assert state_of(files) is State.FILLED


def _killed(*args, **kwargs):
    raise KeyboardInterrupt


def test_a_feed_half_written_is_written_again(demo_folder):
    Files(demo_folder).feed.with_suffix(".part").write_bytes(b"{")
    call_command("demo_seed", agents=AGENTS, quiet=True, stdout=StringIO())
    assert Agent.objects.count() == AGENTS
    assert not QuarantinedMessage.objects.exists()


@pytest.mark.req("D16")
def test_each_role_has_an_account_that_signs_in(seeded, client):
    printed = accounts_table()
    rows = json.loads((seeded / remembered.FILE_NAME).read_text())
    assert [row["login"] for row in rows[1:8]] == [
        "gestionnaire", "chef", "dpo", "informatique", "assistance", "medical", "admin",
    ]  # fmt: skip
    for row in rows[:-1]:
        assert row["password"] in printed
        assert client.login(username=row["login"], password=row["password"]), row["login"]


def test_passwords_are_kept_for_their_owner_only_and_printed_again(seeded):
    first = accounts_table()
    assert stat.S_IMODE((seeded / remembered.FILE_NAME).stat().st_mode) == 0o600
    events = AccessEvent.objects.count()
    assert accounts_table() == first
    assert AccessEvent.objects.count() == events


@pytest.mark.req("S23")
def test_one_bulletin_is_published_by_two_persons_and_says_it_is_an_example(seeded, client):
    accounts_table()
    accounts_table()
    bulletin = Bulletin.objects.get()
    assert (bulletin.state, bulletin.edited_by.username, bulletin.reviewed_by.username) == (
        "publie",
        "informatique",
        "admin",
    )
    page = client.get(bulletin.get_absolute_url()).content.decode()
    assert "fait partie de l&#x27;académie fictive" in page
    assert "arrete_affectation.pdf.exe" in page


def test_two_correspondences_are_released_once_and_say_they_are_examples(seeded):
    accounts_table()
    accounts_table()
    found = list(Circular.objects.order_by("pk"))
    assert [(row.state, row.released_by.username) for row in found] == [("diffusee", "gestionnaire")] * 2
    assert all("académie fictive" in row.body for row in found)
    teacher = User.objects.filter(is_staff=False, activated_at__isnull=False).get()
    assert teacher.circulars_received.count() == 2


def test_staff_accounts_see_files_of_their_scope(seeded):
    today = timezone.localdate()
    accounts_table()
    seen = {
        name: visible_agents(User.objects.get(username=name), on=today) for name in ("gestionnaire", "chef", "admin")
    }
    assert 0 < seen["chef"].count() <= seen["gestionnaire"].count() < seen["admin"].count()
    assert not visible_agents(User.objects.get(username="dpo"), on=today).exists()
    teacher = AccessEvent.objects.get(kind=AccessKind.ACCOUNT_ACTIVATED).subject
    assert seen["chef"].filter(user=teacher).exists()


@pytest.mark.req("S20")
def test_one_teacher_is_active_and_one_waits_for_the_first_access(seeded):
    accounts_table()
    rows = json.loads((seeded / remembered.FILE_NAME).read_text())
    teacher, newcomer = (User.objects.get(username=rows[n]["login"]) for n in (0, -1))
    assert teacher.activated_at
    assert teacher.activation_digest == ""
    assert newcomer.activated_at is None
    assert newcomer.activation_digest
    assert not newcomer.has_usable_password()
    assert rows[-1]["password"] == ""


def test_another_newcomer_is_proposed_once_the_first_is_in(seeded):
    accounts_table()
    path = seeded / remembered.FILE_NAME
    first = json.loads(path.read_text())[-1]["login"]
    User.objects.filter(username=first).update(activated_at=timezone.now(), activation_digest="")
    accounts_table()
    assert json.loads(path.read_text())[-1]["login"] != first


def test_a_password_changed_since_is_not_overwritten(seeded):
    accounts_table()
    user = User.objects.get(username="gestionnaire")
    user.set_password("Sept-Chemins-Creux-12")
    user.save()
    line = next(line for line in accounts_table().splitlines() if "gestionnaire" in line)
    assert "changé depuis" in line
    user.refresh_from_db()
    assert user.check_password("Sept-Chemins-Creux-12")


def test_a_database_from_elsewhere_gets_no_demo_account(demo_folder):
    AgentFactory()
    users = User.objects.count()
    assert "aucun compte" in accounts_table()
    assert User.objects.count() == users
    assert not (demo_folder / remembered.FILE_NAME).exists()


def test_without_staff_nothing_is_opened(demo_folder):
    FeedRun.objects.create(door="fichier", file_name=FEED_NAME)
    assert open_demo_accounts(known={}, on=dt.date(2026, 11, 24)) == []
    assert "aucun compte" in accounts_table()


def test_the_folder_must_be_told(monkeypatch):
    monkeypatch.delenv("IPROF_DEMO_DIR", raising=False)
    with pytest.raises(CommandError, match="IPROF_DEMO_DIR"):
        call_command("demo_accounts")


def test_passwords_drawn_follow_the_portal_s_rules(monkeypatch):
    """The first draw is refused (no digit, guessable): another one is made."""
    letters = iter("a" * 20 + "Kp7mXq2zRt9wLb4hVn3d")
    user = UserFactory(username="admin", is_superuser=True, roles=[Role.SUPERADMIN])
    monkeypatch.setattr("career.demo.accounts.secrets.choice", lambda alphabet: next(letters))
    assert draw_password(user) == "Kp7m-Xq2z-Rt9w-Lb4h-Vn3d"


def test_deadlines_are_examples_around_the_day_and_one_is_put_off(seeded):
    accounts_table()
    accounts_table()
    deadlines = list(Deadline.objects.all())
    assert len(deadlines) == 3
    for deadline in deadlines:
        assert deadline.title.startswith("Exemple")
        assert deadline.source.startswith("Exemple")
        assert 0 < (deadline.closes_on - timezone.localdate()).days <= 25
        assert deadline.people.exists()
    assert sorted(deadline.moves for deadline in deadlines) == [0, 0, 1]


@pytest.mark.req("S87")
def test_a_few_written_exchanges_are_laid_once_and_say_they_are_examples(seeded):
    accounts_table()
    accounts_table()
    assert {thread.subject.partition(" :")[0] for thread in Thread.objects.all()} == {"Exemple"}
    assert sorted(Thread.objects.values_list("kind", "state")) == [
        ("echange", "pris_en_charge"),
        ("echange", "repondu"),
        ("support", "repondu"),
    ]
    manager = User.objects.get(username="gestionnaire")
    assert visible_threads(manager, on=timezone.localdate()).count() == 2
