"""Which function runs on which engine, made by running them: ``python tests/engine_table.py`` writes it into the docs.

The startup's 370 deals, with amounts as whole numbers and dates as moments of a zone, as a warehouse has them.
"""

import warnings
from pathlib import Path

import narwhals as nw
import pyarrow as pa
from tables import CLUSTERS, ENGINES, fetches, rows_of

import salesmetrics as sm

PAGE = Path(__file__).parents[1] / "docs" / "from-a-laptop-to-a-cluster.md"
START, END = "<!-- Made by `python tests/engine_table.py`. -->", "<!-- The end of what is made. -->"
NAMES = {
    "pandas": "pandas",
    "polars": "Polars",
    "polars-lazy": "Polars, lazy",
    "duckdb": "DuckDB",
    "pyarrow": "PyArrow",
    "spark": "Spark",
    "dask": "Dask",
}
STARTUP = sm.scenario("startup")
ABOUT = {"target": STARTUP.target, "period": STARTUP.period, "stages": STARTUP.stages}
LOOK = {name: ABOUT[name] for name in ("period", "stages")}
EVEN = dict.fromkeys(STARTUP.deals["channel"].unique(), 100_000)
# The same table as a warehouse calls it: other names, other words.
COLUMNS = {"deal_id": "Id", "amount": "Amount", "status": "StageName"}
OUTCOMES = {"won": "Closed Won", "lost": "Closed Lost"}

# What is asked of a table, under the name that the page gives it.
FUNCTIONS = {
    "pipeline, columns=": lambda table: float(
        sm.coverage(sm.pipeline(as_in_a_warehouse(table), columns=COLUMNS, **OUTCOMES, **ABOUT))
    ),
    "check_deals": sm.check_deals,
    "coverage": lambda table: sm.coverage(table, **ABOUT),
    "coverage, remaining=True": lambda table: sm.coverage(table, remaining=True, **ABOUT),
    "coverage, by=": lambda table: sm.coverage(table, by="channel", **ABOUT),
    "coverage, by= with targets": lambda table: sm.coverage(table, by="channel", **ABOUT | {"target": EVEN}),
    "coverage, start=": lambda table: sm.coverage(table, start="Demo", **ABOUT),
    "conversion_rate": sm.conversion_rate,
    "conversion_rate, by=": lambda table: sm.conversion_rate(table, by="channel"),
    "conversion_rate, within=": lambda table: sm.conversion_rate(table, within=60),
    "funnel": lambda table: sm.funnel(table, stages=STARTUP.stages),
    "open_by_stage": lambda table: sm.open_by_stage(table, **LOOK),
    "concentration": lambda table: sm.concentration(table, **LOOK),
    "velocity": lambda table: sm.velocity(table, **LOOK),
    "past_quarters": sm.past_quarters,
    "still_needed": lambda table: sm.still_needed(table, target=STARTUP.target, period=STARTUP.period),
    "stale_deals": lambda table: sm.stale_deals(table, **ABOUT),
    "expected_revenue": lambda table: sm.expected_revenue(table, p="stage", **LOOK),
    "chance_of_target": lambda table: sm.chance_of_target(table, **ABOUT),
    "coverage_for_chance": lambda table: sm.coverage_for_chance(table, **ABOUT),
    "diagnose": lambda table: sm.diagnose(table, **ABOUT),
    "compare": lambda table: sm.compare(at_half_the_price(table), table, **ABOUT),
    "report": lambda table: sm.report(sm.pipeline(table, **ABOUT)),
}


def warehouse():
    """Give the startup's deals with amounts as whole numbers and dates as moments of a zone."""
    table = pa.Table.from_pandas(STARTUP.deals, preserve_index=False)
    for place, field in enumerate(table.schema):
        kind = {"amount": pa.int64()}.get(field.name, field.type)
        kind = pa.timestamp("us", "UTC") if pa.types.is_timestamp(kind) else kind
        kind = pa.string() if pa.types.is_large_string(kind) else kind
        table = table.set_column(place, field.name, table[field.name].cast(kind))
    return table


def as_in_a_warehouse(table):
    """Give the same deals under the names and words of a warehouse."""
    word = nw.when(nw.col("status") == "won").then(nw.lit("Closed Won"))
    word = word.otherwise(nw.when(nw.col("status") == "lost").then(nw.lit("Closed Lost")).otherwise(nw.lit("Demo")))
    frame = nw.from_native(table).with_columns(StageName=word).drop("status", "stage")
    frame = frame.with_columns(stage=nw.lit("Demo"))
    return frame.rename({"deal_id": "Id", "amount": "Amount"}).to_native()


def at_half_the_price(table):
    """Give an earlier export, in which every amount was half of what it is."""
    return nw.from_native(table).with_columns(amount=nw.col("amount") / 2).to_native()


def plainly(found):
    """Give a result as what can be compared between engines: a table as its rows, all else as its words."""
    if isinstance(found, float):
        return f"{found:.9g}"
    try:
        frame = nw.from_native(found).lazy()
    except TypeError:
        return str(found.html if hasattr(found, "html") else found)
    # Engines add in their own order, which shows in the last digits.
    rows = [
        tuple(f"{value:.9g}" if isinstance(value, float) else str(value) for value in row)
        for row in rows_of(frame.select(sorted(frame.collect_schema().names())).to_native())
    ]
    # A table of groups has its order; one of all deals has none on a cluster.
    return rows if len(rows) < 20 else sorted(rows)


def run(name, engine, source):
    """Run a function on an engine; give its result, and how many rows the largest table had that was fetched."""
    table = (ENGINES | CLUSTERS)[engine](source)
    # Checked as people do it, or a lazy table's result says that its ids were not.
    table = table if name == "check_deals" else sm.check_deals(table)
    with fetches() as fetched:
        found = FUNCTIONS[name](table)
    is_lazy = isinstance(nw.from_native(found, pass_through=True), nw.LazyFrame)
    return plainly(found), max(fetched, default=0), is_lazy


def row_of(name, source):
    """Run a function on every engine; say where it gives what pandas gives, and how many rows are fetched at most."""
    wanted, _rows, _lazy = run(name, "pandas", source)
    cells, most = [], 0
    for engine in NAMES:
        try:
            found, rows, is_lazy = run(name, engine, source)
        except ImportError as error:
            raise SystemExit(
                f'{error}. Every engine is needed: pip install -e ".[test,spark,dask]", and Java for Spark.'
            ) from None
        except Exception as error:  # What goes wrong on an engine belongs in the table, and is said by its kind.
            cells.append(f"**{type(error).__name__}**")
            continue
        cells.append(("lazy" if is_lazy else "yes") if found == wanted else "**differs**")
        # Every lazy engine is asked for the same; what is in memory already is not fetched.
        most = max(most, rows) if engine in ("polars-lazy", "duckdb", *CLUSTERS) else most
    return f"| `{name}` | {' | '.join(cells)} | {most} |"


def made():
    """Make the table."""
    source = warehouse()
    heads = [f"of {source.num_rows} deals", *NAMES.values(), "rows fetched at most"]
    lines = [f"| {' | '.join(heads)} |", "|" + "---|" * len(heads)]
    return "\n".join([START, "", *lines, *(row_of(name, source) for name in FUNCTIONS), "", END])


def stored():
    """Give the table as the page has it."""
    page = PAGE.read_text(encoding="utf-8")
    return page[page.index(START) : page.index(END) + len(END)]


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    PAGE.write_text(PAGE.read_text(encoding="utf-8").replace(stored(), made()), encoding="utf-8")
