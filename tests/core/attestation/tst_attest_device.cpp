#include "core/base/cloud_code.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/base32.h"
#include "tests/core/attestation/attestation_bench.h"
#include "tests/support/code_text.h"

#include <QTest>

using namespace enroll;
using namespace enroll::attestation;
using test::Bench;
using test::hasFinding;
using test::keys;
using test::outcomeOf;
using test::TpmCall;

class tst_attest_device : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void passesAGenuineDevice()
    {
        Bench bench;
        const auto report = bench.attest();
        QVERIFY2(!report.error, report.error ? describeForLog(*report.error).c_str() : "");
        QCOMPARE(report.verdict, (Verdict{Outcome::Pass, {}}));
        QVERIFY(report.findings.empty());
        QVERIFY(report.facts.possessionProven);
        QVERIFY(report.facts.endorsementKey->certificate->matchesKey);
        QCOMPARE(report.facts.endorsementKey->certificate->path, crypto::PathResult::Trusted);
        QCOMPARE(report.facts.endorsementKey->certificate->serial, std::string{"1234"});
        QVERIFY(report.facts.storageRootKey.has_value());
    }

    void recordsEachStepOnceAndInOrder()
    {
        Bench bench;
        const auto report = bench.attest();
        QCOMPARE(report.steps.size(), std::size_t{7});
        QCOMPARE(bench.steps.finished, report.steps);
        QCOMPARE(bench.steps.begun, (std::vector(kAllSteps.begin(), kAllSteps.end() - 1)));
        QVERIFY(std::ranges::all_of(report.steps, [](const auto& s) { return s.outcome == StepOutcome::Ok; }));
    }

    void asksTheTpmForNothingTwiceInTheClear()
    {
        Bench bench;
        const auto report = bench.attest();
        const std::vector wanted{TpmCall::Connect,
                                 TpmCall::Identify,
                                 TpmCall::ReadState,
                                 TpmCall::ReadEndorsementKey,
                                 TpmCall::ProvideStorageRootKey,
                                 TpmCall::Activate,
                                 TpmCall::Sign,
                                 TpmCall::ReadProtected,
                                 TpmCall::Release};
        QCOMPARE(bench.tpm.calls(), wanted);
        QCOMPARE(report.traffic.commands, std::uint64_t{wanted.size()});
    }

    void letsTheTpmSignWhatADeviceSigns()
    {
        Bench bench;
        const auto report = bench.attest();
        QCOMPARE(bench.tpm.signedMessages().size(), std::size_t{1});
        const std::string message{asText(bench.tpm.signedMessages().front())};
        const auto id = crypto::toBase32Lower(report.facts.endorsementKey->sha256);
        QVERIFY(message.starts_with("0ne00000000%2Fregistrations%2F" + id + "\n"));
        const auto expiry = std::stoll(message.substr(message.find('\n') + 1));
        const auto now = std::chrono::floor<std::chrono::seconds>(utcNow()).time_since_epoch().count();
        QVERIFY(expiry > now + 3500 && expiry <= now + 3600);
    }

    void leavesNothingLoaded()
    {
        Bench bench;
        static_cast<void>(bench.attest());
        QVERIFY(bench.tpm.loadedInAll() > 0);
        QCOMPARE(bench.tpm.loaded(), 0);
    }

    void workAsWellWithEccKeys()
    {
        const auto eccKeys = test::makeDeviceKeys(test::KeyKind::EccP384, test::KeyKind::EccP256);
        Bench bench;
        test::FakeDeviceTpm tpm{eccKeys};
        tpm.setCertificateNv(bench.authority.issue(eccKeys.endorsementKey.pem));
        const auto report = attestDevice({bench.policy, bench.anchors, utcNow()}, tpm, bench.steps, {});
        QCOMPARE(report.verdict, (Verdict{Outcome::Pass, {}}));
        QVERIFY(report.facts.possessionProven);
    }

    void asksForTheKeyThatThePolicyChooses()
    {
        Bench bench;
        bench.policy.endorsementKey = {EkTemplate::TcgH3, EkChoice::Rule::OfTemplate};
        static_cast<void>(bench.attest());
        QCOMPARE(bench.tpm.chosen(), std::optional{bench.policy.endorsementKey});
    }

    void persistsWhatThePolicySays_data()
    {
        QTest::addColumn<Persistence>("endorsement");
        QTest::addColumn<Persistence>("storage");
        QTest::newRow("endorsement key") << Persistence::PersistIfAbsent << Persistence::LeaveAsIs;
        QTest::newRow("storage root key") << Persistence::LeaveAsIs << Persistence::PersistIfAbsent;
    }
    void persistsWhatThePolicySays()
    {
        QFETCH(Persistence, endorsement);
        QFETCH(Persistence, storage);
        Bench bench;
        bench.policy.persistAfterPass = {endorsement, storage};
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Pass, {}}));
        QCOMPARE(bench.tpm.persisted(), std::optional{bench.policy.persistAfterPass});
    }

    void leavesADeviceThatDidNotPassAsItWas()
    {
        Bench bench;
        bench.policy.persistAfterPass = {Persistence::PersistIfAbsent, Persistence::PersistIfAbsent};
        bench.tpm.setCertificateNv(std::nullopt);
        QCOMPARE(bench.attest().verdict.outcome, Outcome::Hold);
        QVERIFY(!bench.tpm.persisted());
    }

    void persistsNoEndorsementKeyThatNobodyVouchesFor()
    {
        Bench bench;
        bench.policy.persistAfterPass = {Persistence::PersistIfAbsent, Persistence::PersistIfAbsent};
        bench.policy.certificate = CertificateRequirement::None;
        bench.tpm.setCertificateNv(std::nullopt);
        QCOMPARE(bench.attest().verdict.outcome, Outcome::Pass);
        QCOMPARE(bench.tpm.persisted(),
                 (std::optional{KeysToPersist{Persistence::LeaveAsIs, Persistence::PersistIfAbsent}}));
    }

    void passesNoDeviceWhoseKeyCannotBePersisted()
    {
        Bench bench;
        bench.policy.persistAfterPass.endorsementKey = Persistence::PersistIfAbsent;
        bench.tpm.failOn(TpmCall::PersistKeys, makeError(DeviceCode::TpmHierarchyLocked, "the owner has a password"));
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Hold, DeviceCode::TpmHierarchyLocked}));
        QCOMPARE(outcomeOf(report, AttestationStep::CheckPolicy), StepOutcome::Failed);
    }

    void holdsADeviceWhoseCertificateIsNotGivenOut()
    {
        Bench bench;
        bench.tpm.setCertificateNv(std::nullopt);
        bench.tpm.setCertificateUnreadable("NV index 0x01c00002 is locked against reading");
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Hold, DeviceCode::EkCertificateMalformed}));
        QVERIFY(report.findings.front().text.find("0x01c00002") != std::string::npos);

        bench.policy.certificate = CertificateRequirement::None;
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Pass, {}}));
    }

    /// As one without an index: whether it ships without a certificate, the profile says.
    void saysThatACertificateWasNeverWritten()
    {
        Bench bench;
        bench.tpm.setCertificateNv(std::nullopt);
        bench.tpm.setCertificateUnreadable("NV index 0x01c00002 is there, and nothing was ever written to it");
        bench.tpm.changeReading([](EndorsementKeyReading& reading) { reading.certificateIndex = 0x01C00002; });
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Hold, DeviceCode::EkCertificateMissing}));
        QVERIFY(report.findings.front().text.find("0x01c00002 is there") != std::string::npos);

        bench.policy.onMissingCertificate = OnFinding::Warning;
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Pass, {}}));
    }

    void endsAtTheCallThatFails_data()
    {
        QTest::addColumn<TpmCall>("call");
        QTest::addColumn<AttestationStep>("step");
        QTest::newRow("connect") << TpmCall::Connect << AttestationStep::Connect;
        QTest::newRow("identify") << TpmCall::Identify << AttestationStep::IdentifyTpm;
        QTest::newRow("state") << TpmCall::ReadState << AttestationStep::IdentifyTpm;
        QTest::newRow("endorsement key") << TpmCall::ReadEndorsementKey << AttestationStep::ReadEndorsementKey;
        QTest::newRow("storage root key") << TpmCall::ProvideStorageRootKey << AttestationStep::ProvisionStorageRootKey;
        QTest::newRow("activate") << TpmCall::Activate << AttestationStep::TestAttestation;
        QTest::newRow("sign") << TpmCall::Sign << AttestationStep::TestAttestation;
        QTest::newRow("read again") << TpmCall::ReadProtected << AttestationStep::TestAttestation;
    }
    void endsAtTheCallThatFails()
    {
        QFETCH(TpmCall, call);
        QFETCH(AttestationStep, step);
        Bench bench;
        bench.tpm.failOn(call, makeError(DeviceCode::TpmTimedOut, "no answer"));

        const auto report = bench.attest();

        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, DeviceCode::TpmTimedOut}));
        QCOMPARE(report.error->next(), NextStep::ReseatDevice);
        QCOMPARE(report.facts.possessionProven, call == TpmCall::ReadProtected);
        QCOMPARE(bench.tpm.calls().back(), TpmCall::Release);
        QCOMPARE(bench.tpm.count(TpmCall::Release), 1);
        QCOMPARE(bench.tpm.loaded(), 0);
        QCOMPARE(report.steps.size(), std::size_t{7});
        for (const auto& record : report.steps) {
            QCOMPARE(record.outcome, *record.step.known() < step ? StepOutcome::Ok
                                     : record.step == step       ? StepOutcome::Failed
                                                                 : StepOutcome::Skipped);
        }
    }

    void theCodeSaysWhoIsAtFault_data()
    {
        QTest::addColumn<QString>("code");
        QTest::addColumn<int>("outcome");
        const auto row = [](ErrorCode code, Outcome outcome) {
            QTest::newRow(describe(code).text.data()) << test::textOf(code) << static_cast<int>(outcome);
        };
        row(DeviceCode::NoTpmAnswers, Outcome::Fail);
        row(DeviceCode::TpmResponseMalformed, Outcome::Fail);
        row(DeviceCode::TpmHierarchyLocked, Outcome::Hold);
        row(DeviceCode::TpmLockedOut, Outcome::Hold);
        row(DeviceCode::ActivationRefused, Outcome::Fail);
        row(DeviceCode::Cancelled, Outcome::Aborted);
        row(StationCode::StationCannotReachPort, Outcome::StationFault);
        row(StationCode::CryptoFailed, Outcome::StationFault);
        row(CloudCode::Fault, Outcome::StationFault);
    }
    void theCodeSaysWhoIsAtFault()
    {
        QFETCH(QString, code);
        QFETCH(int, outcome);
        Bench bench;
        bench.tpm.failOn(TpmCall::Activate, makeError(test::codeNamed(code), "on purpose"));
        const auto report = bench.attest();
        QCOMPARE(report.verdict.outcome, static_cast<Outcome>(outcome));
        QCOMPARE(report.verdict.code, test::codeNamed(code));
    }

    void stopsBetweenAnyTwoSteps_data()
    {
        QTest::addColumn<AttestationStep>("step");
        for (const auto step : kAllSteps) {
            if (step != AttestationStep::Record) {
                QTest::newRow(stepText(step).data()) << step;
            }
        }
    }
    void stopsBetweenAnyTwoSteps()
    {
        QFETCH(AttestationStep, step);
        Bench bench;
        bench.steps = test::RecordingSteps{step};

        const auto report = bench.attest();

        QCOMPARE(report.verdict, (Verdict{Outcome::Aborted, DeviceCode::Cancelled}));
        QCOMPARE(bench.tpm.loaded(), 0);
        QCOMPARE(bench.tpm.calls().back(), TpmCall::Release);
        for (const auto& record : report.steps) {
            QCOMPARE(record.outcome, *record.step.known() < step ? StepOutcome::Ok : StepOutcome::Skipped);
        }
    }

    void holdsDeviceWithoutCertificateButProvesPossession()
    {
        Bench bench;
        bench.tpm.setCertificateNv(std::nullopt);
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Hold, DeviceCode::EkCertificateMissing}));
        QVERIFY(report.facts.possessionProven);
        QVERIFY(!report.error);
        QCOMPARE(outcomeOf(report, AttestationStep::VerifyEkCertificate), StepOutcome::Finding);
        QCOMPARE(outcomeOf(report, AttestationStep::CheckPolicy), StepOutcome::Finding);
    }

    void blankCertificateIndexIsAMissingCertificate()
    {
        Bench bench;
        bench.tpm.setCertificateNv(Bytes(1024, std::byte{0xFF}));
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Hold, DeviceCode::EkCertificateMissing}));
    }

    void takesACertificateOutOfItsPadding()
    {
        Bench bench;
        auto padded = bench.authority.issue(keys().endorsementKey.pem);
        padded.resize(1600, std::byte{0xFF});
        bench.tpm.setCertificateNv(padded);
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Pass, {}}));
    }

    /// Some makers put the certificates of several keys into one index, back to back.
    void findsTheKeysCertificateAmongSeveral()
    {
        Bench bench;
        auto content = bench.authority.issue(test::makeEndorsementKey(test::KeyKind::Rsa2048).pem);
        const auto own = bench.authority.issue(keys().endorsementKey.pem);
        content.insert(content.end(), own.begin(), own.end());
        content.resize(content.size() + 100, std::byte{0xFF});
        bench.tpm.setCertificateNv(content);
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Pass, {}}));
        QCOMPARE(report.facts.endorsementKey->certificate->der, own);
    }

    void holdsDeviceWhoseCertificateIsGarbage()
    {
        Bench bench;
        bench.tpm.setCertificateNv(Bytes(64, std::byte{0x42}));
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Hold, DeviceCode::EkCertificateMalformed}));
        QVERIFY(report.facts.certificateFault.has_value());
        QVERIFY(report.facts.possessionProven);
    }

    void holdsDeviceWithTheCertificateOfAnotherKey()
    {
        Bench bench;
        bench.tpm.setCertificateNv(bench.authority.issue(test::makeEndorsementKey(test::KeyKind::Rsa2048).pem));
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Hold, DeviceCode::EkCertificateWrongKey}));
        QVERIFY(!report.facts.endorsementKey->certificate->matchesKey);
    }

    void holdsDeviceOfAMakerNobodyTrusts()
    {
        Bench bench;
        bench.anchors = {};
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Hold, DeviceCode::EkCertificateUntrusted}));
    }

    /// Another key signed in the name of an authority that is trusted.
    void holdsDeviceWithAForgedCertificate()
    {
        Bench bench;
        bench.tpm.setCertificateNv(test::EkAuthority{}.issue(keys().endorsementKey.pem));
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Hold, DeviceCode::EkCertificateInvalid}));
    }

    void failsSoftwareTpmAfterHavingTestedItFully()
    {
        Bench bench;
        bench.tpm.setIdentity({"IBM", 0x49424D00, "SW TPM", "8217.4131.22.13878", 164, true});
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, DeviceCode::SoftwareTpmRefused}));
        QVERIFY(report.facts.possessionProven);
        QCOMPARE(outcomeOf(report, AttestationStep::IdentifyTpm), StepOutcome::Finding);
    }

    /// A chip of a maker, which the maker gave a seed: a seed of the chip's own came later.
    void aSeedThatIsNotItsMakersIsNoticedAndHeldWhereTheProfileSaysSo()
    {
        Bench bench;
        QVERIFY(!hasFinding(bench.attest(), "tpm-seed-not-makers"));
        TpmState state;
        state.seedMadeByTpm = true;
        bench.tpm.setState(state);
        const auto noticed = bench.attest();
        QCOMPARE(noticed.verdict, (Verdict{Outcome::Pass, {}}));
        QVERIFY(hasFinding(noticed, "tpm-seed-not-makers"));
        const auto seed = std::ranges::find(noticed.findings, "tpm-seed-not-makers", &Finding::id);
        QVERIFY(seed->text.find("one that it holds was issued later") != std::string::npos); // it may be trusted
        bench.policy.severities = {{"tpm-seed-not-makers", Severity::Hold}};
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Hold, DeviceCode::SeedNotMakers}));
        // Its certificate is for its former key, which the seed explains: the seed was found first.
        bench.tpm.setCertificateNv(bench.authority.issue(test::keys().storageRootKey.pem));
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Hold, DeviceCode::SeedNotMakers}));
    }

    /// No key of such a TPM is the right one. Every software TPM has a seed of its own, which explains nothing.
    void aCertificateOfAFormerKeyNamesTheSeedThatWentWithIt_data()
    {
        QTest::addColumn<bool>("madeByTpm");
        QTest::addColumn<bool>("software");
        QTest::addColumn<bool>("named");
        QTest::newRow("of its maker") << false << false << false;
        QTest::newRow("of its own") << true << false << true;
        QTest::newRow("of a program") << true << true << false;
    }
    void aCertificateOfAFormerKeyNamesTheSeedThatWentWithIt()
    {
        QFETCH(const bool, madeByTpm);
        QFETCH(const bool, software);
        QFETCH(const bool, named);
        Bench bench;
        bench.policy.allowSoftware = true;
        TpmState state;
        state.seedMadeByTpm = madeByTpm;
        bench.tpm.setState(state);
        bench.tpm.setIdentity({"IFX", 0x49465800, "SLB 9670", "7.85.4555.0", 138, software});
        bench.tpm.setCertificateNv(bench.authority.issue(test::keys().storageRootKey.pem));
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Hold, DeviceCode::EkCertificateWrongKey}));
        const auto found = std::ranges::find(report.findings, "ek-certificate-wrong-key", &Finding::id);
        QCOMPARE(found->text.find("made its endorsement seed itself") != std::string::npos, named);
    }

    void findingsOfStepsThatRanSurviveALaterFault()
    {
        Bench bench;
        bench.tpm.setCertificateNv(std::nullopt);
        bench.tpm.failOn(TpmCall::Sign, makeError(DeviceCode::TpmStaysBusy, "busy"));
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, DeviceCode::TpmStaysBusy}));
        QVERIFY(hasFinding(report, "ek-certificate-missing"));
    }

    void saysNothingOfACertificateThatWasNotLookedAt()
    {
        Bench bench;
        bench.steps = test::RecordingSteps{AttestationStep::VerifyEkCertificate};
        QVERIFY(!hasFinding(bench.attest(), "ek-certificate-missing"));
    }

    void releaseThatFailsIsAFindingAndNoVerdict()
    {
        Bench bench;
        bench.tpm.failOn(TpmCall::Release, makeError(DeviceCode::TpmTimedOut, "flush unanswered"));
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Pass, {}}));
        QVERIFY(!report.error);
        QVERIFY(hasFinding(report, "tpm-not-released"));
    }

    void releaseThatFailsHoldsADeviceWhereTheProfileSaysSo()
    {
        Bench bench;
        bench.policy.severities = {{"tpm-not-released", Severity::Hold}};
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Pass, {}}));
        bench.tpm.failOn(TpmCall::Release, makeError(DeviceCode::TpmTimedOut, "flush unanswered"));
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Hold, DeviceCode::NotAsShipped}));
        QVERIFY(!report.error);
    }

    void releaseThatFailsDoesNotHideTheFirstError()
    {
        Bench bench;
        bench.policy.severities = {{"tpm-not-released", Severity::Hold}};
        bench.tpm.failOn(TpmCall::Activate, makeError(DeviceCode::ActivationRefused, "first"));
        bench.tpm.failOn(TpmCall::Release, makeError(DeviceCode::TpmTimedOut, "second"));
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, DeviceCode::ActivationRefused}));
        QCOMPARE(report.error->code, DeviceCode::ActivationRefused);
        QVERIFY(hasFinding(report, "tpm-not-released"));
    }

    void everyFindingKnowsTheStepThatFoundIt()
    {
        Bench bench;
        bench.tpm.setCertificateNv(std::nullopt);
        bench.tpm.setOtherKeyAt(kDeviceSdkHandle);
        bench.policy.onMissingCertificate = OnFinding::Warning;
        bench.policy.allowedManufacturers = {"NOBODY"};
        bench.furtherCheck = [](const AttestationFacts&) -> Result<std::vector<Finding>> {
            return std::vector{Finding{"further", Severity::Info, "text", std::nullopt}};
        };
        bench.tpm.failOn(TpmCall::Release, makeError(DeviceCode::TpmTimedOut, "gone"));
        const auto report = bench.attest();
        const auto stepOf = [&report](std::string_view id) {
            const auto found = std::ranges::find(report.findings, id, &Finding::id);
            return found == report.findings.end() ? std::nullopt : knownIn(found->step);
        };
        QCOMPARE(stepOf("manufacturer-not-allowed"), AttestationStep::IdentifyTpm);
        QCOMPARE(stepOf("ek-other-at-handle"), AttestationStep::ReadEndorsementKey);
        QCOMPARE(stepOf("ek-certificate-missing"), AttestationStep::VerifyEkCertificate);
        QCOMPARE(stepOf("further"), AttestationStep::CheckPolicy);
        QVERIFY(hasFinding(report, "tpm-not-released"));
        QVERIFY(!stepOf("tpm-not-released"));
    }
};

QTEST_GUILESS_MAIN(tst_attest_device)
#include "tst_attest_device.moc"
