"""What no template or script may hold."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# Letters are printed and mails are read elsewhere: neither is served, neither has our style sheet.
TEMPLATES = [p for p in sorted((ROOT / "templates").rglob("*.html")) if not {"pdf", "mail"} & set(p.parts)]
SCRIPTS = sorted((ROOT / "static").rglob("*.js"))
FORBIDDEN = re.compile(
    r"<style|\sstyle=|\son[a-z]+=[\"']|javascript:|<script(?![^>]*\bsrc=)|\|safe\b|autoescape off", re.IGNORECASE
)


@pytest.mark.req("D14")
@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: str(p.relative_to(ROOT)))
def test_templates_hold_nothing_inline_nor_unescaped(path):
    assert not FORBIDDEN.findall(path.read_text(encoding="utf-8"))


@pytest.mark.req("D15")
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda p: p.name)
def test_scripts_store_nothing_and_evaluate_nothing(path):
    assert not re.findall(
        r"localStorage|sessionStorage|indexedDB|document\.cookie|innerHTML|\beval\(", path.read_text(encoding="utf-8")
    )


def test_the_scan_sees_files():
    assert TEMPLATES
    assert SCRIPTS
