#!/usr/bin/env python3
"""Plants faults in a small tree with the project's own tables and asks whether lint finds each of them."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True

from arrows import FOLDERS, Arrows
from homes import HOMES, check_homes

PROJECT = pathlib.Path(__file__).resolve().parents[2]


class PlantedTree(unittest.TestCase):
    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="lint-")
        self.addCleanup(place.cleanup)
        self.root = pathlib.Path(place.name)
        self.names = [path.relative_to(PROJECT).as_posix() for folder in FOLDERS for path in (PROJECT / folder).rglob("*.h")]
        for folder in FOLDERS:
            (self.root / folder).mkdir()
            shutil.copy(PROJECT / folder / "README.md", self.root / folder)
        self.arrows = Arrows(self.root, self.names)

    def rooms_of(self, folder):
        return [room for room in self.arrows.rooms if room.startswith(f"{folder}/")]

    def faults_of_include(self, name, include):
        return list(self.arrows.check_includes(name, [f"#include {include}"]))

    def change_table(self, folder, old, new):
        path = self.root / folder / "README.md"
        text = path.read_text(encoding="utf-8")
        self.assertIn(old, text)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return "\n".join(Arrows(self.root, self.names).faults)

    def test_theProjectsOwnTablesAreWhole(self):
        self.assertEqual(self.arrows.faults, [])

    def test_findsEveryIncludeAgainstTheArrows(self):
        for folder in FOLDERS:
            for source in self.rooms_of(folder):
                for target in self.arrows.rooms:
                    faults = self.faults_of_include(f"{source}/planted.cpp", f'"{target}/planted.h"')
                    allowed = target == source or target in self.arrows.rooms[source]
                    self.assertEqual(len(faults), 0 if allowed else 1, f"{source} -> {target}")

    def test_findsAnIncludeUpwardsBetweenRoomsOfDbAndOfUi(self):
        for folder in ("db", "ui"):
            room, reached = next((room, other) for room in self.rooms_of(folder) for other in sorted(self.arrows.rooms[room])
                                 if other.startswith(folder) and other != room)
            self.assertEqual(self.faults_of_include(f"{room}/planted.h", f'"{reached}/planted.h"'), [])
            self.assertEqual(self.faults_of_include(f"{reached}/planted.h", f'"{room}/planted.h"'),
                             [f"{reached}/planted.h:1: {reached} may not include {room} ({room}/planted.h)"])

    def test_findsAnIncludeByARelativePath(self):
        (self.root / "db/journal").mkdir()
        (self.root / "db/journal/planted.h").touch()
        (self.root / "db/documents").mkdir()
        self.assertEqual(len(self.faults_of_include("db/documents/planted.cpp", '"../journal/planted.h"')), 1)

    def test_findsLibrariesOutOfTheirRooms(self):
        for name, include in (("core/base/a.cpp", "<QString>"), ("core/base/a.cpp", "<openssl/evp.h>"), ("db/journal/a.cpp", "<tss2/tss2_esys.h>"),
                              ("core/attestation/a.cpp", "<unistd.h>"), ("ui/run/a.cpp", "<QSqlQuery>"), ("app/desktop/a.cpp", "<boost/asio/post.hpp>"),
                              ("db/journal/a.cpp", "<sqlite3.h>"), ("tests/db/journal/tst_a.cpp", "<tss2/tss2_esys.h>")):
            self.assertEqual(len(self.faults_of_include(name, include)), 1, f"{name} {include}")

    def test_letsTestsIncludeWhatTheyTest(self):
        for name, include in (("tests/core/tpm/tst_a.cpp", "<tss2/tss2_esys.h>"), ("tests/core/base/tst_a.cpp", "<QTest>"),
                              ("tests/ui/tst_a.cpp", '"db/journal/open_journal.h"')):
            self.assertEqual(self.faults_of_include(name, include), [], f"{name} {include}")

    def test_findsLinksAgainstTheArrows(self):
        faults = list(self.arrows.check_links("db/documents/CMakeLists.txt", "enroll_library(db_documents QT\n    SOURCES a.cpp\n"
                                              "    LINKS core_base Qt6::Core db_journal\n    PRIVATE_LINKS Qt6::Widgets)\n"))
        self.assertEqual(faults, ["db/documents/CMakeLists.txt:3: db/documents may not link db_journal",
                                  "db/documents/CMakeLists.txt:4: db/documents may not link Qt6::Widgets"])

    def test_findsTablesThatAreNotTheTree(self):
        self.assertIn("db/README.md: no row for the room db/journal", self.change_table("db", "| `journal` |", "| `diary` |"))
        self.assertIn("db/README.md: a row for db/diary, which is no room", self.change_table("db", "| `diary` |", "| `diary` |"))
        self.assertIn('points at "nowhere"', self.change_table("ui", "| `theme` | ", "| `theme` | nowhere, "))
        self.assertIn("no table", self.change_table("app", "| room | arrows to |", "| room | goes to |"))

    def test_findsALibraryThatNoRoomUses(self):
        self.assertIn("no table names the library X11", self.change_table("app", ", X11", ""))

    def test_findsALibraryThatIsNotListed(self):
        for name in ("core/base/a.cpp", "db/journal/a.h", "tests/db/journal/tst_a.cpp"):
            self.assertEqual(self.faults_of_include(name, "<curl/curl.h>"), [f"{name}:1: <curl/curl.h> is of a library that arrows.py does not list"])

    def test_findsACircle(self):
        self.assertIn("in a circle: db/documents -> db/journal -> db/documents", self.change_table("db", "| `documents` | ", "| `documents` | journal, "))


class SecondOfAKind(unittest.TestCase):
    """A line that is at home in one place, planted there, in another place and in a test."""

    LINES = (
        ("db/documents/json_text.cpp", "#include <QJsonDocument>"),
        ("db/documents/member_reader.cpp", '    const auto id = body.value(QLatin1String("id"));'),
        ("db/documents/member_reader.cpp", "    const auto id = body->value(kId);"),
        ("core/system/durable_file.cpp", "    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT);"),
        ("core/system/durable_file.cpp", "    if (::fsync(fd) != 0 || ::rename(draft, place) != 0) {"),
        ("core/system/durable_file.cpp", "    std::filesystem::rename(draft, place);"),
        ("core/system/durable_file.cpp", "    std::ofstream out{file};"),
        ("core/system/durable_file.cpp", "    QSaveFile out{path};"),
        ("core/system/durable_file.cpp", "#include <QTemporaryFile>"),
        ("core/system/regular_file.cpp", "    return fs::is_symlink(status);"),
        ("core/system/regular_file.cpp", "    const auto status = std::filesystem::symlink_status(file, fault);"),
        ("db/sqlite/statement.h", "    QSqlQuery m_query;"),
        ("db/sqlite/connection.cpp", "    sqlite3_interrupt(handle);"),
        ("db/qt/values.cpp", "    return QString::fromStdString(text);"),
        ("core/base/overloaded.h", "struct Overloaded : Lambdas... {"),
        ("core/base/text.h", "std::string joined(const Words& words, std::string_view between)"),
        ("core/base/text.h", "QString joinedWith(const QStringList& words)"),
    )

    def faults(self, name, line):
        return list(check_homes(name, [line]))

    def test_isRefusedWhereItIsNotAtHome(self):
        for home, line in self.LINES:
            self.assertEqual(len(self.faults("db/dps/a.cpp", line)), 1, line)

    def test_isAllowedAtHomeAndInTests(self):
        for home, line in self.LINES:
            self.assertEqual(self.faults(home, line), [], line)
            self.assertEqual(self.faults("tests/db/dps/tst_a.cpp", line), [], line)

    def test_isTheOnlyThingRefused(self):
        for line in ("    return joined(words);", "    text = joined(words);", "Result<Connection> Connection::open(const Path& file);",
                     "    TRY_ASSIGN(const auto session, Session::open(context));", "// a QSqlQuery is of one thread",
                     "    return std::visit(Overloaded{[](int) {}}, value);", "    const auto value = query.value(0);"):
            self.assertEqual(self.faults("db/dps/a.cpp", line), [], line)

    def test_hasAHomeThatIsThere(self):
        for home in HOMES:
            for place in (home.home, *home.besides):
                self.assertTrue((PROJECT / place).exists(), place)

    def test_standsInEachPlaceThatHasLeave(self):
        for home in HOMES:
            for place in home.besides:
                files = [path for path in (PROJECT / place).rglob("*") if path.is_file()] if place.endswith("/") else [PROJECT / place]
                self.assertTrue(any(home.pattern.search(line) for path in files for line in path.read_text(encoding="utf-8").splitlines()),
                                f"{place} has no {home.pattern.pattern}")


class WholeRun(unittest.TestCase):
    """The program itself on a tree of one header a room: what is printed and the exit status."""

    def setUp(self):
        place = tempfile.TemporaryDirectory(prefix="lint-")
        self.addCleanup(place.cleanup)
        self.root = pathlib.Path(place.name)
        subprocess.run(["git", "init", "-q", self.root], check=True)
        shutil.copy(PROJECT / ".clang-format", self.root)
        for room in Arrows(PROJECT, []).rooms:
            self.write(f"{room}/here.h", "#pragma once\n")
        for folder in FOLDERS:
            shutil.copy(PROJECT / folder / "README.md", self.root / folder)

    def write(self, name, text):
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text, encoding="utf-8")

    def lint(self):
        return subprocess.run([PROJECT / "tests/lint/lint", self.root], capture_output=True, text=True)

    def test_endsWithZeroWhereNothingIsWrong(self):
        run = self.lint()
        self.assertRegex(run.stdout, r"^lint: \d+ sources keep the rules\n$")
        self.assertEqual(run.returncode, 0)

    def test_failsWithOneLineAFault(self):
        self.write("db/documents/planted.cpp", '#include "db/journal/here.h"\n')
        self.write("ui/theme/planted.cpp", '#include "ui/run/here.h"\n\nint  unformatted;\n')
        self.write("core/base/planted.cpp", "// TO" "DO\n")
        self.write("db/dps/planted.cpp", "void plant(Error& error)\n{\n    error.code = 1;\n}\n")
        self.write("core/crypto/planted.cpp", "struct Overloaded;\n")
        self.write("tests/db/planted.cpp", "Q_DECLARE" "_METATYPE(Kind)\n")
        run = self.lint()
        self.assertEqual(run.returncode, 1)
        self.assertEqual([fault.partition(": ")[0] for fault in sorted(run.stdout.splitlines())],
                         ["core/base/planted.cpp:1", "core/crypto/planted.cpp:1", "db/documents/planted.cpp:1", "db/dps/planted.cpp:3", "tests/db/planted.cpp:1", "ui/theme/planted.cpp:1",
                          "ui/theme/planted.cpp:3:4"])

    def test_wantsSeedsForEachFuzzTargetAndATargetForSeeds(self):
        self.write("tests/fuzz/tpm/fuzz_seeded.cpp", "")
        self.write("tests/fuzz/tpm/seeds/fuzz_seeded/odd", "x")
        self.assertEqual(self.lint().returncode, 0)
        self.write("tests/fuzz/tpm/fuzz_bare.cpp", "")
        self.write("tests/fuzz/crypto/seeds/fuzz_bare/of_another_room", "x")
        run = self.lint()
        self.assertEqual(run.returncode, 1)
        self.assertEqual([fault.partition(": ")[0] for fault in sorted(run.stdout.splitlines())],
                         ["tests/fuzz/crypto/seeds/fuzz_bare", "tests/fuzz/tpm/fuzz_bare.cpp"])


if __name__ == "__main__":
    unittest.main()
