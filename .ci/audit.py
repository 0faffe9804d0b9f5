"""Whether anything that users get is known to be vulnerable: pip-audit, on a list as ``pip freeze`` writes it.

    python .ci/audit.py FROZEN

A finding fails. Where no advisory service can be reached, that is said in a word, and is no failure: the word is there
to be seen, and to be followed by an audit elsewhere.
"""

import json
import subprocess
import sys


def main(frozen: str) -> int:
    """Ask about each dependency as it is pinned; nothing is installed or resolved."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", frozen, "--no-deps", "--disable-pip"]
    done = subprocess.run(
        [*command, "--format", "json", "--progress-spinner", "off", "--timeout", "15"],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        dependencies = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        print("NOT AUDITED:", (done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1][:300])
        return 0
    known = [one for one in dependencies if "vulns" in one]
    unknown = [one["name"] for one in dependencies if "vulns" not in one]
    found = [(one, vulnerability) for one in known for vulnerability in one["vulns"]]
    for one, vulnerability in found:
        fixed = ", ".join(vulnerability["fix_versions"]) or "no version"
        print(f"{one['name']} {one['version']}: {vulnerability['id']}, fixed in {fixed}")
    if not known:
        print(f"NOT AUDITED: the advisory service knows none of {len(unknown)} packages, so it was not reached")
    else:
        print(f"{len(known)} packages audited, {len(found)} findings; not known there: {', '.join(unknown) or 'none'}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
