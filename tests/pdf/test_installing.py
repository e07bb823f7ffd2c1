"""What PDF needs of the system is named in three places, and is the same in each."""

import re
from pathlib import Path

from app.printing import INSTALL

ROOT = Path(__file__).parents[2]


def test_the_packages_are_the_same_everywhere() -> None:
    """In the refusal, in what make installs, in the image."""
    told = set(INSTALL.removeprefix("apt-get install ").split())
    made = re.search(r"^PDF_PACKAGES := (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    image = re.search(r"--no-install-recommends (libpango[^&]*)&&", (ROOT / "Dockerfile").read_text("utf-8"))
    assert made
    assert image
    assert told == set(made[1].split()) == set(image[1].replace("\\", "").split())
