#include "core/base/station_code.h"
#include "db/duty/duty_document.h"

#include <QFile>
#include <QTest>

using namespace enroll;
using namespace enroll::db::duty;
using station::Duty;
using station::KeptOrder;

namespace {

const Duty kDuty{KeptOrder{enrollment::BatchId{"WO-4711"}, UtcTime{std::chrono::milliseconds{1'764'000'000'123}}},
                 station::Shift{UtcTime{std::chrono::milliseconds{1'764'000'000'456}}, true},
                 {{enrollment::OperatorId{"ana"}, 2, false}, {enrollment::OperatorId{"ben"}, 6, true}}};

Result<FiledDuty> read(const QByteArray& text)
{
    return dutyFromText(asBytes(text.toStdString()));
}

/// \p sample of the text replaced, once.
QByteArray with(const char* sample, const char* other)
{
    auto text = dutyText({kDuty});
    const auto at = text.indexOf(sample);
    return at < 0 ? QByteArray{} : text.replace(at, static_cast<qsizetype>(qstrlen(sample)), other);
}

} // namespace

class DutyDocumentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isReadAsItWasWritten()
    {
        for (const auto& duty : {Duty{}, kDuty, Duty{kDuty.order}, Duty{{}, {kDuty.shift.startedAt, false}},
                                 Duty{{}, {}, kDuty.tries}, Duty{{}, {}, {}, true}}) {
            QVERIFY(read(dutyText({duty})).value() == FiledDuty{duty});
        }
    }

    void versionOneStaysReadable()
    {
        QFile file(QStringLiteral(ENROLL_TEST_DATA "/documents/v1/duty-order.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto text = file.readAll();
        const auto duty = read(text);
        QVERIFY(duty.ok() && duty->duty.order);
        QCOMPARE(duty->duty.order->batch.text(), std::string{"WO-4711"});
        QVERIFY(dutyText(*duty) == text);
    }

    void aShiftStaysReadable()
    {
        QFile file(QStringLiteral(ENROLL_TEST_DATA "/documents/v1/duty-shift.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto text = file.readAll();
        const auto duty = read(text);
        QVERIFY(duty.ok() && duty->duty.shift.startedAt && !duty->duty.shift.over && !duty->duty.order);
        QVERIFY(dutyText(*duty) == text);
    }

    void wrongPinsStayReadable()
    {
        QFile file(QStringLiteral(ENROLL_TEST_DATA "/documents/v1/duty-tries.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto text = file.readAll();
        const auto duty = read(text);
        QVERIFY(duty.ok() && !duty->duty.order && duty->duty.tries == kDuty.tries);
        QVERIFY(dutyText(*duty) == text);
    }

    void aLockStaysReadable()
    {
        QFile file(QStringLiteral(ENROLL_TEST_DATA "/documents/v1/duty-locked.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto text = file.readAll();
        const auto duty = read(text);
        QVERIFY(duty.ok() && duty->duty.locked && duty->duty.shift.startedAt);
        QVERIFY(dutyText(*duty) == text);
    }

    void lostActsStayReadable()
    {
        QFile file(QStringLiteral(ENROLL_TEST_DATA "/documents/v1/duty-unsaved-acts.json"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto text = file.readAll();
        const auto duty = read(text);
        QVERIFY(duty.ok() && *duty == (FiledDuty{{}, 3}));
        QVERIFY(dutyText(*duty) == text);
        QVERIFY(read(dutyText({kDuty, 1})).value() == (FiledDuty{kDuty, 1}));
        QVERIFY(!dutyText({kDuty}).contains("unsavedActs")); // there are none
    }

    void whatANewerProgramWroteBesideItIsPassedOver()
    {
        const auto newer = with("duty/1", "duty/2").replace("\"batch\"", "\"lamp\": \"blue\", \"batch\"");
        QVERIFY(newer.contains("lamp"));
        QVERIFY(read(newer).value() == FiledDuty{kDuty});
    }

    void refusesWhatItCannotRead_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto good = dutyText({kDuty});
        QTest::newRow("empty") << QByteArray{};
        QTest::newRow("a list") << QByteArray{"[]"};
        QTest::newRow("behind it more") << QByteArray(good + "{}");
        QTest::newRow("another kind") << with("station/duty", "station/slots");
        QTest::newRow("no version") << with("duty/1", "duty/");
        QTest::newRow("an order that is a text")
            << QByteArray{R"({"schema":"enrollment-station/duty/1","order":"WO"})"};
        QTest::newRow("no batch") << with("\"batch\"", "\"badge\"");
        QTest::newRow("an empty batch") << with("WO-4711", "");
        QTest::newRow("a batch longer than any code") << with("WO-4711", std::string(65, 'W').c_str());
        QTest::newRow("no time") << with("\"takenAt\"", "\"tokenAt\"");
        QTest::newRow("a shift that began never") << with("\"startedAt\"", "\"sturtedAt\"");
        QTest::newRow("a shift without an end or none") << with("\"over\"", "\"uver\"");
        QTest::newRow("tries of nobody") << with("\"ana\"", "\"\"");
        QTest::newRow("a person longer than any") << with("ana", std::string(65, 'a').c_str());
        QTest::newRow("a person twice") << with("\"ben\"", "\"ana\"");
        QTest::newRow("no try") << with("\"wrongPins\": 2", "\"wrongPins\": 0");
        QTest::newRow("half a try") << with("\"wrongPins\": 2", "\"wrongPins\": 2.5");
        QTest::newRow("a wait that is a number") << with("\"waits\": false", "\"waits\": 0");
        QTest::newRow("tries that are an object") << QByteArray{R"({"schema":"enrollment-station/duty/1","tries":{}})"};
        QTest::newRow("a lock that is a word") << QByteArray{R"({"schema":"enrollment-station/duty/1","locked":"no"})"};
        for (const auto* count : {"0", "-1", "1.5", "\"3\"", "true"}) {
            QTest::addRow("%s unsaved acts", count)
                << QByteArray{R"({"schema":"enrollment-station/duty/1","unsavedActs":)"}.append(count).append('}');
        }
        QTest::newRow("a time that is none") << with("2025-", "2025/");
    }
    void refusesWhatItCannotRead()
    {
        QFETCH(const QByteArray, text);
        const auto duty = read(text);
        QVERIFY(!duty.ok());
        QVERIFY(duty.error().code == StationCode::DocumentMalformed);
    }
};

QTEST_APPLESS_MAIN(DutyDocumentTest)
#include "tst_duty_document.moc"
