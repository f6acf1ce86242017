"""While own data is loaded: results, frames, series and figures reach the screen by message, and are stored nowhere.

The rest of the kernel works as before. What an error or a warning quotes of the file is on the screen only.
"""

from __future__ import annotations

import gc
import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from types import CoroutineType, FrameType, FunctionType, GeneratorType, MethodType, ModuleType, TracebackType
from typing import Any

from salesmetrics.base.language import _
from salesmetrics.base.private_kernels import take_back, tell
from salesmetrics.own_pipeline.error_redaction import chain_of, redacted, without_quotes
from salesmetrics.own_pipeline.message_widgets import VIEW, callers, forget_states, let_travel, on_request, travels

_STDERR = "application/vnd.jupyter.stderr"
# The libraries whose frames, series and figures are masked.
_TABLES = {"dask", "duckdb", "great_tables", "ibis", "modin", "narwhals", "pandas", "polars", "pyarrow", "pyspark"}
_FIGURES = {"altair", "bokeh", "matplotlib", "plotly", "plotnine", "salesmetrics", "seaborn"}
_MASKED = _TABLES | _FIGURES
_CAUGHT = "IPython.utils.capture"
# What shows nothing but itself.
_PLAIN = (type, ModuleType, FunctionType, str, bytes, bytearray, int, float, complex, type(None))
# Of Python itself, and shown with what they hold: a slice, a repeat, the future of a task; but these show none of it.
_PYTHON = {"_asyncio", "builtins", "_contextvars", "functools", "itertools", "operator", "types"}
_CLOSED = (CoroutineType, FrameType, GeneratorType, TracebackType)
# A list is shown up to here, which is IPython's own limit; of more than so many things it is not known what they show.
_SHOWN, _MOST = 1_000, 20_000

_masking, _kept, _prepared, _noted = False, False, False, False


def prepare() -> None:
    """Make this notebook's kernel ready to mask; outside a notebook this does nothing."""
    global _prepared
    shell = _shell()
    if _prepared or not hasattr(shell, "kernel"):
        return
    _prepared = True
    let_travel(_should_travel)
    shell.events.register("post_execute", forget_states)
    shell.display_formatter.format = partial(_format, shell.display_formatter, shell.display_formatter.format)
    hooks: list[tuple[Any, str, Any]] = [
        (shell, "_showtraceback", _show_error),
        (shell, "showtraceback", _trace),
        # What goes by the formatter: the pager of "deals?", and libraries that publish by themselves, as bokeh's show.
        (shell.payload_manager, "write_payload", _page),
        (shell.display_pub, "publish", _publish),
        # Errors that reach no cell: of a thread, of a clean-up, of a task that nobody waits for.
        (threading, "excepthook", _print_error),
        (sys, "unraisablehook", _print_error),
        (warnings, "showwarning", _show_warning),
    ]
    # Of IPython 9 on: what the magic %notebook writes of errors.
    if hasattr(shell, "_format_exception_for_storage"):
        hooks.append((shell, "_format_exception_for_storage", _kept_error))
    for owner, name, masked in hooks:
        setattr(owner, name, partial(_while_masking, masked, shell, getattr(owner, name)))
    logging.setLogRecordFactory(partial(_while_masking, _record, shell, logging.getLogRecordFactory()))


def _while_masking(masked: Any, shell: Any, usual: Any, *given: Any, **named: Any) -> Any:
    """Do as the kit does while own data is masked, and as ever at any other time."""
    return masked(shell, usual, *given, **named) if _masking else usual(*given, **named)


def mask() -> None:
    """From now on store no results of this kernel, unless :func:`keep_results` was called."""
    global _masking
    prepare()
    if not _kept:
        tell()
        _masking = True


def keep_results() -> None:
    """Let this notebook store what it shows from now on, your own deals included, as any notebook does.

    For who keeps a notebook to themselves, or has read it through before passing it on.

    Examples
    --------
    >>> keep_results()
    """
    global _masking, _kept
    _masking, _kept = False, True
    take_back()


