"""The person, the cause and the Message-ID of an alert never change: no row is used again for somebody else."""

from django.db import migrations

ALERT = """
CREATE FUNCTION keep_identity_of_alert() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an alert stays with its person and its cause' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER identity_stays BEFORE UPDATE OF user_id, cause, message_id, kind, subject, body, mailing_id
ON correspondence_alert FOR EACH ROW
WHEN (OLD.user_id IS DISTINCT FROM NEW.user_id OR OLD.cause IS DISTINCT FROM NEW.cause
      OR OLD.message_id IS DISTINCT FROM NEW.message_id OR OLD.kind IS DISTINCT FROM NEW.kind
      OR OLD.subject IS DISTINCT FROM NEW.subject OR OLD.body IS DISTINCT FROM NEW.body
      OR OLD.mailing_id IS DISTINCT FROM NEW.mailing_id)
EXECUTE FUNCTION keep_identity_of_alert();
"""
COPY = """
CREATE FUNCTION keep_copy_with_its_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.subscription_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM correspondence_alert a JOIN correspondence_pushsubscription s ON s.user_id = a.user_id
        WHERE a.id = NEW.alert_id AND s.id = NEW.subscription_id
    ) THEN
        RAISE EXCEPTION 'a copy goes to a device of the person of the alert' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER copy_goes_to_its_person BEFORE INSERT OR UPDATE OF alert_id, subscription_id ON correspondence_alertcopy
FOR EACH ROW EXECUTE FUNCTION keep_copy_with_its_person();
CREATE FUNCTION keep_device_with_its_person() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a device stays with its person' USING ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER device_stays BEFORE UPDATE OF user_id ON correspondence_pushsubscription FOR EACH ROW
WHEN (OLD.user_id IS DISTINCT FROM NEW.user_id) EXECUTE FUNCTION keep_device_with_its_person();
"""


class Migration(migrations.Migration):
    dependencies = [("correspondence", "0007_mailings_copies_choices")]
    operations = [
        migrations.RunSQL(
            ALERT,
            "DROP TRIGGER identity_stays ON correspondence_alert; DROP FUNCTION keep_identity_of_alert();",
        ),
        migrations.RunSQL(
            COPY,
            "DROP TRIGGER copy_goes_to_its_person ON correspondence_alertcopy;"
            " DROP FUNCTION keep_copy_with_its_person();"
            " DROP TRIGGER device_stays ON correspondence_pushsubscription;"
            " DROP FUNCTION keep_device_with_its_person();",
        ),
    ]
