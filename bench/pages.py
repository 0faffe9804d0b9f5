"""How large our pages are: ``python -m bench.pages [FOLDER]``. Writes them into the folder, to be looked at.

They are those that the tests look at: every golden issue, the largest one, and one in which every word from outside is
hostile. The limit is 102 kB: what is longer Gmail cuts, with a link to the rest.
"""

import sys
import tempfile
from pathlib import Path

from tests.browser.pages import MAILS, SITE


def main() -> None:
    """Print each page with its size, the largest first."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
    folder.mkdir(parents=True, exist_ok=True)
    for write in (*MAILS, *SITE):
        write(folder)
    sizes = {path: path.stat().st_size for path in folder.rglob("*.html")}
    for path, size in sorted(sizes.items(), key=lambda one: -one[1]):
        print(f"{size / 1000:6.1f} kB  {path.relative_to(folder)}")
    print(f"all in {folder}")


if __name__ == "__main__":
    main()
