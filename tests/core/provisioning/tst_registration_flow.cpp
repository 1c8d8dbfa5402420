#include "core/base/service_code.h"
#include "tests/core/provisioning/registration_flow_fixture.h"

using namespace enroll;
using namespace enroll::provisioning;
using enroll::test::FieldDevice;
using enroll::test::must;

/// What becomes of a device that answers, and of one whose enrollment changes meanwhile.
class TestRegistrationFlow : public QObject, test::RegistrationFlowFixture {
    Q_OBJECT

private Q_SLOTS:
    void init() { enrollDevice(); }

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

    void tellsADisabledDeviceOnlyAfterItsAnswer()
    {
        change([](auto& enrollment) { enrollment.provisioningStatus = ProvisioningStatus::Disabled; });
        const auto key = challengeKey();
        QCOMPARE(operationOf(flow().registerDevice(signedRequest(key))).state.status, RegistrationStatus::Disabled);
        QVERIFY(!must(m_list->hubDeviceKey(enrollment::RegistrationId{kId})).has_value());
    }

    void tellsTheBackEndOfARefusal()
    {
        change([](auto& enrollment) { enrollment.provisioningStatus = ProvisioningStatus::Disabled; });
        operationOf(flow().registerDevice(signedRequest(challengeKey())));
        auto seen = EnrollmentFlow(*m_list, clock()).registration(enrollment::RegistrationId{kId});
        QVERIFY(seen.ok());
        QCOMPARE(seen->status, RegistrationStatus::Disabled);

        change([](auto& enrollment) { enrollment.provisioningStatus = ProvisioningStatus::Enabled; });
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        QVERIFY(flow({}).queryOperation(signedRequest(key), begun.operationId).ok());
        seen = EnrollmentFlow(*m_list, clock()).registration(enrollment::RegistrationId{kId});
        QCOMPARE(seen->status, RegistrationStatus::Failed);
        QCOMPARE(seen->errorCode, 400208);
        QVERIFY(!seen->errorMessage.empty());
        QCOMPARE(registered().state.substatus, std::optional{RegistrationSubstatus::InitialAssignment});
    }

    void leavesAnAssignmentToADeviceThatIsRefusedLater()
    {
        const auto first = registered();
        change([](auto& enrollment) { enrollment.provisioningStatus = ProvisioningStatus::Disabled; });
        const auto refused = operationOf(flow().registerDevice(signedRequest(challengeKey())));
        QCOMPARE(refused.state.status, RegistrationStatus::Disabled);
        const auto seen = EnrollmentFlow(*m_list, clock()).registration(enrollment::RegistrationId{kId});
        QVERIFY(seen.value() == first.state);
        QVERIFY(must(m_list->hubDeviceKey(enrollment::RegistrationId{kId})).has_value());
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

    void tellsADisabledDeviceThatWasAssignedBefore()
    {
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        QCOMPARE(flow().queryOperation(signedRequest(key), begun.operationId)->state.status,
                 RegistrationStatus::Assigned);
        change([](auto& enrollment) { enrollment.provisioningStatus = ProvisioningStatus::Disabled; });

        const auto polled = flow().queryOperation(signedRequest(key), begun.operationId);
        QCOMPARE(polled->state.status, RegistrationStatus::Disabled);
        QVERIFY(polled->hubKeyBlob.empty() && polled->state.assignedHub.empty());
        const auto again = flow().registerDevice(signedRequest(key));
        const auto& operation = std::get<RegistrationOperation>(again.value());
        QCOMPARE(operation.state.status, RegistrationStatus::Disabled);
        QVERIFY(operation.hubKeyBlob.empty() && operation.state.assignedHub.empty());
        const auto found = flow().lookUp(signedRequest(key));
        QCOMPARE(std::get<RegistrationState>(found.value()).status, RegistrationStatus::Disabled);
    }

    void refusesAPollWhenTheEnrolledKeyHasChanged()
    {
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        QVERIFY(flow().queryOperation(signedRequest(key), begun.operationId).ok());
        change([](auto& enrollment) { enrollment.attestation.endorsementKey = FieldDevice{}.endorsementKey(); });
        const auto polled = flow().queryOperation(signedRequest(key), begun.operationId);
        QVERIFY(!polled.ok());
        QCOMPARE(codeOf(polled.error()), 400004);
    }

    void forgetsTheOperationWithTheRegistration()
    {
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        QVERIFY(flow().queryOperation(signedRequest(key), begun.operationId).ok());
        QVERIFY(EnrollmentFlow(*m_list, clock()).removeRegistration(enrollment::RegistrationId{kId}, {}).ok());

        refusesAnswer(signedRequest(key), 401002);
        const auto polled = flow().queryOperation(signedRequest(key), begun.operationId);
        QVERIFY(!polled.ok());
        QCOMPARE(codeOf(polled.error()), 404203);
    }

    void tellsADeviceThatIsDisabledWhileItIsAssigned()
    {
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        m_list->beforeSettle(
            [this] { change([](auto& enrollment) { enrollment.provisioningStatus = ProvisioningStatus::Disabled; }); });
        const auto done = flow().queryOperation(signedRequest(key), begun.operationId);
        QCOMPARE(done->state.status, RegistrationStatus::Disabled);
        QVERIFY(done->hubKeyBlob.empty());
        QVERIFY(!must(m_list->hubDeviceKey(enrollment::RegistrationId{kId})).has_value());
    }

    void refusesToAssignWhenTheEnrolledKeyChangesMeanwhile()
    {
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        m_list->beforeSettle([this] {
            change([](auto& enrollment) { enrollment.attestation.endorsementKey = FieldDevice{}.endorsementKey(); });
        });
        const auto done = flow().queryOperation(signedRequest(key), begun.operationId);
        QVERIFY(!done.ok());
        QCOMPARE(codeOf(done.error()), 400004);
    }

    void refusesToAssignWhenTheEnrollmentGoesMeanwhile()
    {
        const auto key = challengeKey();
        const auto begun = operationOf(flow().registerDevice(signedRequest(key)));
        m_list->beforeSettle(
            [this] { QVERIFY(EnrollmentFlow(*m_list, clock()).remove(enrollment::RegistrationId{kId}, {}).ok()); });
        const auto done = flow().queryOperation(signedRequest(key), begun.operationId);
        QVERIFY(!done.ok());
        QCOMPARE(codeOf(done.error()), 404203);
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

    void refusesAnAnswerThatALaterChallengesAnswerOvertakes()
    {
        const auto request = signedRequest(challengeKey());
        // Another instance takes the answer; a later challenge, and the answer to it, come before it is looked at here.
        m_list->beforeBegin([this, &request] {
            QVERIFY(flow().registerDevice(request).ok());
            m_list->afterBegin([this] { QVERIFY(flow().registerDevice(signedRequest(challengeKey())).ok()); });
        });
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
        m_list->failWith(makeError(ServiceCode::ListCannotSave, "disk /dev/sda is full"));
        const auto answer = flow().registerDevice(unsignedRequest());
        QCOMPARE(codeOf(answer.error()), 500000);
        QVERIFY(answer.error().message().find("sda") == std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestRegistrationFlow)
#include "tst_registration_flow.moc"
