"""An S3-compatible service behind the same promises as a folder. The libraries are those of production only."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import override_settings

from documents import custody
from documents.enums import DocumentState
from documents.services.deposit import deposit
from documents.services.examine import examine
from tests.documents.bucket_service import BucketService
from tests.documents.papers import sent
from tests.factories.accounts import UserFactory

pytest.importorskip("storages.backends.s3", reason="les bibliothèques S3 ne sont installées qu'en production")


@pytest.fixture
def service():
    service = BucketService()
    yield service
    service.shutdown()
    service.server_close()


def options(service: BucketService, **others):
    return {
        "bucket_name": "pieces",
        "endpoint_url": service.address,
        "region_name": "fr",
        "access_key": "portail",
        "secret_key": "secret",
        "file_overwrite": False,
        **others,
    }


@pytest.fixture
def storage(service):
    from documents.storage.bucket import BucketStorage  # noqa: PLC0415  (needs the libraries)

    return BucketStorage(**options(service))


def test_a_content_is_put_read_listed_and_deleted(storage, service):
    assert storage.save("ab/abcd", ContentFile(b"sealed")) == "ab/abcd"
    assert service.objects == {"ab/abcd": b"sealed"}
    assert storage.open("ab/abcd").read() == b"sealed"
    assert (storage.listdir(""), storage.listdir("ab")) == ((["ab"], []), ([], ["abcd"]))
    assert dt.datetime.now(dt.UTC) - storage.get_modified_time("ab/abcd") < dt.timedelta(minutes=1)
    storage.delete("ab/abcd")
    storage.delete("ab/abcd")
    assert service.objects == {}


def test_a_prefix_holds_everything(service):
    from documents.storage.bucket import BucketStorage  # noqa: PLC0415  (needs the libraries)

    storage = BucketStorage(**options(service, location="iprof"))
    storage.save("ab/abcd", ContentFile(b"sealed"))
    assert service.objects == {"iprof/ab/abcd": b"sealed"}
    assert storage.listdir("") == (["ab"], [])
    assert storage.open("ab/abcd").read() == b"sealed"


def test_what_is_not_there_and_what_is_refused_are_told_apart(storage, service):
    with pytest.raises(FileNotFoundError):
        storage.open("ab/abcd")
    service.refusal = (403, "AccessDenied")
    for call in (lambda: storage.open("ab/abcd"), lambda: storage.delete("ab/abcd"), lambda: storage.listdir("")):
        with pytest.raises(OSError, match="AccessDenied") as told:
            call()
        assert not isinstance(told.value, FileNotFoundError)
    with pytest.raises(OSError, match="S3"):
        storage.save("ab/abcd", ContentFile(b"sealed"))
    assert service.objects == {}


def test_a_service_that_is_silent_or_gone_is_not_waited_for(service, monkeypatch):
    from documents.storage import bucket  # noqa: PLC0415  (needs the libraries)

    monkeypatch.setattr(bucket, "ANSWER", 0.2)
    storage = bucket.BucketStorage(**options(service))
    service.silence = 1
    with pytest.raises(OSError, match="ReadTimeout"):
        storage.open("ab/abcd")
    assert len(service.calls) == bucket.TRIES
    service.shutdown()
    service.server_close()
    with pytest.raises(OSError, match="Connect|Timeout"):
        storage.open("ab/abcd")


def test_a_document_has_no_address(storage):
    with pytest.raises(ValueError, match="no address"):
        storage.url("ab/abcd")


@pytest.mark.django_db
def test_a_document_rests_encrypted_in_a_bucket(service, settings):
    found = {
        **settings.STORAGES,
        "documents": {"BACKEND": "documents.storage.bucket.BucketStorage", "OPTIONS": options(service)},
    }
    with override_settings(STORAGES=found):
        assert type(storages["documents"]).__name__ == "BucketStorage"
        document = deposit(owner=UserFactory(), upload=sent())
        assert examine(document.pk).state == DocumentState.KEPT
        assert custody.read(document.stored).startswith(b"%PDF-")
        [sealed] = service.objects.values()
        assert b"%PDF" not in sealed
