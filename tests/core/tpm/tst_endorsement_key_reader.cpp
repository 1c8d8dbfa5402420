#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "tests/core/tpm/device_tpm_steps.h"
#include "tests/support/swtpm_fixture.h"
#include "tests/support/tpm_relay.h"

#include <QTest>

#include <algorithm>
#include <array>
#include <fstream>

namespace enroll::test {
namespace {

using attestation::EkChoice;
using attestation::EkTemplate;
using attestation::EndorsementKeyReading;

constexpr auto kRsaIndex = "0x1C00002";
constexpr auto kRsaIndexHigh = "0x1C00012";
constexpr auto kP384Index = "0x1C00016";

Bytes contentOf(const std::filesystem::path& file)
{
    std::ifstream in{file, std::ios::binary};
    const std::string text{std::istreambuf_iterator<char>{in}, {}};
    return toBytes(asBytes(text));
}

std::string textOf(const Error& error)
{
    return describeForLog(error);
}

/// Runs a tool that must succeed.
void run(const SwtpmFixture& tpm, const std::vector<std::string>& command)
{
    const auto output = tpm.tool(command);
    if (output.exitCode != 0) {
        qFatal("%s: %s", command.front().c_str(), output.standardError.c_str());
    }
}

/// Makes the index anew, as a TPM's maker does, with the file's content.
void defineIndex(const SwtpmFixture& tpm, const std::string& index, const std::string& file)
{
    const auto size = std::to_string(std::filesystem::file_size(tpm.directory() / file));
    run(tpm, {"tpm2_nvdefine", "-C", "p", "-s", size, "-a", "ownerread|authread|ppread|ppwrite|platformcreate|no_da",
              index});
    run(tpm, {"tpm2_nvwrite", "-C", "p", "-i", file, index});
}

/// The key's own certificate at the high index; \p file at the low one.
void moveCertificate(const SwtpmFixture& tpm, const std::string& file)
{
    run(tpm, {"tpm2_nvread", kRsaIndex, "-o", "own.der"});
    run(tpm, {"tpm2_nvundefine", "-C", "p", kRsaIndex});
    defineIndex(tpm, kRsaIndexHigh, "own.der");
    defineIndex(tpm, kRsaIndex, file);
}

void putSigningKeyAtDefaultHandle(const SwtpmFixture& tpm)
{
    run(tpm, {"tpm2_createprimary", "-C", "e", "-G", "rsa2048:rsassa-sha256:null", "-a",
              "fixedtpm|fixedparent|sensitivedataorigin|userwithauth|restricted|sign", "-c", "k.ctx"});
    run(tpm, {"tpm2_evictcontrol", "-C", "o", "-c", "k.ctx", "0x81010001"});
    run(tpm, {"tpm2_flushcontext", "-t"});
}

/// A TPM without RSA: TPM_RC_VALUE, parameter 2, to every template.
RelayBehaviour makesNoKey()
{
    return {.instead = [](std::uint32_t code) -> std::optional<RelayReply> {
                return code == tpm::command_code::kCreatePrimary
                           ? std::optional{RelayReply{fromHex("80010000000a000002c4").value()}}
                           : std::nullopt;
            },
            .reply = {}};
}

Result<EndorsementKeyReading> readOne(const std::string& address, const EkChoice& choice = {})
{
    const auto device = tpmAt(address);
    TRY(device->connect());
    return device->readEndorsementKey(choice);
}

EkChoice madeFrom(EkTemplate kind)
{
    return {kind, EkChoice::Rule::OfTemplate};
}

Bytes publicAreaOf(const SwtpmFixture& tpm, const std::string& object)
{
    run(tpm, {"tpm2_readpublic", "-c", object, "-f", "tss", "-o", "area.tss"});
    run(tpm, {"tpm2_flushcontext", "-t"});
    return contentOf(tpm.directory() / "area.tss");
}

void writeFile(const SwtpmFixture& tpm, const std::string& name, ByteView content)
{
    std::ofstream{tpm.directory() / name, std::ios::binary} << asText(content);
}

/// The key that tpm2-tools make with the L-1 template and this nonce.
Bytes keyByNonce(const SwtpmFixture& tpm, ByteView nonce)
{
    auto unique = concat({std::array{std::byte{0}, std::byte{1}}, nonce}); // 256, little-endian as the tool wants it
    unique.resize(2 + 256);
    writeFile(tpm, "unique", unique);
    writeFile(tpm, "policy", fromHex("837197674484b3f81a90cc8d46a5d724fd52d76e06520b64f2a1da1b331469aa").value());
    run(tpm,
        {"tpm2_createprimary", "-C", "e", "-G", "rsa2048:aes128cfb", "-g", "sha256", "-u", "unique", "-L", "policy",
         "-a", "fixedtpm|fixedparent|sensitivedataorigin|adminwithpolicy|restricted|decrypt", "-c", "nonce.ctx"});
    return publicAreaOf(tpm, "nonce.ctx");
}

Result<attestation::EndorsementKeySurvey> readAll(const std::string& address)
{
    const auto device = tpmAt(address);
    TRY(device->connect());
    return device->readAllEndorsementKeys({});
}

} // namespace

class TestEndorsementKeyReader : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void init() { m_tpm = std::make_unique<SwtpmFixture>(); }
    void cleanup() { m_tpm.reset(); }

