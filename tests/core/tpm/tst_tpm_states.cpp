#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"
#include "tests/core/tpm/device_tpm_steps.h"
#include "tests/support/bare_swtpm.h"
#include "tests/support/code_text.h"
#include "tests/support/must.h"
#include "tests/support/swtpm_fixture.h"
#include "tests/support/tpm_relay.h"

#include <QTest>

#include <tss2/tss2_tpm2_types.h>

// A TPM in each state that a device may come in: what the station calls it. The states that a software TPM can be
// brought into are real; the others are one response code, given in its place.

namespace enroll::test {
namespace {

using namespace tpm::command_code;
using C = DeviceCode;
using Commands = std::vector<std::vector<std::string>>;

constexpr auto kMessage = "message";

struct StateRow {
    const char* name;
    Commands made; ///< tpm2-tools that bring a TPM into the state
    C code;
};

const std::vector<StateRow>& states()
{
    static const std::vector<StateRow> kRows{
        {"endorsement hierarchy off", {{"tpm2_hierarchycontrol", "-C", "p", "ehEnable", "clear"}}, C::HierarchyOff},
        {"storage hierarchy off", {{"tpm2_hierarchycontrol", "-C", "p", "shEnable", "clear"}}, C::HierarchyOff},
        {"password of the endorsement hierarchy", {{"tpm2_changeauth", "-c", "e", "secret"}}, C::TpmHierarchyLocked},
        {"password of the owner hierarchy", {{"tpm2_changeauth", "-c", "o", "secret"}}, C::TpmHierarchyLocked},
    };
    return kRows;
}

Bytes bare(std::uint16_t tag, std::uint32_t code)
{
    ByteWriter writer;
    writer.u16(tag).u32(tpm::kHeaderSize).u32(code);
    return std::move(writer).take();
}

/// Gives \p response in the TPM's place to the first \p times commands with \p code.
RelayBehaviour answering(std::uint32_t code, const Bytes& response, int times)
{
    return {.instead = [=, left = times](std::uint32_t asked) mutable -> std::optional<RelayReply> {
                return asked == code && left-- > 0 ? std::optional{RelayReply{response}} : std::nullopt;
            },
            .reply = [](std::uint32_t, Bytes answer) { return RelayReply{std::move(answer)}; }};
}

/// A TPM that enters failure mode at the first command with \p code and stays in it until the relay ends.
RelayBehaviour failingFrom(std::uint32_t code)
{
    return {.instead = [code, failed = false](std::uint32_t asked) mutable -> std::optional<RelayReply> {
                failed = failed || asked == code;
                return failed && asked != kGetCapability
                           ? std::optional{RelayReply{bare(tpm::kTagNoSessions, TPM2_RC_FAILURE)}}
                           : std::nullopt;
            },
            .reply = [](std::uint32_t, Bytes answer) { return RelayReply{std::move(answer)}; }};
}

/// A TPM that says TPM_RC_FAILURE to the challenge, and \p answer to TPM2_GetRandom from then on.
RelayBehaviour refusingSecretThen(const Bytes& answer)
{
    return {.instead = [answer](std::uint32_t asked) -> std::optional<RelayReply> {
                if (asked == kActivateCredential) {
                    return RelayReply{bare(tpm::kTagNoSessions, TPM2_RC_FAILURE)};
                }
                return asked == kGetRandom ? std::optional{RelayReply{answer}} : std::nullopt;
            },
            .reply = [](std::uint32_t, Bytes real) { return RelayReply{std::move(real)}; }};
}

} // namespace

class tst_tpm_states : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void hasItsOwnCode_data()
    {
        QTest::addColumn<int>("row");
        for (std::size_t i = 0; i < states().size(); ++i) {
            QTest::newRow(states()[i].name) << static_cast<int>(i);
        }
    }
    void hasItsOwnCode()
    {
        QFETCH(const int, row);
        const auto& state = states()[static_cast<std::size_t>(row)];
        const SwtpmFixture tpm;
        for (const auto& command : state.made) {
            const auto made = tpm.tool(command);
            QVERIFY2(made.exitCode == 0, made.standardError.c_str());
        }
        auto device = tpmAt(tpm.address());
        const auto answer = attest(*device, asBytes(kMessage));
        QVERIFY(!answer.ok());
        QCOMPARE(describe(answer.error().code).text, describe(state.code).text);
        QVERIFY(device->release().ok());
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    void saysWhoHasAPassword()
    {
        const SwtpmFixture tpm;
        QCOMPARE(tpm.tool({"tpm2_changeauth", "-c", "l", "secret"}).exitCode, 0);
        QCOMPARE(tpm.tool({"tpm2_changeauth", "-c", "o", "secret"}).exitCode, 0);
        auto device = tpmAt(tpm.address());
        must(device->connect());
        const auto state = must(device->readState());
        QVERIFY(state.ownerPassword && state.lockoutPassword && !state.endorsementPassword);
        QCOMPARE(passwordHolders(state), std::string{"the owner hierarchy and the lockout hierarchy"});
        QVERIFY(!state.lockedOut && !state.storageHierarchyOff && !state.endorsementHierarchyOff);
        QVERIFY(state.triesAllowed > 0);
    }

    void saysThatASeedIsNotItsMakers()
    {
        const SwtpmFixture tpm;
        auto device = tpmAt(tpm.address());
        must(device->connect());
        QVERIFY(must(device->readState()).seedMadeByTpm); // every software TPM makes its seed
    }

    void saysThatItIsLockedOut()
    {
        const SwtpmFixture tpm;
        QCOMPARE(tpm.tool({"tpm2_dictionarylockout", "-s", "-n", "1", "-t", "1000", "-l", "1000"}).exitCode, 0);
        QCOMPARE(
            tpm.tool({"tpm2_nvdefine", "-C", "o", "-p", "secret", "-s", "8", "-a", "authread|authwrite", "0x1800001"})
                .exitCode,
            0);
        QVERIFY(tpm.tool({"tpm2_nvread", "-C", "0x1800001", "-P", "wrong", "0x1800001"}).exitCode != 0);
        auto device = tpmAt(tpm.address());
        must(device->connect());
        const auto state = must(device->readState());
        QVERIFY(state.lockedOut);
        QCOMPARE(state.failedTries, 1U);
        QCOMPARE(state.triesAllowed, 1U);
    }

    void aResponseCodeHasItsOwnWords_data()
    {
        QTest::addColumn<int>("responseCode");
        QTest::addColumn<QString>("expected");
        QTest::newRow("not started") << 0x100 << textOf(C::TpmNotStarted);
        QTest::newRow("failure mode") << 0x101 << textOf(C::TpmSelfTestFailed);
        QTest::newRow("field upgrade") << 0x12D << textOf(C::FirmwareUpdateUnfinished);
        QTest::newRow("needs a test") << 0x153 << textOf(C::TpmNotTested);
        QTest::newRow("no authorization of this kind") << 0x12F << textOf(C::NotAsShipped);
        QTest::newRow("disabled") << 0x120 << textOf(C::HierarchyOff);
        QTest::newRow("no memory for objects") << 0x902 << textOf(C::TpmResourcesExhausted);
        QTest::newRow("locked out") << 0x921 << textOf(C::TpmLockedOut);
    }
    void aResponseCodeHasItsOwnWords()
    {
        QFETCH(const int, responseCode);
        QFETCH(const QString, expected);
        const TpmRelay relay{
            m_tpm.address(),
            answering(kGetCapability, bare(tpm::kTagNoSessions, static_cast<std::uint32_t>(responseCode)), 1)};
        auto device = tpmAt(relay.address());
        const auto answer = attest(*device, asBytes(kMessage));
        QVERIFY(!answer.ok());
        QCOMPARE(textOf(answer.error().code), expected);
        QVERIFY(describe(answer.error().code).verdict != Outcome::Pass);
    }

    /// TPM_RC_AUTH_UNAVAILABLE: no password was refused, so that none is said to be set. Another may read the index.
    void aKindOfAuthorizationThatIsNotThereIsNoPassword()
    {
        const auto unavailable = bare(tpm::kTagNoSessions, TPM2_RC_AUTH_UNAVAILABLE);
        const TpmRelay reading{m_tpm.address(), answering(kNvRead, unavailable, 1)};
        auto device = tpmAt(reading.address());
        const auto read = attest(*device, asBytes(kMessage));
        QVERIFY2(read.ok(), read ? "" : describeForLog(read.error()).c_str());
        QVERIFY(device->release().ok());

        const TpmRelay salting{m_tpm.address(), answering(kPolicySecret, unavailable, 1)};
        auto other = tpmAt(salting.address());
        const auto answer = attest(*other, asBytes(kMessage));
        QVERIFY(!answer.ok());
        QCOMPARE(textOf(answer.error().code), textOf(C::NotAsShipped));
        QVERIFY2(answer.error().what.find("password") == std::string::npos, answer.error().what.c_str());
        QVERIFY2(answer.error().what.find("by a policy") != std::string::npos, answer.error().what.c_str());
    }

    /// libtpms answers a secret that its key does not open as if it had failed: the next command tells them apart.
    void aTpmInFailureModeIsNotOneThatLacksTheKey_data()
    {
        QTest::addColumn<unsigned>("command");
        QTest::newRow("at the salt") << kStartAuthSession;
        QTest::newRow("at the challenge") << kActivateCredential;
        QTest::newRow("at the import") << kImport;
    }
    void aTpmInFailureModeIsNotOneThatLacksTheKey()
    {
        QFETCH(const unsigned, command);
        const TpmRelay relay{m_tpm.address(), failingFrom(command)};
        auto device = tpmAt(relay.address());
        const auto answer = attest(*device, asBytes(kMessage));
        QVERIFY(!answer.ok());
        QCOMPARE(textOf(answer.error().code), textOf(C::TpmSelfTestFailed));
        QVERIFY(relay.commands(command) > 0);
    }

    void aTpmThatDoesNotSayWhyIsCalledWhatItIs_data()
    {
        QTest::addColumn<QString>("answer");
        QTest::addColumn<QString>("expected");
        const auto code = [](std::uint32_t number) {
            return QString::fromStdString(toHex(bare(tpm::kTagNoSessions, number)));
        };
        QTest::newRow("busy") << code(TPM2_RC_RETRY) << textOf(C::TpmStaysBusy);
        QTest::newRow("testing itself") << code(TPM2_RC_TESTING) << textOf(C::TpmStaysBusy);
        QTest::newRow("no byte of many") << QStringLiteral("80010000000c000000000000") << textOf(C::TpmSelfTestFailed);
        QTest::newRow("restarted") << code(TPM2_RC_INITIALIZE) << textOf(C::TpmNotStarted);
    }
    void aTpmThatDoesNotSayWhyIsCalledWhatItIs()
    {
        QFETCH(const QString, answer);
        QFETCH(const QString, expected);
        const TpmRelay relay{m_tpm.address(), refusingSecretThen(must(fromHex(answer.toStdString())))};
        auto device = tpmAt(relay.address());
        const auto outcome = attest(*device, asBytes(kMessage));
        QVERIFY(!outcome.ok());
        QCOMPARE(textOf(outcome.error().code), expected);
        QVERIFY(relay.commands(kGetRandom) > 0);
    }

    void aRealTpmThatNobodyStartedIsHeld()
    {
        const BareSwtpm tpm{BareSwtpm::Kind::NotStarted};
        const auto connected = tpmAt(tpm.address())->connect();
        QVERIFY(!connected.ok());
        QCOMPARE(textOf(connected.error().code), textOf(C::TpmNotStarted));
        QVERIFY(describe(connected.error().code).verdict == Outcome::Hold);
    }

    void aRealTpm12IsCalledOne()
    {
        const BareSwtpm tpm{BareSwtpm::Kind::Version12};
        const auto connected = tpmAt(tpm.address())->connect();
        QVERIFY(!connected.ok());
        QCOMPARE(textOf(connected.error().code), textOf(C::TpmOfVersion12));
    }

    void aTpm12IsCalledOne()
    {
        constexpr std::uint16_t kTagOfVersion12 = 0x00C4;
        constexpr std::uint32_t kBadTag = 0x1E;
        const TpmRelay relay{m_tpm.address(), answering(kGetCapability, bare(kTagOfVersion12, kBadTag), 1)};
        auto device = tpmAt(relay.address());
        QCOMPARE(textOf(device->connect().error().code), textOf(C::TpmOfVersion12));
    }

    void notNowIsWaitedOut_data()
    {
        QTest::addColumn<int>("responseCode");
        QTest::newRow("RETRY") << 0x922;
        QTest::newRow("YIELDED") << 0x908;
        QTest::newRow("TESTING") << 0x90A;
        QTest::newRow("CANCELED") << 0x909;
        QTest::newRow("NV_RATE") << 0x920;
        QTest::newRow("NV_UNAVAILABLE") << 0x923;
    }
    void notNowIsWaitedOut()
    {
        QFETCH(const int, responseCode);
        const TpmRelay relay{
            m_tpm.address(),
            answering(kNvRead, bare(tpm::kTagNoSessions, static_cast<std::uint32_t>(responseCode)), 3)};
        auto device = tpmAt(relay.address());
        const auto answer = attest(*device, asBytes(kMessage));
        QVERIFY2(answer.ok(), answer ? "" : describeForLog(answer.error()).c_str());
        QCOMPARE(device->traffic().retries, std::uint64_t{3});
    }

    /// As a station leaves it that lost its power: three objects, as many as the TPM has room for.
    void isEmptiedWhereAnotherLeftItFull_data()
    {
        QTest::addColumn<int>("objects");
        QTest::newRow("one") << 1;
        QTest::newRow("two") << 2;
        QTest::newRow("three") << 3;
    }
    void isEmptiedWhereAnotherLeftItFull()
    {
        QFETCH(const int, objects);
        const SwtpmFixture tpm;
        for (int i = 0; i < objects; ++i) {
            QCOMPARE(tpm.tool({"tpm2_createprimary", "-Q", "-C", "o", "-G", "ecc", "-c", "left.ctx"}).exitCode, 0);
        }
        QVERIFY(!tpm.loadedHandles().empty());
        auto device = tpmAt(tpm.address());
        const auto answer = attest(*device, asBytes(kMessage));
        QVERIFY2(answer.ok(), answer ? "" : describeForLog(answer.error()).c_str());
        QCOMPARE(answer->given, answer->expected);
        QVERIFY(device->release().ok());
        const auto second = attest(*device, asBytes(kMessage));
        QVERIFY(second.ok());
    }

private:
    const SwtpmFixture m_tpm;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_tpm_states)
#include "tst_tpm_states.moc"
