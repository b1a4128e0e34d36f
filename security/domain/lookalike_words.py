"""The reasons in words. A sentence says what is seen and why it matters; what to do is said once, by the verdict."""

from security.domain.lookalikes import Verdict

REASONS: dict[str, str] = {
    "exact": "L'adresse commence par https:// et le nom du site est exactement le nom officiel.",
    "mail_domain": "Le domaine est exactement celui de la messagerie académique. Un expéditeur peut pourtant être usurpé : seul "
    "ce que le message demande permet de conclure.",
    "too_long": "L'adresse est démesurée : la fin, qui compte, est rejetée hors de la vue.",
    "turned": "Un caractère invisible retourne le sens de lecture : ce que vous lisez n'est pas ce qui s'ouvre.",
    "hidden": "Des caractères invisibles sont glissés dans l'adresse.",
    "userinfo": "Un nom précède le signe « @ » : le navigateur l'ignore et ouvre ce qui le suit.",
    "backslash": "Une barre oblique inversée remplace une barre : le navigateur ne lit pas le nom que vous lisez.",
    "slashes": "Le nombre de barres après « https: » n'est pas celui d'une adresse normale.",
    "percent": "Le nom du site est écrit en code (« % » suivi de chiffres) pour ne pas être lu.",
    "port": "Un numéro suit le nom du site : c'est un autre service que le portail.",
    "dangerous_scheme": "Ce n'est pas l'adresse d'un site : c'est un programme ou un contenu qui s'exécute dans votre navigateur.",
    "no_host": "Aucun nom de site n'a été trouvé dans cette adresse.",
    "final_dot": "Un point termine le nom du site : le navigateur n'y reconnaît plus le site officiel.",
    "no_scheme": "Le nom est le bon, mais il manque « https:// » au début : rien ne garantit une connexion protégée.",
    "not_https": "Le nom est le bon, mais la connexion n'est pas protégée : l'adresse officielle commence par https://.",
    "other_scheme": "Le nom est le bon, mais ce n'est pas une adresse de site : l'adresse officielle commence par https://.",
    "leads_elsewhere": "Le nom est le bon, mais l'adresse en contient une autre, vers laquelle elle pourrait vous renvoyer.",
    "odd_characters": "L'adresse contient des caractères qu'une adresse du portail ne contient jamais.",
    "foreign_letters": "Des lettres d'un autre alphabet, ou accentuées, imitent celles du nom.",
    "number": "Le site est désigné par un numéro, et non par un nom : son propriétaire ne se montre pas.",
    "same_domain": "Ce site est dans le domaine de l'académie, mais ce n'est pas le portail.",
    "shortener": "C'est une adresse raccourcie : elle cache le site où elle mène.",
    "name_elsewhere": "Le nom de l'académie est cité, mais pas à la place qui compte : il ne désigne pas le site ouvert.",
    "same_look": "Le nom semble identique au nom officiel, mais une lettre au moins n'est pas la même.",
    "sub_domain": "Le nom officiel n'est que le début : c'est la fin du nom qui désigne le propriétaire du site.",
    "hyphen_or_dot": "Un tiret ou un point est ajouté, ôté ou déplacé : c'est un autre site.",
    "other_ending": "La fin du nom n'est pas « .fr » comme celle du nom officiel : c'est un autre site.",
    "typo": "Une ou deux lettres seulement séparent ce nom du nom officiel : l'imitation est probable.",
    "name_borrowed": "Le nom contient celui de l'académie ou du portail, mais il appartient à quelqu'un d'autre.",
    "other_host": "Ce nom n'est pas celui du portail.",
}
VERDICTS: dict[Verdict, str] = {
    Verdict.OFFICIAL: "Adresse officielle",
    Verdict.OTHER: "Ce n'est pas l'adresse officielle",
    Verdict.SUSPICIOUS: "Adresse suspecte",
}
ADVICE: dict[Verdict, str] = {
    Verdict.OFFICIAL: "Par prudence, tapez-la vous-même dans votre navigateur ou passez par vos favoris.",
    Verdict.OTHER: "N'y saisissez ni votre mot de passe ni votre NUMEN. Pour le portail, tapez l'adresse officielle.",
    Verdict.SUSPICIOUS: "N'ouvrez pas ce lien, ne répondez pas, et signalez le message.",
}
PHRASES: dict[str, str] = {
    "lure_bareme": "Le message annonce « un changement urgent de barème » : le portail n'en annonce jamais par courriel.",
    "asks_secret": "Le message demande un mot de passe, un identifiant ou un NUMEN : l'administration n'en demande jamais par courriel.",
    "threat": "Le message menace de fermer un compte ou un accès : c'est le moyen le plus courant de faire cliquer sans réfléchir.",
    "hurry": "Le message impose un délai de quelques heures : la hâte sert à empêcher de vérifier.",
}
