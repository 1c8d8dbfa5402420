#include "core/attestation/activation_challenge.h"
#include "core/base/cloud_code.h"
#include "tests/support/must.h"
#include "tests/support/worked_challenge.h"

#include <QTest>

using namespace enroll;
using namespace enroll::attestation;
using enroll::test::must;
using enroll::test::WorkedChallenge;

class tst_activation_blob : public QObject {
    Q_OBJECT

private Q_SLOTS:
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
};

QTEST_GUILESS_MAIN(tst_activation_blob)
#include "tst_activation_blob.moc"
