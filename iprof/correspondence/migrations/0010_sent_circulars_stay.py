"""What was simulated is what is sent, and what is sent stays: held by the database, whatever the code does."""

from django.db import migrations

CIRCULAR = """
CREATE FUNCTION keep_circular() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    recall text[] := ARRAY['state', 'recalled_by_id', 'recalled_at', 'recall_reason'];
    steps text[] := ARRAY['state', 'simulated_by_id', 'simulated_at', 'recipient_count', 'approved_by_id',
                          'approved_at', 'released_by_id', 'released_at', 'mailing_id'];
BEGIN
    IF TG_OP = 'UPDATE' AND (
        (OLD.state = 'brouillon')
        OR (OLD.state IN ('simulee', 'validee') AND NEW.state = 'brouillon')
        OR (OLD.state IN ('simulee', 'validee') AND to_jsonb(NEW) - steps = to_jsonb(OLD) - steps)
        OR (OLD.state = 'diffusee' AND NEW.state = 'rappelee' AND to_jsonb(NEW) - recall = to_jsonb(OLD) - recall)
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of a circular refused in this state', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER circular_stays BEFORE UPDATE OR DELETE ON correspondence_circular
FOR EACH ROW EXECUTE FUNCTION keep_circular();
"""
# The recipients and the files of a draft alone come and go.
PARTS = """
CREATE FUNCTION keep_part_of_circular() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM parts p JOIN correspondence_circular c ON c.id = p.circular_id WHERE c.state <> 'brouillon')
    THEN
        RAISE EXCEPTION '% of % refused: no draft', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END
$$;
"""
ON_PART = """
CREATE TRIGGER added_to_a_draft AFTER INSERT ON {table} REFERENCING NEW TABLE AS parts
FOR EACH STATEMENT EXECUTE FUNCTION keep_part_of_circular();
CREATE TRIGGER taken_from_a_draft AFTER DELETE ON {table} REFERENCING OLD TABLE AS parts
FOR EACH STATEMENT EXECUTE FUNCTION keep_part_of_circular();
"""
FILE = """
CREATE TRIGGER moved_in_a_draft AFTER UPDATE ON correspondence_circularfile REFERENCING NEW TABLE AS parts
FOR EACH STATEMENT EXECUTE FUNCTION keep_part_of_circular();
"""
RECIPIENT = """
CREATE FUNCTION keep_circular_recipient() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.circular_id = OLD.circular_id AND NEW.user_id = OLD.user_id
        AND (OLD.read_at IS NULL OR NEW.read_at = OLD.read_at)
        AND (OLD.acted_at IS NULL OR NEW.acted_at = OLD.acted_at)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a recipient stays with its person, a reading keeps its day' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER recipient_stays BEFORE UPDATE ON correspondence_circularrecipient
FOR EACH ROW EXECUTE FUNCTION keep_circular_recipient();
"""
TABLES = ("correspondence_circularfile", "correspondence_circularrecipient")
UNDO = (
    "DROP TRIGGER circular_stays ON correspondence_circular; DROP FUNCTION keep_circular();"
    " DROP TRIGGER recipient_stays ON correspondence_circularrecipient; DROP FUNCTION keep_circular_recipient();"
    " DROP FUNCTION keep_part_of_circular() CASCADE;"
)


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0009_circulars")]
    operations = [
        migrations.RunSQL(CIRCULAR + PARTS + FILE + RECIPIENT + "".join(ON_PART.format(table=table) for table in TABLES), UNDO)
    ]
