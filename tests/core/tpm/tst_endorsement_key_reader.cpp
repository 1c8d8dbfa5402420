#include "core/base/device_code.h"
#include "core/tpm/command_table.h"
#include "tests/core/tpm/device_tpm_steps.h"
#include "tests/support/swtpm_fixture.h"
#include "tests/support/tpm_relay.h"

#include <QTest>

#include <fstream>

namespace enroll::test {
namespace {

using attestation::EkTemplate;
using attestation::EndorsementKeyReading;
using attestation::Persistence;

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

Result<EndorsementKeyReading> readOne(const std::string& address)
{
    const auto device = tpmAt(address);
    TRY(device->connect());
    return device->readEndorsementKey(Persistence::LeaveAsIs);
}

Result<std::vector<EndorsementKeyReading>> readAll(const std::string& address)
{
    const auto device = tpmAt(address);
    TRY(device->connect());
    return device->readAllEndorsementKeys();
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
        QCOMPARE(keys->size(), std::size_t{3});
        QCOMPARE(keys->at(0).publicArea, one->publicArea);
        QCOMPARE(keys->at(0).templateKind, EkTemplate::TcgL1);
        QCOMPARE(keys->at(1).source.persistentHandle, std::optional{0x81010016U});
        QCOMPARE(m_tpm->loadedHandles(), std::string{});
    }

    void putsTheKeyFirstThatIsKeptAtAnotherHandle()
    {
        run(*m_tpm, {"tpm2_createek", "-G", "rsa", "-u", "ek.pub", "-c", "0x81010020"});
        m_tpm->evict("0x81010001");
        const auto one = readOne(m_tpm->address());
        const auto keys = readAll(m_tpm->address());
        QVERIFY2(keys.ok(), keys ? "" : textOf(keys.error()).c_str());
        QCOMPARE(keys->size(), std::size_t{3});
        QCOMPARE(keys->at(0).publicArea, one->publicArea);
        QCOMPARE(keys->at(0).source.persistentHandle, std::optional{0x81010020U});
    }

    void namesNoOtherKeyWhereTheDefaultHandleHoldsASigningKey()
    {
        m_tpm->evict("0x81010001");
        putSigningKeyAtDefaultHandle(*m_tpm);
        const auto keys = readAll(m_tpm->address());
        QVERIFY(!keys.ok());
        QCOMPARE(keys.error().code, DeviceCode::EndorsementKeyUnusable);
    }

    void listsThePersistentKeysOfATpmThatMakesNone()
    {
        const TpmRelay relay{m_tpm->address(), makesNoKey()};
        const auto keys = readAll(relay.address());
        QVERIFY2(keys.ok(), keys ? "" : textOf(keys.error()).c_str());
        QCOMPARE(keys->size(), std::size_t{2});
        QCOMPARE(keys->at(0).source.persistentHandle, std::optional{0x81010001U});
        QCOMPARE(keys->at(1).source.persistentHandle, std::optional{0x81010016U});
    }

    void namesNoKeyWhereTheDefaultHandleIsFreeAndNoneIsMade()
    {
        m_tpm->evict("0x81010001");
        const TpmRelay relay{m_tpm->address(), makesNoKey()};
        QCOMPARE(readOne(relay.address()).error().code, DeviceCode::EndorsementKeyUnusable);
        const auto keys = readAll(relay.address());
        QVERIFY(!keys.ok());
        QCOMPARE(keys.error().code, DeviceCode::EndorsementKeyUnusable);
    }

private:
    std::unique_ptr<SwtpmFixture> m_tpm;
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestEndorsementKeyReader)
#include "tst_endorsement_key_reader.moc"
