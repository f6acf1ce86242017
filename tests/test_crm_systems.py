"""The default exports of the systems, with all the columns that stand beside a deal: at most one question each."""

import re

import pytest
from exports_forms import csv_of
from test_crm_kinds import NL, RIGHT, ROWS, figures, rows

from salesmetrics.crm import Question, read_deals
from salesmetrics.crm.systems import recognise

# The words of a system for open, won and lost, and for its one open stage.
WORDS = {
    "HubSpot": (
        "Appointment Scheduled (Sales Pipeline)",
        "Closed Won (Sales Pipeline)",
        "Closed Lost (Sales Pipeline)",
    ),
    "HubSpot nl": ("Afspraak gepland (Verkoop)", "Gesloten en gewonnen (Verkoop)", "Gesloten en verloren (Verkoop)"),
    "HubSpot numbers": ("1234565", "1234567", "1234568"),
    "Salesforce": ("Proposal/Price Quote", "Contract signed", "Geen interesse"),
    "Salesforce nl": ("Offerte", "Gesloten gewonnen", "Gesloten verloren"),
    "Zoho": ("Identify Decision Makers", "Closed Won", "Closed Lost to Competition"),
    "Zoho nl": ("Kwalificatie", "Gesloten gewonnen", "Gesloten verloren aan concurrentie"),
    "Odoo": ("Proposition", "Won", "Proposition"),
    "Odoo nl": ("Voorstel", "Gewonnen", "Voorstel"),
    "Teamleader nl": ("Open", "Aanvaard", "Geweigerd"),
    "AFAS nl": ("Lopend", "Gescoord", "Niet gescoord"),
    "Simplicate nl": ("Open", "Geaccepteerd", "Afgewezen"),
    "Simplicate": ("Open", "Accepted", "Rejected"),
    "Pipedrive nl": ("Open", "Gewonnen", "Verloren"),
    "Dynamics nl": ("Open", "Gewonnen", "Verloren"),
}
# Headers with what stands under them; behind "=" the cells for open, won and lost, or one text for all.
SYSTEMS = {
    "HubSpot": "Record ID:id|Deal Name:name|Deal Stage:status|Close Date:ends|Deal owner:owner|Amount:amount"
    "|Amount in company currency:amount|Currency:=EUR|Is Closed Won:=false,true,false|Is closed lost:=false,false,true"
    "|Is Deal Closed?:=false,true,true|Weighted amount:weighted|Forecast amount:=|Closed Lost Reason:=,,price"
    "|Closed Won Reason:=,fit,|Last Modified Date:=2026-03-30|Monthly recurring revenue:=|Annual contract value:="
    "|Total contract value:=|Create Date:created|Date entered 'Closed Won (Sales Pipeline)':won|Closed Amount:=0"
    "|Associated Company:account|Days to close:=10",
    "HubSpot nl": "Record-ID:id|Dealnaam:name|Dealfase:status|Sluitingsdatum:ends|Deal-eigenaar:owner|Bedrag:amount"
    "|Aanmaakdatum:created",
    "HubSpot numbers": "hs_object_id:id|dealname:name|dealstage:status|amount:amount|closedate:ends|createdate:created"
    "|hubspot_owner_id:owner|pipeline:=default|hs_is_closed_won:=false,true,false|hs_is_closed:=false,true,true"
    "|hs_lastmodifieddate:=2026-03-30|closed_lost_reason:=,,price",
    "Pipedrive": "Deal - ID:id|Deal - Title:name|Deal - Owner:owner|Deal - Value:amount|Deal - Currency of Value:=EUR"
    "|Deal - Weighted value:weighted|Deal - Currency of Weighted value:=EUR|Deal - Probability:=|Deal - Organization:"
    "account|Deal - Stage:=Demo Scheduled|Deal - Status:status|Deal - Deal created:created|Deal - Update time:"
    "=2026-03-28 10:00:00|Deal - Last stage change:=2026-03-01 11:00:00|Deal - Last activity date:=2026-03-01"
    "|Deal - Won time:won|Deal - Lost time:lost|Deal - Deal closed on:closed|Deal - Lost reason:=,,price"
    "|Deal - Expected close date:due|Deal - Product amount:=0|Deal - MRR:=0|Deal - Archive status:=Not archived",
    "Pipedrive nl": "Deal - ID:id|Deal - Titel:name|Deal - Eigenaar:owner|Deal - Waarde:amount|Deal - Valuta van "
    "Waarde:=EUR|Deal - Gewogen waarde:weighted|Deal - Kans:=|Deal - Organisatie:account|Deal - Fase:=Demo gepland"
    "|Deal - Status:status|Deal - Deal aangemaakt:created|Deal - Tijd van update:=2026-03-28 10:00:00"
    "|Deal - Datum laatste activiteit:=2026-03-01|Deal - Tijdstip gewonnen:won|Deal - Tijdstip verloren:lost"
    "|Deal - Deal gesloten op:closed|Deal - Reden voor verlies:=,,prijs|Deal - Verwachte sluitdatum:due",
    "Salesforce": "Id:id|IsDeleted:=0|AccountId:=001x|Name:name|Description:=text|StageName:status|Amount:amount"
    "|Probability:chance|ExpectedRevenue:weighted|CloseDate:ends|IsClosed:=0,1,1|IsWon:=0,1,0|OwnerId:owner"
    "|CreatedDate:created|LastModifiedDate:=2026-03-28|LastActivityDate:=2026-03-27|CurrencyIsoCode:=EUR",
    "Salesforce nl": "Eigenaar van opportunity:owner|Accountnaam:account|Opportunitynaam:name|Fase:status"
    "|Boekperiode:=Q1|Bedrag:amount|Waarschijnlijkheid (%):chance|Sluitingsdatum:ends|Gemaakt op datum:created"
    "|Volgende stap:=|Leadbron:=Web",
    "Dynamics": "(Do Not Modify) Opportunity:id|(Do Not Modify) Row Checksum:=x|(Do Not Modify) Modified On:=2026-03-01"
    "|Topic:name|Potential Customer:account|Account:account|Est. close date:due|Est. revenue:amount|Probability:chance"
    "|Status:status|Status Reason:=In Progress,Won,Canceled|Actual Close Date:closed|Created On:created|Owner:owner",
    "Dynamics nl": "(Niet wijzigen) Verkoopkans:id|(Niet wijzigen) Gewijzigd op:=2026-03-01|Onderwerp:name|Potentiële "
    "klant:account|Gesch. sluitingsdatum:due|Gesch. omzet:amount|Status:status|Werkelijke sluitingsdatum:closed"
    "|Gemaakt op:created|Eigenaar:owner",
    "Dataverse": "opportunityid:id|name:name|estimatedvalue:amount|estimatedclosedate:due|actualclosedate:closed"
    "|statecode:status|createdon:created|ownerid:owner|closeprobability:chance|modifiedon:=2026-03-30",
    "Zoho": "Record Id:id|Deal Owner.id:=9|Deal Owner:owner|Deal Name:name|Account Name:account|Amount:amount"
    "|Closing Date:ends|Stage:status|Probability (%):chance|Expected Revenue:weighted|Created By:=Noor|Created Time:"
    "created|Modified Time:=2026-03-28 10:11:12|Last Activity Time:=2026-03-28 10:11:12|Currency:=EUR"
    "|Exchange Rate:=1|Sales Cycle Duration:=10|Reason For Loss:=,,price|Lost Reason:=",
    "Zoho nl": "Record-ID:id|Eigenaar deal:owner|Naam deal:name|Accountnaam:account|Bedrag:amount|Sluitingsdatum:ends"
    "|Fase:status|Waarschijnlijkheid (%):chance|Verwachte opbrengst:weighted|Tijd van aanmaken:created"
    "|Tijd van wijziging:=2026-03-28",
    "Odoo": "External ID:id|Opportunity:name|Customer:account|Stage:status|Expected Revenue:amount|MRR:=0.00"
    "|Probability:chance|Expected Closing:due|Closed Date:closed|Created on:created|Salesperson:owner"
    "|Active:=TRUE,TRUE,FALSE|Lost Reason:=,,price",
    "Odoo nl": "Externe ID:id|Verkoopkans:name|Klant:account|Fase:status|Verwachte omzet:amount|Waarschijnlijkheid:"
    "chance|Verwachte sluiting:due|Afgesloten op:closed|Aangemaakt op:created|Verkoper:owner|Actief:=True,True,False",
    "Odoo fields": "id:id|name:name|partner_id/name:account|stage_id:=New|expected_revenue:amount|probability:chance"
    "|date_deadline:due|date_closed:closed|create_date:created|user_id:owner|active:=True,True,False"
    "|lost_reason_id:=,,price|won_status:=Pending,Won,Lost",
    "Teamleader nl": "Titel:name|Nummer:id|Klant:account|Verantwoordelijke:owner|Fase:=Offerte verzonden|Status:status"
    "|Bedrag (excl. btw):amount|Slaagkans:chance|Datum aangemaakt:created|Verwachte sluitingsdatum:due"
    "|Gesloten op:closed|Reden van weigering:=,,prijs",
    "Teamleader": "Title:name|Customer name:account|Phase:=Demo|Status:status|Estimated value:amount|Currency:=EUR"
    "|Responsible user:owner|Created at:created|Closed at:closed|Expected closing date:due|Refusal reason:=,,price",
    "AFAS nl": "Forecastnummer:id|Forecast:name|Organisatie/persoon:account|Verantwoordelijke:owner|Status:status"
    "|Verwacht bedrag:amount|Forecastbedrag:weighted|Scoringskans %:chance|Datum invoer:created"
    "|Verwachte scoringsdatum:due|Datum afgesloten:closed",
    "AFAS": "Forecast:id|Description:name|Sales contact:account|Resp. person:owner|Scoring percentage:chance"
    "|Expected amount:amount|Forecast amount:weighted|Result:status|Expected date:due|Closing date:closed"
    "|Entry date:created",
    "Simplicate nl": "Verkoopkans:name|Nummer:id|Organisatie:account|Relatiebeheerder:owner|Voortgang:=Offerte"
    "|Status:status|Verwachte omzet:amount|Scoringskans:chance|Startdatum:=2020-01-01|Verwachte sluitingsdatum:due"
    "|Aangemaakt op:created|Gesloten op:closed|Reden:=,,prijs",
    "Simplicate": "Subject:name|Organization:account|Responsible:owner|Status:status|Expected revenue:amount"
    "|Win likelihood:chance|Expected end date:due|Date closed:closed|Created at:created|Reason not accepted:=,,price",
}


