# Verdicts on passwords, and sessions shown to their owner.

import django.db.models.deletion
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('security', '0010_access_journal_chain'),
    ]

    operations = [
        migrations.CreateModel(
            name='OpenSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('session_key', models.CharField(max_length=40, unique=True, verbose_name='clé de session')),
                ('began_at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='ouverte le')),
                ('ip', models.GenericIPAddressField(blank=True, null=True, verbose_name='adresse IP')),
                ('browser', models.CharField(max_length=60, verbose_name='navigateur')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='open_sessions', to=settings.AUTH_USER_MODEL, verbose_name='compte')),
            ],
            options={
                'verbose_name': 'connexion ouverte',
                'verbose_name_plural': 'connexions ouvertes',
                'ordering': ['-began_at', '-pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PasswordAudit',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='password_audit', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='compte')),
                ('judged_at', models.DateTimeField(blank=True, null=True, verbose_name='évalué le')),
                ('length', models.CharField(choices=[('atteint', 'Atteint'), ('phrase', 'Atteint par une phrase longue'), ('a-ameliorer', 'À améliorer'), ('inconnu', 'Non évalué')], default='inconnu', max_length=12, verbose_name='longueur')),
                ('diversity', models.CharField(choices=[('atteint', 'Atteint'), ('phrase', 'Atteint par une phrase longue'), ('a-ameliorer', 'À améliorer'), ('inconnu', 'Non évalué')], default='inconnu', max_length=12, verbose_name='diversité')),
                ('personal', models.CharField(choices=[('atteint', 'Atteint'), ('phrase', 'Atteint par une phrase longue'), ('a-ameliorer', 'À améliorer'), ('inconnu', 'Non évalué')], default='inconnu', max_length=12, verbose_name='données personnelles')),
                ('reminded_at', models.DateTimeField(blank=True, null=True, verbose_name='renouvellement conseillé le')),
            ],
            options={
                'verbose_name': 'audit de mot de passe',
                'verbose_name_plural': 'audits de mots de passe',
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(('length__in', ['atteint', 'phrase', 'a-ameliorer', 'inconnu'])), name='passwordaudit_length_is_known', violation_error_message="Ce verdict n'existe pas."), models.CheckConstraint(condition=models.Q(('diversity__in', ['atteint', 'phrase', 'a-ameliorer', 'inconnu'])), name='passwordaudit_diversity_is_known', violation_error_message="Ce verdict n'existe pas."), models.CheckConstraint(condition=models.Q(('personal__in', ['atteint', 'phrase', 'a-ameliorer', 'inconnu'])), name='passwordaudit_personal_is_known', violation_error_message="Ce verdict n'existe pas.")],
            },
        ),
    ]
