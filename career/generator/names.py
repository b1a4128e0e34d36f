"""Ordinary first names and family names, drawn apart and put together at random: nobody in particular."""

FIRST_F = """Adèle Agathe Amélie Anaïs Anne-Laure Aurélie Béatrice Bérénice Camille Cécile Chloé Clémence Coralie Élise Élodie
Émilie Estelle Fanny Florence Gaëlle Hélène Inès Irène Jeanne Julie Justine Karima Laure Léa Louise Lucie Maëlle Manon
Marie-Noëlle Marion Mathilde Mélanie Myriam Nadège Nathalie Noémie Océane Odile Pauline Rachida Sabrina Sandrine Sarah
Solène Sophie Sylvie Thaïs Valérie Véronique Yasmine Zoé""".split()
FIRST_M = """Adrien Alexis Antoine Arnaud Aurélien Baptiste Benoît Bruno Cédric Christophe Clément Damien David Didier Élie
Emmanuel Éric Étienne Fabrice Farid François Gaël Gérald Grégory Guillaume Hervé Hugo Jean-Baptiste Jérôme Joël Julien Karim
Laurent Léo Loïc Ludovic Marc Mathieu Mehdi Michaël Nicolas Olivier Pascal Paul-Henri Quentin Rémi Romain Samuel Sébastien
Stéphane Théo Thierry Thomas Vincent Xavier Yann Yves""".split()
LAST = """Adnet Ampère Aubriot Bailly Barbier Bâton Beaufort Benhamou Béranger Bertrand Blanchard Bocquillon Boulanger Brûlé
Carlier Chauvet Châtelain Chémery Collet Cordier Coulon Courtois Dambrine Daubenton Debièvre Delaunay Delvincourt Deschamps
Diallo Dubois Dumesnil Dupré Étienne Fauvel Ferreira Forêt Fournier Gaillard Garnier Géraudel Gilson Godart Gosset Grandjean
Guérin Haddad Haudecoeur Hénin Herbinet Hubert Jacquemin Jacquinot Jolivet Kowalski Labarre Lacroix Lallemand Lambin Langlet
Lebrun Leclère Lefèvre Legendre Lemaître Léonard Lesage Lhuillier Macquart Maillard Marchand Maréchal Martelet Massé Mercier
Meunier Millet Moreau Nivelle Noël Ouvrard Pagès Parisot Perrin Petitjean Philippot Picard Plançon Ponsard Poulain Prévost
Quentin Radet Raguet Renard Richez Rogelet Rousseau Sauvage Simonnet Tanguy Thiébault Tisserand Vachez Vallée Varlet Verdier
Vignon Villemin Vuillaume Wagner Weber Zimmermann""".split()
PARTICLES = ("de ", "De La ", "d'", "Le ", "du ")
STREETS = """rue des Tilleuls|rue du Moulin|avenue de la Gare|rue des Lilas|chemin des Vignes|place du Marché|rue de l'Église|
rue des Peupliers|allée des Érables|boulevard du Nord|rue de la Fontaine|rue Basse|rue du Pont|impasse des Prés""".replace(
    "\n", ""
).split("|")
ESTABLISHMENT_PATRONS = """des Trois-Fontaines|du Val de Vesle|des Hauts-Coteaux|de la Source|des Marronniers|du Grand-Pré|des Quatre-Vents|
de la Clairière|du Pont-Neuf|des Bords de Meuse|du Vieux-Moulin|de la Champagne humide|des Crayères|du Lac-Vert|de l'Étang|
des Remparts|du Parc-aux-Cerfs|de la Halle|des Tourelles|du Mont-Blanc-Sec|de la Plaine|des Sablons|du Chêne-Rond|
de l'Écluse|des Coquelicots|de la Butte|du Belvédère|des Trois-Rivières""".replace("\n", "").split("|")
# (commune, postal code, INSEE code, département), weighted by the number of times they appear in COMMUNES_WEIGHTS.
COMMUNES = (
    ("Reims", "51100", "51454", "51"),
    ("Châlons-en-Champagne", "51000", "51108", "51"),
    ("Épernay", "51200", "51230", "51"),
    ("Vitry-le-François", "51300", "51649", "51"),
    ("Charleville-Mézières", "08000", "08105", "08"),
    ("Sedan", "08200", "08409", "08"),
    ("Rethel", "08300", "08362", "08"),
    ("Revin", "08500", "08363", "08"),
    ("Troyes", "10000", "10387", "10"),
    ("Romilly-sur-Seine", "10100", "10323", "10"),
    ("Bar-sur-Aube", "10200", "10033", "10"),
    ("Nogent-sur-Seine", "10400", "10268", "10"),
    ("Chaumont", "52000", "52121", "52"),
    ("Saint-Dizier", "52100", "52448", "52"),
    ("Langres", "52200", "52269", "52"),
    ("Joinville", "52300", "52250", "52"),
)
COMMUNES_WEIGHTS = (30, 8, 5, 4, 12, 5, 3, 2, 14, 4, 1, 2, 5, 5, 3, 1)
_ANYWHERE = (
    ("L0202", "Lettres modernes"),
    ("L1000", "Histoire-géographie"),
    ("L1300", "Mathématiques"),
    ("L1500", "Physique-chimie"),
    ("L1600", "Sciences de la vie et de la Terre"),
    ("L0422", "Anglais"),
    ("L0426", "Espagnol"),
    ("L0421", "Allemand"),
)
_COLLEGE = (*_ANYWHERE, ("L1700", "Éducation musicale"), ("L1800", "Arts plastiques"), ("L1400", "Technologie"))
_LYCEE = (*_ANYWHERE, ("L0100", "Philosophie"), ("L1100", "Sciences économiques et sociales"))
# What each corps teaches: (code, label). The others have no discipline code.
DISCIPLINES = {
    "certifies": _COLLEGE,
    "contractuels": _COLLEGE,
    "agreges": _LYCEE,
    "chaires_superieures": tuple(row for row in _LYCEE if row[0] in {"L1300", "L1500", "L0202", "L1000", "L0100"}),
    "peps": (("L1900", "Éducation physique et sportive"),),
    "plp": (
        ("P0210", "Lettres - histoire-géographie"),
        ("P0222", "Lettres - anglais"),
        ("P0226", "Lettres - espagnol"),
        ("P1315", "Mathématiques - physique-chimie"),
    ),
}
TRAININGS = (
    ("Évaluer pour faire progresser", "Évaluer les progrès et les acquisitions des élèves"),
    ("Différencier en classe hétérogène", "Prendre en compte la diversité des élèves"),
    ("Accueillir un élève à besoins particuliers", "Prendre en compte la diversité des élèves"),
    ("Coopérer en équipe pédagogique", "Coopérer au sein d'une équipe"),
    ("La voix, outil de travail", "Adopter une démarche de développement professionnel"),
    ("Laïcité et valeurs de la République", "Faire partager les valeurs de la République"),
    ("Outils numériques du quotidien", "Intégrer les éléments de la culture numérique"),
    ("Préparer l'oral avec les élèves", "Maîtriser la langue française"),
)
