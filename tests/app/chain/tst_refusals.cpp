#include "core/base/bytes.h"
#include "core/provisioning/individual_enrollment.h"
#include "db/dps/dps_client.h"
#include "tests/app/chain/station_directory.h"
#include "tests/support/hostile_relay.h"
#include "tests/support/service_process.h"
#include "tests/support/swtpm_fixture.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <array>

using namespace enroll;
using namespace enroll::test;

namespace {

constexpr std::uint32_t kReadPublic = 0x00000173;
constexpr std::uint32_t kHmac = 0x00000155;
constexpr std::size_t kHeader = 10;
constexpr int kDeadlineMs = 15'000;

/// One command may take a second here: a TPM that is silent shows itself soon.
constexpr auto kImpatient = R"(schema = 1
name = "Refusal test"
version = "1"
[tpm]
allow_software = true
[certificate]
require = "none"
on_missing = "accept"
[transport]
timeout_s = { default = 1, create_primary = 20 }
)";

QString text(const std::string& value)
{
    return QString::fromStdString(value);
}

constexpr auto* kAsToolsMakeIt = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|decrypt";
/// A key under protection against guessing makes the TPM ask for a repetition, and the station end orderly: two commands.
constexpr auto* kAsDeviceSdksMakeIt = "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|noda|restricted|decrypt";

/// As a device has it that was set up before.
void persistStorageRootKey(const SwtpmFixture& tpm, const char* attributes)
{
    for (const auto& command : std::vector<std::vector<std::string>>{
             {"tpm2_createprimary", "-Q", "-C", "o", "-c", "srk.ctx", "-a", attributes},
             {"tpm2_evictcontrol", "-Q", "-C", "o", "-c", "srk.ctx", "0x81000001"},
             {"tpm2_flushcontext", "-t"}}) {
        const auto output = tpm.tool(command);
        QVERIFY2(output.exitCode == 0, output.standardError.c_str());
    }
}

/// True for the response of TPM2_ReadPublic that shows a storage parent used with its password: the SRK, not the EK. One that
/// a session encrypts shows nothing, and looks like anything.
bool showsStorageRootKey(std::uint32_t commandCode, const Bytes& response)
{
    constexpr std::size_t kAttributes = kHeader + 2 + 2 + 2;
    constexpr std::array kPlain{std::byte{0x80}, std::byte{0x01}}; // TPM_ST_NO_SESSIONS
    if (commandCode != kReadPublic || response.size() < kAttributes + 4 ||
        !std::ranges::equal(ByteView{response}.first(kPlain.size()), kPlain)) {
        return false;
    }
    ByteReader reader{ByteView{response}.subspan(kAttributes)};
    constexpr std::uint32_t kMask = 0x000300F2; // restricted, decrypt, fixed, and who authorises its use
    return (reader.u32("attributes").value() & kMask) == 0x00030072;
}

} // namespace

/// What the station and the service refuse, each with its own code and exit status, within its deadline, and with
/// nothing left in the TPM.
class tst_refusals : public QObject {
    Q_OBJECT

    ServiceProcess m_service;
    StationDirectory m_station{m_service.directory()};
    SwtpmFixture m_tpm;
    SwtpmFixture m_otherTpm;
    QString m_id;

    struct Refusal {
        int exitCode;
        QString code;
    };

    Refusal run(const QStringList& command) const
    {
        QElapsedTimer timer;
        timer.start();
        const auto run = m_station.run(command);
        if (timer.elapsed() > kDeadlineMs) {
            qFatal("%s took %lld ms", qPrintable(command.first()), static_cast<long long>(timer.elapsed()));
        }
        return {run.exitCode, run.document().value(QLatin1String("code")).toString()};
    }

    Refusal attest(const std::string& address) const
    {
        return run({QStringLiteral("attest"), QStringLiteral("--device"), text(address)});
    }

    Refusal registerAs(const QString& id, const std::string& address,
                       const QString& scope = QStringLiteral("0ne00000001")) const
    {
        return run({QStringLiteral("register"), QStringLiteral("--device"), text(address), QStringLiteral("--service"),
                    m_service.url(), QStringLiteral("--ca-file"), m_service.caFile(), QStringLiteral("--id-scope"),
                    scope, QStringLiteral("--registration-id"), id});
    }

    void requireNothingLoaded(const SwtpmFixture& tpm) const { QCOMPARE(text(tpm.loadedHandles()), QString{}); }

    Bytes endorsementKey(const SwtpmFixture& tpm) const
    {
        const auto run = m_station.run({QStringLiteral("ek"), QStringLiteral("--device"), text(tpm.address())});
        const auto bytes = QByteArray::fromBase64(run.document().value(QLatin1String("public")).toString().toLatin1());
        return toBytes(asBytes({bytes.constData(), static_cast<std::size_t>(bytes.size())}));
    }

