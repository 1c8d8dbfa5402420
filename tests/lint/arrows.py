"""The arrows between folders, as the tables of the READMEs say them, and what in the tree does not keep to them.

README.md of core, db, ui and app has one table each whose header begins "| room | arrows to |". A row gives a room, which is a folder,
and what its files may include and its library may link: `name` is a room of the same folder, `core/name` one of another folder, `core/*`
every room of that folder, and any other word stands for a library named in LIBRARIES.
"""

import pathlib
import re

FOLDERS = ("core", "db", "ui", "app")

# What a table may call a library: how its headers begin, and the CMake targets it is linked by.
LIBRARIES = {
    "std": (r"$^", {"Threads::Threads"}),
    "POSIX": (r"(sys|netinet|net|arpa|linux)/|(unistd|fcntl|poll|netdb|termios|dirent|pthread|sched|spawn|pwd|grp)\.h$", set()),
    "OpenSSL": (r"openssl/", {"OpenSSL::Crypto", "OpenSSL::SSL"}),
    "GMP": (r"gmp(xx)?\.h$", {"PkgConfig::GMP"}),
    "tss2": (r"tss2/", {"PkgConfig::TSS2_ESYS"}),
    "toml++": (r"toml\+\+/", set()),
    "libarchive": (r"archive(_entry)?\.h$", {"LibArchive::LibArchive"}),
    "Zint": (r"zint\.h$", {"Zint::Zint"}),
    "SQLite": (r"sqlite3\.h$", {"SQLite::SQLite3"}),
    "RE2": (r"re2/", {"PkgConfig::RE2", "re2::re2"}),
    "ALSA": (r"alsa/", {"ALSA::ALSA"}),
    "libevdev": (r"libevdev/", {"PkgConfig::LIBEVDEV"}),
    "libudev": (r"libudev\.h$", {"PkgConfig::LIBUDEV"}),
    "libxkbcommon": (r"xkbcommon/", {"PkgConfig::XKBCOMMON"}),
    "umockdev": (r"umockdev\.h$", {"PkgConfig::UMOCKDEV"}),
    "X11": (r"X11/", {"X11::X11", "X11::Xss"}),
    "Boost": (r"boost/", {"Boost::headers"}),
    "CLI11": (r"CLI/", {"CLI11::CLI11"}),
    "Qt Network": (r"Q(Network|Ssl|Tcp|Host|Local(Socket|Server))", {"Qt6::Network"}),
    "Qt Sql": (r"QSql", {"Qt6::Sql"}),
    "Qt Widgets": (r"$^", {"Qt6::Widgets", "Qt6::Gui"}),
    "Qt Svg": (r"QSvg", {"Qt6::Svg"}),
    "Qt Core": (r"Q[A-Z]|Qt", {"Qt6::Core"}),  # the last: every Qt header that is none of the above
}
QT = {name for name in LIBRARIES if name.startswith("Qt ")}
# Libraries that tests use whatever the room they test may; tss2 and the like are reached from their room's tests alone.
TEST_LIBRARIES = QT | {"std", "POSIX", "OpenSSL", "umockdev"}
TEST_ALONE = {"umockdev"}  # no room may use them

# A header that the C++ standard does not have.
OF_A_LIBRARY = re.compile(r"[/.]")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')
ROW = re.compile(r"^\|(.+)\|\s*$")
LINK_WORD = re.compile(r"[\w+]+::\w+|\b(?:core|db|ui|app)_\w+")


