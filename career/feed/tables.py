"""Which column of which table each field of a fact goes to. `p` is the payload, `e` the establishment of its UAI."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FactTable:
    table: str
    columns: tuple[tuple[str, str], ...]
    joins: str = ""


def _text(name: str) -> tuple[str, str]:
    return name, f"coalesce(p->>'{name}', '')"


def _date(name: str) -> tuple[str, str]:
    return name, f"(p->>'{name}')::date"


def _small(name: str) -> tuple[str, str]:
    return name, f"(p->>'{name}')::smallint"


def _number(name: str, default: str) -> tuple[str, str]:
    return name, f"coalesce((p->>'{name}')::numeric, {default})"


FACT_TABLES = {
    "career.step": FactTable(
        "career_careerstep",
        (
            _text("corps"),
            _text("grade"),
            _small("echelon"),
            _small("chevron"),
            _date("effective_on"),
            ("kept_days", "coalesce((p->>'kept_days')::int, 0)"),
            _text("mode"),
            _text("arrete_ref"),
        ),
    ),
    "assignment.upserted": FactTable(
        "career_assignment",
        (
            ("establishment_id", "e.id"),
            _text("uai"),
            _text("nature"),
            _text("discipline_code"),
            _text("discipline"),
            _number("quotity", "100"),
            _date("starts_on"),
            _date("ends_on"),
        ),
        "LEFT JOIN career_establishment e ON e.uai = p->>'uai'",
    ),
    "evaluation.recorded": FactTable(
        "career_evaluation",
        (
            _text("kind"),
            _date("held_on"),
            _text("appreciation"),
            _text("evaluator"),
            _date("report_notified_on"),
            _date("notified_on"),
        ),
    ),
    "diploma.recorded": FactTable(
        "career_diploma", (_text("label"), _small("level"), _text("institution"), _date("awarded_on"))
    ),
    "training.recorded": FactTable(
        "career_training",
        (
            _text("label"),
            _date("starts_on"),
            _date("ends_on"),
            _number("hours", "0"),
            _text("competence"),
            _text("origin"),
            ("certifying", "coalesce((p->>'certifying')::boolean, false)"),
        ),
    ),
    "family.changed": FactTable(
        "career_familysituation",
        (
            _date("effective_on"),
            ('"union"', "p->>'union'"),
            _date("union_on"),
            _text("conjoint_departement"),
            (
                "children_birthdates",
                "ARRAY(SELECT jsonb_array_elements_text(coalesce(p->'children_birthdates', '[]'))::date)",
            ),
        ),
    ),
    "service.validated": FactTable(
        "career_serviceperiod",
        (
            _small("school_year"),
            _text("uai"),
            _number("hours_due", "0"),
            _number("hours_done", "0"),
            _number("hsa", "0"),
            _number("hse", "0"),
            _date("validated_on"),
        ),
    ),
    "arrete.published": FactTable(
        "career_arrete", (_text("title"), _date("signed_on"), _date("published_on"), _date("effective_on"))
    ),
}


def upsert_fact(fact_type: str) -> str:
    """One statement: the stage's newest message per fact, over older rows only, tombstones taken into account."""
    spec = FACT_TABLES[fact_type]
    names = ", ".join(name for name, _ in spec.columns)
    values = ", ".join(expression for _, expression in spec.columns)
    updates = ", ".join(f"{name} = excluded.{name}" for name, _ in spec.columns)
    return f"""
        INSERT INTO {spec.table} AS t (agent_id, ref, seq, event_id, recorded_at, cancelled, {names})
        SELECT DISTINCT ON (a.id, p->>'ref') a.id, p->>'ref', s.seq, s.message_id, s.time,
               coalesce((d.seq, d.event_id) > (s.seq, s.message_id), false), {values}
          FROM feed_stage s
          CROSS JOIN LATERAL (SELECT s.payload AS p) AS x
          JOIN career_agent a ON a.matricule = s.matricule
          LEFT JOIN career_tombstone d ON d.type = s.type AND d.matricule = s.matricule AND d.ref = p->>'ref'
          {spec.joins}
         WHERE s.type = '{fact_type}'
         ORDER BY a.id, p->>'ref', s.seq DESC, s.message_id DESC
        ON CONFLICT (agent_id, ref) DO UPDATE
           SET seq = excluded.seq, event_id = excluded.event_id, recorded_at = excluded.recorded_at,
               cancelled = excluded.cancelled, {updates}
         WHERE (t.seq, t.event_id) < (excluded.seq, excluded.event_id)
    """  # noqa: S608  (names come from the table above)


def cancel_facts(fact_type: str) -> str:
    """Marks the rows whose rectification is newer than their message."""
    return f"""
        UPDATE {FACT_TABLES[fact_type].table} t
           SET cancelled = true
          FROM career_tombstone d
          JOIN career_agent a ON a.matricule = d.matricule
         WHERE t.agent_id = a.id AND t.ref = d.ref AND d.type = '{fact_type}' AND NOT t.cancelled
           AND (d.seq, d.event_id) > (t.seq, t.event_id)
           AND (d.matricule, d.ref) IN (SELECT matricule, payload->>'ref' FROM feed_stage WHERE type = %s)
    """  # noqa: S608  (names come from the table above)
