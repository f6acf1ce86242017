"""A quarter of one's own making, drawn and told as any quarter is."""

from salesmetrics.charts.quarter import draw as draw
from salesmetrics.charts.quarter import sentence as sentence
