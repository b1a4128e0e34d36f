"""Where the contents of documents rest: a folder, or an S3-compatible service when a bucket is named."""

from typing import Any

from iprof import env

BUCKET, ENDPOINT = "IPROF_DOCUMENTS_S3_BUCKET", "IPROF_DOCUMENTS_S3_ENDPOINT"


def documents(folder: str) -> dict[str, Any]:
    """The value of STORAGES["documents"]."""
    bucket = env.text(BUCKET, "")
    if not bucket:
        return {"BACKEND": "documents.storage.disk.DiskStorage", "OPTIONS": {"location": folder, "base_url": None}}
    return {
        "BACKEND": "documents.storage.bucket.BucketStorage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env.text(ENDPOINT, "") or None,
            "region_name": env.text("IPROF_DOCUMENTS_S3_REGION", "") or None,
            "access_key": env.text("IPROF_DOCUMENTS_S3_KEY_ID", "") or None,
            "secret_key": env.text("IPROF_DOCUMENTS_S3_SECRET", "") or None,
            "location": env.text("IPROF_DOCUMENTS_S3_PREFIX", ""),
            "file_overwrite": False,
        },
    }
