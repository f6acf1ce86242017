"""The same twelve deals as many systems and people would write them: what comes out must not depend on the form."""

from __future__ import annotations

import csv
import datetime
import html
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from openpyxl import Workbook

Row = dict[str, Any]
Cells = list[list[Any]]


def _deal(number: int, status: str, stage: str, amount: float, created: str, ends: str, chance: int, owner: str) -> Row:
    return {
        "id": f"D{number:03}",
        "name": ["Café Zuid, vernieuwing", "Bakkerij De Aar", 'De "Nieuwe" Hal'][number % 3] + f" {number}",
        "account": ["Café Zuid", "De Aar", "Müller & Zn"][number % 3],
        "owner": owner,
        "channel": ["referral", "events"][number % 2],
        "status": status,
        "stage": stage,
        "amount": amount,
        "created": datetime.date.fromisoformat(created),
        "ends": datetime.date.fromisoformat(ends),
        "chance": chance,
        "reason": "price" if status == "lost" else "",
    }


DEALS = [
    _deal(1, "open", "Demo", 12_500.5, "2026-01-14", "2026-04-30", 20, "Noor"),
    _deal(2, "open", "Proposal", 8_000, "2026-02-03", "2026-05-15", 40, "Daan"),
    _deal(3, "open", "Proposal", 1_234.56, "2026-02-25", "2026-06-08", 40, "Noor"),
    _deal(4, "open", "Demo", 950, "2026-03-30", "2026-06-30", 20, "Daan"),
    _deal(5, "won", "Proposal", 21_000, "2025-11-19", "2026-01-22", 100, "Noor"),
    _deal(6, "won", "Proposal", 4_750.25, "2025-12-02", "2026-02-13", 100, "Noor"),
    _deal(7, "won", "Demo", 600, "2025-12-24", "2026-03-09", 100, "Daan"),
    _deal(8, "lost", "Demo", 15_000, "2025-10-31", "2026-01-15", 0, "Daan"),
    _deal(9, "lost", "Proposal", 7_200, "2025-11-05", "2026-02-27", 0, "Noor"),
    _deal(10, "lost", "Demo", 310.4, "2026-01-08", "2026-03-04", 0, "Noor"),
    _deal(11, "lost", "Proposal", 2_999.99, "2026-01-21", "2026-03-18", 0, "Daan"),
    _deal(12, "open", "Demo", 40_000, "2026-03-17", "2026-09-21", 20, "Noor"),
]


@dataclass(frozen=True)
class Form:
    """One way of writing the deals: the bytes, what the reader must be told, and where the ids come from."""

    name: str
    data: bytes
    options: dict[str, Any] = field(default_factory=dict)
    ids: str = "id"


# --- how values are written -----------------------------------------------------------------------------------------


def iso(day: datetime.date) -> str:
    return day.isoformat()


def dutch(day: datetime.date) -> str:
    return day.strftime("%d-%m-%Y")


def american(day: datetime.date) -> str:
    return f"{day.month}/{day.day}/{day.year}"


def stamp(day: datetime.date) -> str:
    return f"{day.isoformat()} 14:05:09"


