"""Deadlines of campaigns and procedures: the date, its moves, the people it concerns and what they were told (K2, S11)."""

import datetime as dt
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from iprof.correspondence.models.alerts import Mailing


class Deadline(models.Model):
    """A date to act by, for the people of an audience.

    `closes_at` changes by a DeadlineMove only, `moves` counts them: a trigger refuses any other way. A deadline is
    cancelled, never removed.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    title = models.CharField("intitulé", max_length=150)
    procedure = models.CharField("campagne ou procédure", max_length=100)
    opens_on = models.DateField("ouverture", null=True, blank=True)
    closes_at = models.DateTimeField("échéance")
    audience = models.JSONField("public")
    link = models.CharField("page du portail", max_length=200, blank=True)
    source = models.CharField("texte ou service d'où vient la date", max_length=300)
    moves = models.PositiveSmallIntegerField("changements de date", default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="créée par", related_name="+")
    created_at = models.DateTimeField("créée le", auto_now_add=True)
    cancelled_at = models.DateTimeField("annulée le", null=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="annulée par", related_name="+", null=True
    )
    cancelled_because = models.CharField("motif de l'annulation", max_length=300, blank=True)

    class Meta:
        verbose_name = "échéance"
        verbose_name_plural = "échéances"
        ordering = ["closes_at", "pk"]
        default_permissions = ("add", "view")
        permissions = [
            ("move_deadline", "Peut reporter ou annuler une échéance"),
            ("advance_deadline", "Peut avancer une échéance, et changer celles dont l'auteur n'a plus d'habilitation"),
        ]
        indexes = [models.Index(fields=["closes_at"], name="deadline_open", condition=Q(cancelled_at__isnull=True))]
        constraints = [
            models.CheckConstraint(
                name="deadline_cancelled_by_someone_for_a_reason",
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True, cancelled_because="")
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False) & ~Q(cancelled_because=""),
                violation_error_message="Une annulation porte une date, un auteur et un motif.",
            ),
            models.CheckConstraint(
                name="deadline_link_stays_on_the_portal",
                condition=Q(link="") | Q(link__startswith="/") & ~Q(link__startswith="//"),
                violation_error_message="Le lien est une page du portail : il commence par une seule barre oblique.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def closes_on(self) -> dt.date:
        return timezone.localtime(self.closes_at).date()


class DeadlineMove(models.Model):
    """One change of date: who, why, from what, to what. Written once, for good."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, verbose_name="échéance", related_name="history")
    number = models.PositiveSmallIntegerField("rang")
    was_at = models.DateTimeField("date d'avant")
    became_at = models.DateTimeField("nouvelle date")
    reason = models.CharField("motif", max_length=300)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name="décidé par", related_name="+"
    )
    decided_at = models.DateTimeField("décidé le", auto_now_add=True)

    class Meta:
        verbose_name = "changement de date"
        verbose_name_plural = "changements de date"
        ordering = ["deadline", "number"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="deadline_move_once", fields=["deadline", "number"]),
            models.CheckConstraint(name="deadline_move_moves", condition=~Q(was_at=F("became_at"))),
            models.CheckConstraint(name="deadline_move_says_why", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return f"{self.deadline_id} · {self.number}"

    @property
    def later(self) -> bool:
        return self.became_at > self.was_at


class DeadlinePerson(models.Model):
    """Who a deadline concerns. Whoever was told of a date is told of its changes, even out of the audience since."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, related_name="people")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    done_at = models.DateTimeField("marquée faite le", null=True)

    class Meta:
        verbose_name = "personne concernée par une échéance"
        verbose_name_plural = "personnes concernées par les échéances"
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="deadline_person_once", fields=["user", "deadline"])]

    def __str__(self) -> str:
        return f"{self.deadline_id} · {self.user_id}"


class DeadlineNotice(models.Model):
    """What was said of a deadline to all it concerns, once for each `code` (« J-7:0 », « report:1 », « annulation »)."""

    deadline = models.ForeignKey(Deadline, models.PROTECT, verbose_name="échéance", related_name="notices")
    code = models.CharField("objet", max_length=20)
    mailing = models.OneToOneField(Mailing, models.PROTECT, verbose_name="envoi groupé", related_name="+")

    class Meta:
        verbose_name = "annonce d'une échéance"
        verbose_name_plural = "annonces des échéances"
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="deadline_notice_once", fields=["deadline", "code"])]

    def __str__(self) -> str:
        return f"{self.deadline_id} · {self.code}"