    void passesOverAnIndexOfFiller()
    {
        std::ofstream{m_tpm->directory() / "filler"} << std::string(1600, '\xFF');
        moveCertificate(*m_tpm, "filler");
        const auto key = readOne(m_tpm->address());
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QCOMPARE(key->certificateIndex, std::optional{0x01C00012U});
        QCOMPARE(key->certificateNv, std::optional{contentOf(m_tpm->directory() / "own.der")});
    }

    void passesOverTheCertificateOfAnotherKey()
    {
        run(*m_tpm, {"tpm2_nvread", kP384Index, "-o", "foreign.der"});
        moveCertificate(*m_tpm, "foreign.der");
        const auto key = readOne(m_tpm->address());
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QCOMPARE(key->certificateIndex, std::optional{0x01C00012U});
        QCOMPARE(key->certificateNv, std::optional{contentOf(m_tpm->directory() / "own.der")});
    }

    void keepsTheCertificateOfAnotherKeyWhereThereIsNoBetter()
    {
        run(*m_tpm, {"tpm2_nvread", kP384Index, "-o", "foreign.der"});
        run(*m_tpm, {"tpm2_nvundefine", "-C", "p", kRsaIndex});
        defineIndex(*m_tpm, kRsaIndex, "foreign.der");
        const auto key = readOne(m_tpm->address());
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QCOMPARE(key->certificateIndex, std::optional{0x01C00002U});
    }

