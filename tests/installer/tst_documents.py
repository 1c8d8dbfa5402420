#!/usr/bin/env python3
"""Asks the programs for their help and holds their manual pages and completions to it: whole, well-formed, and the same each time."""

import gzip
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

WRITER = pathlib.Path(__file__).resolve().parents[2] / "installer/documents/write_documents"
PROGRAMS = ("enroll-station", "enrollctl", "enroll-service", "enroll-agent")
BIN = pathlib.Path(os.environ["ENROLL_BIN_DIR"])


def run(*words, **more):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60, **more)


class Documents(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        place = tempfile.TemporaryDirectory(prefix="documents-")
        cls.addClassCleanup(place.cleanup)
        cls.root = pathlib.Path(place.name)
        for program in PROGRAMS:
            said = run(WRITER, BIN / program, "1.2.3", cls.root, *PROGRAMS)
            assert said.returncode == 0, said.stderr

    def page(self, program):
        return gzip.decompress((self.root / f"{program}.1.gz").read_bytes()).decode()

    def test_eachOptionOfTheHelpIsInThePageAndTheCompletions(self):
        for program in PROGRAMS:
            options = re.findall(r"^  (?:-\w,)?(--[a-z0-9-]+)", run(BIN / program, "--help").stdout, re.MULTILINE)
            self.assertGreater(len(options), 3)
            page = self.page(program).replace("\\-", "-")
            for option in options:
                with self.subTest(f"{program} {option}"):
                    self.assertIn(f"\\fB{option}\\fR", page)
                    self.assertIn(option, (self.root / f"{program}.bash").read_text())
                    self.assertIn(option, (self.root / f"_{program}").read_text())

    def test_eachCommandBelowACommandIsThere(self):
        page = self.page("enrollctl").replace("\\-", "-")
        for heading in ("trust import", "runs show", "config init"):
            self.assertIn(f'.SS "{heading}"', page)

    def test_noPageNamesWhoBuiltIt(self):
        for program in PROGRAMS:
            self.assertNotIn(os.path.expanduser("~"), self.page(program).replace("\\-", "-"))

    def test_bashTakesTheCompletions(self):
        for program in PROGRAMS:
            said = run("bash", "--norc", "-c", f'source "$1"; complete -p {program}', "bash", self.root / f"{program}.bash")
            self.assertEqual((said.returncode, said.stderr), (0, ""))

    def test_aSecondTimeWritesTheSameBytes(self):
        with tempfile.TemporaryDirectory(prefix="documents-") as again:
            self.assertEqual(run(WRITER, BIN / "enrollctl", "1.2.3", again, *PROGRAMS).returncode, 0)
            for path in pathlib.Path(again).iterdir():
                self.assertEqual(path.read_bytes(), (self.root / path.name).read_bytes(), path.name)

    def test_aProgramThatTellsNothingIsAFault(self):
        said = run(WRITER, "/bin/false", "1.2.3", self.root, "false")
        self.assertEqual(said.returncode, 2)
        self.assertFalse((self.root / "false.1.gz").exists())


if __name__ == "__main__":
    unittest.main()
