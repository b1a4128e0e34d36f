"""Which promises have a test: reads the markers in the source of the tests, runs nothing.

`python3 run.py requirements` prints the table; rows come from docs/requirements.yaml.
"""

import ast
import sys
from collections import defaultdict
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent


def marked_rows(folder: Path) -> dict[str, set[str]]:
    """Row (S38, D13, E05…) -> the tests that name it, as `file::function`. Module-level `pytestmark` counts for all."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in sorted(folder.rglob("test_*.py")):
        tree = ast.parse(path.read_text(), filename=str(path))
        for holder in ast.walk(tree):
            if isinstance(holder, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                marks, name = holder.decorator_list, holder.name
            elif isinstance(holder, ast.Assign) and any(
                isinstance(t, ast.Name) and t.id == "pytestmark" for t in holder.targets
            ):
                marks, name = [holder.value], "*"
            else:
                continue
            for call in (node for mark in marks for node in ast.walk(mark)):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "req":
                    for argument in call.args:
                        if isinstance(argument, ast.Constant):
                            found[str(argument.value)].add(f"{path.relative_to(folder.parent)}::{name}")
    return found


def main() -> int:
    rows = yaml.safe_load((ROOT / "docs" / "requirements.yaml").read_text())
    found = marked_rows(ROOT / "tests")
    unknown = sorted(row for row in found if row.startswith("S") and row not in rows)
    missing = [row for row in rows if row not in found]
    for row, label in rows.items():
        print(f"{row}  {len(found.get(row, ())):3d}  {label}")
    norms = sorted(row for row in found if row not in rows and row not in unknown)
    print(
        f"\n{len(rows) - len(missing)} of {len(rows)} rows have a test. Norms named by tests: {', '.join(norms) or 'none'}."
    )
    print(f"Without a test: {', '.join(missing) or 'none'}.")
    if unknown:
        print(f"Tests name rows that do not exist: {', '.join(unknown)}.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
