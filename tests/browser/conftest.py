"""A browser for the tests of pages."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium import webdriver

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
FOLDER = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip without a browser; CI installs one, so there a missing one must be a failure."""
    if (CHROMIUM and DRIVER) or "CI" in os.environ:
        return
    skip = pytest.mark.skip(reason="needs Debian's chromium and chromium-driver")
    for item in items:
        if item.path.is_relative_to(FOLDER):
            item.add_marker(skip)


@pytest.fixture(scope="package")
def browser() -> Iterator[webdriver.Chrome]:
    """A headless Chromium that asks nobody outside this machine."""
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM or ""
    for flag in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ):
        options.add_argument(flag)
    driver = webdriver.Chrome(options, webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()
