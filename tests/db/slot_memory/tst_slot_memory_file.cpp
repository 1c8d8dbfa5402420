#include "core/base/station_code.h"
#include "core/system/durable_file.h"
#include "core/system/whole_file.h"
#include "core/system/write_signals.h"
#include "db/slot_memory/kept_tests_document.h"
#include "db/slot_memory/slot_memory_file.h"
#include "tests/support/full_disk.h"
#include "tests/support/in_child.h"
#include "tests/support/must.h"
#include "tests/support/odd_files.h"

#include <QTemporaryDir>
#include <QTest>

#include <fstream>
#include <thread>

using namespace enroll;
using namespace enroll::db::slot_memory;
using enroll::test::must;
using enrollment::RunId;
using enrollment::SerialNumber;
using enrollment::SlotNumber;
using station::KeptTest;
using station::KeptTests;

namespace {

namespace fs = std::filesystem;

#ifdef __SANITIZE_THREAD__
constexpr bool kUnderThreadSanitizer = true;
#else
constexpr bool kUnderThreadSanitizer = false;
#endif

KeptTest testOf(int number)
{
    return {SerialNumber{"GX-" + std::to_string(number)}, UtcTime{std::chrono::seconds{number}}, std::nullopt,
            "tcp://127.0.0.1:9"};
}

} // namespace

class SlotMemoryFileTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { system::ignoreSignalsOfWrites(); }

    void init()
    {
        m_root = std::make_unique<QTemporaryDir>();
        m_data = m_root->path().toStdString();
    }

    void whatBeginsIsOnTheDiskWhenThatReturns()
    {
        const auto memory = must(SlotMemoryFile::open(m_data));
        QVERIFY(memory->kept().empty() && !memory->fault());
        QVERIFY(memory->begin({3}, testOf(1)).ok());
        QVERIFY(stored() == (KeptTests{{SlotNumber{3}, testOf(1)}}));
    }

    void isKeptFromStartToStart()
    {
        auto ended = testOf(1);
        ended.runId = RunId{"0193"};
        {
            const auto memory = must(SlotMemoryFile::open(m_data));
            QVERIFY(memory->begin({1}, testOf(1)).ok());
            QVERIFY(memory->begin({2}, testOf(2)).ok());
            memory->change({1}, ended);
        }
        const KeptTests both{{SlotNumber{1}, ended}, {SlotNumber{2}, testOf(2)}};
        {
            const auto memory = must(SlotMemoryFile::open(m_data));
            QVERIFY(memory->kept() == both);
            memory->change({1}, std::nullopt);
            QVERIFY(memory->kept() == both); // of the start
        }
        QVERIFY(must(SlotMemoryFile::open(m_data))->kept() == (KeptTests{{SlotNumber{2}, testOf(2)}}));
    }

    void writesNothingWhileNothingChanges()
    {
        {
            const auto memory = must(SlotMemoryFile::open(m_data));
            memory->change({1}, std::nullopt);
        }
        QVERIFY(!fs::exists(file()));
        {
            const auto memory = must(SlotMemoryFile::open(m_data));
            QVERIFY(memory->begin({1}, testOf(1)).ok());
        }
        fs::remove(file());
        {
            std::ofstream{file()} << keptTestsText({{SlotNumber{1}, testOf(1)}}).toStdString();
            const auto before = fs::last_write_time(file());
            const auto memory = must(SlotMemoryFile::open(m_data));
            memory->change({1}, testOf(1));
            memory->change({2}, std::nullopt);
            QVERIFY(fs::last_write_time(file()) == before);
        }
    }

    void slotsThatBeginAtOnceAreAllKept()
    {
        constexpr int kSlots = 16;
        {
            const auto memory = must(SlotMemoryFile::open(m_data));
            std::vector<std::jthread> threads;
            for (int slot = 1; slot <= kSlots; ++slot) {
                threads.emplace_back([&memory, slot] {
                    for (int round = 0; round < 5; ++round) {
                        must(memory->begin({slot}, testOf(slot)));
                        memory->change({slot}, round % 2 == 0 ? std::nullopt : std::optional{testOf(100 + slot)});
                    }
                    must(memory->begin({slot}, testOf(slot)));
                });
            }
        }
        QCOMPARE(stored().size(), static_cast<std::size_t>(kSlots));
        for (const auto& [slot, test] : stored()) {
            QVERIFY(test == testOf(slot.value));
        }
    }

    void oneProgramAtATime()
    {
        auto memory = must(SlotMemoryFile::open(m_data));
        const auto second = SlotMemoryFile::open(m_data);
        QVERIFY(!second.ok());
        QCOMPARE(second.error().code, StationCode::JournalBusy);
        memory.reset();
        QVERIFY(SlotMemoryFile::open(m_data).ok());
    }

    /// A rename replaces the file as a whole; this is a disk that lied, or a hand.
    void aFileCutAnywhereIsSetAsideAndNothingOfItIsLost()
    {
        const auto good = keptTestsText({{SlotNumber{1}, testOf(1)}}).trimmed().toStdString();
        for (std::size_t length = 0; length < good.size(); ++length) {
            const auto cut = good.substr(0, length);
            std::ofstream{file()} << cut;
            const auto memory = must(SlotMemoryFile::open(m_data));
            QVERIFY2(memory->kept().empty() && memory->fault(), cut.c_str());
            const auto aside = file().string() + ".unreadable-" + std::to_string(length + 1);
            QCOMPARE(must(system::readWholeText(aside, good.size())), cut);
            QVERIFY(memory->fault()->what.find(aside) != std::string::npos);
            QVERIFY(!fs::exists(file()));
        }
    }

    /// What a screen tells at every look is not written at every look.
    void whenASerialWasScannedIsKeptFromTheFirstTime()
    {
        const auto memory = must(SlotMemoryFile::open(m_data));
        QVERIFY(memory->begin({1}, testOf(1)).ok());
        auto later = testOf(1);
        later.startedAt += std::chrono::seconds{5};
        memory->change({1}, later);
        QVERIFY(memory->begin({2}, testOf(2)).ok()); // what was told before is written by now
        QVERIFY(must(keptTestsFromText(must(system::readWholeFile(file(), 4096)))).at({1}) == testOf(1));
    }

    void aLockThatIsNoneKeepsNobodyOut()
    {
        fs::create_directories(m_data / "station.lock");
        const auto refused = SlotMemoryFile::open(m_data);
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, StationCode::FileUnusable);
    }

    void testsAreKeptAgainOnceTheFileIsOutOfTheWay()
    {
        fs::create_directories(file());
        const auto memory = must(SlotMemoryFile::open(m_data));
        QVERIFY(!memory->begin({1}, testOf(1)).ok());
        fs::remove(file());
        QVERIFY(memory->begin({1}, testOf(1)).ok());
        QVERIFY(memory->begin({1}, testOf(2)).ok()); // its own file is not in the way
    }

    void aFileThatIsTooLongIsSetAside()
    {
        std::ofstream{file()} << std::string(std::size_t{2} * 1024 * 1024, ' ');
        const auto memory = must(SlotMemoryFile::open(m_data));
        QVERIFY(memory->fault());
        QVERIFY(fs::exists(file().string() + ".unreadable-1"));
        QVERIFY(memory->begin({1}, testOf(1)).ok());
        QCOMPARE(stored().size(), std::size_t{1});
    }

    /// Nothing waits for a pipe, and what is no file is never replaced: a run is refused instead.
    void whatIsNoFileStaysAndIsNamed()
    {
        for (const auto& odd : test::oddFiles()) {
            init();
            odd.make(file());
            const auto memory = must(SlotMemoryFile::open(m_data));
            QVERIFY2(memory->fault() && memory->fault()->what.find(odd.said) != std::string::npos, odd.name);
            QVERIFY2(memory->kept().empty(), odd.name);
            const auto begun = memory->begin({1}, testOf(1));
            QVERIFY2(!begun.ok() && begun.error().code == StationCode::JournalCannotSave, odd.name);
            QVERIFY2(fs::exists(fs::symlink_status(file())), odd.name);
        }
    }

    void whatMayNotBeReadStaysUntilItIsTakenAway()
    {
        if (kUnderThreadSanitizer) {
            QSKIP("the child of a process with threads cannot start one under ThreadSanitizer");
        }
        std::ofstream{file()} << "somebody else's";
        fs::permissions(file(), fs::perms::none);
        fs::permissions(m_data, fs::perms::all);
        const auto ended = test::resultInChild([this] {
            test::becomeAnybody();
            const auto memory = must(SlotMemoryFile::open(m_data));
            const bool refused = memory->fault() && !memory->begin({1}, testOf(1)).ok() && fs::exists(file());
            fs::remove(file());
            return refused && memory->begin({1}, testOf(1)).ok() ? 0 : 1;
        });
        QCOMPARE(ended, 0);
        QCOMPARE(stored().size(), std::size_t{1});
    }

    void aFullDiskLeavesWhatWasKept()
    {
        const auto memory = must(SlotMemoryFile::open(m_data));
        QVERIFY(memory->begin({1}, testOf(1)).ok());
        {
            const test::FullDisk full{1};
            const auto refused = memory->begin({2}, testOf(2));
            QVERIFY(!refused.ok());
            QCOMPARE(refused.error().code, StationCode::JournalCannotSave);
            QVERIFY(stored() == (KeptTests{{SlotNumber{1}, testOf(1)}}));
        }
        QVERIFY(memory->begin({3}, testOf(3)).ok()); // together with what the disk had no room for
        QCOMPARE(stored().size(), std::size_t{3});
    }

    void aDirectoryThatIsNotThereRefusesRunsAlone()
    {
        const auto memory = must(SlotMemoryFile::open(m_data / "none"));
        QVERIFY(memory->kept().empty() && !memory->fault());
        QCOMPARE(memory->begin({1}, testOf(1)).error().code, StationCode::JournalCannotSave);
    }

private:
    [[nodiscard]] fs::path file() const { return slotMemoryFile(m_data); }
    [[nodiscard]] KeptTests stored() const
    {
        return must(keptTestsFromText(must(system::readWholeFile(file(), 1U << 20U))));
    }

    std::unique_ptr<QTemporaryDir> m_root;
    fs::path m_data;
};

QTEST_GUILESS_MAIN(SlotMemoryFileTest)
#include "tst_slot_memory_file.moc"
