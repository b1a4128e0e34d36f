from pathlib import Path

import yaml

from tests.requirements_report import ROOT, marked_rows


def test_rows_named_by_tests_exist() -> None:
    rows = yaml.safe_load((ROOT / "docs" / "requirements.yaml").read_text())
    named = {row for row in marked_rows(ROOT / "tests") if row.startswith("S")}
    assert named
    assert named <= set(rows)


def test_all_rows_are_listed_in_order() -> None:
    rows = yaml.safe_load((ROOT / "docs" / "requirements.yaml").read_text())
    assert list(rows) == [f"S{number:02d}" for number in range(1, 92)]


def test_markers_are_read_from_functions_and_modules(tmp_path: Path) -> None:
    folder = tmp_path / "tests"
    folder.mkdir()
    (folder / "test_one.py").write_text("import pytest\n@pytest.mark.req('S01', 'D13')\ndef test_a(): pass\n")
    (folder / "test_two.py").write_text("import pytest\npytestmark = [pytest.mark.req('S02')]\ndef test_b(): pass\n")
    assert marked_rows(folder) == {
        "S01": {"tests/test_one.py::test_a"},
        "D13": {"tests/test_one.py::test_a"},
        "S02": {"tests/test_two.py::*"},
    }
