"""Files of the annuaire in every shape met, built from a few fictional établissements. No real row is copied."""

import csv
import io
import json

from career.domain.uai import check_letter

HEADER_2026 = (
    "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;Adresse_1;Adresse_2;Adresse_3;"
    "Code_postal;Code_commune;Nom_commune;Code_departement;Code_academie;Code_region;Ecole_maternelle;Ecole_elementaire;"
    "Voie_generale;Voie_technologique;Voie_professionnelle;Telephone;Fax;Web;Mail;Restauration;Hebergement;ULIS;"
    "Apprentissage;Segpa;Section_arts;Section_cinema;Section_theatre;Section_sport;Section_internationale;"
    "Section_europeenne;Lycee_Agricole;Lycee_militaire;Lycee_des_metiers;Post_BAC;Appartenance_Education_Prioritaire;"
    "GRETA;SIREN_SIRET;Fiche_onisep;position;Type_contrat_prive;Libelle_departement;Libelle_academie;Libelle_region;"
    "coordX_origine;coordY_origine;epsg_origine;nom_circonscription;latitude;longitude;precision_localisation;"
    "date_ouverture;date_maj_ligne;etat;ministere_tutelle;multi_uai;rpi_concentre;rpi_disperse;code_nature;"
    "libelle_nature;Code_type_contrat_prive;PIAL;etablissement_mere;type_rattachement_etablissement_mere;"
    "code_circonscription;code_zone_animation_pedagogique;libelle_zone_animation_pedagogique;code_bassin_formation;"
    "libelle_bassin_formation"
).split(";")
HEADER_2024 = [*HEADER_2026[:40], "Nombre_d_eleves", *HEADER_2026[40:]]
HEADER_GEOLOC = (
    "numero_uai;appellation_officielle;denomination_principale;patronyme_uai;secteur_public_prive_libe;adresse_uai;"
    "lieu_dit_uai;boite_postale_uai;code_postal_uai;localite_acheminement_uai;libelle_commune;coordonnee_x;coordonnee_y;"
    "EPSG;latitude;longitude;appariement;localisation;nature_uai;nature_uai_libe;etat_etablissement;"
    "etat_etablissement_libe;code_departement;code_region;code_academie;code_commune;libelle_departement;libelle_region;"
    "libelle_academie;position;secteur_prive_code_type_contrat;secteur_prive_libelle_type_contrat;code_ministere;"
    "libelle_ministere;date_ouverture"
).split(";")


def uai(number: int) -> str:
    digits = f"{number:07d}"
    return digits + check_letter(digits)


def row(number: int = 519_001, **changes: str) -> dict[str, str]:
    """One row under the official names; keywords change it."""
    return {
        "Identifiant_de_l_etablissement": uai(number),
        "Nom_etablissement": "Collège de l'Étang",
        "Type_etablissement": "Collège",
        "Statut_public_prive": "Public",
        "Adresse_1": '1 place "du Lavoir"; bâtiment B',
        "Adresse_3": "51096 REIMS CEDEX",
        "Code_postal": "51096",
        "Code_commune": "51454",
        "Nom_commune": "Reims",
        "Code_departement": "051",
        "Code_academie": "19",
        "Appartenance_Education_Prioritaire": "REP+",
        "SIREN_SIRET": "21700000000017",
        "latitude": "49.257788",
        "longitude": "4.031926",
        "position": "49.257788, 4.031926",
        "date_ouverture": "1972-09-15",
        "date_maj_ligne": "2026-05-27",
        "etat": "OUVERT",
        "ministere_tutelle": "MINISTERE DE L'EDUCATION NATIONALE",
        "code_nature": "340",
    } | changes


def school(number: int, nature: str, nursery: str, elementary: str, **changes: str) -> dict[str, str]:
    kind = {"Type_etablissement": "Ecole", "code_nature": nature, "Nom_etablissement": "École des Quatre-Vents"}
    return row(number, **kind, Ecole_maternelle=nursery, Ecole_elementaire=elementary, **changes)


def as_csv(
    rows: list[dict[str, str]],
    header: list[str] = HEADER_2026,
    *,
    end: str = "\r\n",
    bom: bool = True,
    delimiter: str = ";",
    encoding: str = "utf-8",
    lower: bool = False,
) -> bytes:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=delimiter, lineterminator=end)
    writer.writerow([name.lower() for name in header] if lower else header)
    writer.writerows([[r.get(name, "") for name in header] for r in rows])
    return (b"\xef\xbb\xbf" if bom else b"") + stream.getvalue().encode(encoding)


def as_api(rows: list[dict[str, str]]) -> list[dict[str, object]]:
    """Typed as the API types them: lower-case names, numbers, null for empty, `position` as an object."""
    typed: list[dict[str, object]] = []
    for source in rows:
        found: dict[str, object] = {name.lower(): source.get(name) or None for name in HEADER_2026}
        found["latitude"], found["longitude"] = float(source["latitude"]), float(source["longitude"])
        found["position"] = {"lon": found["longitude"], "lat": found["latitude"]}
        found["code_nature"] = int(source["code_nature"])
        for name in ("ecole_maternelle", "ecole_elementaire"):
            found[name] = int(str(found[name])) if found[name] else None
        typed.append(found)
    return typed


def as_json(rows: list[dict[str, str]], *, wrapped: bool = False, announced: int | None = None) -> bytes:
    data: object = as_api(rows)
    if wrapped:
        data = {"total_count": announced or len(rows), "results": data}
    return json.dumps(data, ensure_ascii=False).encode()


def as_geolocation(rows: list[dict[str, str]]) -> bytes:
    names = {
        "numero_uai": "Identifiant_de_l_etablissement",
        "appellation_officielle": "Nom_etablissement",
        "secteur_public_prive_libe": "Statut_public_prive",
        "adresse_uai": "Adresse_1",
        "code_postal_uai": "Code_postal",
        "libelle_commune": "Nom_commune",
        "nature_uai": "code_nature",
        "etat_etablissement_libe": "etat",
        "code_departement": "Code_departement",
        "code_academie": "Code_academie",
        "code_commune": "Code_commune",
        "libelle_ministere": "ministere_tutelle",
    }
    return as_csv([{n: r.get(names.get(n, n), "") for n in HEADER_GEOLOC} for r in rows], HEADER_GEOLOC)


def damaged_by_a_spreadsheet(source: dict[str, str]) -> dict[str, str]:
    """Codes lose their zeros, long numbers become scientific, dates become French, the phone loses its zero."""
    day = "/".join(reversed(source["date_maj_ligne"].split("-")))
    opened = "/".join(reversed(source["date_ouverture"].split("-")))
    return source | {
        "Code_departement": source["Code_departement"].lstrip("0"),
        "Code_postal": source["Code_postal"].lstrip("0"),
        "Code_commune": source["Code_commune"].lstrip("0"),
        "SIREN_SIRET": "2,17003E+13",
        "Telephone": "326000000",
        "latitude": source["latitude"].replace(".", ","),
        "longitude": source["longitude"].replace(".", ","),
        "date_ouverture": opened,
        "date_maj_ligne": day,
    }
