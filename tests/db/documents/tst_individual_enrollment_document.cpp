#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/base64.h"
#include "db/documents/individual_enrollment_document.h"
#include "tests/support/device_keys.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace enroll;
using namespace enroll::provisioning;
namespace documents = enroll::db::documents;

/// Good document, one member changed.
class TestIndividualEnrollmentDocument : public QObject {
    Q_OBJECT

    const test::DeviceKeys m_keys = test::makeDeviceKeys(test::KeyKind::Rsa2048, test::KeyKind::Rsa2048);

    IndividualEnrollment full() const
    {
        IndividualEnrollment enrollment;
        enrollment.registrationId = enrollment::RegistrationId{"GX-000183"};
        enrollment.deviceId = "gateway";
        enrollment.attestation = {attestation::marshalPublic(m_keys.endorsementKey.area),
                                  attestation::marshalPublic(m_keys.storageRootKey.area)};
        enrollment.iotEdge = true;
        enrollment.iotHubHostName = "old.test";
        enrollment.twinJson = R"({"tags":{"line":4}})";
        enrollment.provisioningStatus = ProvisioningStatus::Disabled;
        enrollment.reprovisionPolicy = ReprovisionPolicy{false, true};
        enrollment.allocationPolicy = AllocationPolicy::GeoLatency;
        enrollment.iotHubs = {"a.test", "b.test"};
        enrollment.namespaceName = "namespace";
        enrollment.certificateAuthorityName = "authority";
        enrollment.certificatePolicyName = "policy";
        enrollment.customAllocation = CustomAllocationDefinition{"https://hook.test", "2021-10-01"};
        enrollment.deviceInformationJson = R"({"color":"red"})";
        enrollment.etag = "\"1\"";
        enrollment.createdAt = UtcTime{std::chrono::milliseconds{1'795'000'000'123}};
        enrollment.updatedAt = enrollment.createdAt;
        return enrollment;
    }

    QJsonObject with(const char* member, const QJsonValue& value) const
    {
        auto document = documents::toJson(full());
        document.insert(QLatin1String(member), value);
        return document;
    }

    static QJsonObject tpm(const QJsonValue& key)
    {
        return {{QStringLiteral("type"), QStringLiteral("tpm")},
                {QStringLiteral("tpm"), QJsonObject{{QStringLiteral("endorsementKey"), key}}}};
    }

    static QString base64(ByteView bytes) { return QString::fromStdString(crypto::toBase64(bytes)); }

private Q_SLOTS:
    void givesBackWhatWasWritten()
    {
        const auto read = documents::individualEnrollmentFromJson(documents::toJson(full()));
        QVERIFY2(read.ok(), read.ok() ? "" : read.error().what.c_str());
        QVERIFY(*read == full());
    }

    void writesNothingThatWasNotThere()
    {
        IndividualEnrollment bare;
        bare.registrationId = enrollment::RegistrationId{"a"};
        bare.attestation.endorsementKey = full().attestation.endorsementKey;
        QCOMPARE(documents::toJson(bare).keys(),
                 (QStringList{QStringLiteral("attestation"), QStringLiteral("provisioningStatus"),
                              QStringLiteral("registrationId")}));
    }

    void passesOverMembersItDoesNotKnow()
    {
        QVERIFY(documents::individualEnrollmentFromJson(with("registrationState", QJsonObject{})).ok());
        QVERIFY(documents::individualEnrollmentFromJson(with("credentialPolicyName", QStringLiteral("x"))).ok());
    }

    void takesNullForAbsent()
    {
        QVERIFY(documents::individualEnrollmentFromJson(with("allocationPolicy", QJsonValue::Null)).ok());
    }

    void refusesAMemberThatIsWrong_data()
    {
        QTest::addColumn<QString>("member");
        QTest::addColumn<QJsonValue>("value");
        QTest::newRow("id") << QStringLiteral("registrationId") << QJsonValue{QStringLiteral("a b")};
        QTest::newRow("no id") << QStringLiteral("registrationId") << QJsonValue{};
        QTest::newRow("status") << QStringLiteral("provisioningStatus") << QJsonValue{QStringLiteral("on")};
        QTest::newRow("policy") << QStringLiteral("allocationPolicy") << QJsonValue{QStringLiteral("any")};
        QTest::newRow("hubs") << QStringLiteral("iotHubs") << QJsonValue{QStringLiteral("a.test")};
        QTest::newRow("twin") << QStringLiteral("initialTwin") << QJsonValue{3};
        QTest::newRow("edge") << QStringLiteral("capabilities")
                              << QJsonValue{QJsonObject{{QStringLiteral("iotEdge"), 1}}};
        QTest::newRow("half a policy") << QStringLiteral("reprovisionPolicy")
                                       << QJsonValue{QJsonObject{{QStringLiteral("updateHubAssignment"), true}}};
        QTest::newRow("attestation") << QStringLiteral("attestation")
                                     << QJsonValue{QJsonObject{{QStringLiteral("type"), QStringLiteral("x509")}}};
        QTest::newRow("time") << QStringLiteral("createdDateTimeUtc") << QJsonValue{QStringLiteral("yesterday")};
    }