    /// Puts an enrollment on the service's list by its own interface.
    void enlist(provisioning::IndividualEnrollment enrollment) const
    {
        auto access = db::dps::readConnectionStringFile(m_service.connectionStringFile().toStdString());
        QVERIFY(access.ok());
        auto client = db::dps::openDpsClient(std::move(access).value(), m_service.caFile().toStdString());
        QVERIFY(client.ok());
        auto opened = std::move(client).value();
        const auto outcome = opened.bulkCreate({&enrollment, 1}, {}, {});
        QVERIFY(std::holds_alternative<db::dps::HttpAnswer>(outcome));
        QCOMPARE(std::get<db::dps::HttpAnswer>(outcome).status, 200);
    }

    provisioning::IndividualEnrollment enrollmentOf(const QString& id, const SwtpmFixture& tpm) const
    {
        provisioning::IndividualEnrollment enrollment;
        enrollment.registrationId = enrollment::RegistrationId{id.toStdString()};
        enrollment.attestation.endorsementKey = endorsementKey(tpm);
        return enrollment;
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_station.writeProfile(kImpatient);
        const auto enrolled =
            m_station.run({QStringLiteral("enroll"), QStringLiteral("--device"), text(m_tpm.address()),
                           QStringLiteral("--serial"), QStringLiteral("GX-000001")});
        QVERIFY2(enrolled.exitCode == 0, enrolled.errors.constData());
        m_id = enrolled.document().value(QLatin1String("registrationId")).toString();
        QCOMPARE(m_station.run({QStringLiteral("upload")}).exitCode, 0);
    }

    void enrolledDeviceIsAssigned()
    {
        const auto run = m_station.run({QStringLiteral("register"), QStringLiteral("--device"), text(m_tpm.address()),
                                        QStringLiteral("--service"), m_service.url(), QStringLiteral("--ca-file"),
                                        m_service.caFile(), QStringLiteral("--id-scope"), QStringLiteral("0ne00000001"),
                                        QStringLiteral("--registration-id"), m_id});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        QCOMPARE(run.document().value(QLatin1String("hub")).toString(), QStringLiteral("hub.test"));
        requireNothingLoaded(m_tpm);
    }

    void unknownRegistrationIdIsRefused()
    {
        const auto refusal = registerAs(QStringLiteral("nobody"), m_tpm.address());
        QCOMPARE(refusal.code, QStringLiteral("U-404"));
        QCOMPARE(refusal.exitCode, 13);
        requireNothingLoaded(m_tpm);
    }

    void otherEndorsementKeyInTheListIsRefused()
    {
        const auto refusal = registerAs(m_id, m_otherTpm.address());
        QCOMPARE(refusal.code, QStringLiteral("U-411"));
        QCOMPARE(refusal.exitCode, 13);
        requireNothingLoaded(m_otherTpm);
    }

    void disabledEnrollmentIsRefused()
    {
        auto enrollment = enrollmentOf(QStringLiteral("switched-off"), m_otherTpm);
        enrollment.provisioningStatus = provisioning::ProvisioningStatus::Disabled;
        enlist(enrollment);
        const auto refusal = registerAs(QStringLiteral("switched-off"), m_otherTpm.address());
        QCOMPARE(refusal.code, QStringLiteral("U-412"));
        QCOMPARE(refusal.exitCode, 13);
        requireNothingLoaded(m_otherTpm);
    }

    void wrongIdScopeIsRefused()
    {
        const auto refusal = registerAs(m_id, m_tpm.address(), QStringLiteral("0ne00000002"));
        QCOMPARE(refusal.code, QStringLiteral("U-414"));
        QCOMPARE(refusal.exitCode, 13);
        requireNothingLoaded(m_tpm);
    }

    /// The signature of the test attestation, which comes first, stays as it is.
    void tamperedSignatureIsRefused()
    {
        int signatures = 0;
        const TpmRelay relay{m_tpm.address(), {.instead = {}, .reply = [&](std::uint32_t code, Bytes response) {
                                                   if (code == kHmac && ++signatures == 2) {
                                                       response[kHeader + 4 + 2] ^=
                                                           std::byte{1}; // first byte of the HMAC
                                                   }
                                                   return RelayReply{.bytes = std::move(response)};
                                               }}};
        const auto refusal = registerAs(m_id, relay.address());
        QCOMPARE(refusal.code, QStringLiteral("U-413"));
        QCOMPARE(refusal.exitCode, 13);
    }

