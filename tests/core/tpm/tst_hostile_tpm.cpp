#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"
#include "tests/core/tpm/device_tpm_steps.h"
#include "tests/support/code_text.h"
#include "tests/support/hostile_relay.h"
#include "tests/support/swtpm_fixture.h"

#include <QElapsedTimer>
#include <QTest>

#include <array>
#include <thread>

namespace enroll::test {
namespace {

using namespace tpm::command_code;
using C = DeviceCode;

constexpr auto kMessage = "message";

struct AttackRow {
    const char* name;
    Attack attack;
    std::uint32_t commandCode;
    C expected;
};

// Every attack on the very first response, on one that tells a handle, and on one with sessions.
constexpr std::array kAttacks{
    AttackRow{"truncated properties", Attack::Truncate, kGetCapability, C::TpmResponseTruncated},
    AttackRow{"truncated session", Attack::Truncate, kStartAuthSession, C::TpmResponseTruncated},
    AttackRow{"truncated primary key", Attack::Truncate, kCreatePrimary, C::TpmResponseTruncated},
    AttackRow{"truncated credential", Attack::Truncate, kActivateCredential, C::TpmResponseTruncated},
    AttackRow{"stalled key", Attack::Stall, kReadPublic, C::TpmTimedOut},
    AttackRow{"stalled session", Attack::Stall, kStartAuthSession, C::TpmTimedOut},
    AttackRow{"stalled load", Attack::Stall, kLoad, C::TpmTimedOut},
    AttackRow{"silence after credential", Attack::Silence, kActivateCredential, C::TpmTimedOut},
    AttackRow{"oversized properties", Attack::OversizedHeader, kGetCapability, C::TpmResponseOversized},
    AttackRow{"oversized load", Attack::OversizedHeader, kLoad, C::TpmResponseOversized},
    AttackRow{"extra bytes after key", Attack::ExtraBytes, kReadPublic, C::TpmResponseOversized},
    AttackRow{"extra bytes after import", Attack::ExtraBytes, kImport, C::TpmResponseOversized},
    AttackRow{"garbage certificate", Attack::Garbage, kNvRead, C::TpmResponseMalformed},
    AttackRow{"garbage session", Attack::Garbage, kStartAuthSession, C::TpmResponseMalformed},
    AttackRow{"garbage load", Attack::Garbage, kLoad, C::TpmResponseMalformed},
    AttackRow{"long nonce of a session", Attack::LongNonce, kStartAuthSession, C::TpmResponseMalformed},
    AttackRow{"wrong tag", Attack::WrongTag, kPolicySecret, C::TpmResponseMalformed},
    AttackRow{"huge parameter of a key", Attack::HugeParameter, kReadPublic, C::TpmResponseMalformed},
    AttackRow{"huge parameter of a signature", Attack::HugeParameter, kHmac, C::TpmResponseMalformed},
    AttackRow{"another name of a primary key", Attack::BitOfParameter, kCreatePrimary, C::TpmResponseMalformed},
    AttackRow{"another credential", Attack::BitOfParameter, kActivateCredential, C::AnswersChanged},
    AttackRow{"another name of an imported key", Attack::BitOfParameter, kLoad, C::TpmResponseMalformed},
    AttackRow{"failure with body", Attack::FailureWithBody, kImport, C::TpmResponseMalformed},
    AttackRow{"disconnect at properties", Attack::Disconnect, kGetCapability, C::NoTpmAnswers},
    AttackRow{"disconnect at load", Attack::Disconnect, kLoad, C::NoTpmAnswers},
    AttackRow{"locked out", Attack::Lockout, kActivateCredential, C::TpmLockedOut},
    AttackRow{"try again at properties", Attack::TryAgain, kGetCapability, C::TpmResponseMalformed},
    AttackRow{"try again at load", Attack::TryAgain, kLoad, C::TpmResponseMalformed},
};

constexpr std::chrono::milliseconds kSlowFlush{100};

Bytes bareSuccess()
{
    ByteWriter writer;
    writer.u16(tpm::kTagNoSessions).u32(tpm::kHeaderSize).u32(0);
    return std::move(writer).take();
}

/// TPM_CAP_HANDLES with the 254 handles that fit: transient objects from \p first on.
Bytes fullHandleList(std::uint32_t first)
{
    constexpr std::uint32_t kMost = 254;
    constexpr std::size_t kHandles = std::size_t{4} * kMost;
    ByteWriter writer;
    writer.u16(tpm::kTagNoSessions).u32(tpm::kHeaderSize + 9 + kHandles).u32(0).u8(0).u32(1).u32(kMost);
    for (std::uint32_t i = 0; i < kMost; ++i) {
        writer.u32(first + i);
    }
    return std::move(writer).take();
}

/// Loses the line at the first key; from then on lists handles without end and takes its time for each flush.
RelayBehaviour endlessHandles()
{
    const auto lost = std::make_shared<bool>(false);
    const auto lists = std::make_shared<std::uint32_t>(0);
    return {.instead = [lost, lists](std::uint32_t code) -> std::optional<RelayReply> {
                if (*lost && code == kGetCapability) {
                    return RelayReply{fullHandleList(0x80FF0000 + 0x1000 * (*lists)++)};
                }
                if (*lost && code == kFlushContext) {
                    return RelayReply{bareSuccess(), kSlowFlush};
                }
                return std::nullopt;
            },
            .reply =
                [lost](std::uint32_t code, Bytes response) {
                    *lost = *lost || code == kCreatePrimary;
                    return *lost ? RelayReply{{}, {}, RelayReply::Then::Close} : RelayReply{std::move(response)};
                }};
}

/// The stop comes while the TPM is at its first key: nothing more is heard of it over this line.
struct StopAtTheKey {
    std::stop_source stop;
    QElapsedTimer sinceStop; ///< started before the stop, read after what it caused
    bool lost = false;       ///< by the relay's thread alone