    void refusesAMemberThatIsWrong()
    {
        QFETCH(QString, member);
        QFETCH(QJsonValue, value);
        const auto read = documents::individualEnrollmentFromJson(with(member.toLatin1().constData(), value));
        QVERIFY(!read.ok());
        QCOMPARE(read.error().code, StationCode::DocumentMalformed);
        QVERIFY(read.error().what.find(member.toStdString()) != std::string::npos ||
                member == QLatin1String("reprovisionPolicy") || member == QLatin1String("capabilities"));
    }

    void refusesAnEndorsementKeyThatIsNone()
    {
        const auto ek = full().attestation.endorsementKey;
        const auto srk = attestation::marshalPublic(m_keys.storageRootKey.area);
        auto signing = m_keys.endorsementKey.area;
        signing.attributes &= ~attestation::object_attribute::kDecrypt;
        const QList<QJsonValue> wrong{QJsonValue{}, QStringLiteral("***"), base64(ByteView{ek}.first(100)),
                                      base64(attestation::marshalPublicArea(m_keys.endorsementKey.area)),
                                      base64(attestation::marshalPublic(signing))};
        for (const auto& key : wrong) {
            const auto read = documents::individualEnrollmentFromJson(with("attestation", tpm(key)));
            QVERIFY(!read.ok());
            QCOMPARE(read.error().code, DeviceCode::EndorsementKeyUnusable);
        }
    }

    void writesSevenDecimals()
    {
        QCOMPARE(documents::serviceTimestamp(UtcTime{std::chrono::milliseconds{120}}),
                 QStringLiteral("1970-01-01T00:00:00.1200000Z"));
    }

    void readsABulkCallBack()
    {
        const BulkEnrollmentOperation operation{BulkMode::UpdateIfMatchEtag, {full()}};
        auto document = documents::toJson(operation);
        QVERIFY(*documents::bulkOperationFromJson(document) == operation);
        document.insert(QStringLiteral("mode"), QStringLiteral("UPDATEIFMATCHETAG"));
        QVERIFY(*documents::bulkOperationFromJson(document) == operation);
        document.insert(QStringLiteral("mode"), QStringLiteral("upsert"));
        QVERIFY(!documents::bulkOperationFromJson(document).ok());
    }

    void readsABulkResultWithCodesAsTextOrNumber()
    {
        const BulkEnrollmentResult result{false, {{enrollment::RegistrationId{"a"}, 409201, "exists"}}};
        auto document = documents::toJson(result);
        QVERIFY(*documents::bulkResultFromJson(document) == result);
        auto errors = document.value(QLatin1String("errors")).toArray();
        auto error = errors.at(0).toObject();
        error.insert(QStringLiteral("errorCode"), QStringLiteral("409201"));
        document.insert(QStringLiteral("errors"), QJsonArray{error});
        QVERIFY(*documents::bulkResultFromJson(document) == result);
        for (const auto& code : {QJsonValue{QStringLiteral("many")}, QJsonValue{1e12}, QJsonValue{0.5}}) {
            error.insert(QStringLiteral("errorCode"), code);
            document.insert(QStringLiteral("errors"), QJsonArray{error});
            QVERIFY(!documents::bulkResultFromJson(document).ok());
        }
        document.insert(QStringLiteral("errors"), error);
        QVERIFY(!documents::bulkResultFromJson(document).ok());
        document.remove(QStringLiteral("errors"));
        QVERIFY(documents::bulkResultFromJson(document).ok());
    }

    void readsARegistrationStateBack()
    {
        RegistrationState state;
        state.registrationId = enrollment::RegistrationId{"a"};
        state.status = RegistrationStatus::Failed;
        state.substatus = RegistrationSubstatus::DeviceDataReset;
        state.assignedHub = "a.test";
        state.etag = "\"1\"";
        state.createdAt = UtcTime{std::chrono::milliseconds{1'795'000'000'123}};
        state.updatedAt = state.createdAt;
        state.errorCode = 400208;
        state.errorMessage = "No linked hub.";
        QVERIFY(*documents::registrationStateFromJson(documents::toJson(state)) == state);
    }

    void keepsTheWordsOfAFailureThatHasNoNumber()
    {
        RegistrationState state;
        state.registrationId = enrollment::RegistrationId{"a"};
        state.status = RegistrationStatus::Failed;
        state.errorMessage = "No linked hub.";
        QVERIFY(*documents::registrationStateFromJson(documents::toJson(state)) == state);
    }
};

QTEST_GUILESS_MAIN(TestIndividualEnrollmentDocument)
#include "tst_individual_enrollment_document.moc"
