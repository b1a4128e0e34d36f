"""A piece that is missing removes the points it supports, and only those."""

from iprof.kernel.text import unaccent
from mobility.domain.facts import Lien, Situation
from mobility.domain.refusals import refusal
from mobility.domain.results import Refusal
from mobility.domain.rules import Item, Rules

FAMILY = ("rc", "apc", "mutation_simultanee", "enfants", "separation", "non_limitrophe")
LINK = frozenset(
    "mariage pacs pacs_extrait imposition situation_maritale rc_situation_maritale extrait_naissance_pacs avis_imposition"
    " extrait_acte_naissance imposition_commune preuve_imposition_commune justificatif_pacs declaration_imposition_commune"
    " rc_activite_conjoint rc_residence_privee activite residence activite_conjoint contrat_travail bulletin_salaire bulletins_salaire"
    " attestation_employeur attestation_exercice extrait_registre attestation_urssaf preuve_activite france_travail"
    " derniere_activite justificatif_domicile bail rc apc mutation_simultanee garde decision_justice attestation_parents"
    " residence_privee attestation_travail".split()
)
CHILDREN = frozenset(
    "enfants acte_naissance enfant_a_naitre grossesse certificat_grossesse reconnaissance_anticipee".split()
)
APART = frozenset("separation attestation_separation attestation_activite_separation".split())
BOE = frozenset("rqth boe handicap handicap_boe notification_rqth preuve_boe".split())
PRIORITY = frozenset("handicap_1000 dossier_medical handicap_enfant justificatifs_handicap".split())
FORMER = frozenset("services etat_services etat_des_services contrats contrat_enseignement stag_ex_contractuel".split())
SINGLE = frozenset(
    "cimm reintegration stag_01 stag_ex_fonctionnaire ep_rep ep_rep_plus cla pop_sortie mayotte_guyane".split()
)


def pieces_of(item: Item, told: Situation, rules: Rules) -> tuple[str, ...]:
    """The pieces that support an item for this person: those of the law that their situation calls for."""
    return tuple(one for one in item.pieces if _called_for(one, item.id, told, rules))


def _called_for(piece: str, item: str, told: Situation, rules: Rules) -> bool:
    rc = told.rc
    if item in ("rc", "mutation_simultanee"):
        lien = rc.lien if rc else None
        of_a_link = {"mariage": Lien.MARIAGE, "pacs": Lien.PACS, "pacs_extrait": Lien.PACS, "imposition": Lien.PACS}
        if piece == "imposition" and not rules.imposition_commune:
            return False
        if piece in of_a_link:
            return lien is of_a_link[piece] or (lien is None and piece == "mariage")
        if piece == "enfants":
            return lien is Lien.ENFANT
    if piece == "residence":
        return rc is not None and rc.proof == "residence_privee"
    if piece in ("enfant_a_naitre", "grossesse"):
        expected = [born for born in told.children_birthdates if born > rules.session.birth_limit]
        return bool(expected or told.reconnaissance_anticipee) and not (piece == "enfant_a_naitre" and _married(told))
    if piece == "handicap_enfant":
        return not (told.boe or told.conjoint_boe)
    return True


def _married(told: Situation) -> bool:
    return told.rc is not None and told.rc.lien is Lien.MARIAGE


def items_without(told: Situation, rules: Rules) -> tuple[frozenset[str], list[Refusal]]:
    """(items whose points go, a refusal for each piece that is missed)."""
    gone: set[str] = set()
    refused: list[Refusal] = []
    for word in sorted(told.missing):
        scope, items = _supported(unaccent(word).lower().replace(" ", "_"), told)
        if not scope or scope in {one.scope for one in refused}:
            continue
        gone |= set(items)
        code = "rqth_non_notifiee" if scope == "handicap_boe" else "piece_manquante"
        refused.append(refusal(code, scope, label=rules.items[scope].label))
    return frozenset(gone), refused


def _supported(word: str, told: Situation) -> tuple[str, tuple[str, ...]]:
    """The item a piece supports first, and all that go with it; nothing for a word that names no piece."""
    strategy = "rc" if told.rc else "apc" if told.apc else "mutation_simultanee"
    if word == "livret_famille":
        return (strategy, FAMILY) if _married(told) else ("enfants", ("enfants",))
    if word in CHILDREN:
        return "enfants", ("enfants",)
    if word in LINK:
        return strategy, FAMILY
    if word in APART:
        return "separation", ("separation", "non_limitrophe")
    if word in BOE:
        return "handicap_boe", ("handicap_boe",) if told.conjoint_boe else ("handicap_boe", "handicap_1000")
    if word in PRIORITY:
        return "handicap_1000", ("handicap_1000",)
    if word in FORMER:
        return "stag_ex_contractuel", ("stag_ex_contractuel",)
    if word in {"arrete_classement", "reclassement"}:
        return ("stag_ex_contractuel", ("stag_ex_contractuel",)) if told.ex_contractuel else ("", ())
    return (word, (word,)) if word in SINGLE else ("", ())
