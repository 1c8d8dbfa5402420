#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "tests/core/enrollment/enrollment_line.h"
#include "tests/support/code_text.h"

#include <QTest>

#include <algorithm>

using namespace enroll;
using namespace enroll::enrollment;
using attestation::AttestationStep;
using attestation::StepOutcome;
using enroll::test::Line;
using enroll::test::must;
using enroll::test::TpmCall;

namespace {

/// A line whose orders ask a device its serial number.
struct AskingLine : Line {
    explicit AskingLine(const std::optional<std::string>& said)
    {
        order.profile.serialPattern = must(SerialPattern::compile("GX-[0-9]{6}"));
        order.announcement = Announcement::Required;
        order.profile.policy.persistAfterPass.endorsementKey = attestation::Persistence::PersistIfAbsent;
        tpm.announce(said);
    }
};

QString codeOf(const AttestationRun& run)
{
    return run.code ? test::textOf(run.code->knownOr(StationCode::InternalFault)) : QString{};
}

} // namespace

/// What a device says of itself decides whether its test is that of the serial number it was started for.
class tst_announced_serial : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void deviceThatSaysItsSerialPasses()
    {
        AskingLine line{"GX-000183"};
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::Pass);
        QCOMPARE(line.tpm.count(TpmCall::AskSerial), 2); // at the beginning and before the verdict
        QCOMPARE(line.journal.records().size(), std::size_t{1});
        QVERIFY(line.tpm.persisted());
        QCOMPARE(run.steps.front().step, AttestationStep::Connect);
        QCOMPARE(run.steps.front().detail, std::string{"says GX-000183"});
    }

    void deviceIsAskedByNoOtherRule()
    {
        Line line;
        line.tpm.announce("GX-000999");
        QCOMPARE(line.enroll().outcome, Outcome::Pass);
        QCOMPARE(line.tpm.count(TpmCall::AskSerial), 0);
    }

    void otherSaying_data()
    {
        QTest::addColumn<QString>("said"); // null: nobody answers
        QTest::addColumn<QString>("code");
        QTest::addColumn<QString>("subject");
        const auto row = [](const char* name, const char* said, const char* code, const char* subject) {
            QTest::newRow(name) << QString::fromLatin1(said) << QString::fromLatin1(code)
                                << QString::fromLatin1(subject);
        };
        row("another serial number", "GX-000184", "D-145", "GX-000184");
        row("the same in small letters", "gx-000183", "D-147", "gx-000183");
        row("two in one", "GX-000183GX-000184", "D-147", "GX-000183GX-000184");
        row("none of this product", "RX-000183", "D-147", "RX-000183");
        row("an agent that knows none", "", "D-146", "");
        row("no agent", nullptr, "D-146", "");
    }
    void otherSaying()
    {
        QFETCH(QString, said);
        AskingLine line{said.isNull() ? std::nullopt : std::optional{said.toStdString()}};
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::Hold);
        QTEST(codeOf(run), "code");
        QTEST(QString::fromStdString(run.subject.value_or("absent")), "subject");
        test::verifyStoredWithoutARecord(line, run);
        // Nothing of its TPM was asked that would be the other device's.
        const std::vector expected{TpmCall::Connect, TpmCall::AskSerial, TpmCall::Release};
        QVERIFY(line.tpm.calls() == expected);
        QVERIFY(!run.endorsementKey && !run.tpm);
    }

    void headlineNamesWhatItSays()
    {
        AskingLine line{"GX-000184"};
        const auto run = line.enroll();
        QCOMPARE(run.headline, std::string{"This device says that it is GX-000184."});
        QCOMPARE(run.serialNumber, SerialNumber{"GX-000183"});
        QVERIFY(run.steps.front().detail.find("GX-000184") != std::string::npos);
        QCOMPARE(run.steps.front().outcome, StepOutcome::Failed);
    }

    /// Another device took its place, or its agent another serial number, while it was tested.
    void changedSaying_data()
    {
        QTest::addColumn<QString>("later");
        QTest::newRow("another serial number") << QStringLiteral("GX-000184");
        QTest::newRow("none of this product") << QStringLiteral("x");
        QTest::newRow("empty") << QStringLiteral("");
        QTest::newRow("no agent any more") << QString{};
    }
    void changedSaying()
    {
        QFETCH(QString, later);
        AskingLine line{{}};
        line.tpm.announce("GX-000183", later.isNull() ? std::nullopt : std::optional{later.toStdString()});
        const auto run = line.enroll();
        QCOMPARE(run.outcome, Outcome::Hold);
        QCOMPARE(codeOf(run), QStringLiteral("D-148"));
        test::verifyStoredWithoutARecord(line, run);
        QVERIFY(!line.tpm.persisted()); // of a device that may be another one no key is kept
    }

    void questionThatFailsEndsTheRun()
    {
        for (const int which : {1, 2}) {
            AskingLine line{"GX-000183"};
            line.tpm.failOn(TpmCall::AskSerial, makeError(DeviceCode::TpmTimedOut, "it is silent"), which);
            const auto run = line.enroll();
            QCOMPARE(codeOf(run), QStringLiteral("D-102"));
            test::verifyStoredWithoutARecord(line, run);
        }
    }

    void attestationAloneAsksToo()
    {
        AskingLine line{"GX-000184"};
        const auto run = attestOnly(line.order, line.tpm, line.steps, line.steps.stop());
        QCOMPARE(codeOf(run), QStringLiteral("D-145"));
    }

    void judgementIsPure()
    {
        ProductProfile profile; // no pattern: whatever can be a serial number is one
        const SerialNumber serial{"GX-000183"};
        QVERIFY(requireAnnounced("GX-000183", serial, profile).ok());
        QCOMPARE(test::textOf(requireAnnounced("anything", serial, profile).error().code), QStringLiteral("D-145"));
        QCOMPARE(test::textOf(requireAnnounced("\xC3\xA4", serial, profile).error().code), QStringLiteral("D-147"));
    }
};

QTEST_GUILESS_MAIN(tst_announced_serial)
#include "tst_announced_serial.moc"
