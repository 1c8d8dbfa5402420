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

#include <algorithm>
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

const std::map<SlotNumber, std::string> kDevices{{SlotNumber{1}, "tcp://127.0.0.1:9"},
                                                 {SlotNumber{2}, "dev:///dev/tpm0"}};

Result<std::shared_ptr<SlotMemoryFile>> openIn(const fs::path& data)
{
    return SlotMemoryFile::open(data, kDevices, {});
}

/// A test of which nothing is known is kept of every slot, and of no other.
bool knowsNothing(const KeptTests& kept)
{
    return kept.size() == kDevices.size() && std::ranges::all_of(kept, [](const auto& entry) {
               const auto& [slot, test] = entry;
               return !test.serial && !test.runId && test.device == kDevices.at(slot);
           });
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
        const auto memory = must(openIn(m_data));
        QVERIFY(memory->kept().empty() && !memory->fault());
        QVERIFY(memory->begin({3}, testOf(1)).ok());
        QVERIFY(stored() == (KeptTests{{SlotNumber{3}, testOf(1)}}));
    }

    void isKeptFromStartToStart()
    {
        auto ended = testOf(1);
        ended.runId = RunId{"0193"};
        {
            const auto memory = must(openIn(m_data));
            QVERIFY(memory->begin({1}, testOf(1)).ok());
            QVERIFY(memory->begin({2}, testOf(2)).ok());
            memory->change({1}, ended);
        }
        const KeptTests both{{SlotNumber{1}, ended}, {SlotNumber{2}, testOf(2)}};
        {
            const auto memory = must(openIn(m_data));
            QVERIFY(memory->kept() == both);
            memory->change({1}, std::nullopt);
            QVERIFY(memory->kept() == both); // of the start
        }
        QVERIFY(must(openIn(m_data))->kept() == (KeptTests{{SlotNumber{2}, testOf(2)}}));
    }

    void writesNothingWhileNothingChanges()
    {
        {
            const auto memory = must(openIn(m_data));
            memory->change({1}, std::nullopt);
        }
        QVERIFY(!fs::exists(file()));
        {
            const auto memory = must(openIn(m_data));
            QVERIFY(memory->begin({1}, testOf(1)).ok());
        }
        fs::remove(file());
        {
            std::ofstream{file()} << keptTestsText({{SlotNumber{1}, testOf(1)}}).toStdString();
            const auto before = fs::last_write_time(file());
            const auto memory = must(openIn(m_data));
            memory->change({1}, testOf(1));
            memory->change({2}, std::nullopt);
            QVERIFY(fs::last_write_time(file()) == before);
        }
    }

    void slotsThatBeginAtOnceAreAllKept()
    {
        constexpr int kSlots = 16;
        {
            const auto memory = must(openIn(m_data));
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
        auto memory = must(openIn(m_data));
        const auto second = openIn(m_data);
        QVERIFY(!second.ok());
        QCOMPARE(second.error().code, StationCode::JournalBusy);
        memory.reset();
        QVERIFY(openIn(m_data).ok());
    }

    /// A rename replaces the file as a whole; this is a disk that lied, or a hand.
    void aFileCutAnywhereIsSetAsideAndNothingOfItIsLost()
    {
        const auto good = keptTestsText({{SlotNumber{1}, testOf(1)}}).trimmed().toStdString();
        constexpr std::size_t kStep = 16; // where exactly makes no difference: tst_kept_tests_document
        int cuts = 0;
        for (std::size_t length = 0; length < good.size(); length += kStep) {
            const auto cut = good.substr(0, length);
            std::ofstream{file()} << cut;
            const auto memory = must(openIn(m_data));
            QVERIFY2(knowsNothing(memory->kept()) && memory->fault(), cut.c_str());
            const auto aside = file().string() + ".unreadable-" + std::to_string(++cuts);
            QCOMPARE(must(system::readWholeText(aside, good.size())), cut);
            QVERIFY(memory->fault()->what.find(aside) != std::string::npos);
        }
    }

    /// Until somebody dealt with a slot, however often the station starts.
    void whatIsNotKnownIsSaidAtEachStart()
    {
        std::ofstream{file()} << "{";
        QVERIFY(must(openIn(m_data))->fault());
        for (int start = 0; start < 2; ++start) {
            const auto memory = must(openIn(m_data));
            QVERIFY(!memory->fault()); // said in the log once
            QVERIFY(knowsNothing(memory->kept()));
        }
        must(openIn(m_data))->change({1}, std::nullopt);
        const auto memory = must(openIn(m_data));
        QCOMPARE(memory->kept().size(), std::size_t{1});
        QVERIFY(!memory->kept().at({2}).serial);
        QVERIFY(fs::exists(file().string() + ".unreadable-1") && !fs::exists(file().string() + ".unreadable-2"));
    }

    /// A power cut between the two steps, or a disk that was full at the second.
    void aFileThatWasSetAsideAndNotReplacedIsNotForgotten()
    {
        std::ofstream{file()} << "{";
        {
            const test::FullDisk full{1};
            QVERIFY(must(openIn(m_data))->fault());
        }
        QVERIFY(!fs::exists(file()));
        QVERIFY(knowsNothing(must(openIn(m_data))->kept()));
        QVERIFY(knowsNothing(stored()));
    }

    /// What it leads to is somebody else's, and a link that leads nowhere was meant to lead somewhere.
    void aLinkIsSetAsideItself_data()
    {
        QTest::addColumn<bool>("leadsSomewhere");
        QTest::newRow("to a file") << true;
        QTest::newRow("to nothing") << false;
    }
    void aLinkIsSetAsideItself()
    {
        QFETCH(const bool, leadsSomewhere);
        const auto other = m_data / "other";
        const auto content = keptTestsText({{SlotNumber{1}, testOf(1)}}).toStdString();
        if (leadsSomewhere) {
            std::ofstream{other} << content;
        }
        fs::create_symlink("other", file());
        const auto memory = must(openIn(m_data));
        QVERIFY(memory->fault() && knowsNothing(memory->kept()));
        QVERIFY(memory->begin({1}, testOf(3)).ok());
        QVERIFY(stored().at({1}) == testOf(3));
        QVERIFY(fs::is_regular_file(fs::symlink_status(file())));
        QVERIFY(fs::read_symlink(file().string() + ".unreadable-1") == "other");
        QCOMPARE(fs::exists(other), leadsSomewhere);
        QVERIFY(!leadsSomewhere || must(system::readWholeText(other, 4096)) == content);
    }

    void readingItAloneChangesNothing()
    {
        QVERIFY(must(readKeptTests(m_data, {})).empty());
        std::ofstream{file()} << "{";
        QCOMPARE(readKeptTests(m_data, {}).error().code, StationCode::DocumentMalformed);
        QVERIFY(fs::exists(file()) && !fs::exists(file().string() + ".unreadable-1"));
        QVERIFY(!fs::exists(stationLockFile(m_data)));
    }

    /// What a screen tells at every look is not written at every look.
    void whenASerialWasScannedIsKeptFromTheFirstTime()
    {
        const auto memory = must(openIn(m_data));
        QVERIFY(memory->begin({1}, testOf(1)).ok());
        auto later = testOf(1);
        later.startedAt += std::chrono::seconds{5};
        memory->change({1}, later);
        QVERIFY(memory->begin({2}, testOf(2)).ok()); // what was told before is written by now
        QVERIFY(stored().at({1}) == testOf(1));
    }

    void aLockThatIsNoneKeepsNobodyOut()
    {
        fs::create_directories(m_data / "station.lock");
        const auto refused = openIn(m_data);
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, StationCode::FileUnusable);
    }

    void testsAreKeptAgainOnceTheFileIsOutOfTheWay()
    {
        fs::create_directories(file());
        const auto memory = must(openIn(m_data));
        QVERIFY(!memory->begin({1}, testOf(1)).ok());
        fs::remove(file());
        QVERIFY(memory->begin({1}, testOf(1)).ok());
        QVERIFY(memory->begin({1}, testOf(2)).ok()); // its own file is not in the way
    }

    void aFileThatIsTooLongIsSetAside()
    {
        std::ofstream{file()} << std::string(std::size_t{2} * 1024 * 1024, ' ');
        const auto memory = must(openIn(m_data));
        QVERIFY(memory->fault());
        QVERIFY(fs::exists(file().string() + ".unreadable-1"));
        QVERIFY(memory->begin({1}, testOf(1)).ok());
        QVERIFY(stored().at({1}) == testOf(1) && !stored().at({2}).serial);
    }

    /// Nothing waits for a pipe, and what is no file is never replaced: a run is refused instead.
    void whatIsNoFileStaysAndIsNamed()
    {
        for (const auto& odd : test::oddFiles()) {
            init();
            odd.make(file());
            if (fs::is_symlink(fs::symlink_status(file()))) {
                continue; // set aside
            }
            const auto memory = must(openIn(m_data));
            QVERIFY2(memory->fault() && memory->fault()->what.find(odd.said) != std::string::npos, odd.name);
            QVERIFY2(knowsNothing(memory->kept()), odd.name);
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
            const auto memory = must(openIn(m_data));
            const bool refused = memory->fault() && !memory->begin({1}, testOf(1)).ok() && fs::exists(file());
            fs::remove(file());
            return refused && memory->begin({1}, testOf(1)).ok() ? 0 : 1;
        });
        QCOMPARE(ended, 0);
        QVERIFY(stored().at({1}) == testOf(1));
    }

    void aFullDiskLeavesWhatWasKept()
    {
        const auto memory = must(openIn(m_data));
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
        const auto memory = must(openIn(m_data / "none"));
        QVERIFY(memory->kept().empty() && !memory->fault());
        QCOMPARE(memory->begin({1}, testOf(1)).error().code, StationCode::JournalCannotSave);
    }

private:
    [[nodiscard]] fs::path file() const { return slotMemoryFile(m_data); }
    [[nodiscard]] KeptTests stored() const { return must(readKeptTests(m_data, {})); }

    std::unique_ptr<QTemporaryDir> m_root;
    fs::path m_data;
};

QTEST_GUILESS_MAIN(SlotMemoryFileTest)
#include "tst_slot_memory_file.moc"
