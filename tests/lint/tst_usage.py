#!/usr/bin/env python3
"""Gives the project's scripts what they cannot use: each says so in a sentence and ends with 2, before it installs or builds anything.
Holds the quickstart to the README, too: the programs that the README installs are those that the quickstart built."""

import pathlib
import re
import subprocess
import unittest

PROJECT = pathlib.Path(__file__).resolve().parents[2]

REFUSED = (
    "installer/quickstart --devices",
    "installer/quickstart --devices 2",
    "installer/quickstart --devices --no-gui",
    "installer/quickstart --fast",
    "installer/packages-build --fast",
    "installer/packages-build --revision",
    "installer/packages-build --revision 1.5",
    "installer/packages-build --output",
    "installer/packages-check --fast",
    "installer/packages-check --older /none",
    "installer/packages-check --older /tmp",
    "installer/packages-check --older /tmp --newer /tmp --twice",
    "installer/packages-check --mirror here",
    "tests/run --filter",
    "tests/run --filter --quick",
    "tests/run --fuzz",
    "tests/run --fuzz soon",
    "tests/run --fuzz 0",
    "tests/run --fuzz 1 --filter none_fits_this",
    "tests/run --quick --sanitize",
    "tests/run --quick --soak",
    "tests/run --tidy --filter tst_bytes",
    "tests/run --bench --fuzz 1",
    "tests/run --release --sanitize",
    "tests/run --fast",
    "tests/lint/lint --fast",
    "tests/lint/lint . .",
    "installer/documents/write_documents enrollctl",
)
HELPED = ("installer/quickstart", "installer/packages-build", "installer/packages-check", "installer/documents/write_documents",
          "tests/run", "tests/lint/lint", "tests/lint/tidy")


def run(line):
    return subprocess.run(line.split(), cwd=PROJECT, capture_output=True, text=True, timeout=30)


class Usage(unittest.TestCase):
    def test_refusesInASentence(self):
        for line in REFUSED:
            with self.subTest(line):
                said = run(line)
                self.assertEqual(said.returncode, 2, said.stderr)
                last = said.stderr.splitlines()[-1]
                self.assertRegex(last, f"^{pathlib.PurePath(line.split()[0]).name}: |^{line.split()[0]}: ")
                self.assertNotRegex(said.stderr, r"line \d+:")  # the words of bash and of Python

    def test_showsHowItIsUsed(self):
        for script in HELPED:
            with self.subTest(script):
                said = run(f"{script} --help")
                self.assertEqual((said.returncode, said.stderr), (0, ""))
                self.assertIn(f"usage: {script}", said.stdout)

    def test_theQuickstartBuildsEveryProgramOfTheReadme(self):
        section = (PROJECT / "README.md").read_text().split("\n## Programs\n")[1].split("\n## ")[0]
        programs = re.findall(r"^\| `([a-z-]+)` \|", section, re.MULTILINE)
        installed = re.findall(r"build/release/bin/([a-z-]+)", section)
        quickstart = (PROJECT / "installer/quickstart").read_text()
        built = re.search(r"^cmake --build --preset release --target (.+)$", quickstart, re.MULTILINE)[1].split()
        self.assertGreaterEqual(len(programs), 4)
        self.assertEqual(sorted(built), sorted(programs))
        self.assertIn("enroll-agent", installed)
        self.assertLessEqual(set(installed), set(built))


if __name__ == "__main__":
    unittest.main()
