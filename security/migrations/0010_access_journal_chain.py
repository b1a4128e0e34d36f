"""Each line of the access journal is signed, then sealed in a chain (norm D20).

Lines written before are signed here: the trigger that refuses it is lifted by the owner of the table, in this
transaction alone.
"""

import secrets

import django.utils.timezone
from django.db import migrations, models

from security.domain.chain import NONCE_LENGTH, mark_of
from security.journal import line_of, sign

LIFT = "ALTER TABLE security_accessevent DISABLE TRIGGER append_only"
PUT_BACK = "ALTER TABLE security_accessevent ENABLE TRIGGER append_only"
TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON security_journalseal
FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""


def sign_lines(apps, schema_editor):
    AccessEvent = apps.get_model("security", "AccessEvent")
    for event in AccessEvent.objects.order_by("pk").iterator(chunk_size=2000):
        mark = mark_of(line_of(event), nonce=secrets.token_hex(NONCE_LENGTH // 2), sign=sign)
        AccessEvent.objects.filter(pk=event.pk).update(mark=mark)


class Migration(migrations.Migration):
    dependencies = [("security", "0009_bulletin_access_kinds")]

    operations = [
        migrations.AlterField(
            model_name='accessevent',
            name='kind',
            field=models.CharField(choices=[('dossier.lecture', 'Consultation du dossier'), ('dossier.export', 'Export du dossier'), ('numen.affichage', 'Affichage du NUMEN'), ('courrier.impression', 'Impression du courrier de prise de fonction'), ('compte.activation', 'Première connexion'), ('compte.activation-refusee', 'Première connexion refusée'), ('compte.connexion', 'Connexion'), ('compte.connexion-echouee', 'Échec de connexion'), ('compte.deconnexion', 'Déconnexion'), ('compte.mot-de-passe', 'Changement de mot de passe'), ('compte.renforce', 'Authentification renforcée activée'), ('compte.renforce-retire', 'Authentification renforcée désactivée'), ('compte.facteur', 'Second facteur ajouté'), ('compte.facteur-retire', 'Second facteur retiré'), ('compte.codes-secours', 'Nouveaux codes de secours'), ('compte.seconde-etape', 'Seconde étape réussie'), ('compte.seconde-etape-refusee', 'Échec de la seconde étape'), ('compte.navigateur', 'Navigateur de confiance enregistré'), ('compte.navigateur-oublie', 'Navigateur de confiance oublié'), ('compte.adresse-secours', 'Adresse de secours enregistrée'), ('compte.adresse-secours-retiree', 'Adresse de secours retirée'), ('compte.gestion', 'Intervention sur le compte'), ('acces.refuse', 'Accès refusé'), ('rectification.demande', 'Demande de rectification'), ('rectification.reponse', 'Réponse à une demande de rectification'), ('rendez-vous.demande', 'Demande sur un rendez-vous de carrière'), ('rendez-vous.reponse', 'Réponse sur un rendez-vous de carrière'), ('compte.deblocage', 'Déblocage de la connexion'), ('etranger.demande', "Demande d'accès depuis l'étranger"), ('etranger.decision', "Décision sur un accès depuis l'étranger"), ('bulletin.gestion', "Relecture, publication ou erratum d'un bulletin d'alerte"), ('message.signalement', "Signalement d'un message suspect"), ('message.examen', 'Examen de messages suspects signalés'), ('flux.lecture', "Lecture d'un message du flux"), ('flux.rejeu', "Rejeu d'un message rejeté"), ('flux.ecart', 'Message rejeté écarté'), ('compte.session-fermee', 'Connexion fermée à distance'), ('journal.purge', 'Traces arrivées au terme de leur durée')], max_length=40, verbose_name='action'),
        ),
        migrations.CreateModel(
            name="JournalSeal",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="rang")),
                ("line", models.BigIntegerField(unique=True, verbose_name="trace")),
                ("kind", models.CharField(max_length=40, verbose_name="action")),
                ("at", models.DateTimeField(verbose_name="date et heure de la trace")),
                ("mark", models.CharField(max_length=80, verbose_name="signature de la trace")),
                ("digest", models.CharField(max_length=64, verbose_name="empreinte")),
                (
                    "sealed_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, editable=False, verbose_name="scellée le"
                    ),
                ),
            ],
            options={
                "verbose_name": "sceau du journal",
                "verbose_name_plural": "sceaux du journal",
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("position__gte", 1)),
                        name="journalseal_counts_from_one",
                        violation_error_message="Les sceaux se comptent à partir de 1.",
                    )
                ],
            },
        ),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER append_only ON security_journalseal"),
        migrations.AlterField(
            model_name="accessevent",
            name="at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="date et heure"
            ),
        ),
        migrations.AddField(
            model_name="accessevent",
            name="mark",
            field=models.CharField(default="", editable=False, max_length=80, verbose_name="signature"),
            preserve_default=False,
        ),
        migrations.RunSQL(LIFT, PUT_BACK),
        migrations.RunPython(sign_lines, migrations.RunPython.noop),
        migrations.RunSQL(PUT_BACK, LIFT),
        migrations.AddConstraint(
            model_name="accessevent",
            constraint=models.CheckConstraint(
                condition=models.Q(("mark", ""), _negated=True),
                name="accessevent_is_signed",
                violation_error_message="Une trace s'écrit avec sa signature.",
            ),
        ),
    ]
