"""What systems and people write in their exports, in English and Dutch: headers, and words for won, lost and the rest.

Gathered from Salesforce, HubSpot, Pipedrive, Dynamics 365, Zoho, Odoo, SugarCRM, Vtiger, Teamleader, Exact Online,
AFAS, Simplicate, SuperOffice, Freshsales, Copper, Close, Insightly and Frappe. A new system is some words here, and a
fixture in the tests. Headers are compared without capitals, marks, the order of their words, and a leading "deal".
"""

from __future__ import annotations

import re

# While a deal is open, these systems write the expected day in the column of the day of closing.
CLOSE_DATE = "close_date"
# The amount of the deal in some systems, the amount times its chance in others.
UNCLEAR_AMOUNT = "unclear_amount"

# Each line is a choice: a header on an earlier line is taken before one on a later line.
HEADERS = {
    "deal_id": """deal id|opportunity id|record id|verkoopkans id|(do not modify) opportunity|hs object id|system id
        (niet wijzigen) verkoopkans|potential no|verkoopkans nr|sale id|verkoop id
        id|opportunity number|dealnummer|verkoopkansnummer|opportunitynummer|nummer|nr|no|referentie|reference|number""",
    "deal_name": """deal name|dealnaam|naam van deal|naam deal|opportunity name|naam opportunity|opportunitynaam
        naam verkoopkans|deal title|opportunity title|title|titel|topic|onderwerp|verkoopkans|opportunity|deal
        verkoopkansen|potential name|sale|verkoop|name|naam|omschrijving|subject|description""",
    "status": """status|deal status|dealstatus|opportunity status|status verkoopkans|verkoopkansstatus|opportunitystatus
        statecode
        status type|opportunity state|outcome|resultaat|uitkomst""",
    "stage": """stage|deal stage|dealfase|deal stadium|fase|fase van deal|verkoopfase|deal fase
        verkoopstadium|verkoop stadium|stadium|sales stage|stage name|fasenaam|pipeline stage|pipelinefase
        pijplijnfase|pipeline phase
        opportunitystage|opportunitystagedescription|voortgang|forecaststatus|verkoop fase
        phase|deal phase|sales phase|milestone|status label""",
    "amount": """amount|deal amount|deal value|dealwaarde|dealbedrag|bedrag|waarde|value|est revenue
        estimated revenue|geschatte omzet|gesch omzet|geschatte opbrengst|gesch opbrengst|geschatte opbrengsten
        gesch opbrengsten|estimated value|geschatte waarde|geschat bedrag|amountdc|estimated amount
        bedrag administratie munteenheid|total amount|totaalbedrag|totaal bedrag|orderwaarde|offertebedrag
        amount in company currency|bedrag in bedrijfsvaluta|amount (converted)|bedrag (omgerekend)|est revenue (base)
        monetary value|opportunity value|deal size|dealomvang|prijs|price|total|totaal
        contract value|contractwaarde|omzet|revenue|close value|mrr|arr|maandbedrag|jaarbedrag""",
    UNCLEAR_AMOUNT: """expected revenue|expected amount|verwachte omzet|verwachte opbrengst|verwachte opbrengsten
        verwachte inkomsten|verwachte waarde|verwacht bedrag|expected value""",
    "actual_amount": """actual revenue|actual value|werkelijke omzet|werkelijke opbrengst
        werkelijke opbrengsten|werkelijke waarde""",
    "currency": """currency|deal currency|opportunity currency|currency of value|amount currency|valuta|value currency
        valuta van waarde|munteenheid|munt|currency iso code|currency code|valutacode""",
    "amount_period": "value period|billing period|recurrence|periodiciteit|facturatieperiode|betaalperiode|termijn",
    "created_on": """created date|create date|creation date|deal created|created time|date entered|entered date
        add time|record created date|datum aangemaakt|aangemaakt|aanmaakdatum|datum invoer|binnengekomen op
        gemaakt datum|creatiedatum|deal aangemaakt|toegevoegd datum|registratiedatum|datum ontvangen
        created|deal creation date|engage date|invoerdatum|opened|opened date|registered date|registered
        geregistreerd""",
    CLOSE_DATE: """close date|closing date|sluitingsdatum|sluitdatum|afsluitdatum|date closed|datum gesloten
        datum sluiting|sale date|verkoopdatum|closure date""",
    "closed_on": """actual close date|actual closed date|closed date|closed time|deal closed date|decision date
        close time|werkelijke sluitingsdatum|werkelijke afsluitdatum|gesloten op|deal gesloten op|beslist op
        afgesloten op|datum afgesloten|beslisdatum|actual closing date""",
    "won_on": "won time|won date|gewonnen op|datum gewonnen|tijd gewonnen",
    "lost_on": "lost time|lost date|verloren op|datum verloren|tijd verloren",
    "expected_close_on": """expected close date|expected closing date|expected closing|expected close|est close date
        expected closure date|estimated close date|estimated closing date|expected to close on|planned close date
        verwachte sluitingsdatum|verwachte afsluitdatum|verwachte sluitdatum|verwachte afsluiting|verwachte sluiting
        geschatte sluitingsdatum|gesch sluitingsdatum|geschatte afsluitdatum|verwachte datum|verwachte orderdatum
        verwachte einddatum|verwacht op|verwacht|expected date
        forecast close date|forecasted close date""",
    "changed_on": """modified date|last modified date|last activity date|modified time|updated date|last updated date
        gewijzigd op|laatst gewijzigd op|laatste wijziging|wijzigingsdatum|laatst gewijzigd|last stage change date
        bijgewerkt op|laatst bijgewerkt|update time|laatste activiteit""",
    "probability": """probability|deal probability|win probability|waarschijnlijkheid|waarschijnlijkheid van deal
        dealkans|slaagkans|slagingskans|scoringskans|succeskans|winkans|kans|chance|hs deal stage probability
        close probability|confidence|scoringkans|scoringspercentage|probability as""",
    "owner": """owner|deal owner|opportunity owner|owner name|eigenaar|deal eigenaar|eigenaar van deal
        eigenaar opportunity|eigenaar van opportunity|verantwoordelijke|toegewezen aan|assigned to|salesperson|verkoper
        sales rep|accountmanager|account manager|sales owner|owned by|responsible|user name|hubspot owner id
        sales agent|assigned rep|rep|rep name|assigned user|assignee|vertegenwoordiger|account executive""",
    "account": """account|account name|accountnaam|organization|organisation|organisatie|organisatienaam
        company|company name|bedrijf|bedrijfsnaam|klant|klantnaam|naam van de klant|customer|potential customer
        potentiële klant|associated company|gekoppeld bedrijf|relatie|client|customer name|client name
        sales account|organization name|lead name""",
    "channel": """channel|kanaal|lead source|leadbron|lead bron|bron voor lead|bron van lead|source|bron
        original source|original source type|oorspronkelijke bron|source channel|herkomst|kanaalomschrijving
        customer source""",
    "loss_reason": """loss reason|lost reason|closed lost reason|reason lost|reason for loss|reden verlies
        reden van verlies|verliesreden|reden verloren|reden van afwijzing|closed lost reden|afwijsreden
        loss reason name|reden""",
    "pipeline": "pipeline|deal pipeline|sales pipeline|pipeline name|pijplijn|verkooppijplijn|verkooppipeline",
    "is_won": "is won|won|gewonnen|is gewonnen",
    "is_lost": "is lost|lost|verloren|is verloren",
    "is_closed": "is closed|closed|gesloten|is gesloten|afgesloten|beslist",
}
# A check box by its header, unless its cells are days.
DAY_OF = {"is_won": "won_on", "is_lost": "lost_on", "is_closed": "closed_on"}
# What a deal has besides the columns of the deals table: it ends up in one of those, or stays as it is.
EXTRA_FIELDS = ("deal_name", "pipeline", "actual_amount", "won_on", "lost_on", "changed_on", "amount_period", *DAY_OF)

