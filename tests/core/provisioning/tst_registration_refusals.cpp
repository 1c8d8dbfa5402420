#include "tests/core/provisioning/registration_flow_fixture.h"

using namespace enroll;
using namespace enroll::provisioning;
using enroll::test::FieldDevice;
using enroll::test::must;

/// Calls that the service's device side turns away before anything is begun.
class TestRegistrationRefusals : public QObject, test::RegistrationFlowFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { enrollDevice(); }

    void refusesAnotherScope()
    {
        auto request = unsignedRequest();
        request.idScope = "0ne00000002";
        refusesAnswer(request, 404002);
    }

    void refusesAnIdThatIsNone()
    {
        auto request = unsignedRequest();
        request.registrationId = "a b";
        refusesAnswer(request, 400007);
    }

    void refusesAnUnknownId()
    {
        auto request = unsignedRequest();
        request.registrationId = "GX-000184";
        refusesAnswer(request, 404201);
    }

    void refusesAnotherEndorsementKey()
    {
        auto request = unsignedRequest();
        request.keys->endorsementKey = FieldDevice{}.endorsementKey();
        refusesAnswer(request, 400004);
    }

    void refusesAnEndorsementKeyThatIsCutShort()
    {
        auto request = unsignedRequest();
        request.keys->endorsementKey.pop_back();
        refusesAnswer(request, 400004);
    }

    void refusesAStorageRootKeyThatIsCutShort()
    {
        auto request = unsignedRequest();
        request.keys->storageRootKey.pop_back();
        refusesAnswer(request, 400005);
    }

    void refusesAStorageRootKeyThatIsNoStorageParent()
    {
        auto request = unsignedRequest();
        auto area = must(attestation::parsePublic(request.keys->storageRootKey));
        area.attributes &= ~attestation::object_attribute::kRestricted;
        request.keys->storageRootKey = attestation::marshalPublic(area);
        refusesAnswer(request, 400005);
    }

    void refusesAnUnsignedDeviceWithoutKeys()
    {
        auto request = unsignedRequest();
        request.keys.reset();
        refusesAnswer(request, 400001);
    }

    void refusesAnAnswerWhenNothingWasAsked() { refusesAnswer(signedRequest(Bytes(32, std::byte{7})), 401002); }

    void refusesAnotherKeysSignature()
    {
        auto key = challengeKey();
        key.front() ^= std::byte{1};
        refusesAnswer(signedRequest(key), 401002);
    }

    void refusesTheKeyOfAnEarlierChallenge()
    {
        const auto earlier = challengeKey();
        const auto latest = challengeKey();
        refusesAnswer(signedRequest(earlier), 401002);
        QVERIFY(flow().registerDevice(signedRequest(latest)).ok());
    }

    void refusesAnExpiredToken()
    {
        auto request = unsignedRequest();
        request.authorization = FieldDevice::token(kScope, kId, challengeKey(), m_now - std::chrono::minutes{6});
        refusesAnswer(request, 401002);
    }

    void toleratesAClockThatIsOffByMinutes()
    {
        auto request = unsignedRequest();
        request.authorization = FieldDevice::token(kScope, kId, challengeKey(), m_now - std::chrono::minutes{4});
        QVERIFY(flow().registerDevice(request).ok());
    }

    void refusesAnAnswerThatComesTooLate()
    {
        const auto key = challengeKey();
        m_now += std::chrono::minutes{11};
        refusesAnswer(signedRequest(key), 401002);
    }

    void refusesATokenForAnotherRegistration()
    {
        auto request = unsignedRequest();
        request.authorization = FieldDevice::token(kScope, "GX-000184", challengeKey(), m_now + std::chrono::hours{1});
        refusesAnswer(request, 401002);
    }

    void refusesATokenForAnotherScope()
    {
        auto request = unsignedRequest();
        request.authorization = FieldDevice::token("0ne00000002", kId, challengeKey(), m_now + std::chrono::hours{1});
        refusesAnswer(request, 401002);
    }

    void refusesTextThatIsNoToken()
    {
        auto request = signedRequest(challengeKey());
        request.authorization = "Bearer abc";
        refusesAnswer(request, 401002);
    }
};

QTEST_GUILESS_MAIN(TestRegistrationRefusals)
#include "tst_registration_refusals.moc"
