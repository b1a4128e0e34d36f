"""Rows of results and of exchanges are written once; a batch goes forward only, released after its date; nobody reads ahead."""

from django.db import migrations

APPEND = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON mobility_exchange FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON mobility_result FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
UNDO_APPEND = """
DROP TRIGGER append_only ON mobility_exchange;
DROP TRIGGER append_only ON mobility_result;
"""
FROZEN = """
CREATE FUNCTION freeze_results() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM mobility_resultbatch b JOIN mobility_mobilityrequest r ON r.id = NEW.request_id
        WHERE b.id = NEW.batch_id
          AND (b.state <> 'importe' OR r.campaign_id IS DISTINCT FROM b.campaign_id)) THEN
        RAISE EXCEPTION 'the rows of a batch come with it, and from its campaign' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER frozen_with_the_batch BEFORE INSERT ON mobility_result FOR EACH ROW EXECUTE FUNCTION freeze_results();
"""
FORWARD = """
CREATE FUNCTION hold_batch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a batch of results is never removed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.public_id, OLD.campaign_id, OLD.rows, OLD.digest, OLD.imported_by_id, OLD.imported_at)
        IS DISTINCT FROM
       (NEW.public_id, NEW.campaign_id, NEW.rows, NEW.digest, NEW.imported_by_id, NEW.imported_at) THEN
        RAISE EXCEPTION 'a batch of results is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state
        AND (OLD.state, NEW.state) NOT IN (('importe', 'publie'), ('importe', 'ecarte'), ('publie', 'rappele')) THEN
        RAISE EXCEPTION 'a batch of results goes forward only' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state AND NEW.state = 'publie' AND NOT EXISTS (
        SELECT 1 FROM mobility_campaign c WHERE c.id = NEW.campaign_id AND c.results_at <= NEW.released_at) THEN
        RAISE EXCEPTION 'results are released once their date is come' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.state <> NEW.state AND NEW.state = 'publie'
        AND NEW.rows <> (SELECT count(*) FROM mobility_result o WHERE o.batch_id = NEW.id) THEN
        RAISE EXCEPTION 'the rows of a batch are those it came with' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER forward_only BEFORE UPDATE OR DELETE ON mobility_resultbatch FOR EACH ROW EXECUTE FUNCTION hold_batch();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("mobility", "0005_control_exchanges_results"),
        ("security", "0002_append_only_journal"),
    ]

    operations = [
        migrations.RunSQL(APPEND, UNDO_APPEND),
        migrations.RunSQL(FROZEN, "DROP TRIGGER frozen_with_the_batch ON mobility_result; DROP FUNCTION freeze_results()"),
        migrations.RunSQL(FORWARD, "DROP TRIGGER forward_only ON mobility_resultbatch; DROP FUNCTION hold_batch()"),
    ]
