"""Where the conjoint, or the other parent, works: a postal code as it is typed, a commune when the code is not enough (S53)."""

from dataclasses import dataclass

from career.domain.postal_codes import Commune, PostalArea
from career.geography import academies, departement_names, postal_codes
from iprof.kernel.errors import DomainError

SHAPE = "« {} » n'est pas un code postal : il compte cinq chiffres, par exemple 51100. Corrigez-le."
NOWHERE = "Aucun département français ne commence par « {} » : vérifiez le code postal. À l'étranger, indiquez le pays."
WHICH = "Le code {} couvre plusieurs départements ({}) : choisissez la commune."


@dataclass(frozen=True, slots=True)
class Workplace:
    """`departement` is empty until `problem` is solved; `communes` are those to choose from; `note` tells what was guessed."""

    postal_code: str
    departement: str = ""
    commune: str = ""
    communes: tuple[Commune, ...] = ()
    problem: str = ""
    ambiguous: bool = False
    note: str = ""

    @property
    def words(self) -> str:
        """« Côte-d'Or, académie de Dijon »."""
        if not self.departement:
            return ""
        return f"{departement_names()[self.departement]}, académie de {academies()[self.departement].name}"


def workplace(typed: str, insee: str = "") -> Workplace:
    """What a postal code, and the INSEE code of a commune under it, stand for; nothing for an empty code."""
    if not typed.strip():
        return Workplace("")
    try:
        area = postal_codes().area(typed)
    except DomainError:
        return Workplace(typed[:5], problem=SHAPE.format(typed))
    if not area.departements:
        return Workplace(area.code, problem=NOWHERE.format(area.code[:2]))
    chosen = next((one for one in area.communes if one.insee == insee), None)
    if chosen:
        return Workplace(area.code, chosen.departement, chosen.name, area.communes)
    return _guessed(area)


def _guessed(area: PostalArea) -> Workplace:
    if len(area.departements) > 1:
        names = ", ".join(departement_names()[one] for one in area.departements)
        return Workplace(area.code, communes=area.communes, problem=WHICH.format(area.code, names), ambiguous=True)
    commune = area.communes[0].name if len(area.communes) == 1 else ""
    note = "" if area.listed else "Code CEDEX ou absent de la liste : le département est lu à ses premiers chiffres."
    return Workplace(area.code, area.departements[0], commune, area.communes, note=note)
