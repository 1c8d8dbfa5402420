#include "app/desktop/journal_watcher.h"
#include "core/base/station_code.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace enroll;
using namespace enroll::app::desktop;

namespace {

constexpr int kPatience = 60'000;
constexpr std::chrono::milliseconds kInterval{10};

/// A data directory and who watches it.
struct Watched {
    [[nodiscard]] std::filesystem::path data() const
    {
        return std::filesystem::path{root.path().toStdString()} / "data";
    }
    /// Nothing can be written where something stands that is no file.
    [[nodiscard]] std::filesystem::path obstacle() const { return data() / ".write-trial" / "x"; }

    QTemporaryDir root;
    std::atomic<int> opens{0};
    ui::BackgroundReader reader{[this, connect = journalConnection({.dataDirectory = data(), .destinations = {}})] {
        ++opens;
        return connect();
    }};
    JournalWatcher watcher{reader, data(), kInterval};
    QSignalSpy viewed{&watcher, &JournalWatcher::viewRead};
    QSignalSpy failed{&watcher, &JournalWatcher::failed};
};

} // namespace

class JournalWatcherTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAJournalThatCanBeWritten()
    {
        Watched watched;
        QVERIFY(!watched.viewed.empty() || watched.viewed.wait(kPatience));
        QCOMPARE(watched.failed.size(), 0);
        QVERIFY(!std::filesystem::exists(watched.data() / ".write-trial"));
    }

    void looksAgainAndAgainOnOneConnection()
    {
        Watched watched;
        QTRY_VERIFY_WITH_TIMEOUT(watched.viewed.size() >= 5, kPatience);
        QCOMPARE(watched.failed.size(), 0);
        QCOMPARE(watched.opens.load(), 1);
    }

    void aJournalThatWasTakenAwayIsMadeAgain()
    {
        Watched watched;
        QVERIFY(!watched.viewed.empty() || watched.viewed.wait(kPatience));
        std::filesystem::rename(watched.data(), watched.data().parent_path() / "moved");
        watched.viewed.clear();
        QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(watched.data() / "journal.sqlite"), kPatience);
        QVERIFY(watched.viewed.wait(kPatience));
    }

    void aDoubtIsAnsweredByAWriteAndEndsByItself()
    {
        Watched watched;
        QVERIFY(!watched.viewed.empty() || watched.viewed.wait(kPatience));
        std::filesystem::create_directories(watched.obstacle());
        watched.watcher.saveFailed();
        QVERIFY(watched.failed.wait(kPatience));
        const auto& told = watched.failed.front().front();
        QCOMPARE(told.metaType(), QMetaType::fromType<Error>());
        QVERIFY(static_cast<const Error*>(told.constData())->code == StationCode::JournalCannotSave);
        watched.viewed.clear();
        std::filesystem::remove_all(watched.data() / ".write-trial");
        QVERIFY(watched.viewed.wait(kPatience));
    }

    void whatWasReadBeforeADoubtIsNotTold()
    {
        Watched watched;
        QVERIFY(!watched.viewed.empty() || watched.viewed.wait(kPatience));
        std::filesystem::create_directories(watched.obstacle());
        watched.viewed.clear();
        watched.watcher.refresh({});
        watched.watcher.saveFailed();
        QVERIFY(watched.failed.wait(kPatience));
        QCOMPARE(watched.viewed.size(), 0);
    }
};

QTEST_GUILESS_MAIN(JournalWatcherTest)
#include "tst_journal_watcher.moc"
