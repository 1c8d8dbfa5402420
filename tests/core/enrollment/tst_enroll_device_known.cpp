#include "core/base/hold_code.h"
#include "tests/core/enrollment/enrollment_line.h"

#include <QTest>

#include <algorithm>

// What becomes of a device that the journal knows in some way, or that takes what another device has.

using namespace enroll;
using namespace enroll::enrollment;
using enroll::test::must;
using test::anotherDeviceAs;
using test::Line;
using test::thisDeviceAs;

namespace {

std::string textOf(const AttestationRun& run, std::string_view id)
{
    const auto found = std::ranges::find(run.findings, id, &attestation::Finding::id);
    return found == run.findings.end() ? std::string{} : found->text;
}

/// The record of a device with another endorsement key, and the run that proved it, which saw the storage root key of
/// the device on \p line.
EnrollmentRecord anotherDeviceWith(Line& line, const std::string& serial)
{
    auto record = anotherDeviceAs(serial);
    AttestationRun run;
    run.runId = record.runId;
    run.outcome = Outcome::Pass;
    run.serialNumber = record.serialNumber;
    run.storageRootKey = must(attestation::storageRootKeyEvidence(marshalPublic(test::keys().storageRootKey.area)));
    must(line.journal.commit(run, std::nullopt));
    return record;
}

} // namespace

