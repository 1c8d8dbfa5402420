"""What the tree has once, and the one place that has it: a second one is refused.

A file that meets a pattern although it is not the home stands by name in `besides`, with its reason beside it. Tests make what they need
themselves.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Home:
    pattern: re.Pattern
    home: str  # a file, or a room when it ends in "/"
    does: str  # ends the sentence "only HOME ..."
    within: tuple = ("core/", "db/", "ui/", "app/")
    besides: tuple = ()

    def refuses(self, name):
        return name.startswith(self.within) and not name.startswith((self.home, *self.besides))


HOMES = (
    Home(re.compile(r"<QJsonDocument>"), "db/documents/json_text.cpp", "turns text into JSON and JSON into text"),
    Home(re.compile(r"[.>]value\((QLatin1String|QStringLiteral|k[A-Z])"), "db/documents/member_reader.cpp", "reads members of JSON by name",
         within=("core/", "db/", "app/"),
         besides=("db/journal/consistency_verifier.cpp",  # asks before it is known whether the document is understood
                  "db/dps/held_enrollment.cpp",  # compares values of any type with what was sent
                  "app/service/enrollment_routes.cpp",  # hands entries on as they stand; takes a part of its own document
                  "app/enrollctl/ek_lens_document.cpp")),  # takes parts of the program's own document
    Home(re.compile(r"(?<![\w>])::(open|openat|creat|fsync|fdatasync|rename|renameat)\(|\bQ(SaveFile|TemporaryFile)\b|\bofstream\b|\b(fs|filesystem)::rename\("),
         "core/system/", "opens, writes, renames and syncs files", besides=("core/transport/device_node_channel.cpp", "core/transport/serial_terminal.cpp",
                  "core/scanner/scanner_port.cpp")),  # a TPM, a serial line and a scanner, no files
    Home(re.compile(r"\b(symlink_status|is_symlink)\("), "core/system/", "tells a symbolic link from what it leads to",
         besides=("app/desktop/first_window.cpp", "app/desktop/station_setup.cpp")),  # ask what has the name, a socket or nothing
    Home(re.compile(r"\bQSql(Query|Database)\b|\bsqlite3_\w+\("), "db/sqlite/", "calls SQLite"),
    Home(re.compile(r"\bQString::fromStdString\("), "db/qt/values.cpp", "makes a QString of a std::string in db", within=("db/",)),
    Home(re.compile(r"\b(struct|class) Overloaded\b"), "core/base/overloaded.h", "has the class Overloaded"),
    Home(re.compile(r"^\s*(?!return\b)[\w:<>&]+( [\w:<>&]+)* join(ed|edWith|Words|Texts|Strings)?\("), "core/base/text.h", "joins words to one text"),
)


def check_homes(name, lines):
    homes = [home for home in HOMES if home.refuses(name)]
    for number, line in enumerate(lines, 1):
        for home in homes:
            if not line.lstrip().startswith("//") and home.pattern.search(line):
                yield f"{name}:{number}: only {home.home} {home.does}"
