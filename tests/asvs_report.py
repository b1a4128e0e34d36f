"""Where the portal stands against OWASP ASVS 5.0, levels 1 and 2: `python3 run.py asvs` checks tests/asvs.yaml, writes
docs/asvs.md and prints the share met. Runs nothing: it reads the sources of the tests and the titles of the pages."""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent
SOURCE, PAGE = ROOT / "tests" / "asvs.yaml", ROOT / "docs" / "asvs.md"
VERDICTS = ("met", "not applicable", "not met")
ISSUES = (4, 5, 6, 7, "deployment")
EXPECTED = {1: 70, 2: 183}  # lines of the standard by level
CHAPTERS = (
    "Encoding and injection", "Validation and business rules", "Browser", "Web services", "Files", "Authentication", "Sessions",
    "Rights", "Self-contained tokens", "OAuth and OIDC", "Cryptography", "Communications", "Configuration", "Data", "Code and libraries",
    "Logs and errors", "WebRTC",
)  # fmt: skip
HEAD = """# OWASP ASVS 5.0, levels 1 and 2

Written by `python3 run.py asvs` from `tests/asvs.yaml`; the suite fails when this page is out of date or names a test that does
not exist. Numbers are the standard's, subjects are summed up in our words: read the standard for what each line asks. « Not met »
names the issue that follows it; « deployment » is for the front, the network and the vault of whoever deploys
([operations.md](operations.md)). How the portal is protected: [security.md](security.md).
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the standard, `number` as (6, 2, 5). `tests` are file::function under tests/, or a whole file."""

    number: tuple[int, ...]
    level: int
    subject: str
    verdict: str
    why: str
    issue: int | str | None
    tests: tuple[str, ...]
    docs: tuple[str, ...]

    @property
    def name(self) -> str:
        return "V" + ".".join(map(str, self.number))


def lines(source: Path = SOURCE) -> list[Line]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(source.read_text(encoding="utf-8"))
    return [
        Line(
            number=tuple(int(part) for part in name.removeprefix("V").split(".")),
            issue=row.get("issue"),
            tests=tuple(row.get("tests", ())),
            docs=tuple(row.get("docs", ())),
            **{key: row[key] for key in ("level", "subject", "verdict", "why")},
        )
        for name, row in found.items()
    ]


@cache
def functions(path: Path) -> frozenset[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_exists(name: str) -> bool:
    file, _, function = name.partition("::")
    path = ROOT / "tests" / file
    return path.is_file() and (not function or function in functions(path))


@cache
def anchors(path: Path) -> frozenset[str]:
    titles = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-") for title in titles)


def page_exists(name: str) -> bool:
    file, _, anchor = name.partition("#")
    path = ROOT / "docs" / file
    return path.is_file() and (not anchor or anchor in anchors(path))


def problems(found: list[Line]) -> Iterator[str]:
    """What keeps the table from being believed."""
    counts = {level: sum(line.level == level for line in found) for level in EXPECTED}
    if counts != EXPECTED:
        yield f"{counts} lines by level, the standard has {EXPECTED}"
    if [line.number for line in found] != sorted({line.number for line in found}):
        yield "lines out of order, or twice"
    for line in found:
        if line.verdict not in VERDICTS or not line.why.strip() or not line.subject.strip():
            yield f"{line.name}: verdict, subject or reason missing"
        if (line.verdict == "met") is not bool(line.tests or line.docs):
            yield f"{line.name}: tests or pages belong to what is met, and to nothing else"
        if (line.verdict == "not met") is not (line.issue in ISSUES):
            yield f"{line.name}: an issue belongs to what is not met, and to nothing else"
        yield from (f"{line.name}: no test {name}" for name in line.tests if not test_exists(name))
        yield from (f"{line.name}: no page {name}" for name in line.docs if not page_exists(name))


def share(found: list[Line]) -> str:
    """« 62 of 66 (94 %) », of the lines that apply."""
    applies = [line for line in found if line.verdict != "not applicable"]
    met = sum(line.verdict == "met" for line in applies)
    return f"{met} of {len(applies)} ({100 * met // max(len(applies), 1)} %)"


def summary(found: list[Line]) -> list[str]:
    rows = ["| level | lines | not applicable | met, of those that apply |", "|---|---|---|---|"]
    for label, kept in (("1", {1}), ("2", {2}), ("1 and 2", {1, 2})):
        of_level = [line for line in found if line.level in kept]
        outside = sum(line.verdict == "not applicable" for line in of_level)
        rows.append(f"| {label} | {len(of_level)} | {outside} | {share(of_level)} |")
    rows += ["", "Not met, by where it is followed: "]
    by_issue = ((issue, sum(line.issue == issue for line in found)) for issue in ISSUES)
    rows[-1] += ", ".join(
        f"{issue if isinstance(issue, str) else f'issue {issue}'}: {count}" for issue, count in by_issue if count
    )
    return [*rows[:-1], rows[-1] + "."]


def cells(line: Line) -> str:
    verdict = (
        line.verdict
        if line.issue is None
        else f"not met ({line.issue if line.issue == 'deployment' else f'issue {line.issue}'})"
    )
    proofs = [f"`{name}`" for name in line.tests] + [f"[{name}]({name})" for name in line.docs]
    return f"| {line.name[1:]} | {line.level} | {line.subject} | {verdict} | {line.why} | {'<br>'.join(proofs)} |"


def written(found: list[Line]) -> str:
    parts = [HEAD, *summary(found)]
    for number, title in enumerate(CHAPTERS, start=1):
        of_chapter = [line for line in found if line.number[0] == number]
        parts += ["", f"## V{number} {title}", "", f"Met: {share(of_chapter)}.", ""]
        parts += ["| line | level | subject | verdict | why | proof |", "|---|---|---|---|---|---|"]
        parts += [cells(line) for line in of_chapter]
    return "\n".join(parts) + "\n"


def main() -> int:
    found = lines()
    wrong = list(problems(found))
    if wrong:
        print("\n".join(wrong), file=sys.stderr)
        return 1
    PAGE.write_text(written(found), encoding="utf-8")
    print("\n".join(summary(found)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
