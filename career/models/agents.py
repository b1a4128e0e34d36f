from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from career import enums


class Agent(models.Model):
    """A person of the feed. The feed is the master: nothing here is edited by hand.

    `numen_sealed` is AES-GCM ciphertext, `numen_digest` the keyed hash used to find it (iprof.web.crypto, context
    "numen"). `seq` and `event_id` name the message that last wrote the row, `numen_seq` and `left_seq` the place of the
    ones that last told the NUMEN and the departure.
    """

    matricule = models.CharField("matricule", max_length=20, unique=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="compte", null=True, blank=True, related_name="agent"
    )
    civilite = models.CharField("civilité", max_length=3, choices=enums.Civilite.choices, blank=True)
    first_name = models.CharField("prénom", max_length=100)
    last_name = models.CharField("nom d'usage", max_length=100)
    birth_name = models.CharField("nom de naissance", max_length=100, blank=True)
    sort_key = models.CharField(max_length=210, editable=False)
    birth_date = models.DateField("date de naissance")
    numen_sealed = models.BinaryField("NUMEN chiffré", null=True, editable=False)
    numen_digest = models.CharField("empreinte du NUMEN", max_length=64, null=True, unique=True, editable=False)
    address = models.CharField("adresse", max_length=300, blank=True)
    postal_code = models.CharField("code postal", max_length=5, blank=True)
    commune = models.CharField("commune", max_length=100, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    entered_on = models.DateField("arrivée dans l'académie")
    left_on = models.DateField("départ", null=True, blank=True)
    left_reason = models.CharField("motif du départ", max_length=15, choices=enums.LeaveReason.choices, blank=True)
    left_seq = models.BigIntegerField(default=0, editable=False)
    numen_seq = models.BigIntegerField(default=0, editable=False)
    seq = models.BigIntegerField(editable=False)
    event_id = models.UUIDField(editable=False)
    recorded_at = models.DateTimeField("transmis le", editable=False)

    class Meta:
        verbose_name = "agent"
        ordering = ["sort_key", "pk"]
        permissions = [
            ("read_agent_file", "Peut consulter le dossier d'un agent"),
            ("reveal_numen", "Peut afficher un NUMEN"),
            ("print_letter", "Peut imprimer le courrier de prise de fonction"),
        ]
        indexes = [models.Index(fields=["sort_key"])]
        constraints = [
            models.CheckConstraint(
                name="agent_entered_after_birth",
                condition=Q(entered_on__gt=models.F("birth_date")),
                violation_error_message="L'arrivée dans l'académie précède la naissance.",
            ),
            models.CheckConstraint(
                name="agent_left_has_reason",
                condition=Q(left_on__isnull=True, left_reason="") | Q(left_on__isnull=False) & ~Q(left_reason=""),
                violation_error_message="Un départ porte une date et un motif.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.last_name} {self.first_name}"

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}"


class FamilySituation(models.Model):
    """The family situation declared on a date: union, conjoint's département, children's birth dates."""

    agent = models.ForeignKey(Agent, models.CASCADE, related_name="family_situations")
    ref = models.CharField("référence", max_length=60)
    effective_on = models.DateField("depuis le")
    union = models.CharField("union", max_length=10, choices=enums.UnionKind.choices)
    union_on = models.DateField("date de l'union", null=True, blank=True)
    conjoint_departement = models.CharField("département du conjoint", max_length=3, blank=True)
    children_birthdates = ArrayField(
        models.DateField(), verbose_name="naissances des enfants", default=list, blank=True
    )
    seq = models.BigIntegerField(editable=False)
    event_id = models.UUIDField(editable=False)
    recorded_at = models.DateTimeField("transmis le", editable=False)
    cancelled = models.BooleanField("annulé", default=False)

    class Meta:
        verbose_name = "situation familiale"
        verbose_name_plural = "situations familiales"
        ordering = ["effective_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "ref"], name="family_ref_once"),
            models.CheckConstraint(
                name="family_union_has_date",
                condition=Q(union=enums.UnionKind.NONE, union_on__isnull=True)
                | ~Q(union=enums.UnionKind.NONE) & Q(union_on__isnull=False),
                violation_error_message="Un mariage ou un PACS porte une date.",
            ),
        ]

    def __str__(self) -> str:
        return self.get_union_display()
