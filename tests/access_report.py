"""docs/acces.md, written from the rules that the tests hold the portal to: `python3 run.py access`."""

import re
from pathlib import Path

from security.enums import Role
from security.policies import FIELDS, AgentField
from tests.access_admin import TABLES, Roles
from tests.access_fields import ADMIN_FORMS, FORMS
from tests.access_rules import RULES, named_urls

PAGE = Path(__file__).resolve().parent.parent / "docs" / "acces.md"
KINDS = {
    "public": "everyone",
    "guest": "before sign-in; leads home afterwards",
    "signed_in": "whoever is signed in, about themselves",
    "agent": "owner of a file; 404 without one",
    "owned": "owner of the object; 404 for all others",
    "action": "whoever is signed in, about themselves, by POST",
    "agent_action": "owner of a file, by POST; 404 without one",
    "owned_action": "owner of the object, by POST; 404 for all others",
    "machine": "a signed message or a browser's report, by POST",
}
HEAD = """# Who opens which page, and types which field

Written by `python3 run.py access` from `tests/access_rules.py`, `tests/access_admin.py`, `tests/access_fields.py` and
`security/policies.py`; the suite fails when this page is out of date, and when the portal answers otherwise. What each role is
for: [roles.md](roles.md).

- Without session, or with that of a closed account, every page but the public ones leads to the sign-in page.
- Only GET, HEAD and POST exist; HEAD answers as GET. Every POST carries the anti-forgery token, save the machines' ones.
- An object of somebody else and one that does not exist give the same page.
- A field that is not listed is ignored, whatever its name.
"""


def roles(held: Roles) -> str:
    return ", ".join(role.value for role in Role if role in held) or "—"


def fields(names: frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "none"


def readable(route: str) -> str:
    return re.sub(r"\(\?P(<\w+>)[^)]*\)", r"\1", route).replace("^", "").removesuffix("$")


def portal() -> list[str]:
    routes = {name: readable(route) for name, route in named_urls()}
    lines = ["## Pages", "", "| address | who | fields of its form |", "|---|---|---|"]
    for name in sorted(RULES, key=lambda name: routes[name]):
        form = FORMS.get(name)
        lines.append(f"| `/{routes[name]}` | {KINDS[RULES[name].kind]} | {fields(form.fields) if form else ''} |")
    return lines


def administration() -> list[str]:
    lines = [
        "",
        "## Administration",
        "",
        "Nobody deletes a row. « In scope »: rows out of the habilitation do not exist.",
        "",
    ]
    lines += ["| table | in scope | reads | adds | changes | own pages |", "|---|---|---|---|---|---|"]
    for name, table in sorted(TABLES.items()):
        own = "; ".join(f"{verb}: {roles(page.opens)}" for verb, page in sorted(table.own.items()))
        scope = "yes" if table.files else ""
        lines.append(
            f"| {name} | {scope} | {roles(table.reads)} | {roles(table.adds)} | {roles(table.changes)} | {own} |"
        )
    lines += ["", "| form | fields |", "|---|---|"]
    return lines + [f"| {name} | {fields(form.fields)} |" for name, form in sorted(ADMIN_FORMS.items())]


def files() -> list[str]:
    read_by = [role for role in Role if role in FIELDS]
    head = ["", "## Parts of a file", "", f"| part | {' | '.join(role.value for role in read_by)} |"]
    head.append("|---" * (len(read_by) + 1) + "|")
    cells = [[part.value, *("read" if part in FIELDS[role] else "—" for role in read_by)] for part in AgentField]
    return head + [f"| {' | '.join(row)} |" for row in cells]


def written() -> str:
    return "\n".join([HEAD, *portal(), *administration(), *files()]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(written(), encoding="utf-8")
    print(f"✓ {PAGE.name}")
