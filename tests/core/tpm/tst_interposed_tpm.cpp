#include "core/attestation/attest_device.h"
#include "core/base/device_code.h"
#include "core/crypto/certificate.h"
#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"
#include "tests/core/tpm/device_tpm_steps.h"
#include "tests/support/code_text.h"
#include "tests/support/hostile_relay.h"
#include "tests/support/must.h"
#include "tests/support/recording_steps.h"
#include "tests/support/swtpm_fixture.h"
#include "tests/support/tpm_relay.h"

#include <QTest>

#include <fstream>
#include <iterator>

// A whole attestation of a software TPM behind a part that alters what the TPM says: noise on the line, which knows
// nothing, and an interposer, which knows the protocol and has every key but those inside the TPM.

namespace enroll::test {
namespace {

using namespace attestation;
using namespace tpm::command_code;
using C = DeviceCode;

/// Frame of TPM2_ReadPublic and TPM2_NV_ReadPublic: header, TPM2B with the area, TPM2B_NAME.
constexpr std::size_t kArea = tpm::kHeaderSize + 2;
constexpr std::size_t kAttributesOfObject = kArea + 4; ///< behind type and nameAlg
constexpr std::size_t kAttributesOfIndex = kArea + 6;  ///< behind nvIndex and nameAlg

bool inTheClear(const Bytes& response)
{
    ByteReader reader{response};
    return must(reader.u16("tag")) == tpm::kTagNoSessions;
}

bool succeeded(const Bytes& response)
{
    return response.size() > tpm::kHeaderSize;
}

Bytes turnedOver(Bytes response, std::size_t bit)
{
    response[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    return response;
}

/// The response with the name that its altered area has: what an interposer sends.
Bytes renamed(Bytes response, std::size_t beforeNameAlgorithm)
{
    ByteReader reader{ByteView{response}.subspan(tpm::kHeaderSize)};
    const auto area = must(reader.sized(4096, "area"));
    const auto name = tpm::nameOfArea(area, beforeNameAlgorithm);
    if (name.ok()) {
        std::ranges::copy(*name, response.begin() + static_cast<std::ptrdiff_t>(kArea + area.size() + 2));
    }
    return response;
}

/// Alters the responses of one command as long as they come in the clear, from the \p first to the \p last of them.
RelayBehaviour altering(std::uint32_t code, const std::function<Bytes(Bytes)>& alter, int first = 1, int last = INT_MAX)
{
    return {.instead = {}, .reply = [=, seen = 0](std::uint32_t answered, Bytes response) mutable {
                if (answered != code || !inTheClear(response) || !succeeded(response)) {
                    return RelayReply{std::move(response)};
                }
                ++seen;
                return RelayReply{seen >= first && seen <= last ? alter(std::move(response)) : std::move(response)};
            }};
}

std::function<Bytes(Bytes)> noise(std::size_t bit)
{
    return [bit](Bytes response) { return turnedOver(std::move(response), bit); };
}

std::function<Bytes(Bytes)> interposer(std::size_t bit, std::size_t beforeNameAlgorithm)
{
    return [bit, beforeNameAlgorithm](Bytes response) {
        return renamed(turnedOver(std::move(response), bit), beforeNameAlgorithm);
    };
}

/// Success of a command without parameters in its response, as a password and a salted session would carry it.
Bytes forgedSuccess()
{
    ByteWriter authorizations;
    authorizations.sized({}).u8(1).sized({}).sized(Bytes(32)).u8(1).sized(Bytes(32));
    ByteWriter frame;
    frame.u16(tpm::kTagSessions)
        .u32(static_cast<std::uint32_t>(tpm::kHeaderSize + 4 + authorizations.view().size()))
        .u32(0)
        .u32(0)
        .bytes(authorizations.view());
    return std::move(frame).take();
}

} // namespace

class tst_interposed_tpm : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void initTestCase()
    {
        m_honest = attest(m_tpm.address());
        QCOMPARE(m_honest.verdict, (Verdict{Outcome::Pass, {}}));
    }

