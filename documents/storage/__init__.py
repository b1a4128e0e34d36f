"""Where encrypted contents rest: a folder (`disk`) or an S3-compatible service (`bucket`), chosen by the settings.

Both keep the promises `documents.custody` makes: a content is there whole or not at all; what the storage refuses is an
OSError, what it does not hold a FileNotFoundError.
"""
