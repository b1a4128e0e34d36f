"""The written contract (docs/contracts) is what the code does: examples, tables, codes, schema, OpenAPI description."""

import ast
import datetime as dt
import json
import re
import shutil
import subprocess
from functools import lru_cache
from io import StringIO
from pathlib import Path
from typing import Any, get_args, get_type_hints

import jsonschema
import msgspec
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command, load_command_class
from jsonschema import Draft202012Validator, FormatChecker

from career.domain.grids import load_grids
from career.feed import contract, inbox, openapi, reader
from career.feed.apply import REUSED_ID, UNKNOWN_AGENT
from career.feed.reader import Accepted, read_line
from career.generator.academie import feed_lines
from career.generator.bad_rows import spoil
from iprof.web import signature
from iprof.web.signature import verify
from tests.career.feed.messages import DATA, event, line
from tests.career.feed.test_reader import WRONG

pytestmark = pytest.mark.req("S02", "S06")
FOLDER = Path(settings.BASE_DIR) / "docs" / "contracts"
TEXT = (FOLDER / "siae.md").read_text(encoding="utf-8")
SCHEMA = json.loads((FOLDER / "siae.schema.json").read_text(encoding="utf-8"))
ON = dt.date(2026, 11, 23)
FORMATS = FormatChecker(["date", "uuid"])
# Rejections that need the other messages: the schema cannot know them, nor can one line read alone.
OF_THE_DATABASE = {"identifiant_reutilise", "agent_inconnu", "numen_autre_agent", "refus_base"}


@FORMATS.checks("date-time", raises=ValueError)
def _instant(text: object) -> bool:
    return not isinstance(text, str) or dt.datetime.fromisoformat(text).tzinfo is not None


def section(title: str, level: int = 2) -> str:
    found = re.search(rf"^{'#' * level} {re.escape(title)}$(.*?)(?=^#{{1,{level}}} |\Z)", TEXT, re.M | re.S)
    assert found, title
    return found.group(1)


def blocks(language: str, text: str = TEXT) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.M | re.S)


def rows(text: str) -> list[list[str]]:
    """The rows of the tables of a text, without their heads; backticks kept."""
    cells = [
        [cell.strip() for cell in re.split(r"(?<!\\)\|", found)[1:-1]] for found in re.findall(r"^\|.*\|$", text, re.M)
    ]
    heads = {n - 1 for n, row in enumerate(cells) if set("".join(row)) <= {"-"}}
    return [row for n, row in enumerate(cells) if n not in heads and n - 1 not in heads]


def messages_of(block: str) -> list[bytes]:
    return [text.encode() for text in block.splitlines() if text.startswith('{"id"')]


EXAMPLES = [message for block in blocks("json") for message in messages_of(block)]


@pytest.mark.parametrize("raw", EXAMPLES, ids=lambda raw: json.loads(raw)["id"][-2:])
def test_every_example_is_accepted_by_the_reader_and_by_the_schema(raw):
    accepted = read_line(raw, 1)
    assert isinstance(accepted, Accepted), accepted.problem
    assert list(VALIDATOR.iter_errors(json.loads(raw))) == []


def test_examples_name_each_type_and_no_id_twice():
    found = [json.loads(raw) for raw in EXAMPLES]
    cancelled = {kind for kind in contract.CANCEL_TYPES if kind not in {"career.step.cancelled", "diploma.cancelled"}}
    assert {message["type"] for message in found} == contract.DATA_TYPES.keys() - cancelled
    assert len({message["id"] for message in found}) == len(found)
    assert all(f"`{kind}`" in section("`career.step.cancelled` and the other cancellations", 3) for kind in cancelled)


@pytest.mark.parametrize("kind", [k for k in contract.DATA_TYPES if k not in contract.CANCEL_TYPES])
def test_each_type_s_table_tells_its_fields(kind):
    compare_fields(section(f"`{kind}`", 3), contract.DATA_TYPES[kind])


def test_the_tables_of_envelope_and_cancellations_tell_their_fields():
    compare_fields(section("A message"), contract.Envelope)
    compare_fields(section("`career.step.cancelled` and the other cancellations", 3), contract.CancelledData)


