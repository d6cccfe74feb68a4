"""Files as other people make them: an officer's workbook, a list of pairs, answers, records."""

import io
import json
from datetime import date

import openpyxl


def officers_workbook(rows=()):
    """A region's table: titles, merged headings, French dates, "n.c.", totals, further sheets."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Partenariats 2024"
    for line, title in enumerate(("Direction des relations internationales", "Mars 2024"), start=1):
        sheet.cell(line, 1, title)
        sheet.merge_cells(start_row=line, end_row=line, start_column=1, end_column=9)
    sheet["A4"] = "Collectivité française"
    sheet.merge_cells("A4:B4")
    sheet["C4"] = "Partenaire chinois"
    sheet.merge_cells("C4:D4")
    over = (
        "Nature du partenariat",
        "Date de signature",
        "Échéance",
        "Thématiques",
        "Montant 2023 (€)",
    )
    for column, heading in zip("EFGHI", over, strict=True):
        sheet[f"{column}4"] = heading
        sheet.merge_cells(f"{column}4:{column}5")
    for column, heading in zip("ABCD", ("Nom", "Département", "Ville", "Province"), strict=True):
        sheet[f"{column}5"] = heading
    lines = [
        ("Toulouse ", "Haute-Garonne", "Chongqing", "", "Jumelage", "12 décembre 1982", "n.c.", "Astronomie ; santé", "45 000 €"),
        ("Montpellier", "Hérault", "Chengdu  ", "Sichuan", "jumelage", date(1981, 6, 22), "", "Éducation, culture", 12500),
        (None, None, "Wuxi", "Jiangsu", "Charte d'amitié", "03/2007", "-", "Tourisme", "env. 3 000 €"),
        ("Nîmes", "Gard", "Wuxi", "Jiangsu", "Accord de coopération", "1er juin 2012", "31/05/2015", "Patrimoine", "n.c."),
        ("Albi", "Tarn", "Lijiang", "Yunnan", "Partenariat", "2009-2012", "", "Patrimoine, tourisme durable", ""),
        ("Auch", "Gers", "Suzhou", "", "Contact", "2014", "", "Gastronomie", ""),
        ("Lourdes", "Hautes-Pyrénées", "Dali", "Yunnan", "Contact", "31/02/2016", "", "", ""),
        ("Foix", "Ariège", "Xinlandia", "Hunan", "Contact", "2016", "", "", ""),
        *rows,
        ("TOTAL", *[""] * 7, "60 500 €"),
        ("Source : service des relations internationales", *[""] * 8),
    ]  # fmt: skip
    for number, line in enumerate(lines, start=6):
        for column, value in enumerate(line, start=1):
            sheet.cell(number, column, value)
    sheet.merge_cells("A7:A8")
    sheet.merge_cells("B7:B8")
    contacts = book.create_sheet("Contacts")
    contacts.append(["Nom", "Téléphone"])
    contacts.append(["Mme Durand", "05 00 00 00 00"])
    japan = book.create_sheet("Japon")
    japan.append(["Collectivité", "Partenaire", "Pays", "Depuis"])
    japan.append(["Toulouse", "Kyoto", "Japon", "n.c."])
    japan.append(["Collectivité", "Partenaire", "Pays", "Depuis"])
    japan.append(["Nîmes", "Nagoya", "Japon", "vers 1995"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


#: Pairs with points, in the columns of the worldwide list.
PAIRS = """\
city1,country1,lat1,lng1,city2,country2,lat2,lng2
Tours,France,47.3936,0.6892,Luoyang,China,34.6197,112.4539
Tours,France,47.3936,0.6892,Luoyang,China,34.6197,112.4539
Grenoble,France,45.1715,5.7224,"Suzhou, Jiangsu",China,31.3111,120.6213
Berat,Albania,40.7022,19.9583,Bérat,France,43.3786,1.1767
Canterbury,"England, United Kingdom",51.28,1.08,Reims,France,49.2653,4.0286
Nowhereville,Albania,40.1,19.9,Lyon,France,45.76,4.84
Lyon,France,45.76,4.84,Lyon,France,45.76,4.84
"""

#: An answer of Wikidata's query service to a question on P190 with its qualifiers.
ANSWER = json.dumps(
    {
        "head": {
            "vars": [
                *("city", "cityLabel", "cityCoord", "cityCountryLabel"),
                *("partner", "partnerLabel", "partnerCoord", "partnerCountryLabel"),
                *("start", "startPrecision", "end"),
            ]
        },
        "results": {
            "bindings": [
                {
                    "city": {"type": "uri", "value": "http://www.wikidata.org/entity/Q288"},
                    "cityLabel": {"type": "literal", "xml:lang": "fr", "value": "Tours"},
                    "cityCoord": {
                        "type": "literal",
                        "datatype": "http://www.opengis.net/ont/geosparql#wktLiteral",
                        "value": "Point(0.6892 47.3936)",
                    },
                    "cityCountryLabel": {"type": "literal", "value": "France"},
                    "partner": {"type": "uri", "value": "http://www.wikidata.org/entity/Q187136"},
                    "partnerLabel": {"type": "literal", "xml:lang": "fr", "value": "Luoyang"},
                    "partnerCountryLabel": {"type": "literal", "value": "Chine"},
                    "start": {"type": "literal", "value": "1982-01-01T00:00:00Z"},
                    "startPrecision": {"type": "literal", "value": "9"},
                },
                {
                    "city": {"type": "uri", "value": "http://www.wikidata.org/entity/Q6441"},
                    "cityLabel": {"type": "literal", "value": "Montpellier"},
                    "cityCountryLabel": {"type": "literal", "value": "France"},
                    "partner": {"type": "uri", "value": "http://www.wikidata.org/entity/Q30002"},
                    "partnerLabel": {"type": "literal", "value": "Chengdu"},
                    "partnerCountryLabel": {"type": "literal", "value": "Chine"},
                    "start": {"type": "literal", "value": "1981-06-22T00:00:00Z"},
                    "startPrecision": {"type": "literal", "value": "11"},
                    "end": {"type": "bnode", "value": "t123"},
                },
            ]
        },
    }
)

#: Records with the labels of the Atlas's project page.
ATLAS = json.dumps(
    [
        {
            "Titre": "Eau et assainissement à Pengzhou",
            "Collectivité française": "Seine-et-Marne",
            "Collectivité partenaire": "Pengzhou",
            "Pays": "Chine",
            "Année de première signature de la convention": "2016",
            "Thématique d'intervention": "Eau et assainissement",
            "Sous-thématique d'intervention": "Tourisme durable",
            "Autres thématiques": "Culture (Priorité 2) ; Astrologie",
            "Année de début du partenariat": "2014",
            "Le partenariat est": "Terminé",
            "Date de fin du partenariat": "31/12/2019",
            "Contexte": "Échanges d'agents entre les deux services des eaux.",
            "Opérateur": "Syndicat mixte",
        },
        {
            "Titre": "Un projet en cours",
            "Collectivité française": "Rennes",
            "Collectivité partenaire": "Jinan",
            "Pays": "Chine",
            "Année de début du partenariat": "2002",
            "Le partenariat est": "En cours",
        },
    ],
    ensure_ascii=False,
)
