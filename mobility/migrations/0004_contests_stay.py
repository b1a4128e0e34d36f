"""An answer stays, and is given by another than the owner; what was asked never changes; a PDF is never replaced."""

from django.db import migrations

ASKS = ("mobility_contest", "mobility_latechange")
KEEP = """
CREATE FUNCTION keep_answer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'what was asked is never removed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.decided_at IS NOT NULL THEN
        RAISE EXCEPTION 'an answer is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.public_id, OLD.request_id, OLD.reason, OLD.sent_at) IS DISTINCT FROM
       (NEW.public_id, NEW.request_id, NEW.reason, NEW.sent_at) THEN
        RAISE EXCEPTION 'what was asked is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
"""
TRIGGERS = "".join(
    f"CREATE TRIGGER answer_stays BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION keep_answer();\n"
    f"CREATE TRIGGER not_one_s_own BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_own_decision();\n"
    for table in ASKS
)
UNDO = "".join(f"DROP TRIGGER answer_stays ON {table}; DROP TRIGGER not_one_s_own ON {table};\n" for table in ASKS)
PRINT = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON mobility_baremeprint FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mobility", "0003_contests_late_changes_prints"),
        ("security", "0002_append_only_journal"),
    ]

    operations = [
        migrations.RunSQL(KEEP, "DROP FUNCTION keep_answer()"),
        migrations.RunSQL(TRIGGERS, UNDO),
        migrations.RunSQL(PRINT, "DROP TRIGGER append_only ON mobility_baremeprint"),
    ]
