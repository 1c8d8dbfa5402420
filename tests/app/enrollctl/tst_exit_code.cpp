#include "app/enrollctl/exit_code.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"

#include <QTest>

#include <vector>

using namespace enroll;
using namespace enroll::app::enrollctl;

class TestExitCode : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void eachOutcomeHasItsOwnCode_data();
    void eachOutcomeHasItsOwnCode();
    void aRunsCodeMaySayMoreThanItsOutcome();
    void eachErrorEndsAsDocumented_data();
    void eachErrorEndsAsDocumented();
    void noErrorEndsWithZero();
    void deviceErrorsFollowTheirVerdict();
};

void TestExitCode::eachOutcomeHasItsOwnCode_data()
{
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<int>("code");
    QTest::newRow("pass") << Outcome::Pass << 0;
    QTest::newRow("fail") << Outcome::Fail << 10;
    QTest::newRow("hold") << Outcome::Hold << 11;
    QTest::newRow("station fault") << Outcome::StationFault << 12;
    QTest::newRow("aborted") << Outcome::Aborted << 130;
}

void TestExitCode::eachOutcomeHasItsOwnCode()
{
    QFETCH(Outcome, outcome);
    QFETCH(int, code);
    QCOMPARE(static_cast<int>(exitCodeOf(outcome)), code);
}

void TestExitCode::aRunsCodeMaySayMoreThanItsOutcome()
{
    const auto codeOf = [](Outcome outcome, std::optional<ErrorCode> code) {
        enrollment::AttestationRun run;
        run.outcome = outcome;
        if (code) {
            run.code = *code;
        }
        return exitCodeOf(run);
    };
    QVERIFY(codeOf(Outcome::Pass, {}) == ExitCode::Done);
    QVERIFY(codeOf(Outcome::Fail, DeviceCode::AttestationWrong) == ExitCode::Fail);
    QVERIFY(codeOf(Outcome::Aborted, DeviceCode::Cancelled) == ExitCode::Interrupted);
    QVERIFY(codeOf(Outcome::Aborted, DeviceCode::DeviceRemoved) == ExitCode::StationFault);
    QVERIFY(codeOf(Outcome::StationFault, StationCode::JournalAltered) == ExitCode::IntegrityLost);
    QVERIFY(codeOf(Outcome::StationFault, StationCode::JournalCannotSave) == ExitCode::StationFault);
}

void TestExitCode::eachErrorEndsAsDocumented_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("code");
    struct Row {
        const char* text;
        int code;
    };
    const std::vector<Row> rows{
        {"B-601", 2},  {"B-615", 2},   {"S-330", 2},  {"S-331", 2},  {"S-332", 2},  {"S-333", 2},  {"S-334", 2},
        {"S-335", 2},  {"S-336", 2},   {"S-337", 2},  {"S-338", 2},  {"S-339", 2},  {"D-101", 10}, {"D-126", 10},
        {"D-120", 11}, {"D-122", 11},  {"H-201", 11}, {"H-202", 11}, {"H-203", 11}, {"H-204", 11}, {"H-205", 11},
        {"D-140", 12}, {"D-141", 130}, {"S-301", 12}, {"S-302", 12}, {"S-321", 12}, {"S-399", 12}, {"S-303", 14},
        {"S-304", 2},  {"U-400", 13},  {"U-404", 13}, {"U-409", 13}, {"U-410", 13}, {"U-411", 13}, {"U-412", 13},
        {"U-413", 13}, {"U-414", 13},  {"U-415", 13}, {"U-495", 12}, {"U-500", 12}, {"U-502", 12}, {"U-503", 12},
        {"U-504", 12}, {"U-401", 12},  {"U-416", 13}, {"U-417", 12}, {"U-429", 12}, {"U-430", 12}};
    for (const auto& [text, code] : rows) {
        QTest::newRow(text) << QString::fromLatin1(text) << code;
    }
}

void TestExitCode::eachErrorEndsAsDocumented()
{
    QFETCH(QString, text);
    QFETCH(int, code);
    const auto error = errorCodeFromText(text.toStdString());
    QVERIFY(error.has_value());
    QCOMPARE(static_cast<int>(exitCodeOf(*error)), code);
}

void TestExitCode::noErrorEndsWithZero()
{
    for (const auto& row : allCodes()) {
        QVERIFY2(exitCodeOf(row.code) != ExitCode::Done, row.text.data());
    }
}

void TestExitCode::deviceErrorsFollowTheirVerdict()
{
    for (const auto& row : allCodes()) {
        // A device that was taken out has no verdict, and nobody interrupted the program.
        if ((row.text.front() == 'D' || row.text.front() == 'H') && row.code != DeviceCode::DeviceRemoved) {
            QVERIFY2(row.verdict && exitCodeOf(row.code) == exitCodeOf(*row.verdict), row.text.data());
        }
    }
}

QTEST_GUILESS_MAIN(TestExitCode)
#include "tst_exit_code.moc"
