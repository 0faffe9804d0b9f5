"""The ways of sending mail, by the names that the configuration has for them."""

from pathlib import Path

from pipeline.deliver.maildir import Maildir
from pipeline.deliver.sendmail import Sendmail
from pipeline.deliver.server import Server
from pipeline.deliver.smtp import Smtp


def transport(name: str, folder: Path | None, server: Server) -> Smtp | Sendmail | Maildir:
    """The one that is called smtp, sendmail or maildir. ``folder`` is the Maildir's, ``server`` for SMTP."""
    if folder is not None:
        return Maildir(folder)
    return Smtp(server) if name == "smtp" else Sendmail(server.longest)
