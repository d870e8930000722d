"""An inspector takes an inspection away: a bundle is asked for and checked, its report read from the disk, files for analysts found."""

import subprocess
import sys
import zipfile
from pathlib import Path

from flask import Flask

from store import verify
from store.record import Record
from tests.bundles import LEAD, LOG, REFERENCE, WITNESS, inspected
from tests.journeys.conftest import Open
from tests.journeys.looking import faults, scrolls_sideways, violations


def test_an_inspector_asks_for_a_bundle_takes_it_away_and_checks_it(
    record: Record, database: str, app: Flask, open_as: Open, tmp_path: Path
) -> None:
    told = inspected(record, database, app, cases=2)
    page = open_as(LEAD, javascript=False)
    page.goto(f"/inspections/{REFERENCE}")
    page.get_by_role("link", name="Bundle to take away and check").click()
    page.get_by_role("button", name="State it again as it is now").click()
    assert "No checkpoint covers it yet" in page.locator("main").inner_text()
    told.signs()
    page.get_by_role("link", name="Look again").click()
    with page.expect_download() as coming:
        page.get_by_role("link", name="Download the bundle with what was written").click()
    file = tmp_path / "bundle.zip"
    coming.value.save_as(file)
    keys = ["--log-key", LOG.verifier.vkey, "--witness-key", WITNESS.verifier.vkey]
    checked = subprocess.run([sys.executable, "-I", "-S", verify.__file__, file, *keys], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    zipfile.ZipFile(file).extractall(tmp_path)

    page = open_as(LEAD)
    for address in (f"/inspections/{REFERENCE}/bundle", f"/inspections/{REFERENCE}/analysts"):
        page.goto(address)
        assert faults(page) == [], address
    page.set_viewport_size({"width": 375, "height": 812})
    page.goto((tmp_path / "report.html").as_uri())
    for _ in range(2):
        assert violations(page) == []
        assert not scrolls_sideways(page)
        if page.url.endswith("report.html"):
            page.get_by_role("link", name="X000001").click()
    assert "Spoke of the flat, 1." in page.locator("main").inner_text()