    void putsTheKeyFirstThatIsMadeWhereTheDefaultHandleIsFree()
    {
        m_tpm->evict("0x81010001");
        const auto one = readOne(m_tpm->address());
        const auto keys = readAll(m_tpm->address());
        QVERIFY2(keys.ok(), keys ? "" : textOf(keys.error()).c_str());
        QCOMPARE(keys->readings.at(0).publicArea, one->publicArea);
        QCOMPARE(keys->readings.at(0).templateKind, EkTemplate::TcgL1);
        QCOMPARE(keys->readings.at(1).source.persistentHandle, std::optional{0x81010016U});
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void putsTheKeyFirstThatIsKeptAtAnotherHandle()
    {
        run(*m_tpm, {"tpm2_createek", "-G", "rsa", "-u", "ek.pub", "-c", "0x81010020"});
        m_tpm->evict("0x81010001");
        const auto one = readOne(m_tpm->address());
        const auto keys = readAll(m_tpm->address());
        QVERIFY2(keys.ok(), keys ? "" : textOf(keys.error()).c_str());
        QCOMPARE(keys->readings.at(0).publicArea, one->publicArea);
        QCOMPARE(keys->readings.at(0).source.persistentHandle, std::optional{0x81010020U});
    }

    void listsTheOthersWhereTheDefaultHandleHoldsASigningKey()
    {
        m_tpm->evict("0x81010001");
        putSigningKeyAtDefaultHandle(*m_tpm);
        const auto keys = readAll(m_tpm->address());
        QVERIFY2(keys.ok(), keys ? "" : textOf(keys.error()).c_str());
        QVERIFY(keys->notChosen.has_value());
        QCOMPARE(keys->notChosen->code, DeviceCode::NotAsShipped);
        QCOMPARE(keys->readings.at(0).source.persistentHandle, std::optional{0x81010016U});
        QVERIFY(std::ranges::find(keys->readings, EkTemplate::TcgL1, &EndorsementKeyReading::templateKind) !=
                keys->readings.end());
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    /// libtpms 0.9 makes no RSA key of 4096 bits and knows no SM3 and SM4: those templates add none.
    void makesEachKeyOfTheCatalogThatTheTpmCan()
    {
        const auto keys = readAll(m_tpm->address());
        QVERIFY2(keys.ok(), keys ? "" : textOf(keys.error()).c_str());
        for (const auto kind :
             {EkTemplate::TcgL1, EkTemplate::TcgL2, EkTemplate::TcgH1, EkTemplate::TcgH2, EkTemplate::TcgH3,
              EkTemplate::TcgH4, EkTemplate::TcgH6, EkTemplate::AzureEmptyUnique}) {
            const auto of = std::ranges::count(keys->readings, kind, &EndorsementKeyReading::templateKind);
            QVERIFY2(of == 1, std::string{ekTemplateText(kind)}.c_str());
        }
        QCOMPARE(keys->readings.size(), std::size_t{8});
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void listsThePersistentKeysOfATpmThatMakesNone()
    {
        const TpmRelay relay{m_tpm->address(), makesNoKey()};
        const auto keys = readAll(relay.address());
        QVERIFY2(keys.ok(), keys ? "" : textOf(keys.error()).c_str());
        QCOMPARE(keys->readings.size(), std::size_t{2});
        QCOMPARE(keys->readings.at(0).source.persistentHandle, std::optional{0x81010001U});
        QCOMPARE(keys->readings.at(1).source.persistentHandle, std::optional{0x81010016U});
    }

    void namesNoKeyWhereTheDefaultHandleIsFreeAndNoneIsMade()
    {
        m_tpm->evict("0x81010001");
        const TpmRelay relay{m_tpm->address(), makesNoKey()};
        QCOMPARE(readOne(relay.address()).error().code, DeviceCode::EndorsementKeyUnusable);
        const auto keys = readAll(relay.address());
        QVERIFY2(keys.ok(), keys ? "" : textOf(keys.error()).c_str());
        QCOMPARE(keys->notChosen->code, DeviceCode::EndorsementKeyUnusable);
        QCOMPARE(keys->readings.size(), std::size_t{1}); // at 0x81010016
    }

    void makesTheKeysThatToolsMake_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("algorithm");
        QTest::newRow("L-1") << static_cast<int>(EkTemplate::TcgL1) << QStringLiteral("rsa");
        QTest::newRow("L-2") << static_cast<int>(EkTemplate::TcgL2) << QStringLiteral("ecc");
    }
    void makesTheKeysThatToolsMake()
    {
        QFETCH(int, kind);
        QFETCH(QString, algorithm);
        m_tpm->evict("0x81010001");
        const auto key = readOne(m_tpm->address(), madeFrom(static_cast<EkTemplate>(kind)));
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QCOMPARE(key->templateKind, static_cast<EkTemplate>(kind));
        QVERIFY(!key->source.persistentHandle);
        run(*m_tpm, {"tpm2_createek", "-G", algorithm.toStdString(), "-u", "ek.pub", "-c", "tool.ctx"});
        QCOMPARE(key->publicArea, publicAreaOf(*m_tpm, "tool.ctx"));
    }

    void makesTheKeyThatTheMakerCertified()
    {
        const auto made = publicAreaOf(*m_tpm, "0x81010016");
        m_tpm->evict("0x81010016");
        const auto key = readOne(m_tpm->address(), madeFrom(EkTemplate::TcgH3));
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QCOMPARE(key->publicArea, made);
        QCOMPARE(key->certificateIndex, std::optional{0x01C00016U});
        QVERIFY(!key->source.persistentHandle);
    }

    void takesTheCertifiedKeyFromItsHandleWithoutMakingIt()
    {
        const TpmRelay relay{m_tpm->address(), makesNoKey()};
        const auto key = readOne(relay.address(), madeFrom(EkTemplate::TcgH3));
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QCOMPARE(key->source.persistentHandle, std::optional{0x81010016U});
        QCOMPARE(key->templateKind, EkTemplate::TcgH3);
        const auto rsa = readOne(relay.address(), madeFrom(EkTemplate::TcgL1));
        QVERIFY2(rsa.ok(), rsa ? "" : textOf(rsa.error()).c_str());
        QCOMPARE(rsa->source.persistentHandle, std::optional{0x81010001U});
    }

    void takesAKeyWithoutCertificateFromItsHandleIfItIsTheSame()
    {
        run(*m_tpm, {"tpm2_nvundefine", "-C", "p", kRsaIndex});
        const auto key = readOne(m_tpm->address(), madeFrom(EkTemplate::TcgL1));
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QCOMPARE(key->source.persistentHandle, std::optional{0x81010001U});
        QCOMPARE(key->templateKind, EkTemplate::TcgL1);
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void passesOverAnotherKeyAtTheHandle()
    {
        const auto azure = readOne(m_tpm->address(), madeFrom(EkTemplate::AzureEmptyUnique));
        QVERIFY2(azure.ok(), azure ? "" : textOf(azure.error()).c_str());
        QVERIFY(!azure->source.persistentHandle); // the certified key at 0x81010001 is another
        QCOMPARE(azure->templateKind, EkTemplate::AzureEmptyUnique);
        QVERIFY(azure->publicArea != publicAreaOf(*m_tpm, "0x81010001"));
        QCOMPARE(azure->otherKeyAt, std::optional{0x81010001U});
        QCOMPARE(azure->certifiedKeyAt, std::optional{0x81010001U});
        QVERIFY(std::ranges::count(azure->otherKeys, publicAreaOf(*m_tpm, "0x81010001")) > 0);
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void tellsOfAKeyWhereDeviceSdksLookWhateverItsKind()
    {
        const auto ecc = readOne(m_tpm->address(), madeFrom(EkTemplate::TcgL2));
        QVERIFY2(ecc.ok(), ecc ? "" : textOf(ecc.error()).c_str());
        QCOMPARE(ecc->otherKeyAt, std::optional{0x81010001U}); // the RSA key
        QVERIFY(ecc->ownKeyAtSdkHandle);                       // which is certified
        QVERIFY(ecc->otherKeys == std::vector<Bytes>{publicAreaOf(*m_tpm, "0x81010001")});
        const auto rsa = readOne(m_tpm->address(), madeFrom(EkTemplate::TcgL1));
        QVERIFY(rsa.ok() && !rsa->otherKeyAt && !rsa->certifiedKeyAt && rsa->ownKeyAtSdkHandle);
        m_tpm->evict("0x81010001");
        const auto alone = readOne(m_tpm->address(), madeFrom(EkTemplate::TcgL2));
        QVERIFY(alone.ok() && !alone->otherKeyAt && !alone->ownKeyAtSdkHandle);
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void usesTheNonceThatTheMakerLeft_data()
    {
        QTest::addColumn<bool>("withTemplate");
        QTest::newRow("nonce alone") << false;
        QTest::newRow("nonce and template") << true;
    }
    void usesTheNonceThatTheMakerLeft()
    {
        QFETCH(bool, withTemplate);
        m_tpm->evict("0x81010001");
        const Bytes nonce(20, std::byte{0x5A});
        writeFile(*m_tpm, "nonce", nonce);
        defineIndex(*m_tpm, "0x1C00003", "nonce");
        if (withTemplate) {
            const auto area = ekTemplateArea(*attestation::findEkRow(EkTemplate::TcgL1));
            writeFile(*m_tpm, "template", attestation::marshalPublicArea(area));
            defineIndex(*m_tpm, "0x1C00004", "template");
        }
        const auto key = readOne(m_tpm->address());
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QCOMPARE(key->templateKind, EkTemplate::Nv);
        QCOMPARE(key->publicArea, keyByNonce(*m_tpm, nonce));
    }

    /// Device software that does not read the nonce makes the key of the plain template.
    void listsTheTemplatesKeyBesideThatOfTheMakersNonce_data()
    {
        QTest::addColumn<bool>("persistent");
        QTest::newRow("the template's key is persistent") << true;
        QTest::newRow("no key is persistent") << false;
    }
    void listsTheTemplatesKeyBesideThatOfTheMakersNonce()
    {
        QFETCH(bool, persistent);
        const auto plain = readOne(m_tpm->address());
        if (!persistent) {
            m_tpm->evict("0x81010001");
        }
        const Bytes nonce(20, std::byte{0x5A});
        writeFile(*m_tpm, "nonce", nonce);
        defineIndex(*m_tpm, "0x1C00003", "nonce");
        const auto keys = readAll(m_tpm->address());
        QVERIFY2(keys.ok(), keys ? "" : textOf(keys.error()).c_str());
        const auto kindOf = [&keys](const Bytes& area) {
            const auto found = std::ranges::find(keys->readings, area, &EndorsementKeyReading::publicArea);
            return found == keys->readings.end() ? EkTemplate::Unknown : found->templateKind;
        };
        QCOMPARE(kindOf(plain->publicArea), EkTemplate::TcgL1);
        QCOMPARE(kindOf(keyByNonce(*m_tpm, nonce)), EkTemplate::Nv);
        QCOMPARE(keys->readings.front().templateKind, persistent ? EkTemplate::TcgL1 : EkTemplate::Nv);
        QCOMPARE(keys->readings.size(), std::size_t{9});
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void saysWhyACertificateIsNotGivenOut()
    {
        run(*m_tpm, {"tpm2_nvundefine", "-C", "p", kRsaIndex});
        run(*m_tpm, {"tpm2_nvdefine", "-C", "p", "-s", "10", "-a", "ppread|ppwrite|platformcreate|no_da", kRsaIndex});
        const auto key = readOne(m_tpm->address());
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QVERIFY(!key->certificateNv);
        QVERIFY2(key->certificateUnreadable.find("0x01c00002") != std::string::npos,
                 key->certificateUnreadable.c_str());
    }

    /// An index under the protection against guessing is read by the owner, who is not.
    void readsAnIndexWithAPasswordByTheOwner()
    {
        run(*m_tpm, {"tpm2_nvundefine", "-C", "p", kRsaIndex});
        writeFile(*m_tpm, "content", asBytes("certificate"));
        run(*m_tpm, {"tpm2_nvdefine", "-C", "p", "-s", "11", "-a", "ownerread|authread|ppread|ppwrite|platformcreate",
                     "-p", "secret", kRsaIndex});
        run(*m_tpm, {"tpm2_nvwrite", "-C", "p", "-i", "content", kRsaIndex});
        const auto key = readOne(m_tpm->address());
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QCOMPARE(key->certificateNv, std::optional{toBytes(asBytes("certificate"))});
    }

    void readsAnIndexByItselfWhereTheOwnerHasAPassword()
    {
        run(*m_tpm, {"tpm2_changeauth", "-c", "o", "secret"});
        const auto key = readOne(m_tpm->address());
        QVERIFY2(key.ok(), key ? "" : textOf(key.error()).c_str());
        QCOMPARE(key->certificateIndex, std::optional{0x01C00002U});
    }

private:
    std::unique_ptr<SwtpmFixture> m_tpm;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestEndorsementKeyReader)
#include "tst_endorsement_key_reader.moc"
