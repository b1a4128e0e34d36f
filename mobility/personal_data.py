"""What this app holds about a person (`iprof.web.personal_data`)."""

from iprof.web.personal_data import KEY, SECRET, STAFF, YOURSELF, hold, set_aside
from mobility.models import (
    BaremePrint,
    BaremeVersion,
    Campaign,
    CampaignMove,
    ChosenPiece,
    Claims,
    Contest,
    Exchange,
    LateChange,
    MobilityRequest,
    RequestEvent,
    Result,
    ResultBatch,
    SchemeApplication,
    SchemeCampaign,
    SchemeCampaignMove,
    SchemeEvent,
    SchemeGuide,
    SchemeOpinion,
    SchemePiece,
    Triage,
    Voeu,
)


def register() -> None:
    hold(
        MobilityRequest, "Demandes de mutation", "owner", "campaign state late created_at changed_at confirmed_at",
        {"id public_id revision": KEY, "owner": YOURSELF},
    )  # fmt: skip
    hold(Voeu, "Vœux", "request__owner", "request rank kind place", {"id": KEY})
    hold(
        Claims, "Priorités invoquées", "request__owner",
        "request strategy lien lien_on imposition_commune dissolved_on conjoint_pays conjoint_postal_code conjoint_commune"
        " conjoint_departement activity last_activity_end partner_kind partner_voeux partner_conjoint children_birthdates"
        " unborn_expected_on unborn_recognised_on separation_active separation_leave boe conjoint_boe handicap_asked"
        " stagiaire poste_years rep_years rep_plus_years cla_years pop_years mayotte_years guyane_years cimm reintegration"
        " academie_stage academie_concours ex_contractuel ex_titulaire use_stag_10 preferential_requests",
        {"id": KEY},
    )  # fmt: skip
    hold(ChosenPiece, "Pièces choisies", "request__owner", "request piece", {"id document": KEY})
    hold(
        BaremeVersion, "Versions de votre barème", "request__owner",
        "request number cause rules_session official facts result retained digest note made_at",
        {"id": KEY, "decided_by": STAFF},
    )  # fmt: skip
    hold(
        RequestEvent, "Étapes de vos demandes", "request__owner", "request act was became note at",
        {"id": KEY, "by": STAFF},
    )  # fmt: skip
    hold(
        Contest, "Contestations de votre barème", "request__owner",
        "request version place item label ground shown expected granted reason state sent_at answer decided_at outcome",
        {"id public_id": KEY, "decided_by": STAFF},
    )  # fmt: skip
    hold(
        LateChange, "Modifications tardives", "request__owner",
        "request event happened_on voeux claims reason state sent_at answer decided_at outcome",
        {"id public_id": KEY, "decided_by": STAFF},
    )  # fmt: skip
    hold(
        BaremePrint,
        "PDF de vos barèmes",
        "version__request__owner",
        "version pdf_digest made_at",
        {"id": KEY, "pdf": SECRET},
    )
    set_aside("dates de la campagne, les mêmes pour tous", Campaign, CampaignMove)
    hold(
        SchemeApplication, "Candidatures aux dispositifs", "owner",
        "campaign state answers sending created_at changed_at sent_at",
        {"id public_id revision": KEY, "owner": YOURSELF},
    )  # fmt: skip
    hold(SchemePiece, "Pièces de vos candidatures", "application__owner", "application piece", {"id document": KEY})
    hold(
        SchemeOpinion, "Avis sur vos candidatures", "application__owner",
        "application sending role favourable reason given_at", {"id": KEY, "decided_by": STAFF},
    )  # fmt: skip
    hold(
        SchemeEvent, "Étapes de vos candidatures", "application__owner", "application act was became note at",
        {"id": KEY, "decided_by": STAFF},
    )  # fmt: skip
    set_aside("dates et guides des dispositifs, les mêmes pour tous", SchemeCampaign, SchemeCampaignMove, SchemeGuide)
    hold(
        Triage, "Contrôles automatiques de vos demandes", "request__owner", "request level found ran_at",
        {"id": KEY, "revision": KEY},
    )  # fmt: skip
    hold(
        Result, "Résultats de vos demandes", "request__owner", "request outcome rank place points",
        {"id": KEY, "batch": KEY}, only={"batch__state": "publie"},
    )  # fmt: skip
    set_aside("fichiers entiers, sans nom", ResultBatch, Exchange)
