"""A receipt is written once; its PDF is set once."""

from django.db import migrations

RECEIPT = """
CREATE FUNCTION keep_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a receipt is never removed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.public_id, OLD.owner_id, OLD.kind, OLD.subject, OLD.code, OLD.payload_digest, OLD.issued_at)
        IS DISTINCT FROM
       (NEW.public_id, NEW.owner_id, NEW.kind, NEW.subject, NEW.code, NEW.payload_digest, NEW.issued_at)
       OR OLD.payload IS DISTINCT FROM NEW.payload THEN
        RAISE EXCEPTION 'a receipt is never changed' USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.pdf_digest <> '' AND OLD.pdf_digest <> NEW.pdf_digest THEN
        RAISE EXCEPTION 'the PDF of a receipt is never replaced' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER receipt_stays BEFORE UPDATE OR DELETE ON documents_receipt FOR EACH ROW EXECUTE FUNCTION keep_receipt();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0010_receipts")]

    operations = [
        migrations.RunSQL(RECEIPT, "DROP TRIGGER receipt_stays ON documents_receipt; DROP FUNCTION keep_receipt()"),
    ]
