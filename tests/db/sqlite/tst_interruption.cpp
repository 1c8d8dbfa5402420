#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "db/sqlite/interruption.h"

#include <QElapsedTimer>
#include <QtTest>

#include <thread>

using namespace enroll;
using namespace enroll::db::sqlite;

namespace {

constexpr FaultCodes kCodes{StationCode::JournalCannotSave, StationCode::JournalBusy, StationCode::JournalAltered};

/// One step that would take minutes.
constexpr const char* kLong = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000)"
                              " SELECT count(*) FROM n";
constexpr int kAtOnce = 2000; // ms; a loaded machine schedules late

Result<bool> firstRow(Connection& database, const char* sql)
{
    TRY_ASSIGN(auto row, database.query(sql));
    return row.next();
}

} // namespace

class TstInterruption : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aStopEndsTheStatementThatRuns()
    {
        const auto database = Connection::openInMemory(kCodes).value();
        std::stop_source stop;
        const auto interruption = Interruption::arm(*database, stop.get_token()).value();
        QElapsedTimer asked;
        asked.start();
        const std::jthread other{[&] { stop.request_stop(); }};
        QCOMPARE(firstRow(*database, kLong).error().code, DeviceCode::Cancelled);
        QVERIFY(asked.elapsed() < kAtOnce);
    }

    void aStopBetweenTwoStatementsEndsTheSecond()
    {
        const auto database = Connection::openInMemory(kCodes).value();
        std::stop_source stop;
        const auto interruption = Interruption::arm(*database, stop.get_token()).value();
        stop.request_stop();
        QCOMPARE(firstRow(*database, kLong).error().code, DeviceCode::Cancelled);
    }

    void theConnectionServesOnAfterwards()
    {
        const auto database = Connection::openInMemory(kCodes).value();
        std::stop_source stop;
        {
            const auto interruption = Interruption::arm(*database, stop.get_token()).value();
            stop.request_stop();
        }
        QVERIFY(firstRow(*database, "SELECT 1").value());
    }
};

QTEST_GUILESS_MAIN(TstInterruption)
#include "tst_interruption.moc"
