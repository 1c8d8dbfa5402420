#include "db/upload/uploader.h"
#include "tests/db/upload/upload_samples.h"
#include "tests/support/memory_outbox.h"
#include "tests/support/virtual_waiting.h"

#include <QtTest>

#include <deque>

using namespace enroll;
using namespace enroll::db::upload;
using namespace enroll::test;
using enrollment::RecordState;
using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

using Sent = std::vector<SendOutcome>;

Undecided open(ErrorCode code, Delivery delivery, std::optional<seconds> retryAfter = {})
{
    return {makeError(code, "scripted"), retryAfter, delivery};
}

/// A destination that holds what was delivered to it, and answers by script first. Writes down each call.
class ScriptedDestination final : public Destination {
public:
    enum class Arrives { Yes, No };
    struct Step {
        SendOutcome outcome;
        Arrives arrives = Arrives::No;
    };

    void then(SendOutcome outcome, Arrives arrives = Arrives::No) { m_steps.push_back({std::move(outcome), arrives}); }
    /// The outcome of one id alone, for ever.
    void always(const std::string& id, SendOutcome outcome) { m_always.insert_or_assign(id, std::move(outcome)); }
    void holds(const enrollment::RegistrationId& id) { ++m_held[id.text()]; }
    void readBackFails(Undecided why) { m_readBackFault = std::move(why); }

    std::vector<SendOutcome> send(std::span<const OutboxEntry> entries, const std::stop_token& stop) override
    {
        log.push_back("send " + std::to_string(entries.size()));
        if (onSend) {
            onSend(entries);
        }
        if (stop.stop_requested()) {
            return {entries.size(), open(ErrorCode::Cancelled, Delivery::InDoubt)};
        }
        if (m_steps.empty()) {
            return deliver(entries);
        }
        const auto step = std::move(m_steps.front());
        m_steps.pop_front();
        if (step.arrives == Arrives::Yes) {
            deliver(entries);
        }
        return {entries.size(), step.outcome};
    }

    std::vector<ReadBackOutcome> readBack(std::span<const OutboxEntry> entries, const std::stop_token&) override
    {
        log.push_back("read " + std::to_string(entries.size()));
        if (m_readBackFault) {
            return {entries.size(), *std::exchange(m_readBackFault, {})};
        }
        std::vector<ReadBackOutcome> outcomes;
        for (const auto& entry : entries) {
            const bool held = m_held.contains(entry.record.registrationId.text());
            outcomes.push_back(held ? ReadBackOutcome{Accepted{}} : ReadBackOutcome{Absent{}});
        }
        return outcomes;
    }

    /// How often one record was delivered: more than once is a fault of the uploader.
    [[nodiscard]] int mostDeliveries() const
    {
        int most = 0;
        for (const auto& [id, times] : m_held) {
            most = std::max(most, times);
        }
        return most;
    }
    [[nodiscard]] std::size_t held() const { return m_held.size(); }

    std::vector<std::string> log;
    std::function<void(std::span<const OutboxEntry>)> onSend;

private:
    std::vector<SendOutcome> deliver(std::span<const OutboxEntry> entries)
    {
        std::vector<SendOutcome> outcomes;
        for (const auto& entry : entries) {
            const auto& id = entry.record.registrationId.text();
            if (const auto fixed = m_always.find(id); fixed != m_always.end()) {
                outcomes.push_back(fixed->second);
                continue;
            }
            ++m_held[id];
            outcomes.emplace_back(Accepted{});
        }
        return outcomes;
    }

    std::deque<Step> m_steps;
    std::map<std::string, SendOutcome> m_always;
    std::map<std::string, int> m_held;
    std::optional<Undecided> m_readBackFault;
};

class RecordingSink final : public UploadProgressSink {
public:
    void progress(const UploadProgress& progress) override { seen.push_back(progress); }
    std::vector<UploadProgress> seen;
};

