"""The table of `make faults`, of rows or of all in a folder; ends with 1 if one does not hold, with 77 if one could not be tried.

    faults-table.py [--quiet] FOLDER
    faults-table.py ROW...
"""

import json
import re
import sys
from pathlib import Path

FAILED = re.compile(r"^ +(?:FAIL|TIMEOUT|SIG\w+|ABORT) \[[^]]*\] +(?:\([^)]*\) +)?(\S+ \S+)", re.MULTILINE)
HEAD = ("kind", "held", "times", "p50", "p99", "max", "aim", "lost", "what was done")


def seconds(row, name):
    return f"{row[name]:.2f} s" if row.get("count") else ""


def cells(row):
    if "skipped" in row:
        return (row["kind"], "SKIPPED", "", "", "", "", "", "", row["skipped"])
    held = "yes" if row["held"] else "NO"
    times = [seconds(row, name) for name in ("p50", "p99", "max")]
    done = "; ".join(filter(None, (row["done"], row.get("note"))))
    return (row["kind"], held, str(row.get("count") or ""), *times, row.get("aim", ""), str(row["lost"]), done)


def main():
    paths = [Path(it) for it in sys.argv[1:] if it != "--quiet"]
    files = [file for path in paths for file in (path.glob("*.json") if path.is_dir() else [path])]
    rows = [json.loads(it.read_text()) for it in files]
    rows.sort(key=lambda row: [int(it) if it.isdigit() else it for it in re.split(r"(\d+)", row["kind"])])
    logs = [log for path in paths for log in path.glob("*.tests.log")]
    failed = sorted({name for log in logs for name in FAILED.findall(log.read_text())})
    if "--quiet" not in sys.argv:
        table = [HEAD, *map(cells, rows)]
        widths = [max(len(line[at]) for line in table) for at in range(len(HEAD) - 1)]
        for line in table:
            print("  ".join([*(cell.ljust(width) for cell, width in zip(line, widths)), line[-1]]).rstrip())
        for row in rows:
            for what in row.get("broken", []):
                print(f"not held: {row['kind']}: {what}")
        for name in failed:
            print(f"failed before its row: {name}")
    if failed or any(not row.get("held", True) or row.get("lost") for row in rows):
        return 1
    return 77 if any("skipped" in row for row in rows) else 0


sys.exit(main())
