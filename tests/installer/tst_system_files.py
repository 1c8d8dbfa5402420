#!/usr/bin/env python3
"""Holds units, accounts, desktop entry and AppStream metadata to the tools that read them on a machine, and the units to how much
of it they may reach."""

import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

INSTALLER = pathlib.Path(__file__).resolve().parents[2] / "installer"
UNITS = sorted((INSTALLER / "systemd").glob("*.service"))
MOST_EXPOSURE = 20  # tenths


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, timeout=30)


class SystemFiles(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="units-")
        self.addCleanup(place.cleanup)
        self.root = pathlib.Path(place.name)

    def unit(self, name, old="", new=""):
        """A unit in a root that has the programs that it names; a fault may be planted."""
        text = (INSTALLER / "systemd" / name).read_text()
        self.assertIn(old, text)
        for program in re.findall(r"^Exec\w+=\+?(/\S+)", text, re.MULTILINE):
            path = self.root / program[1:]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(0o755)
        path = self.root / "usr/lib/systemd/system" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace(old, new, 1))
        return path

    def verified(self, name):
        return run("systemd-analyze", "verify", f"--root={self.root}", "--man=no", "--recursive-errors=no", name)

    def exposed(self, path):
        return run("systemd-analyze", "security", "--offline=true", "--no-pager", f"--threshold={MOST_EXPOSURE}", str(path))

    def test_systemdUnderstandsEachUnit(self):
        self.assertEqual(len(UNITS), 3)
        for unit in UNITS:
            with self.subTest(unit.name):
                self.unit(unit.name)
                said = self.verified(unit.name)
                self.assertEqual((said.returncode, said.stderr), (0, ""))

    def test_aKeyThatSystemdDoesNotKnowIsFound(self):
        self.unit("enroll-agent.service", "RestartSec=", "RestartSecond=")
        self.assertIn("RestartSecond", self.verified("enroll-agent.service").stderr)

    def test_eachUnitReachesLittle(self):
        for unit in UNITS:
            with self.subTest(unit.name):
                said = self.exposed(self.unit(unit.name))
                self.assertEqual(said.returncode, 0, said.stdout)

    def test_aUnitThatReachesMuchIsFound(self):
        self.assertNotEqual(self.exposed(self.unit("enroll-agent.service", "CapabilityBoundingSet=\n", "")).returncode, 0)

    def test_theAgentMayOpenOneDevice(self):
        text = (INSTALLER / "systemd/enroll-agent.service").read_text()
        self.assertEqual(re.findall(r"^DeviceAllow=(.*)$", text, re.MULTILINE), ["/dev/tpmrm0 rw"])
        self.assertIn("\nDevicePolicy=closed\n", text)

    def test_eachUnitNamesAnAccountThatItsPackageMakes(self):
        accounts = {"enroll-station.service": "enrollctl"}
        for unit in UNITS:
            with self.subTest(unit.name):
                account = re.search(r"^User=(.*)$", unit.read_text(), re.MULTILINE)[1]
                package = accounts.get(unit.name, unit.stem)
                said = run("systemd-sysusers", "--dry-run", f"--root={self.root}", str(INSTALLER / f"systemd/{package}.sysusers"))
                self.assertEqual(said.returncode, 0, said.stderr)
                self.assertRegex(said.stdout + said.stderr, rf"Creating user '{account}'")

    def test_theDesktopEntryIsValid(self):
        said = run("desktop-file-validate", str(INSTALLER / "desktop/enroll-station.desktop"))
        self.assertEqual((said.returncode, said.stdout + said.stderr), (0, ""))

    def test_aDesktopEntryWithoutAProgramIsFound(self):
        faulty = self.root / "enroll-station.desktop"
        faulty.write_text((INSTALLER / "desktop/enroll-station.desktop").read_text().replace("Exec=enroll-station\n", ""))
        self.assertNotEqual(run("desktop-file-validate", str(faulty)).returncode, 0)

    def metadata(self, *replaced):
        text = (INSTALLER / "desktop/enroll-station.metainfo.xml.in").read_text()
        for old, new in (("@PROJECT_VERSION@", "1.2.3"), ("@ENROLL_RELEASE_DATE@", "2026-11-30"), *replaced):
            self.assertIn(old, text)
            text = text.replace(old, new)
        path = self.root / "enroll-station.metainfo.xml"
        path.write_text(text)
        return run("appstreamcli", "validate", "--no-net", str(path))

    def test_theAppStreamMetadataAreValid(self):
        said = self.metadata()
        self.assertEqual(said.returncode, 0, said.stdout)

    def test_appStreamMetadataWithoutASummaryAreFound(self):
        self.assertNotEqual(self.metadata(("<summary>Test the TPMs of devices on a line and enroll them</summary>", ""),
                                          ('<summary xml:lang="de">TPMs von Geräten an der Linie prüfen und anmelden</summary>', "")
                                          ).returncode, 0)


if __name__ == "__main__":
    for tool in ("systemd-analyze", "systemd-sysusers", "desktop-file-validate", "appstreamcli"):
        assert shutil.which(tool), f"{tool} is not installed: see test_packages in installer/packages.sh"
    unittest.main()
