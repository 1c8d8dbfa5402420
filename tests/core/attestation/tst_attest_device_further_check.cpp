#include "core/base/device_code.h"
#include "core/base/hold_code.h"
#include "core/base/station_code.h"
#include "tests/core/attestation/attestation_bench.h"
#include "tests/support/must.h"

#include <QTest>

// attestDevice() for a caller that compares the device with earlier ones: when it is asked, by what facts, and what becomes
// of its answer.

using namespace enroll;
using namespace enroll::attestation;
using test::Bench;
using test::must;
using test::outcomeOf;
using test::TpmCall;

namespace {

/// Finds nothing, and keeps what it was asked by.
FurtherCheck keeping(std::optional<AttestationFacts>& facts)
{
    return [&facts](const AttestationFacts& asked) -> Result<std::vector<Finding>> {
        facts = asked;
        return std::vector<Finding>{};
    };
}

crypto::PublicKey keyOf(const test::DeviceKey& key)
{
    return must(publicKeyOf(key.area));
}

} // namespace

class tst_attest_device_further_check : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void furtherCheckDecidesWithinCheckPolicy()
    {
        Bench bench;
        bench.furtherCheck = [&bench](const AttestationFacts& facts) -> Result<std::vector<Finding>> {
            const bool within = bench.steps.begun.back() == AttestationStep::CheckPolicy && facts.possessionProven;
            return std::vector{
                Finding{"test", within ? Severity::Hold : Severity::Info, "text", HoldCode::EkEnrolledElsewhere}};
        };
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Hold, HoldCode::EkEnrolledElsewhere}));
    }

    void furtherCheckThatFailsEndsTheRun()
    {
        Bench bench;
        bench.furtherCheck = [](const AttestationFacts&) -> Result<std::vector<Finding>> {
            return makeError(StationCode::JournalBusy, "locked");
        };
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::StationFault, StationCode::JournalBusy}));
        QCOMPARE(outcomeOf(report, AttestationStep::CheckPolicy), StepOutcome::Failed);
    }

    /// Those that were read on the way to the presented key, those beside them, and none twice.
    void knowsTheChipsOtherKeys()
    {
        const auto onTheWay = test::makeEndorsementKey(test::KeyKind::EccP256);
        const auto beside = test::makeEndorsementKey(test::KeyKind::EccP384);
        Bench bench;
        bench.tpm.changeReading(
            [bytes = marshalPublic(onTheWay.area)](EndorsementKeyReading& reading) { reading.otherKeys = {bytes}; });
        for (const auto& area : {beside.area, onTheWay.area, test::keys().endorsementKey.area}) {
            bench.tpm.holdBesides(marshalPublic(area));
        }
        std::optional<AttestationFacts> facts;
        bench.furtherCheck = keeping(facts);
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Pass, {}}));
        QVERIFY(facts.has_value());
        QVERIFY((facts->otherKeys == std::vector{keyOf(onTheWay), keyOf(beside)}));
    }

    void aChipWithOneKeyHasNoOther()
    {
        Bench bench;
        std::optional<AttestationFacts> facts;
        bench.furtherCheck = keeping(facts);
        QCOMPARE(bench.attest().verdict, (Verdict{Outcome::Pass, {}}));
        QVERIFY(facts && facts->otherKeys.empty());
    }

    /// It costs commands, and makes room where the key is that signs.
    void otherKeysAreReadLastAndOnlyForIt()
    {
        Bench silent;
        static_cast<void>(silent.attest());
        QCOMPARE(silent.tpm.count(TpmCall::ReadOtherKeys), 0);

        Bench bench;
        std::optional<AttestationFacts> facts;
        bench.furtherCheck = keeping(facts);
        static_cast<void>(bench.attest());
        auto wanted = silent.tpm.calls();
        wanted.insert(wanted.end() - 1, TpmCall::ReadOtherKeys); // before the release
        QCOMPARE(bench.tpm.calls(), wanted);
    }

    /// No verdict without a comparison.
    void otherKeysThatCannotBeReadEndTheRun()
    {
        Bench bench;
        std::optional<AttestationFacts> facts;
        bench.furtherCheck = keeping(facts);
        bench.tpm.failOn(TpmCall::ReadOtherKeys, makeError(DeviceCode::AnswersChanged, "it is free now"));
        const auto report = bench.attest();
        QCOMPARE(report.verdict, (Verdict{Outcome::Fail, DeviceCode::AnswersChanged}));
        QCOMPARE(outcomeOf(report, AttestationStep::TestAttestation), StepOutcome::Failed);
        QCOMPARE(outcomeOf(report, AttestationStep::CheckPolicy), StepOutcome::Skipped);
        QVERIFY(!facts);
        QCOMPARE(bench.tpm.loaded(), 0);
    }
};

QTEST_GUILESS_MAIN(tst_attest_device_further_check)
#include "tst_attest_device_further_check.moc"