def in_words(language: str) -> Callable[[datetime.date], str]:
    names = {
        "nl": "januari februari maart april mei juni juli augustus september oktober november december",
        "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    }[language].split()
    if language == "nl":
        return lambda day: f"{day.day} {names[day.month - 1]} {day.year}"
    return lambda day: f"{names[day.month - 1]} {day.day}, {day.year}"


def plain(amount: float) -> str:
    return f"{amount:.2f}"


def comma(amount: float) -> str:
    return f"{amount:.2f}".replace(".", ",")


def euro_nl(amount: float) -> str:
    return "€ " + f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def euro_en(amount: float) -> str:
    return f"EUR {amount:,.2f}"


# --- how files are written ------------------------------------------------------------------------------------------


def text_of(cells: Cells, delimiter: str = ",", quoting: int = csv.QUOTE_MINIMAL, end: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=quoting, lineterminator=end).writerows(cells)  # type: ignore[arg-type]
    return out.getvalue()


def csv_of(cells: Cells, delimiter: str = ",", encoding: str = "utf-8", **style: Any) -> bytes:
    return text_of(cells, delimiter, **style).encode(encoding)


def xlsx_of(
    cells: Iterable[Sequence[Any]], *, title: str = "Deals", more: Callable[[Workbook], None] = lambda _book: None
) -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in cells:
        sheet.append(list(row))
    more(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def page_of(cells: Cells, encoding: str = "utf-8", *, closed: bool = True) -> bytes:
    """Write a web page with a table, as some systems do under a name that ends in .xls."""

    def row(values: list[Any], tag: str) -> str:
        end = f"</{tag}>" if closed else ""
        return "<tr>" + "".join(f"<{tag}>{html.escape(str(value))}{end}" for value in values) + "</tr>"

    head = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={encoding}"><style>td {{x}}</style>'
    )
    rows = [row(cells[0], "th"), *(row(values, "td") for values in cells[1:])]
    body = ["</head><body>", "<!-- <table> -->", '<table border="1">', *rows, "</table>", "</body></html>"]
    return "\n".join([head, *body]).encode(encoding)


def table(
    columns: dict[str, Callable[[Row], Any] | str],
    *,
    day: Callable[[datetime.date], Any] = iso,
    money: Callable[[float], Any] = plain,
) -> Cells:
    """Write the deals under headers: each is a key of a deal, or a function of one."""

    def cell(deal: Row, source: Callable[[Row], Any] | str) -> Any:
        value = source(deal) if callable(source) else deal[source]
        if isinstance(value, datetime.date):
            return day(value)
        return (
            money(value) if (isinstance(value, float) and not isinstance(source, str)) or source == "amount" else value
        )

    return [list(columns), *([cell(deal, source) for source in columns.values()] for deal in DEALS)]


def closed(deal: Row) -> Any:
    return deal["ends"] if deal["status"] != "open" else ""


def expected(deal: Row) -> Any:
    return deal["ends"] if deal["status"] == "open" else ""


def when(status: str) -> Callable[[Row], Any]:
    return lambda deal: deal["ends"] if deal["status"] == status else ""


def word(**words: str) -> Callable[[Row], str]:
    return lambda deal: words[deal["status"]]


def stage_or(won: str, lost: str, **names: str) -> Callable[[Row], str]:
    """Give the stage of an open deal, and the system's words for won and lost."""
    return lambda deal: {"won": won, "lost": lost}.get(deal["status"], names.get(deal["stage"], deal["stage"]))


# --- the systems ----------------------------------------------------------------------------------------------------

SALESFORCE = {
    "Opportunity Owner": "owner",
    "Account Name": "account",
    "Opportunity Name": "name",
    "Stage": stage_or("Closed Won", "Closed Lost"),
    "Fiscal Period": lambda deal: "Q1-2026",
    "Amount": "amount",
    "Probability (%)": "chance",
    "Expected Revenue": lambda deal: float(deal["amount"] * deal["chance"] / 100),
    "Age": lambda deal: "10",
    "Close Date": "ends",
    "Created Date": "created",
    "Next Step": lambda deal: "",
    "Lead Source": "channel",
    "Type": lambda deal: "New",
}
SALESFORCE_NL = {
    "Eigenaar opportunity": "owner",
    "Accountnaam": "account",
    "Naam opportunity": "name",
    "Fase": stage_or("Gesloten - gewonnen", "Gesloten - verloren", Proposal="Offerte"),
    "Bedrag": "amount",
    "Waarschijnlijkheid (%)": "chance",
    "Sluitingsdatum": "ends",
    "Aanmaakdatum": "created",
    "Leadbron": "channel",
}
HUBSPOT = {
    "Record ID": "id",
    "Deal Name": "name",
    "Pipeline": lambda deal: "Sales Pipeline",
    "Deal Stage": stage_or("Closed Won", "Closed Lost"),
    "Amount": "amount",
    "Close Date": "ends",
    "Create Date": "created",
    "Deal owner": "owner",
    "Deal probability": lambda deal: str(deal["chance"] / 100),
    "Associated Company (Primary)": "account",
    "Last Activity Date": lambda deal: "",
}
HUBSPOT_NL = {
    "Record-ID": "id",
    "Dealnaam": "name",
    "Pijplijn": lambda deal: "Verkooppijplijn",
    "Dealfase": stage_or("Gesloten en gewonnen", "Gesloten en verloren", Proposal="Offerte"),
    "Bedrag": "amount",
    "Sluitingsdatum": "ends",
    "Aanmaakdatum": "created",
    "Deal-eigenaar": "owner",
    "Waarschijnlijkheid van deal": lambda deal: comma(deal["chance"] / 100),
    "Gekoppeld bedrijf (primair)": "account",
}
HUBSPOT_INTERNAL = {
    "hs_object_id": "id",
    "dealname": "name",
    "dealstage": stage_or("closedwon", "closedlost", Demo="qualifiedtobuy"),
    "amount": "amount",
    "closedate": "ends",
    "createdate": "created",
    "hubspot_owner_id": "owner",
    "hs_deal_stage_probability": lambda deal: str(deal["chance"] / 100),
    "pipeline": lambda deal: "default",
}
PIPEDRIVE = {
    "Deal - ID": "id",
    "Deal - Title": "name",
    "Deal - Value": "amount",
    "Deal - Currency of Value": lambda deal: "EUR",
    "Deal - Weighted value": lambda deal: float(deal["amount"] * deal["chance"] / 100),
    "Deal - Probability": "chance",
    "Deal - Organization": "account",
    "Deal - Pipeline": lambda deal: "Pipeline",
    "Deal - Stage": "stage",
    "Deal - Status": word(open="Open", won="Won", lost="Lost"),
    "Deal - Owner": "owner",
    "Deal - Deal created": "created",
    "Deal - Expected close date": expected,
    "Deal - Won time": when("won"),
    "Deal - Lost time": when("lost"),
    "Deal - Deal closed on": closed,
    "Deal - Lost reason": "reason",
}
PIPEDRIVE_NL = {
    "Deal - ID": "id",
    "Deal - Titel": "name",
    "Deal - Waarde": "amount",
    "Deal - Valuta van waarde": lambda deal: "EUR",
    "Deal - Waarschijnlijkheid": "chance",
    "Deal - Organisatie": "account",
    "Deal - Fase": "stage",
    "Deal - Status": word(open="Openstaand", won="Gewonnen", lost="Verloren"),
    "Deal - Eigenaar": "owner",
    "Deal - Deal aangemaakt": "created",
    "Deal - Verwachte sluitingsdatum": expected,
    "Deal - Gewonnen op": when("won"),
    "Deal - Verloren op": when("lost"),
    "Deal - Reden van verlies": "reason",
}
DYNAMICS = {
    "(Do Not Modify) Opportunity": "id",
    "(Do Not Modify) Row Checksum": lambda deal: "x" * 8,
    "(Do Not Modify) Modified On": "created",
    "Topic": "name",
    "Account": "account",
    "Status": word(open="Open", won="Won", lost="Lost"),
    "Status Reason": word(open="In Progress", won="Won", lost="Out-Sold"),
    "Est. Revenue": lambda deal: deal["amount"] * (0.5 if deal["status"] == "won" else 1.0),
    "Est. Close Date": "ends",
    "Actual Revenue": lambda deal: float(deal["amount"]) if deal["status"] == "won" else "",
    "Actual Close Date": closed,
    "Created On": "created",
    "Owner": "owner",
    "Probability": "chance",
}
DYNAMICS_NL = {
    "(Niet wijzigen) Verkoopkans": "id",
    "(Niet wijzigen) Controlesom van rij": lambda deal: "x" * 8,
    "Onderwerp": "name",
    "Potentiële klant": "account",
    "Status": word(open="Open", won="Gewonnen", lost="Verloren"),
    "Geschatte omzet": "amount",
    "Geschatte sluitingsdatum": "ends",
    "Werkelijke omzet": lambda deal: float(deal["amount"]) if deal["status"] == "won" else "",
    "Werkelijke sluitingsdatum": closed,
    "Gemaakt op": "created",
    "Eigenaar": "owner",
}
TEAMLEADER = {
    "Titel": "name",
    "Klant": "account",
    "Verantwoordelijke": "owner",
    "Fase": stage_or("Aanvaard", "Geweigerd"),
    "Geschat bedrag": "amount",
    "Slaagkans (%)": "chance",
    "Bron": "channel",
    "Aangemaakt op": "created",
    "Verwachte sluitingsdatum": expected,
    "Gesloten op": closed,
}
TEAMLEADER_EN = {
    "Title": "name",
    "Customer": "account",
    "Assigned to": "owner",
    "Phase": stage_or("Accepted", "Refused"),
    "Estimated value": "amount",
    "Probability": "chance",
    "Source": "channel",
    "Date created": "created",
    "Expected closing date": expected,
    "Closed at": closed,
}
EXACT = {
    "Naam": "name",
    "Accountnaam": "account",
    "Verkoopfase": stage_or("Gewonnen", "Verloren"),
    "Bedrag Administratie Munteenheid": "amount",
    "Gewogen Bedrag Administratiemunteenheid": lambda deal: float(deal["amount"] * deal["chance"] / 100),
    "Slaagkans": "chance",
    "Datum Gesloten": "ends",
    "Aangemaakt": "created",
    "Eigenaar": "owner",
    "Kanaalomschrijving": "channel",
}
SUGAR_NL = {
    "ID": "id",
    "Opportunitynaam": "name",
    "Organisatienaam": "account",
    "Verkoopstadium": stage_or("Gesloten, gewonnen", "Gesloten, verloren"),
    "Bedrag": "amount",
    "Waarschijnlijkheid (%)": "chance",
    "Verwachte afsluitdatum": expected,
    "Gesloten op": closed,
    "Toegewezen aan": "owner",
    "Bron voor lead": "channel",
    "Datum gemaakt": "created",
}
ZOHO = {
    "Record Id": "id",
    "Deal Name": "name",
    "Account Name": "account",
    "Stage": stage_or("Closed Won", "Closed Lost"),
    "Amount": "amount",
    "Expected Revenue": lambda deal: float(deal["amount"] * deal["chance"] / 100),
    "Probability (%)": "chance",
    "Closing Date": "ends",
    "Created Time": "created",
    "Deal Owner": "owner",
    "Lead Source": "channel",
}
ODOO = {
    "ID": "id",
    "Opportunity": "name",
    "Customer": "account",
    "Stage": stage_or("Won", "Lost"),
    "Expected Revenue": "amount",
    "Probability": "chance",
    "Expected Closing": expected,
    "Closed Date": closed,
    "Created on": "created",
    "Salesperson": "owner",
}
ODOO_NL = {
    "ID": "id",
    "Verkoopkans": "name",
    "Klant": "account",
    "Fase": stage_or("Gewonnen", "Verloren"),
    "Verwachte omzet": "amount",
    "Slagingskans": "chance",
    "Verwachte afsluiting": expected,
    "Gesloten op": closed,
    "Aangemaakt op": "created",
    "Verkoper": "owner",
}
# Vtiger has one date of closing, which is called expected also once a deal is closed.
VTIGER = {
    "Potential No": "id",
    "Potential Name": "name",
    "Organization Name": "account",
    "Sales Stage": stage_or("Closed Won", "Closed Lost"),
    "Amount": "amount",
    "Probability": "chance",
    "Expected Close Date": "ends",
    "Created Time": "created",
    "Assigned To": "owner",
    "Lead Source": "channel",
}
VTIGER_NL = {
    "Verkoopkans Nr": "id",
    "Naam verkoopkans": "name",
    "Organisatienaam": "account",
    "Verkoop stadium": stage_or("Gesloten - gewonnen", "Gesloten - verloren"),
    "Bedrag": "amount",
    "Waarschijnlijkheid (%)": "chance",
    "Verwachte sluitingsdatum": "ends",
    "Aangemaakt op": "created",
    "Toegewezen aan": "owner",
    "Lead bron": "channel",
}
SIMPLICATE = {
    "Onderwerp": "name",
    "Organisatie": "account",
    "Verantwoordelijke": "owner",
    "Voortgang": "stage",
    "Status": word(open="Open", won="Geaccepteerd", lost="Afgewezen"),
    "Verwachte omzet": "amount",
    "Scoringskans": lambda deal: f"{deal['chance']}%",
    "Bron": "channel",
    "Reden": "reason",
    "Aangemaakt op": "created",
    "Verwachte einddatum": expected,
    "Afgesloten op": closed,
}
SUPEROFFICE = {
    "Sale ID": "id",
    "Sale": "name",
    "Company": "account",
    "Owner": "owner",
    "Status": word(open="Open", won="Sold", lost="Lost"),
    "Stage": "stage",
    "Amount": "amount",
    "Weighted amount": lambda deal: deal["amount"] * deal["chance"] / 100,
    "Probability as %": "chance",
    "Sale date": "ends",
    "Next activity": lambda deal: "",
    "Registered date": "created",
    "Source": "channel",
    "Reason (lost)": "reason",
}
SUPEROFFICE_NL = {
    "Naam": "name",
    "Bedrijf": "account",
    "Eigenaar": "owner",
    "Status": lambda deal: {"won": "Verkocht", "lost": "Verloren"}.get(
        deal["status"], "Vastgelopen" if deal["id"] == "D002" else "Open"
    ),
    "Fase": "stage",
    "Bedrag": "amount",
    "Waarschijnlijkheid": "chance",
    "Verkoopdatum": "ends",
    "Volgende activiteit": lambda deal: "",
    "Geregistreerd": "created",
    "Bron": "channel",
}
AFAS = {
    "Nummer": "id",
    "Omschrijving": "name",
    "Relatie": "account",
    "Verantwoordelijke": "owner",
    "Forecaststatus": stage_or("Gescoord", "Niet gescoord"),
    "Verwacht bedrag": "amount",
    "Scoringkans (%)": "chance",
    "Herkomst": "channel",
    "Invoerdatum": "created",
    "Verwachte orderdatum": expected,
    "Datum afgesloten": closed,
}
FRESHSALES = {
    "Deal Id": "id",
    "Deal Name": "name",
    "Deal Value": "amount",
    "Sales account": "account",
    "Sales owner": "owner",
    "Deal Pipeline": lambda deal: "Default Pipeline",
    "Deal Stage": stage_or("Won", "Lost"),
    "Expected close date": expected,
    "Closed date": closed,
    "Created at": "created",
    "Probability": "chance",
    "Source": "channel",
    "Lost reason": "reason",
}
COPPER = {
    "Copper ID": lambda deal: "9" + str(deal["id"][1:]),
    "ID": "id",
    "Name": "name",
    "Company Name": "account",
    "Monetary Value": "amount",
    "Pipeline Name": lambda deal: "Sales",
    "Pipeline Stage": "stage",
    "Status": word(open="Open", won="Won", lost="Lost"),
    "Win Probability": "chance",
    "Close Date": "ends",
    "Created At": "created",
    "Owned By": "owner",
    "Customer Source": "channel",
    "Loss Reason Name": "reason",
}
CLOSE = {
    "id": "id",
    "lead_name": "account",
    "status_type": word(open="active", won="won", lost="lost"),
    "status_label": "stage",
    "confidence": "chance",
    "user_name": "owner",
    "value": "amount",
    "value_period": lambda deal: "one_time",
    "date_created": "created",
    "date_won": when("won"),
    "date_lost": when("lost"),
    "estimated_close_date": expected,
}
INSIGHTLY = {
    "Record ID": "id",
    "Opportunity Name": "name",
    "Opportunity State": word(open="OPEN", won="WON", lost="LOST"),
    "Opportunity Value": "amount",
    "Probability": "chance",
    "Pipeline Stage": "stage",
    "Forecast Close Date": expected,
    "Actual Close Date": closed,
    "Date Created": "created",
    "Responsible": "owner",
}
BY_HAND = {
    "Nr": "id",
    "Klant": "account",
    "Omschrijving": "name",
    "Status": word(open="Lopend", won="Gewonnen", lost="Verloren"),
    "Fase": "stage",
    "Waarde": "amount",
    "Kans": "chance",
    "Aangemaakt op": "created",
    "Verwachte sluitingsdatum": expected,
    "Gesloten op": closed,
    "Verkoper": "owner",
}
CANONICAL = {
    "deal_id": "id",
    "deal_name": "name",
    "account": "account",
    "status": "status",
    "stage": "stage",
    "amount": "amount",
    "probability": lambda deal: str(deal["chance"] / 100),
    "created_on": "created",
    "expected_close_on": expected,
    "closed_on": closed,
    "owner": "owner",
    "loss_reason": "reason",
}
