#include "core/attestation/public_area.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/base64.h"
#include "tests/support/must.h"
#include "tests/support/worked_challenge.h"

#include <QTest>

using namespace enroll;
using namespace enroll::attestation;
using enroll::test::must;
using enroll::test::WorkedChallenge;

namespace {

constexpr std::size_t kType = 2;
constexpr std::size_t kNameAlgorithm = 4;
constexpr std::size_t kPolicySize = 10;
constexpr std::size_t kSymmetric = 44;
constexpr std::size_t kSymmetricBits = 46;
constexpr std::size_t kMode = 48;
constexpr std::size_t kScheme = 50;
constexpr std::size_t kKeyBits = 52;
constexpr std::size_t kModulusSize = 58;

Bytes goodEk()
{
    static const auto bytes = WorkedChallenge{}.bytes("ekTpm2bPublic");
    return bytes;
}

/// The good key with one big-endian UINT16 changed.
Bytes ekWith(std::size_t at, std::uint16_t value)
{
    auto bytes = goodEk();
    bytes[at] = static_cast<std::byte>(value >> 8U);
    bytes[at + 1] = static_cast<std::byte>(value);
    return bytes;
}

std::string whatOf(ByteView bytes)
{
    const auto area = parsePublic(bytes);
    if (area.ok()) {
        return "(accepted)";
    }
    return area.error().code == StationCode::KeyMaterialUnusable ? area.error().what : "(wrong code)";
}

bool says(const std::string& what, std::string_view part)
{
    if (what.find(part) == std::string::npos) {
        qWarning("said: %s", what.c_str());
        return false;
    }
    return true;
}

} // namespace