def compare_fields(text: str, kind: type[msgspec.Struct]) -> None:
    told = {name.strip("`"): (required, words) for name, required, words in rows(text)}
    fields = msgspec.inspect.type_info(kind).fields
    assert list(told) == sorted(told, key=lambda name: (told[name][0] != "yes", list(told).index(name)))
    assert {name: required for name, (required, _) in told.items()} == {
        field.encode_name: "yes" if field.required else "no" for field in fields
    }
    hints = get_type_hints(kind)
    for name, (_, words) in told.items():
        values = [value for value in get_args(hints[name]) if isinstance(value, str)]
        assert [value for value in values if value and f"`{value}`" not in words] == []
        assert len(re.findall("`[a-zA-Z_0-9]+`", words)) >= len([value for value in values if value])
        if type(None) in get_args(hints[name]):
            assert "or null" in words, name


def test_the_corps_and_grades_named_are_those_of_the_law():
    text = section("`career.step`", 3)
    told = {name.strip("`"): set(re.findall("`([a-z_]+)`", words)) for name, _, words in rows(text)}
    corps = load_grids().corps
    assert told["corps"] == set(corps)
    without = {code for code, found in corps.items() if not found.has_grid}
    assert told["grade"] == {grade for found in corps.values() for grade in found.grades} | without


