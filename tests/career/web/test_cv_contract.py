"""docs/contracts/cv.md is what the export writes: its example comes true, its tables name what the schema and code know."""

import json
import re

import jsonschema
import pytest
from django.conf import settings

from career.domain.cv import BY_CODE, LEVELS, MOST, SECTIONS, TEXT_MAX, TITLE_MAX
from tests.factories.career import AgentFactory, CvEntryFactory, CvFactory, DiplomaFactory

pytestmark = pytest.mark.req("S46")
FOLDER = settings.BASE_DIR / "docs" / "contracts"
TEXT = (FOLDER / "cv.md").read_text(encoding="utf-8")
SCHEMA = json.loads((FOLDER / "cv.schema.json").read_text(encoding="utf-8"))
EXAMPLE = json.loads(re.search(r"^```json\n(.*?)^```$", TEXT, re.M | re.S).group(1))
SECTION = {"dossier": SCHEMA["$defs"]["section_of_file"], "agent": SCHEMA["$defs"]["section_of_agent"]}


def fields(title: str) -> set[str]:
    """The fields the first column of a table names."""
    part = re.search(rf"^## {re.escape(title)}$(.*?)(?=^## |\Z)", TEXT, re.M | re.S).group(1)
    table = re.search(r"^\| field .*?\n\n", part, re.M | re.S).group()
    first = " ".join(row.split("|")[1] for row in table.splitlines()[2:] if row)
    return set(re.findall(r"`(\w+)`", first))


def test_the_schema_is_one_and_refuses_what_it_does_not_name():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.validate(EXAMPLE, SCHEMA)
    for spoilt in (EXAMPLE | {"matricule": "A1"}, EXAMPLE | {"version": 2}, EXAMPLE | {"sections": [{}]}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(spoilt, SCHEMA)


@pytest.mark.django_db
def test_the_example_is_what_the_portal_exports(client, today):
    agent = AgentFactory()
    DiplomaFactory(agent=agent, ref="DIP-1")
    cv = CvFactory(agent=agent)
    CvEntryFactory(cv=cv, section="langues", title="Italien", level="B2", starts="", ends="", text="")
    CvEntryFactory(cv=cv)
    client.force_login(agent.user)
    assert json.loads(client.get("/ma-carriere/cv/cv-academique.json").content) == EXAMPLE


def test_the_tables_name_the_fields_of_the_schema():
    assert fields("The document") == set(SCHEMA["properties"])
    assert fields("A section") == set(SECTION["agent"]["properties"]) == set(SECTION["dossier"]["properties"])
    assert fields("An entry of the file (`origin` `dossier`)") == set(SCHEMA["$defs"]["fact"]["properties"])
    assert fields("An entry of the agent (`origin` `agent`)") == set(SCHEMA["$defs"]["entry"]["properties"])


def test_the_sections_levels_and_lengths_are_those_of_the_code():
    told = re.findall(r"^\| `(\w+)` \| ([^|`]+) \| `(\w+)` \|$", TEXT, re.M)
    assert told == [(s.code, s.title, "agent" if s.own else "dossier") for s in SECTIONS]
    for origin, schema in SECTION.items():
        codes = schema["properties"]["code"]["enum"]
        assert [(BY_CODE[code].own, code) for code in codes] == [(origin == "agent", code) for code in codes]
        assert set(codes) == {s.code for s in SECTIONS if s.own == (origin == "agent")}
    entry = SCHEMA["$defs"]["entry"]["properties"]
    assert entry["level"]["enum"] == [*LEVELS, None]
    assert (entry["title"]["maxLength"], entry["text"]["maxLength"]) == (TITLE_MAX, TEXT_MAX)
    assert SECTION["agent"]["properties"]["entries"]["maxItems"] == MOST
