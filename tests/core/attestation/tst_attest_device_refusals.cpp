#include "core/base/device_code.h"
#include "tests/core/attestation/attestation_bench.h"

#include <QTest>

// attestDevice() on a TPM that lies: other keys, other bytes, other words than those that it holds.

using namespace enroll;
using namespace enroll::attestation;
using test::Bench;
using test::keys;
using test::outcomeOf;
using test::TpmCall;

class tst_attest_device_refusals : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void refusesTpmThatHoldsAnotherEndorsementKey()
    {
        Bench bench;
        bench.tpm.presentEndorsementKey(marshalPublic(test::makeEndorsementKey(test::KeyKind::Rsa2048).area));
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, DeviceCode::ActivationRefused}));
        QCOMPARE(bench.tpm.count(TpmCall::Sign), 0);
        QCOMPARE(bench.tpm.loaded(), 0);
    }

    void refusesTpmThatHoldsAnotherStorageRootKey()
    {
        Bench bench;
        bench.tpm.presentStorageRootKey(marshalPublic(test::makeStorageRootKey(test::KeyKind::EccP256).area));
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, DeviceCode::ActivationRefused}));
    }

    void refusesWrongSignature()
    {
        Bench bench;
        bench.tpm.flipSignatureBit();
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, DeviceCode::AttestationWrong}));
        QVERIFY(!report.facts.possessionProven);
        QCOMPARE(outcomeOf(report, AttestationStep::TestAttestation), StepOutcome::Failed);
    }

    /// The certificate is for SLB9670 with firmware 7.85. Nobody on the line can state that in a chip's place.
    void holdsADowngradedTpmAndOneWhoseWordsWereAltered()
    {
        const TpmIdentity older{"IFX", 0x49465800, "SLB9670", "7.83.3358.0", 138, false};
        Bench downgraded;
        downgraded.tpm.setIdentity(older);
        const auto held = downgraded.attest();
        QCOMPARE(held.verdict, (Verdict{Outcome::Hold, DeviceCode::EkCertificateOtherChip}));
        QVERIFY(test::hasFinding(held, "ek-certificate-firmware"));
        QVERIFY(!test::hasFinding(held, "ek-certificate-model"));

        Bench altered;
        altered.tpm.sayUnderProtection([&older](ProtectedReading& again) { again.identity = older; });
        QCOMPARE(altered.attest().verdict, (Verdict{Outcome::Fail, DeviceCode::AnswersChanged}));
    }

    void refusesATpmThatSaysSomethingElseUnderProtection_data()
    {
        QTest::addColumn<int>("part");
        QTest::addColumn<QString>("named");
        QTest::newRow("maker") << 0 << "maker";
        QTest::newRow("firmware") << 1 << "firmware";
        QTest::newRow("endorsement key") << 2 << "endorsement key";
        QTest::newRow("storage root key") << 3 << "storage root key";
        QTest::newRow("certificate") << 4 << "EK certificate";
        QTest::newRow("no certificate") << 5 << "EK certificate";
        QTest::newRow("password") << 6 << "passwords";
        QTest::newRow("model") << 7 << "model";
    }
    void refusesATpmThatSaysSomethingElseUnderProtection()
    {
        QFETCH(int, part);
        QFETCH(QString, named);
        Bench bench;
        bench.policy.persistAfterPass = {Persistence::PersistIfAbsent, Persistence::PersistIfAbsent};
        bench.tpm.sayUnderProtection([part](ProtectedReading& again) {
            const auto turnOver = [](Bytes& bytes) { bytes.back() ^= std::byte{0x01}; };
            switch (part) {
            case 0:
                again.identity.manufacturerId ^= 1U;
                break;
            case 1:
                again.identity.firmware += "1";
                break;
            case 2:
                turnOver(again.endorsementKey);
                break;
            case 3:
                turnOver(again.storageRootKey);
                break;
            case 4:
                turnOver(*again.certificateNv);
                break;
            case 6:
                again.state.ownerPassword = true;
                break;
            case 7:
                again.identity.vendorString = "SLB9672";
                break;
            default:
                again.certificateNv.reset();
                break;
            }
        });
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, DeviceCode::AnswersChanged}));
        QVERIFY2(report.error->what.find(named.toStdString()) != std::string::npos, report.error->what.c_str());
        QCOMPARE(outcomeOf(report, AttestationStep::TestAttestation), StepOutcome::Failed);
        QVERIFY(!bench.tpm.persisted());
        QCOMPARE(bench.tpm.loaded(), 0);
    }

    void refusesEndorsementKeyThatIsNoKey()
    {
        Bench bench;
        bench.tpm.presentEndorsementKey(Bytes(40));
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Fail, DeviceCode::EndorsementKeyUnusable}));
    }

    void refusesAnEndorsementKeyThatIsNotFixedToItsTpm()
    {
        auto area = keys().endorsementKey.area;
        area.attributes &= ~object_attribute::kFixedTpm;
        Bench bench;
        bench.tpm.presentEndorsementKey(marshalPublic(area));
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, DeviceCode::EndorsementKeyUnusable}));
        QVERIFY(report.facts.endorsementKey.has_value()); // the evidence of what was refused is kept
    }

    void failsDeviceWithAWeakKey()
    {
        auto endorsementKey = keys().endorsementKey.area;
        std::ranges::fill(std::get<Bytes>(endorsementKey.unique), std::byte{0xFF}); // 2^2048 - 1: a multiple of 3
        Bench bench;
        bench.tpm.presentEndorsementKey(marshalPublic(endorsementKey));
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, DeviceCode::WeakKey}));
        QVERIFY(report.facts.endorsementKey.has_value()); // the evidence of what was refused is kept

        auto storageRootKey = keys().storageRootKey.area;
        storageRootKey.unique = endorsementKey.unique;
        Bench other;
        other.tpm.presentStorageRootKey(marshalPublic(storageRootKey));
        QCOMPARE(other.attest().verdict, (Verdict{Outcome::Fail, DeviceCode::WeakKey}));
    }
};

QTEST_GUILESS_MAIN(tst_attest_device_refusals)
#include "tst_attest_device_refusals.moc"
