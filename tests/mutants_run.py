"""Run mutmut's mutants much faster than mutmut does: the tests are collected once, and each mutant is a fork of that.

python tests/mutants_run.py "salesmetrics.forecast.*"            a room, or a module, or names of mutants
python tests/mutants_run.py --children 2 $(python tests/mutants.py 10 crm)
python tests/mutants_run.py --seconds 900 NAME                   what survived, by all its tests

mutmut run has made mutants/ before; what is found stands there. Linux and macOS.
"""

import argparse
import contextlib
import fnmatch
import functools
import gc
import json
import os
import signal
import sys
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

# The fates as mutmut numbers them.
SURVIVED, KILLED, UNTESTED, TOO_LONG = 0, 1, 33, 36
CACHED = type(functools.cache(len))


class Forks:
    """A plugin of pytest that runs the tests of each mutant in a process of its own, forked once they are collected."""

    def __init__(self, mutants, known, children, seconds):
        self.mutants, self.children, self.most, self.running = mutants, children, seconds, {}
        self.took, self.tests = known["duration_by_test"], known["tests_by_mangled_function_name"]
        self.reached = Counter(test for tests in self.tests.values() for test in tests)
        self.in_file = Counter(map(file_of, self.took))
        self.fates, self.root = Counter(), Path.cwd()

    def pytest_configure(self):
        """Let a property that fails be done at once: nobody reads its smallest example."""
        from hypothesis import Phase, settings

        kit, quick = settings.get_profile("kit"), [Phase.explicit, Phase.generate]
        settings.register_profile("mutants", kit, phases=quick, report_multiple_bugs=False)
        settings.load_profile("mutants")

    def pytest_runtestloop(self, session):
        """Run the tests of all mutants with nothing changed, and then those of each."""
        items = {item.nodeid: item for item in session.items}
        chosen = {name: self.choose(name, items) for name in self.mutants}
        gc.freeze()
        first = list(dict.fromkeys(item for tests in chosen.values() for item in tests))
        if os.waitpid(self.fork(session, "", first), 0)[1]:
            raise pytest.UsageError("The tests fail with nothing changed.")
        for name, tests in chosen.items():
            if not tests:
                self.keep(name, UNTESTED)
                continue
            while len(self.running) >= self.children:
                self.wait()
            self.running[self.fork(session, name, tests)] = (name, time.monotonic())
        while self.running:
            self.wait()
        return True

    def choose(self, name, items):
        """Give the tests that reach a mutant, as many as fit: first quick ones, in files about it, of little else."""
        tests = [test for test in self.tests.get(name.rpartition("__mutmut_")[0], ()) if test in items]
        here = Counter(file_of(test) for test in tests)
        about = {file: (count / self.in_file[file]) ** 2 for file, count in here.items()}
        tests.sort(key=lambda test: self.reached[test] * (self.took[test] + 0.02) / about[file_of(test)])
        within, seconds = [], 0
        for test in tests:
            seconds += self.took[test]
            if within and seconds > self.most:
                break
            within.append(items[test])
        return within

    def fork(self, session, name, tests):
        """Start a process that runs tests until one fails, with this mutant in place."""
        from mutmut.mutation import trampoline

        if pid := os.fork():
            return pid
        code = KILLED
        try:
            session.config.pluginmanager.unregister(name="terminalreporter")
            os.environ["MUTANT_UNDER_TEST"] = name
            # Asked at each call of a changed function, and it would look into the environment twice.
            trampoline.get_mutant_under_test = lambda: name
            forget()
            for test, following in pairwise([*tests, None]):
                # What never ends is ended by the alarm.
                signal.alarm(int(20 + 20 * self.took[test.nodeid]))
                test.ihook.pytest_runtest_protocol(item=test, nextitem=following)
                if session.testsfailed:
                    break
            code = KILLED if session.testsfailed else SURVIVED
        finally:
            # Nothing of the parent's is tidied up here.
            os._exit(code)

    def wait(self):
        """Wait for the next mutant that is done."""
        pid, status = os.wait()
        name, began = self.running.pop(pid)
        self.keep(name, TOO_LONG if os.WIFSIGNALED(status) else os.waitstatus_to_exitcode(status))
        print(f"{time.monotonic() - began:7.1f} s  {self.mutants[name].exit_code_by_key[name]:>2}  {name}", flush=True)

    def keep(self, name, fate):
        """Keep what was found where mutmut does, so that it can be shown, and a run can be stopped."""
        self.fates[fate] += 1
        self.mutants[name].exit_code_by_key[name] = fate
        with contextlib.chdir(self.root):
            self.mutants[name].save()


def file_of(test):
    """Give the file of a test."""
    return test.partition("::")[0]


def forget():
    """Empty the caches that were filled while the tests were collected, with nothing changed yet."""
    for name in [name for name in sys.modules if name.startswith("salesmetrics.")]:
        for value in vars(sys.modules[name]).values():
            if isinstance(value, CACHED):
                value.cache_clear()


def mutants_named(patterns):
    """Give what mutmut keeps about the file of each mutant of these names."""
    from mutmut.mutation.data import SourceFileMutationData
    from mutmut.utils.file_utils import walk_mutatable_files

    exact, found = set(patterns), {}
    loose = [pattern for pattern in patterns if "*" in pattern]
    for path in sorted(walk_mutatable_files()):
        data = SourceFileMutationData(path=path)
        data.load()
        for name in data.exit_code_by_key:
            if name in exact or any(fnmatch.fnmatchcase(name, pattern) for pattern in loose):
                found[name] = data
    return found


def main():
    """Run the mutants that were named."""
    from mutmut.configuration import config
    from mutmut.utils.file_utils import setup_source_paths

    parser = argparse.ArgumentParser(description="Run mutants that mutmut has made.")
    parser.add_argument("names", nargs="+", help="as for mutmut run")
    parser.add_argument("--children", type=int, default=os.cpu_count(), help="how many at the same time")
    parser.add_argument("--seconds", type=float, default=30, help="how long the tests of a mutant may take in all")
    given = parser.parse_args()
    known = json.loads(Path("mutants/mutmut-stats.json").read_text(encoding="utf-8"))
    forks = Forks(mutants_named(given.names), known, given.children, given.seconds)
    options, tests = config().pytest_add_cli_args, config().pytest_add_cli_args_test_selection
    setup_source_paths()
    os.chdir("mutants")
    os.environ |= {"MUTANT_UNDER_TEST": "", "PY_IGNORE_IMPORTMISMATCH": "1"}
    # Nobody reads why a test failed.
    pytest.main(["--rootdir=.", "-q", "--tb=no", "--assert=plain", *options, *tests], plugins=[forks])
    print(f"{forks.fates.total()} run, {forks.fates[SURVIVED] + forks.fates[UNTESTED]} survived; see tests/mutants.py")


if __name__ == "__main__":
    main()
