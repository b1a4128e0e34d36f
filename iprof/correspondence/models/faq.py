"""Questions and guides of « Aide »: those shipped with the portal, those the académie adds, and what was searched in vain."""

from django.conf import settings
from django.contrib.postgres.search import SearchVector, SearchVectorField
from django.db import models
from django.db.models import F, Func, Value
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from iprof.correspondence.enums import HelpCategory, HelpKind

SEARCH_CONFIG = "iprof_fr"  # French stemming, accents ignored; made by a migration

# « scan001.pdf » would be one word, the name of a host.
_WITHOUT_DOTS = Func(F("plain"), Value("./"), Value("  "), function="translate", output_field=models.TextField())


class HelpArticle(models.Model):
    """One question and its answer, or one guide. `answer` is HTML cleaned when saved, `plain` its words for excerpts.

    An article `from_portal` is rewritten after each migration from data/faq.yaml: the académie may only hide it.
    """

    code = models.SlugField("adresse", max_length=80, unique=True, help_text="Dans l'adresse : « mot-de-passe-perdu ».")
    kind = models.CharField("nature", max_length=10, choices=HelpKind.choices, default=HelpKind.QUESTION)
    category = models.CharField("rubrique", max_length=10, choices=HelpCategory.choices)
    question = models.CharField("question ou titre", max_length=200)
    answer = models.TextField("réponse", max_length=10_000)
    plain = models.TextField(editable=False)
    keywords = models.CharField(
        "mots-clés",
        max_length=500,
        blank=True,
        help_text="Les autres mots que l'on tape pour cette question, synonymes et fautes courantes compris.",
    )
    position = models.PositiveSmallIntegerField("ordre", default=100)
    published = models.BooleanField("publié", default=True)
    from_portal = models.BooleanField("fourni avec le portail", default=False, editable=False)
    updated_on = models.DateTimeField("modifié le", editable=False)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        verbose_name="modifié par",
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    vector = models.GeneratedField(
        expression=SearchVector("question", weight="A", config=SEARCH_CONFIG)
        + SearchVector("keywords", weight="B", config=SEARCH_CONFIG)
        + SearchVector(_WITHOUT_DOTS, weight="D", config=SEARCH_CONFIG),
        output_field=SearchVectorField(),
        db_persist=True,
        editable=False,
    )

    class Meta:
        verbose_name = "article d'aide"
        verbose_name_plural = "articles d'aide"
        ordering = ["position", "pk"]
        default_permissions = ("add", "change", "view")

    def __str__(self) -> str:
        return self.question

    def get_absolute_url(self) -> str:
        return reverse("correspondence:help_article", kwargs={"code": self.code})

    @property
    def html(self) -> SafeString:
        """The answer as shown: cleaned when it was saved."""
        return mark_safe(self.answer)  # noqa: S308


class EmptySearch(models.Model):
    """A text searched in vain, and how often on a day. Nobody's name, no address; forgotten after ninety days."""

    text = models.CharField("texte cherché", max_length=80)
    day = models.DateField("jour")
    times = models.PositiveIntegerField("fois")

    class Meta:
        verbose_name = "recherche sans réponse"
        verbose_name_plural = "recherches sans réponse"
        ordering = ["-day", "-times", "text"]
        default_permissions = ("view",)
        constraints = [models.UniqueConstraint(name="empty_search_once_a_day", fields=["text", "day"])]

    def __str__(self) -> str:
        return self.text
