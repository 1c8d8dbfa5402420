#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "tests/support/journal_fixture.h"
#include "ui/background/background_reader.h"
#include "ui/background/journal_questions.h"

#include <QTest>

#include <latch>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::ui;
using db::review::JournalReader;

namespace {

constexpr int kPatience = 20'000;

/// A journal and what reads it; counts how often it was opened and read.
struct Reading {
    Reading() { static_cast<void>(fixture.open()); }
    Result<std::unique_ptr<JournalReader>> connect()
    {
        ++opens;
        return JournalReader::open(fixture.directory());
    }
    /// Asks for the devices of all days, and keeps the answer.
    [[nodiscard]] PendingAnswer askDevices(Result<int>& told)
    {
        return reader.ask<int>(
            [this](JournalReader& journal, const std::stop_token&) -> Result<int> {
                ++reads;
                TRY_ASSIGN(const auto counters, journal.counters().since(UtcTime{}));
                return counters.devices;
            },
            [&told](const Result<int>& devices) { told = devices; });
    }
    /// Keeps the reader's thread busy until the latch opens or the question is taken back.
    [[nodiscard]] PendingAnswer occupy(std::latch& until, std::function<void(const Result<int>&)> answer)
    {
        return reader.ask<int>(
            [&until, this](JournalReader&, const std::stop_token& stop) -> Result<int> {
                const std::stop_callback open(stop, [&until] { until.count_down(); });
                occupied.count_down();
                until.wait();
                return 0;
            },
            std::move(answer));
    }

    JournalFixture fixture;
    std::atomic<int> opens{0};
    std::atomic<int> reads{0}; ///< questions for devices that were read
    std::latch occupied{1};
    BackgroundReader reader{[this] { return connect(); }};
};

const Error kNoAnswer = makeError(StationCode::InternalFault, "nothing was answered yet");

} // namespace

class BackgroundReaderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void answersOnTheThreadThatAsked()
    {
        Reading reading;
        reading.fixture.pass(1);
        QThread* answered = nullptr;
        std::atomic<QThread*> asked{nullptr};
        const auto pending = reading.reader.ask<int>(
            [&asked](JournalReader&, const std::stop_token&) -> Result<int> {
                asked = QThread::currentThread();
                return 1;
            },
            [&answered](const Result<int>&) { answered = QThread::currentThread(); });
        QTRY_COMPARE_WITH_TIMEOUT(answered, QThread::currentThread(), kPatience);
        QVERIFY(asked != answered);
    }

    void answersAQuestionThatThrowsAndGoesOn()
    {
        Reading reading;
        Result<int> told{0};
        auto pending = reading.reader.ask<int>(
            [](JournalReader&, const std::stop_token&) -> Result<int> { throw std::bad_alloc{}; },
            [&told](const Result<int>& answer) { told = answer; });
        QTRY_VERIFY_WITH_TIMEOUT(!told.ok(), kPatience);
        QCOMPARE(told.error().code, StationCode::InternalFault);
        pending = reading.askDevices(told);
        QTRY_VERIFY_WITH_TIMEOUT(told.ok(), kPatience);
        QCOMPARE(reading.opens.load(), 2);
    }

    void manyQuestionsUseOneConnection()
    {
        Reading reading;
        for (int device = 1; device <= 10; ++device) {
            reading.fixture.pass(device);
            Result<int> devices{kNoAnswer};
            const auto pending = reading.askDevices(devices);
            QTRY_VERIFY_WITH_TIMEOUT(devices.ok(), kPatience);
            QCOMPARE(*devices, device);
        }
        QCOMPARE(reading.opens.load(), 1);
    }

    void readsTheJournalThatStandsThereNow()
    {
        Reading reading;
        reading.fixture.pass(1);
        Result<int> devices{kNoAnswer};
        auto pending = reading.askDevices(devices);
        QTRY_VERIFY_WITH_TIMEOUT(devices.ok(), kPatience);
        for (const auto* name : {"journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm", "journal.sqlite.born"}) {
            std::filesystem::remove(reading.fixture.directory() / name);
        }
        reading.fixture.pass(2);
        reading.fixture.pass(3);
        devices = kNoAnswer;
        pending = reading.askDevices(devices);
        QTRY_VERIFY_WITH_TIMEOUT(devices.ok(), kPatience);
        QCOMPARE(*devices, 2);
        QCOMPARE(reading.opens.load(), 2);
    }

    void opensAgainAfterAFault()
    {
        Reading reading;
        reading.fixture.pass(1);
        Result<int> failed{0};
        auto pending = reading.reader.ask<int>(
            [](JournalReader&, const std::stop_token&) -> Result<int> {
                return makeError(StationCode::JournalCannotSave, "the disk is gone");
            },
            [&failed](const Result<int>& answer) { failed = answer; });
        QTRY_VERIFY_WITH_TIMEOUT(!failed.ok(), kPatience);
        Result<int> devices{kNoAnswer};
        pending = reading.askDevices(devices);
        QTRY_VERIFY_WITH_TIMEOUT(devices.ok(), kPatience);
        QCOMPARE(reading.opens.load(), 2);
    }

    void saysWhyNothingCanBeOpened()
    {
        BackgroundReader reader([]() -> Result<std::unique_ptr<JournalReader>> {
            return makeError(StationCode::JournalCannotSave, "there is no disk");
        });
        std::optional<ErrorCode> code;
        const auto pending = reader.ask<int>([](JournalReader&, const std::stop_token&) -> Result<int> { return 1; },
                                             [&code](const Result<int>& answer) { code = answer.error().code; });
        QTRY_VERIFY_WITH_TIMEOUT(code.has_value(), kPatience);
        QVERIFY(*code == StationCode::JournalCannotSave);
    }

    void whatNobodyWaitsForIsNeitherReadNorAnswered()
    {
        Reading reading;
        std::latch gate{1};
        auto busy = reading.occupy(gate, [](const Result<int>&) {});
        Result<int> forgotten{kNoAnswer};
        {
            const auto pending = reading.askDevices(forgotten);
        }
        Result<int> wanted{kNoAnswer};
        auto replaced = reading.askDevices(forgotten);
        replaced = reading.askDevices(wanted);
        reading.fixture.pass(1);
        busy = {}; // taken back while it is read
        QTRY_VERIFY_WITH_TIMEOUT(wanted.ok(), kPatience);
        QVERIFY(!forgotten.ok());
        QCOMPARE(*wanted, 1);
        QCOMPARE(reading.reads.load(), 1);
    }

    void aLateAnswerIsRefusedInTime()
    {
        std::latch gate{1};
        JournalFixture fixture;
        fixture.pass(1);
        BackgroundReader reader([&fixture] { return JournalReader::open(fixture.directory()); },
                                std::chrono::milliseconds{1});
        int answers = 0;
        std::optional<ErrorCode> code;
        const auto pending = reader.ask<int>(
            [&gate](JournalReader&, const std::stop_token& stop) -> Result<int> {
                const std::stop_callback open(stop, [&gate] { gate.count_down(); }); // at the deadline
                gate.wait();
                return 1;
            },
            [&](const Result<int>& answer) {
                ++answers;
                code = answer.ok() ? std::nullopt : std::optional{answer.error().code};
            });
        QTRY_VERIFY_WITH_TIMEOUT(code.has_value(), kPatience);
        QVERIFY(*code == StationCode::JournalBusy);
        // What the reader reads next comes behind the late answer, unless it is refused in its turn.
        for (Result<int> next{kNoAnswer}; !next.ok();) {
            int told = 0;
            const auto later = reader.ask<int>([](JournalReader&, const std::stop_token&) -> Result<int> { return 2; },
                                               [&](const Result<int>& answer) {
                                                   ++told;
                                                   next = answer;
                                               });
            QTRY_COMPARE_WITH_TIMEOUT(told, 1, kPatience);
        }
        QCOMPARE(answers, 1);
    }

    void theDaysViewKnowsTheRecordsOnShow()
    {
        Reading reading;
        const auto run = reading.fixture.pass(1);
        Result<JournalView> view{kNoAnswer};
        const auto pending = reading.reader.ask<JournalView>(
            [run](JournalReader& journal, const std::stop_token& stop) {
                return journalView(journal, {run.runId}, stop);
            },
            [&view](const Result<JournalView>& answer) { view = answer; });
        QTRY_VERIFY_WITH_TIMEOUT(view.ok(), kPatience);
        QCOMPARE(view->queued, 1);
        QVERIFY(view->records.at(run.runId).state == enrollment::RecordState::Queued);
    }

    void aShiftsViewCountsWhatWasTestedInIt()
    {
        const JournalFixture fixture;
        const auto run = fixture.pass(1);
        const auto journal = require(JournalReader::open(fixture.directory()));
        const auto devicesSince = [&](std::optional<UtcTime> since) {
            const auto view = require(journalView(*journal, {}, {}, since));
            return view.since == since ? view.devices : -1;
        };
        QCOMPARE(devicesSince(run.startedAt), 1);
        QCOMPARE(devicesSince(run.startedAt + std::chrono::milliseconds{1}), 0);
    }

    void theDaysViewThatNobodyWantsAnyMoreIsCancelled()
    {
        const JournalFixture fixture;
        const auto run = fixture.pass(1);
        const auto journal = require(JournalReader::open(fixture.directory()));
        std::stop_source stop;
        stop.request_stop();
        const auto view = journalView(*journal, {run.runId}, stop.get_token());
        QVERIFY(!view.ok());
        QVERIFY(view.error().code == DeviceCode::Cancelled);
    }

    void goesAwayWhileItReads()
    {
        std::latch gate{1};
        PendingAnswer busy; // nobody takes it back: the end of the reader alone opens the gate
        {
            Reading reading;
            reading.fixture.pass(1);
            busy = reading.occupy(gate, [](const Result<int>&) {});
            reading.occupied.wait();
        }
        QVERIFY(gate.try_wait());
    }
};

QTEST_GUILESS_MAIN(BackgroundReaderTest)
#include "tst_background_reader.moc"