def what_is_stored() -> str:
    """Describe what is stored all the same; nothing where no notebook runs, or everything is kept."""
    if not _masking or not _prepared:
        return ""
    return _(
        "Results, tables and pictures of your own deals are on the screen only. A plain Jupyter does store what you "
        "type, and what your own code prints, logs, or makes of them: plain numbers, text, lists, HTML, widgets; "
        "“salesmetrics lab” stores no results at all. sm.keep_results() stores everything."
    )


def _shell() -> Any:
    """Return the IPython that runs this code, if one does; only loaded, not imported, because scripts have none."""
    return sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None


def _line() -> str:
    return _("Shown while the notebook runs, and not stored in it: this is about your own deals.")


def _should_travel() -> bool:
    """Return whether a widget that is made now may hold own data later: lesson 08's may, and then all of the kit's."""
    kit = [name for name in callers() if name.startswith("salesmetrics.")]
    if any(name.startswith("salesmetrics.own_pipeline") for name in kit):
        return True
    return _masking and bool(kit) and not any(name.startswith("salesmetrics.exercises") for name in kit)


def _format(
    formatter: Any, form: Any, shown: object, include: object = None, exclude: object = None
) -> tuple[dict[str, Any], dict[str, Any]]:
    if not (_masking and _is_masked(shown)):
        data, metadata = form(shown, include=include, exclude=exclude)
        if not travels(data):
            return data, metadata
        # Before own data is read the sample is stored as well, for who opens the notebook later.
        view = on_request(data, _line())
        return (view if _masking else {**data, VIEW: view[VIEW]}), {}
    shows_itself = formatter.ipython_display_formatter
    before, shows_itself.enabled = shows_itself.enabled, False
    try:
        data, _metadata = form(shown)
    finally:
        shows_itself.enabled = before
    return (on_request(_with_note(shown, data), _line()) if data else {}), {}


def _with_note(shown: object, data: dict[str, Any]) -> dict[str, Any]:
    """Say under the first receipt what is stored all the same."""
    global _noted
    if _noted or type(shown).__name__ not in ("Export", "Receipt") or "text/html" not in data:
        return data
    _noted = True
    return {**data, "text/html": f"{data['text/html']}<p>{what_is_stored()}</p>"}


def _is_masked(value: object) -> bool:
    """Return whether something is, or shows, a result, a frame, a series or a figure; an error quotes them."""
    waiting, seen = [value], dict[int, object]()
    while waiting:
        current = waiting.pop()
        # Somebody's own kind of frame or result is one as well.
        libraries = {kind.__module__.partition(".")[0] for kind in type(current).__mro__}
        # A number of the kit's, such as a chance, shows its working.
        if id(current) in seen or (isinstance(current, _PLAIN) and "salesmetrics" not in libraries):
            continue
        if len(seen) == _MOST:
            return True
        # Kept as long as the search lasts: another would get its number.
        seen[id(current)] = current
        # An error quotes; what %%capture has caught may be what a library of figures has published.
        if isinstance(current, BaseException) or type(current).__module__ == _CAUGHT:
            return True
        if "salesmetrics" in libraries:
            return not type(current).__module__.startswith("salesmetrics.exercises")
        if libraries & _MASKED:
            return not ("pandas" in libraries and sys.modules["pandas"].api.types.is_scalar(current))
        waiting += _parts(current)
    return False


def _parts(value: object) -> list[object]:
    """Return what something shows of others: a list its items, an object its attributes, a method whose it is."""
    if isinstance(value, MethodType):
        return [value.__self__]
    if isinstance(value, partial):
        return [value.func, *value.args, *value.keywords.values()]
    if isinstance(value, Mapping):
        return [part for pair in list(value.items())[:_SHOWN] for part in pair]
    if type(value).__module__ == "numpy":
        # An array of plots, as of a histogram for each account, quotes their titles.
        kind = getattr(getattr(value, "dtype", None), "kind", "")
        return list(getattr(value, "flat", ()))[:_SHOWN] if kind == "O" else []
    items = list(value)[:_SHOWN] if isinstance(value, Collection) else []
    if not items and type(value).__module__ in _PYTHON and not isinstance(value, _CLOSED):
        return gc.get_referents(value)
    slots = [getattr(value, name, None) for kind in type(value).__mro__ for name in _slots_of(kind)]
    return [*items, *slots, *getattr(value, "__dict__", {}).values()]


