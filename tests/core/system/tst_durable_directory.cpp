#include "core/base/station_code.h"
#include "core/system/durable_directory.h"
#include "core/system/whole_file.h"
#include "tests/support/must.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace enroll;
using namespace enroll::system;
using enroll::test::must;

namespace fs = std::filesystem;

class TestDurableDirectory : public QObject {
    Q_OBJECT

    QTemporaryDir m_room;

    [[nodiscard]] fs::path path(const char* name) const { return fs::path{m_room.path().toStdString()} / name; }
    [[nodiscard]] std::array<NewFile, 2> files() const
    {
        return {NewFile{"a", asBytes("one"), FileMode::AnyReader}, NewFile{"b", asBytes("two"), FileMode::OwnerOnly}};
    }
    static mode_t modeOf(const fs::path& file)
    {
        struct stat status {};
        ::stat(file.c_str(), &status);
        return status.st_mode & 0777;
    }
    /// Everything in the room, hidden names too.
    [[nodiscard]] QStringList entries() const
    {
        return QDir{m_room.path()}.entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    }

private Q_SLOTS:
    void init() { QVERIFY(m_room.isValid()); }
    void cleanup()
    {
        for (const auto& entry : entries()) {
            fs::remove_all(path(entry.toUtf8().constData()));
        }
    }

    void makesItWithItsFiles()
    {
        QVERIFY(must(makeDirectoryWith(path("made"), files())));
        QCOMPARE(must(readWholeText(path("made/a"), 10)), std::string{"one"});
        QCOMPARE(must(readWholeText(path("made/b"), 10)), std::string{"two"});
        QCOMPARE(modeOf(path("made")), mode_t{0700});
        QCOMPARE(modeOf(path("made/a")), mode_t{0644});
        QCOMPARE(modeOf(path("made/b")), mode_t{0600});
        QCOMPARE(entries(), QStringList{QStringLiteral("made")});
    }

    void aSlashAtTheEndChangesNothing()
    {
        QVERIFY(must(makeDirectoryWith(path("made/"), files())));
        QCOMPARE(entries(), QStringList{QStringLiteral("made")});
    }

    void takesTheRoomOfNothing_data()
    {
        QTest::addColumn<QString>("kind");
        for (const auto* kind : {"directory", "file", "link that leads nowhere"}) {
            QTest::newRow(kind) << QString::fromLatin1(kind);
        }
    }
    void takesTheRoomOfNothing()
    {
        QFETCH(const QString, kind);
        const auto place = path("taken");
        if (kind == QLatin1String("directory")) {
            fs::create_directory(place);
        } else if (kind == QLatin1String("file")) {
            writeDurably(place, asBytes("x"), FileMode::AnyReader).value();
        } else {
            fs::create_symlink("nowhere", place);
        }
        QVERIFY(!must(makeDirectoryWith(place, files())));
        QCOMPARE(entries().size(), 1);
        QVERIFY(kind != QLatin1String("directory") || fs::is_empty(place));
    }

    void whatCannotBeWrittenLeavesNothingBehind()
    {
        const std::array bad{NewFile{"a", asBytes("one")}, NewFile{"none/b", asBytes("two")}};
        const auto made = makeDirectoryWith(path("made"), bad);
        QVERIFY(!made.ok());
        QCOMPARE(made.error().code, StationCode::FileUnusable);
        QVERIFY(entries().isEmpty());
    }

    void whatIsAboveItHasToBeThere()
    {
        const auto made = makeDirectoryWith(path("none/made"), files());
        QVERIFY(!made.ok());
        QCOMPARE(made.error().code, StationCode::FileUnusable);
        QVERIFY2(made.error().what.find("none/made cannot be made") != std::string::npos, made.error().what.c_str());
        QVERIFY(entries().isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestDurableDirectory)
#include "tst_durable_directory.moc"
