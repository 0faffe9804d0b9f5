"""What a crash costs: ``python -m bench.crash``. Kills delivery at every point, runs once more, and counts.

A real run with a real mail server (TLS, login) is killed with SIGKILL before each commit, each rename, each thing it
says to the mail server, and while it waits for the server's word that it has the mail; and that word is lost.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes
from pathlib import Path

from tests.crash.post import After, Post

_KINDS = ("file", "Atom", "e-mail")


def items(after: After) -> Iterator[tuple[str, str, bytes]]:
    """All that reached somebody: its kind, where it is, and its content."""
    for name, content in after.state.items():
        if isinstance(content, bytes):
            yield ("Atom" if name.endswith(".atom") else "file"), name, content
    for reader, mails in after.arrived.items():
        for mail in mails:
            yield "e-mail", reader, mail


def count(calm: After, crashed: list[After], kind: str) -> tuple[int, int, int, int]:
    """How many items were lost, came again, came again as the same (of a mail: its Message-ID), and stood in doubt."""
    expected = Counter(item for item in items(calm) if item[0] == kind)
    lost = repeated = same = 0
    for after in crashed:
        found = Counter(item for item in items(after) if item[0] == kind)
        lost += (expected - found).total()
        again = found - expected
        repeated += again.total()
        known = {message_from_bytes(mail)["Message-ID"] for _, _, mail in expected} if kind == "e-mail" else set()
        same += sum(message_from_bytes(mail)["Message-ID"] in known for _, _, mail in again.elements())
    return lost, repeated, same, sum(after.doubtful for after in crashed) if kind == "e-mail" else 0


def main() -> None:
    """Print the table."""
    print("| order | what | crashes | lost | repeated | with the same Message-ID | doubtful rows visible |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder, Post(Path(folder)) as post:
        calm = post.undisturbed()
        killed = [post.killed(point) for point in range(1, len(calm.points) + 1)]
        for kind in _KINDS:
            print(f"| outbox, killed | {kind} | {len(killed)} | {' | '.join(map(str, count(calm, killed, kind)))} |")
        unanswered = [post.reply_lost(number) for number in range(1, len(calm.arrived) + 1)]
        row = " | ".join(map(str, count(calm, unanswered, "e-mail")))
        print(f"| outbox, reply lost | e-mail | {len(unanswered)} | {row} |")
        print(f"\nPoints: {', '.join(calm.points)}.")


if __name__ == "__main__":
    main()