using Log = std::vector<std::string>;

} // namespace

class TestUploader : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init();
    void sendsTwentyThreeRecordsInThreeCalls();
    void marksEntriesSentBeforeTheCall();
    void closesEachEntryByItsOwnOutcome();
    void waitsAsLongAsTheServiceAsks();
    void sendsAgainAfterBeingTurnedAway();
    void readsBackInsteadOfSendingAgainAfterALostAnswer();
    void sendsAgainWhatDidNotArrive();
    void readsBackWhatAnInterruptedRunHadSent();
    void sendsNothingWhileTheReadBackFails();
    void stopsWhenSignInIsRefused();
    void givesUpAfterSoManyFailuresInARow();
    void countsFailuresInARowOnly();
    void oneRecordWithTroubleDoesNotHoldUpTheOthers();
    void stopsDuringTheBackOff();
    void leavesACancelledCallInDoubt();
    void sendsNothingWhenItCannotMarkEntries();
    void reportsAJournalThatCannotClose();
    void followsUntilStopped();
    void tellsHowFarItIs();

private:
    UploadReport drain()
    {
        return Uploader{*m_outbox, *m_destination, m_options, *m_sink, *m_waiting}.drain(m_stop->get_token());
    }
    void fill(int count)
    {
        for (int i = 1; i <= count; ++i) {
            m_outbox->add(recordNumber(i));
        }
    }

    std::unique_ptr<MemoryOutbox> m_outbox;
    std::unique_ptr<ScriptedDestination> m_destination;
    std::unique_ptr<RecordingSink> m_sink;
    std::unique_ptr<VirtualWaiting> m_waiting;
    std::unique_ptr<std::stop_source> m_stop;
    UploadOptions m_options;
};

void TestUploader::init()
{
    m_outbox = std::make_unique<MemoryOutbox>();
    m_destination = std::make_unique<ScriptedDestination>();
    m_sink = std::make_unique<RecordingSink>();
    m_waiting = std::make_unique<VirtualWaiting>();
    m_stop = std::make_unique<std::stop_source>();
    m_options = {};
    m_options.backOff.jitter = 0.0;
}

void TestUploader::sendsTwentyThreeRecordsInThreeCalls()
{
    fill(23);

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"send 10", "send 10", "send 3"}));
    QCOMPARE(report.accepted, std::size_t{23});
    QCOMPARE(report.left, std::size_t{0});
    QVERIFY(!report.stoppedBy);
    QCOMPARE(m_outbox->count(RecordState::Accepted), 23);
}

void TestUploader::marksEntriesSentBeforeTheCall()
{
    fill(3);
    int sentAtTheCall = 0;
    m_destination->onSend = [&](auto) { sentAtTheCall = m_outbox->count(RecordState::Sent); };

    drain();

    QCOMPARE(sentAtTheCall, 3);
}

void TestUploader::closesEachEntryByItsOwnOutcome()
{
    fill(3);
    m_destination->always("dev-002", Rejected{ErrorCode::CloudHasOtherKey, "another key"});

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{2});
    QCOMPARE(report.rejected.size(), std::size_t{1});
    QCOMPARE(report.rejected[0].registrationId, idNumber(2));
    QCOMPARE(report.rejected[0].code, ErrorCode::CloudHasOtherKey);
    QCOMPARE(report.rejected[0].reason, std::string{"another key"});
    QVERIFY(!report.rejected[0].headline.empty() && !report.rejected[0].nextStep.empty());
    QCOMPARE(m_outbox->closing(1), (OutboxClosing{2, RecordState::Rejected, "U-409", "another key"}));
    QCOMPARE(m_outbox->closing(2), (OutboxClosing{3, RecordState::Accepted, "", ""}));
}

void TestUploader::waitsAsLongAsTheServiceAsks()
{
    fill(2);
    m_destination->then(open(ErrorCode::CloudBusy, Delivery::NotDelivered, seconds{42}));

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{2});
    QCOMPARE(m_waiting->waits(), std::vector{milliseconds{42000}});
}