def codes_in(*files: str) -> set[str]:
    """First arguments of Problem(…), and second ones of _problem(status, …), in the sources."""
    found = set()
    named = {"UNKNOWN_AGENT": UNKNOWN_AGENT, "REUSED_ID": REUSED_ID}
    for name in files:
        tree = ast.parse((Path(settings.BASE_DIR) / "career" / name).read_text(encoding="utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            called = getattr(call.func, "id", "")
            position = {"Problem": 0, "_problem": 1, "BadSignature": 0}.get(called)
            given = call.args[position] if position is not None and len(call.args) > position else None
            if isinstance(given, ast.Constant):
                found.add(given.value)
            elif getattr(given, "id", "") in named:
                found.add(named[given.id])
    return found


def test_every_rejection_of_a_line_is_told_and_no_other():
    told = [row[0].strip("`") for row in rows(section("Rejections of a line"))]
    written = codes_in(*(f"feed/{name}.py" for name in ("reader", "checks", "agents", "apply", "batches")))
    assert set(told) == written
    assert len(told) == len(set(told))
    assert {code for code, _, _ in WRONG} == written - OF_THE_DATABASE, "each code has a line that shows it"


def test_every_answer_of_the_push_door_is_told_and_no_other():
    told = {(int(row[0]), row[1].strip("`")) for row in rows(section("Answers", 3))}
    written = codes_in("api.py", "../iprof/web/signature.py")
    assert {code for _, code in told if code} == written
    described = openapi.document()["paths"]["/api/siae/events"]["post"]["responses"]
    assert {status for status, _ in told} - {405} == set(map(int, described))


def test_the_figures_told_are_those_of_the_code():
    assert f"{reader.MAX_LINE_BYTES:,} bytes".replace(",", " ") in section("Limits")
    assert f"{settings.DATA_UPLOAD_MAX_MEMORY_SIZE:,} bytes".replace(",", " ") in section("Limits")
    assert f"{signature.TOLERANCE_SECONDS} seconds" in section("Limits")
    assert f"{inbox.CHUNK_LINES:,} lines".replace(",", " ") in section("Order and idempotence")


def vector() -> dict[str, str]:
    names = ("secret", "webhook-id", "webhook-timestamp", "body", "webhook-signature")
    told = {row[0]: row[1].strip("`") for row in rows(section("The push door")) if row[0] in names}
    assert set(told) == set(names)
    return told


def verified(headers: dict[str, str], body: bytes, secret: str) -> bool:
    now = int(headers["webhook-timestamp"])
    return verify(headers=headers, body=body, secrets=[secret], now=now) == headers["webhook-id"]


def test_the_values_to_check_one_s_code_with_are_right():
    told = vector()
    assert verified(told, told["body"].encode(), told["secret"])


def test_the_python_example_signs_as_the_portal_verifies():
    (code,) = blocks("python")
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102  (the example of our own page)
    told = vector()
    headers = names["signature_headers"](
        told["secret"], told["webhook-id"], int(told["webhook-timestamp"]), told["body"].encode()
    )
    assert headers == {name: told[name] for name in headers}
    assert len(headers) == 3


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on this machine")
def test_the_shell_example_signs_as_the_portal_verifies(tmp_path):
    """The page's own lines, with a curl that prints the headers it was given."""
    (code,) = blocks("sh")
    body = b"".join(EXAMPLES[:1]) + b"\n"
    (tmp_path / "events.ndjson").write_bytes(body)
    curl = 'curl() { for given in "$@"; do printf "%s\\n" "$given"; done; }\nPORTAL=https://portal.example\n'
    done = subprocess.run(["sh", "-eu", "-c", curl + code], cwd=tmp_path, check=True, capture_output=True, text=True)
    headers = dict(re.findall(r"^(webhook-[a-z]+): (.+)$", done.stdout, re.M))
    assert verified(headers, body, vector()["secret"])
    assert "https://portal.example/api/siae/events" in done.stdout.splitlines()


def test_the_receipt_shown_is_one_the_portal_describes():
    receipt = json.loads(next(block for block in blocks("json") if block.startswith('{"run"')))
    schemas = openapi.document()["components"]["schemas"]
    jsonschema.validate(receipt, {"$ref": "#/components/schemas/Receipt", "components": {"schemas": schemas}})
    statuses = [verdict["status"] for verdict in receipt["verdicts"]]
    for name, status in (("accepted",) * 2, ("already_received",) * 2, ("rejected",) * 2):
        assert receipt[name] == statuses.count(status)
    assert receipt["received"] == len(statuses)
    problem = read_line(line(event("career.step", corps="archivistes")), 3).problem
    error = receipt["verdicts"][2]["error"]
    assert (error["code"], error["detail"], error["field"]) == (problem.code, problem.reason, problem.field)


@pytest.mark.parametrize("command", ["siae_load", "siae_replay", "siae_schema"])
def test_the_options_told_are_those_of_the_command(command):
    known = load_command_class("career", command).create_parser("manage.py", command)._option_string_actions
    told = set(re.findall("--[a-z-]+", " ".join(re.findall(rf"manage\.py {command} ([^#\n`]*)", TEXT))))
    assert told <= set(known)
    assert told or command == "siae_schema"


# --- The schema ---------------------------------------------------------------------------------------------------

VALIDATOR = Draft202012Validator(SCHEMA, format_checker=FORMATS)


def test_the_committed_schema_is_the_one_the_code_prints(tmp_path):
    call_command("siae_schema", "--check", stdout=StringIO())
    assert contract.schema_document() == SCHEMA
    out = tmp_path / "schema.json"
    call_command("siae_schema", out=out, stdout=StringIO())
    assert out.read_bytes() == (FOLDER / "siae.schema.json").read_bytes()
    out.write_text("{}")
    for stale in (out, tmp_path / "absent.json"):
        with pytest.raises(CommandError) as caught:
            call_command("siae_schema", check=True, out=stale)
        assert caught.value.returncode == 1


def test_the_schema_is_a_schema_and_names_every_type():
    Draft202012Validator.check_schema(SCHEMA)
    assert {part["$ref"].removeprefix("#/$defs/") for part in SCHEMA["oneOf"]} == set(contract.DATA_TYPES)
    assert_references_resolve(SCHEMA)


def assert_references_resolve(document: dict[str, Any]) -> None:
    def walk(node: Any) -> None:
        if isinstance(node, dict):
            if "$ref" in node:
                target: Any = document
                for part in node["$ref"].removeprefix("#/").split("/"):
                    target = target[part]  # KeyError names the part that is missing
            for value in node.values():
                walk(value)
        elif isinstance(node, list):
            for value in node:
                walk(value)

    walk(document)


@lru_cache(maxsize=1)
def generated() -> list[bytes]:
    return list(feed_lines(60, 7, ON))


def test_every_generated_line_is_valid_under_its_own_type():
    types = {kind: Draft202012Validator(SCHEMA | {"oneOf": [{"$ref": f"#/$defs/{kind}"}]}, format_checker=FORMATS)
             for kind in contract.DATA_TYPES}  # fmt: skip
    seen = set()
    for raw in generated():
        message = json.loads(raw)
        seen.add(message["type"])
        assert list(types[message["type"]].iter_errors(message)) == [], raw
    assert set(contract.FACT_TYPES) | {"agent.upserted"} <= seen


@pytest.mark.parametrize("kind", DATA)
def test_a_message_is_valid_under_no_other_type(kind):
    message = event(kind)
    assert VALIDATOR.is_valid(message)
    for other in contract.DATA_TYPES.keys() - {kind}:
        assert not VALIDATOR.is_valid(message | {"type": other}), other


SCHEMA_COLUMN = {row[0].strip("`"): row[1] for row in rows(section("Rejections of a line"))}
LONG = line(event("career.step")).replace(b"{", b"{" + b" " * reader.MAX_LINE_BYTES, 1)


@pytest.mark.parametrize(
    ("code", "raw"),
    [(code, raw) for code, _, raw in WRONG if code != "ligne_trop_longue"] + [("ligne_trop_longue", LONG)],
)
def test_the_schema_refuses_what_the_page_says_it_refuses(code, raw):
    assert read_line(raw, 1).problem.code == code
    try:
        accepted = VALIDATOR.is_valid(json.loads(raw))
    except (ValueError, RecursionError):
        accepted = False
    if SCHEMA_COLUMN[code] == "refused":
        assert not accepted
    else:
        assert SCHEMA_COLUMN[code] == "beyond"
        assert accepted or b"\x00" in raw


def test_a_decimal_that_is_none_is_left_to_the_portal():
    message = event("training.recorded", hours="douze")
    assert VALIDATOR.is_valid(message)
    assert read_line(line(message), 1).problem.code == "champ_invalide"


SPOILED = {"json": "json_illisible", "corps": "corps_inconnu", "dates": "dates_desordonnees", "uai": "uai_cle"}


@pytest.mark.parametrize("fault", [*SPOILED, "id"])
def test_each_kind_of_bad_row_is_refused_where_the_page_says(fault):
    kinds = {"corps": "career.step", "dates": "arrete.published", "uai": "assignment.upserted"}
    right = line(event(kinds.get(fault, "diploma.recorded")))
    earlier = json.loads(line(event("agent.upserted")))["id"] if fault == "id" else ""
    number = {"json": 0, "id": 1}.get(fault, 1)
    bad, corrected = spoil(right, number, earlier)
    assert isinstance(read_line(corrected, 1), Accepted)
    read = read_line(bad, 1)
    if fault == "id":  # only the inbox knows the ids already used
        assert isinstance(read, Accepted)
        assert str(read.message_id) == earlier
        assert SCHEMA_COLUMN["identifiant_reutilise"] == "beyond"
        return
    assert read.problem.code == SPOILED[fault]
    if fault != "json":
        assert VALIDATOR.is_valid(json.loads(bad)) == (SCHEMA_COLUMN[SPOILED[fault]] == "beyond")


# --- The OpenAPI document -------------------------------------------------------------------------------------------


def test_the_openapi_document_is_whole():
    """What OpenAPI 3.1 requires of each of its parts, as no validator of it is among the tools."""
    document = openapi.document()
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert document["info"]["title"]
    assert document["info"]["version"]
    assert set(document) <= {"openapi", "info", "paths", "components"}
    assert_references_resolve(document)
    for path, item in document["paths"].items():
        assert path.startswith("/")
        for method, operation in item.items():
            assert method in {"get", "put", "post", "delete", "patch"}
            assert operation["responses"]
            for parameter in operation["parameters"]:
                assert {"name", "in", "schema"} <= set(parameter)
                assert parameter["in"] in {"query", "header", "path", "cookie"}
            for media in operation["requestBody"]["content"].values():
                Draft202012Validator.check_schema(media["schema"])
            for status, response in operation["responses"].items():
                assert re.fullmatch("[1-5][0-9X]{2}|default", status)
                assert response["description"]
                assert all("schema" in media for media in response["content"].values())
    for name, schema in document["components"]["schemas"].items():
        assert re.fullmatch(r"[A-Za-z0-9._-]+", name)
        Draft202012Validator.check_schema(schema)


def test_the_openapi_document_takes_what_the_schema_takes():
    schemas = openapi.document()["components"]["schemas"]
    described = Draft202012Validator(
        {"$ref": "#/components/schemas/Event", "components": {"schemas": schemas}}, format_checker=FORMATS
    )
    for raw in [*EXAMPLES, *generated()[:200]]:
        assert described.is_valid(json.loads(raw))
    for code, _, raw in WRONG:
        if code.startswith("champ_") and raw.startswith(b"{"):
            assert not described.is_valid(json.loads(raw)), raw
