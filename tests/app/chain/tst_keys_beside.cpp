#include "core/attestation/public_area.h"
#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/esys_device_tpm.h"
#include "core/tpm/response_frame.h"
#include "core/transport/device_address.h"
#include "tests/app/chain/attack_bench.h"
#include "tests/app/chain/made_states.h"
#include "tests/support/must.h"

#include <QTest>

#include <climits>

#include <algorithm>
#include <array>

// The endorsement keys that lie in a chip beside the enrolled one: by each of them somebody may know it.

namespace enroll::test {
namespace {

using namespace attestation;
using C = DeviceCode;

constexpr std::uint32_t kP384Handle = 0x81010016; ///< of each software TPM here
constexpr EkChoice kRsa{EkTemplate::TcgL1, EkChoice::Rule::AtHandle};
constexpr EkChoice kP384{EkTemplate::TcgH3, EkChoice::Rule::AtHandle};

AttestationPolicy enrolling(const EkChoice& choice)
{
    auto policy = softwarePolicy();
    policy.endorsementKey = choice;
    return policy;
}

Result<std::vector<Finding>> findsNothing(const AttestationFacts& /*facts*/)
{
    return std::vector<Finding>{};
}

/// A run of somebody who compares the chip with others.
AttestationReport compared(const SwtpmFixture& tpm, const std::string& address, const AttestationPolicy& policy)
{
    return attestAt(address, tpm.anchors(), policy, findsNothing);
}

AttestationReport compared(const SwtpmFixture& tpm, const EkChoice& choice = kRsa)
{
    return compared(tpm, tpm.address(), enrolling(choice));
}

std::vector<crypto::PublicKey> keysAt(const SwtpmFixture& tpm, const std::vector<std::uint32_t>& handles)
{
    std::vector<crypto::PublicKey> keys;
    for (const auto handle : handles) {
        keys.push_back(must(publicKeyOf(must(parsePublic(areaAt(tpm.address(), handle).value())))));
    }
    return keys;
}

/// The storage root key is made persistent, and so is an endorsement key that is not.
void warm(const SwtpmFixture& tpm)
{
    auto policy = enrolling(kRsa);
    policy.persistAfterPass = {Persistence::PersistIfAbsent, Persistence::PersistIfAbsent};
    if (const auto report = attestAt(tpm.address(), tpm.anchors(), policy); report.verdict.outcome != Outcome::Pass) {
        qFatal("the TPM is not in the state that the test needs: %s", textOf(report).c_str());
    }
}

/// True for TPM2_ReadPublic of the P-384 key.
bool readsP384(const Bytes& command)
{
    ByteReader reader{ByteView{command}.subspan(tpm::kHeaderSize - 4)};
    const auto code = must(reader.u32("code"));
    return code == tpm::command_code::kReadPublic && must(reader.u32("handle")) == kP384Handle;
}

/// Alters the first \p times answers about the P-384 key.
RelayBehaviour answering(int times, const std::function<Bytes(Bytes)>& alter)
{
    const auto meant = std::make_shared<bool>(false);
    return {.instead = {},
            .reply =
                [=, left = times](std::uint32_t, Bytes response) mutable {
                    return RelayReply{*meant && left-- > 0 ? alter(std::move(response)) : std::move(response)};
                },
            .heard = [meant](const Bytes& command) { *meant = readsP384(command); }};
}

/// The answer of TPM2_ReadPublic as it would be for a key of an algorithm that no TPM library of today knows.
Bytes ofAnUnknownKind(Bytes response)
{
    if (response.size() == tpm::kHeaderSize) {
        return response;
    }
    const auto from = [&response](std::size_t offset) { return std::span{response}.subspan(offset); };
    const std::size_t size = must(ByteReader{from(tpm::kHeaderSize)}.u16("size of outPublic"));
    const auto area = from(tpm::kHeaderSize + 2).first(size);
    std::ranges::copy(ByteWriter{}.u16(0x00A0).view(), area.begin()); // TPM_ALG_MLKEM, of version 1.85
    const auto name = must(tpm::nameOfArea(area, tpm::kBeforeObjectNameAlgorithm));
    std::ranges::copy(name, from(tpm::kHeaderSize + 2 + size + 2).begin());
    return response;
}

/// Shows the RSA key wherever the station reads the P-384 key.
RelayBehaviour showingTheRsaKey()
{
    return {.instead = {}, .reply = {}, .heard = {}, .forwarded = [](Bytes command, const AskTpm& /*ask*/) {
                if (readsP384(command)) {
                    std::ranges::copy(ByteWriter{}.u32(kDeviceSdkHandle).view(), command.begin() + tpm::kHeaderSize);
                }
                return command;
            }};
}

struct KeyRow {
    const char* name;
    EkChoice enrolled;
    std::uint32_t beside;
};

constexpr std::array kRows{
    KeyRow{"beside the RSA key at its handle", kRsa, kP384Handle},
    KeyRow{"beside the RSA key of its template", {EkTemplate::TcgL1, EkChoice::Rule::OfTemplate}, kP384Handle},
    KeyRow{"beside the P-384 key at its handle", kP384, kDeviceSdkHandle},
    KeyRow{"where device SDKs look", {EkTemplate::TcgH3, EkChoice::Rule::OfTemplate}, kDeviceSdkHandle},
};

} // namespace

class tst_keys_beside : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void areReadWhereverTheyLie_data()
    {
        QTest::addColumn<int>("row");
        for (int row = 0; row < std::ssize(kRows); ++row) {
            QTest::newRow(kRows.at(static_cast<std::size_t>(row)).name) << row;
        }
    }
    void areReadWhereverTheyLie()
    {
        QFETCH(const int, row);
        const auto& keys = kRows.at(static_cast<std::size_t>(row));
        const SwtpmFixture tpm;
        const TwistedLine line{tpm.address()};
        const auto report = compared(tpm, line.address(), enrolling(keys.enrolled));
        QVERIFY2(report.verdict.outcome == Outcome::Pass, textOf(report).c_str());
        const auto exchanges = line.exchanges();
        const auto reads = std::ranges::count_if(exchanges, [&keys](const Exchange& exchange) {
            const ByteView command{exchange.command};
            return exchange.code == tpm::command_code::kReadPublic &&
                   must(ByteReader{command}.u16("tag")) == tpm::kTagNoSessions &&
                   must(ByteReader{command.subspan(tpm::kHeaderSize)}.u32("handle")) == keys.beside;
        });
        QCOMPARE(reads, std::ptrdiff_t{1}); // on the way to the enrolled key, or after it
        QVERIFY(report.facts.otherKeys == keysAt(tpm, {keys.beside}));
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    void areNotThoseOfAnotherUse()
    {
        const SwtpmFixture tpm;
        persistent("e",
                   {"-G", "rsa2048:rsassa-sha256:null", "-a",
                    "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign"},
                   "0x81010020")(tpm);
        persistent("o", {"-G", "ecc"}, "0x81010030")(tpm); // a storage key, where endorsement keys belong
        persistent("o", {"-G", "rsa"}, "0x81000010")(tpm);
        persistent("e", {"-G", "ecc"}, "0x81020000")(tpm);
        const auto report = compared(tpm);
        QVERIFY2(report.verdict.outcome == Outcome::Pass, textOf(report).c_str());
        QVERIFY((report.facts.otherKeys == keysAt(tpm, {kP384Handle, 0x81010030})));
    }

    /// One command more for the one key beside, and none where there is no other or nobody compares.
    void costACommandEach()
    {
        const SwtpmFixture tpm;
        warm(tpm);
        const auto commands = [&tpm](bool comparing) {
            const auto report = comparing ? compared(tpm) : attestAt(tpm.address(), tpm.anchors(), enrolling(kRsa));
            if (report.verdict.outcome != Outcome::Pass || report.traffic.retries != 0) {
                qFatal("no pass without a disturbance: %s", textOf(report).c_str());
            }
            return report.traffic.commands;
        };
        const auto usual = commands(false);
        QVERIFY(usual < 24);
        QCOMPARE(commands(true), usual + 1);
        tpm.evict("0x81010016");
        QCOMPARE(commands(true), usual);
        QCOMPARE(commands(false), usual);
    }

    /// The TPM has room for three objects: both keys are made for the run, and the challenge's is the third.
    void areReadInATpmThatIsFull_data()
    {
        QTest::addColumn<bool>("keeps");
        QTest::newRow("and the keys are kept") << true;
        QTest::newRow("and the keys are not kept") << false;
    }
    void areReadInATpmThatIsFull()
    {
        QFETCH(const bool, keeps);
        const SwtpmFixture tpm;
        tpm.evict("0x81010001");
        auto policy = enrolling(kRsa);
        if (keeps) {
            policy.persistAfterPass = {Persistence::PersistIfAbsent, Persistence::PersistIfAbsent};
        }
        const auto report = compared(tpm, tpm.address(), policy);
        QVERIFY2(report.verdict.outcome == Outcome::Pass, textOf(report).c_str());
        QVERIFY(report.facts.otherKeys == keysAt(tpm, {kP384Handle}));
        QCOMPARE(areaAt(tpm.address(), kDeviceSdkHandle).has_value(), keeps);
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    /// Nobody can have enrolled such a chip by that key.
    void oneOfAnUnknownKindEndsNoRun()
    {
        const SwtpmFixture tpm;
        persistent("e", {"-G", "ecc"}, "0x81010030")(tpm);
        const TpmRelay relay{tpm.address(), answering(INT_MAX, ofAnUnknownKind)};
        const auto report = compared(tpm, relay.address(), enrolling(kRsa));
        QVERIFY2(report.verdict.outcome == Outcome::Pass, textOf(report).c_str());
        QVERIFY(report.facts.otherKeys == keysAt(tpm, {0x81010030}));
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    void oneOfAnUnknownKindIsNotListed()
    {
        const SwtpmFixture tpm;
        const TpmRelay relay{tpm.address(), answering(INT_MAX, ofAnUnknownKind)};
        const auto device = tpm::makeEsysDeviceTpm(must(transport::parseDeviceAddress(relay.address())), {}, {});
        QVERIFY(device->connect().ok());
        const auto survey = device->readAllEndorsementKeys(kRsa);
        QVERIFY2(survey.ok(), survey.ok() ? "" : survey.error().what.c_str());
        QVERIFY(survey->readings.size() > 1);
        QVERIFY(std::ranges::none_of(
            survey->readings, [](const auto& reading) { return reading.source.persistentHandle == kP384Handle; }));
        QVERIFY(device->release().ok());
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    void noiseIsReadAgain()
    {
        const SwtpmFixture tpm;
        const TpmRelay relay{tpm.address(), answering(1, [](Bytes response) {
                                 response[response.size() / 2] ^= std::byte{1};
                                 return response;
                             })};
        const auto report = compared(tpm, relay.address(), enrolling(kRsa));
        QVERIFY2(report.verdict.outcome == Outcome::Pass, textOf(report).c_str());
        QVERIFY(report.traffic.retries > 0);
        QVERIFY(report.facts.otherKeys == keysAt(tpm, {kP384Handle}));
    }

    /// The TPM has listed it in the salted session.
    void oneThatIsSaidNotToBeThereIsALie()
    {
        constexpr std::uint32_t kNoSuchHandle = 0x18B;
        const SwtpmFixture tpm;
        const TpmRelay relay{tpm.address(), answering(INT_MAX, [](const Bytes&) {
                                 return bareResponse(tpm::kTagNoSessions, kNoSuchHandle);
                             })};
        const auto report = compared(tpm, relay.address(), enrolling(kRsa));
        QVERIFY2(report.verdict == (Verdict{Outcome::Fail, C::AnswersChanged}), textOf(report).c_str());
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    /// What remains: a part on the line that shows the enrolled key there as well. A session would prove the same of it, since
    /// an HMAC covers names, not handles; and whoever is on the line of a new device may evict the key for the test.
    void oneThatTheLineHidesIsNotSeen()
    {
        const SwtpmFixture tpm;
        const TpmRelay relay{tpm.address(), showingTheRsaKey()};
        const auto report = compared(tpm, relay.address(), enrolling(kRsa));
        QVERIFY2(report.verdict.outcome == Outcome::Pass, textOf(report).c_str());
        QVERIFY(report.facts.otherKeys.empty());
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_keys_beside)
#include "tst_keys_beside.moc"
