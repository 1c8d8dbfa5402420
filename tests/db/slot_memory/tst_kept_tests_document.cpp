#include "core/base/station_code.h"
#include "db/slot_memory/kept_tests_document.h"
#include "tests/support/must.h"

#include <QFile>
#include <QTest>

#include <cstring>

using namespace enroll;
using namespace enroll::db::slot_memory;
using enrollment::ProductProfile;
using enrollment::RunId;
using enrollment::SerialNumber;
using enrollment::SlotNumber;
using station::KeptTest;
using station::KeptTests;

namespace {

constexpr UtcTime kStart{std::chrono::milliseconds{1'764'000'000'123}};

KeptTests samples()
{
    return {{SlotNumber{1}, KeptTest{SerialNumber{"GX-000183"}, kStart, std::nullopt, "tcp://127.0.0.1:9"}},
            {SlotNumber{7}, KeptTest{std::nullopt, kStart, std::nullopt, "dev:///dev/tpmrm1"}},
            {SlotNumber{16}, KeptTest{SerialNumber{"No 7 \"x\""}, kStart, RunId{"01938f6e-7c1a-7000-8000-0123456789ab"},
                                      "dev:///dev/tpmrm0", "cd34"}}};
}

/// The serial numbers of samples() are of another one.
ProductProfile profile()
{
    ProductProfile product;
    product.stamp.sha256 = "ab12";
    product.serialPattern = test::must(enrollment::SerialPattern::compile("^GX-[0-9]{6}$"));
    return product;
}

Result<KeptTests> read(const QByteArray& text)
{
    return keptTestsFromText(asBytes(text.toStdString()), profile());
}

/// \p sample of the text replaced, once.
QByteArray with(const char* sample, const char* other)
{
    auto text = keptTestsText(samples());
    const auto at = text.indexOf(sample);
    return at < 0 ? QByteArray{} : text.replace(at, static_cast<qsizetype>(qstrlen(sample)), other);
}

} // namespace

class KeptTestsDocumentTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void isReadAsItWasWritten()
    {
        for (const auto& tests : {KeptTests{}, samples()}) {
            QVERIFY(read(keptTestsText(tests)).value() == tests);
        }
    }

    void versionOneStaysReadable()
    {
        for (const auto* name : {"waiting", "under-test", "result", "of-profile", "lost"}) {
            QFile file(QStringLiteral(ENROLL_TEST_DATA "/documents/v1/slots-") + QLatin1String(name) +
                       QStringLiteral(".json"));
            QVERIFY(file.open(QIODevice::ReadOnly));
            const auto text = file.readAll();
            const auto tests = read(text);
            QVERIFY(tests.ok());
            const auto& test = tests->at({1});
            const bool lost = std::strcmp(name, "lost") == 0;
            QVERIFY(lost ? !test.serial : test.serial == SerialNumber{"GX-000183"});
            QCOMPARE(test.runId.has_value(), !lost && std::strcmp(name, "waiting") != 0);
            QCOMPARE(test.profile.empty(), std::strcmp(name, "of-profile") != 0);
            QVERIFY(keptTestsText(*tests) == text);
        }
    }

    void whatANewerProgramWroteBesideItIsPassedOver()
    {
        const auto newer = with("slots/1", "slots/2").replace("\"slot\": 1,", "\"slot\": 1, \"lamp\": \"blue\",");
        QVERIFY(newer.contains("lamp"));
        QVERIFY(read(newer).value() == samples());
    }

    /// Another profile, or this one before it was changed, may have let it in.
    void aSerialNumberThatThisProfileLetInFitsItsPattern()
    {
        QVERIFY(read(with("cd34", "ef56")).ok());
        const auto refused = read(with("cd34", "ab12"));
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, StationCode::DocumentMalformed);
        auto own = samples();
        own.at({1}).profile = "ab12";
        QVERIFY(read(keptTestsText(own)).value() == own);
    }

    void anAbsentRunIdIsNone()
    {
        const auto tests = read(R"({"schema":"enrollment-station/slots/1","slots":[
            {"slot":1,"serialNumber":"A","startedAt":"2026-11-28T09:00:00.000Z","device":"x"}]})");
        QVERIFY(tests.ok());
        QVERIFY(!tests->at({1}).runId);
    }

    void refusesWhatItCannotRead_data()
    {
        QTest::addColumn<QByteArray>("text");
        const auto good = keptTestsText(samples());
        QTest::newRow("empty") << QByteArray{};
        QTest::newRow("a list") << QByteArray{"[]"};
        QTest::newRow("behind it more") << QByteArray(good + "{}");
        QTest::newRow("another kind") << with("station/slots", "station/tiles");
        QTest::newRow("no version") << with("slots/1", "slots/");
        QTest::newRow("no list") << with("\"slots\": [", "\"slats\": [");
        QTest::newRow("slot zero") << with("\"slot\": 1,", "\"slot\": 0,");
        QTest::newRow("slot below zero") << with("\"slot\": 1,", "\"slot\": -1,");
        QTest::newRow("half a slot") << with("\"slot\": 1,", "\"slot\": 1.5,");
        QTest::newRow("a slot that no int holds") << with("\"slot\": 1,", "\"slot\": 4294967297,");
        QTest::newRow("a slot twice") << with("\"slot\": 16", "\"slot\": 1");
        QTest::newRow("a run without a serial number") << with("\"No 7 \\\"x\\\"\"", "null");
        QTest::newRow("a serial number that is a number") << with("\"GX-000183\"", "183");
        QTest::newRow("a serial number that is too long") << with("GX-000183", QByteArray(65, 'x').constData());
        QTest::newRow("a serial number that is not printable") << with("GX-000183", "GX-\\u001b[2J");
        QTest::newRow("a serial number that is not ASCII") << with("GX-000183", "Gerät 7");
        QTest::newRow("a serial number with a space at its end") << with("GX-000183", "GX-000183 ");
        QTest::newRow("a profile that is empty") << with("\"cd34\"", "\"\"");
        QTest::newRow("an empty serial number") << with("GX-000183", "");
        QTest::newRow("no device") << with("\"device\"", "\"divice\"");
        QTest::newRow("an empty device") << with("tcp://127.0.0.1:9", "");
        QTest::newRow("no time") << with("startedAt", "startedOn");
        QTest::newRow("a time of another form") << with("2025-", "25-");
        QTest::newRow("an empty run id") << with("\"runId\": null", "\"runId\": \"\"");
        QTest::newRow("a run id that is a number") << with("\"runId\": null", "\"runId\": 7");
    }

    void refusesWhatItCannotRead()
    {
        QFETCH(const QByteArray, text);
        const auto refused = read(text);
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code, StationCode::DocumentMalformed);
    }

    void aTextCutAnywhereIsRefused()
    {
        const auto good = keptTestsText(samples()).trimmed();
        for (qsizetype length = 0; length < good.size(); ++length) {
            QVERIFY2(!read(good.left(length)).ok(), qPrintable(QString::number(length)));
        }
        QVERIFY(read(good).ok());
    }
};

QTEST_APPLESS_MAIN(KeptTestsDocumentTest)
#include "tst_kept_tests_document.moc"
