"""Why a measured verdict is what it is: the figure measured, the limit, whose choice the limit is (requirement S76)."""

from collections.abc import Mapping
from decimal import Decimal

from documents.domain.pages import PageLaw, page_law
from documents.domain.verdicts import Check, Verdict
from iprof.kernel.explain import Input, Node

RULE = "documents.lisibilite"
MEASURED = "mesuré sur les pages du fichier"
CHOSEN = "documents/legal/checks.yaml"


def reason(verdict: Verdict) -> Node | None:
    """The tree of a verdict that compared a measure with a limit; None when nothing was measured.

    A verdict kept from a time that did not keep the measure has a tree without value.
    """
    rules = page_law()
    limits = _limits(rules).get((verdict.check, verdict.word))
    if limits is None:
        return None
    label, unit, inputs = limits
    measured = str(verdict.figures.get("measured", ""))
    return Node(
        label,
        Decimal(measured) if measured else None,
        unit if measured else "",
        RULE,
        rules.source.checked_on.isoformat() if rules.source.checked_on else "",
        (rules.source,),
        (Input("Pages concernées", str(verdict.figures.get("pages", "1")), MEASURED), *inputs),
        sentence="La page la moins lisible décide." if measured else "La mesure n'a pas été gardée.",
    )


def _limits(rules: PageLaw) -> Mapping[tuple[Check, str], tuple[str, str, tuple[Input, ...]]]:
    dpi = (
        Input("Signalé sous", rules.dpi_warned, CHOSEN),
        Input("Refusé sous", rules.dpi_refused, CHOSEN),
        Input("Conseillé", rules.dpi_advised, CHOSEN),
    )
    sharp = (
        Input("Signalé sous", Decimal(str(rules.sharp_warned)), CHOSEN),
        Input("Refusé sous", Decimal(str(rules.sharp_refused)), CHOSEN),
    )
    words = (Input("Signalé sous", rules.heading_words, CHOSEN),)
    return {
        (Check.SHARPNESS, "resolution"): ("Définition de la page", "points par pouce", dpi),
        (Check.SHARPNESS, "resolution-illisible"): ("Définition de la page", "points par pouce", dpi),
        (Check.SHARPNESS, "flou"): ("Netteté de la page", "", sharp),
        (Check.SHARPNESS, "flou-illisible"): ("Netteté de la page", "", sharp),
        (Check.LETTERHEAD, "illisible"): ("Mots lus dans l'en-tête", "mots", words),
    }
