"""Time `import cleantext` and the first `clean` over a bare Python: `python -m benchmarks.startup`.

CPU time of whole processes, interleaved, medians, and the memory that a process holds; with
--strict the exit code is 1 when a limit is passed (timings are too noisy to fail a build for).
"""

from __future__ import annotations

import resource
import subprocess
import sys
from statistics import median

RUNS = 15
IMPORT_LIMIT = 0.050  # seconds
CLEAN_LIMIT = 0.100
MEMORY_LIMIT = 60.0  # megabytes
PAGE = (
    "The ferry sank at dawn, officials said on Monday, and all of the crew were saved by the "
    "lifeboat.\\nShare this article\\n"
)
PROGRAMS = {
    "bare": "pass",
    "import": "import cleantext",
    "first clean": f"import cleantext; cleantext.clean('{PAGE}')",
}
# Resident memory counts pages of shared libraries too, as a user's monitor does.
_RESIDENT = "; print([x for x in open('/proc/self/status') if x.startswith('VmRSS')][0].split()[1])"
#: All rule sets in use: a page of each language, and one whose language cannot be told.
ALL_RULES = (
    "import cleantext, cleantext.shipped as s; c = cleantext.Cleaner(); c.clean('A\\nShare'); "
    f"[c.clean('{PAGE}', lang=lang) for source in s.load() for lang in source.langs]"
)


def cpu_seconds(program: str) -> float:
    """Return the user and system time of one Python process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def resident(program: str) -> float:
    """Return the megabytes that a Python process holds at the end of a program (Linux)."""
    done = subprocess.run(
        [sys.executable, "-c", program + _RESIDENT], check=True, capture_output=True, text=True
    )
    return int(done.stdout) / 1000


def measured(runs: int = RUNS) -> dict[str, float]:
    """Return medians over bare Python: seconds of import and first clean, megabytes held."""
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for program in PROGRAMS.values():
        cpu_seconds(program)  # compiles, warms the disk cache
    for _ in range(runs):
        for name, program in PROGRAMS.items():
            times[name].append(cpu_seconds(program))
    bare = median(times["bare"])
    over = {name: median(values) - bare for name, values in times.items() if name != "bare"}
    held = [resident(ALL_RULES) - resident("pass") for _ in range(3)]
    return {**over, "memory": median(held)}


def main() -> int:
    """Print the medians over bare Python and compare them with the limits."""
    over = measured()
    for name in ("import", "first clean"):
        print(f"{name}: {over[name] * 1000:.0f} ms over bare Python")
    print(f"all rule sets in use: {over['memory']:.0f} MB over bare Python")
    late = (
        over["import"] > IMPORT_LIMIT
        or over["first clean"] > CLEAN_LIMIT
        or over["memory"] > MEMORY_LIMIT
    )
    print(f"{'over' if late else 'within'} the limits of 50 and 100 ms and 60 MB")
    return int(late and "--strict" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
