"""A piece that is missing removes the points it supports, and only those."""

from iprof.kernel.text import unaccent
from mobility.domain.facts import Lien, Situation
from mobility.domain.refusals import refusal
from mobility.domain.results import Refusal
from mobility.domain.rules import Rules

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
        married = told.rc is not None and told.rc.lien is Lien.MARIAGE
        return (strategy, FAMILY) if married else ("enfants", ("enfants",))
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
