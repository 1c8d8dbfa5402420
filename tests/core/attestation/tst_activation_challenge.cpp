#include "core/attestation/activation_challenge.h"
#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/base64.h"
#include "core/crypto/oaep.h"
#include "tests/support/fake_device_tpm.h"
#include "tests/support/must.h"
#include "tests/support/worked_challenge.h"

#include <QTest>

using namespace enroll;
using namespace enroll::attestation;
using enroll::test::must;
using enroll::test::WorkedChallenge;

namespace {

/// The worked example made again from its seeds.
struct Example {
    WorkedChallenge vectors;
    test::DeviceKeys keys = vectors.keys();
    ActivationTrace trace;
    ActivationChallenge challenge = must(makeActivationChallenge(
        keys.endorsementKey.area, keys.storageRootKey.area, vectors.seeds(), WorkedChallenge::kAttributes, &trace));
};

/// The HMAC key as the TPM with these keys gets it out of the blob.
Result<Bytes> opened(const test::DeviceKeys& keys, const ActivationBlob& blob)
{
    TRY_ASSIGN(const auto innerKey, test::openCredential(keys, blob));
    TRY_ASSIGN(const auto key, test::openDuplicate(keys, blob, innerKey.view()));
    return toBytes(key.view());
}

Bytes copy(const SecretBytes& secret)
{
    return toBytes(secret.view());
}

ErrorCode refusalOf(const PublicArea& endorsementKey, const PublicArea& storageRootKey)
{
    const auto made = makeActivationChallenge(endorsementKey, storageRootKey);
    return made.ok() ? StationCode::InternalFault : made.error().code;
}

struct Answer {
    test::WorkedChallenge vectors;
    Bytes key = vectors.bytes("sas.hmacKey");
    std::string message = vectors.text("sas.stringToSign");
    Bytes signature = must(crypto::fromBase64(vectors.text("sas.sigBase64")));

    [[nodiscard]] bool accepted() const { return requireActivationAnswer(key, asBytes(message), signature).ok(); }
};

} // namespace

