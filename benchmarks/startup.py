"""Time `import cleantext` and the first `clean` over a bare Python: `python -m benchmarks.startup`.

CPU time of whole processes, interleaved, medians; with --strict the exit code is 1 when a
limit is passed (timings are too noisy to fail a build for).
"""

from __future__ import annotations

import resource
import subprocess
import sys
from statistics import median

RUNS = 15
IMPORT_LIMIT = 0.050  # seconds
CLEAN_LIMIT = 0.100
PROGRAMS = {
    "bare": "pass",
    "import": "import cleantext",
    "first clean": (
        "import cleantext; cleantext.clean('The ferry sank at dawn, officials said on Monday, and "
        "all of the crew were saved by the lifeboat.\\nShare this article\\n')"
    ),
}


def cpu_seconds(program: str) -> float:
    """Return the user and system time of one Python process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", program], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Print the medians over bare Python and compare them with the limits."""
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for program in PROGRAMS.values():
        cpu_seconds(program)  # compiles, warms the disk cache
    for _ in range(RUNS):
        for name, program in PROGRAMS.items():
            times[name].append(cpu_seconds(program))
    bare = median(times["bare"])
    over = {name: median(values) - bare for name, values in times.items() if name != "bare"}
    for name, seconds in over.items():
        print(f"{name}: {seconds * 1000:.0f} ms over bare Python")
    late = over["import"] > IMPORT_LIMIT or over["first clean"] > CLEAN_LIMIT
    print("over the limits of 50 and 100 ms" if late else "within the limits of 50 and 100 ms")
    return int(late and "--strict" in sys.argv)


if __name__ == "__main__":
    sys.exit(main())
