"""What there is to see in the kit's own sample: said under its figures, and never among somebody's own."""

from salesmetrics.base.language import N_

COVERAGE = N_("For the sample the coverage is 3.0×: € 1,500,000 is open and due in the quarter, against € 500,000.")
CONVERSION = N_(
    "In the sample 160 of the 640 decided deals were won, and with so many the range still runs from 21.8% to "
    "28.5%. It asks for 4.0×, and there is only 3.0×."
)
SITUATION = N_(
    "The sample is full but leaky: the target fits three times into the pipeline, and with one win in four only 75% of "
    "the target may be expected."
)
PAST_QUARTERS = N_(
    "The sample's eight quarters began with € 12,000,000 and brought € 4,000,000, so 3.0×, while 1 ÷ the win rate says "
    "4.0×. Both are right: two fifths of the revenue was new, and a fifth of what was open was carried over. "
    "(1 − 40%) ÷ 20% = 3.0. Without stale deals it is 2.9×; and in all 3.3× is open as the next quarter begins."
)
STILL_NEEDED = N_(
    "In the sample nothing is lacking on average; a single quarter can still fall short. Choose Q3 2026 as the "
    "period at the top and a gap of € 25,000 appears, with how many deals to begin, and until when."
)
STAGES = N_(
    "In the sample most of the money is still at the start: € 668,000 of the € 1,500,000 is in the first stage. Of 640 "
    "qualified deals 344 went on, 53.8%: that is the bottleneck."
)
STALE = N_("In the sample 2.8× of the 3.0× is left: four deals, together worth € 120,000, are old.")
LARGEST = N_("In the sample the largest deal is only 5.3% of what is open, and without it the coverage is 2.8×.")
SLIDERS = N_(
    "At 33% the sample expects 99% of its target, and the chance is 47%: about even. At 40% it is 81%. Let a fifth "
    "of the wins slip to the next quarter then, and the chance falls to 42%."
)