_PREFIXES = {"deal", "opportunity", "opp", "verkoopkans", "opportuniteit", "do not modify", "niet wijzigen"}
_PREFIXES |= {"niet bewerken"}
_REMARKS = {"%", "pct", "percent", "percentage", "procent", "eur", "euro", "euros", "usd", "gbp", "c", "in", "primary"}
_REMARKS |= {"primair", "excl", "ex", "incl", "btw", "vat", "pipeline", "dd", "mm", "jjjj", "yyyy", "crm"}
_DATE_WORDS = {"at": "date", "on": "date", "time": "date", "day": "date", "datetime": "date", "timestamp": "date"}
_DATE_WORDS |= {"op": "datum", "dag": "datum", "tijd": "datum", "datum": "op", "date": "date"}

_MILLIONS = r"""[x×*]?\s*[€$£]?\s*1[.,' ]?000[.,' ]?000|\bm(?:ln|io)?\.?\s?[€$£]|[€$£]\s?(?:m|mln|mio)\b
    |\b(?:in\s+)?(?:miljoen(?:en)?|millions?|mln|mio)\b"""
_THOUSANDS = r"""[x×*]?\s*(?:[€$£]|eur|usd)?\s*1[.,'\ ]?000(?![.,'\ ]?\d)|\bk\s?[€$£]|[€$£]\s?k\b|\bk(?:eur|usd)\b
    |\((?:in\s+)?k\)|\b(?:in\s+|x\s+|per\s+)?(?:duizend(?:en|tallen)?|thousands?)\b|['’]?\b000s?\b"""
