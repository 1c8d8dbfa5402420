#!/usr/bin/env python3
"""Reads help as CLI11 writes it, and holds pages and completions to what was read."""

import pathlib
import subprocess
import sys
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "installer/documents"))

from bash_completion import bash_completion
from help_text import Command, HelpFault, parse_help
from man_page import man_page
from zsh_completion import zsh_completion

HELP = """Does one thing. And another
Usage: prog [OPTIONS] [SUBCOMMAND]

Options:
  -h,--help                   Print this help and end
  --colour TEXT:{red,green}   Which one
  --count INT:INT in [1 - 64] REQUIRED
                              How many
  --id-scope TEXT=0ne00000001 ID scope
  --retry ID ... Needs: --why Queue this record's delivery [again]
  --stdio Excludes: --listen  Serves one

Subcommands:
  make                        Makes one: a thing
  take                        Takes one

Exit codes: 0 done
2 usage
"""


class HelpText(unittest.TestCase):
    def setUp(self):
        self.program, self.names = parse_help(["prog"], HELP)
        self.program.commands = [Command(["prog", "make"], "Makes one: a thing", "prog make [OPTIONS]"),
                                 Command(["prog", "take"], "Takes one", "prog take FILE")]
        self.options = {option.names[-1]: option for option in self.program.options}

    def test_headSectionsAndFooter(self):
        self.assertEqual((self.program.text, self.program.usage), ("Does one thing. And another", "prog [OPTIONS] [SUBCOMMAND]"))
        self.assertEqual(self.names, ["make", "take"])
        self.assertEqual(self.program.footer, "Exit codes: 0 done\n2 usage")

    def test_optionsWithTheirRules(self):
        self.assertEqual(list(self.options), ["--help", "--colour", "--count", "--id-scope", "--retry", "--stdio"])
        self.assertEqual(self.options["--help"].names, ["-h", "--help"])
        self.assertEqual(self.options["--help"].value, "")
        self.assertEqual((self.options["--colour"].value, self.options["--colour"].choices), ("TEXT", ["red", "green"]))
        count = self.options["--count"]
        self.assertEqual((count.value, count.limits, count.required, count.text), ("INT", "1 - 64", True, "How many"))
        scope = self.options["--id-scope"]  # its description follows after one blank
        self.assertEqual((scope.default, scope.text), ("0ne00000001", "ID scope"))
        retry = self.options["--retry"]
        self.assertEqual((retry.value, retry.repeated, retry.needs), ("ID", True, "--why"))
        self.assertEqual((self.options["--stdio"].value, self.options["--stdio"].excludes), ("", "--listen"))

    def test_textWithoutUsageIsNoHelp(self):
        self.assertRaises(HelpFault, parse_help, ["prog"], HELP.replace("Usage:", "Use:"))

    def test_aPageEscapesWhatRoffWouldTakeForItsOwn(self):
        self.program.text = ".dot in front, a \\ and it's"
        page = man_page(self.program, "1.2", ["prog", "other"])
        self.assertIn("\n\\&.dot in front, a \\e and it\\(aqs.\n", page)
        self.assertIn("\\fBother\\fR(1)", page)
        self.assertNotIn("\\fBprog\\fR(1)", page)

    def complete(self, *words):
        script = bash_completion(self.program) + "\ncompopt() { echo files; }\n" + \
            'COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _prog; echo "${COMPREPLY[*]}"'
        said = subprocess.run(["bash", "-c", script, "bash", *words], capture_output=True, text=True, timeout=30)
        self.assertEqual((said.returncode, said.stderr), (0, ""))
        return said.stdout.split()

    def test_bashOffersWhatMayStandThere(self):
        self.assertEqual(self.complete("prog", ""), ["make", "take"])
        self.assertEqual(self.complete("prog", "t"), ["take"])
        self.assertEqual(self.complete("prog", "--co"), ["--colour", "--count"])
        self.assertEqual(self.complete("prog", "--colour", ""), ["red", "green"])
        self.assertEqual(self.complete("prog", "--colour", "=", "g"), ["green"])
        self.assertEqual(self.complete("prog", "--id-scope", "make", ""), ["make", "take"])  # the first is a value
        self.assertEqual(self.complete("prog", "make", "--col"), ["--colour"])  # the program's options, too
        self.assertEqual(self.complete("prog", "take", ""), ["files"])

    def test_zshIsToldNothingThatEndsItsWords(self):
        text = zsh_completion(self.program)
        self.assertIn("[Queue this record'\\''s delivery \\[again\\]]", text)
        self.assertIn("'make:Makes one\\: a thing'", text)
        self.assertIn(":TEXT:(red green)'", text)


if __name__ == "__main__":
    unittest.main()
