"""Versions, events and moves of dates are written once; a date moves only with its row; nobody decides on their own."""

from django.db import migrations

KEPT = ("mobility_baremeversion", "mobility_requestevent", "mobility_campaignmove")
APPEND = "".join(
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_change();\n"
    for table in KEPT
)
UNDO_APPEND = "".join(f"DROP TRIGGER append_only ON {table};\n" for table in KEPT)
DATES = """
CREATE FUNCTION hold_campaign_to_its_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.opens_at, OLD.closes_at, OLD.pieces_until, OLD.bareme_shown_at, OLD.contest_until, OLD.late_until, OLD.results_at)
        IS DISTINCT FROM
       (NEW.opens_at, NEW.closes_at, NEW.pieces_until, NEW.bareme_shown_at, NEW.contest_until, NEW.late_until, NEW.results_at)
       AND (NEW.moves <= OLD.moves OR NOT EXISTS (
           SELECT 1 FROM mobility_campaignmove WHERE campaign_id = NEW.id AND number = NEW.moves)) THEN
        RAISE EXCEPTION 'a date of a campaign moves with its reason only' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER dates_move_with_a_reason BEFORE UPDATE ON mobility_campaign FOR EACH ROW
EXECUTE FUNCTION hold_campaign_to_its_moves();
"""
AUTHOR = """
CREATE FUNCTION refuse_own_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM mobility_mobilityrequest r WHERE r.id = NEW.request_id AND r.owner_id = NEW.decided_by_id) THEN
        RAISE EXCEPTION 'nobody decides on their own request' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER not_one_s_own BEFORE INSERT ON mobility_baremeversion FOR EACH ROW EXECUTE FUNCTION refuse_own_decision();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mobility", "0001_mobility"),
        ("security", "0002_append_only_journal"),
    ]

    operations = [
        migrations.RunSQL(APPEND, UNDO_APPEND),
        migrations.RunSQL(
            DATES,
            "DROP TRIGGER dates_move_with_a_reason ON mobility_campaign; DROP FUNCTION hold_campaign_to_its_moves()",
        ),
        migrations.RunSQL(
            AUTHOR, "DROP TRIGGER not_one_s_own ON mobility_baremeversion; DROP FUNCTION refuse_own_decision()"
        ),
    ]
