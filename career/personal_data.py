"""What this app holds about a person (`iprof.web.personal_data`)."""

from typing import Any

from django.db.models import Model

from career.models import (
    Agent,
    AppraisalRequest,
    Arrete,
    Assignment,
    CareerStep,
    CorrectionRequest,
    Cv,
    CvEntry,
    CvSection,
    Diploma,
    Evaluation,
    FamilySituation,
    HiddenFact,
    InboxMessage,
    QuarantinedMessage,
    SavedScenario,
    ServicePeriod,
    Tombstone,
    Training,
)
from iprof.web.personal_data import KEY, SECRET, STAFF, TECHNICAL, YOURSELF, hold, set_aside

FACTS: tuple[tuple[type[Model], str, str], ...] = (
    (CareerStep, "Échelons", "corps grade echelon chevron effective_on kept_days mode arrete_ref"),
    (Assignment, "Affectations", "establishment uai nature discipline_code discipline quotity starts_on ends_on"),
    (Evaluation, "Évaluations", "kind held_on appreciation evaluator report_notified_on notified_on"),
    (Diploma, "Diplômes", "label level institution awarded_on"),
    (Training, "Formations", "label starts_on ends_on hours competence origin certifying"),
    (ServicePeriod, "Services", "school_year uai hours_due hours_done hsa hse validated_on"),
    (Arrete, "Arrêtés", "title signed_on published_on effective_on"),
    (FamilySituation, "Situation familiale", "effective_on union union_on conjoint_departement children_birthdates"),
)
_FACT = {"id": KEY, "agent": YOURSELF, "seq event_id": TECHNICAL}
MASKED = "•••••••••••••"


def numen(agent: Any) -> str | None:
    """Held, never given: the copy leaves the portal, and a NUMEN opens an account that is not open yet."""
    return MASKED if agent.numen_sealed else None


def register() -> None:
    hold(
        Agent, "Identité et coordonnées", "user",
        "matricule civilite first_name last_name birth_name birth_date numen_sealed address postal_code commune phone"
        " entered_on left_on left_reason recorded_at",
        {"id": KEY, "user": YOURSELF, "sort_key": "votre nom, écrit pour le tri", "numen_digest": SECRET,
         "left_seq numen_seq seq event_id": TECHNICAL},
        shown={"numen_sealed": numen},
    )  # fmt: skip
    for model, label, fields in FACTS:
        hold(model, label, "agent__user", f"ref {fields} recorded_at cancelled", _FACT)
    _hold_requests()
    hold(Cv, "CV académique", "agent__user", "updated_at", {"id": KEY, "agent": YOURSELF})
    hold(CvSection, "Rubriques du CV", "cv__agent__user", "code position visible", {"id cv": KEY})
    hold(
        CvEntry, "Éléments du CV", "cv__agent__user", "section position title text level starts ends",
        {"id public_id cv": KEY, "version": TECHNICAL},
    )  # fmt: skip
    hold(HiddenFact, "Éléments du dossier masqués dans le CV", "cv__agent__user", "kind ref", {"id cv": KEY})
    set_aside(
        "messages de la gestion des ressources humaines : ce qu'ils disent est dans les rubriques de la carrière",
        InboxMessage,
    )
    set_aside(
        "messages rejetés, chiffrés, qui ne sont pas votre dossier tant qu'ils ne sont pas corrigés", QuarantinedMessage
    )
    set_aside("marques de ce qui a été annulé, sans contenu", Tombstone)


def _hold_requests() -> None:
    answered = "state created_at due_on answer answered_at"
    left = {"id public_id": KEY, "agent": YOURSELF, "answered_by": STAFF}
    hold(
        CorrectionRequest, "Demandes de rectification", "agent__user",
        f"fact_kind fact_ref fact_label message {answered}", left,
    )  # fmt: skip
    hold(
        AppraisalRequest, "Demandes sur un rendez-vous de carrière", "agent__user",
        f"kind evaluation_ref subject notified_on notified_declared message {answered}", left,
    )  # fmt: skip
    hold(
        SavedScenario, "Projections enregistrées", "agent__user", "name query created_at",
        {"id public_id": KEY, "agent": YOURSELF},
    )  # fmt: skip
