#include "db/documents/act_document.h"
#include "db/documents/clock_acceptance_document.h"
#include "db/documents/enrollment_record_document.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/documents/journal_birth_document.h"
#include "db/documents/json_text.h"
#include "db/documents/outbox_document.h"
#include "db/documents/run_document.h"
#include "db/duty/duty_document.h"
#include "db/journal/chain_store.h"
#include "db/journal/entry_understanding.h"
#include "db/qt/values.h"
#include "db/screens/screens_file.h"
#include "db/self_check/self_check_file.h"
#include "db/slot_memory/kept_tests_document.h"
#include "db/trust/provenance_document.h"
#include "tests/support/journal_fixture.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <algorithm>
#include <array>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::attestation;
using namespace enroll::enrollment;
namespace documents = enroll::db::documents;
using documents::NotUnderstood;

namespace {

const QString kFolders = QStringLiteral(ENROLL_TEST_DATA "/documents");

/// A folder of documents that programs wrote while theirs was the newest version of them.
struct FrozenVersion {
    QString folder;
    QByteArray version; ///< that every document of the journal in it names
    int fewestFiles;
};

const std::vector<FrozenVersion>& frozenVersions()
{
    static const std::vector<FrozenVersion> kVersions{{QStringLiteral("v1"), "1", 39}};
    return kVersions;
}

/// The document of a name such as "v1/run-pass".
QByteArray frozen(const QString& name)
{
    QFile file{kFolders + u'/' + name + QStringLiteral(".json")};
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
}

QJsonObject objectOf(const QByteArray& text)
{
    return require(documents::parseJsonObject(text));
}

template <class Value>
QJsonObject writtenAgain(const Value& value)
{
    return objectOf(documents::canonicalBytes(value));
}
template <class Value, Result<Value> (*From)(const QJsonObject&, NotUnderstood&)>
Result<QJsonObject> readAndWrite(const QJsonObject& document, NotUnderstood& notUnderstood)
{
    TRY_ASSIGN(const auto value, From(document, notUnderstood));
    return writtenAgain(value);
}
/// The service's own documents pass over what they do not know.
template <class Value, Result<Value> (*From)(const QJsonObject&)>
Result<QJsonObject> readAndWriteServices(const QJsonObject& document, NotUnderstood&)
{
    TRY_ASSIGN(const auto value, From(document));
    return documents::toJson(value);
}

Result<QJsonObject> readAndWriteProvenance(const QJsonObject& document, NotUnderstood&)
{
    const auto text = documents::canonicalJson(document);
    TRY_ASSIGN(const auto provenance, db::trust::provenanceFromText(db::qt::viewOf(text)));
    return documents::parseJsonObject(db::trust::provenanceText(provenance));
}

Result<QJsonObject> readAndWriteSlots(const QJsonObject& document, NotUnderstood&)
{
    const auto text = documents::canonicalJson(document);
    TRY_ASSIGN(const auto tests, db::slot_memory::keptTestsFromText(db::qt::viewOf(text), {}));
    return documents::parseJsonObject(db::slot_memory::keptTestsText(tests));
}

Result<QJsonObject> readAndWriteDuty(const QJsonObject& document, NotUnderstood&)
{
    const auto text = documents::canonicalJson(document);
    TRY_ASSIGN(const auto duty, db::duty::dutyFromText(db::qt::viewOf(text)));
    return documents::parseJsonObject(db::duty::dutyText(duty));
}

Result<QJsonObject> readAndWriteSelfCheck(const QJsonObject& document, NotUnderstood&)
{
    const auto text = documents::canonicalJson(document);
    TRY_ASSIGN(const auto stamp, db::self_check::selfCheckFromText(db::qt::viewOf(text)));
    return documents::parseJsonObject(db::self_check::selfCheckText(stamp));
}

Result<QJsonObject> readAndWriteScreens(const QJsonObject& document, NotUnderstood&)
{
    const auto text = documents::canonicalJson(document);
    TRY_ASSIGN(const auto screens, db::screens::screensFromText(db::qt::viewOf(text)));
    return documents::parseJsonObject(db::screens::screensText(screens));
}

/// What the name of a file says of its document.
struct FrozenKind {
    QString prefix;
    std::string_view entryKind; ///< of the journal; "" for what lies elsewhere
    Result<QJsonObject> (*readAndWrite)(const QJsonObject&, NotUnderstood&);
};

const FrozenKind* kindOf(const QString& name)
{
    using namespace db::journal;
    static const std::array kKinds{
        FrozenKind{QStringLiteral("journal-birth"), kJournalKind,
                   readAndWrite<documents::JournalBirth, documents::journalBirthFromJson>},
        FrozenKind{QStringLiteral("run-"), kRunKind, readAndWrite<AttestationRun, documents::runFromJson>},
        FrozenKind{QStringLiteral("enrollment-record"), kRecordKind,
                   readAndWrite<EnrollmentRecord, documents::recordFromJson>},
        FrozenKind{QStringLiteral("outbox-entry"), kOutboxKind,
                   readAndWrite<documents::OutboxNote, documents::outboxNoteFromJson>},
        FrozenKind{QStringLiteral("delivery-event"), kDeliveryKind,
                   readAndWrite<documents::DeliveryEvent, documents::deliveryEventFromJson>},
        FrozenKind{QStringLiteral("clock-acceptance"), kClockAcceptanceKind,
                   readAndWrite<documents::ClockAcceptance, documents::clockAcceptanceFromJson>},
        FrozenKind{QStringLiteral("act-"), kActKind, readAndWrite<station::Act, documents::actFromJson>},
        FrozenKind{QStringLiteral("trust-provenance"), {}, readAndWriteProvenance},
        FrozenKind{QStringLiteral("slots-"), {}, readAndWriteSlots},
        FrozenKind{QStringLiteral("duty-"), {}, readAndWriteDuty},
        FrozenKind{QStringLiteral("self-check"), {}, readAndWriteSelfCheck},
        FrozenKind{QStringLiteral("screens"), {}, readAndWriteScreens},
        FrozenKind{QStringLiteral("individual-enrollment"),
                   {},
                   readAndWriteServices<provisioning::IndividualEnrollment, documents::individualEnrollmentFromJson>},
        FrozenKind{QStringLiteral("registration-state"),
                   {},
                   readAndWriteServices<provisioning::RegistrationState, documents::registrationStateFromJson>},
    };
    const auto file = name.section(u'/', -1);
    const auto* kind = std::ranges::find_if(kKinds, [&](const auto& one) { return file.startsWith(one.prefix); });
    return kind == kKinds.end() ? nullptr : kind;
}

/// The path of the first value of \p part that \p whole has not; members that only \p whole has are welcome.
QString missingIn(const QJsonValue& whole, const QJsonValue& part, const QString& path)
{
    if (part.isArray() && whole.isArray() && part.toArray().size() == whole.toArray().size()) {
        for (int i = 0; i < part.toArray().size(); ++i) {
            auto missing = missingIn(whole.toArray()[i], part.toArray()[i], path + u'[' + QString::number(i));
            if (!missing.isEmpty()) {
                return missing;
            }
        }
        return {};
    }
    if (!part.isObject() || !whole.isObject()) {
        return part == whole ? QString{} : path;
    }
    const auto members = part.toObject();
    for (auto member = members.begin(); member != members.end(); ++member) {
        auto missing = missingIn(whole.toObject()[member.key()], member.value(), path + u'.' + member.key());
        if (!missing.isEmpty()) {
            return missing;
        }
    }
    return {};
}

enum class Files { All, OfTheJournal };

void everyFile(Files files)
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QByteArray>("version");
    for (const auto& version : frozenVersions()) {
        const auto found =
            QDir{kFolders + u'/' + version.folder}.entryInfoList({QStringLiteral("*.json")}, QDir::Files);
        QVERIFY2(found.size() >= version.fewestFiles, qPrintable(version.folder));
        for (const auto& file : found) {
            const QString name = version.folder + u'/' + file.completeBaseName();
            const auto* kind = kindOf(name);
            QVERIFY2(kind != nullptr, qPrintable(QStringLiteral("no reader is named for ") + name));
            if (files == Files::All || !kind->entryKind.empty()) {
                QTest::newRow(qPrintable(name)) << name << version.version;
            }
        }
    }
}

