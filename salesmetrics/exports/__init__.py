"""A CRM export in, deals and a receipt out."""

from salesmetrics.exports.question import Choice, Question
from salesmetrics.exports.read import Export, read_deals
from salesmetrics.exports.receipt import Receipt

__all__ = ["Choice", "Export", "Question", "Receipt", "read_deals"]
