from django.db import models


class Establishment(models.Model):
    """An établissement or service of the official annuaire, one row per UAI."""

    uai = models.CharField("UAI", max_length=8, unique=True)
    name = models.CharField("nom", max_length=200)
    sort_key = models.CharField(max_length=200, db_index=True, editable=False)
    kind = models.CharField("type", max_length=40, blank=True)
    nature_code = models.CharField("code nature", max_length=3, blank=True)
    sector = models.CharField("secteur", max_length=10, blank=True)
    address = models.CharField("adresse", max_length=300, blank=True)
    postal_code = models.CharField("code postal", max_length=5, blank=True)
    commune_code = models.CharField("code commune (INSEE)", max_length=5, blank=True)
    commune = models.CharField("commune", max_length=100, blank=True)
    departement = models.CharField("département", max_length=3, blank=True, db_index=True)
    academie_code = models.CharField("code académie", max_length=2, blank=True)
    priority_network = models.CharField("éducation prioritaire", max_length=4, blank=True)
    parent_uai = models.CharField("établissement mère", max_length=8, blank=True)
    latitude = models.DecimalField("latitude", max_digits=9, decimal_places=6, null=True, blank=True)
    longitude = models.DecimalField("longitude", max_digits=9, decimal_places=6, null=True, blank=True)
    state = models.CharField("état", max_length=12, default="OUVERT")
    opened_on = models.DateField("ouvert le", null=True, blank=True)
    extracted_on = models.DateField("date de l'extraction", null=True, blank=True)

    class Meta:
        verbose_name = "établissement"
        ordering = ["sort_key", "uai"]
        constraints = [
            models.CheckConstraint(
                name="establishment_uai_shape",
                condition=models.Q(uai__regex=r"^[0-9]{7}[A-HJ-NPR-Z]$"),
                violation_error_message="Un UAI compte sept chiffres et une lettre de contrôle.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.uai})"


class AnnuaireImport(models.Model):
    """One import of the official annuaire: what was read, written and left aside, with the reasons."""

    at = models.DateTimeField("date", auto_now_add=True)
    file_name = models.CharField("fichier", max_length=200)
    extracted_on = models.DateField("date de l'extraction", null=True)
    counts = models.JSONField("décompte", default=dict)
    problems = models.JSONField("lignes écartées", default=list)

    class Meta:
        verbose_name = "import de l'annuaire"
        verbose_name_plural = "imports de l'annuaire"
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.file_name} · {self.at:%d/%m/%Y}"