def export_of(system):
    """Write the seven deals of the kinds as a system does."""
    columns = [re.fullmatch("(.*?):(=.*|[a-z]+)", column).groups() for column in SYSTEMS[system].split("|")]
    words = dict(zip(("Open", "Won", "Lost"), WORDS.get(system, ("Open", "Won", "Lost")), strict=True))
    cells = [[header for header, _field in columns]]
    for number, account, owner, _stage, status, amount, created, due, closed in ROWS:
        chance = {"Open": 50, "Won": 100, "Lost": 0}[status]
        own = {
            "id": number,
            "name": f"Deal {account}",
            "account": account,
            "owner": owner,
            "status": words[status],
            "amount": amount,
            "weighted": str(int(amount) * chance // 100),
            "chance": str(chance),
            "created": created,
            "due": due,
            "closed": closed,
            "ends": closed or due,
            "won": closed * (status == "Won"),
            "lost": closed * (status == "Lost"),
        }
        given = {"Open": 0, "Won": 1, "Lost": 2}[status]
        cells.append([own[field] if field in own else (field[1:].split(",") * 3)[given] for _header, field in columns])
    return csv_of(cells)


@pytest.mark.parametrize("system", SYSTEMS)
def test_a_default_export_is_read_or_asks_one_question(language, system):
    data, asked = export_of(system), 0
    try:
        export = read_deals(data)
    except Question as question:
        right = [choice for choice in question.choices if choice.label in ("lost", "verloren")]
        export, asked = read_deals(data, **right[0].added_to({})), 1
    # Without the reason for a loss Odoo does not say that an archived deal is a lost one.
    assert asked == (system == "Odoo nl")
    assert figures(export) == RIGHT
    deals = export.deals
    assert deals["created_on"].dt.strftime("%Y-%m-%d").tolist() == [row[6] for row in ROWS]
    days = deals["closed_on"].fillna(deals["expected_close_on"])
    assert days.dt.strftime("%Y-%m-%d").tolist() == [row[8] or row[7] for row in ROWS]
    assert deals["owner"].tolist() == [row[2] for row in ROWS]
    if ":account" in SYSTEMS[system]:
        assert deals["account"].tolist() == [row[1] for row in ROWS]


KNOWN = {
    "deal_id": "opp_id|OpportunityID|Deal - System ID|Dealnr.|CRM ID",
    "amount": "Opportunity Amount|DealAmount|amount_usd|Totale waarde|Netto bedrag|Ordersom|Est. Value|TCV|Value EUR",
    "created_on": "deal created date|Datum van aanmaak|Created On (UTC)|create_dt|Date added|Aanmaakmoment|createdon",
    "expected_close_on": "expected_close_at|Expected Closure Date|Exp. close|Target close date|Anticipated closing|"
    "Geplande sluitingsdatum|Verwachte tekendatum|Est. closing date|exp_close_dt|date_deadline|Beoogde afsluitdatum",
    "closed_on": "closed_dt|Won/Lost date|Datum gewonnen/verloren|Actual closing|closedon",
    "status": "Opp Status|Deal Status (Won/Lost/Open)|Huidige status|Status/fase|won_status",
    "stage": "Deal - Stage (pipeline)|Current Stage|Salesfase|Funnel stage",
    "probability": "probability_pct|Likelihood|Win likelihood|Prob.|Slagingspercentage|probability_as_decimal",
    "owner": "assigned_rep|Verkoopmedewerker|Resp. person|Account Owner",
}


@pytest.mark.parametrize(("field", "header"), [(field, name) for field in KNOWN for name in KNOWN[field].split("|")])
def test_headers_are_known_by_their_words(field, header):
    known = recognise(header)
    assert known is not None
    assert known[0] in {field, "close_date" if field == "closed_on" else field}


@pytest.mark.parametrize(
    "header",
    [
        "Start Date",
        "Startdatum",
        "Einddatum",
        "Target amount",
        "Days to close",
        "Exchange Rate",
        "Lead date",
        "Deadline",
        "Estimated time",
        "Open time",
        "Geschatte tijd",
    ],
)
def test_other_headers_are_nothing(header):
    assert recognise(header) is None


def test_of_two_columns_for_one_thing_an_empty_one_is_not_asked_about():
    cells = [[*row, "Lost Reason" if place == 0 else ""] for place, row in enumerate(rows())]
    cells = [[*row, "Loss reason" if place == 0 else "price" * (row[4] == "Lost")] for place, row in enumerate(cells)]
    assert read_deals(csv_of(cells)).deals["loss_reason"].dropna().tolist() == ["price", "price"]


@pytest.mark.parametrize("beside", ["Kans", "Gewogen omzet"])
def test_an_expected_amount_is_whole_where_the_file_shows_it(language, beside):
    head = [*NL[:5], "Verwachte omzet", *NL[6:], beside]
    also = {"Kans": {"Open": "50", "Won": "100", "Lost": "0"}}.get(beside, dict.fromkeys(("Open", "Won", "Lost"), "7"))
    cells = [head, *([*row, also[deal[4]]] for row, deal in zip(rows(NL)[1:], ROWS, strict=True))]
    assert figures(read_deals(csv_of(cells))) == RIGHT
    # Amounts of nothing at a chance of nothing may well be times their chance.
    if beside == "Kans":
        weighted = [head, *([*row[:5], str(int(row[5]) * int(row[-1]) // 100), *row[6:]] for row in cells[1:])]
        with pytest.raises(Question):
            read_deals(csv_of(weighted))


CLOSED_BOXES = "nr,naam,status,bedrag,gewonnen,verloren,close date\n" + "".join(
    f"{at},K{at},Closed,900,{'ja' if at % 2 else 'nee'},{'nee' if at % 2 else 'ja'},2026-01-0{at}\n"
    for at in range(1, 8)
)


@pytest.mark.parametrize("won", [None, ["Getekend"]])
def test_a_closed_deal_with_no_box_ticked_is_not_open(language, won):
    """Of eight closed deals four are won, three are lost, and one does not say: it is left out and told."""
    text = (
        CLOSED_BOXES + "8,K8,Closed,900,nee,nee,2026-01-09\n" + ("9,K9,Getekend,900,ja,nee,2026-01-09\n" if won else "")
    )
    export = read_deals(text.encode(), **({"won": won} if won else {}))
    assert export.deals["status"].value_counts().to_dict() == {"won": 5 if won else 4, "lost": 3}
    assert "8" not in set(export.deals["deal_id"])


def test_an_answer_about_one_word_keeps_what_the_chances_say_of_another(language):
    """Closed at 100% four times and at 0% three times; the one row that is asked about has no chance."""
    rows = [f"{at},K{at},Closed,{100 if at % 2 else 0},100,2026-01-0{at},2026-02-0{at}" for at in range(1, 8)]
    rows += [f"{at},K{at},Open,{10 * at - 50},100,,2026-03-0{at - 5}" for at in range(9, 14)]
    rows.append("22,Q,Klaar,,70,2026-01-20,2026-02-20")
    text = "\n".join(["id,name,status,chance,amount,closed on,expected close date", *rows])
    with pytest.raises(Question, match="Klaar"):
        read_deals(text.encode())
    counts = read_deals(text.encode(), won=["Klaar"]).deals["status"].value_counts().to_dict()
    assert counts == {"won": 5, "lost": 3, "open": 5}


@pytest.mark.parametrize(("header", "currency"), [("amount (C$)", "CAD"), ("amount ($)", "USD"), ("amount (€)", "EUR")])
def test_a_dollar_of_another_country_in_a_header_is_its_own(header, currency):
    export = read_deals(f"id,status,{header},close date\n1,open,100,\n2,won,200,2026-01-02\n".encode())
    assert set(export.deals["currency"]) == {currency}


def test_a_day_of_completion_is_not_taken_for_the_day_of_closing(language):
    text = "id,status,amount,close date,completed date\n1,open,100,,\n2,won,200,2026-01-02,2026-03-02\n"
    assert str(read_deals(text.encode()).deals["closed_on"].iloc[1].date()) == "2026-01-02"


def test_two_empty_columns_of_one_kind_are_no_reason_to_stop(language):
    text = "id,status,amount,Deal owner,Owner name\n1,open,100,,\n2,open,200,,\n"
    assert read_deals(text.encode()).deals["amount"].tolist() == [100, 200]


def test_of_two_expected_amounts_the_one_that_holds_something_is_taken_or_it_is_asked(language):
    head, rows = "id,status,Expected Revenue,Expected Amount,Weighted\n", "1,open,{},100,50\n2,open,{},200,50\n"
    assert read_deals((head + rows.format("", "")).encode()).deals["amount"].tolist() == [100, 200]
    with pytest.raises(Question, match="Expected Revenue") as asked:
        read_deals((head + rows.format(900, 800)).encode())
    answers = [read_deals((head + rows.format(900, 800)).encode(), **each.options) for each in asked.value.choices]
    assert [export.deals["amount"].tolist() for export in answers] == [[900, 800], [100, 200]]


def test_a_title_like_the_header_leaves_the_headers_unit_to_be_asked_about(language):
    with pytest.raises(Question) as asked:
        read_deals(b"Omzet mln\n\nid;status;Omzet mln\n1;open;2\n2;open;3\n")
    assert asked.value.option == "unit"


def test_an_order_of_stages_that_is_offered_can_be_given(language):
    """A stage named after winning in which deals are open is one of the stages."""
    text = (
        "id,status,stage,amount,close date\n1,open,Lead,10,\n2,open,Won (provisional),20,\n"
        "3,won,Won (signed),30,2026-01-02\n4,lost,Lost (price),5,2026-01-03\n"
    )
    offered = read_deals(text.encode()).ask_stages().choices[0].options
    assert offered == {"stages": ["Lead", "Won (provisional)"]}
    assert list(read_deals(text.encode(), **offered).stages) == offered["stages"]
