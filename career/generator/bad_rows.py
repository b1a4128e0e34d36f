"""Spoils a line of the feed in one of the ways a source really does, and gives its corrected version."""

import msgspec

FAULTS_OF = {"career.step": "corps", "arrete.published": "dates", "assignment.upserted": "uai"}


def spoil(line: bytes, number: int, earlier_id: str) -> tuple[bytes, bytes]:
    """(spoiled, corrected). `earlier_id` is the id of a good message sent before: reused, it is the fault."""
    message = msgspec.json.decode(line)
    faults = ["json", *(["id"] if earlier_id else []), *filter(None, [FAULTS_OF.get(message["type"])] * 3)]
    kind = faults[number % len(faults)]
    data = message["data"]
    if kind == "corps":
        bad = {**message, "data": {**data, "corps": "archivistes"}}
    elif kind == "dates":
        bad = {**message, "data": {**data, "published_on": "1999-01-01"}}
    elif kind == "uai":
        letter = "A" if data["uai"][-1] != "A" else "B"
        bad = {**message, "data": {**data, "uai": data["uai"][:-1] + letter}}
    elif kind == "id":
        bad = {**message, "id": earlier_id}
    else:
        return line[: len(line) // 2] + b"\n", line
    return msgspec.json.encode(bad) + b"\n", line
