"""Describe the kit's tables as a Frictionless Data Package, every column in English and Dutch."""

from __future__ import annotations

from datetime import date
from typing import Any

from export import ABOUT, FIELDS

REASONS = ["fit", "need", "proposition", "silent", "budget"]

# Name, type, what it holds and its rules; the columns' order in the tables.
_FIELDS: list[tuple[str, str, str, str, dict[str, Any]]] = [
    (
        "deal_id",
        "string",
        "The deal's number, in order of creation.",
        "Het nummer van de deal, op volgorde van aanmaken.",
        {"required": True, "unique": True, "pattern": "[A-Z]-[0-9]{4}"},
    ),
    (
        "created_on",
        "date",
        "Entered the pipeline on this day.",
        "Op deze dag in de pipeline gekomen.",
        {"required": True, "maximum": "2026-03-31"},
    ),
    (
        "closed_on",
        "date",
        "Won or lost on this day; empty while open.",
        "Op deze dag gewonnen of verloren; leeg zolang de deal open is.",
        {"maximum": "2026-03-31"},
    ),
    (
        "expected_close_on",
        "date",
        "The day an open deal is expected to close; empty once won or lost.",
        "De dag waarop een open deal naar verwachting sluit; leeg zodra die gewonnen of verloren is.",
        {"minimum": "2026-04-01"},
    ),
    (
        "status",
        "string",
        "Open, won or lost.",
        "Open, gewonnen of verloren.",
        {"required": True, "enum": ["open", "won", "lost"]},
    ),
    (
        "stage",
        "string",
        "The furthest stage reached; for a won deal the last one before it was won.",
        "De verste fase die de deal haalde; bij een gewonnen deal de laatste vóór de winst.",
        {"required": True},
    ),
    (
        "amount",
        "number",
        "Potential revenue; for a won deal the revenue.",
        "Mogelijke omzet; bij een gewonnen deal de omzet.",
        {"required": True, "minimum": 1},
    ),
    ("currency", "string", "Of the amount.", "Van het bedrag.", {"required": True, "enum": ["EUR"]}),
    (
        "probability",
        "number",
        "The CRM's figure: the stage's default while open, 1 when won, 0 when lost.",
        "Het cijfer uit het CRM: zolang de deal open is de standaard van de fase, 1 bij winst, 0 bij verlies.",
        {"required": True, "minimum": 0, "maximum": 1},
    ),
    ("channel", "string", "Where the lead came from.", "Waar de lead vandaan kwam.", {"required": True}),
    (
        "owner",
        "string",
        "Which seller has the deal: a number, nobody's name.",
        "Welke verkoper de deal heeft: een nummer, geen naam van iemand.",
        {"required": True},
    ),
    (
        "account",
        "string",
        "Which customer the deal is with: a number, no company's name.",
        "Met welke klant de deal loopt: een nummer, geen naam van een bedrijf.",
        {"required": True},
    ),
    (
        "loss_reason",
        "string",
        "Why it was lost: no fit, need not understood, value proposition not seen, fell silent, no budget. "
        "Empty unless lost.",
        "Waarom de deal verloren ging: geen match, behoefte niet begrepen, waardepropositie niet gezien, "
        "stilgevallen, geen budget. Alleen gevuld bij verlies.",
        {"enum": REASONS},
    ),
]
_UNITS = {"amount": "EUR", "probability": "fraction", "Deal - Value": "EUR", "Deal - Probability": "percent"}

_COMPANIES: dict[str, dict[str, Any]] = {
    "startup": {
        "title": "The startup",
        "description": "A fictional software startup: a full pipeline that leaks in the middle of the funnel.",
        "description_nl": "Een verzonnen softwarestart-up: een volle pipeline die halverwege de trechter lekt.",
        "target": 500_000,
        "stages": ["Lead", "Qualified", "Demo", "Proposal", "Negotiation"],
        "channels": ["search", "paid social", "outbound", "events", "referral"],
        "own": [],
    },
    "consultancy": {
        "title": "The consultancy",
        "description": "A fictional consultancy: it wins most of its deals and has too few of them.",
        "description_nl": "Een verzonnen adviesbureau: het wint de meeste deals en heeft er te weinig.",
        "target": 600_000,
        "stages": ["Intake", "Scoping", "Proposal", "Negotiation"],
        "channels": ["referral", "partners", "events", "search"],
        "own": [],
    },
    "agency": {
        "title": "The digital marketing agency",
        "description": "A fictional digital marketing agency: a full pipeline that leaks at the hand-over to sales.",
        "description_nl": "Een verzonnen digitaal marketingbureau: een volle pipeline die lekt bij de overdracht aan "
        "sales.",
        "target": 400_000,
        "stages": ["Lead", "Qualified", "Sales accepted", "Proposal", "Negotiation"],
        "channels": ["referral", "search", "events", "paid social"],
        "own": [
            (
                "response_time",
                "string",
                "How long the lead waited for the first answer, in hours.",
                "Hoelang de lead op het eerste antwoord wachtte, in uren.",
                {"required": True, "enum": ["<=1h", "1-4h", "4-24h", ">24h"]},
            )
        ],
    },
}

_ORIGIN = {"title": "made for this kit, fictional, by data/generate.py"}
_LICENCE = {"name": "MIT", "title": "MIT License", "path": "https://opensource.org/license/mit"}

COLUMNS = {name: [field[0] for field in (*_FIELDS, *company["own"])] for name, company in _COMPANIES.items()}


def describe(period: tuple[date, date], as_of: date) -> dict[str, Any]:
    """Give the data package: one resource per company, with what its lesson needs, and the export of lesson 08."""
    return {
        "name": "salesmetrics-scenarios",
        "title": "Three fictional sales pipelines and a sample export",
        "description": "Three companies and a sample export, all fictional: no deal, customer or seller exists. One "
        "row per deal, as a CRM would export it. Amounts are in euros.",
        "description_nl": "Drie bedrijven en een voorbeeldexport, alle verzonnen: geen deal, klant of verkoper "
        "bestaat. Eén rij per deal, zoals een CRM die zou exporteren. Bedragen zijn in euro's.",
        "sources": [_ORIGIN],
        "licenses": [_LICENCE],
        "resources": [
            *(
                {
                    **_resource(name, company),
                    "target": company["target"],
                    "period": [day.isoformat() for day in period],
                    "as_of": as_of.isoformat(),
                    "stages": company["stages"],
                    "schema": _schema(_fields(company)),
                }
                for name, company in _COMPANIES.items()
            ),
            {
                **_resource("eight_quarters", ABOUT),
                "schema": _schema([_field(*field) for field in FIELDS]),
            },
        ],
    }


def _resource(name: str, about: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "type": "table",
        "path": f"{name}.csv",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "title": about["title"],
        "description": about["description"],
        "description_nl": about["description_nl"],
        "sources": [_ORIGIN],
        "licenses": [_LICENCE],
    }


def _schema(fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {"fields": fields, "primaryKey": [fields[0]["name"]], "missingValues": [""]}


def _field(name: str, kind: str, english: str, dutch: str, rules: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": name,
        "type": kind,
        **({"unit": _UNITS[name]} if name in _UNITS else {}),
        "description": english,
        "description_nl": dutch,
        "constraints": rules,
    }


def _fields(company: dict[str, Any]) -> list[dict[str, Any]]:
    enums = {"stage": company["stages"], "channel": company["channels"]}
    return [
        _field(name, kind, english, dutch, {**rules, **({"enum": enums[name]} if name in enums else {})})
        for name, kind, english, dutch, rules in (*_FIELDS, *company["own"])
    ]