    void tamperedAnswerFailsTheTestAttestation()
    {
        {
            const TpmRelay relay{m_tpm.address(), {.instead = {}, .reply = [](std::uint32_t code, Bytes response) {
                                                       if (code == kHmac) {
                                                           response[kHeader + 4 + 2] ^= std::byte{1};
                                                       }
                                                       return RelayReply{.bytes = std::move(response)};
                                                   }}};
            const auto refusal = attest(relay.address());
            QCOMPARE(refusal.code, QStringLiteral("D-130"));
            QCOMPARE(refusal.exitCode, 10);
        }
        requireNothingLoaded(m_tpm);
    }

    void storageRootKeyOfAnotherTpmCannotOpenTheChallenge()
    {
        Bytes other;
        {
            const TpmRelay listener{m_otherTpm.address(),
                                    {.instead = {}, .reply = [&](std::uint32_t code, Bytes response) {
                                         if (showsStorageRootKey(code, response)) {
                                             other = response;
                                         }
                                         return RelayReply{.bytes = std::move(response)};
                                     }}};
            persistStorageRootKey(m_otherTpm, kAsToolsMakeIt);
            QCOMPARE(attest(listener.address()).exitCode, 0);
        }
        QVERIFY(!other.empty());
        persistStorageRootKey(m_tpm, kAsToolsMakeIt);
        {
            const TpmRelay relay{m_tpm.address(), {.instead = {}, .reply = [&](std::uint32_t code, Bytes response) {
                                                       const bool swap = showsStorageRootKey(code, response);
                                                       return RelayReply{.bytes = swap ? other : std::move(response)};
                                                   }}};
            const auto refusal = attest(relay.address());
            QCOMPARE(refusal.code, QStringLiteral("D-132"));
            QCOMPARE(refusal.exitCode, 10);
        }
        requireNothingLoaded(m_tpm);
    }

    void brokenResponses_data()
    {
        QTest::addColumn<int>("attack");
        QTest::addColumn<QString>("code");
        QTest::newRow("truncated") << static_cast<int>(Attack::Truncate) << QStringLiteral("D-105");
        QTest::newRow("oversized") << static_cast<int>(Attack::OversizedHeader) << QStringLiteral("D-106");
        QTest::newRow("more than announced") << static_cast<int>(Attack::ExtraBytes) << QStringLiteral("D-106");
        QTest::newRow("garbage") << static_cast<int>(Attack::Garbage) << QStringLiteral("D-103");
        QTest::newRow("stops in the middle") << static_cast<int>(Attack::Stall) << QStringLiteral("D-102");
        QTest::newRow("stops answering") << static_cast<int>(Attack::Silence) << QStringLiteral("D-102");
        QTest::newRow("hangs up") << static_cast<int>(Attack::Disconnect) << QStringLiteral("D-101");
    }

    void brokenResponses()
    {
        QFETCH(int, attack);
        QFETCH(QString, code);
        {
            // Import is late: a session was open and keys may be loaded by then.
            const HostileRelay relay{
                m_tpm.address(),
                {.attack = static_cast<Attack>(attack), .commandCode = 0x00000156, .after = 0, .times = 1}};
            const auto refusal = attest(relay.address());
            QCOMPARE(refusal.code, code);
            QCOMPARE(refusal.exitCode, 10);
        }
        requireNothingLoaded(m_tpm);
    }

    /// Nobody is blamed for a device that was taken out; the same device is tested again, and passes.
    void aDeviceThatIsTakenOutHasNoVerdict()
    {
        {
            const HostileRelay relay{m_tpm.address(), {.attack = Attack::Unplug, .commandCode = 0x00000156}};
            const auto refusal = attest(relay.address());
            QCOMPARE(refusal.code, QStringLiteral("D-140"));
            QCOMPARE(refusal.exitCode, 12);
        }
        QCOMPARE(attest(m_tpm.address()).exitCode, 0);
        requireNothingLoaded(m_tpm);
    }

    void warmDeviceTakesAtMost24Commands()
    {
        // Both keys are persistent; one certificate is read.
        m_tpm.evict("0x81000001");
        persistStorageRootKey(m_tpm, kAsDeviceSdksMakeIt);
        const TpmRelay relay{m_tpm.address(), {.instead = {}, .reply = [](std::uint32_t, Bytes response) {
                                                   return RelayReply{.bytes = std::move(response)};
                                               }}};
        QCOMPARE(attest(relay.address()).exitCode, 0);
        QVERIFY2(relay.commands() <= 24, qPrintable(QString::number(relay.commands())));
    }
};

QTEST_GUILESS_MAIN(tst_refusals)
#include "tst_refusals.moc"