    void noiseOnOneAnswerIsReadAgain_data()
    {
        QTest::addColumn<int>("command");
        QTest::addColumn<int>("bit");
        QTest::addColumn<int>("answer");
        const auto row = [](const char* name, std::uint32_t command, std::size_t bit, int answer) {
            QTest::newRow(name) << static_cast<int>(command) << static_cast<int>(bit) << answer;
        };
        constexpr std::size_t kNoDa = 8 * (kAttributesOfObject + 2) + 2;
        constexpr std::size_t kStClear = 8 * (kAttributesOfObject + 3) + 2;
        constexpr std::size_t kPolicy = 8 * (kAttributesOfObject + 4 + 2) + 5;
        constexpr std::size_t kModulus = std::size_t{8} * 200;
        row("noDA of the EK", kReadPublic, kNoDa, 1);
        row("stClear of the EK", kReadPublic, kStClear, 1);
        row("authPolicy of the EK", kReadPublic, kPolicy, 1);
        row("modulus of the EK", kReadPublic, kModulus, 1);
        row("name of the EK", kReadPublic, std::size_t{8} * 330, 1);
        row("attributes of the certificate's index", kNvReadPublic, 8 * kAttributesOfIndex, 1);
    }
    void noiseOnOneAnswerIsReadAgain()
    {
        QFETCH(int, command);
        QFETCH(int, bit);
        QFETCH(int, answer);
        const TpmRelay relay{m_tpm.address(), altering(static_cast<std::uint32_t>(command),
                                                       noise(static_cast<std::size_t>(bit)), answer, answer)};
        const auto report = attest(relay.address());
        QVERIFY2(!report.error, report.error ? describeForLog(*report.error).c_str() : "");
        QCOMPARE(report.verdict, m_honest.verdict);
        QCOMPARE(report.facts.endorsementKey->publicArea, m_honest.facts.endorsementKey->publicArea);
        QCOMPARE(report.traffic.retries, m_honest.traffic.retries + 1);
    }

