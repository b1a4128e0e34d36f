"""Deadlines. A date changes by a written move only, and a move stays as it was written, whatever the code does."""

import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models

MOVES = """
CREATE FUNCTION deadline_move_follows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM correspondence_deadline d
        WHERE d.id = NEW.deadline_id AND d.closes_at = NEW.was_at AND d.moves + 1 = NEW.number AND d.cancelled_at IS NULL
    ) THEN
        RAISE EXCEPTION 'a move starts from the date of its deadline' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER move_follows BEFORE INSERT ON correspondence_deadlinemove
FOR EACH ROW EXECUTE FUNCTION deadline_move_follows();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON correspondence_deadlinemove
FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
DATE = """
CREATE FUNCTION deadline_date_is_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.audience IS DISTINCT FROM OLD.audience OR NEW.created_by_id IS DISTINCT FROM OLD.created_by_id
       OR NEW.moves <> OLD.moves + 1 OR NOT EXISTS (
        SELECT 1 FROM correspondence_deadlinemove m
        WHERE m.deadline_id = OLD.id AND m.number = NEW.moves AND m.was_at = OLD.closes_at AND m.became_at = NEW.closes_at
    ) THEN
        RAISE EXCEPTION 'the date of a deadline changes by a move' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END
$$;
CREATE TRIGGER date_is_moved BEFORE UPDATE ON correspondence_deadline FOR EACH ROW
WHEN (OLD.closes_at IS DISTINCT FROM NEW.closes_at OR OLD.moves IS DISTINCT FROM NEW.moves
      OR OLD.audience IS DISTINCT FROM NEW.audience OR OLD.created_by_id IS DISTINCT FROM NEW.created_by_id)
EXECUTE FUNCTION deadline_date_is_moved();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('security', '0002_append_only_journal'),
        ('correspondence', '0010_sent_circulars_stay'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_digest', models.CharField(max_length=64, unique=True, verbose_name='empreinte')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'abonnement au calendrier',
                'verbose_name_plural': 'abonnements au calendrier',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Deadline',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('title', models.CharField(max_length=150, verbose_name='intitulé')),
                ('procedure', models.CharField(max_length=100, verbose_name='campagne ou procédure')),
                ('opens_on', models.DateField(blank=True, null=True, verbose_name='ouverture')),
                ('closes_at', models.DateTimeField(verbose_name='échéance')),
                ('audience', models.JSONField(verbose_name='public')),
                ('link', models.CharField(blank=True, max_length=200, verbose_name='page du portail')),
                ('source', models.CharField(max_length=300, verbose_name="texte ou service d'où vient la date")),
                ('moves', models.PositiveSmallIntegerField(default=0, verbose_name='changements de date')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créée le')),
                ('cancelled_at', models.DateTimeField(null=True, verbose_name='annulée le')),
                ('cancelled_because', models.CharField(blank=True, max_length=300, verbose_name="motif de l'annulation")),
                ('cancelled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='annulée par')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='créée par')),
            ],
            options={
                'verbose_name': 'échéance',
                'verbose_name_plural': 'échéances',
                'ordering': ['closes_at', 'pk'],
                'permissions': [('move_deadline', 'Peut reporter ou annuler une échéance'), ('advance_deadline', "Peut avancer une échéance, et changer celles dont l'auteur n'a plus d'habilitation")],
                'default_permissions': ('add', 'view'),
            },
        ),
        migrations.CreateModel(
            name='DeadlineMove',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='rang')),
                ('was_at', models.DateTimeField(verbose_name="date d'avant")),
                ('became_at', models.DateTimeField(verbose_name='nouvelle date')),
                ('reason', models.CharField(max_length=300, verbose_name='motif')),
                ('decided_at', models.DateTimeField(auto_now_add=True, verbose_name='décidé le')),
                ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='history', to='correspondence.deadline', verbose_name='échéance')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='décidé par')),
            ],
            options={
                'verbose_name': 'changement de date',
                'verbose_name_plural': 'changements de date',
                'ordering': ['deadline', 'number'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DeadlineNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, verbose_name='objet')),
                ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='correspondence.deadline', verbose_name='échéance')),
                ('mailing', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='correspondence.mailing', verbose_name='envoi groupé')),
            ],
            options={
                'verbose_name': "annonce d'une échéance",
                'verbose_name_plural': 'annonces des échéances',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='DeadlinePerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('done_at', models.DateTimeField(null=True, verbose_name='marquée faite le')),
                ('deadline', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='correspondence.deadline')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'personne concernée par une échéance',
                'verbose_name_plural': 'personnes concernées par les échéances',
                'default_permissions': (),
            },
        ),
        migrations.AddIndex(
            model_name='deadline',
            index=models.Index(condition=models.Q(('cancelled_at__isnull', True)), fields=['closes_at'], name='deadline_open'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cancelled_at__isnull', True), ('cancelled_because', ''), ('cancelled_by__isnull', True)), models.Q(('cancelled_at__isnull', False), ('cancelled_by__isnull', False), models.Q(('cancelled_because', ''), _negated=True)), _connector='OR'), name='deadline_cancelled_by_someone_for_a_reason', violation_error_message='Une annulation porte une date, un auteur et un motif.'),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(('link', ''), models.Q(('link__startswith', '/'), models.Q(('link__startswith', '//'), _negated=True)), _connector='OR'), name='deadline_link_stays_on_the_portal', violation_error_message='Le lien est une page du portail : il commence par une seule barre oblique.'),
        ),
        migrations.AddConstraint(
            model_name='deadlinemove',
            constraint=models.UniqueConstraint(fields=('deadline', 'number'), name='deadline_move_once'),
        ),
        migrations.AddConstraint(
            model_name='deadlinemove',
            constraint=models.CheckConstraint(condition=models.Q(('was_at', models.F('became_at')), _negated=True), name='deadline_move_moves'),
        ),
        migrations.AddConstraint(
            model_name='deadlinemove',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='deadline_move_says_why'),
        ),
        migrations.AddConstraint(
            model_name='deadlinenotice',
            constraint=models.UniqueConstraint(fields=('deadline', 'code'), name='deadline_notice_once'),
        ),
        migrations.AddConstraint(
            model_name='deadlineperson',
            constraint=models.UniqueConstraint(fields=('user', 'deadline'), name='deadline_person_once'),
        ),
        migrations.RunSQL(
            MOVES,
            "DROP TRIGGER append_only ON correspondence_deadlinemove;"
            " DROP TRIGGER move_follows ON correspondence_deadlinemove; DROP FUNCTION deadline_move_follows();",
        ),
        migrations.RunSQL(
            DATE,
            "DROP TRIGGER date_is_moved ON correspondence_deadline; DROP FUNCTION deadline_date_is_moved();",
        ),
    ]