def _slots_of(kind: type) -> tuple[str, ...]:
    slots = kind.__dict__.get("__slots__", ())
    return (slots,) if isinstance(slots, str) else tuple(slots)


def _trace(shell: Any, trace: Any, exc_tuple: Any = None, **options: Any) -> None:
    """Show an error as IPython does, but no values of variables, and a group of errors where other errors stand."""
    error = (exc_tuple or sys.exc_info())[1]
    if any(isinstance(each, BaseExceptionGroup) for each in chain_of(error)):
        shell._showtraceback(type(error), error, "".join(traceback.format_exception(error)).split("\n"))
        return
    with _without_values(shell):
        trace(exc_tuple, **options)


@contextmanager
def _without_values(shell: Any) -> Iterator[None]:
    mode = shell.InteractiveTB.mode
    shell.InteractiveTB.set_mode("Context" if mode == "Verbose" else mode)
    try:
        yield
    finally:
        shell.InteractiveTB.set_mode(mode)


def _show_error(shell: Any, show: Any, kind: type[BaseException], error: BaseException, lines: list[str]) -> None:
    """Store an error's traceback without what it quotes of the file; the screen gets all of it."""
    said, kept = without_quotes(error, lines, _typed(shell), _line())
    if kept != lines:
        shell.display_pub.publish(on_request({_STDERR: "\n".join(lines), "text/plain": "\n".join(lines)}, _line()))
    show(kind, said, kept)


def _kept_error(shell: Any, keep: Any, error: BaseException, *where: Any, **options: Any) -> dict[str, Any]:
    """Return what IPython keeps of an error, to write in a notebook, without what it quotes of the file."""
    with _without_values(shell):
        kept = keep(error, *where, **options)
    said, lines = without_quotes(error, kept["traceback"], _typed(shell), _line())
    return {**kept, "evalue": str(said), "traceback": lines}


def _typed(shell: Any) -> str:
    return "\n".join(map(str, shell.user_ns.get("In", ())))


def _print_error(shell: Any, show: Any, failed: Any) -> None:
    """Print an error that reaches no cell, as Python does, without what it quotes of the file."""
    if failed.exc_value is None:
        show(failed)
    else:
        print(*_printed(shell, failed.exc_value), sep="\n", file=sys.stderr)


def _printed(shell: Any, error: BaseException) -> list[str]:
    lines = "".join(traceback.format_exception(error)).rstrip().split("\n")
    return without_quotes(error, lines, _typed(shell), _line())[1]


def _record(shell: Any, make: Any, *given: Any, **named: Any) -> Any:
    """Make a record for a log; of an error, or of what the kit warns of, without what it quotes of the file."""
    record = make(*given, **named)
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        record.msg, record.args = redacted(record.getMessage(), _typed(shell)), ()
        record.exc_info, record.exc_text = None, "\n".join(_printed(shell, error))
    elif any(name.startswith("salesmetrics.") for name in callers()):
        record.msg, record.args = _line(), ()
    return record


def _page(shell: Any, write: Any, payload: dict[str, Any], **options: Any) -> None:
    """Show on the screen only what is asked about something with a question mark, which JupyterLab would store."""
    if payload.get("source") == "page":
        shell.display_pub.publish(on_request(payload["data"], _line()))
    else:
        write(payload, **options)


def _publish(_shell: Any, publish: Any, data: dict[str, Any], metadata: Any = None, **more: Any) -> None:
    """Publish on the screen only what a library of tables or figures publishes by itself."""
    if VIEW not in data and any(name.partition(".")[0] in _MASKED or name == _CAUGHT for name in callers()):
        data, metadata = on_request(data, _line()), {}
    publish(data, metadata, **more)


def _show_warning(shell: Any, show: Any, message: Any, category: Any, *where: Any, **more: Any) -> None:
    """Show a warning without what it quotes; one that came up in the kit's code quotes on purpose, on the screen."""
    if any(name.startswith("salesmetrics.") for name in callers()):
        shell.display_pub.publish(on_request({"text/plain": f"{category.__name__}: {message}"}, _line()))
    else:
        show(redacted(str(message), _typed(shell)), category, *where, **more)