class Arrows:
    """The tables of one tree. `faults` are the tables' own: a room without a row, a word that means nothing, a circle."""

    def __init__(self, root, names):
        self.root = pathlib.Path(root)
        self.faults = []
        self.rooms = {}  # "db/journal": the rooms and libraries it may reach
        self.words = set()  # what the tables name
        folders = {"/".join(name.split("/")[:2]) for name in names
                   if name.split("/")[0] in FOLDERS and name.count("/") > 1 and name.endswith((".cpp", ".h"))}
        rows = {}
        for folder in FOLDERS:
            rows.update(self._rows(folder))
        for room in sorted(folders - set(rows)):
            self.faults.append(f"{room.split('/')[0]}/README.md: no row for the room {room}")
        for room in sorted(set(rows) - folders):
            self.faults.append(f"{room.split('/')[0]}/README.md: a row for {room}, which is no room")
        for room, words in rows.items():
            self.rooms[room] = self._meant(room, words, rows)
        unused = [library for library in LIBRARIES if library not in {"std", *TEST_ALONE, *self.words}] if rows else []
        self.faults.extend(f"tests/lint/arrows.py: no table names the library {library}" for library in unused)
        self._find_circles()

    def _rows(self, folder):
        path = self.root / folder / "README.md"
        table = None
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            row = ROW.match(line)
            if not row:
                if table:
                    break
                continue
            cells = [cell.strip() for cell in row.group(1).replace("`", "").split("|")]
            if table is None and cells[:2] == ["room", "arrows to"]:
                table = {}
            elif table is not None and not cells[0].startswith("---"):
                table[f"{folder}/{cells[0]}"] = [word.strip() for word in cells[1].split(",")]
        if table is None:
            self.faults.append(f'{folder}/README.md: no table that begins "| room | arrows to |"')
        return table or {}

    def _meant(self, room, words, rows):
        folder = room.split("/")[0]
        meant = {"std"}
        self.words |= set(words)
        for word in words:
            if word.endswith("/*"):
                meant |= {other for other in rows if other.startswith(word[:-1])}
            elif word in LIBRARIES:
                meant.add(word)
            else:
                other = word if "/" in word else f"{folder}/{word}"
                if other not in rows:
                    self.faults.append(f'{folder}/README.md: {room} points at "{word}", which is neither a room nor a library')
                meant.add(other)
        return meant

    def _find_circles(self):
        left = {room: {other for other in reached if other in self.rooms and other != room} for room, reached in self.rooms.items()}
        while left:
            free = [room for room, others in left.items() if not others & left.keys()]
            if not free:
                walk = [next(iter(left))]  # every room left reaches another one of them: going on comes back somewhere
                while (step := min(left[walk[-1]] & left.keys())) not in walk:
                    walk.append(step)
                self.faults.append(f"the READMEs: arrows run in a circle: {' -> '.join([*walk[walk.index(step):], step])}")
                return
            for room in free:
                del left[room]

    def of(self, name):
        """What the file or the library at path `name` may reach; None for what no table governs."""
        parts = name.split("/")
        if parts[0] in FOLDERS and len(parts) > 2:
            return self.rooms.get("/".join(parts[:2]), set())
        if parts[0] == "tests":
            tested = [self.rooms[room] for room in self.rooms if name.startswith(f"tests/{room}/")]
            return set(self.rooms) | TEST_LIBRARIES | set().union(*tested)
        return None

    def check_includes(self, name, lines):
        allowed = self.of(name)
        for number, line in enumerate(lines, 1):
            match = INCLUDE.match(line)
            if not match or allowed is None:
                continue
            kind, header = match.groups()
            target = self._target(name, kind, header)
            if kind == "<" and not target and OF_A_LIBRARY.search(header):
                yield f"{name}:{number}: <{header}> is of a library that arrows.py does not list"
            if target and target not in allowed and not (target == "Qt Core" and allowed & QT):
                yield f"{name}:{number}: {room_of(name)} may not include {target} ({header})"

    def _target(self, name, kind, header):
        if kind == "<":
            return next((library for library, (begin, _) in LIBRARIES.items() if re.match(begin, header)), None)
        if ((self.root / name).parent / header).exists():
            header = (self.root / name).parent.joinpath(header).resolve().relative_to(self.root.resolve()).as_posix()
        target = room_of(header)
        return target if target.split("/")[0] in (*FOLDERS, "tests") and target != room_of(name) else None

    def check_links(self, name, text):
        """The same for the CMakeLists.txt of a room: its libraries, and those of Qt and of others."""
        allowed = self.of(name)
        if allowed is None or name.startswith("tests/"):
            return
        for number, line in enumerate(text.splitlines(), 1):
            for word in LINK_WORD.findall(line.split("#")[0]):
                target = next((library for library, (_, targets) in LIBRARIES.items() if word in targets), word.replace("_", "/", 1))
                if target not in allowed and target != room_of(name) and ("::" in word or target in self.rooms):
                    yield f"{name}:{number}: {room_of(name)} may not link {word}"


def room_of(name):
    """core/base of core/base/bytes.h; tests of anything below tests."""
    parts = name.split("/")
    return "/".join(parts[:2]) if parts[0] in FOLDERS and len(parts) > 2 else parts[0]
