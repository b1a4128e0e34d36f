"""A published bulletin says for good what it said: only its erratum grows, and its announcement is noted."""

from django.db import migrations

BULLETIN = """
CREATE FUNCTION keep_published_bulletin() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := ARRAY['erratum', 'erratum_at', 'announced_at'];
BEGIN
    IF OLD.state <> 'publie' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - free = to_jsonb(OLD) - free AND starts_with(NEW.erratum, OLD.erratum) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of a published bulletin refused', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER published_stays BEFORE UPDATE OR DELETE ON correspondence_bulletin
FOR EACH ROW EXECUTE FUNCTION keep_published_bulletin();
"""
LURE = """
CREATE FUNCTION keep_published_lure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM correspondence_bulletin b WHERE b.state = 'publie'
        AND ((TG_OP <> 'INSERT' AND b.id = OLD.bulletin_id) OR (TG_OP <> 'DELETE' AND b.id = NEW.bulletin_id))
    ) THEN
        RAISE EXCEPTION '% of a lure of a published bulletin refused', TG_OP USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END
$$;
CREATE TRIGGER published_stays BEFORE INSERT OR UPDATE OR DELETE ON correspondence_lure
FOR EACH ROW EXECUTE FUNCTION keep_published_lure();
"""


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0004_alert_bulletins")]

    operations = [
        migrations.RunSQL(
            BULLETIN,
            "DROP TRIGGER published_stays ON correspondence_bulletin; DROP FUNCTION keep_published_bulletin()",
        ),
        migrations.RunSQL(LURE, "DROP TRIGGER published_stays ON correspondence_lure; DROP FUNCTION keep_published_lure()"),
    ]
