"""The inbox is append-only, whatever the code does: what came from outside is kept as it came (design §2).

The function, and the way the retention job may delete, are those of security/migrations/0002_append_only_journal.py.
"""

from django.db import migrations

TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON career_inboxmessage
FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("career", "0004_role_permissions"), ("security", "0002_append_only_journal")]

    operations = [migrations.RunSQL(TRIGGER, "DROP TRIGGER append_only ON career_inboxmessage")]
