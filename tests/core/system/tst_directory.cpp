#include "core/base/station_code.h"
#include "core/system/directory.h"
#include "core/system/write_signals.h"
#include "tests/support/full_disk.h"
#include "tests/support/in_child.h"
#include "tests/support/must.h"

#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <fstream>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

using namespace enroll;
using namespace enroll::system;
using enroll::test::must;

namespace fs = std::filesystem;

namespace {

constexpr int kNoSmallDisk = 2;

/// 0 if a disk of a few KiB at \p place, which this process alone sees, is named as one without room.
int onASmallDisk(const fs::path& place)
{
    if (::unshare(CLONE_NEWNS) != 0 || ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("none", place.c_str(), "tmpfs", 0, "size=16k") != 0) {
        return kNoSmallDisk;
    }
    const auto refused = requireWritable(place);
    return !refused.ok() && refused.error().source == ErrorSource{Errno{ENOSPC}} ? 0 : 1;
}

} // namespace

class TestDirectory : public QObject {
    Q_OBJECT

    QTemporaryDir m_room;

    [[nodiscard]] fs::path path(const char* name) const { return fs::path{m_room.path().toStdString()} / name; }

    /// That entriesOf() \p directory is refused with the name of \p named.
    static void requireRefused(const fs::path& directory, const fs::path& named)
    {
        const auto refused = entriesOf(directory);
        QVERIFY2(!refused.ok(), directory.c_str());
        QCOMPARE(refused.error().code, StationCode::FileUnusable);
        QVERIFY2(refused.error().what.starts_with(named.string() + " "), refused.error().what.c_str());
    }

private Q_SLOTS:
    void givesTheNamesInOrder()
    {
        fs::create_directory(path("full"));
        for (const char* name : {"b", "a", "c"}) {
            std::ofstream{path("full") / name} << "x";
        }
        const std::vector<fs::path> expected{path("full/a"), path("full/b"), path("full/c")};
        QVERIFY(must(entriesOf(path("full"))) == std::optional{expected});
    }

    void givesNothingForWhatDoesNotExist()
    {
        QVERIFY(!must(entriesOf(path("none"))));
        QVERIFY(!must(entriesOf(path("none/below"))));
        QVERIFY(!must(entriesOf("no-such-relative-name")));
    }

    void namesWhatIsNoDirectory()
    {
        std::ofstream{path("file")} << "x";
        requireRefused(path("file"), path("file"));
        requireRefused(path("file/below"), path("file/below"));
    }

    void aDirectoryThatCanBeMadeIsWritable()
    {
        QVERIFY(requireWritable(path("")).ok());
        QVERIFY(requireWritable(path("none/below")).ok());
        QVERIFY(!fs::exists(path("none"))); // nothing was made
        fs::create_directory(path("real"));
        fs::create_directory_symlink("real", path("real-link"));
        QVERIFY(requireWritable(path("real-link")).ok());
        QVERIFY(requireWritable(path("real-link/below")).ok());
        QVERIFY(requireWritable(path("real-link/below/further")).ok());
        QVERIFY(fs::is_empty(path("real")));
        QVERIFY(requireWritable("/dev/shm/no-such-room").ok()); // another file system
        const auto before = fs::current_path();
        fs::current_path(path("real"));
        QVERIFY(requireWritable("data").ok());
        QVERIFY(requireWritable("data/below").ok());
        fs::current_path(before);
    }

    void namesWhatCannotBeWrittenTo()
    {
        std::ofstream{path("a-file")} << "x";
        fs::create_symlink("nowhere", path("nowhere-link"));
        fs::create_directory(path("closed"));
        fs::permissions(path("closed"), fs::perms{0555});
        std::vector<fs::path> hindering{
            path("a-file"), path("a-file/below"), path("nowhere-link"), path("nowhere-link/below"),
            "/proc",        "/proc/none"};
        if (::geteuid() != 0) { // root writes there all the same
            hindering.push_back(path("closed"));
        }
        for (const auto& directory : hindering) {
            const auto refused = requireWritable(directory);
            QVERIFY2(!refused.ok(), directory.c_str());
            QCOMPARE(refused.error().code, StationCode::FileUnusable);
        }
        fs::permissions(path("closed"), fs::perms{0755});
    }

    /// A file without content can be made there.
    void namesADiskThatIsFull()
    {
        fs::create_directory(path("data"));
        ignoreSignalsOfWrites();
        {
            const test::FullDisk full{1024};
            const auto refused = requireWritable(path("data"));
            QVERIFY(!refused.ok());
            QCOMPARE(refused.error().code, StationCode::FileUnusable);
            QVERIFY2(refused.error().what.starts_with(path("data").string() + " "), refused.error().what.c_str());
        }
        QVERIFY(requireWritable(path("data")).ok());
        QVERIFY(fs::is_empty(path("data")));
    }

    void namesADiskThatHasNoRoom()
    {
        fs::create_directory(path("small"));
        const auto ended = test::resultInChild([this] { return onASmallDisk(path("small")); });
        if (ended == kNoSmallDisk) {
            QSKIP("only root can have a disk of its own");
        }
        QCOMPARE(ended, 0);
    }

    void namesALinkThatLeadsNowhere()
    {
        fs::create_symlink("nowhere", path("link"));
        requireRefused(path("link"), path("link"));
        requireRefused(path("link/below"), path("link"));
        fs::create_symlink("circle", path("circle"));
        requireRefused(path("circle"), path("circle"));
    }
};

QTEST_APPLESS_MAIN(TestDirectory)
#include "tst_directory.moc"
