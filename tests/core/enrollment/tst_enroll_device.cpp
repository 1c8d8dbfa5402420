#include "core/base/device_code.h"
#include "core/base/hold_code.h"
#include "core/base/station_code.h"
#include "tests/core/enrollment/enrollment_line.h"
#include "tests/support/code_text.h"

#include <QTest>

#include <algorithm>

using namespace enroll;
using namespace enroll::enrollment;
using attestation::AttestationStep;
using attestation::StepOutcome;
using enroll::test::must;
using test::anotherDeviceAs;
using test::JournalCall;
using test::keys;
using test::Line;
using test::recordFor;
using test::recordStepOf;
using test::thisDeviceAs;
using test::TpmCall;

class tst_enroll_device : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void passingDeviceIsRecordedAndQueued()
    {
        Line line;
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::Pass);
        QVERIFY(!run.code);
        QCOMPARE(run.registrationId->text(), test::WorkedChallenge{}.text("registrationIdFromEk"));
        QCOMPARE(run.record->state, RecordState::Queued);
        QCOMPARE(run.record->destinations.size(), std::size_t{2});
        QCOMPARE(run.record->destinations[1].destination, DestinationName{"plant"});
        QCOMPARE(line.journal.records().size(), std::size_t{1});
        QCOMPARE(line.journal.commitCalls(), 1);
    }

    void recordHoldsTheKeyThatWasProven()
    {
        Line line;
        const auto run = line.enroll();
        const auto& record = line.journal.records().front();
        QCOMPARE(record.endorsementKey, marshalPublic(keys().endorsementKey.area));
        QCOMPARE(record.endorsementKeyDigest, must(crypto::sha256({record.endorsementKey})));
        QCOMPARE(record.serialNumber, line.order.serialNumber);
        QCOMPARE(record.runId, run.runId);
        QCOMPARE(record.batch, line.order.batch);
        QCOMPARE(record.createdAt, run.startedAt);
    }

    void runHoldsTheOrder()
    {
        Line line;
        const auto run = line.enroll();
        QVERIFY(parseUuidV7(run.runId.text()).ok());
        QCOMPARE(run.stationId, line.order.stationId);
        QCOMPARE(run.operatorId, line.order.operatorId);
        QCOMPARE(run.slot, line.order.slot);
        QCOMPARE(run.device, line.order.device);
        QCOMPARE(run.profile, line.order.profile.stamp);
        QCOMPARE(run.software, line.order.software);
        QCOMPARE(run.endorsementKeys.size(), std::size_t{1});
        QCOMPARE(run.steps.size(), attestation::kAllSteps.size());
        QVERIFY(!run.headline.empty() && !run.nextStep.empty());
    }

    void whatIsReturnedIsWhatIsStored()
    {
        Line line;
        const auto run = line.enroll();
        QCOMPARE(line.journal.runs().size(), std::size_t{1});
        QVERIFY(line.journal.runs().front() == run);
    }

    void retestIsANewRunOfTheSameRecord()
    {
        Line line;
        const auto first = line.enroll();
        auto accepted = *first.record;
        accepted.state = RecordState::Accepted;
        accepted.destinations.pop_back(); // "plant" came later
        accepted.destinations.front().state = RecordState::Accepted;
        line.journal.sentOn(accepted);
        const auto second = line.enroll();
        QCOMPARE(second.outcome, Outcome::Pass);
        QVERIFY(second.record == accepted);
        QVERIFY(second.runId != first.runId);
        QCOMPARE(second.record->registrationId, first.record->registrationId);
        QCOMPARE(line.journal.records().size(), std::size_t{1});
        QCOMPARE(line.journal.records().front().runId, first.runId);
        QCOMPARE(line.journal.runs().size(), std::size_t{2});
    }

    void keyThatIsEnrolledElsewhereIsHeld()
    {
        Line line;
        line.journal.enrollEarlier(thisDeviceAs("GX-000118"));
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::Hold);
        QCOMPARE(run.code, HoldCode::EkEnrolledElsewhere);
        QCOMPARE(run.headline, std::string{"This TPM is already enrolled as GX-000118."});
        QVERIFY(!run.record);
        QCOMPARE(line.journal.records().size(), std::size_t{1});
        QCOMPARE(line.journal.runs().size(), std::size_t{1});
        QCOMPARE(line.journal.commitCalls(), 1);
    }

    /// A relay in front of one genuine TPM may dress its key up as it likes: attributes and exponent are not certified.
    void keyInAnotherPublicAreaIsHeldToo()
    {
        auto dressedUp = keys().endorsementKey.area;
        dressedUp.attributes ^= attestation::object_attribute::kNoDa;
        Line line;
        line.tpm.presentEndorsementKey(marshalPublic(dressedUp));
        line.journal.enrollEarlier(thisDeviceAs("GX-000118"));
        QCOMPARE(line.enroll().code, HoldCode::EkEnrolledElsewhere);
    }

    void serialWithItsKeyInAnotherPublicAreaIsHeld()
    {
        auto dressedUp = keys().endorsementKey.area;
        std::get<attestation::RsaParameters>(dressedUp.parameters).exponent = 65537;
        Line line;
        line.tpm.presentEndorsementKey(marshalPublic(dressedUp));
        line.journal.enrollEarlier(thisDeviceAs("GX-000183"));
        QCOMPARE(line.enroll().code, HoldCode::SerialHasOtherEk);
    }

    void serialWithAnotherKeyIsHeld()
    {
        Line line;
        line.journal.enrollEarlier(anotherDeviceAs("GX-000183"));
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::Hold);
        QCOMPARE(run.code, HoldCode::SerialHasOtherEk);
        QCOMPARE(run.headline, std::string{"GX-000183 was already enrolled with another TPM."});
        QVERIFY(run.subject == "GX-000183");
        QCOMPARE(line.journal.records().size(), std::size_t{1});
    }

    void duplicatesFailWhereTheProfileSaysSo()
    {
        Line line;
        line.order.profile.sameEkOtherSerial = DuplicateRule::Fail;
        line.journal.enrollEarlier(thisDeviceAs("GX-000118"));
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::Fail);
        QCOMPARE(run.code, HoldCode::EkEnrolledElsewhere);
    }

    void conflictMetInTheCommitIsStoredAsAHoldWithoutRecord()
    {
        Line line;
        line.journal.beforeNextCommit([&] { line.journal.enrollEarlier(thisDeviceAs("GX-000118")); });
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::Hold);
        QCOMPARE(run.code, HoldCode::EkEnrolledElsewhere);
        QCOMPARE(run.headline, std::string{"This TPM is already enrolled as GX-000118."});
        QVERIFY(!run.record);
        QVERIFY(run.subject == "GX-000118");
        const auto found = std::ranges::find(run.findings, "ek-enrolled-elsewhere", &attestation::Finding::id);
        QVERIFY(found != run.findings.end());
        QVERIFY(found->step == AttestationStep::Record);
        QVERIFY(run.steps.back().outcome == StepOutcome::Finding);
        QCOMPARE(line.steps.finished.back().outcome, run.steps.back().outcome);
        QCOMPARE(line.journal.records().size(), std::size_t{1});
        QCOMPARE(line.journal.runs().size(), std::size_t{1});
        QVERIFY(line.journal.runs().front() == run);
    }

    void retestMetInTheCommitStillPasses()
    {
        Line line;
        line.journal.beforeNextCommit([&] { line.journal.enrollEarlier(thisDeviceAs("GX-000183")); });
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::Pass);
        QCOMPARE(line.journal.records().size(), std::size_t{1});
        QCOMPARE(line.journal.runs().size(), std::size_t{1});
    }

    void everyFaultOfTheTpmIsRecordedWithoutARecord_data()
    {
        QTest::addColumn<TpmCall>("call");
        using enum TpmCall;
        const auto row = [](const char* name, TpmCall call) { QTest::newRow(name) << call; };
        row("connect", Connect);
        row("identify", Identify);
        row("read endorsement key", ReadEndorsementKey);
        row("storage root key", ProvideStorageRootKey);
        row("activate", Activate);
        row("sign", Sign);
        row("read again", ReadProtected);
        row("other keys", ReadOtherKeys);
    }
    void everyFaultOfTheTpmIsRecordedWithoutARecord()
    {
        QFETCH(TpmCall, call);
        Line line;
        line.tpm.failOn(call, makeError(DeviceCode::TpmTimedOut, "no answer"));

        const auto run = line.enroll();

        QCOMPARE(run.outcome, Outcome::Fail);
        QCOMPARE(run.code, DeviceCode::TpmTimedOut);
        QCOMPARE(run.nextStep, std::string{describe(DeviceCode::TpmTimedOut).instruction});
        test::verifyStoredWithoutARecord(line, run);
    }

    void everyFaultOfTheJournalIsTheStationsAndNeverAPass_data()
    {
        QTest::addColumn<JournalCall>("call");
        QTest::addColumn<QString>("code");
        QTest::addColumn<int>("stored");
        const auto row = [](const char* name, JournalCall call, ErrorCode code, int stored) {
            QTest::newRow(name) << call << test::textOf(code) << stored;
        };
        // A look-up that fails leaves a run that can still be written down; a commit that fails leaves nothing.
        row("find by key", JournalCall::FindByEk, StationCode::JournalBusy, 1);
        row("find by another key", JournalCall::FindByKey, StationCode::JournalBusy, 1);
        row("find by serial", JournalCall::FindBySerial, StationCode::JournalCannotSave, 1);
        row("find by registration", JournalCall::FindByRegistration, StationCode::JournalBusy, 1);
        row("find by storage root key", JournalCall::FindByStorageRootKey, StationCode::JournalBusy, 1);
        row("latest run", JournalCall::LatestRunStart, StationCode::JournalBusy, 0);
        row("commit, disk", JournalCall::Commit, StationCode::JournalCannotSave, 0);
        row("commit, locked", JournalCall::Commit, StationCode::JournalBusy, 0);
    }
    void everyFaultOfTheJournalIsTheStationsAndNeverAPass()
    {
        QFETCH(JournalCall, call);
        QFETCH(QString, code);
        QFETCH(int, stored);
        Line line;
        test::showAnotherKey(line, test::keys().storageRootKey.area);
        line.journal.failOn(call, makeError(test::codeNamed(code), "on purpose"));

        const auto run = line.enroll();

        QCOMPARE(run.outcome, Outcome::StationFault);
        QCOMPARE(run.code, test::codeNamed(code));
        QVERIFY(!run.record);
        QVERIFY(line.journal.records().empty());
        QCOMPARE(line.journal.runs().size(), static_cast<std::size_t>(stored));
        QCOMPARE(line.tpm.loaded(), 0);
    }

    void aClockBehindTheJournalStopsTheRunBeforeTheDevice()
    {
        Line line;
        line.journal.ranLast(utcNow() + std::chrono::hours{1});

        const auto run = line.enroll();

        QCOMPARE(run.outcome, Outcome::StationFault);
        QCOMPARE(run.code, StationCode::ClockWrong);
        QVERIFY(line.tpm.calls().empty());
        QVERIFY(line.steps.finished.empty());
        QCOMPARE(run.steps.size(), attestation::kAllSteps.size());
        QVERIFY(std::ranges::all_of(run.steps, [](const auto& step) { return step.outcome == StepOutcome::Skipped; }));
        QVERIFY(line.journal.runs().empty());

        line.journal.ranLast(utcNow() - std::chrono::hours{1}); // somebody set the clock
        QCOMPARE(line.enroll().outcome, Outcome::Pass);
    }

    void commitThatFailsShowsInTheRecordStep()
    {
        Line line;
        line.journal.failOn(JournalCall::Commit, makeError(StationCode::JournalCannotSave, "disk full"));
        const auto run = line.enroll();
        QCOMPARE(recordStepOf(run), StepOutcome::Failed);
        QCOMPARE(line.steps.finished.back().outcome, StepOutcome::Failed);
        QCOMPARE(line.journal.commitCalls(), 1);
    }

    void foreignErrorOfAJournalIsReportedAsCannotSave()
    {
        Line line;
        line.journal.failOn(JournalCall::Commit, makeError(DeviceCode::TpmTimedOut, "impossible"));
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::StationFault);
        QCOMPARE(run.code, StationCode::JournalCannotSave);
    }

    void foreignErrorOfALookUpIsTheStationsToo_data()
    {
        QTest::addColumn<JournalCall>("call");
        QTest::newRow("find by key") << JournalCall::FindByEk;
        QTest::newRow("find by another key") << JournalCall::FindByKey;
        QTest::newRow("find by serial") << JournalCall::FindBySerial;
        QTest::newRow("find by registration") << JournalCall::FindByRegistration;
        QTest::newRow("find by storage root key") << JournalCall::FindByStorageRootKey;
    }
    void foreignErrorOfALookUpIsTheStationsToo()
    {
        QFETCH(JournalCall, call);
        Line line;
        test::showAnotherKey(line, test::keys().storageRootKey.area);
        line.journal.failOn(call, makeError(DeviceCode::TpmTimedOut, "impossible"));
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::StationFault);
        QCOMPARE(run.code, StationCode::JournalCannotSave);
    }

    void stateOfARetestThatCannotBeReadIsTheStationsFault()
    {
        Line line;
        line.journal.enrollEarlier(thisDeviceAs("GX-000183"));
        line.journal.failOn(JournalCall::StateOf, makeError(StationCode::JournalBusy, "on purpose"));
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::StationFault);
        QCOMPARE(run.code, StationCode::JournalBusy);
        QVERIFY(!run.record);
    }

    void aFailThatCannotBeSavedIsNotReportedAsAFail()
    {
        Line line;
        line.tpm.flipSignatureBit();
        line.journal.failOn(JournalCall::Commit, makeError(StationCode::JournalCannotSave, "disk full"));
        QCOMPARE(line.enroll().outcome, Outcome::StationFault);
    }

    void heldDeviceIsRecordedWithoutARecord()
    {
        Line line;
        line.tpm.setCertificateNv(std::nullopt);
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::Hold);
        QCOMPARE(run.code, DeviceCode::EkCertificateMissing);
        QVERIFY(run.registrationId.has_value());
        QVERIFY(line.journal.records().empty());
        QCOMPARE(line.journal.runs().size(), std::size_t{1});
    }

    void serialThatIsNoLegalIdIsNotEnrolledUnderIt()
    {
        Line line;
        line.order.profile.registrationIdRule = RegistrationIdRule::Serial;
        line.order.serialNumber = SerialNumber{"GX 000183"};
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::StationFault);
        QCOMPARE(run.code, StationCode::NameNotAllowed);
        QVERIFY(line.journal.records().empty());
    }

    void serialBecomesTheIdWhereTheProfileSaysSo()
    {
        Line line;
        line.order.profile.registrationIdRule = RegistrationIdRule::Serial;
        const auto run = line.enroll();
        QCOMPARE(run.registrationId, RegistrationId{"GX-000183"});
        QCOMPARE(line.journal.records().front().registrationId, RegistrationId{"GX-000183"});
    }

    void recordHoldsWhatTheProfileSaysOfTheCloudsEntry()
    {
        Line line;
        auto& profile = line.order.profile.enrollment;
        profile.deviceId = must(TextPattern::parse("gw-{serial}"));
        profile.tags = {{"batch", {must(TextPattern::parse("{batch}"))}}};
        profile.settings.iotEdge = true;
        line.enroll();
        const auto& record = line.journal.records().front();
        QCOMPARE(record.deviceId, std::string{"gw-GX-000183"});
        QCOMPARE(record.settings.iotEdge, std::optional{true});
        QCOMPARE(*record.settings.twinJson, R"({"tags":{"batch":")" + line.order.batch.text() + R"("}})");
    }

    void serialThatMakesNoDeviceIdIsNotEnrolled()
    {
        Line line;
        line.order.profile.enrollment.deviceId = must(TextPattern::parse("gw-{serial}"));
        line.order.serialNumber = SerialNumber{"GX 000183"};
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::StationFault);
        QCOMPARE(run.code, StationCode::NameNotAllowed);
        QVERIFY(line.journal.records().empty());
    }

    void attestOnlyStoresNothingAndAsksNoIndex()
    {
        Line line;
        line.order.serialNumber = {};
        const auto run = attestOnly(line.order, line.tpm, line.steps, line.steps.stop());
        QCOMPARE(run.outcome, Outcome::Pass);
        QVERIFY(!run.record);
        QVERIFY(run.registrationId.has_value());
        QCOMPARE(run.steps.size(), attestation::kAllSteps.size());
        QCOMPARE(recordStepOf(run), StepOutcome::Skipped);
        QCOMPARE(line.journal.commitCalls() + line.journal.lookUps(), 0);
    }
};

QTEST_GUILESS_MAIN(tst_enroll_device)
#include "tst_enroll_device.moc"