AttestationRun runOf(const char* name)
{
    return require(documents::runFromJson(frozen(QLatin1String("v1/") + QLatin1String(name))));
}

} // namespace

/// The documents of every version that shipped, read by today's program. The files are never made anew: see their README.
class TestFrozenDocuments : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// A folder that nothing is expected of would be looked at by nobody.
    void everyFolderIsExpected()
    {
        QStringList expected;
        for (const auto& version : frozenVersions()) {
            expected.append(version.folder);
        }
        QCOMPARE(QDir{kFolders}.entryList({QStringLiteral("v*")}, QDir::Dirs, QDir::Name), expected);
    }

    void isUnderstoodAndWrittenAgain_data() { everyFile(Files::All); }
    void isUnderstoodAndWrittenAgain()
    {
        QFETCH(QString, name);
        const auto* kind = kindOf(name);
        const auto document = objectOf(frozen(name));
        NotUnderstood notUnderstood;
        const auto written = kind->readAndWrite(document, notUnderstood);
        QVERIFY2(written.ok(), written.ok() ? "" : written.error().what.c_str());
        QVERIFY2(notUnderstood.empty(), notUnderstood.empty() ? "" : notUnderstood.places.front().c_str());
        QCOMPARE(missingIn(*written, document, {}), QString{});
    }

    void isUnderstoodAsAJournalEntry_data() { everyFile(Files::OfTheJournal); }
    void isUnderstoodAsAJournalEntry()
    {
        QFETCH(QString, name);
        const auto understood = db::journal::understandEntry(kindOf(name)->entryKind, frozen(name));
        QVERIFY(understood.notUnderstood.empty());
        QFETCH(QByteArray, version);
        QVERIFY2(understood.schema.ends_with("/" + version.toStdString()), understood.schema.c_str());
    }

    void isReadWithAMemberThatIsNotKnown_data() { everyFile(Files::All); }
    void isReadWithAMemberThatIsNotKnown()
    {
        QFETCH(QString, name);
        const auto* kind = kindOf(name);
        const auto document = objectOf(frozen(name));
        auto extended = document;
        extended.insert(QStringLiteral("invented"), 1);
        NotUnderstood notUnderstood;
        const auto written = kind->readAndWrite(extended, notUnderstood);
        QVERIFY2(written.ok(), written.ok() ? "" : written.error().what.c_str());
        QCOMPARE(notUnderstood.places.size(), kind->entryKind.empty() ? 0U : 1U);
        QCOMPARE(missingIn(*written, document, {}), QString{});
    }

    void runEndedAsItDid_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<Outcome>("outcome");
        QTest::addColumn<QByteArray>("code");
        QTest::addColumn<QByteArray>("serial");
        QTest::addColumn<int>("findings");
        QTest::addColumn<bool>("knowsTheKey");
        QTest::addColumn<bool>("hasRecord");
        const auto row = [](const char* name, Outcome outcome, const char* code, const char* serial, int findings,
                            bool knowsTheKey) {
            QTest::newRow(name) << QByteArray{name} << outcome << QByteArray{code} << QByteArray{serial} << findings
                                << knowsTheKey << (outcome == Outcome::Pass);
        };
        row("run-pass", Outcome::Pass, "", "GX-000001", 2, true);
        row("run-pass-retested", Outcome::Pass, "", "GX-000001", 2, true);
        row("run-hold-unknown-issuer", Outcome::Hold, "D-122", "GX-000001", 3, true);
        row("run-hold-enrolled-elsewhere", Outcome::Hold, "H-201", "GX-000099", 3, true);
        row("run-hold-about-another-serial", Outcome::Hold, "H-201", "GX-000099", 3, true);
        row("run-fail-software-tpm", Outcome::Fail, "D-126", "GX-000003", 2, true);
        row("run-fail-no-connection", Outcome::Fail, "D-101", "GX-000004", 0, false);
        row("run-station-fault", Outcome::StationFault, "S-321", "GX-000004", 0, false);
        row("run-aborted", Outcome::Aborted, "D-141", "GX-000005", 2, true);
    }
    void runEndedAsItDid()
    {
        QFETCH(QByteArray, name);
        QFETCH(Outcome, outcome);
        QFETCH(QByteArray, code);
        QFETCH(QByteArray, serial);
        QFETCH(int, findings);
        QFETCH(bool, knowsTheKey);
        QFETCH(bool, hasRecord);
        const auto run = runOf(name.constData());
        QVERIFY(run.outcome == outcome);
        QVERIFY(!run.code || run.code->known() != nullptr);
        QCOMPARE(std::string{run.code ? codeText(*run.code) : ""}, code.toStdString());
        QCOMPARE(run.serialNumber.text(), serial.toStdString());
        QCOMPARE(run.stationId.text(), std::string{"LINE-4"});
        QCOMPARE(run.software.version, std::string{"0.1.0"});
        QCOMPARE(run.steps.size(), kAllSteps.size());
        QCOMPARE(static_cast<int>(run.findings.size()), findings);
        QCOMPARE(run.endorsementKey.has_value(), knowsTheKey);
        QCOMPARE(run.tpm.has_value(), knowsTheKey);
        QCOMPARE(run.record.has_value(), hasRecord);
    }

    void everyOutcomeIsThere()
    {
        for (const auto outcome : kAllOutcomes) {
            const auto word = QString::fromStdString(std::string{outcomeText(outcome)});
            QVERIFY2(!QDir{kFolders + QStringLiteral("/v1")}
                          .entryList({QStringLiteral("run-") + word + QStringLiteral("*.json")})
                          .isEmpty(),
                     qPrintable(word));
        }
    }

    void aPassTellsWhatTheStationSaw()
    {
        const auto run = runOf("run-pass");
        QCOMPARE(run.runId.text(), std::string{"01a21fe7-3f35-721e-82cf-ea6587f006f6"});
        QCOMPARE(toIso8601(run.startedAt), std::string{"2026-11-28T02:06:18.421Z"});
        QCOMPARE(run.duration.count(), 576);
        QCOMPARE(run.endorsementKey->publicArea.size(), 316U);
        QVERIFY(run.endorsementKey->certificate.has_value());
        QVERIFY(run.endorsementKey->certificate->path == crypto::PathResult::Trusted);
        QCOMPARE(run.tpm->manufacturer, std::string{"IBM"});
        QCOMPARE(run.record->destinations.size(), 1U);
        QVERIFY(run.record->destinations.front().state == RecordState::Queued);
        QVERIFY(run.traffic.commands > 0);
        QVERIFY(run.steps.front().step == AttestationStep::Connect);
    }

    void aRecordIsSoundAndOfItsRun()
    {
        const auto record = require(documents::recordFromJson(frozen(QStringLiteral("v1/enrollment-record"))));
        const auto run = runOf("run-pass");
        QCOMPARE(record.registrationId.text(), std::string{"GX-000001"});
        QVERIFY(record.runId == run.runId);
        QVERIFY(record.endorsementKey == run.endorsementKey->publicArea);
        const auto hashed =
            require(documents::recordFromJson(frozen(QStringLiteral("v1/enrollment-record-of-hashed-key"))));
        QCOMPARE(hashed.registrationId.text().size(), 52U);
    }

    void aRejectionSaysWhy()
    {
        const auto event =
            require(documents::deliveryEventFromJson(frozen(QStringLiteral("v1/delivery-event-rejected"))));
        QVERIFY(event.state == RecordState::Rejected);
        QCOMPARE(event.outboxSeq, std::int64_t{9});
        QCOMPARE(event.registrationId.text(), std::string{"GX-000002"});
        QCOMPARE(event.code, std::string{"U-409"});
        QCOMPARE(event.reason, std::string{"the service holds this id with another endorsement key"});
    }

    void aHoldSaysOfWhatAndWhereItWasFound()
    {
        const auto run = runOf("run-hold-about-another-serial");
        QCOMPARE(run.subject.value_or(""), std::string{"GX-000001"});
        const auto& finding = run.findings.back();
        QCOMPARE(std::string{finding.code ? codeText(*finding.code) : ""}, std::string{"H-201"});
        QVERIFY(finding.step && *finding.step == AttestationStep::CheckPolicy);
    }

    void aHoldSaysWhichAuthorityIsMissing()
    {
        const auto run = runOf("run-hold-missing-issuer");
        const auto& certificate = run.endorsementKey->certificate.value();
        QCOMPARE(certificate.model, std::optional<std::string>{"swtpm"});
        QCOMPARE(certificate.missingIssuer->name, std::string{"CN=swtpm-localca"});
        QCOMPARE(certificate.missingIssuer->keyId.size(), 40U);
    }

    void aRecordKeepsTheSettingsOfItsEnrollment()
    {
        const auto record =
            require(documents::recordFromJson(frozen(QStringLiteral("v1/enrollment-record-of-settings"))));
        QCOMPARE(record.deviceId, std::string{"gw-GX-000001"});
        QVERIFY(record.settings.iotEdge.value_or(false));
        QVERIFY(!(record.settings == EnrollmentSettings{}));
    }

    void aRecordThatWasSetAsideSaysByWhomAndWhy()
    {
        const auto event =
            require(documents::deliveryEventFromJson(frozen(QStringLiteral("v1/delivery-event-set-aside"))));
        QVERIFY(event.state == RecordState::SetAside);
        QCOMPARE(event.by, std::string{"A. Quality"});
        QCOMPARE(event.reason, std::string{"its fixture was scrapped"});
    }

    void anAcceptedClockSaysByWhomAndWhy()
    {
        NotUnderstood notUnderstood;
        const auto acceptance = require(
            documents::clockAcceptanceFromJson(objectOf(frozen(QStringLiteral("v1/clock-acceptance"))), notUnderstood));
        QVERIFY(acceptance.latestRun > acceptance.acceptedAt);
        QCOMPARE(acceptance.by, std::string{"A. Quality"});
        QCOMPARE(acceptance.reason, std::string{"the station's battery was changed"});
    }

    void anAuthoritySaysWhereItCameFrom()
    {
        const auto provenance =
            require(db::trust::provenanceFromText(db::qt::viewOf(frozen(QStringLiteral("v1/trust-provenance")))));
        QVERIFY(provenance.role == crypto::TrustRole::Anchor);
        QCOMPARE(provenance.source, std::string{"devices/trust/swtpm-localca-rootca-cert.pem"});
        QCOMPARE(toIso8601(provenance.importedAt.value()), std::string{"2026-11-29T02:19:24.037Z"});
    }

    void aQueuedRecordNamesItsDestination()
    {
        const auto note = require(documents::outboxNoteFromJson(frozen(QStringLiteral("v1/outbox-entry"))));
        QVERIFY((note == documents::OutboxNote{DestinationName{"service"}, 4, RegistrationId{"GX-000001"}}));
    }

    void anEnrollmentHoldsTheKeyOfItsRecord()
    {
        const auto enrollment = require(
            documents::individualEnrollmentFromJson(objectOf(frozen(QStringLiteral("v1/individual-enrollment")))));
        const auto record = require(documents::recordFromJson(frozen(QStringLiteral("v1/enrollment-record"))));
        QVERIFY(enrollment.registrationId == record.registrationId);
        QVERIFY(enrollment.attestation.endorsementKey == record.endorsementKey);
        QVERIFY(enrollment.provisioningStatus == provisioning::ProvisioningStatus::Enabled);
        QCOMPARE(enrollment.etag, std::string{"\"01a21fe7-5811-7738-b8a9-440e0627a2f5\""});
        QCOMPARE(toIso8601(enrollment.createdAt.value()), std::string{"2026-11-28T02:06:24.785Z"});
    }

    void aRegistrationTellsItsHub()
    {
        const auto state =
            require(documents::registrationStateFromJson(objectOf(frozen(QStringLiteral("v1/registration-state")))));
        QVERIFY(state.status == provisioning::RegistrationStatus::Assigned);
        QVERIFY(state.substatus == provisioning::RegistrationSubstatus::InitialAssignment);
        QCOMPARE(state.assignedHub, std::string{"hub-1.example.net"});
    }
};

QTEST_GUILESS_MAIN(TestFrozenDocuments)
#include "tst_frozen_documents.moc"
