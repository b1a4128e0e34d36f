"""The ASVS table stands up: every line of the standard once, every test and page it names exists, the page is up to date."""

from dataclasses import replace

import pytest

from tests.asvs_report import PAGE, lines, problems, share, written


@pytest.mark.req("D43")
def test_the_table_names_tests_and_pages_that_exist():
    assert list(problems(lines())) == []


@pytest.mark.req("D43")
def test_the_written_table_is_up_to_date():
    assert PAGE.read_text(encoding="utf-8") == written(lines()), "python3 run.py asvs"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"tests": ("test_access.py::test_who_may_everything",)}, "no test"),
        ({"tests": ("test_nowhere.py",)}, "no test"),
        ({"docs": ("security.md#nowhere",)}, "no page"),
        ({"tests": (), "docs": ()}, "belong to what is met"),
        ({"verdict": "nearly"}, "verdict"),
        ({"verdict": "not met"}, "issue"),
        ({"why": " "}, "reason missing"),
        ({"level": 1}, "the standard has"),
    ],
)
def test_a_table_that_cannot_be_believed_is_refused(change, said):
    found = lines()
    place = next(number for number, line in enumerate(found) if line.verdict == "met" and line.level == 2)
    found[place] = replace(found[place], **change)
    assert any(said in problem for problem in problems(found))


def test_the_share_counts_what_applies():
    met, outside, missing = (
        next(line for line in lines() if line.verdict == verdict) for verdict in ("met", "not applicable", "not met")
    )
    assert share([met, met, outside, missing]) == "2 of 3 (66 %)"
    assert share([outside]) == "0 of 0 (0 %)"
