"""Write the pages: `python -m deploy.pages`."""

from __future__ import annotations

from pathlib import Path

from deploy.pages import errors, events, settings

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"errors.md": errors.page, "events.md": events.page, "settings.md": settings.page}


def main() -> None:
    """Write every page that is made from the code."""
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
