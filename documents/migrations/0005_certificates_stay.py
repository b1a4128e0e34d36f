"""A certificate of destruction is written once, whatever the code does (norm D24)."""

from django.db import migrations

TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON documents_destructioncertificate
FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_privacy"), ("security", "0002_append_only_journal")]

    operations = [
        migrations.RunSQL(TRIGGER, "DROP TRIGGER append_only ON documents_destructioncertificate"),
    ]