    RelayReply lose()
    {
        lost = true;
        sinceStop.start();
        stop.request_stop();
        return {{}, {}, RelayReply::Then::Stall};
    }
};

/// Over the next line the TPM answers its first command only after \p busy.
RelayBehaviour finishesItsKey(StopAtTheKey& key, std::chrono::milliseconds busy)
{
    return {.instead = {}, .reply = [&key, busy](std::uint32_t code, Bytes response) mutable {
                if (code == kCreatePrimary) {
                    return key.lose();
                }
                const auto pause = key.lost ? std::exchange(busy, {}) : std::chrono::milliseconds{0};
                return RelayReply{std::move(response), pause};
            }};
}

/// Over no line does the TPM answer again.
RelayBehaviour neverFinishesItsKey(StopAtTheKey& key)
{
    return {.instead = [&key](std::uint32_t) -> std::optional<RelayReply> {
                return key.lost ? std::optional{RelayReply{{}, {}, RelayReply::Then::Stall}} : std::nullopt;
            },
            .reply =
                [&key](std::uint32_t code, Bytes response) {
                    return code == kCreatePrimary ? key.lose() : RelayReply{std::move(response)};
                }};
}

} // namespace

class TestHostileTpm : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void endsEachAttackInItsOwnCodeWithNothingLeftLoaded_data()
    {
        QTest::addColumn<AttackPlan>("plan");
        QTest::addColumn<QString>("expected");
        for (const auto& row : kAttacks) {
            QTest::newRow(row.name) << AttackPlan{row.attack, row.commandCode} << test::textOf(row.expected);
        }
    }

