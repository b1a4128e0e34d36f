"""What a service said of a piece is never changed; nobody reviews their own; a sensitive piece takes two people (norm D17)."""

from django.db import migrations

FOUR_EYES = """
CREATE FUNCTION hold_use_to_its_reviews() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.review <> 'a-verifier' THEN
            RAISE EXCEPTION 'a piece is joined before it is reviewed' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.eyes <> OLD.eyes THEN
        RAISE EXCEPTION 'how many people must accept a piece does not change' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.review = 'accepte' AND (
        SELECT count(DISTINCT by_id) FROM documents_review WHERE use_id = NEW.id AND accepted AND id > COALESCE(
            (SELECT max(id) FROM documents_review WHERE use_id = NEW.id AND NOT accepted), 0)
    ) < NEW.eyes THEN
        RAISE EXCEPTION 'not enough people accepted this piece' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER four_eyes BEFORE INSERT OR UPDATE OF review, eyes ON documents_documentuse FOR EACH ROW
EXECUTE FUNCTION hold_use_to_its_reviews();
CREATE FUNCTION refuse_own_review() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM documents_documentuse u JOIN documents_submission s ON s.id = u.submission_id
        WHERE u.id = NEW.use_id AND s.owner_id = NEW.by_id
    ) THEN
        RAISE EXCEPTION 'nobody reviews their own pieces' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER not_one_s_own BEFORE INSERT ON documents_review FOR EACH ROW EXECUTE FUNCTION refuse_own_review();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON documents_review FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
NO_EYES = """
DROP TRIGGER append_only ON documents_review;
DROP TRIGGER not_one_s_own ON documents_review; DROP FUNCTION refuse_own_review();
DROP TRIGGER four_eyes ON documents_documentuse; DROP FUNCTION hold_use_to_its_reviews();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_pieces_reviewed"), ("security", "0002_append_only_journal")]

    operations = [migrations.RunSQL(FOUR_EYES, NO_EYES)]
