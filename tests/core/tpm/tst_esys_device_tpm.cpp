#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/esys_device_tpm.h"
#include "tests/core/tpm/device_tpm_steps.h"
#include "tests/support/pacing_relay.h"
#include "tests/support/swtpm_fixture.h"
#include "tests/support/tpm_relay.h"

#include <QTest>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace enroll::test {
namespace {

using attestation::EkTemplate;

constexpr auto kSasToSign = "0ne00000001%2fregistrations%2fdevice\n1790000000";

Bytes publicAreaByTool(const SwtpmFixture& tpm, const std::string& handle)
{
    const auto file = tpm.directory() / "public.tss";
    if (tpm.tool({"tpm2_readpublic", "-c", handle, "-f", "tss", "-o", file.string()}).exitCode != 0) {
        return {};
    }
    std::ifstream in{file, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    return toBytes(asBytes(text));
}

std::string textOf(const Error& error)
{
    return describeForLog(error);
}

} // namespace

class TestEsysDeviceTpm : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_tpm = std::make_unique<SwtpmFixture>(); }
    void cleanup() { m_tpm.reset(); }

    void identifiesASoftwareTpm()
    {
        auto device = tpmAt(m_tpm->address());
        QVERIFY(device->connect().ok());
        const auto identity = device->identify();
        QVERIFY2(identity.ok(), identity ? "" : textOf(identity.error()).c_str());
        QCOMPARE(identity->manufacturer, std::string{"IBM"});
        QCOMPARE(identity->manufacturerId, 0x49424D00U);
        QCOMPARE(identity->vendorString, std::string{"SW   TPM"});
        QCOMPARE(identity->firmware, std::string{"8217.4131.22.13878"});
        QVERIFY(identity->specRevision >= 138);
        QVERIFY(identity->software);
    }

    void readsTheEndorsementKeyThatToolsRead()
    {
        auto device = tpmAt(m_tpm->address());
        QVERIFY(device->connect().ok());
        const auto key = device->readEndorsementKey({});
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QVERIFY(device->release().ok());
        QCOMPARE(key->publicArea, publicAreaByTool(*m_tpm, "0x81010001"));
        QCOMPARE(key->source.persistentHandle, std::optional{0x81010001U});
        QCOMPARE(key->templateKind, EkTemplate::Unknown);
    }

    void readsTheCertificateBesideTheKey()
    {
        auto device = tpmAt(m_tpm->address());
        QVERIFY(device->connect().ok());
        const auto key = device->readEndorsementKey({});
        QVERIFY(key.ok() && key->certificateNv.has_value());
        QCOMPARE(key->certificateIndex, std::optional{0x01C00002U});
        QCOMPARE(toHex(ByteView{*key->certificateNv}.first(2)), std::string{"3082"}); // DER: SEQUENCE, long length
        QVERIFY(device->release().ok());
        const auto size = m_tpm->tool({"tpm2_nvread", "0x1C00002", "-o", "cert.der"});
        QCOMPARE(size.exitCode, 0);
        QCOMPARE(std::filesystem::file_size(m_tpm->directory() / "cert.der"), key->certificateNv->size());
    }

    void opensItsChallengeAndSigns()
    {
        auto device = tpmAt(m_tpm->address());
        const auto answer = attest(*device, asBytes(kSasToSign));
        QVERIFY2(answer.ok(), answer ? "" : textOf(answer.error()).c_str());
        QCOMPARE(answer->given, answer->expected);
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
        QCOMPARE(m_tpm->persistentHandles(), std::string{"- 0x81010001\n- 0x81010016\n"});
    }

    void answersAgainAfterARelease()
    {
        auto device = tpmAt(m_tpm->address());
        QVERIFY(attest(*device, asBytes(kSasToSign)).ok());
        const auto second = attest(*device, asBytes(kSasToSign));
        QVERIFY(second.ok());
        QCOMPARE(second->given, second->expected);
    }

    void leavesNothingLoadedWhenDestroyedInTheMiddle()
    {
        {
            auto device = tpmAt(m_tpm->address());
            QVERIFY(device->connect().ok());
            QVERIFY(device->readEndorsementKey({}).ok());
            QVERIFY(device->provideStorageRootKey().ok()); // created, thus transient
        }
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void refusesAChallengeForAnotherStorageRootKey()
    {
        const SwtpmFixture other;
        auto otherDevice = tpmAt(other.address());
        QVERIFY(otherDevice->connect().ok());
        const auto otherRoot = otherDevice->provideStorageRootKey();
        QVERIFY(otherRoot.ok());

        auto device = tpmAt(m_tpm->address());
        QVERIFY(device->connect().ok());
        const auto key = device->readEndorsementKey({});
        QVERIFY(device->provideStorageRootKey().ok());
        const auto challenge = attestation::makeActivationChallenge(attestation::parsePublic(key->publicArea).value(),
                                                                    attestation::parsePublic(*otherRoot).value());
        const auto activated = device->activate(challenge->blob);
        QVERIFY(!activated.ok());
        QCOMPARE(activated.error().code, DeviceCode::ActivationRefused);
        QCOMPARE(activated.error().operation, std::string{"TPM2_ActivateCredential"});
        QVERIFY(device->release().ok());
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void refusesAChallengeWithAnAlteredDuplicate()
    {
        auto device = tpmAt(m_tpm->address());
        QVERIFY(device->connect().ok());
        const auto key = device->readEndorsementKey({});
        const auto root = device->provideStorageRootKey();
        auto challenge = attestation::makeActivationChallenge(attestation::parsePublic(key->publicArea).value(),
                                                              attestation::parsePublic(*root).value());
        auto blob = challenge->blob;
        blob.duplicate.back() ^= std::byte{1};
        const auto activated = device->activate(blob);
        QVERIFY(!activated.ok());
        QCOMPARE(activated.error().code, DeviceCode::ActivationRefused);
        QCOMPARE(activated.error().operation, std::string{"TPM2_Import"});
        QVERIFY(device->release().ok());
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void createsTheDefaultKeyWhenTheHandleIsEmpty()
    {
        const auto before = publicAreaByTool(*m_tpm, "0x81010001");
        m_tpm->evict("0x81010001");
        auto device = tpmAt(m_tpm->address());
        QVERIFY(device->connect().ok());
        const auto key = device->readEndorsementKey({});
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QVERIFY(device->release().ok());
        QCOMPARE(key->publicArea, before); // swtpm's maker used the same template
        QCOMPARE(key->templateKind, EkTemplate::TcgL1);
        QVERIFY(!key->source.persistentHandle.has_value());
        QCOMPARE(key->certificateIndex, std::optional{0x01C00002U});
        QCOMPARE(m_tpm->persistentHandles(), std::string{"- 0x81010016\n"});
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void attestsWithCreatedKeys()
    {
        m_tpm->evict("0x81010001");
        auto device = tpmAt(m_tpm->address());
        const auto answer = attest(*device, asBytes(kSasToSign));
        QVERIFY2(answer.ok(), answer ? "" : textOf(answer.error()).c_str());
        QCOMPARE(answer->given, answer->expected);
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    /// What this swtpm can make: RSA 2048 and 3072, the three curves. RSA 4096 it cannot.
    void attestsEveryKind_data()
    {
        QTest::addColumn<int>("kind");
        for (const auto& row : attestation::ekCatalog()) {
            if (canBeAttested(row) && *row.kind != EkTemplate::TcgH7) {
                QTest::newRow(std::string{*row.word}.c_str()) << static_cast<int>(*row.kind);
            }
        }
    }
    void attestsEveryKind()
    {
        QFETCH(int, kind);
        auto device = tpmAt(m_tpm->address());
        const attestation::EkChoice choice{static_cast<EkTemplate>(kind), attestation::EkChoice::Rule::OfTemplate};
        const auto answer = attest(*device, asBytes(kSasToSign), {choice, {}});
        QVERIFY2(answer.ok(), answer ? "" : textOf(answer.error()).c_str());
        QCOMPARE(answer->given, answer->expected);
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    /// The seed was changed, so that the certificate in NV is for a key that is gone. Looking for it must leave the key at
    /// the same handle open: ESYS knows one object a handle.
    void opensAChallengeBesideACertificateOfAnotherKey()
    {
        QCOMPARE(m_tpm->tool({"tpm2_changeeps"}).exitCode, 0);
        QCOMPARE(m_tpm->tool({"tpm2_createek", "-Q", "-G", "rsa", "-c", "0x81010001", "-u", "ek.pub"}).exitCode, 0);
        auto device = tpmAt(m_tpm->address());
        QVERIFY(device->connect().ok());
        const auto key = device->readEndorsementKey({});
        const auto root = device->provideStorageRootKey();
        QVERIFY(key.ok() && root.ok());
        QVERIFY(!key->certifiedKeyAt);
        const auto made = attestation::makeActivationChallenge(attestation::parsePublic(key->publicArea).value(),
                                                               attestation::parsePublic(*root).value());
        const auto activated = device->activate(made->blob);
        QVERIFY2(activated.ok(), activated ? "" : textOf(activated.error()).c_str());
    }

    /// As in the field: the service's first key answers its challenge, the second is the device's own. Both keys of the
    /// TPM are made for the occasion, and it has room for three objects.
    void opensASecondChallengeBesideCreatedKeys()
    {
        m_tpm->evict("0x81010001");
        auto device = tpmAt(m_tpm->address());
        QVERIFY(device->connect().ok());
        const auto key = device->readEndorsementKey({});
        const auto root = device->provideStorageRootKey();
        QVERIFY(key.ok() && root.ok());
        for (int challenge = 0; challenge < 2; ++challenge) {
            const auto made = attestation::makeActivationChallenge(attestation::parsePublic(key->publicArea).value(),
                                                                   attestation::parsePublic(*root).value());
            const auto activated = device->activate(made->blob);
            QVERIFY2(activated.ok(), activated ? "" : textOf(activated.error()).c_str());
        }
        QVERIFY(device->release().ok());
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void persistsTheChosenKeyAtItsOwnHandle()
    {
        auto device = tpmAt(m_tpm->address());
        const attestation::EkChoice choice{EkTemplate::TcgL2, attestation::EkChoice::Rule::OfTemplate};
        const auto answer = attest(*device, asBytes(kSasToSign), {choice, kBothKeys});
        QVERIFY2(answer.ok(), answer ? "" : textOf(answer.error()).c_str());
        QCOMPARE(m_tpm->persistentHandles(), std::string{"- 0x81000001\n- 0x81010001\n- 0x8101000A\n- 0x81010016\n"});
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void leavesWhatIsAtTheHandle()
    {
        const auto before = publicAreaByTool(*m_tpm, "0x81010001");
        auto device = tpmAt(m_tpm->address());
        const attestation::EkChoice choice{EkTemplate::AzureEmptyUnique, attestation::EkChoice::Rule::OfTemplate};
        QVERIFY(attest(*device, asBytes(kSasToSign), {choice, kBothKeys}).ok());
        QCOMPARE(publicAreaByTool(*m_tpm, "0x81010001"), before);
    }

    void persistsMissingKeysOnlyWhenAsked()
    {
        m_tpm->evict("0x81010001");
        auto device = tpmAt(m_tpm->address());
        const auto answer = attest(*device, asBytes(kSasToSign), {{}, kBothKeys});
        QVERIFY2(answer.ok(), answer ? "" : textOf(answer.error()).c_str());
        QCOMPARE(m_tpm->persistentHandles(), std::string{"- 0x81000001\n- 0x81010001\n- 0x81010016\n"});
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void keepsNoKeyWhereItCannotKeepBoth()
    {
        m_tpm->evict("0x81010001");
        const TpmRelay relay{m_tpm->address(),
                             {.instead = [evictions = 0](std::uint32_t code) mutable -> std::optional<RelayReply> {
                                  const bool second = code == tpm::command_code::kEvictControl && ++evictions == 2;
                                  return second ? std::optional{RelayReply{fromHex("80010000000a0000014b").value()}}
                                                : std::nullopt;
                              },
                              .reply = {}}};
        auto device = tpmAt(relay.address());
        const auto answer = attest(*device, asBytes(kSasToSign), {{}, kBothKeys});
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().operation, std::string{"TPM2_EvictControl"});
        QVERIFY(device->release().ok());
        QCOMPARE(m_tpm->persistentHandles(), std::string{"- 0x81010016\n"});
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void usesAnExistingStorageRootKeyAsItIs()
    {
        QCOMPARE(m_tpm->tool({"tpm2_createprimary", "-C", "o", "-G", "ecc", "-c", "srk.ctx"}).exitCode, 0);
        QCOMPARE(m_tpm->tool({"tpm2_evictcontrol", "-C", "o", "-c", "srk.ctx", "0x81000001"}).exitCode, 0);
        QCOMPARE(m_tpm->tool({"tpm2_flushcontext", "-t"}).exitCode, 0);
        auto device = tpmAt(m_tpm->address());
        QVERIFY(device->connect().ok());
        const auto root = device->provideStorageRootKey();
        QVERIFY(device->release().ok());
        QCOMPARE(*root, publicAreaByTool(*m_tpm, "0x81000001"));
    }

    void listsEveryKeyThatTheTpmCanPresent()
    {
        auto device = tpmAt(m_tpm->address());
        QVERIFY(device->connect().ok());
        const auto keys = device->readAllEndorsementKeys({});
        QVERIFY2(keys.ok(), keys ? "" : textOf(keys.error()).c_str());
        QVERIFY(device->release().ok());
        const auto& readings = keys->readings;
        QCOMPARE(readings.at(0).source.persistentHandle, std::optional{0x81010001U});
        QCOMPARE(readings.at(0).templateKind, EkTemplate::TcgL1); // proven by making it again
        QCOMPARE(readings.at(1).source.persistentHandle, std::optional{0x81010016U});
        QCOMPARE(readings.at(1).certificateIndex, std::optional{0x01C00016U});
        QCOMPARE(readings.back().templateKind, EkTemplate::AzureEmptyUnique);
        QVERIFY(readings.back().publicArea != readings.at(0).publicArea);
        QVERIFY(!keys->notChosen);
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void refusesASigningKeyAtTheEndorsementHandle()
    {
        m_tpm->evict("0x81010001");
        QCOMPARE(m_tpm
                     ->tool({"tpm2_createprimary", "-C", "e", "-G", "rsa2048:rsassa-sha256:null", "-a",
                             "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign", "-c", "k.ctx"})
                     .exitCode,
                 0);
        QCOMPARE(m_tpm->tool({"tpm2_evictcontrol", "-C", "o", "-c", "k.ctx", "0x81010001"}).exitCode, 0);
        QCOMPARE(m_tpm->tool({"tpm2_flushcontext", "-t"}).exitCode, 0);
        auto device = tpmAt(m_tpm->address());
        QVERIFY(device->connect().ok());
        const auto key = device->readEndorsementKey({});
        QVERIFY(!key.ok());
        QCOMPARE(key.error().code, DeviceCode::NotAsShipped);
    }

    void saysWhenTheEndorsementHierarchyHasAPassword()
    {
        QCOMPARE(m_tpm->tool({"tpm2_changeauth", "-c", "e", "secret"}).exitCode, 0);
        auto device = tpmAt(m_tpm->address());
        const auto answer = attest(*device, asBytes(kSasToSign));
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().code, DeviceCode::TpmHierarchyLocked);
        QVERIFY(device->release().ok());
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void readsACertificateLargerThanOneChunk()
    {
        const auto large = std::string(1700, 'x');
        std::ofstream{m_tpm->directory() / "large"} << large;
        QCOMPARE(m_tpm->tool({"tpm2_nvundefine", "-C", "p", "0x1C00002"}).exitCode, 0);
        QCOMPARE(m_tpm
                     ->tool({"tpm2_nvdefine", "-C", "p", "-s", "1700", "-a",
                             "ownerread|authread|ppread|ppwrite|platformcreate|no_da", "0x1C00002"})
                     .exitCode,
                 0);
        QCOMPARE(m_tpm->tool({"tpm2_nvwrite", "-C", "p", "-i", "large", "0x1C00002"}).exitCode, 0);
        auto device = tpmAt(m_tpm->address());
        QVERIFY(device->connect().ok());
        const auto key = device->readEndorsementKey({});
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QCOMPARE(key->certificateNv, std::optional{toBytes(asBytes(large))});
    }

    void treatsAnUnwrittenIndexAsNoCertificate()
    {
        QCOMPARE(m_tpm->tool({"tpm2_nvundefine", "-C", "p", "0x1C00002"}).exitCode, 0);
        QCOMPARE(m_tpm
                     ->tool({"tpm2_nvdefine", "-C", "p", "-s", "100", "-a",
                             "ownerread|authread|ppread|ppwrite|platformcreate|no_da", "0x1C00002"})
                     .exitCode,
                 0);
        auto device = tpmAt(m_tpm->address());
        QVERIFY(device->connect().ok());
        const auto key = device->readEndorsementKey({});
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QVERIFY(!key->certificateNv.has_value());
    }

    void readsAnIndexThatOnlyTheOwnerMayRead()
    {
        std::ofstream{m_tpm->directory() / "content"} << "owner only";
        QCOMPARE(m_tpm->tool({"tpm2_nvundefine", "-C", "p", "0x1C00002"}).exitCode, 0);
        QCOMPARE(m_tpm
                     ->tool({"tpm2_nvdefine", "-C", "p", "-s", "10", "-a", "ownerread|ppwrite|platformcreate|no_da",
                             "0x1C00002"})
                     .exitCode,
                 0);
        QCOMPARE(m_tpm->tool({"tpm2_nvwrite", "-C", "p", "-i", "content", "0x1C00002"}).exitCode, 0);
        auto device = tpmAt(m_tpm->address());
        QVERIFY(device->connect().ok());
        const auto key = device->readEndorsementKey({});
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QCOMPARE(key->certificateNv, std::optional{toBytes(asBytes("owner only"))});
    }

    void attestsAWarmDeviceWithin24Commands()
    {
        auto warming = tpmAt(m_tpm->address());
        QVERIFY(attest(*warming, asBytes(kSasToSign), {{}, kBothKeys}).ok());
        const PacingRelay relay{m_tpm->address()};
        auto device = tpmAt(relay.address());
        const auto answer = attest(*device, asBytes(kSasToSign));
        QVERIFY2(answer.ok(), answer ? "" : textOf(answer.error()).c_str());

        const auto traffic = device->traffic();
        QCOMPARE(traffic.commands, relay.counts().commands());
        // Where the profile looks at how a device ships: two lists, one of which has the endorsement key's handle.
        constexpr std::uint64_t kListsOfContents = 2 - 1;
        QVERIFY2(traffic.commands + kListsOfContents <= 24, std::to_string(traffic.commands).c_str());
        QCOMPARE(relay.counts().commands(tpm::command_code::kCreatePrimary), std::uint64_t{0});
        QCOMPARE(traffic.retries, std::uint64_t{0});
        QVERIFY(traffic.busy >= std::chrono::milliseconds{175 + 175 + 60 + 25 + 18});
    }

    void namesAPortWhereNothingListens()
    {
        const auto address = m_tpm->address();
        m_tpm->stop();
        auto device = tpmAt(address);
        const auto connected = device->connect();
        QVERIFY(!connected.ok());
        QCOMPARE(connected.error().code, DeviceCode::NoTpmAnswers);
        QVERIFY(device->release().ok());
    }

    void refusesToBeUsedUnconnected()
    {
        auto device = tpmAt(m_tpm->address());
        QCOMPARE(device->identify().error().code, StationCode::InternalFault);
        QCOMPARE(device->sign({}).error().code, StationCode::InternalFault);
        QCOMPARE(device->readOtherKeys().error().code, StationCode::InternalFault);
        QVERIFY(device->release().ok());
    }

    /// No key is said to be absent where nobody has looked.
    void looksForNoOtherKeysBeforeTheTpmListsThem()
    {
        auto device = tpmAt(m_tpm->address());
        QVERIFY(device->connect().ok());
        QVERIFY(device->readEndorsementKey({}).ok());
        const auto keys = device->readOtherKeys();
        QVERIFY(!keys.ok());
        QCOMPARE(keys.error().code, StationCode::InternalFault);
    }

private:
    std::unique_ptr<SwtpmFixture> m_tpm;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestEsysDeviceTpm)
#include "tst_esys_device_tpm.moc"
