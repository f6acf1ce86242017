"""One table of deals: checked at one door, within periods, with the scenarios that come with the kit."""
