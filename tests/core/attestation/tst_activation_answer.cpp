#include "core/attestation/activation_answer.h"
#include "core/base/device_code.h"
#include "core/crypto/base64.h"
#include "tests/support/must.h"
#include "tests/support/worked_challenge.h"

#include <QTest>

using namespace enroll;
using namespace enroll::attestation;
using enroll::test::must;

namespace {

struct Answer {
    test::WorkedChallenge vectors;
    Bytes key = vectors.bytes("sas.hmacKey");
    std::string message = vectors.text("sas.stringToSign");
    Bytes signature = must(crypto::fromBase64(vectors.text("sas.sigBase64")));

    [[nodiscard]] bool accepted() const { return requireActivationAnswer(key, asBytes(message), signature).ok(); }
};

} // namespace

class tst_activation_answer : public QObject {
    Q_OBJECT

private Q_SLOTS:
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

QTEST_GUILESS_MAIN(tst_activation_answer)
#include "tst_activation_answer.moc"
