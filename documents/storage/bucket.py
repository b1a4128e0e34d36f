"""An S3-compatible service: one object a content, put whole or not at all. Needs the libraries of production."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files.base import ContentFile, File
from storages.backends.s3 import S3Storage

GONE = {"404", "NoSuchKey", "NotFound"}
CONNECT, ANSWER, TRIES = 5, 20, 2  # seconds, seconds, tries: a page waits for a deposit


class BucketStorage(S3Storage):
    def get_default_settings(self) -> dict[str, Any]:
        """Addresses by path, and no checksum that only one provider knows: what compatible services agree on."""
        config = Config(
            connect_timeout=CONNECT,
            read_timeout=ANSWER,
            retries={"total_max_attempts": TRIES, "mode": "standard"},
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        )
        return {**super().get_default_settings(), "client_config": config}

    def _save(self, name: str, content: File[Any]) -> str:
        with _told(name):
            self.bucket.Object(self._normalize_name(name)).put(Body=content.read(), **self.object_parameters)
        return name

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        with _told(name):
            return ContentFile(self.bucket.Object(self._normalize_name(name)).get()["Body"].read(), name)

    def delete(self, name: str) -> None:
        with _told(name):
            super().delete(name)

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with _told(name):
            folders, files = super().listdir(name)
        return folders, files

    def get_modified_time(self, name: str) -> dt.datetime:
        with _told(name):
            return super().get_modified_time(name)

    def exists(self, name: str) -> bool:
        with _told(name):
            return bool(super().exists(name))

    def url(self, *args: Any, **kwargs: Any) -> str:
        """Contents leave through an authorised page only, never by a link to the service."""
        raise ValueError("Documents have no address.")


@contextmanager
def _told(name: str) -> Iterator[None]:
    """FileNotFoundError for an object that is not there; a service that does not answer, or refuses, is an OSError."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        raise FileNotFoundError(name) if code in GONE else OSError(f"S3 {code}") from error
    except BotoCoreError as error:
        raise OSError(type(error).__name__) from error
