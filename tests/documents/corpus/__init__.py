"""Hostile, damaged and odd files, each with what the checks must say of it. Made here, never committed as files."""

from tests.documents.corpus.cases import CASES, Case

__all__ = ["CASES", "Case"]
