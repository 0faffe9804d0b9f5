"""``litwatch init``: a commented configuration, the subject profile, the editions' texts, a list of journal feeds."""

from pathlib import Path

from pipeline.deliver.files import replace_file
from pipeline.errors import ConfigError
from pipeline.operator_files import CONFIGURATION, EDITIONS, SUBJECT, bundled

# The configuration is for its owner alone: it may come to name where secrets are kept.
_MODES = {CONFIGURATION: 0o600, SUBJECT: 0o644, EDITIONS: 0o644, "journal-feeds.toml": 0o644}


def write_init(folder: Path, *, force: bool) -> list[Path]:
    """Write the sample files to ``folder`` and return their paths.

    Without ``force``, ConfigError if any of them is already there; then none is written.
    """
    paths = {folder / name: mode for name, mode in _MODES.items()}
    taken = [str(path) for path in paths if path.exists()]
    if taken and not force:
        raise ConfigError([f"{path}: is already there; --force overwrites it" for path in taken])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, mode in paths.items():
            replace_file(path, bundled(path.name).encode(), mode)
    except OSError as error:
        raise ConfigError([f"{folder}: cannot write there: {error.strerror or error}"]) from None
    return list(paths)
