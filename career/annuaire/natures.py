"""`code_nature`, the reliable type of an établissement, as the portal words it."""

SCHOOL_LEVELS = frozenset({"151", "153", "162"})
KINDS = {
    "101": "École maternelle",
    "103": "École maternelle",
    "300": "Lycée général et technologique",
    "301": "Lycée général et technologique",
    "302": "Lycée général et technologique",
    "306": "Lycée polyvalent",
    "310": "Lycée général et technologique",
    "320": "Lycée professionnel",
    "334": "Section d'enseignement professionnel",
    "335": "Section d'enseignement général",
    "340": "Collège",
    "350": "Collège",
    "370": "EREA",
    "802": "Rectorat et services",
    "803": "Rectorat et services",
    "805": "DSDEN",
    "809": "Circonscription du premier degré",
    "841": "Centre d'information et d'orientation",
}
# Agricultural lycées, maisons familiales rurales and the units of STS and CPGE: outside the portal.
OUT_OF_SCOPE = frozenset({"307", "380", "400"})
# Without a nature: the type as published, or as short lists write it.
TYPES = {
    "COLLEGE": "Collège",
    "LGT": "Lycée général et technologique",
    "LPO": "Lycée polyvalent",
    "LP": "Lycée professionnel",
    "ECOLE": "École",
    "ECOLE_MATERNELLE": "École maternelle",
    "ECOLE_ELEMENTAIRE": "École élémentaire",
    "ECOLE_PRIMAIRE": "École primaire",
    "INFORMATION ET ORIENTATION": "Centre d'information et d'orientation",
    "SERVICE ADMINISTRATIF": "Service administratif",
}


def kind_of(nature: str, published_type: str, *, has_nursery_classes: bool) -> str:
    """The type to show. An école of elementary level with nursery classes is a primaire.

    >>> kind_of("151", "Ecole", has_nursery_classes=True)
    'École primaire'
    """
    if nature in SCHOOL_LEVELS:
        return "École primaire" if has_nursery_classes else "École élémentaire"
    if nature.startswith("24"):
        return "Établissement médico-social"
    return KINDS.get(nature) or TYPES.get(published_type.upper()) or published_type[:40]