void TestUploader::sendsAgainAfterBeingTurnedAway()
{
    fill(2);
    m_destination->then(open(ErrorCode::CloudFault, Delivery::NotDelivered));
    m_destination->then(open(ErrorCode::CloudFault, Delivery::NotDelivered));

    drain();

    QCOMPARE(m_destination->log, (Log{"send 2", "send 2", "send 2"}));
    QCOMPARE(m_waiting->waits(), (std::vector{milliseconds{1000}, milliseconds{2000}}));
    QCOMPARE(m_outbox->entry(0).attempts, 3);
}

void TestUploader::readsBackInsteadOfSendingAgainAfterALostAnswer()
{
    fill(10);
    m_destination->then(open(ErrorCode::CloudUnreachable, Delivery::InDoubt), ScriptedDestination::Arrives::Yes);

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"send 10", "read 10"}));
    QCOMPARE(m_destination->mostDeliveries(), 1);
    QCOMPARE(report.accepted, std::size_t{10});
}

void TestUploader::sendsAgainWhatDidNotArrive()
{
    fill(10);
    m_destination->then(open(ErrorCode::CloudTimedOut, Delivery::InDoubt));

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"send 10", "read 10", "send 10"}));
    QCOMPARE(m_destination->mostDeliveries(), 1);
    QCOMPARE(report.accepted, std::size_t{10});
}

void TestUploader::readsBackWhatAnInterruptedRunHadSent()
{
    m_outbox->add(recordNumber(1), RecordState::Sent);
    m_outbox->add(recordNumber(2), RecordState::Sent);
    m_outbox->add(recordNumber(3));
    m_destination->holds(idNumber(1)); // its answer was lost with the process; number 2 never left the station

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"read 2", "send 2"}));
    QCOMPARE(m_destination->mostDeliveries(), 1);
    QCOMPARE(report.accepted, std::size_t{3});
}

void TestUploader::sendsNothingWhileTheReadBackFails()
{
    m_outbox->add(recordNumber(1), RecordState::Sent);
    m_outbox->add(recordNumber(2));
    m_destination->readBackFails(open(ErrorCode::CloudUnreachable, Delivery::NotDelivered));

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"read 1", "read 1", "send 2"}));
    QCOMPARE(report.accepted, std::size_t{2});
}

void TestUploader::stopsWhenSignInIsRefused()
{
    fill(12);
    m_destination->then(open(ErrorCode::CloudRefusedSignIn, Delivery::NotDelivered));

    const auto report = drain();

    QCOMPARE(m_destination->log, Log{"send 10"});
    QCOMPARE(report.stoppedBy->code, ErrorCode::CloudRefusedSignIn);
    QCOMPARE(report.left, std::size_t{12});
    QVERIFY(report.rejected.empty());
    QVERIFY(m_waiting->waits().empty());
}

void TestUploader::givesUpAfterSoManyFailuresInARow()
{
    fill(2);
    m_options.mode = DrainOnce{.mostFailuresInARow = 3};
    for (int i = 0; i < 9; ++i) {
        m_destination->then(open(ErrorCode::CloudUnreachable, Delivery::NotDelivered));
    }

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"send 2", "send 2", "send 2"}));
    QCOMPARE(report.stoppedBy->code, ErrorCode::CloudUnreachable);
    QCOMPARE(report.left, std::size_t{2});
}

void TestUploader::countsFailuresInARowOnly()
{
    fill(30);
    m_options.mode = DrainOnce{.mostFailuresInARow = 2};
    for (int i = 0; i < 3; ++i) {
        m_destination->then(open(ErrorCode::CloudBusy, Delivery::NotDelivered));
        m_destination->then(Accepted{}, ScriptedDestination::Arrives::Yes);
    }

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{30});
    QVERIFY(!report.stoppedBy);
}

