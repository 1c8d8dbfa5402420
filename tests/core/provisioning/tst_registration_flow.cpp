#include "core/provisioning/enrollment_flow.h"
#include "core/provisioning/registration_flow.h"
#include "tests/support/field_device.h"
#include "tests/support/memory_enrollment_list.h"

#include <QTest>

using namespace enroll;
using namespace enroll::provisioning;
using enroll::test::FieldDevice;
using enroll::test::must;

namespace {

constexpr auto kScope = "0ne00000001";
constexpr auto kId = "GX-000183";

int codeOf(const ServiceError& error)
{
    return static_cast<int>(error.code);
}

} // namespace

/// The service's device side over a list in memory, and a device with real keys.
class TestRegistrationFlow : public QObject {
    Q_OBJECT

    std::unique_ptr<test::MemoryEnrollmentList> m_list;
    UtcTime m_now{};
    // Keys take long to make; no test changes this one's.
    const FieldDevice m_device;

    std::function<UtcTime()> clock()
    {
        return [this] { return m_now; };
    }

    /// A new object for each call: nothing can survive in it.
    RegistrationFlow flow(std::vector<std::string> hubs = {"a.hub.test", "b.hub.test"})
    {
        return {FlowSettings{kScope, std::move(hubs)}, *m_list, clock()};
    }

    IndividualEnrollment stored() { return *must(m_list->enrollment(enrollment::RegistrationId{kId})); }

    void change(const std::function<void(IndividualEnrollment&)>& edit)
    {
        auto enrollment = stored();
        edit(enrollment);
        QVERIFY(EnrollmentFlow(*m_list, clock()).update(enrollment, {}).ok());
    }

    DeviceRequest unsignedRequest() const
    {
        return {kScope, kId, {}, DeviceKeys{m_device.endorsementKey(), m_device.storageRootKey()}};
    }

    DeviceRequest signedRequest(ByteView idKey) const
    {
        auto request = unsignedRequest();
        request.authorization = FieldDevice::token(kScope, kId, idKey, m_now + std::chrono::hours{1});
        return request;
    }

    /// The key inside a fresh challenge.
    Bytes challengeKey()
    {
        const auto answer = flow().registerDevice(unsignedRequest());
        return m_device.keyInside(std::get<Challenge>(answer.value()).blob);
    }

    RegistrationOperation operationOf(const ServiceResult<RegisterAnswer>& answer)
    {
        const auto& operation = std::get<RegistrationOperation>(answer.value());
        return std::move(*must(m_list->operation(operation.operationId)));
    }

    RegistrationOperation registered()
    {
        const auto key = challengeKey();
        const auto operation = operationOf(flow().registerDevice(signedRequest(key)));
        return flow().queryOperation(signedRequest(key), operation.operationId).value();
    }

    void refusesAnswer(const DeviceRequest& request, int code)
    {
        const auto answer = flow().registerDevice(request);
        QVERIFY(!answer.ok());
        QCOMPARE(codeOf(answer.error()), code);
    }

private Q_SLOTS:
    void init()
    {
        m_list = std::make_unique<test::MemoryEnrollmentList>();
        m_now = UtcTime{std::chrono::sys_days{std::chrono::year{2026} / 11 / 23}};
        IndividualEnrollment enrollment;
        enrollment.registrationId = enrollment::RegistrationId{kId};
        enrollment.attestation.endorsementKey = m_device.endorsementKey();
        QVERIFY(EnrollmentFlow(*m_list, clock()).create(enrollment).ok());
    }

    void challengesAnUnsignedDevice()
    {
        const auto answer = flow().registerDevice(unsignedRequest());
        QCOMPARE(m_device.keyInside(std::get<Challenge>(answer.value()).blob).size(), std::size_t{32});
    }

    void assignsADeviceThatAnswers()
    {
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        QCOMPARE(begun.state.status, RegistrationStatus::Assigning);

        const auto done = flow().queryOperation(signedRequest(key), begun.operationId);
        QVERIFY(done.ok());
        QCOMPARE(done->state.status, RegistrationStatus::Assigned);
        QCOMPARE(done->state.deviceId, std::string{kId});
        QVERIFY(done->state.assignedHub == "a.hub.test" || done->state.assignedHub == "b.hub.test");
        QCOMPARE(done->state.substatus, std::optional{RegistrationSubstatus::InitialAssignment});
    }