class tst_activation_challenge : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void reproducesTheCredentialOfTheWorkedExample()
    {
        const Example example;
        const auto& vectors = example.vectors;
        QCOMPARE(example.trace.ekName, vectors.bytes("ekName"));
        QCOMPARE(example.trace.srkName, vectors.bytes("srkName"));
        QCOMPARE(copy(example.trace.credentialSymKey), vectors.bytes("credential.kdfa_STORAGE_ctxU_srkName_128"));
        QCOMPARE(copy(example.trace.credentialHmacKey), vectors.bytes("credential.kdfa_INTEGRITY_256"));
        QCOMPARE(example.trace.encIdentity, vectors.bytes("credential.encIdentity"));
        QCOMPARE(example.trace.credentialHmac, vectors.bytes("credential.outerHmac_over_encIdentity_then_srkName"));
        QCOMPARE(example.challenge.blob.credentialBlob, vectors.bytes("parts.credentialBlob"));
    }

    void reproducesTheObjectOfTheWorkedExample()
    {
        const Example example;
        const auto& vectors = example.vectors;
        QCOMPARE(example.challenge.blob.idKeyPublic, vectors.bytes("object.tpm2bPublic"));
        QCOMPARE(example.trace.objectName, vectors.bytes("object.name"));
        QCOMPARE(copy(example.trace.sensitive), vectors.bytes("object.tpm2bSensitive"));
        QCOMPARE(example.trace.innerIntegrity, vectors.bytes("object.innerIntegrity_sha256_sens2b_then_name"));
        QCOMPARE(example.trace.encSensitive, vectors.bytes("object.encSensitive_after_inner_cfb"));
        QCOMPARE(copy(example.challenge.idKey), vectors.bytes("object.idKey"));
    }

    void reproducesTheDuplicationOfTheWorkedExample()
    {
        const Example example;
        const auto& vectors = example.vectors;
        QCOMPARE(copy(example.trace.duplicationSymKey), vectors.bytes("duplication.kdfa_STORAGE_ctxU_objectName_128"));
        QCOMPARE(copy(example.trace.duplicationHmacKey), vectors.bytes("duplication.kdfa_INTEGRITY_256"));
        QCOMPARE(example.trace.dupSensitive, vectors.bytes("duplication.dupSensitive"));
        QCOMPARE(example.trace.duplicationHmac,
                 vectors.bytes("duplication.outerHmac_over_dupSensitive_then_objectName"));
        QCOMPARE(example.challenge.blob.duplicate, vectors.bytes("parts.duplicate"));
        QCOMPARE(example.challenge.blob.encryptedUri, vectors.bytes("parts.encUriData"));
    }

    /// OAEP is randomised: the secrets are compared by what they open to.
    void secretsOpenToTheSeedsWithThePrivateKeysOfTheExample()
    {
        const Example example;
        const auto hash = crypto::HashAlgorithm::Sha256;
        const auto& blob = example.challenge.blob;
        const auto credential = must(crypto::recoverSeed(example.keys.endorsementKey.pem, hash, "IDENTITY",
                                                         ByteView{blob.encryptedSecret}.subspan(2)));
        const auto duplication = must(crypto::recoverSeed(example.keys.storageRootKey.pem, hash, "DUPLICATE",
                                                          ByteView{blob.inSymSeed}.subspan(2)));
        QCOMPARE(copy(credential), example.vectors.bytes("credential.seed"));
        QCOMPARE(copy(duplication), example.vectors.bytes("duplication.seed"));
    }

    void opensThePublishedBlobOfTheExampleToo()
    {
        const WorkedChallenge vectors;
        const auto blob = must(parseActivationBlob(vectors.bytes("blob")));
        QCOMPARE(must(opened(vectors.keys(), blob)), vectors.bytes("object.idKey"));
    }

    void hasTheSizesOfTheService()
    {
        const auto keys = WorkedChallenge{}.keys();
        const auto made = must(makeActivationChallenge(keys.endorsementKey.area, keys.storageRootKey.area));
        QCOMPARE(made.blob.credentialBlob.size(), std::size_t{54});
        QCOMPARE(made.blob.encryptedSecret.size(), std::size_t{258});
        QCOMPARE(made.blob.duplicate.size(), std::size_t{144});
        QCOMPARE(made.blob.inSymSeed.size(), std::size_t{258});
        QCOMPARE(made.blob.idKeyPublic.size(), std::size_t{50});
        QCOMPARE(made.blob.marshal().size(), std::size_t{766});
    }

    void givesTheKeyTheServicesAttributes()
    {
        const auto keys = WorkedChallenge{}.keys();
        const auto made = must(makeActivationChallenge(keys.endorsementKey.area, keys.storageRootKey.area));
        QCOMPARE(must(parsePublic(made.blob.idKeyPublic)).attributes, 0x00040440U);
    }

    void isDifferentEachTime()
    {
        const auto keys = WorkedChallenge{}.keys();
        const auto first = must(makeActivationChallenge(keys.endorsementKey.area, keys.storageRootKey.area));
        const auto second = must(makeActivationChallenge(keys.endorsementKey.area, keys.storageRootKey.area));
        QVERIFY(copy(first.idKey) != copy(second.idKey));
        QVERIFY(first.blob.credentialBlob != second.blob.credentialBlob);
        QVERIFY(first.blob.duplicate != second.blob.duplicate);
    }

    void opensForTheTpmWithBothKeys_data()
    {
        QTest::addColumn<test::KeyKind>("ek");
        QTest::addColumn<test::KeyKind>("srk");
        using enum test::KeyKind;
        QTest::newRow("RSA, RSA") << Rsa2048 << Rsa2048;
        QTest::newRow("P-256, P-256") << EccP256 << EccP256;
        QTest::newRow("P-384, RSA") << EccP384 << Rsa2048;
        QTest::newRow("RSA, P-384") << Rsa2048 << EccP384;
        QTest::newRow("P-384, P-256") << EccP384 << EccP256;
    }
    void opensForTheTpmWithBothKeys()
    {
        QFETCH(test::KeyKind, ek);
        QFETCH(test::KeyKind, srk);
        const auto keys = test::makeDeviceKeys(ek, srk);
        const auto made = must(makeActivationChallenge(keys.endorsementKey.area, keys.storageRootKey.area));
        QCOMPARE(must(opened(keys, made.blob)), copy(made.idKey));
    }

    void staysShutForAnotherEndorsementKey()
    {
        auto keys = WorkedChallenge{}.keys();
        const auto made = must(makeActivationChallenge(keys.endorsementKey.area, keys.storageRootKey.area));
        keys.endorsementKey = test::makeEndorsementKey(test::KeyKind::Rsa2048);
        QCOMPARE(opened(keys, made.blob).error().code, DeviceCode::ActivationRefused);
    }

    void staysShutForAnotherStorageRootKey()
    {
        auto keys = WorkedChallenge{}.keys();
        const auto made = must(makeActivationChallenge(keys.endorsementKey.area, keys.storageRootKey.area));
        keys.storageRootKey = test::makeStorageRootKey(test::KeyKind::EccP256);
        QCOMPARE(opened(keys, made.blob).error().what, std::string{"TPM_RC_INTEGRITY"});
    }

    void staysShutWhenOneBitOfAPartIsTurned_data()
    {
        QTest::addColumn<int>("at");
        QTest::newRow("credential integrity") << 10;
        QTest::newRow("credential") << 50;
        QTest::newRow("credential secret") << 100;
        QTest::newRow("duplicate integrity") << 330;
        QTest::newRow("duplicate") << 400;
        QTest::newRow("duplication secret") << 600;
        QTest::newRow("unique of the id key") << 760;
    }
    void staysShutWhenOneBitOfAPartIsTurned()
    {
        QFETCH(int, at);
        const auto keys = WorkedChallenge{}.keys();
        const auto made = must(makeActivationChallenge(keys.endorsementKey.area, keys.storageRootKey.area));
        auto bytes = made.blob.marshal();
        bytes[static_cast<std::size_t>(at)] ^= std::byte{0x01};
        QCOMPARE(opened(keys, must(parseActivationBlob(bytes))).error().code, DeviceCode::ActivationRefused);
    }

    void refusesEndorsementKeyThatIsNotRestricted()
    {
        auto keys = WorkedChallenge{}.keys();
        keys.endorsementKey.area.attributes &= ~object_attribute::kRestricted;
        QCOMPARE(refusalOf(keys.endorsementKey.area, keys.storageRootKey.area), DeviceCode::EndorsementKeyUnusable);
    }

    void refusesStorageRootKeyThatCanBeMoved()
    {
        auto keys = WorkedChallenge{}.keys();
        keys.storageRootKey.area.attributes &= ~object_attribute::kFixedTpm;
        QCOMPARE(refusalOf(keys.endorsementKey.area, keys.storageRootKey.area), DeviceCode::StorageRootKeyUnusable);
    }

    void takesSeedsOfEachKeysOwnDigestSize()
    {
        const auto keys = test::makeDeviceKeys(test::KeyKind::EccP384, test::KeyKind::EccP256);
        const auto seeds = must(ActivationSeeds::random(keys.endorsementKey.area, keys.storageRootKey.area));
        QCOMPARE(seeds.innerKey.size(), std::size_t{16});
        QCOMPARE(seeds.idKey.size(), std::size_t{32});
        QCOMPARE(seeds.credentialSeed.size(), std::size_t{48});
        QCOMPARE(seeds.duplicationSeed.size(), std::size_t{32});
    }

    void takesTheSixPartsApart()
    {
        const WorkedChallenge vectors;
        const auto blob = must(parseActivationBlob(vectors.bytes("blob")));
        QCOMPARE(blob.credentialBlob, vectors.bytes("parts.credentialBlob"));
        QCOMPARE(blob.encryptedSecret, vectors.bytes("parts.encryptedSecret"));
        QCOMPARE(blob.duplicate, vectors.bytes("parts.duplicate"));
        QCOMPARE(blob.inSymSeed, vectors.bytes("parts.inSymSeed"));
        QCOMPARE(blob.idKeyPublic, vectors.bytes("parts.idKeyPublic"));
        QCOMPARE(blob.encryptedUri, vectors.bytes("parts.encUriData"));
    }

    void writesBackTheSameBytes()
    {
        const auto bytes = WorkedChallenge{}.bytes("blob");
        QCOMPARE(must(parseActivationBlob(bytes)).marshal(), bytes);
    }

    /// The real service fills the last part: 154 and 190 bytes in public captures.
    void acceptsAFilledUriPart()
    {
        auto bytes = WorkedChallenge{}.bytes("blob");
        bytes.back() = std::byte{190};
        bytes.resize(bytes.size() + 190, std::byte{0x5A});
        QCOMPARE(must(parseActivationBlob(bytes)).encryptedUri.size(), std::size_t{192});
    }

    void refusesEveryTruncation()
    {
        const auto bytes = WorkedChallenge{}.bytes("blob");
        for (std::size_t size = 0; size < bytes.size(); ++size) {
            const auto blob = parseActivationBlob(ByteView{bytes}.first(size));
            QVERIFY(!blob.ok());
            QCOMPARE(blob.error().code, CloudCode::AnswerMalformed);
        }
    }

    void refusesBytesBehindTheEnd()
    {
        auto bytes = WorkedChallenge{}.bytes("blob");
        bytes.push_back(std::byte{0});
        QCOMPARE(parseActivationBlob(bytes).error().code, CloudCode::AnswerMalformed);
    }

    void refusesAPartLargerThanAnyKey()
    {
        auto bytes = WorkedChallenge{}.bytes("blob");
        bytes[54] = std::byte{0x7F}; // size of the encrypted secret
        const auto blob = parseActivationBlob(bytes);
        QVERIFY(!blob.ok());
        QVERIFY(blob.error().what.find("encrypted secret") != std::string::npos);
    }

    void acceptsTheSignatureOfTheWorkedExample() { QVERIFY(Answer{}.accepted()); }

    void refusesSignatureWithOneBitTurned()
    {
        Answer answer;
        answer.signature[31] ^= std::byte{0x80};
        QCOMPARE(requireActivationAnswer(answer.key, asBytes(answer.message), answer.signature).error().code,
                 DeviceCode::AttestationWrong);
    }

    void refusesSignatureThatIsCutShort()
    {
        Answer answer;
        answer.signature.pop_back();
        QVERIFY(!answer.accepted());
    }

    void refusesEmptySignature()
    {
        Answer answer;
        answer.signature.clear();
        QVERIFY(!answer.accepted());
    }

    void refusesSignatureOverAnotherExpiry()
    {
        Answer answer;
        answer.message.back() = answer.message.back() == '5' ? '6' : '5';
        QVERIFY(!answer.accepted());
    }

    void refusesSignatureOfAnotherKey()
    {
        Answer answer;
        answer.key.front() ^= std::byte{0x01};
        QVERIFY(!answer.accepted());
    }
};

QTEST_GUILESS_MAIN(tst_activation_challenge)
#include "tst_activation_challenge.moc"