    void noiseOnEveryAnswerIsABadLine()
    {
        const TpmRelay relay{m_tpm.address(), altering(kReadPublic, noise(8 * (kAttributesOfObject + 2) + 2))};
        const auto report = attest(relay.address());
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, C::TpmResponseMalformed}));
        QCOMPARE(report.error->operation, std::string{"TPM2_ReadPublic"});
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    /// The storage root key is the second area that is read. Its bits, up to the end of its name: behind it stands the
    /// qualified name, of which nobody makes use.
    void noiseOnTheStorageRootKeyIsABadLine_data()
    {
        QTest::addColumn<int>("bit");
        const auto frame = storageRootKeyFrame();
        const auto qualifiedName = frame.size() - 2 - 34;
        const auto attributes = static_cast<int>(8 * kAttributesOfObject);
        for (auto bit = 8 * static_cast<int>(tpm::kHeaderSize); bit < 8 * static_cast<int>(qualifiedName);
             bit += bit >= attributes && bit < attributes + 32 ? 5 : 131) {
            QTest::addRow("bit %d", bit) << bit;
        }
    }
    void noiseOnTheStorageRootKeyIsABadLine()
    {
        QFETCH(int, bit);
        const auto& tpm = warmTpm();
        const auto alter = noise(static_cast<std::size_t>(bit));
        const TpmRelay once{tpm.address(), altering(kReadPublic, alter, 2, 2)};
        const auto again = attest(once.address());
        QCOMPARE(again.verdict, m_honest.verdict);
        const TpmRelay always{tpm.address(), altering(kReadPublic, alter, 2)};
        const auto report = attest(always.address());
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, C::TpmResponseMalformed}));
        QVERIFY(report.error.has_value());
        QCOMPARE(report.error->operation, std::string{"TPM2_ReadPublic"});
        QVERIFY(report.traffic.retries > again.traffic.retries);
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    void anInterposerIsNamed_data()
    {
        QTest::addColumn<int>("command");
        QTest::addColumn<int>("bit");
        QTest::addColumn<int>("before");
        const auto row = [](const char* name, std::uint32_t command, std::size_t bit, std::size_t before) {
            QTest::newRow(name) << static_cast<int>(command) << static_cast<int>(bit) << static_cast<int>(before);
        };
        row("noDA of the EK", kReadPublic, 8 * (kAttributesOfObject + 2) + 2, tpm::kBeforeObjectNameAlgorithm);
        row("stClear of the EK", kReadPublic, 8 * (kAttributesOfObject + 3) + 2, tpm::kBeforeObjectNameAlgorithm);
        row("policy of the EK", kReadPublic, 8 * (kAttributesOfObject + 4 + 2) + 5, tpm::kBeforeObjectNameAlgorithm);
        row("no_da of the certificate's index", kNvReadPublic, 8 * kAttributesOfIndex + 1, tpm::kBeforeNvNameAlgorithm);
    }
    void anInterposerIsNamed()
    {
        QFETCH(int, command);
        QFETCH(int, bit);
        QFETCH(int, before);
        const TpmRelay relay{m_tpm.address(),
                             altering(static_cast<std::uint32_t>(command),
                                      interposer(static_cast<std::size_t>(bit), static_cast<std::size_t>(before)))};
        const auto report = attest(relay.address());
        QVERIFY2(report.error.has_value(), "no error");
        QCOMPARE(describe(report.error->code).text, describe(C::AnswersChanged).text);
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, C::AnswersChanged}));
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    /// What makes a storage root key one that nobody can use is not believed of the line.
    void anInterposedStorageRootKeyIsNamed_data()
    {
        QTest::addColumn<uint>("bit");
        QTest::newRow("userWithAuth") << 6U;
        QTest::newRow("adminWithPolicy") << 7U;
        QTest::newRow("fixedTPM") << 1U;
    }
    void anInterposedStorageRootKeyIsNamed()
    {
        QFETCH(const uint, bit);
        const SwtpmFixture tpm;
        QCOMPARE(tpm.tool({"tpm2_createprimary", "-Q", "-C", "o", "-G", "ecc", "-c", "srk.ctx"}).exitCode, 0);
        QCOMPARE(tpm.tool({"tpm2_evictcontrol", "-Q", "-C", "o", "-c", "srk.ctx", "0x81000001"}).exitCode, 0);
        constexpr int kOfTheStorageRootKey = 2;
        const TpmRelay relay{tpm.address(),
                             altering(kReadPublic,
                                      interposer(8 * (kAttributesOfObject + 3) + bit, tpm::kBeforeObjectNameAlgorithm),
                                      kOfTheStorageRootKey, kOfTheStorageRootKey)};
        QCOMPARE(attest(relay.address()).verdict, (Verdict{Outcome::Fail, C::AnswersChanged}));
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    /// The maker in the list of properties: TPM_PT_MANUFACTURER and its value lie somewhere in the frame.
    void anotherMakerInTheClearIsNamed()
    {
        const auto another = [](Bytes response) {
            const Bytes maker{std::byte{0x00}, std::byte{0x00}, std::byte{0x01}, std::byte{0x05}};
            const auto found = std::search(response.begin(), response.end(), maker.begin(), maker.end());
            if (found != response.end()) {
                std::ranges::copy(asBytes("IFX"), found + std::ssize(maker));
            }
            return response;
        };
        const TpmRelay relay{m_tpm.address(), altering(kGetCapability, another)};
        const auto report = attest(relay.address());
        QCOMPARE(report.facts.tpm->manufacturer, std::string{"IFX"});
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, C::AnswersChanged}));
    }

    /// The device has a lockout password and one failed try; a part on the line says otherwise, in the clear.
    void anotherStateInTheClearIsNamed_data()
    {
        QTest::addColumn<uint>("property");
        QTest::addColumn<uint>("kept");
        QTest::addColumn<uint>("added");
        constexpr uint kPermanent = 0x200;
        constexpr uint kStartupClear = 0x201;
        QTest::newRow("password hidden") << kPermanent << ~4U << 0U;
        QTest::newRow("owner's password claimed") << kPermanent << ~0U << 1U;
        QTest::newRow("lockout claimed") << kPermanent << ~0U << (1U << 9U);
        QTest::newRow("seed claimed to be the maker's") << kPermanent << ~(1U << 10U) << 0U;
        QTest::newRow("storage hierarchy claimed off") << kStartupClear << ~2U << 0U;
        QTest::newRow("endorsement hierarchy claimed off") << kStartupClear << ~4U << 0U;
        QTest::newRow("failed tries hidden") << 0x20EU << 0U << 0U;
        QTest::newRow("other number of tries allowed") << 0x20FU << 0U << 1000U;
    }
    void anotherStateInTheClearIsNamed()
    {
        QFETCH(const uint, property);
        QFETCH(const uint, kept);
        QFETCH(const uint, added);
        const auto lie = [=](Bytes response) {
            return withProperty(std::move(response), property, [=](auto value) { return (value & kept) | added; });
        };
        const TpmRelay relay{ownedTpm().address(), altering(kGetCapability, lie)};
        const auto report = attest(relay.address());
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, C::AnswersChanged}));
        QVERIFY2(report.error->what.find("passwords") != std::string::npos, report.error->what.c_str());
        QCOMPARE(ownedTpm().loadedHandles(), std::string{});
    }

    void anAlteredProtectedAnswerIsNamed_data()
    {
        QTest::addColumn<int>("command");
        QTest::newRow("properties") << static_cast<int>(kGetCapability);
        QTest::newRow("keys") << static_cast<int>(kReadPublic);
        QTest::newRow("credential") << static_cast<int>(kActivateCredential);
        QTest::newRow("certificate") << static_cast<int>(kNvRead);
    }
    void anAlteredProtectedAnswerIsNamed()
    {
        QFETCH(int, command);
        // A response with the salted session ends with its HMAC of 32 bytes: no other answer of these commands is longer
        // than a password session's by as much.
        const auto alter = [command](std::uint32_t code, Bytes response) {
            constexpr std::size_t kHmac = 32;
            constexpr std::size_t kInsideTheParameters = tpm::kHeaderSize + 4 + 16;
            const bool covered = code == static_cast<std::uint32_t>(command) && !inTheClear(response) &&
                                 must(ByteReader{ByteView{response}.last(kHmac + 2)}.u16("size")) == kHmac;
            return RelayReply{covered ? turnedOver(std::move(response), 8 * kInsideTheParameters)
                                      : std::move(response)};
        };
        const TpmRelay relay{m_tpm.address(), {.instead = {}, .reply = alter}};
        const auto report = attest(relay.address());
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, C::AnswersChanged}));
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

    void aPersistentKeyThatIsNoneIsNamed()
    {
        const auto persistent = m_tpm.persistentHandles();
        const TpmRelay relay{m_tpm.address(),
                             {.instead = [](std::uint32_t code) -> std::optional<RelayReply> {
                                  return code == kEvictControl ? std::optional{RelayReply{forgedSuccess()}}
                                                               : std::nullopt;
                              },
                              .reply = [](std::uint32_t, Bytes response) { return RelayReply{std::move(response)}; }}};
        const auto report = attest(relay.address(), {Persistence::PersistIfAbsent, Persistence::PersistIfAbsent});
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, C::AnswersChanged}));
        QCOMPARE(report.error->operation, std::string{"TPM2_EvictControl"});
        QCOMPARE(m_tpm.persistentHandles(), persistent);
        QCOMPARE(m_tpm.loadedHandles(), std::string{});
    }

