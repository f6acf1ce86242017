"""The headers under which systems export what a deal has, in English and Dutch.

Gathered from Salesforce, HubSpot, Pipedrive, Dynamics 365, Zoho, Odoo, SugarCRM, Vtiger, Teamleader, Exact Online,
AFAS, Simplicate, SuperOffice, Freshsales, Copper, Close and Insightly. Each line is a choice: a header on an earlier
line is taken before one on a later line.
"""

from __future__ import annotations

import re

# What a deal has besides the columns of the deals table: it ends up in one of those.
EXTRA_FIELDS = ("deal_name", "pipeline", "actual_amount", "won_on", "lost_on")

# While a deal is open, these systems write the expected day in the column of the day of closing.
CLOSE_DATE = "close_date"
# The amount of the deal in some systems, the amount times its chance in others.
UNCLEAR_AMOUNT = "unclear_amount"

_HEADERS = {
    "deal_id": """deal id|deal-id|opportunity id|opportunity-id|record id|record-id|verkoopkans id|verkoopkans-id
        opportunityid|dealid|recordid|(do not modify) opportunity|(niet wijzigen) verkoopkans|hs object id
        potential no|verkoopkans nr|sale id|verkoop-id|verkoop id
        id|opportunity number|dealnummer|verkoopkansnummer|opportunitynummer|nummer|nr|referentie|reference""",
    "deal_name": """deal name|dealnaam|naam van deal|naam deal|opportunity name|naam opportunity|opportunitynaam
        naam verkoopkans|dealname|deal title|opportunity title|title|titel|topic|onderwerp|verkoopkans|opportunity|deal
        verkoopkansen|potential name|sale|verkoop|name|naam|omschrijving""",
    "status": """status|deal status|dealstatus|opportunity status|status verkoopkans|verkoopkansstatus|opportunitystatus
        statecode
        status type|opportunity state""",
    "stage": """stage|deal stage|dealfase|deal-stadium|dealstadium|dealstage|fase|fase van deal|verkoopfase
        verkoopstadium|verkoop stadium|stadium|sales stage|stagename|stage name|fasenaam|pipeline stage|pipelinefase
        pijplijnfase|pipeline phase
        opportunitystage|opportunitystagedescription|voortgang|forecaststatus
        phase|deal phase|sales phase|milestone|status label""",
    "amount": """amount|deal amount|deal value|dealwaarde|dealbedrag|bedrag|waarde|value|est. revenue|est revenue
        estimated revenue|geschatte omzet|gesch. omzet|geschatte opbrengst|gesch. opbrengst|geschatte opbrengsten
        gesch. opbrengsten|estimated value|estimatedvalue|geschatte waarde|geschat bedrag|amountdc
        bedrag administratie munteenheid|total amount|totaalbedrag|totaal bedrag|orderwaarde|offertebedrag
        amount in company currency|bedrag in bedrijfsvaluta|amount (converted)|bedrag (omgerekend)|est. revenue (base)
        monetary value|opportunity value
        contract value|contractwaarde|omzet|revenue|close value""",
    UNCLEAR_AMOUNT: """expected revenue|expected amount|verwachte omzet|verwachte opbrengst|verwachte opbrengsten
        verwachte inkomsten|verwachte waarde|verwacht bedrag""",
    "actual_amount": """actual revenue|actual value|actualvalue|werkelijke omzet|werkelijke opbrengst
        werkelijke opbrengsten|werkelijke waarde""",
    "currency": """currency|deal currency|opportunity currency|currency of value|amount currency|valuta
        valuta van waarde|munteenheid|munt|currencyisocode|currency iso code|deal currency code""",
    "created_on": """created on|created date|create date|creation date|date created|deal created|created at|created time
        add time|createddate|createdate|createdon|record created on|aangemaakt op|aangemaakt|aanmaakdatum
        datum aangemaakt|gemaakt op|datum gemaakt|creatiedatum|deal aangemaakt|toegevoegd op|registratiedatum
        created|deal creation date|engage date|invoerdatum|start date|startdatum|opened|registered date|registered
        geregistreerd""",
    CLOSE_DATE: """close date|closing date|closedate|sluitingsdatum|sluitdatum|afsluitdatum|date closed|datum gesloten
        datum sluiting|sale date|verkoopdatum""",
    "closed_on": """actual close date|actual closed date|actualclosedate|closed on|deal closed on|closed date|closed at
        closed time|close time|werkelijke sluitingsdatum|werkelijke afsluitdatum|gesloten op|deal gesloten op
        afgesloten op|datum afgesloten""",
    "won_on": "won time|won on|won date|won at|date won|gewonnen op|datum gewonnen|tijd gewonnen",
    "lost_on": "lost time|lost on|lost date|lost at|date lost|verloren op|datum verloren|tijd verloren",
    "expected_close_on": """expected close date|expected closing date|expected closing|expected close|est. close date
        est close date|estimated close date|estimated closing date|estimatedclosedate|expected to close on
        verwachte sluitingsdatum|verwachte afsluitdatum|verwachte sluitdatum|verwachte afsluiting
        geschatte sluitingsdatum|gesch. sluitingsdatum|geschatte afsluitdatum|verwachte datum|verwachte orderdatum
        verwachte einddatum
        forecast close date""",
    "probability": """probability|deal probability|win probability|waarschijnlijkheid|waarschijnlijkheid van deal
        dealkans|slaagkans|slagingskans|scoringskans|succeskans|winkans|kans|chance|hs deal stage probability
        close probability|confidence|scoringkans|scoringspercentage|probability as %""",
    "owner": """owner|deal owner|opportunity owner|owner name|eigenaar|dealeigenaar|deal-eigenaar|eigenaar van deal
        eigenaar opportunity|eigenaar van opportunity|verantwoordelijke|toegewezen aan|assigned to|salesperson|verkoper
        sales rep|accountmanager|account manager|sales owner|owned by|responsible|user name|hubspot owner id
        sales agent""",
    "account": """account|account name|accountnaam|accountname|organization|organisation|organisatie|organisatienaam
        company|company name|bedrijf|bedrijfsnaam|klant|klantnaam|naam van de klant|customer|potential customer
        potentiële klant|associated company|gekoppeld bedrijf|relatie
        sales account|organization name|lead name""",
    "channel": """channel|kanaal|lead source|leadbron|lead bron|bron voor lead|bron van lead|leadsource|source|bron
        original source|original source type|oorspronkelijke bron|source channel|herkomst|kanaalomschrijving
        customer source""",
    "loss_reason": """loss reason|lost reason|closed lost reason|reason lost|reason for loss|reden verlies
        reden van verlies|verliesreden|reden verloren|reden van afwijzing|closed lost reden
        loss reason name|reason (lost)|reden (verloren)|reden""",
    "pipeline": "pipeline|deal pipeline|sales pipeline|pipeline name|pijplijn|verkooppijplijn|verkooppipeline",
}

