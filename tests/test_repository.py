"""What the repository itself must hold: locks without hosts, dependencies that say why, links that lead somewhere."""

import re
import shutil
import subprocess
import tomllib
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parent.parent
IN_PRODUCTION_ONLY = {
    "boto3",
    "botocore",
    "django-storages",
    "jmespath",
    "s3transfer",
    "urllib3",
}  # the extra « storage »
LOCKS = ("requirements.txt", "requirements-dev.txt", "requirements-prod.txt")
# Built from parts: this file is scanned too.
REGISTRY_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("deb", "debian", "org"),
        ("docker", "io"),
        ("ghcr", "io"),
    )
)
LINK = re.compile(r"\]\(([^)\s]+)\)")


def tracked_files() -> list[Path]:
    """Files git knows or would add; in a copy without git, or on a machine without it, all but what tools leave."""
    command = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False) if shutil.which("git") else None
    if listed and listed.returncode == 0:
        return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]
    ignored = (ROOT / ".gitignore").read_text(encoding="utf-8").split()
    skipped = {".git", *(name.rstrip("/") for name in ignored)}
    return [path for path in ROOT.rglob("*") if path.is_file() and not skipped & set(path.relative_to(ROOT).parts)]


def project() -> dict:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


@pytest.mark.parametrize("name", LOCKS)
def test_locks_hold_hashes_and_no_address(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-", text.replace("    --hash=", "    hash="), re.MULTILINE), "an option of an index"
    assert len(pins(name)) > 50
    assert len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) == len(pins(name)), "a line that is not a pin"
    for block in re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in block, block.splitlines()[0]


def pins(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9][\w.-]*)(?:\[[\w,]+\])?==(\S+)", text, re.MULTILINE))


def test_locks_agree_with_one_another():
    production, local, development = (pins(f"requirements{kind}.txt") for kind in ("-prod", "", "-dev"))
    assert local.items() < development.items()
    assert production.keys() - local.keys() == IN_PRODUCTION_ONLY
    everywhere = production.keys() & development.keys()
    assert {name: production[name] for name in everywhere} == {name: development[name] for name in everywhere}


def test_servers_from_wheels_stay_out_of_production():
    demo = {re.match(r"[\w.-]+", line).group().lower() for line in project()["optional-dependencies"]["demo"]}
    assert demo
    assert not demo & pins("requirements-prod.txt").keys()


def test_every_dependency_is_locked():
    wanted = [*project()["dependencies"], *project()["optional-dependencies"]["demo"]]
    locked = (ROOT / "requirements.txt").read_text(encoding="utf-8").lower()
    for requirement in wanted:
        name = re.match(r"[\w.-]+", requirement).group().lower()
        assert re.search(rf"^{re.escape(name)}(\[|==)", locked, re.MULTILINE), name


def test_every_dependency_says_what_it_is_for():
    lines = (ROOT / "pyproject.toml").read_text(encoding="utf-8").splitlines()
    wanted = sum(map(len, [project()["dependencies"], *project()["optional-dependencies"].values()]))
    dependencies = [line for line in lines if re.match(r'  "[A-Za-z][\w.-]*(\[[\w,-]+\])?[~=<>]?.*",', line)]
    dependencies = dependencies[:wanted]
    assert len(dependencies) == wanted
    silent = [line for line in dependencies if not re.search(r'",\s+# \w+', line)]
    assert silent == []


def test_no_file_names_a_registry_host():
    found = []
    for path in tracked_files():
        if path.suffix in {".png", ".woff2", ".ico", ".pdf"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        found += [f"{path.relative_to(ROOT)}: {host}" for host in REGISTRY_HOSTS if host in text]
    assert found == []


def test_the_image_keeps_every_static_file_the_pages_name():
    """Production serves static files by a manifest: one left out by the build would be an error 500."""
    build = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    patterns = re.findall(r'-i "?([^\s"\\]+)"?', build)
    assert "component" in patterns
    named = set()
    for template in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r"{% static ['\"]([^'\"]+)", template.read_text(encoding="utf-8")))
    assert "dsfr/dist/dsfr.main.min.css" in named
    left_out = {
        name
        for name in named
        for pattern in patterns
        if fnmatch(name, pattern) or any(fnmatch(part, pattern) for part in name.split("/"))
    }
    assert left_out == set()


def test_the_fictional_academie_stays_out_of_the_image_and_nothing_there_needs_it():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    kept, out = (
        {line[1:] for line in lines if line.startswith("!")},
        {"career/demo", "career/generator", "documents/demo", "mobility/demo"},
    )
    assert out <= set(lines)
    sources = [path.relative_to(ROOT) for path in tracked_files() if path.suffix == ".py" and path.parts]
    in_image = [
        path for path in sources if path.parts[0] in kept and not any(str(path).startswith(line) for line in lines)
    ]
    assert len(in_image) > 200
    wrong = r"^\s*(?:from|import) (?:career|documents|mobility)\.(?:demo|generator)\b|^\s*from career import (?:demo|generator)\b"
    needs = [str(path) for path in in_image if re.search(wrong, (ROOT / path).read_text("utf-8"), re.MULTILINE)]
    assert needs == []


