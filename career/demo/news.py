"""News of the fictional académie, through the services that write any other: dates are laid around the day."""

import datetime as dt

from django.db import transaction

from iprof.correspondence.enums import NewsCategory
from iprof.correspondence.models import NewsItem
from iprof.correspondence.services.news import publish_news, save_news
from security.models import User

NEWS = (
    (
        "Exemple : les actualités de l'académie fictive",
        "Cette actualité montre à quoi ressemble un texte publié : un résumé, puis le détail.",
        "<p>Tout est fictif ici : personnes, établissements et dates.</p><h3>Où lire les actualités</h3><ul><li>sur cette page, "
        "par semaine ;</li><li>sur l'accueil, les trois dernières ;</li><li>chaque lundi, dans la messagerie académique "
        "s'il y a du nouveau ;</li><li>par le flux Atom, sans se connecter.</li></ul>",
        NewsCategory.LIFE,
        "",
    ),
    (
        "Exemple : vérifiez votre dossier avant les campagnes",
        "Une erreur signalée tôt est corrigée avant l'examen ; signalée au dernier moment, elle le retarde.",
        "<p>Ouvrez « Ma carrière », relisez chaque ligne, et choisissez « Signaler une erreur » si l'une d'elles est "
        "fausse. Votre gestionnaire répond dans le mois.</p>",
        NewsCategory.CAREER,
        "51",
    ),
)


@transaction.atomic
def publish_demo_news(*, writer: User, now: dt.datetime) -> int:
    """Once: 0 as soon as any news item exists."""
    if NewsItem.objects.exists():
        return 0
    for title, summary, body, category, departement in NEWS:
        item = NewsItem(
            title=title, summary=summary, body=body, category=category, departement=departement, published_from=now
        )
        publish_news(item=save_news(item=item, by=writer), by=writer)
    return len(NEWS)
