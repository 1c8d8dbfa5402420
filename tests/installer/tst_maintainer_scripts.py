#!/usr/bin/env python3
"""Runs the scripts of a package as dpkg does and looks at what is left: data always, configuration until it is purged."""

import pathlib
import subprocess
import tempfile
import unittest

SCRIPTS = pathlib.Path(__file__).resolve().parents[2] / "installer/debian"


class MaintainerScripts(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="package-")
        self.addCleanup(place.cleanup)
        self.root = pathlib.Path(place.name)
        self.configuration = self.root / "configuration"
        self.data = self.root / "data"
        for directory in (self.configuration, self.data):
            directory.mkdir()
        (self.configuration / "station.toml").write_text("schema = 1\n")
        (self.data / "journal.sqlite").write_bytes(b"records")

    def run_script(self, name, *words, data=True):
        text = (SCRIPTS / f"{name}.in").read_text()
        for word, value in (("PACKAGE", "tried-out"), ("UNIT", ""), ("RESTART_AT_UPGRADE", "no"),
                            ("CONFIGURATION", self.configuration), ("DATA", self.data if data else "")):
            text = text.replace(f"@ENROLL_{word}@", str(value))
        self.assertNotIn("@", text.replace('"$@"', ""))
        path = self.root / name
        path.write_text(text)
        said = subprocess.run(["sh", str(path), *words], capture_output=True, text=True, timeout=30)
        self.assertEqual((said.returncode, said.stderr), (0, ""))
        return said.stdout

    def assert_kept(self):
        self.assertEqual((self.configuration / "station.toml").read_text(), "schema = 1\n")
        self.assertEqual((self.data / "journal.sqlite").read_bytes(), b"records")

    def test_anUpgradeKeepsEverything(self):
        self.run_script("prerm", "upgrade", "2")
        self.run_script("postrm", "upgrade", "2")
        self.run_script("postinst", "configure", "1")
        self.assert_kept()

    def test_aRemovalKeepsEverything(self):
        self.run_script("prerm", "remove")
        self.run_script("postrm", "remove")
        self.assert_kept()

    def test_purgingTakesTheConfigurationAndSaysWhereTheDataStay(self):
        said = self.run_script("postrm", "purge")
        self.assertFalse(self.configuration.exists())
        self.assertEqual((self.data / "journal.sqlite").read_bytes(), b"records")
        self.assertIn(f"rm -r {self.data}", said)

    def test_purgingTakesADataDirectoryThatIsEmpty(self):
        (self.data / "journal.sqlite").unlink()
        self.assertEqual(self.run_script("postrm", "purge"), "")
        self.assertFalse(self.data.exists())

    def test_purgingAPackageWithoutDataSaysNothing(self):
        self.assertEqual(self.run_script("postrm", "purge", data=False), "")
        self.assertTrue(self.data.exists())

    def test_aFailedInstallationIsTakenBackWithoutATrace(self):
        for word in ("abort-install", "abort-upgrade", "failed-upgrade", "disappear"):
            self.run_script("postrm", word)
        self.assert_kept()


if __name__ == "__main__":
    unittest.main()
