"""Keys change without losing what they held: NUMENs, factors, rejected lines, hashes, the chain of the journal (D10, D20)."""

import base64
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from career.feed.quarantine import SEAL_CONTEXT
from career.feed.reader import line_digest
from career.models import QuarantinedMessage
from iprof.web import rotation
from iprof.web.crypto import UnreadableSecret, is_fresh, lookup_digest, seal, unseal
from security import tasks
from security.enums import AccessKind
from security.idp.claims import subject_of
from security.idp.models import Service
from security.journal import record
from security.models import AccessEvent, JournalSeal, User
from security.selectors_journal import journal_state
from security.services import activation_digest, find_waiting_account
from security.services_journal import seal_journal
from security.trust import is_trusted
from tests.factories.accounts import AuthenticatorFactory, TrustedBrowserFactory, UserFactory
from tests.factories.career import AgentFactory
from tests.security.test_journal_chain import tamper, verified

pytestmark = [pytest.mark.django_db, pytest.mark.req("D10")]
NEW, OTHER = (base64.b64encode(bytes([n]) * 32).decode() for n in (7, 8))
NUMENS = [f"19E99{n:05d}XYZ" for n in range(5)]


def run(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


# --- What is encrypted ----------------------------------------------------------------------------------------------


@pytest.fixture
def held(settings):
    """Five NUMENs, an application, a line of the feed and codes, under a key that is then former."""
    agents = [AgentFactory(numen_sealed=seal(numen, context="numen")) for numen in NUMENS]
    AgentFactory(numen_sealed=None)
    secret = base64.b64encode(seal("secret", context="mfa")).decode()
    user = UserFactory(username="facteurs")
    AuthenticatorFactory(user=user, data={"secret": secret, "last_counter": 7})
    codes = {"migrated_codes": [secret, secret], "used_mask": 3}
    Authenticator.objects.create(user=user, type=Authenticator.Type.RECOVERY_CODES, data=codes)
    Authenticator.objects.create(user=user, type=Authenticator.Type.WEBAUTHN, data={"name": "clé"})
    settings.NUMEN_KEYS_OLD, settings.NUMEN_KEY = [settings.NUMEN_KEY], NEW
    return agents


def read_back(agents) -> list[str]:
    for agent in agents:
        agent.refresh_from_db()
    return [unseal(agent.numen_sealed, context="numen") for agent in agents]


def test_a_former_key_still_reads_and_the_present_one_writes(held, settings):
    assert read_back(held) == NUMENS
    assert is_fresh(seal("x", context="numen"), context="numen")
    settings.NUMEN_KEYS_OLD = []
    with pytest.raises(UnreadableSecret):
        read_back(held)


def test_without_apply_it_counts_and_changes_nothing(held):
    before = [bytes(agent.numen_sealed) for agent in held]
    said = run("reseal")
    assert "NUMEN : 0 sous la clé actuelle, 5 sous une ancienne clé, 0 illisibles." in said
    assert "Seconds facteurs : 0 sous la clé actuelle, 2 sous une ancienne clé, 0 illisibles." in said
    assert "Rien n'est changé sans --apply." in said
    read_back(held)
    assert [bytes(agent.numen_sealed) for agent in held] == before


def test_with_apply_the_former_key_may_go(held, settings):
    assert "NUMEN : 0 sous la clé actuelle, 5 rechiffrés, 0 illisibles." in run("reseal", "--apply")
    settings.NUMEN_KEYS_OLD = []
    assert read_back(held) == NUMENS
    totp, codes = (Authenticator.objects.get(type=kind).data for kind in ("totp", "recovery_codes"))
    assert (totp["last_counter"], codes["used_mask"]) == (7, 3)
    for text in (totp["secret"], *codes["migrated_codes"]):
        assert unseal(base64.b64decode(text), context="mfa") == "secret"
    assert Authenticator.objects.get(type="webauthn").data == {"name": "clé"}
    assert "NUMEN : 5 sous la clé actuelle, 0 rechiffrés" in run("reseal", "--apply")


def test_stopped_in_the_middle_it_goes_on(held, settings, monkeypatch):
    monkeypatch.setattr(rotation, "BATCH", 2)
    done, whole = [], rotation._row

    def stops(column, row, progress, apply):
        if column.label == "NUMEN":
            done.append(row.pk)
        if len(done) == 4:
            raise KeyboardInterrupt
        whole(column, row, progress, apply)

    monkeypatch.setattr(rotation, "_row", stops)
    with pytest.raises(KeyboardInterrupt):
        run("reseal", "--apply")
    monkeypatch.setattr(rotation, "_row", whole)
    assert "NUMEN : 2 sous la clé actuelle, 3 sous une ancienne clé" in run("reseal")
    run("reseal", "--apply")
    settings.NUMEN_KEYS_OLD = []
    assert read_back(held) == NUMENS


def test_a_value_written_meanwhile_is_kept(held, monkeypatch):
    """The feed brings a NUMEN between the reading and the writing of its row."""
    real = rotation.unseal

    def slow(sealed, *, context):
        type(held[0]).objects.filter(pk=held[0].pk).update(numen_sealed=seal("19E99" + "99999ABC", context="numen"))
        return real(sealed, context=context)

    monkeypatch.setattr(rotation, "unseal", slow)
    run("reseal", "--apply")
    assert read_back(held)[0] == "19E99" + "99999ABC"


def test_what_no_key_opens_is_told_and_left(held, settings):
    settings.NUMEN_KEYS_OLD = [OTHER]
    out = StringIO()
    with pytest.raises(CommandError, match="7 valeurs ne s'ouvrent avec aucune clé connue"):
        call_command("reseal", "--apply", stdout=out)
    assert "5 illisibles" in out.getvalue()


def test_every_sealed_column_is_named():
    """A new use of `seal` must be registered, or the next change of key loses it."""
    assert {column.context for column in rotation.COLUMNS.values()} == {
        "numen",
        "receipt",
        "mfa",
        "attachment",
        "document-key",
        "personal-export",
        SEAL_CONTEXT,
    }
    assert QuarantinedMessage in {column.rows().model for column in rotation.COLUMNS.values()}


# --- What is only recognised ----------------------------------------------------------------------------------------


@pytest.fixture
def recognised(settings):
    """An agent who waits with the NUMEN, another with the code of a letter, under a key that is then former."""
    waiting = UserFactory(username="attend", waiting=True, activation_digest=activation_digest(NUMENS[0]))
    sealed, digest = seal(NUMENS[0], context="numen"), lookup_digest(NUMENS[0], context="numen")
    agent = AgentFactory(user=waiting, numen_sealed=sealed, numen_digest=digest)
    UserFactory(username="code", waiting=True, activation_digest=activation_digest("ABCD-EFGH-JKLM"))
    settings.LOOKUP_KEYS_OLD, settings.LOOKUP_KEY = [settings.LOOKUP_KEY], NEW
    return agent


def opens(login: str, secret: str) -> bool:
    return find_waiting_account(login=login, secret=secret) is not None


def test_hashes_of_a_former_key_are_recognised_then_made_again(recognised, settings):
    assert opens("attend", NUMENS[0])
    assert "0 de la clé actuelle, 1 d'une ancienne clé, 0 illisibles" in run("redigest")
    said = run("redigest", "--apply")
    assert "0 de la clé actuelle, 1 refaites, 0 illisibles" in said
    assert "connus de leur seule clé : 1." in said
    settings.LOOKUP_KEYS_OLD = []
    recognised.refresh_from_db()
    assert recognised.numen_digest == lookup_digest(NUMENS[0], context="numen")
    assert opens("attend", NUMENS[0])
    assert not opens("attend", NUMENS[1])
    assert "1 de la clé actuelle, 0 refaites" in run("redigest", "--apply")


def test_the_code_of_a_letter_lives_as_long_as_its_key_is_listed(recognised, settings):
    run("redigest", "--apply")
    assert opens("code", "abcd efgh jklm")
    settings.LOOKUP_KEYS_OLD = []
    assert not opens("code", "abcd efgh jklm")


def test_an_account_opened_meanwhile_gets_no_secret_back(recognised):
    User.objects.filter(username="attend").update(activation_digest="", activated_at="2026-11-24T08:00Z")
    run("redigest", "--apply")
    assert User.objects.get(username="attend").activation_digest == ""


def test_numens_that_cannot_be_read_are_told(recognised, settings):
    settings.NUMEN_KEY = OTHER
    with pytest.raises(CommandError, match="NUMEN_KEYS_OLD"):
        run("redigest", "--apply")


def test_lines_of_the_feed_do_not_depend_on_it(settings):
    before = line_digest(b"{}")
    settings.LOOKUP_KEY = NEW
    assert line_digest(b"{}") == before
    settings.STABLE_KEY = NEW
    assert line_digest(b"{}") != before


def test_services_are_told_the_same_people_and_keep_their_secret_meanwhile(settings):
    before = subject_of("service", 7)
    service = Service()
    service.set_secret("secret-of-a-service")
    settings.LOOKUP_KEYS_OLD, settings.LOOKUP_KEY = [settings.LOOKUP_KEY], NEW
    assert subject_of("service", 7) == before
    assert service.check_secret("secret-of-a-service")
    assert not service.check_secret("another-secret")
    settings.LOOKUP_KEYS_OLD = []
    assert not service.check_secret("secret-of-a-service")


def test_a_trusted_browser_stays_trusted_while_the_key_is_listed(settings, rf):
    user = UserFactory()
    TrustedBrowserFactory(user=user, key_digest=lookup_digest("cle", context="trusted-browser"))
    request = rf.get("/")
    request.COOKIES["trust"] = "cle"
    settings.LOOKUP_KEYS_OLD, settings.LOOKUP_KEY = [settings.LOOKUP_KEY], NEW
    assert is_trusted(request, user)
    settings.LOOKUP_KEYS_OLD = []
    assert not is_trusted(request, user)


# --- What is signed -------------------------------------------------------------------------------------------------


def written(count: int = 3) -> None:
    for n in range(count):
        record(AccessKind.FILE_READ, actor=None, subject=UserFactory(), reason=f"Motif {n}")


@pytest.fixture
def turned(settings) -> str:
    """Three lines under a key, three under the next; the former key is returned."""
    former = settings.JOURNAL_KEY
    written()
    said = run("seal_journal")
    last = said.rpartition(" : ")[2].strip().partition(":")[0]
    assert last == str(JournalSeal.objects.count())
    settings.JOURNAL_KEYS_OLD, settings.JOURNAL_KEY = [f"{last}:{former}"], NEW
    written()
    return former


@pytest.mark.req("D20")
def test_the_chain_goes_on_from_key_to_key(turned, settings):
    seal_journal()
    assert "Le journal est intact." in verified()
    former, settings.JOURNAL_KEYS_OLD = settings.JOURNAL_KEYS_OLD, []
    assert journal_state().fault.position == 1
    seals = JournalSeal.objects.count()
    settings.JOURNAL_KEYS_OLD, settings.JOURNAL_KEY = [*former, f"{seals}:{NEW}"], OTHER
    written()
    seal_journal()
    assert "Le journal est intact." in verified()


@pytest.mark.req("D20")
@pytest.mark.parametrize("position", [1, 5])
def test_what_is_changed_under_either_key_is_found(turned, position):
    seal_journal()
    line = JournalSeal.objects.get(position=position).line
    tamper("UPDATE security_accessevent SET reason = 'autre' WHERE id = %s", line)
    assert journal_state().fault.position == position


@pytest.mark.req("D20")
def test_a_former_key_forges_nothing_new(turned, settings):
    today = settings.JOURNAL_KEY
    settings.JOURNAL_KEY = turned
    forged = record(AccessKind.FILE_READ, actor=None, reason="Fausse trace")
    settings.JOURNAL_KEY = today
    assert journal_state().fault.line == forged.pk
    seal_journal()
    assert journal_state().fault.line == 0 or journal_state().fault.position > 3
    assert AccessEvent.objects.filter(pk=forged.pk).exists()


@pytest.mark.req("D20")
def test_the_hashes_of_accounts_no_longer_sign_the_journal(settings):
    written()
    seal_journal()
    settings.LOOKUP_KEY = NEW
    assert "Le journal est intact." in verified()
    assert tasks.seal_access_journal() == 0