def test_every_adr_named_in_the_sources_exists():
    """Sources name decisions as « docs/adr/0005 » or « ADR 0007 »."""
    numbers = {path.name[:4] for path in (ROOT / "docs" / "adr").glob("[0-9]*.md")}
    named = {}
    for path in tracked_files():
        if path.suffix in {".py", ".md", ".toml", ".yaml", ".yml", ".html"} and "tests" not in path.parts:
            for number in re.findall(r"(?:docs/adr/|ADR )(\d{4})", path.read_text(encoding="utf-8")):
                named.setdefault(number, str(path.relative_to(ROOT)))
    assert named.keys() <= numbers, named


def test_adrs_are_numbered_without_gap_and_dated():
    paths = sorted((ROOT / "docs" / "adr").glob("*.md"))
    assert [int(path.name[:4]) for path in paths] == list(range(1, len(paths) + 1))
    for path in paths:
        text = path.read_text(encoding="utf-8")
        assert re.match(rf"# {int(path.name[:4])}\. \S", text), path.name
        assert re.search(r"^Date: \d{1,2} \w+ 20\d\d\. Status: ", text, re.MULTILINE), path.name
        assert {"## Context", "## Decision", "## Consequences"} <= set(text.splitlines()), path.name


def test_the_changelog_begins_with_what_is_to_come():
    titles = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert titles[0] == "Unreleased"


def test_the_readme_s_two_commands_are_those_ci_runs():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "```\npython3 run.py\n```" in readme
    assert "```\npython3 run.py test\n```" in readme
    assert (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()[-1] == "python3 run.py test"


def test_the_commands_of_the_readme_exist():
    commands = re.search(r"COMMANDS = \(([^)]*)\)", (ROOT / "run.py").read_text(encoding="utf-8")).group(1)
    table = re.findall(r"^\| `python3 run\.py ?([\w-]*)", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert set(filter(None, table)) <= set(re.findall(r'"([\w-]+)"', commands))


def slug(title: str) -> str:
    """The anchor a heading gets: lower case, spaces as hyphens, punctuation dropped."""
    return re.sub(r"[^\w\- ]", "", title.strip().lower()).replace(" ", "-")


def test_every_relative_link_of_the_pages_leads_somewhere():
    pages = [path for path in tracked_files() if path.suffix == ".md"]
    assert len(pages) > 15
    dead = []
    for page in pages:
        text = re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
        for link in LINK.findall(text):
            if re.match(r"[a-z]+:", link):
                continue
            name, _, anchor = link.partition("#")
            target = (page.parent / name).resolve() if name else page
            if not target.exists() or ROOT not in (target, *target.parents):
                dead.append(f"{page.relative_to(ROOT)}: {link}")
            elif anchor:
                titles = re.findall(r"^#+ (.+)$", target.read_text(encoding="utf-8"), re.MULTILINE)
                if anchor not in map(slug, titles):
                    dead.append(f"{page.relative_to(ROOT)}: {link}")
    assert dead == []


def test_every_contract_named_in_the_sources_exists():
    named = {}
    for path in tracked_files():
        if path.suffix == ".py" and path != Path(__file__).resolve():
            for name in re.findall(r"docs/contracts/[\w.]+\w", path.read_text(encoding="utf-8")):
                named.setdefault(name, str(path.relative_to(ROOT)))
    assert named
    assert {name: by for name, by in named.items() if not (ROOT / name).exists()} == {}


def test_the_management_commands_named_in_the_pages_exist():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    paragraph = re.search(r"^Management commands of the trade:.*?(?=\n\n)", readme, re.MULTILINE | re.DOTALL).group()
    named = set(re.findall(r"`([a-z_]+)`", paragraph))
    assert {"siae_generate", "siae_load", "siae_replay", "import_annuaire", "rule_cases"} <= named
    for path in tracked_files():
        if path.suffix == ".md":
            named |= set(re.findall(r"manage(?:\.py)? ([a-z]+_?[a-z_]*)\b", path.read_text(encoding="utf-8")))
    assert named <= set(get_commands())


def test_the_settings_that_are_told_reach_the_containers():
    """`.env` beside docker-compose.yml gives nothing to a container by itself; those of identity providers are in sso.env."""
    told = re.findall(r"^\| (`.*?`) \|", (ROOT / "docs" / "operations.md").read_text(encoding="utf-8"), re.MULTILINE)
    names = {name for cell in told for name in re.findall(r"`([A-Z][A-Z0-9_]+)`", cell)}
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert len(names) > 20
    assert {name for name in names if name not in compose and not name.startswith("IPROF_SSO")} == set()
