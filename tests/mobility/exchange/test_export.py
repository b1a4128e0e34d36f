"""The file of requests for SIAM: what it holds and leaves out, its digest, who may write it (S50)."""

import hashlib
import json
import uuid
from io import BytesIO, StringIO
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from documents.models import Receipt
from iprof.kernel.errors import DomainError
from mobility.exchange import export
from mobility.exchange.export import export_requests
from mobility.exchange.format import Header, RequestLine, VoeuLine, encoded, schema_document
from mobility.models import Exchange
from security.enums import AccessKind, Role
from security.models import AccessEvent
from tests.factories.accounts import UserFactory, staff
from tests.factories.career import full_career
from tests.factories.mobility import campaign, confirmed, draft
from tests.factories.mobility_results import settled

pytestmark = pytest.mark.req("S50")
FILE = Path(settings.BASE_DIR) / "docs" / "contracts" / "siam.schema.json"


@pytest.fixture
def there(db):
    return campaign()


def written(there, by=None) -> bytes:
    out = BytesIO()
    export_requests(campaign=there, out=out, by=by or UserFactory())
    return out.getvalue()


def test_a_line_for_each_confirmed_request_and_none_for_a_draft(there):
    sent, decided = confirmed(full_career().user).request, settled(full_career().user)
    draft(full_career().user)
    by = UserFactory()
    first, _, body = written(there, by).partition(b"\n")
    header = msgspec.json.decode(first, type=Header)
    lines = [msgspec.json.decode(one, type=RequestLine) for one in body.splitlines()]
    assert {one.request: (one.state, one.bareme.number) for one in lines} == {
        sent.public_id: ("saisi", 1), decided.public_id: ("etude", 3)
    }  # fmt: skip
    assert (header.campaign, header.requests, header.digest) == (there.public_id, 2, hashlib.sha256(body).hexdigest())
    assert Exchange.objects.get().digest == header.digest
    assert AccessEvent.objects.get(kind=AccessKind.MOBILITY_EXCHANGED).actor == by


def test_a_line_tells_the_voeux_the_claims_the_version_and_the_receipt(there):
    agent = full_career()
    request = settled(agent.user)
    line = msgspec.json.decode(written(there).splitlines()[1], type=RequestLine)
    version = request.versions.latest("number")
    assert line.matricule == agent.matricule
    assert line.receipt == Receipt.objects.get(subject=f"demande:{request.public_id}:1").code
    assert line.voeux == [VoeuLine(1, "Dijon"), VoeuLine(2, "Lyon"), VoeuLine(3, "Nice")]
    assert (line.claims["strategy"], line.claims["conjoint_departement"]) == ("rc", "21")
    assert (line.bareme.facts, line.bareme.result, line.bareme.digest) == (
        version.facts, version.result, version.digest
    )  # fmt: skip


def test_what_it_needs_not_know_is_left_out(there):
    agent = full_career()
    confirmed(agent.user)
    line = json.loads(written(there).splitlines()[1])
    assert not {"conjoint_postal_code", "conjoint_commune"} & line["claims"].keys()
    assert agent.last_name not in json.dumps(line, ensure_ascii=False)


def test_written_twice_it_is_the_same_to_the_byte(there):
    confirmed(full_career().user)
    confirmed(full_career().user)
    assert written(there) == written(there)


def test_the_number_of_queries_does_not_grow_with_the_requests(there, django_assert_num_queries):
    for _ in range(4):
        confirmed(full_career().user)
    with django_assert_num_queries(5):
        assert len(list(export.lines_of(there))) == 4


def test_a_request_changed_between_the_two_readings_stops_the_export(there, monkeypatch):
    confirmed(full_career().user)
    readings = iter([[b"{}\n"], [b"[]\n"]])
    monkeypatch.setattr(export, "lines_of", lambda _: iter(next(readings)))
    with pytest.raises(DomainError, match="export_changed"):
        written(there)
    assert not Exchange.objects.exists()


def test_the_command_writes_a_file_its_author_alone_may_read(there, tmp_path):
    confirmed(full_career().user)
    by, out = staff(Role.SUPERADMIN), tmp_path / "demandes.ndjson"
    told = {"campaign": str(there.public_id), "out": out, "by": by.username, "stdout": StringIO()}
    call_command("siam_export", **told)
    assert out.stat().st_mode & 0o777 == 0o600
    assert len(out.read_bytes().splitlines()) == 2
    with pytest.raises(CommandError, match="ne peut pas être créé"):
        call_command("siam_export", **told)


def test_the_command_refuses_who_may_not_and_an_unknown_campaign(there, tmp_path):
    by, out = staff(Role.GESTIONNAIRE), tmp_path / "demandes.ndjson"
    with pytest.raises(CommandError, match="habilitée"):
        call_command("siam_export", campaign=str(there.public_id), out=out, by=by.username)
    with pytest.raises(CommandError, match="Aucune campagne"):
        call_command("siam_export", campaign=str(uuid.uuid4()), out=out, by=staff(Role.SUPERADMIN).username)
    assert not out.exists()


def test_a_failed_export_leaves_no_file(there, tmp_path, monkeypatch):
    confirmed(full_career().user)
    monkeypatch.setattr("mobility.exchange.export.matricules_of", lambda users: {})
    out = tmp_path / "demandes.ndjson"
    with pytest.raises(CommandError, match="pas de matricule"):
        call_command("siam_export", campaign=str(there.public_id), out=out, by=staff(Role.SUPERADMIN).username)
    assert not out.exists()


def test_the_schema_is_that_of_the_code():
    assert json.loads(FILE.read_text(encoding="utf-8")) == schema_document()
    call_command("siam_schema", "--check", stdout=StringIO())


@given(st.integers(1, 1000), st.text(min_size=1, max_size=60), st.sampled_from(["", "ETB", "ZRA"]))
def test_a_voeu_is_read_back_as_written(rank, place, kind):
    line = VoeuLine(rank, place, kind)
    assert msgspec.json.decode(msgspec.json.encode(line), type=VoeuLine) == line


@given(st.integers(2020, 2100), st.integers(0, 10**6), st.uuids())
def test_a_header_written_again_is_the_same_bytes(session, requests, number):
    line = encoded(Header(number, "2D", "inter", session, requests, "0" * 64))
    assert encoded(msgspec.json.decode(line, type=Header)) == line