_UNITS = {1_000_000: re.compile(_MILLIONS, re.VERBOSE), 1_000: re.compile(_THOUSANDS, re.VERBOSE)}
_MONTHLY = r"\b(?:mrr|maandbedrag|maandelijks|monthly|(?:per|/)\s?(?:maand|month|mnd|mo))\b"
_YEARLY = r"\b(?:arr|jaarbedrag|jaarlijks|yearly|annual|(?:per|/)\s?(?:jaar|year|jr|yr))\b"
HEADER_PERIODS = {12: re.compile(_MONTHLY), 1: re.compile(_YEARLY)}
# How often a year such an amount is paid; 0 is once.
PERIODS = {
    **dict.fromkeys("month monthly maand maandelijks per_maand per_month m mnd p/m".split(), 12),
    **dict.fromkeys("quarter quarterly kwartaal per_kwartaal per_quarter".split(), 4),
    **dict.fromkeys("week weekly wekelijks per_week".split(), 52),
    **dict.fromkeys("year yearly annual annually jaar jaarlijks per_jaar per_year y jr p/j".split(), 1),
    **dict.fromkeys("one_time once one-time onetime eenmalig one_off one-off".split(), 0),
}

_WON = """won|closed won|closedwon|closed as won|win|deal won|won deal|accepted|gewonnen|gesloten gewonnen
gesloten en gewonnen|afgesloten gewonnen|deal gewonnen|aanvaard|geaccepteerd|gescoord|gegund|sold|verkocht"""
_LOST = """lost|closed lost|closedlost|closed as lost|loss|loose|deal lost|lost deal|refused|verloren|gesloten verloren
gesloten en verloren|afgesloten verloren|deal verloren|geweigerd|afgewezen|closed lost to competition|out sold
lost to competitor|lost to competition|niet gescoord|niet gegund|niet gewonnen"""
_OPEN = """open|new|in progress|active|pending|on hold|nieuw|in behandeling|in uitvoering|openstaand|lopend|actief
in de wacht|stalled|vastgelopen"""
_STAGES = """lead|leads|prospect|prospecting|suspect|contact|contacted|first contact|eerste contact|kennismaking|intake
qualification|qualified|qualifying|kwalificatie|gekwalificeerd|qualify|develop|propose|discovery|demo|demonstration
demo scheduled|demo gepland|demonstratie|needs analysis|behoefteanalyse|value proposition|waardevoorstel|proposal
proposal made|proposal sent|proposition|proposal price quote|offer|offer made|offerte|offerte verstuurd
offerte uitgebracht|offerte verzonden|voorstel|voorstel verzonden|quote|quotation|quote sent|negotiation
negotiation review|negotiations started|onderhandeling|onderhandelen|in onderhandeling|onderhandelingen gestart|gesprek
afspraak|meeting|meeting scheduled|appointment scheduled|appointmentscheduled|afspraak gepland|qualified to buy
qualifiedtobuy|gekwalificeerd om te kopen|presentation scheduled|presentationscheduled|presentatie gepland
decision maker bought in|decisionmakerboughtin|decision makers|id decision makers|perception analysis|besluitvormer
contract sent|contractsent|contract verzonden|engaging|evaluation|evaluatie|verbal commitment|sales qualified
marketing qualified|sales accepted|contact made|needs defined|ready to buy|identify|scoping|trial|pilot|verify
offerte gemaakt|offerte in behandeling|contact gelegd|contact opgenomen|behoefte bepaald|idee|kans|inventarisatie"""
_CLOSED = "closed|done|completed|inactive|gesloten|afgesloten|afgerond|voltooid|inactief|beslist"
_EMPTY = r"""|-|--|–|—|?|n/a|#n/a|na|n.a.|nan|null|none|nil|nvt|n.v.t.|leeg|(leeg)|(blank)|unknown|onbekend|tbd|tbc
ntb|n.t.b.|0000-00-00|0000-00-00 00:00:00|\n|nat|<null>|(none)|(geen)"""
_TRUE = "true|waar|yes|ja|1|x|✓|✔|☑|y|j|v|wahr"
_FALSE = "false|onwaar|no|nee|0||n|☐|-"
WON, LOST, OPEN, STAGES, CLOSED, EMPTY, TRUE, FALSE = (
    frozenset(re.split(r"[|\n]", words)) for words in (_WON, _LOST, _OPEN, _STAGES, _CLOSED, _EMPTY, _TRUE, _FALSE)
)
# The first text of a total or closing line; "Totaal Bouw BV" is a customer.
TOTAL = (
    r"(?i)(?:grand |sub ?|generale? |eind)?(?:total|totaal)s?(?: records| deals| open| generaal)?|som|sum|gemiddelde?"
    r"|average|avg|aantal|count|copyright .*|(?:generated|gegenereerd) .*|confidential .*"
)


