"""The sentence of each verdict: what, why, what to do (requirement S86, convention E07)."""

from collections.abc import Mapping

from documents.domain.verdicts import Check, Outcome, Verdict

LABELS = {
    Check.WEIGHT: "Poids",
    Check.TYPE: "Type de fichier",
    Check.READABLE: "Lecture du fichier",
    Check.LOCK: "Protection",
    Check.ACTIVE: "Contenu actif",
    Check.PAGES: "Nombre de pages",
    Check.DUPLICATE: "Doublon",
    Check.TITLE: "Titre",
    Check.DATE: "Date du document",
    Check.BLANK: "Pages blanches",
    Check.SHARPNESS: "Netteté",
    Check.LETTERHEAD: "En-tête lisible",
    Check.VIRUS: "Antivirus",
}
SENTENCES: Mapping[Check, Mapping[str, str]] = {
    Check.WEIGHT: {
        "vide": "Le fichier est vide : rien n'a pu être lu. Vérifiez-le sur votre appareil, puis déposez-le de nouveau.",
        "lourd": "Le fichier pèse 3 Mo ou plus, au-delà de la limite. Réduisez-le ou partagez-le en plusieurs fichiers.",
        "photo-lourde": "La photo pèse 12 Mo ou plus, au-delà de la limite. Réglez l'appareil sur une définition moindre, puis recommencez.",
        "image-lourde": "Une fois en PDF, les photos pèsent encore 3 Mo ou plus. Partagez-les en plusieurs documents.",
    },
    Check.TYPE: {
        "autre": "Ce fichier n'est ni un PDF ni une photo (JPEG, PNG, WebP), quel que soit son nom. Enregistrez le document au format PDF, puis déposez-le.",
        "heic": "Cette photo est au format HEIC, que le portail ne lit pas. Réglez l'appareil sur « Le plus compatible » (JPEG) ou enregistrez-la en PDF.",
        "nom": "Le contenu est celui d'un {found}, le nom finit par « {said} » : le contenu fait foi.",
    },
    Check.READABLE: {
        "abime": "Le fichier est abîmé : il ne s'ouvre pas. Refaites le PDF, puis déposez-le de nouveau.",
        "trop-long": "Le fichier prend trop de mémoire ou de temps à lire. Imprimez-le en PDF, puis déposez le résultat.",
    },
    Check.LOCK: {
        "mot-de-passe": "Le fichier est protégé par un mot de passe ou des droits : il ne peut pas être contrôlé. Enregistrez-le sans protection.",
        "signe": "Le fichier porte une signature électronique : il est gardé tel quel, avec ses métadonnées.",
        "signature-perdue": "Le fichier portait une signature électronique ; écrit de nouveau, il n'en a plus de valable. Gardez l'original : il peut vous être demandé.",
    },
    Check.ACTIVE: {
        "a-retirer": "Le fichier contient un programme, une action automatique ou un fichier caché. Acceptez qu'il soit retiré, ou imprimez le document en PDF et déposez le résultat.",
        "a-retirer-signe": "Le fichier contient un programme, une action automatique ou un fichier caché. Si vous acceptez qu'il soit retiré, la signature électronique ne sera plus valable. Vous pouvez aussi demander le document sans ce contenu à qui l'a signé.",
        "indelebile": "Le fichier contient un programme qui ne peut pas être retiré. Imprimez-le en PDF, puis déposez le résultat.",
        "nettoye": "Le contenu actif a été retiré avec votre accord.",
    },
    Check.PAGES: {
        "aucune": "Le fichier ne contient aucune page. Refaites le PDF, puis déposez-le de nouveau.",
        "trop": "Le fichier compte {pages} pages, plus que les 200 admises. Partagez-le en plusieurs fichiers.",
    },
    Check.DUPLICATE: {
        "meme-fichier": "Vous avez déjà déposé ce même fichier : inutile de le garder deux fois.",
        "meme-contenu": "Un document au contenu identique est déjà déposé : inutile de le garder deux fois.",
    },
    Check.TITLE: {
        "peu-clair": "Le titre ne dit pas ce qu'est le document. Choisissez un titre parlant, par exemple « {proposed} ».",
        "absent": "Le document n'a pas encore de titre. Indiquez son type : un titre vous est proposé.",
    },
    Check.DATE: {
        "perime": "Au jour de ce dépôt, le document est trop ancien pour avoir un effet. Demandez-en un plus récent.",
        "future": "La date indiquée est à venir : la validité ne peut pas être calculée. Corrigez-la.",
        "au-depot": "Valable au jour de ce dépôt.",
        "absente": "La date du document n'est pas indiquée : sa validité ne peut pas être calculée. Indiquez-la.",
    },
    Check.BLANK: {
        "toutes": "Toutes les pages sont blanches : rien n'est lisible. Numérisez le document de nouveau, du bon côté.",
        "certaines": "Pages blanches : {pages}. Vérifiez qu'il ne manque rien.",
    },
    Check.SHARPNESS: {
        "flou": "Pages peu nettes : {pages}. Si vous avez du mal à les lire, photographiez-les de nouveau, à la lumière.",
        "flou-illisible": "Pages illisibles, trop floues : {pages}. Photographiez-les de nouveau, appareil posé, à la lumière.",
        "resolution": "Pages peu définies : {pages}. Numérisez à 150 points par pouce (dpi) au moins.",
        "resolution-illisible": "Pages illisibles, trop peu définies : {pages}. Numérisez à 150 points par pouce (dpi) au moins.",
        "sans-objet": "Sans objet.",
        "non-mesure": "La netteté n'a pas pu être mesurée : une personne vérifiera.",
    },
    Check.LETTERHEAD: {
        "illisible": "L'en-tête de la première page ne se lit pas bien. Vérifiez qu'on y voit l'organisme et la date.",
        "non-lu": "L'en-tête n'a pas été lu par la machine : une personne le vérifiera.",
        "sans-objet": "Sans objet.",
    },
    Check.VIRUS: {
        "virus": "L'antivirus a reconnu un programme malveillant : le fichier est détruit. Faites vérifier votre appareil.",
        "en-panne": "L'antivirus ne répond pas : le document attend, à l'abri. Vous n'avez rien à refaire.",
        "stockage": "Le stockage ne répond pas : le document attend, à l'abri. Vous n'avez rien à refaire.",
        "perdu": "Le contenu de ce fichier est perdu : il ne peut pas être contrôlé. Déposez-le de nouveau.",
        "absent": "Aucun antivirus n'est installé ici : le fichier n'a été comparé qu'à des signatures connues.",
    },
}
OUTCOMES = {
    Outcome.PASSED: "Conforme.",
    Outcome.WARNED: "À vérifier.",
    Outcome.CONSENT: "Votre accord est attendu.",
    Outcome.REFUSED: "Refusé.",
    Outcome.HELD: "En attente.",
}


def sentence(verdict: Verdict) -> str:
    """The sentence shown; that of the outcome when the verdict has no word, or one kept from another time."""
    words = SENTENCES.get(verdict.check, {}).get(verdict.word)
    try:
        return words.format_map(dict(verdict.figures)) if words else OUTCOMES[verdict.outcome]
    except KeyError:
        return OUTCOMES[verdict.outcome]
