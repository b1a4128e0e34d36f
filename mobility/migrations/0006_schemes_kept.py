"""Opinions, steps, guides and moves of dates are written once; a date moves only with its row; nobody advises or decides
on their own application."""

from django.db import migrations

KEPT = ("mobility_schemeopinion", "mobility_schemeevent", "mobility_schemeguide", "mobility_schemecampaignmove")
APPEND = "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();\n"
    for table in KEPT
)
UNDO_APPEND = "".join(f"DROP TRIGGER append_only ON {table};\n" for table in KEPT)
DATES = """
CREATE FUNCTION hold_scheme_campaign_to_its_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.opens_at, OLD.closes_at, OLD.opinions_until, OLD.results_at)
        IS DISTINCT FROM (NEW.opens_at, NEW.closes_at, NEW.opinions_until, NEW.results_at)
       AND (NEW.moves <= OLD.moves OR NOT EXISTS (
           SELECT 1 FROM mobility_schemecampaignmove WHERE campaign_id = NEW.id AND number = NEW.moves)) THEN
        RAISE EXCEPTION 'a date of a scheme moves with its reason only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER dates_move_with_a_reason BEFORE UPDATE ON mobility_schemecampaign FOR EACH ROW
EXECUTE FUNCTION hold_scheme_campaign_to_its_moves();
"""
AUTHOR = """
CREATE FUNCTION refuse_own_application() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM mobility_schemeapplication a
               WHERE a.id = NEW.application_id AND a.owner_id = NEW.decided_by_id) THEN
        RAISE EXCEPTION 'nobody advises or decides on their own application' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER not_one_s_own BEFORE INSERT ON mobility_schemeopinion FOR EACH ROW EXECUTE FUNCTION refuse_own_application();
CREATE TRIGGER not_one_s_own BEFORE INSERT ON mobility_schemeevent FOR EACH ROW
WHEN (NEW.became IN ('avis_rendus', 'transmise', 'retenue', 'non_retenue')) EXECUTE FUNCTION refuse_own_application();
"""
UNDO_AUTHOR = """
DROP TRIGGER not_one_s_own ON mobility_schemeevent; DROP TRIGGER not_one_s_own ON mobility_schemeopinion;
DROP FUNCTION refuse_own_application();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mobility", "0005_schemes"),
        ("security", "0002_append_only_journal"),
    ]

    operations = [
        migrations.RunSQL(APPEND, UNDO_APPEND),
        migrations.RunSQL(
            DATES,
            "DROP TRIGGER dates_move_with_a_reason ON mobility_schemecampaign;"
            "DROP FUNCTION hold_scheme_campaign_to_its_moves()",
        ),
        migrations.RunSQL(AUTHOR, UNDO_AUTHOR),
    ]
