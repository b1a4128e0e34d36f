"""Spoils a line of the feed in one of the ways a source really does, and gives its corrected version."""

import msgspec

KINDS = ("json", "corps", "dates", "id", "uai")


def spoil(line: bytes, number: int, earlier_id: str) -> tuple[bytes, bytes]:
    """(spoiled, corrected). `earlier_id` is the id of a good message sent before: reused, it is the fault."""
    message = msgspec.json.decode(line)
    kind = KINDS[number % len(KINDS)]
    data = message["data"]
    if kind == "corps" and message["type"] == "career.step":
        bad = {**message, "data": {**data, "corps": "archivistes"}}
    elif kind == "dates" and message["type"] == "arrete.published":
        bad = {**message, "data": {**data, "published_on": "1999-01-01"}}
    elif kind == "uai" and message["type"] == "assignment.upserted":
        letter = "A" if data["uai"][-1] != "A" else "B"
        bad = {**message, "data": {**data, "uai": data["uai"][:-1] + letter}}
    elif kind == "id" and earlier_id:
        bad = {**message, "id": earlier_id}
    else:
        return line[: len(line) // 2] + b"\n", line
    return msgspec.json.encode(bad) + b"\n", line