class tst_public_area : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsTheTcgEndorsementKey()
    {
        const auto area = must(parsePublic(goodEk()));
        QCOMPARE(area.attributes, 0x000300B2U);
        QCOMPARE(area.authPolicy.size(), std::size_t{32});
        QCOMPARE(algorithmText(area), std::string{"rsa2048"});
        const auto& rsa = std::get<RsaParameters>(area.parameters);
        QCOMPARE(rsa.symmetric->keyBits, std::uint16_t{128});
        QCOMPARE(rsa.exponent, 0U);
        QCOMPARE(std::get<Bytes>(area.unique).size(), std::size_t{256});
    }

    void writesBackTheSameBytes()
    {
        const WorkedChallenge vectors;
        for (const auto* name : {"ekTpm2bPublic", "srkTpm2bPublic", "object.tpm2bPublic"}) {
            const auto bytes = vectors.bytes(name);
            QCOMPARE(marshalPublic(must(parsePublic(bytes))), bytes);
        }
    }

    void writesBackEccKeys()
    {
        for (const auto kind : {test::KeyKind::EccP256, test::KeyKind::EccP384}) {
            const auto area = test::makeEndorsementKey(kind).area;
            QCOMPARE(must(parsePublic(marshalPublic(area))), area);
        }
    }

    void readsTheHmacKeyOfTheService()
    {
        const auto area = must(parsePublic(WorkedChallenge{}.bytes("object.tpm2bPublic")));
        QCOMPARE(algorithmText(area), std::string{"hmac-sha256"});
        QVERIFY(area.authPolicy.empty());
    }

    void namesCurvesInItsAlgorithmText()
    {
        QCOMPARE(algorithmText(test::makeEndorsementKey(test::KeyKind::EccP256).area), std::string{"ecc-p256"});
        QCOMPARE(algorithmText(test::makeEndorsementKey(test::KeyKind::EccP384).area), std::string{"ecc-p384"});
    }

    void refusesEveryTruncation()
    {
        const auto good = goodEk();
        for (std::size_t size = 0; size < good.size(); ++size) {
            QVERIFY(!parsePublic(ByteView{good}.first(size)).ok());
        }
    }

    void refusesTruncationWithTheSizeCorrected()
    {
        const auto good = goodEk();
        for (std::size_t size = 2; size < good.size(); ++size) {
            auto cut = toBytes(ByteView{good}.first(size));
            cut[0] = static_cast<std::byte>((size - 2) >> 8U);
            cut[1] = static_cast<std::byte>(size - 2);
            QVERIFY(!parsePublic(cut).ok());
        }
    }

    void refusesBytesBehindTheEnd()
    {
        auto bytes = goodEk();
        bytes.push_back(std::byte{0});
        QVERIFY(says(whatOf(bytes), "size of TPM2B_PUBLIC says 314 bytes, 315 follow"));
    }

    void refusesBytesBehindTheAreaInsideTheSize()
    {
        auto bytes = ekWith(0, 315);
        bytes.push_back(std::byte{0});
        QVERIFY(says(whatOf(bytes), "1 bytes follow the end of TPMT_PUBLIC"));
    }

    void refusesOneChangedField_data()
    {
        QTest::addColumn<int>("at");
        QTest::addColumn<int>("value");
        QTest::addColumn<QString>("field");
        const auto row = [](const char* name, std::size_t at, int value, const char* field) {
            QTest::newRow(name) << static_cast<int>(at) << value << QString::fromLatin1(field);
        };
        row("symmetric cipher object", kType, 0x0025, "object type");
        row("SM3", kNameAlgorithm, 0x0012, "name algorithm");
        row("policy of 20 bytes", kPolicySize, 20, "authorization policy");
        row("TDES", kSymmetric, 0x0003, "symmetric algorithm");
        row("AES of 512 bits", kSymmetricBits, 512, "symmetric key bits");
        row("AES in CBC", kMode, 0x0042, "symmetric mode");
        row("a scheme nobody knows", kScheme, 0x0999, "RSA scheme");
        row("a key of 2047 bits", kKeyBits, 2047, "RSA key bits");
        row("a modulus longer than any", kModulusSize, 513, "RSA modulus");
    }
    void refusesOneChangedField()
    {
        QFETCH(int, at);
        QFETCH(int, value);
        QFETCH(QString, field);
        const auto bytes = ekWith(static_cast<std::size_t>(at), static_cast<std::uint16_t>(value));
        QVERIFY(says(whatOf(bytes), field.toStdString()));
    }

    void refusesUnknownCurve()
    {
        auto area = test::makeEndorsementKey(test::KeyKind::EccP256).area;
        std::get<EccParameters>(area.parameters).curve = 0x0020; // SM2
        QVERIFY(says(whatOf(marshalPublic(area)), "ECC curve 0x0020"));
    }

    /// What old tools dump: azure-iot-sdk-c issue 1502 shows these first bytes.
    void saysThatADumpIsLittleEndian()
    {
        const auto dump = must(crypto::fromBase64("OgEAAAEACwCyAAMAIACDcZdn"));
        QVERIFY(says(whatOf(dump), "the bytes are a little-endian structure dump; a TPM2B_PUBLIC"));
    }

    void saysThatASizeIsMissing()
    {
        QVERIFY(says(whatOf(ByteView{goodEk()}.subspan(2)), "a TPMT_PUBLIC without its size"));
    }

    void saysThatAPemIsNotWanted() { QVERIFY(says(whatOf(asBytes("-----BEGIN PUBLIC KEY-----\nMIIB")), "a PEM text")); }

    void saysThatADerIsNotWanted() { QVERIFY(says(whatOf(must(fromHex("308201220300"))), "a DER structure")); }

    void givesTheKeyWithItsRealExponent()
    {
        const auto key = std::get<crypto::RsaPublicKey>(must(publicKeyOf(must(parsePublic(goodEk())))));
        QCOMPARE(key.exponent, 65537U);
        QCOMPARE(key.modulus.size(), std::size_t{256});
    }

    void padsCoordinatesThatATpmSentShort()
    {
        auto area = test::makeEndorsementKey(test::KeyKind::EccP256).area;
        auto& point = std::get<EccPoint>(area.unique);
        while (point.x.front() != std::byte{0}) { // one key in 256 begins with a zero byte
            area = test::makeEndorsementKey(test::KeyKind::EccP256).area;
        }
        const auto full = must(publicKeyOf(area));
        point.x.erase(point.x.begin());
        QCOMPARE(must(publicKeyOf(area)), full);
    }

    void refusesKeyWhoseModulusHasAnotherSize()
    {
        auto area = must(parsePublic(goodEk()));
        std::get<Bytes>(area.unique).resize(255);
        QCOMPARE(publicKeyOf(area).error().code, DeviceCode::EndorsementKeyUnusable);
    }

    void refusesPointThatIsNotOnItsCurve()
    {
        auto area = test::makeEndorsementKey(test::KeyKind::EccP256).area;
        std::get<EccPoint>(area.unique).y.back() ^= std::byte{1};
        QCOMPARE(publicKeyOf(area).error().code, DeviceCode::EndorsementKeyUnusable);
    }

    void hasNoAsymmetricKeyInAKeyedHash()
    {
        const auto area = must(parsePublic(WorkedChallenge{}.bytes("object.tpm2bPublic")));
        QCOMPARE(publicKeyOf(area).error().code, DeviceCode::EndorsementKeyUnusable);
    }

    void matchesTheWorkedExample()
    {
        const test::WorkedChallenge vectors;
        const auto keys = vectors.keys();
        QCOMPARE(must(attestation::objectName(keys.endorsementKey.area)), vectors.bytes("ekName"));
        QCOMPARE(must(attestation::objectName(keys.storageRootKey.area)), vectors.bytes("srkName"));
        const auto idKey = must(attestation::parsePublic(vectors.bytes("object.tpm2bPublic")));
        QCOMPARE(must(attestation::objectName(idKey)), vectors.bytes("object.name"));
    }

    void beginsWithTheKeysOwnHash()
    {
        const auto area = test::makeEndorsementKey(test::KeyKind::EccP384).area;
        const auto name = must(attestation::objectName(area));
        QCOMPARE(name.size(), std::size_t{2 + 48});
        QCOMPARE(toHex(ByteView{name}.first(2)), std::string{"000c"});
    }

    void changesWithTheAttributes()
    {
        auto area = test::WorkedChallenge{}.keys().storageRootKey.area;
        const auto before = must(attestation::objectName(area));
        area.attributes ^= attestation::object_attribute::kNoDa;
        QVERIFY(must(attestation::objectName(area)) != before);
    }
};

QTEST_GUILESS_MAIN(tst_public_area)
#include "tst_public_area.moc"