    void endsEachAttackInItsOwnCodeWithNothingLeftLoaded()
    {
        QFETCH(const AttackPlan, plan);
        QFETCH(const QString, expected);
        const HostileRelay relay{m_tpm.address(), plan};
        auto device = tpmAt(relay.address());
        QElapsedTimer timer;
        timer.start();
        const auto answer = attest(*device, asBytes(kMessage));
        QVERIFY(!answer.ok());
        QCOMPARE(describe(answer.error().code).text, describe(test::codeNamed(expected)).text);
        QVERIFY(device->release().ok());
        QVERIFY(timer.elapsed() < 5'000);
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    /// No verdict on a device that somebody took out: it may be a good one. One that is still there and lost its line
    /// is judged (the attacks above: D-101, D-105).
    void aDeviceThatIsTakenOutIsNotBlamed_data()
    {
        QTest::addColumn<AttackPlan>("plan");
        // Not at the first answer: a device of which nobody heard a word is none that was taken out.
        QTest::addRow("at the second answer") << AttackPlan{Attack::Unplug, 0, 1};
        QTest::addRow("in the second answer") << AttackPlan{Attack::UnplugWithin, 0, 1};
        for (const auto command : {kCreatePrimary, kStartAuthSession, kActivateCredential, kLoad}) {
            QTest::addRow("at command %x", command) << AttackPlan{Attack::Unplug, command};
            QTest::addRow("in the answer to command %x", command) << AttackPlan{Attack::UnplugWithin, command};
        }
    }
    void aDeviceThatIsTakenOutIsNotBlamed()
    {
        QFETCH(const AttackPlan, plan);
        const HostileRelay relay{m_tpm.address(), plan};
        auto device = tpmAt(relay.address());
        QElapsedTimer timer;
        timer.start();
        const auto answer = attest(*device, asBytes(kMessage));
        QVERIFY(!answer.ok());
        QCOMPARE(test::textOf(answer.error().code), QStringLiteral("D-140"));
        QVERIFY(timer.elapsed() < 5'000);
        QVERIFY(tpmAt(m_tpm.address())->connect().ok()); // here it kept its power, and what was loaded
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    /// Whoever writes a refusal over a success leaves an object or a session in the TPM that nobody knows of. Where the
    /// command is done once more, that finds room all the same.
    void flushesWhatARefusalHides_data()
    {
        QTest::addColumn<AttackPlan>("plan");
        QTest::addColumn<bool>("succeeds");
        const auto row = [](const char* name, std::uint32_t command, int after) {
            QTest::addRow("refused %s", name) << AttackPlan{Attack::RefusalOver, command, after} << false;
            QTest::addRow("full at %s", name) << AttackPlan{Attack::FullOver, command, after} << true;
            QTest::addRow("again %s", name) << AttackPlan{Attack::RetryOver, command, after} << true;
        };
        row("primary key", kCreatePrimary, 0);
        row("salted session", kStartAuthSession, 0);
        row("policy session", kStartAuthSession, 1);
        row("load", kLoad, 0);
    }

    void flushesWhatARefusalHides()
    {
        QFETCH(const AttackPlan, plan);
        QFETCH(const bool, succeeds);
        const HostileRelay relay{m_tpm.address(), plan};
        auto device = tpmAt(relay.address());
        QCOMPARE(attest(*device, asBytes(kMessage)).ok(), succeeds);
        QVERIFY(device->release().ok());
        QVERIFY(relay.counts().commands(plan.commandCode) > static_cast<std::uint64_t>(plan.after));
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    void namesTheCommandWhoseResponseWasWrong()
    {
        const HostileRelay relay{m_tpm.address(), {Attack::Garbage, kNvRead}};
        auto device = tpmAt(relay.address());
        const auto answer = attest(*device, asBytes(kMessage));
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().operation, std::string{"TPM2_NV_Read"});
    }

    void doesNotFlushWithoutEnd()
    {
        SwtpmFixture tpm; // its key stays loaded
        const TpmRelay relay{tpm.address(), endlessHandles()};
        auto device = tpmAt(relay.address());
        QVERIFY(!attest(*device, asBytes(kMessage)).ok());
        QVERIFY(!device->release().ok());
        QVERIFY(relay.commands(kFlushContext) > 0);
        QVERIFY(relay.commands(kFlushContext) <= std::chrono::seconds{2} / kSlowFlush + 1);
    }

    void sendsNothingMoreOverABrokenLine()
    {
        const HostileRelay relay{m_tpm.address(), {Attack::Garbage, kReadPublic}};
        auto device = tpmAt(relay.address());
        QVERIFY(device->connect().ok());
        const auto first = device->readEndorsementKey({});
        QVERIFY(!first.ok());
        const auto sent = relay.counts().commands();
        const auto second = device->provideStorageRootKey();
        QVERIFY(!second.ok());
        QCOMPARE(second.error().code, first.error().code);
        QCOMPARE(second.error().what, first.error().what);
        QCOMPARE(relay.counts().commands(), sent);
    }

    void doesNotAskForPropertiesWithoutEnd()
    {
        // Only the first list: those that follow are of handles, and end the connecting if they are altered.
        const HostileRelay honest{m_tpm.address(), {Attack::LastProperty, kGetCapability, 0, 0}};
        QVERIFY(tpmAt(honest.address())->connect().ok());
        const HostileRelay hostile{m_tpm.address(), {Attack::LastProperty, kGetCapability, 0, 1}};
        QVERIFY(tpmAt(hostile.address())->connect().ok());
        QVERIFY(hostile.counts().commands(kGetCapability) <= honest.counts().commands(kGetCapability));
    }

    void readsNoCertificateByteByByte()
    {
        const HostileRelay relay{m_tpm.address(), {Attack::TinyNvBuffer, kGetCapability, 0, 1000}};
        auto device = tpmAt(relay.address());
        QVERIFY(device->connect().ok());
        const auto key = device->readEndorsementKey({});
        QVERIFY(key.ok());
        QVERIFY(key->certificateNv.has_value());
        QVERIFY(relay.counts().commands(kNvRead) > 1);
        QVERIFY(relay.counts().commands(kNvRead) <= key->certificateNv->size() / 64 + 1);
    }

    /// Each answer comes within its command's deadline, and the run does not go on for as long as that takes.
    void endsARunThatIsAnsweredJustInTimeInPieces()
    {
        using std::chrono::milliseconds;
        constexpr milliseconds kPause{60};
        constexpr std::size_t kPiece = 64;
        auto deadlines = testDeadlines(); // 4096 bytes come in 64 pieces, a little less than 4 s
        deadlines.normal = milliseconds{4'000};
        deadlines.run = milliseconds{1'200};
        const TpmRelay relay{m_tpm.address(),
                             {.instead = {}, .reply = [=](std::uint32_t, Bytes response) {
                                  return RelayReply{std::move(response), kPause, RelayReply::Then::Continue, kPiece};
                              }}};
        auto device = tpmAt(relay.address(), {}, deadlines);
        QElapsedTimer timer;
        timer.start();
        const auto answer = attest(*device, asBytes(kMessage));
        QVERIFY(!answer.ok());
        QCOMPARE(test::textOf(answer.error().code), test::textOf(C::TpmTimedOut));
        QVERIFY(relay.commands() > 2); // the first answers were waited for
        QVERIFY(timer.elapsed() < (deadlines.run + milliseconds{1'000}).count());
        (void)device->release();
        QVERIFY(timer.elapsed() < (deadlines.run + milliseconds{3'000}).count());
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    void repeatsACommandWhileTheTpmAsksForIt()
    {
        const HostileRelay relay{m_tpm.address(), {Attack::Retry, kActivateCredential, 0, 3}};
        auto deadlines = testDeadlines();
        deadlines.busyRetries = std::chrono::seconds{10};
        auto device = tpmAt(relay.address(), {}, deadlines);
        const auto answer = attest(*device, asBytes(kMessage));
        QVERIFY(answer.ok());
        QCOMPARE(answer->given, answer->expected);
        QCOMPARE(device->traffic().retries, std::uint64_t{3});
        QCOMPARE(relay.counts().commands(kActivateCredential), std::uint64_t{4});
    }

    void outlastsMoreRetriesThanTheLibraryWould()
    {
        const HostileRelay relay{m_tpm.address(), {Attack::Retry, kGetCapability, 0, 8}};
        auto deadlines = testDeadlines();
        deadlines.busyRetries = std::chrono::seconds{20};
        auto device = tpmAt(relay.address(), {}, deadlines);
        QVERIFY(device->connect().ok());
        QCOMPARE(device->traffic().retries, std::uint64_t{8});
    }

    void saysThatTheTpmStaysBusyAndStillFlushes()
    {
        const HostileRelay relay{m_tpm.address(), {Attack::Retry, kImport, 0, 1'000'000}};
        auto device = tpmAt(relay.address());
        const auto answer = attest(*device, asBytes(kMessage));
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().code, C::TpmStaysBusy);
        QVERIFY(device->release().ok());
        QVERIFY(relay.counts().commands(kFlushContext) > 0);
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    void stopsAtOnceWhenAskedWhileWaitingForTheTpm()
    {
        const HostileRelay relay{m_tpm.address(), {Attack::Silence, kActivateCredential}};
        std::stop_source stop;
        auto deadlines = testDeadlines();
        deadlines.normal = std::chrono::minutes{1};
        auto device = tpmAt(relay.address(), stop.get_token(), deadlines);
        std::optional<Result<Answer>> answer;
        std::jthread slot{[&] { answer = attest(*device, asBytes(kMessage)); }};
        QTRY_COMPARE(relay.counts().commands(kActivateCredential), std::uint64_t{1});

        QElapsedTimer timer;
        timer.start();
        stop.request_stop();
        slot.join();
        QVERIFY(timer.elapsed() < 1'500);
        QVERIFY(!answer->ok());
        QCOMPARE(answer->error().code, C::Cancelled);
        QVERIFY(device->release().ok());
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    void flushesAKeyThatWasFinishedOnlyAfterTheStop()
    {
        StopAtTheKey key;
        const TpmRelay relay{m_tpm.address(), finishesItsKey(key, std::chrono::milliseconds{800})};
        auto device = tpmAt(relay.address(), key.stop.get_token());
        const auto answer = attest(*device, asBytes(kMessage));
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().code, C::Cancelled);
        const auto released = device->release();
        QVERIFY2(released.ok(), released ? "" : describeForLog(released.error()).c_str());
        QVERIFY(key.sinceStop.elapsed() < 2'000);
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    void endsWithinTwoSecondsOfAStopHoweverSilentTheTpmIs()
    {
        SwtpmFixture tpm; // its key stays loaded
        StopAtTheKey key;
        const TpmRelay relay{tpm.address(), neverFinishesItsKey(key)};
        auto device = tpmAt(relay.address(), key.stop.get_token());
        QCOMPARE(attest(*device, asBytes(kMessage)).error().code, C::Cancelled);
        const auto released = device->release();
        QVERIFY(!released.ok());
        QCOMPARE(released.error().code, C::TpmTimedOut);
        QVERIFY2(key.sinceStop.elapsed() < 2'000, std::to_string(key.sinceStop.elapsed()).c_str());
    }

    void stopsDuringABackOffAndFlushes()
    {
        const HostileRelay relay{m_tpm.address(), {Attack::Retry, kActivateCredential, 0, 1'000'000}};
        std::stop_source stop;
        auto deadlines = testDeadlines();
        deadlines.busyRetries = std::chrono::minutes{1};
        auto device = tpmAt(relay.address(), stop.get_token(), deadlines);
        std::optional<Result<Answer>> answer;
        std::jthread slot{[&] { answer = attest(*device, asBytes(kMessage)); }};
        QTRY_VERIFY(relay.counts().commands(kActivateCredential) >= 2);
        stop.request_stop();
        slot.join();
        QVERIFY(!answer->ok());
        QCOMPARE(answer->error().code, C::Cancelled);
        QVERIFY(device->release().ok());
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    void doesNothingOnceAStopWasAskedBeforehand()
    {
        const HostileRelay relay{m_tpm.address(), {Attack::Silence, kHmac}};
        std::stop_source stop;
        stop.request_stop();
        auto device = tpmAt(relay.address(), stop.get_token());
        const auto connected = device->connect();
        QVERIFY(!connected.ok());
        QCOMPARE(connected.error().code, C::Cancelled);
        QCOMPARE(relay.counts().commands(), std::uint64_t{0});
    }

    void stopsBetweenCommandsAndFlushesWhatWasLoaded()
    {
        std::stop_source stop;
        auto device = tpmAt(m_tpm.address(), stop.get_token());
        QVERIFY(device->connect().ok());
        QVERIFY(device->provideStorageRootKey().ok());
        stop.request_stop();
        const auto key = device->readEndorsementKey({});
        QVERIFY(!key.ok());
        QCOMPARE(key.error().code, C::Cancelled);
        QVERIFY(device->release().ok());
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

private:
    SwtpmFixture m_tpm;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestHostileTpm)
#include "tst_hostile_tpm.moc"
