"""« Priorités légales et sociales »: only what the file does not tell; nothing is mandatory, each set is for whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from typing import Any

from django import forms
from django.utils import timezone

from career.geography import departement_names
from iprof.web.forms import set_choices
from mobility.domain.facts import Degree
from mobility.domain.refusals import MESSAGES
from mobility.enums import Activity, Lien, Strategy
from mobility.forms import claims_fields as made
from mobility.forms.places import Workplace, workplace
from mobility.models import Claims
from mobility.selectors.places import found_place

PARTNERS = [
    ("", "Non indiqué"), ("titulaire", "Titulaire"), ("stagiaire", "Stagiaire"),
    ("stagiaire_ex_titulaire", "Stagiaire, déjà titulaire d'un corps enseignant"),
]  # fmt: skip
CONJOINT = ("conjoint_pays", "conjoint_postal_code", "commune", "frontalier", "activity", "last_activity_end")
FAMILY = ("lien", "lien_on", "imposition_commune", "dissolved_on")
YEARS = ("poste_years", "rep_years", "rep_plus_years", "cla_years", "pop_years", "mayotte_years", "guyane_years")
TRAINEE = ("stagiaire", "academie_stage", "academie_concours", "ex_contractuel", "ex_titulaire", "use_stag_10")
FIELDSETS: tuple[tuple[str, str, str, tuple[str, ...]], ...] = (
    ("famille", "Situation familiale", "Une seule priorité familiale par demande.", ("strategy",)),
    ("conjoint", "Conjoint ou autre parent : le lien", "Pour un rapprochement de conjoints.", FAMILY),
    ("lieu", "Conjoint ou autre parent : le lieu", "Pour un rapprochement de conjoints ou une autorité parentale conjointe.", CONJOINT),
    ("simultanee", "Mutation simultanée", "Les deux demandes portent les mêmes vœux, dans le même ordre.", ("partner_kind", "partner_conjoint", "partner_voeux")),
    ("enfants", "Enfants à charge", "Avec un rapprochement de conjoints ou une autorité parentale conjointe.", ("unborn_expected_on", "unborn_recognised_on")),
    ("separation", "Années de séparation", "Années scolaires entières où vous et votre conjoint avez travaillé dans deux départements.", ("separation_active", "separation_leave")),
    ("handicap", "Handicap", "N'écrivez rien de médical ici : le dossier médical va au médecin du travail, jamais à votre gestionnaire.", ("boe", "conjoint_boe", "handicap_asked")),
    ("services", "Services", "Laissez vide ce que votre dossier dit déjà.", YEARS),
    ("lieux", "Retour, outre-mer, vœu répété", "", ("cimm", "reintegration", "preferential_requests")),
    ("stage", "Stagiaires", "Seulement si vous êtes stagiaire cette année.", TRAINEE),
)  # fmt: skip
WHOLE = frozenset({"separation_active", "separation_leave", "preferential_requests"})


class ClaimsForm(forms.Form):
    """Fields named as those of `Claims`, `commune` and `frontalier` aside, and one `enfant_<n>` a child."""

    choices_only = True  # nothing is mandatory: the page says so once

    strategy = made.choice("Priorité demandée", Strategy.choices, radio=True)
    lien = made.choice("Lien avec votre conjoint", Lien.choices)
    lien_on = made.day("Depuis le", "Mariage, PACS, naissance ou reconnaissance de l'enfant.")
    imposition_commune = made.yes_no("PACS : êtes-vous imposés ensemble ?")
    dissolved_on = made.day("PACS dissous ou divorce le", "Laissez vide si le lien tient.")
    conjoint_postal_code = made.text("Code postal du lieu de travail", 12, inputmode="numeric", autocomplete="off")
    commune = made.choice("Commune", [("", "Choisissez si le code couvre plusieurs départements")])
    conjoint_pays = made.text("Pays, si le lieu est à l'étranger", 60, "Laissez vide en France.")
    frontalier = made.choice(
        "Département français le plus proche", [("", "Sans objet")], hint="À l'étranger seulement."
    )
    activity = made.choice("Activité", Activity.choices)
    last_activity_end = made.day("Fin de la dernière activité", "Pour un conjoint inscrit à France Travail.")
    partner_kind = made.choice("Statut de l'autre candidat", PARTNERS)
    partner_conjoint = made.tick("L'autre candidat est mon conjoint (mariage, PACS ou enfant reconnu)")
    partner_voeux = made.lines("Vœux de l'autre candidat", "Un par ligne, dans son ordre.")
    unborn_expected_on = made.day("Naissance attendue le")
    unborn_recognised_on = made.day("Reconnaissance anticipée faite le")
    separation_active = made.years("En activité, tous les deux")
    separation_leave = made.years("En congé parental ou en disponibilité pour suivre le conjoint")
    boe = made.tick("Je suis bénéficiaire de l'obligation d'emploi (RQTH ou autre titre)")
    conjoint_boe = made.tick("Mon conjoint en est bénéficiaire")
    handicap_asked = made.tick(
        "Je demande la priorité au titre du handicap",
        "Le recteur dit sur quels vœux elle est accordée : elle n'est pas comptée avant.",
    )
    poste_years = made.years("Ancienneté de poste")
    rep_years = made.years("Années en REP")
    rep_plus_years = made.years("Années en REP+ ou politique de la ville")
    cla_years = made.years("Années en contrat local d'accompagnement (CLA)")
    pop_years = made.years("Années sur poste à profil (POP)")
    mayotte_years = made.years("Années à Mayotte")
    guyane_years = made.years("Années en Guyane")
    cimm = made.choice("Centre des intérêts matériels et moraux (CIMM)", [])
    reintegration = made.choice("Réintégration : académie d'origine", [])
    preferential_requests = made.years("Demandes de suite avec le même premier vœu", "Celle-ci comprise.")
    stagiaire = made.yes_no("Je suis stagiaire", unknown="Comme mon dossier le dit")
    academie_stage = made.choice("Académie de stage", [])
    academie_concours = made.choice("Académie d'inscription au concours", [])
    ex_contractuel = made.tick("J'étais contractuel avant mon stage")
    ex_titulaire = made.choice("J'étais titulaire d'un autre corps, dans l'académie de", [])
    use_stag_10 = made.tick("J'utilise la bonification unique des stagiaires sur mon premier vœu")

    def __init__(self, data: Any = None, *, degree: Degree, claims: Claims, told: str = "") -> None:
        """`told`: the département of the conjoint as the file tells it, kept as long as no place is typed."""
        super().__init__(data, initial=_initial(claims))
        self.degree, self.claims, self.told = degree, claims, told
        self.fields["strategy"].error_messages["invalid_choice"] = MESSAGES["strategies_familiales_multiples"][1]
        for name in ("cimm", "reintegration", "academie_stage", "academie_concours", "ex_titulaire"):
            held = made.place(str(self.fields[name].label), degree if name == "cimm" else Degree.SECOND)
            self.fields[name] = held
        near = [(code, f"{code} · {name}") for code, name in departement_names().items()]
        set_choices(self, "frontalier", [("", "Sans objet"), *near])
        self._children(claims)
        self.place = self._place()
        communes = [(one.insee, f"{one.name} ({one.departement})") for one in self.place.communes]
        set_choices(self, "commune", [("", "Choisissez"), *communes])

    def _children(self, claims: Claims) -> None:
        """As many dates as are known or sent, and one more; the place of the fields follows the births."""
        sent = sum(1 for number in range(1, made.CHILDREN + 1) if self.data.get(f"enfant_{number}"))
        for number in range(1, min(max(len(claims.children_birthdates), sent) + 2, made.CHILDREN + 1)):
            self.fields[f"enfant_{number}"] = made.day(f"Enfant {number} : date de naissance")

    def _place(self) -> Workplace:
        """Of what is typed, before any validation: the communes to choose from are those of the code."""
        if not self.is_bound:
            return _saved_place(self.claims)
        return workplace(str(self.data.get("conjoint_postal_code", ""))[:12], str(self.data.get("commune", "")))

    @property
    def sets(self) -> list[tuple[str, str, str, list[forms.BoundField]]]:
        """(anchor, title, sentence, fields) in the order of the page."""
        children = [self[name] for name in self.fields if name.startswith("enfant_")]
        return [
            (code, title, words, (children if code == "enfants" else []) + [self[name] for name in names])
            for code, title, words, names in FIELDSETS
        ]

    def clean_conjoint_postal_code(self) -> str:
        if self.place.problem and not self.place.ambiguous:
            raise forms.ValidationError(self.place.problem)
        return self.place.postal_code

    def clean_commune(self) -> str:
        if self.place.ambiguous:
            raise forms.ValidationError(self.place.problem)
        return str(self.cleaned_data["commune"])

    def clean_partner_voeux(self) -> list[str]:
        """Places, in the order typed."""
        typed = [line for line in str(self.cleaned_data["partner_voeux"]).splitlines() if line.strip()]
        if unknown := [line for line in typed if not found_place(self.degree, line)]:
            raise forms.ValidationError(
                f"« {unknown[0].strip()} » n'est pas un lieu de ce mouvement : corrigez ce vœu."
            )
        return [found_place(self.degree, line) for line in typed]

    def clean(self) -> dict[str, Any]:
        found = self.cleaned_data
        for name in (
            "lien_on",
            "dissolved_on",
            "last_activity_end",
            "unborn_recognised_on",
            *_child_names(self.fields),
        ):
            if (on := found.get(name)) and on > timezone.localdate():
                self.add_error(name, "Cette date est à venir. Corrigez-la, ou laissez vide.")
        if found.get("unborn_recognised_on") and not found.get("unborn_expected_on"):
            self.add_error(
                "unborn_expected_on",
                "Une reconnaissance anticipée porte sur un enfant attendu : indiquez la naissance attendue.",
            )
        if found.get("conjoint_pays") and found.get("conjoint_postal_code"):
            self.add_error(
                "conjoint_pays", "Un lieu est en France ou à l'étranger : gardez le code postal, ou le pays."
            )
        return found

    @property
    def values(self) -> dict[str, Any]:
        """Fields of `Claims`, after validation; those that are wrong are left out."""
        kept = {name: _stored(name, value) for name, value in self.cleaned_data.items() if name in _NAMES}
        if "conjoint_postal_code" in kept:
            kept["conjoint_commune"], kept["conjoint_departement"] = self._where(bool(kept.get("conjoint_pays")))
        children = _child_names(self.fields)
        if all(name in self.cleaned_data for name in children):
            kept["children_birthdates"] = sorted(on for name in children if (on := self.cleaned_data[name]))
        return kept

    def _where(self, abroad: bool) -> tuple[str, str]:
        """(commune, département)."""
        if abroad:
            return "", self.cleaned_data.get("frontalier", "")
        return self.place.commune, self.place.departement or ("" if self.place.postal_code else self.told)

    @property
    def typed(self) -> Claims:
        """The claims as typed, unsaved: what is wrong stays as it was, a place that is not told yet is none."""
        row = copy(self.claims)
        for name, value in self.values.items():
            setattr(row, name, value)
        if self.is_bound and self.place.problem:
            row.conjoint_departement = ""
        return row


_NAMES = frozenset(field.name for field in Claims._meta.get_fields())
_TRUTHS = frozenset({"imposition_commune", "stagiaire"})


def _stored(name: str, value: Any) -> Any:
    if name in _TRUTHS:
        return made.TRUTH.get(value)
    return value or 0 if name in WHOLE else value


def _initial(claims: Claims) -> dict[str, Any]:
    found = {name: getattr(claims, name) for name in ClaimsForm.base_fields if name in _NAMES}
    words = {True: "oui", False: "non", None: ""}
    found |= {name: words[getattr(claims, name)] for name in _TRUTHS}
    found |= {f"enfant_{number}": on for number, on in enumerate(claims.children_birthdates, 1)}
    found["partner_voeux"] = "\n".join(claims.partner_voeux)
    found["frontalier"] = claims.conjoint_departement if claims.conjoint_pays else ""
    found["commune"] = _insee(claims)
    return found


def _saved_place(claims: Claims) -> Workplace:
    return workplace(claims.conjoint_postal_code, _insee(claims))


def _insee(claims: Claims) -> str:
    """Of the commune saved; empty when the code alone was enough."""
    saved = (claims.conjoint_commune, claims.conjoint_departement)
    communes = workplace(claims.conjoint_postal_code).communes
    return next((one.insee for one in communes if (one.name, one.departement) == saved), "")


def _child_names(fields: Mapping[str, Any]) -> list[str]:
    return [name for name in fields if name.startswith("enfant_")]
