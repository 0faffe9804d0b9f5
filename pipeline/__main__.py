"""``python -m pipeline`` is ``litwatch``."""

from pipeline.cli import main

if __name__ == "__main__":
    main()