class tst_enroll_device_known : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// The id under which the device is enrolled is not the one that its profile gives: whoever looks is told both.
    void retestUnderAnotherIdIsHeldAndKeepsTheIdOfItsRecord()
    {
        Line line;
        auto earlier = thisDeviceAs("GX-000183");
        earlier.registrationId = RegistrationId{"by-hand"};
        line.journal.enrollEarlier(earlier);
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::Hold);
        QCOMPARE(run.code, HoldCode::EnrolledOtherwise);
        QCOMPARE(run.registrationId, RegistrationId{"by-hand"});
        QVERIFY(textOf(run, "enrolled-otherwise").find("registration_id (\"by-hand\" in the record, \"") !=
                std::string::npos);
    }

    void retestUnderAChangedProfileIsHeldAndNamesWhatDiffers()
    {
        Line line;
        line.enroll();
        auto& profile = line.order.profile;
        profile.stamp.version = "8";
        profile.registrationIdRule = RegistrationIdRule::Serial;
        profile.enrollment.deviceId = must(TextPattern::parse("gw-{serial}"));
        profile.enrollment.settings.iotEdge = true;
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::Hold);
        QCOMPARE(run.code, HoldCode::EnrolledOtherwise);
        const auto text = textOf(run, "enrolled-otherwise");
        for (const auto* part : {"version \"8\"", "\"GX-000183\" by the profile", "device_id (nothing in the record",
                                 "iot_edge (nothing in the record, true by the profile)"}) {
            QVERIFY2(text.find(part) != std::string::npos, text.c_str());
        }
        QCOMPARE(line.journal.records().size(), std::size_t{1});
    }

    void aChangedProfileWarnsOrFailsWhereItSaysSo()
    {
        for (const auto& [severity, outcome] : {std::pair{attestation::Severity::Warning, Outcome::Pass},
                                                std::pair{attestation::Severity::Fail, Outcome::Fail}}) {
            Line line;
            line.enroll();
            line.order.profile.enrollment.settings.iotEdge = true;
            line.order.profile.sameDeviceOtherSettings = severity;
            const auto run = line.enroll();
            QCOMPARE(run.outcome, outcome);
            QVERIFY(!textOf(run, "enrolled-otherwise").empty());
            QCOMPARE(line.journal.records().size(), std::size_t{1});
        }
    }

    /// The work order is a fact about a test, not a setting: a repair comes under another one.
    void aRetestUnderAnotherWorkOrderIsNoChange()
    {
        Line line;
        line.order.profile.enrollment.tags = {{"batch", {must(TextPattern::parse("{batch}"))}}};
        line.enroll();
        line.order.batch = BatchId{"B-13"};
        QCOMPARE(line.enroll().outcome, Outcome::Pass);
    }

    /// One chip, enrolled under two serial numbers with two of its endorsement keys.
    void anotherKeyOfATpmThatIsEnrolledIsHeld()
    {
        using attestation::Severity;
        for (const auto& [severity, outcome] :
             {std::pair{Severity::Warning, Outcome::Hold}, std::pair{Severity::Hold, Outcome::Hold},
              std::pair{Severity::Fail, Outcome::Fail}}) {
            Line line;
            line.order.profile.sameTpmOtherSerial = severity;
            line.journal.enrollEarlier(anotherDeviceWith(line, "GX-000118"));
            const auto run = line.enroll();
            QCOMPARE(run.outcome, outcome);
            QCOMPARE(run.code, HoldCode::TpmEnrolledElsewhere);
            QVERIFY(run.subject == "GX-000118");
            QVERIFY(!textOf(run, "tpm-enrolled-elsewhere").empty());
            QCOMPARE(line.journal.records().size(), std::size_t{1});
        }
    }

    /// The storage root key is another one: somebody made it anew from a template of his own.
    void anotherEndorsementKeyOfTheChipTellsItByItself()
    {
        const auto other = test::makeEndorsementKey(test::KeyKind::EccP256);
        Line line;
        line.journal.enrollEarlier(test::recordFor("GX-000118", marshalPublic(other.area)));
        QCOMPARE(line.enroll().outcome, Outcome::Pass);
        Line shown;
        shown.journal.enrollEarlier(test::recordFor("GX-000118", marshalPublic(other.area)));
        test::showAnotherKey(shown, other.area);
        const auto run = shown.enroll();
        QCOMPARE(run.outcome, Outcome::Hold);
        QCOMPARE(run.code, HoldCode::TpmEnrolledElsewhere);
        QVERIFY(run.subject == "GX-000118");
        QCOMPARE(shown.journal.records().size(), std::size_t{1});
    }

    /// Nor is it read on the way to the key that is enrolled now: a certified one, for which nobody has to look elsewhere.
    void anEndorsementKeyBesideTheCertifiedOneTellsTheChip()
    {
        const auto first = test::makeEndorsementKey(test::KeyKind::EccP384);
        Line line;
        line.journal.enrollEarlier(test::recordFor("GX-000118", marshalPublic(first.area)));
        line.tpm.holdBesides(marshalPublic(first.area));
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::Hold);
        QCOMPARE(run.code, HoldCode::TpmEnrolledElsewhere);
        QVERIFY(run.subject == "GX-000118");
        QCOMPARE(line.journal.records().size(), std::size_t{1});
    }

    void anotherChipsEndorsementKeyTellsNothing()
    {
        Line line;
        line.journal.enrollEarlier(
            test::recordFor("GX-000118", marshalPublic(test::makeEndorsementKey(test::KeyKind::EccP384).area)));
        line.tpm.holdBesides(marshalPublic(test::makeEndorsementKey(test::KeyKind::EccP384).area));
        QCOMPARE(line.enroll().outcome, Outcome::Pass);
        QCOMPARE(line.journal.records().size(), std::size_t{2});
    }

    /// So does the key that the TPM's certificate is for. That no certificate is for this one holds the device as well, and
    /// hides nothing.
    void theKeyOfTheCertificateTellsTheChip()
    {
        const auto certified = test::makeEndorsementKey(test::KeyKind::Rsa2048);
        Line line;
        line.tpm.setCertificateNv(line.authority.issue(certified.pem));
        line.journal.enrollEarlier(test::recordFor("GX-000118", marshalPublic(certified.area)));
        const auto run = line.enroll();
        QCOMPARE(run.code, HoldCode::TpmEnrolledElsewhere);
        QVERIFY(run.subject == "GX-000118");
        QVERIFY(!textOf(run, "ek-certificate-wrong-key").empty());
    }

    void anotherKeyOfATpmThatIsEnrolledMeanwhileIsMetInTheCommit()
    {
        Line line;
        line.journal.beforeNextCommit([&] { line.journal.enrollEarlier(anotherDeviceWith(line, "GX-000118")); });
        QCOMPARE(line.enroll().code, HoldCode::TpmEnrolledElsewhere);
    }

    /// Nobody kept its storage root key, or it was another one: TPM2_Clear makes a new one.
    void aTpmOfWhichNothingIsKnownIsNew()
    {
        Line line;
        line.journal.enrollEarlier(anotherDeviceAs("GX-000118"));
        AttestationRun other;
        other.outcome = Outcome::Pass;
        other.serialNumber = SerialNumber{"GX-000118"};
        other.storageRootKey = must(attestation::storageRootKeyEvidence(
            marshalPublic(test::makeDeviceKeys(test::KeyKind::Rsa2048, test::KeyKind::EccP256).storageRootKey.area)));
        must(line.journal.commit(other, std::nullopt));
        QCOMPARE(line.enroll().outcome, Outcome::Pass);
    }

    /// An earlier program gave one chip two records: the retest of the second is weighed as the profile says.
    void theRetestOfTheSecondRecordOfOneTpmIsWeighed()
    {
        using attestation::Severity;
        Line line;
        QCOMPARE(line.enroll().outcome, Outcome::Pass);
        for (const auto& [severity, outcome] :
             {std::pair{Severity::Warning, Outcome::Pass}, std::pair{Severity::Hold, Outcome::Hold},
              std::pair{Severity::Fail, Outcome::Fail}}) {
            Line later;
            later.order.profile.sameTpmOtherSerial = severity;
            later.journal.enrollEarlier(anotherDeviceWith(later, "GX-000118"));
            later.journal.enrollEarlier(line.journal.records().front());
            const auto run = later.enroll();
            QCOMPARE(run.outcome, outcome);
            QVERIFY(textOf(run, "tpm-enrolled-elsewhere").find("GX-000118") != std::string::npos);
            QCOMPARE(later.journal.records().size(), std::size_t{2});
            QCOMPARE(later.journal.runs().size(), std::size_t{2});
            QVERIFY(outcome == Outcome::Pass || run.code == HoldCode::TpmEnrolledElsewhere);
            QVERIFY(outcome == Outcome::Pass || run.subject == "GX-000118");
        }
    }

    /// What else differs names this device alone.
    void theOtherRecordOfOneTpmIsNotTakenForItsOwn()
    {
        Line line;
        line.enroll();
        Line later;
        later.order.profile.sameTpmOtherSerial = attestation::Severity::Warning;
        later.order.profile.enrollment.settings.iotEdge = true;
        later.journal.enrollEarlier(anotherDeviceWith(later, "GX-000118"));
        later.journal.enrollEarlier(line.journal.records().front());
        const auto run = later.enroll();
        QCOMPARE(run.code, HoldCode::EnrolledOtherwise);
        QVERIFY(run.subject == "GX-000183");
        QCOMPARE(run.registrationId, line.journal.records().front().registrationId);
    }

    /// Whatever is found only at the commit, the key is persistent by then.
    void anIdThatIsTakenHoldsTheDeviceBeforeItsKeyIsMadePersistent()
    {
        Line line;
        line.order.profile.registrationIdRule = RegistrationIdRule::Serial;
        line.order.profile.policy.persistAfterPass.endorsementKey = attestation::Persistence::PersistIfAbsent;
        auto earlier = anotherDeviceAs("GX-000183");
        earlier.registrationId = RegistrationId{"GX-000183"};
        line.journal.enrollEarlier(earlier);
        line.order.serialNumber = SerialNumber{"gx-000183"};
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::Hold);
        QCOMPARE(run.code, HoldCode::RegistrationIdTaken);
        QVERIFY(run.subject == "GX-000183");
        QVERIFY(textOf(run, "registration-id-taken")
                    .starts_with("The registration id of gx-000183 is already that of GX-000183"));
        QVERIFY(!line.tpm.persisted());
    }

    void anIdThatIsTakenMeanwhileIsMetInTheCommit()
    {
        Line line;
        line.order.profile.registrationIdRule = RegistrationIdRule::Serial;
        line.order.serialNumber = SerialNumber{"gx-000183"};
        line.journal.beforeNextCommit([&] {
            auto other = anotherDeviceAs("GX-000183");
            other.registrationId = RegistrationId{"GX-000183"};
            line.journal.enrollEarlier(other);
        });
        const auto run = line.enroll();
        QCOMPARE(run.code, HoldCode::RegistrationIdTaken);
        QCOMPARE(line.journal.records().size(), std::size_t{1});
    }
};

QTEST_GUILESS_MAIN(tst_enroll_device_known)
#include "tst_enroll_device_known.moc"
