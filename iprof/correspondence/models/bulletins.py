"""The quarterly alert bulletin: what is written, re-read, then published for good (requirement S23)."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse

from iprof.correspondence.enums import BulletinState
from iprof.correspondence.quarters import Quarter
from security.domain.confusables import visible


class BulletinQuerySet(models.QuerySet["Bulletin"]):
    def published(self) -> "BulletinQuerySet":
        return self.filter(state=BulletinState.PUBLISHED)


class Bulletin(models.Model):
    """One per quarter. Once published only an erratum is added to it: a trigger holds that, whatever the code does."""

    year = models.PositiveSmallIntegerField("année")
    quarter = models.PositiveSmallIntegerField("trimestre", choices=[(n, f"T{n}") for n in (1, 2, 3, 4)])
    title = models.CharField("titre", max_length=150)
    body = models.TextField("texte", max_length=4000, help_text="Sans nom de personne ni donnée d'un dossier.")
    state = models.CharField(
        "état", max_length=10, choices=BulletinState.choices, default=BulletinState.DRAFT, editable=False
    )
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="écrit par", related_name="+", editable=False
    )
    edited_at = models.DateTimeField("écrit le", editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="relu par", related_name="+", null=True, editable=False
    )
    reviewed_at = models.DateTimeField("relu le", null=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="publié par", related_name="+", null=True, editable=False
    )
    published_at = models.DateTimeField("publié le", null=True, editable=False)
    announced_at = models.DateTimeField("annoncé à tous le", null=True, editable=False)
    erratum = models.TextField("erratum", max_length=2000, blank=True, editable=False)
    erratum_at = models.DateTimeField("erratum du", null=True, editable=False)

    objects = BulletinQuerySet.as_manager()

    class Meta:
        verbose_name = "bulletin d'alerte"
        verbose_name_plural = "bulletins d'alerte"
        ordering = ["-year", "-quarter"]
        default_permissions = ("add", "change", "view")
        permissions = [
            ("review_bulletin", "Peut relire un bulletin d'alerte"),
            ("publish_bulletin", "Peut publier un bulletin d'alerte"),
        ]
        constraints = [
            models.UniqueConstraint(name="bulletin_one_per_quarter", fields=["year", "quarter"]),
            models.CheckConstraint(name="bulletin_quarter", condition=Q(quarter__gte=1, quarter__lte=4)),
            models.CheckConstraint(
                name="bulletin_year",
                condition=Q(year__gte=2026, year__lte=2099),
                violation_error_message="L'année d'un bulletin va de 2026 à 2099.",
            ),
            models.CheckConstraint(
                name="bulletin_reviewed_by_another",
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("edited_by")),
                violation_error_message="Une autre personne que son auteur relit le bulletin.",
            ),
            models.CheckConstraint(
                name="bulletin_review_follows_state",
                condition=Q(state=BulletinState.DRAFT, reviewed_by__isnull=True, reviewed_at__isnull=True)
                | (~Q(state=BulletinState.DRAFT) & Q(reviewed_by__isnull=False, reviewed_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="bulletin_publication_follows_state",
                condition=Q(state=BulletinState.PUBLISHED, published_by__isnull=False, published_at__isnull=False)
                | (~Q(state=BulletinState.PUBLISHED) & Q(published_by__isnull=True, published_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="bulletin_erratum_is_dated_and_published",
                condition=Q(erratum="", erratum_at__isnull=True)
                | (~Q(erratum="") & Q(erratum_at__isnull=False, state=BulletinState.PUBLISHED)),
            ),
        ]

    def __str__(self) -> str:
        return f"Bulletin du {self.period}"

    def get_absolute_url(self) -> str:
        return reverse("correspondence:bulletin_detail", kwargs={"year": self.year, "quarter": self.quarter})

    @property
    def period(self) -> Quarter:
        return Quarter(self.year, self.quarter)

    @property
    def alert_kind(self) -> str:
        """The kind of the alerts that announce it: nobody has two of the same."""
        return f"bulletin.{self.period.code}"


class Lure(models.Model):
    """A fraudulent message in circulation, and what gives it away."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, verbose_name="bulletin", related_name="lures")
    position = models.PositiveSmallIntegerField("ordre", default=0)
    subject = models.CharField("objet du message", max_length=200)
    sender = models.CharField("expéditeur affiché", max_length=200, blank=True)
    attachment = models.CharField("fausse pièce jointe", max_length=200, blank=True)
    clue = models.TextField("ce qui le trahit", max_length=500)

    class Meta:
        verbose_name = "message frauduleux"
        verbose_name_plural = "messages frauduleux"
        ordering = ["position", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.subject

    @property
    def shown_sender(self) -> str:
        """With what hides in it written out: « fdp.exe » may read « exe.pdf »."""
        return visible(self.sender)

    @property
    def shown_attachment(self) -> str:
        return visible(self.attachment)


class BulletinRead(models.Model):
    """Who marked which bulletin as read, and when first."""

    bulletin = models.ForeignKey(Bulletin, models.CASCADE, related_name="reads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    read_at = models.DateTimeField("lu le")

    class Meta:
        verbose_name = "lecture d'un bulletin"
        verbose_name_plural = "lectures des bulletins"
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="bulletin_read_once", fields=["user", "bulletin"])]

    def __str__(self) -> str:
        return f"{self.bulletin_id} · {self.read_at:%d/%m/%Y}"