def words(header: str) -> list[str]:
    """Split a header into the words by which it is compared.

    Examples
    --------
    >>> words("Deal_StageName"), words("Deal - Won time")
    (['deal', 'stage', 'name'], ['deal', 'won', 'time'])
    """
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|_", " ", header)
    return re.findall(r"[^\W_]+|%", spaced.casefold())


def plain(header: str) -> str:
    """Write a header as it is compared."""
    return "".join(words(header))


def _keys(header: list[str]) -> tuple[str, str]:
    return "".join(header), " ".join(sorted(header))


_ALIASES = {
    key: (field, rank)
    for field, lines in reversed(HEADERS.items())
    for rank, line in reversed(list(enumerate(lines.splitlines())))
    for alias in line.strip().split("|")
    for key in _keys(words(alias))
}


def recognise(header: str) -> tuple[str, int] | None:
    """Tell which field a header is known for, and how far down the list it stands.

    Examples
    --------
    >>> recognise("Deal - Lost reason"), recognise("Waarschijnlijkheid (%)"), recognise("expected_close_at")
    (('loss_reason', 0), ('probability', 0), ('expected_close_on', 0))
    >>> recognise("Bedrag (x € 1.000)"), recognise("Bedrag (gewogen)")
    (('amount', 0), None)
    """
    bare = header.casefold() if header.isupper() else header
    for pattern in (*_UNITS.values(), *HEADER_PERIODS.values()):
        bare = re.sub(pattern.pattern, " ", bare, flags=re.VERBOSE | re.IGNORECASE) if bare else bare
    for tried in dict.fromkeys((header, bare)):
        name = words(tried)
        while name:
            dated = [*name[:-1], _DATE_WORDS.get(name[-1], name[-1])]
            for key in (*_keys(name), *_keys(dated)):
                if key in _ALIASES:
                    return _ALIASES[key]
            prefix = next((size for size in (1, 3, 2) if " ".join(name[:size]) in _PREFIXES), 0)
            if len(name) > 1 and name[-1] in _REMARKS:
                name = name[:-1]
            elif prefix and len(name) > prefix:
                name = name[prefix:]
            else:
                break
    return None


def unit_of(header: str) -> int:
    """Tell by how much the amounts under a header are to be multiplied.

    Examples
    --------
    >>> unit_of("Bedrag (x € 1.000)"), unit_of("Omzet in duizenden"), unit_of("Amount")
    (1000, 1000, 1)
    """
    return next((unit for unit, pattern in _UNITS.items() if pattern.search(header.casefold())), 1)