private:
    AttestationReport attest(const std::string& address, const KeysToPersist& keys = {})
    {
        auto device = tpmAt(address);
        RecordingSteps steps;
        AttestationPolicy policy;
        policy.allowSoftware = true;
        policy.persistAfterPass = keys;
        return attestDevice({policy, m_anchors, utcNow()}, *device, steps, {});
    }

    /// A TPM in which both keys are persistent.
    const SwtpmFixture& warmTpm()
    {
        if (!m_warm) {
            m_warm = std::make_unique<SwtpmFixture>();
            if (attest(m_warm->address(), kBothKeys).verdict.outcome != Outcome::Pass) {
                qFatal("the TPM is not in the state that the test needs");
            }
        }
        return *m_warm;
    }

    /// The response that has its storage root key.
    Bytes storageRootKeyFrame()
    {
        Bytes frame;
        const TpmRelay relay{warmTpm().address(), altering(
                                                      kReadPublic,
                                                      [&frame](Bytes response) {
                                                          frame = response;
                                                          return response;
                                                      },
                                                      2, 2)};
        static_cast<void>(attest(relay.address()));
        return frame;
    }

    /// A TPM with a lockout password, at which a wrong password was tried once.
    const SwtpmFixture& ownedTpm()
    {
        if (!m_owned) {
            m_owned = std::make_unique<SwtpmFixture>();
            const std::vector<std::vector<std::string>> made{
                {"tpm2_nvdefine", "-C", "o", "-p", "secret", "-s", "8", "-a", "authread|authwrite", "0x1800001"},
                {"tpm2_nvread", "-C", "0x1800001", "-P", "wrong", "0x1800001"}, // fails, and counts
                {"tpm2_changeauth", "-c", "l", "secret"}};
            for (const auto& command : made) {
                static_cast<void>(m_owned->tool(command));
            }
            const auto honest = attest(m_owned->address());
            if (!honest.facts.tpmState->lockoutPassword || honest.facts.tpmState->failedTries != 1 ||
                honest.verdict.outcome != Outcome::Pass) {
                qFatal("the TPM is not in the state that the test needs");
            }
        }
        return *m_owned;
    }

    const SwtpmFixture m_tpm;
    std::unique_ptr<SwtpmFixture> m_owned;
    std::unique_ptr<SwtpmFixture> m_warm;
    const crypto::TrustStore m_anchors = m_tpm.anchors();
    AttestationReport m_honest;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_interposed_tpm)
#include "tst_interposed_tpm.moc"