void TestUploader::oneRecordWithTroubleDoesNotHoldUpTheOthers()
{
    fill(25);
    m_options.mode = DrainOnce{.mostFailuresInARow = 2};
    m_destination->always("dev-003", open(ErrorCode::CloudFault, Delivery::NotDelivered));

    const auto report = drain();

    QCOMPARE(report.accepted, std::size_t{24});
    QCOMPARE(report.left, std::size_t{1});
    QCOMPARE(report.stoppedBy->code, ErrorCode::CloudFault);
    QCOMPARE(m_destination->mostDeliveries(), 1);
}

void TestUploader::stopsDuringTheBackOff()
{
    fill(2);
    m_destination->then(open(ErrorCode::CloudBusy, Delivery::NotDelivered, seconds{300}));
    m_waiting->onWait([this] { m_stop->request_stop(); });

    const auto report = drain();

    QCOMPARE(m_destination->log, Log{"send 2"});
    QCOMPARE(report.stoppedBy->code, ErrorCode::Cancelled);
    QCOMPARE(report.left, std::size_t{2});
}

void TestUploader::leavesACancelledCallInDoubt()
{
    fill(2);
    m_destination->onSend = [this](auto) { m_stop->request_stop(); };

    const auto report = drain();

    QCOMPARE(report.stoppedBy->code, ErrorCode::Cancelled);
    QCOMPARE(m_outbox->count(RecordState::Sent), 2);
}

void TestUploader::sendsNothingWhenItCannotMarkEntries()
{
    fill(2);
    m_outbox->failOn("markSent", makeError(ErrorCode::JournalCannotSave, "disk full"));

    const auto report = drain();

    QVERIFY(m_destination->log.empty());
    QCOMPARE(report.stoppedBy->code, ErrorCode::JournalCannotSave);
}

void TestUploader::reportsAJournalThatCannotClose()
{
    fill(2);
    m_outbox->failOn("close", makeError(ErrorCode::JournalBusy, "locked"));

    const auto report = drain();

    QCOMPARE(report.stoppedBy->code, ErrorCode::JournalBusy);
    QCOMPARE(report.accepted, std::size_t{0});
    QCOMPARE(m_outbox->count(RecordState::Sent), 2);
}

void TestUploader::followsUntilStopped()
{
    fill(1);
    m_options.mode = FollowUntilStopped{milliseconds{2000}};
    m_waiting->onWait([this] {
        if (m_waiting->waits().size() == 3) {
            m_stop->request_stop();
        } else {
            m_outbox->add(recordNumber(1 + static_cast<int>(m_waiting->waits().size())));
        }
    });

    const auto report = drain();

    QCOMPARE(m_destination->log, (Log{"send 1", "send 1", "send 1"}));
    QCOMPARE(report.accepted, std::size_t{3});
    QCOMPARE(report.stoppedBy->code, ErrorCode::Cancelled);
    QCOMPARE(m_outbox->enqueued(), 4);
}

void TestUploader::tellsHowFarItIs()
{
    fill(12);
    m_destination->then(open(ErrorCode::CloudBusy, Delivery::NotDelivered, seconds{5}));

    drain();

    QCOMPARE(m_sink->seen.front().total, std::size_t{12});
    const auto waiting = std::ranges::find_if(m_sink->seen, [](const auto& p) { return p.waiting > milliseconds{0}; });
    QVERIFY(waiting != m_sink->seen.end());
    QCOMPARE(waiting->waiting, milliseconds{5000});
    QCOMPARE(waiting->lastError->code, ErrorCode::CloudBusy);
    QCOMPARE(m_sink->seen.back().accepted, std::size_t{12});
    QCOMPARE(m_sink->seen.back().left, std::size_t{0});
}

QTEST_APPLESS_MAIN(TestUploader)
#include "tst_uploader.moc"
