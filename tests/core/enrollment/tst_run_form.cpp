#include "core/base/station_code.h"
#include "core/enrollment/run_form.h"

#include <QTest>

using namespace enroll;
using namespace enroll::enrollment;

class TestRunForm : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aReportWithoutAVerdictIsNoPass()
    {
        AttestationRun run;

        fillFrom(run, attestation::AttestationReport{}, {});

        QCOMPARE(run.outcome, Outcome::StationFault);
        QCOMPARE(knownIn(run.code), std::optional<ErrorCode>{StationCode::InternalFault});
    }

    void aReportThatPassedIsAPass()
    {
        AttestationRun run;
        attestation::AttestationReport report;
        report.verdict = {Outcome::Pass, {}};

        fillFrom(run, std::move(report), {});

        QCOMPARE(run.outcome, Outcome::Pass);
        QVERIFY(!run.code);
    }
};

QTEST_GUILESS_MAIN(TestRunForm)
#include "tst_run_form.moc"
