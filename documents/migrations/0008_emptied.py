"""The precision of a decision goes with the document it was about, and nothing else of it changes; what was destroyed
already keeps no title, name, date, mark nor verdict (RGPD art. 5.1.e)."""

from django.db import migrations

TRIGGER = """
CREATE FUNCTION hold_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('iprof.retention', true) = 'on' THEN
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.comment = '' AND to_jsonb(NEW) - 'comment' = to_jsonb(OLD) - 'comment' AND EXISTS (
        SELECT 1 FROM documents_documentuse u JOIN documents_document d ON d.id = u.document_id
        WHERE u.id = OLD.use_id AND d.state = 'detruit'
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% on % refused: the table is append-only', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$$;
DROP TRIGGER append_only ON documents_review;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON documents_review FOR EACH ROW EXECUTE FUNCTION hold_review();
"""
BACK = """
DROP TRIGGER append_only ON documents_review;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON documents_review FOR EACH ROW EXECUTE FUNCTION refuse_change();
DROP FUNCTION hold_review();
"""
ALREADY_DESTROYED = """
UPDATE documents_document SET title = '', original_name = '', received_sha256 = '', content_mark = '', dated_on = NULL,
    ends_on = NULL, unneeded_at = NULL WHERE state = 'detruit';
DELETE FROM documents_documentverdict WHERE document_id IN (SELECT id FROM documents_document WHERE state = 'detruit');
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0007_received_files")]

    operations = [
        migrations.RunSQL(TRIGGER, BACK),
        migrations.RunSQL(ALREADY_DESTROYED, migrations.RunSQL.noop),
    ]
