#include "core/attestation/attest_device.h"
#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"
#include "tests/core/tpm/device_tpm_steps.h"
#include "tests/support/code_text.h"
#include "tests/support/must.h"
#include "tests/support/recording_steps.h"
#include "tests/support/swtpm_fixture.h"
#include "tests/support/tpm_relay.h"

#include <QTest>

#include <algorithm>

// A part on the line that makes a chip look as if it had no certificate: what the certificate says of the chip then counts
// for nothing.

namespace enroll::test {
namespace {

using namespace attestation;
using namespace tpm::command_code;
using C = DeviceCode;

constexpr std::uint32_t kCertificate = 0x01C00002;
constexpr std::uint32_t kNoSuchHandle = 0x18B; ///< TPM_RC_HANDLE, handle 1
constexpr std::uint32_t kUninitialized = 0x14A;

std::uint32_t fieldAt(const Bytes& frame, std::size_t offset)
{
    return must(ByteReader{ByteView{frame}.subspan(offset)}.u32("field"));
}

bool readsPublicArea(const Bytes& command)
{
    return fieldAt(command, 6) == kNvReadPublic && fieldAt(command, tpm::kHeaderSize) == kCertificate;
}

bool readsContent(const Bytes& command)
{
    return fieldAt(command, 6) == kNvRead && fieldAt(command, tpm::kHeaderSize + 4) == kCertificate;
}

/// True for a command whose only session is a password.
bool isInTheClear(const Bytes& command)
{
    constexpr std::uint32_t kPasswordSize = 9;
    return fieldAt(command, tpm::kHeaderSize + 8) == kPasswordSize;
}

RelayReply refusal(std::uint32_t code)
{
    return {std::move(ByteWriter{}.u16(tpm::kTagNoSessions).u32(tpm::kHeaderSize).u32(code)).take()};
}

/// Answers \p code to each command of which \p isMeant is true.
RelayBehaviour refusing(bool (*isMeant)(const Bytes&), std::uint32_t code)
{
    const auto meant = std::make_shared<bool>(false);
    return {.instead = [meant, code](std::uint32_t) { return *meant ? std::optional{refusal(code)} : std::nullopt; },
            .reply = {},
            .heard = [meant, isMeant](const Bytes& command) { *meant = isMeant(command); }};
}

/// Puts filler in the place of the content wherever no session protects it.
RelayBehaviour blanking()
{
    const auto meant = std::make_shared<bool>(false);
    return {.instead = {},
            .reply =
                [meant](std::uint32_t, Bytes response) {
                    constexpr std::size_t kBefore = tpm::kHeaderSize + 6; // the sizes of parameters and of the content
                    constexpr std::size_t kBehind = 5;                    // the empty authorisation
                    if (*meant && response.size() > kBefore + kBehind) {
                        std::fill(response.begin() + kBefore, response.end() - kBehind, std::byte{0xFF});
                    }
                    return RelayReply{std::move(response)};
                },
            .heard = [meant](const Bytes& command) { *meant = readsContent(command) && isInTheClear(command); }};
}

void run(const SwtpmFixture& tpm, const std::vector<std::string>& command)
{
    if (const auto output = tpm.tool(command); output.exitCode != 0) {
        qFatal("%s: %s", command.front().c_str(), output.standardError.c_str());
    }
}

} // namespace

class tst_hidden_certificate : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void isMissedUnderProtection_data()
    {
        QTest::addColumn<QByteArray>("how");
        for (const auto* how : {"said not to be there", "said never to have been written", "blanked"}) {
            QTest::newRow(how) << QByteArray{how};
        }
    }
    void isMissedUnderProtection()
    {
        QFETCH(QByteArray, how);
        auto behaviour = how == "blanked"                ? blanking()
                         : how == "said not to be there" ? refusing(readsPublicArea, kNoSuchHandle)
                                                         : refusing(readsContent, kUninitialized);
        const SwtpmFixture tpm;
        const TpmRelay relay{tpm.address(), std::move(behaviour)};
        const auto report = attest(relay.address(), tpm);
        QVERIFY(!report.facts.endorsementKey->certificate);
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, C::AnswersChanged}));
        QCOMPARE(tpm.loadedHandles(), std::string{});
    }

    /// An index that is there for everybody to see and holds nothing hides nothing.
    void isNotMissedWhereThereIsNone_data()
    {
        QTest::addColumn<bool>("isDefined");
        QTest::newRow("no index") << false;
        QTest::newRow("an index that nobody wrote") << true;
    }
    void isNotMissedWhereThereIsNone()
    {
        QFETCH(bool, isDefined);
        const SwtpmFixture tpm;
        run(tpm, {"tpm2_nvundefine", "-C", "p", "0x1C00002"});
        if (isDefined) {
            run(tpm, {"tpm2_nvdefine", "-C", "p", "-s", "900", "-a",
                      "ownerread|authread|ppread|ppwrite|platformcreate|no_da", "0x1C00002"});
        }
        QCOMPARE(attest(tpm.address(), tpm).verdict, (Verdict{Outcome::Hold, C::EkCertificateMissing}));
    }

private:
    static AttestationReport attest(const std::string& address, const SwtpmFixture& tpm)
    {
        AttestationPolicy policy;
        policy.allowSoftware = true;
        policy.certificate = CertificateRequirement::Present;
        auto device = tpmAt(address);
        RecordingSteps steps;
        return attestDevice({std::move(policy), tpm.anchors(), utcNow()}, *device, steps, {});
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::tst_hidden_certificate)
#include "tst_hidden_certificate.moc"