ALIASES = {
    alias: (field, rank)
    for field, lines in _HEADERS.items()
    for rank, line in enumerate(lines.splitlines())
    for alias in line.strip().split("|")
}

_PREFIX = re.compile(r"^(?:deal|opportunity|verkoopkans|opportuniteit)\s*[-–:]\s+")
_REMARK = re.compile(r"\s*(?:[↑↓]|\((?:%|€|eur|euro|primary|primair|excl\.? ?btw|ex\.? ?btw)\)|%|[:*])\s*$")
_NOT_YOURS = re.compile(r"^\((?:do not modify|niet wijzigen|niet bewerken)\)\s*")


def plain(header: str) -> str:
    """Write a header as it is compared: small letters, single spaces, underscores as spaces.

    Examples
    --------
    >>> plain(" Deal_Stage ")
    'deal stage'
    """
    return re.sub(r"[\s_]+", " ", header.casefold()).strip()


def recognise(header: str) -> tuple[str, int] | None:
    """Tell which field a header is known for, and how far down the list it stands.

    Examples
    --------
    >>> recognise("Deal - Lost reason")
    ('loss_reason', 0)
    >>> recognise("Waarschijnlijkheid (%)")
    ('probability', 0)
    """
    name = plain(header)
    while name:
        if name in ALIASES:
            return ALIASES[name]
        shorter = _PREFIX.sub("", _REMARK.sub("", _NOT_YOURS.sub("", name)))
        if shorter == name:
            break
        name = shorter
    return None
