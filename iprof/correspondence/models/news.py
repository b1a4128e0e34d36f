"""« Actualités » (requirement S73): what the académie publishes for everyone, and how far each person has read."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from iprof.correspondence.enums import NewsCategory, NewsState


class NewsQuerySet(models.QuerySet["NewsItem"]):
    def shown(self, now: dt.datetime) -> "NewsQuerySet":
        """Published, begun and not over at `now`."""
        open_end = Q(published_until__isnull=True) | Q(published_until__gt=now)
        return self.filter(open_end, state=NewsState.PUBLISHED, published_from__lte=now)


class NewsItem(models.Model):
    """One news item, the same for every reader: nothing of one person is in it.

    `body` is HTML cleaned when saved (iprof.correspondence.rich_text). `departement` says whom it concerns; it hides
    nothing from the others. `published_from` is never before the publication itself: « since your last visit » would
    pass over what is dated back.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField("titre", max_length=150)
    summary = models.CharField("résumé", max_length=300, help_text="Une ou deux phrases : elles partent par courriel.")
    body = models.TextField("texte", max_length=20_000, help_text="Sans nom de personne ni donnée d'un dossier.")
    category = models.CharField("rubrique", max_length=10, choices=NewsCategory.choices)
    departement = models.CharField("département concerné", max_length=3, blank=True)
    published_from = models.DateTimeField("affiché à partir du")
    published_until = models.DateTimeField("affiché jusqu'au", null=True, blank=True)
    state = models.CharField("état", max_length=10, choices=NewsState.choices, default=NewsState.DRAFT, editable=False)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="écrit par", related_name="+", editable=False
    )
    edited_at = models.DateTimeField("écrit le", editable=False)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="relu par",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )

    objects = NewsQuerySet.as_manager()

    class Meta:
        verbose_name = "actualité"
        verbose_name_plural = "actualités"
        ordering = ["-published_from", "-pk"]
        default_permissions = ("add", "change", "view")
        permissions = [("publish_newsitem", "Peut publier ou retirer une actualité")]
        indexes = [models.Index(fields=["-published_from", "-id"], name="news_newest", condition=Q(state="publie"))]
        constraints = [
            models.CheckConstraint(
                name="news_ends_after_it_begins",
                condition=Q(published_until__isnull=True) | Q(published_until__gt=F("published_from")),
                violation_error_message="La fin d'affichage vient après le début. Corrigez l'une des deux dates.",
            ),
            models.CheckConstraint(
                name="news_reviewed_by_another",
                condition=Q(reviewed_by__isnull=True) | ~Q(reviewed_by=F("edited_by")),
                violation_error_message="Une autre personne que son auteur relit l'actualité.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("correspondence:news_detail", kwargs={"public_id": self.public_id})

    @property
    def html(self) -> SafeString:
        """The text as shown: cleaned when it was saved."""
        return mark_safe(self.body)  # noqa: S308

    @property
    def concerns(self) -> str:
        """« Marne », or the whole académie."""
        return settings.DEPARTEMENTS.get(self.departement, "Toute l'académie")


class NewsMark(models.Model):
    """How far a person has read: the beginning of the newest item they were shown when they said so, and when that was."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="news_mark")
    seen_until = models.DateTimeField("vu jusqu'à l'actualité du")
    visited_at = models.DateTimeField("dernière visite")

    class Meta:
        verbose_name = "repère de lecture des actualités"
        verbose_name_plural = "repères de lecture des actualités"
        default_permissions = ()

    def __str__(self) -> str:
        return f"vu le {self.visited_at:%d/%m/%Y}"


class NewsWeek(models.Model):
    """A weekly mail that was written, so that none is written twice: « 2026-W48 » is the week it leaves in."""

    week = models.CharField("semaine", max_length=8, unique=True)
    items = models.PositiveSmallIntegerField("actualités")
    people = models.PositiveIntegerField("destinataires", default=0)
    written_at = models.DateTimeField("écrit le", auto_now_add=True)

    class Meta:
        verbose_name = "courriel de la semaine"
        verbose_name_plural = "courriels de la semaine"
        ordering = ["-week"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.week