    void keepsTheHubDeviceKeyThatTheDeviceUnwraps()
    {
        const auto done = registered();
        const auto kept = must(m_list->hubDeviceKey(enrollment::RegistrationId{kId}));
        QVERIFY(kept.has_value());
        QVERIFY(equalBytes(kept->view(), m_device.keyInside(done.hubKeyBlob)));
    }

    void makesAHubDeviceKeyThatIsNotTheChallengeKey()
    {
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        const auto done = flow().queryOperation(signedRequest(key), begun.operationId).value();
        QVERIFY(!equalBytes(key, m_device.keyInside(done.hubKeyBlob)));
    }

    void takesAnAnswerWithoutKeys()
    {
        auto request = signedRequest(challengeKey());
        request.keys.reset();
        QVERIFY(flow().registerDevice(request).ok());
    }

    void judgesTheAnswerByTheStoredChallengeWhateverKeyTheBodyNames()
    {
        auto request = signedRequest(challengeKey());
        FieldDevice other;
        request.keys->storageRootKey = other.storageRootKey();
        const auto begun = operationOf(flow().registerDevice(request));
        QVERIFY(equalBytes(begun.storageRootKey, m_device.storageRootKey()));
    }

    void takesTheOtherLetterCaseOfIdAndScope()
    {
        const auto key = challengeKey();
        auto request = unsignedRequest();
        request.registrationId = "gx-000183";
        request.authorization = FieldDevice::token("0NE00000001", "Gx-000183", key, m_now + std::chrono::hours{1});
        QVERIFY(flow().registerDevice(request).ok());
    }

    void takesAnUnencodedResourceWithoutAPolicy()
    {
        auto request = unsignedRequest();
        const auto key = challengeKey();
        const std::string resource = std::string{kScope} + "/registrations/" + kId;
        const std::string expiry = "1800000000";
        const auto message = crypto::sasStringToSign(resource, expiry);
        const auto signature = must(crypto::hmac(crypto::HashAlgorithm::Sha256, key, {asBytes(message)}));
        request.authorization = crypto::sasToken(resource, expiry, signature, "") + "&skn=";
        QVERIFY(flow().registerDevice(request).ok());
    }

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

    void tellsADisabledDeviceOnlyAfterItsAnswer()
    {
        change([](auto& enrollment) { enrollment.provisioningStatus = ProvisioningStatus::Disabled; });
        const auto key = challengeKey();
        QCOMPARE(operationOf(flow().registerDevice(signedRequest(key))).state.status, RegistrationStatus::Disabled);
        QVERIFY(!must(m_list->registration(enrollment::RegistrationId{kId})).has_value());
    }

    void tellsADeviceThatIsDisabledMeanwhile()
    {
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        change([](auto& enrollment) { enrollment.provisioningStatus = ProvisioningStatus::Disabled; });
        const auto done = flow().queryOperation(signedRequest(key), begun.operationId);
        QCOMPARE(done->state.status, RegistrationStatus::Disabled);
        QVERIFY(done->hubKeyBlob.empty());
    }

    void refusesToAssignWhenTheEnrolledKeyHasChanged()
    {
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        change([](auto& enrollment) { enrollment.attestation.endorsementKey = FieldDevice{}.endorsementKey(); });
        const auto done = flow().queryOperation(signedRequest(key), begun.operationId);
        QCOMPARE(codeOf(done.error()), 400004);
    }

    void failsWithoutAHub()
    {
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        const auto done = flow({}).queryOperation(signedRequest(key), begun.operationId);
        QCOMPARE(done->state.status, RegistrationStatus::Failed);
        QCOMPARE(done->state.errorCode, 400208);
    }

    void answersTheSameAnswerWithTheSameOperation()
    {
        const auto request = signedRequest(challengeKey());
        const auto first = operationOf(flow().registerDevice(request));
        const auto second = operationOf(flow().registerDevice(request));
        QCOMPARE(first.operationId, second.operationId);
    }

    void givesTheSameKeyHoweverOftenItIsAsked()
    {
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        const auto first = flow().queryOperation(signedRequest(key), begun.operationId);
        const auto second = flow().queryOperation(signedRequest(key), begun.operationId);
        QCOMPARE(first->hubKeyBlob, second->hubKeyBlob);
    }

