"""A CRM export in, deals and a receipt out."""

from salesmetrics.crm.export import Export, read_deals
from salesmetrics.crm.question import Choice, Question
from salesmetrics.crm.receipt import Receipt

__all__ = ["Choice", "Export", "Question", "Receipt", "read_deals"]
