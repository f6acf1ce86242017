"""Print per room what mutmut's last run found, and name what survived without a reason in mutants.toml.

python tests/mutants.py             the score: killed ÷ (run - explained)
python tests/mutants.py 10 crm      one mutant in ten of a room, by name, for mutmut run $(…)
"""

import fnmatch
import re
import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path

HERE = Path(__file__).parent
KILLED = ("killed", "timeout", "segfault", "suspicious", "caught by type check")


def rooms() -> dict[str, dict[str, tuple[Path, str]]]:
    """Give per room the file and the fate of every mutant, by name."""
    # Imported here, since pytest looks into this file for examples where mutmut need not be installed.
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.stats import status_by_exit_code
    from mutmut.utils.file_utils import walk_mutatable_files

    found: dict[str, dict[str, tuple[Path, str]]] = defaultdict(dict)
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        for name, code in data.exit_code_by_key.items():
            found[path.parts[1]][name] = (path, status_by_exit_code[code])
    return found


def change_of(name: str, path: Path) -> str:
    """Give what a mutant changes as ``before -> after``; a mutant's number moves when its function changes."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    lines = get_diff_for_mutant(name, path=path).splitlines()[3:]
    before, after = (" ".join(line[1:].strip() for line in lines if line[0] == sign) for sign in "-+")
    return f"{before} -> {after}"


def explained(name: str, change: str, reasons: list[dict[str, str]]) -> bool:
    """Tell whether a reason fits: its function by name, with ``*``, and its change by a regular expression."""
    function = name.rpartition("__mutmut_")[0]
    return any(fnmatch.fnmatchcase(function, one["where"]) and re.search(one["change"], change) for one in reasons)


def score() -> None:
    """Print the table, and then each survivor that no reason explains."""
    reasons = tomllib.loads((HERE / "mutants.toml").read_text(encoding="utf-8"))["same"]
    print(f"{'room':<12}{'run':>7}{'killed':>8}{'explained':>11}{'survived':>10}{'score':>8}")
    survivors = []
    for room, mutants in rooms().items():
        fates = Counter("killed" if fate in KILLED else fate for _, fate in mutants.values() if fate != "not checked")
        left = [(name, path) for name, (path, fate) in mutants.items() if fate in ("survived", "no tests")]
        changes = [(name, change_of(name, path)) for name, path in left]
        unexplained = [(name, change) for name, change in changes if not explained(name, change, reasons)]
        run, why = fates.total(), len(left) - len(unexplained)
        share = f"{fates['killed'] / (run - why):.1%}" if run > why else "-"
        print(f"{room:<12}{run:>7}{fates['killed']:>8}{why:>11}{len(unexplained):>10}{share:>8}")
        survivors += unexplained
    for name, change in survivors:
        print(f"\n{name}\n    {change}")


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(*list(rooms()[sys.argv[2]])[int(sys.argv[1]) // 2 :: int(sys.argv[1])], sep="\n")
    else:
        score()