    void agreesWithAnotherInstanceThatAssignsFirst()
    {
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        Bytes othersBlob;
        m_list->beforeSettle(
            [&] { othersBlob = flow().queryOperation(signedRequest(key), begun.operationId).value().hubKeyBlob; });
        const auto ours = flow().queryOperation(signedRequest(key), begun.operationId);
        QVERIFY(!othersBlob.empty());
        QCOMPARE(ours->hubKeyBlob, othersBlob);
    }

    void agreesWithAnotherInstanceThatTakesTheAnswerFirst()
    {
        const auto request = signedRequest(challengeKey());
        std::string othersId;
        m_list->beforeBegin([&] { othersId = operationOf(flow().registerDevice(request)).operationId; });
        const auto ours = operationOf(flow().registerDevice(request));
        QCOMPARE(ours.operationId, othersId);
    }

    void refusesAnAnswerThatALaterChallengeOvertakes()
    {
        const auto request = signedRequest(challengeKey());
        m_list->beforeBegin([this] { challengeKey(); });
        refusesAnswer(request, 401002);
    }

    void answersPollsOfAnOperationAfterALaterChallenge()
    {
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        challengeKey();
        QVERIFY(flow().queryOperation(signedRequest(key), begun.operationId).ok());
    }

    void refusesAnUnsignedPoll()
    {
        const auto done = registered();
        const auto answer = flow().queryOperation(unsignedRequest(), done.operationId);
        QCOMPARE(codeOf(answer.error()), 401000);
    }

    void refusesAPollSignedWithAnotherKey()
    {
        const auto done = registered();
        const auto answer = flow().queryOperation(signedRequest(Bytes(32, std::byte{1})), done.operationId);
        QCOMPARE(codeOf(answer.error()), 401002);
    }

    void refusesAPollOfAnUnknownOperation()
    {
        const auto answer = flow().queryOperation(signedRequest(challengeKey()), "4.0");
        QCOMPARE(codeOf(answer.error()), 404203);
    }

    void keepsTheHubOfADeviceWhosePolicySaysSo()
    {
        const auto first = registered();
        change([](auto& enrollment) {
            enrollment.reprovisionPolicy = ReprovisionPolicy{false, true};
            enrollment.iotHubs = {"c.hub.test"};
        });
        QCOMPARE(registered().state.assignedHub, first.state.assignedHub);
    }

    void saysWhenADeviceComesBackToItsHub()
    {
        const auto first = registered();
        const auto again = registered();
        QCOMPARE(again.state.assignedHub, first.state.assignedHub);
        QVERIFY(registrationSubstatusText(*again.state.substatus) == "reprovisionedToInitialAssignment");
    }

    void saysWhenADeviceMovesWithItsData()
    {
        registered();
        change([](auto& enrollment) { enrollment.iotHubs = {"c.hub.test"}; });
        const auto moved = registered();
        QCOMPARE(moved.state.assignedHub, std::string{"c.hub.test"});
        QCOMPARE(moved.state.substatus, std::optional{RegistrationSubstatus::DeviceDataMigrated});
    }

    void saysWhenADeviceMovesWithoutItsData()
    {
        registered();
        change([](auto& enrollment) {
            enrollment.reprovisionPolicy = ReprovisionPolicy{true, false};
            enrollment.iotHubs = {"c.hub.test"};
        });
        QCOMPARE(registered().state.substatus, std::optional{RegistrationSubstatus::DeviceDataReset});
    }

    void looksUpADeviceThatSigns()
    {
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        QVERIFY(flow().queryOperation(signedRequest(key), begun.operationId).ok());
        const auto answer = flow().lookUp(signedRequest(key));
        QCOMPARE(std::get<RegistrationState>(answer.value()).status, RegistrationStatus::Assigned);
    }

    void challengesALookUpThatIsNotSigned()
    {
        registered();
        QVERIFY(std::holds_alternative<Challenge>(flow().lookUp(unsignedRequest()).value()));
    }

    void saysThatADeviceWasNeverAssigned()
    {
        const auto answer = flow().lookUp(signedRequest(challengeKey()));
        QCOMPARE(codeOf(answer.error()), 404202);
    }

    void saysNothingAboutAFaultOfTheStore()
    {
        m_list->failWith(makeError(ErrorCode::JournalCannotSave, "disk /dev/sda is full"));
        const auto answer = flow().registerDevice(unsignedRequest());
        QCOMPARE(codeOf(answer.error()), 500000);
        QVERIFY(answer.error().message().find("sda") == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestRegistrationFlow)
#include "tst_registration_flow.moc"
