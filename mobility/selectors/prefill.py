"""What the file already tells of a family, for a request just begun (S52, S61)."""

from typing import Any

from career.selectors.mobility_file import FamilyHeld
from mobility.enums import Lien
from mobility.selectors.file import FileFacts

UNIONS = {"mariage": Lien.MARIAGE, "pacs": Lien.PACS}


def claims_from(file: FileFacts) -> dict[str, Any]:
    """Fields of `Claims`. No priority is claimed in the agent's place: only the facts are there already."""
    return _family(file.family) if file.family else {}


def _family(family: FamilyHeld) -> dict[str, Any]:
    known = UNIONS.get(family.union, Lien.NONE)
    return {
        "lien": known,
        "lien_on": family.union_on if known else None,
        "conjoint_departement": family.conjoint_departement,
        "children_birthdates": sorted(family.children_birthdates),
    }
