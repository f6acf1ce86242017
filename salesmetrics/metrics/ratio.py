"""A metric that can show its working: a quantity, what it is divided by, what was left out, and how sure a rate is."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist
from typing import Literal

from salesmetrics.base.errors import SalesMetricsError
from salesmetrics.base.language import _, money, number, percent, times
from salesmetrics.base.show import Result, Shown, figure
from salesmetrics.base.typed_numbers import plain


@dataclass(frozen=True, repr=False, kw_only=True)
class Ratio(Result):
    """One number divided by another, with the words that say which.

    Parameters
    ----------
    numerator, denominator
        Money, or a number of deals.
    unit
        ``"×"`` shows the value as a number of times (coverage), ``"%"`` as a percentage (a rate).
    counts
        What is divided: ``"money"`` or ``"deals"``.
    definition
        Which variant of the metric this is, as one phrase.
    numerator_label, denominator_label
        One or two words for each side: "open", "target".
    notes
        What was left out, or what to know before using the number.
    no_value
        Why there is no value ("target met", "no closed deals yet"); empty when there is one.
    currency
        The code of the money's currency; empty where it is not known: then no sign is shown.

    Examples
    --------
    >>> coverage = Ratio(numerator=2_500_000, denominator=500_000, unit="×", counts="money",
    ...                  definition="pipeline coverage", numerator_label="open", denominator_label="target",
    ...                  currency="EUR")
    >>> print(str(coverage).replace("\u00a0", " "))
    5.0× = € 2,500,000 open ÷ € 500,000 target
    >>> float(coverage)
    5.0
    """

    numerator: float
    denominator: float
    unit: Literal["×", "%"]
    counts: Literal["money", "deals"]
    definition: str
    numerator_label: str
    denominator_label: str
    notes: tuple[str, ...] = ()
    no_value: str = ""
    currency: str = ""

    @property
    def value(self) -> float | None:
        """The number itself, a fraction for a rate; ``None`` where the division has no meaning."""
        if self.no_value or self.denominator == 0:
            return None
        return self.numerator / self.denominator

    @property
    def reason(self) -> str:
        """Why there is no value, in the words it was made with or, failing those, that the denominator is 0."""
        return self.no_value or ("" if self.denominator else _("nothing to divide by"))

    @property
    def value_text(self) -> str:
        """The value as it is written, or why there is none."""
        if self.value is None:
            return self.reason
        return (times if self.unit == "×" else percent)(self.value)

    @property
    def working(self) -> str:
        """What is divided by what, as on paper."""
        above, below = (
            money(side, self.currency) if self.counts == "money" else number(side)
            for side in (self.numerator, self.denominator)
        )
        return f"{above} {self.numerator_label} ÷ {below} {self.denominator_label}"

    @property
    def line(self) -> str:
        """Value and working in one line; what was left out stands in the notes."""
        return f"{self.value_text} = {self.working}" if self.value is not None else f"{self.reason}: {self.working}"

    def __float__(self) -> float:
        if self.value is None:
            raise SalesMetricsError(
                _("{definition} has no value: {reason}.").format(definition=self.definition, reason=self.reason),
                hint=_("Look at .numerator and .denominator, or test .value for None first."),
            )
        return self.value

    def shown(self) -> Shown:
        """Return the sum as on paper, with the definition above it on a page and the notes below."""
        return figure(self.line, self.notes, definition=self.definition)

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """Return Wilson's score interval for a rate of counts: which true rates fit what was seen.

        A wide interval says few deals were closed: the rate may be luck. A narrow one says it is well known.

        Parameters
        ----------
        level
            The confidence, between 0 and 1. At 0.95, about 95 in 100 such intervals hold the true rate.

        Raises
        ------
        SalesMetricsError
            The ratio is not a rate of counts, has no value, or ``level`` is not between 0 and 1.

        Notes
        -----
        Wilson, E. B. (1927). Probable inference, the law of succession, and statistical inference. *Journal of the
        American Statistical Association*, 22(158), 209-212. https://doi.org/10.1080/01621459.1927.10502953

        Examples
        --------
        >>> rate = Ratio(numerator=4, denominator=5, unit="%", counts="deals", definition="conversion rate",
        ...              numerator_label="won", denominator_label="closed")
        >>> [round(bound, 3) for bound in rate.interval()]
        [0.376, 0.964]
        """
        self._must_count_deals()
        if not 0 < plain(level) < 1:
            raise SalesMetricsError(
                _("The confidence level must lie between 0 and 1, not {level}.").format(level=level),
                hint=_("95% is 0.95."),
            )
        return wilson(float(self) * self.denominator, self.denominator, level)

    def by_chance(self, other: Ratio) -> float:
        """Return how often two groups of the same true rate would differ at least as much as these two do, by luck.

        Below 0.05 or so says that the difference is hardly luck alone. Near 1 says that even equals differ this much.
        In between says that it may be luck; it never says that it is.

        Parameters
        ----------
        other
            The rate to compare with, also of numbers of deals, of other deals than these.

        Raises
        ------
        SalesMetricsError
            One of the two is not a rate of counts, or has no value.

        Notes
        -----
        Two-sided z-test of two proportions with the pooled rate; its square is the chi-squared of Pearson, K. (1900),
        *Philosophical Magazine*, series 5, 50(302), 157-175. https://doi.org/10.1080/14786440009463897. It is an
        approximation: with fewer than about 5 won or lost in either group don't rely on it.

        Examples
        --------
        >>> before, after = (Ratio(numerator=won, denominator=closed, unit="%", counts="deals", definition="rate",
        ...                        numerator_label="won", denominator_label="closed")
        ...                  for won, closed in ((24, 200), (21, 250)))
        >>> round(before.by_chance(after), 3)
        0.206
        """
        self._must_count_deals()
        other._must_count_deals()
        difference = float(self) - float(other)
        pooled = (self.numerator + other.numerator) / (self.denominator + other.denominator)
        spread = (pooled * (1 - pooled) * (1 / self.denominator + 1 / other.denominator)) ** 0.5
        return 2 * NormalDist().cdf(-abs(difference) / spread) if spread else 1.0

    def _must_count_deals(self) -> None:
        if self.unit != "%" or self.counts != "deals":
            raise SalesMetricsError(
                _("This needs numbers of deals, not {definition}.").format(definition=self.definition),
                hint=_('Ask for conversion_rate(deals, unit="count").'),
            )


def wilson(won: float, closed: float, level: float = 0.95) -> tuple[float, float]:
    """Return Wilson's score interval for ``won`` out of ``closed``; see :meth:`Ratio.interval`.

    Examples
    --------
    >>> [round(bound, 3) for bound in wilson(25, 250)]
    [0.069, 0.143]
    """
    z = NormalDist().inv_cdf((1 + level) / 2)
    rate = won / closed
    middle = rate + z * z / (2 * closed)
    half = z * ((rate * (1 - rate) + z * z / (4 * closed)) / closed) ** 0.5
    scale = 1 + z * z / closed
    # Rounding may leave a bound a hair beside 0 or 1, where the rate is exactly that.
    return (middle - half) / scale if rate > 0 else 0.0, (middle + half) / scale if rate < 1 else 1.0
