"""What a post gives: éducation prioritaire, CLA, poste à profil, Mayotte or Guyane. On every vœu."""

from iprof.kernel.money import counted
from mobility.domain.inter_law import Item
from mobility.domain.inter_ledger import Ledger, told


def post(ledger: Ledger) -> None:
    situation = ledger.case.situation
    education_prioritaire(ledger)
    for name, years, where in (
        ("cla", situation.cla_years, "dans un établissement en contrat local d'accompagnement"),
        ("pop_sortie", situation.pop_years, "sur un poste à profil"),
    ):
        if item := ledger.item(name):
            years_points(ledger, item, years, where)
    _far(ledger)


def education_prioritaire(ledger: Ledger) -> None:
    """Five years in one établissement; REP+ or REP, never both."""
    situation, items = ledger.case.situation, ledger.case.items
    if years_points(ledger, items["ep_rep_plus"], situation.rep_plus_years, "en REP+ ou politique de la ville"):
        if situation.rep_years >= items["ep_rep"].amount("annees"):
            ledger.drop("ep_rep", "Les bonifications REP+ et REP ne se cumulent pas : la plus forte est gardée.")
        return
    years_points(ledger, items["ep_rep"], situation.rep_years, "en REP")


def years_points(ledger: Ledger, item: Item, years: int, where: str) -> bool:
    """The points once the years are there; nothing before."""
    if years < item.amount("annees"):
        return False
    day = ledger.case.anchors.poste
    return ledger.give(
        item,
        item.points,
        lambda: (
            f"{counted(years, 'ans')} de services continus {where} : {counted(item.amount('annees'), 'ans')} donnent "
            f"{counted(item.points, 'points')}.",
            (told("Années de services continus", years, day),),
        ),
    )


def _far(ledger: Ledger) -> None:
    """Five years in Mayotte, or in Guyane where two may be enough on some posts: which ones is not published."""
    situation, item = ledger.case.situation, ledger.case.items["mayotte_guyane"]
    years = max(situation.mayotte_years, situation.guyane_years)
    if years_points(ledger, item, years, "à Mayotte ou en Guyane"):
        return
    if situation.guyane_years >= item.amount("annees_guyane_isole"):
        ledger.tell_unknown(
            item.id,
            f"Non publié : certains postes de Guyane ouvriraient ces points avant {counted(item.amount('annees'), 'ans')}. Demandez à "
            "votre gestionnaire si le vôtre en est.",
        )
