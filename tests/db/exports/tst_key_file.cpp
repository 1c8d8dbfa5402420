#include "core/attestation/public_area.h"
#include "core/base/cancellation.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/crypto/base64.h"
#include "core/enrollment/registration_id.h"
#include "db/documents/enrollment_record_document.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/documents/json_text.h"
#include "db/documents/run_document.h"
#include "db/dps/enrollment_of_record.h"
#include "db/exports/export.h"
#include "db/exports/key_file.h"
#include "tests/support/journal_fixture.h"

#include <QBuffer>
#include <QTest>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::enrollment;
using namespace enroll::db;
using namespace enroll::db::exports;

namespace {

struct Fault {
    std::size_t line;
    std::string what;
};

struct Reading {
    std::vector<KeyOfFile> keys;
    std::vector<Fault> faults;

    [[nodiscard]] std::vector<std::size_t> faultyLines() const
    {
        std::vector<std::size_t> lines;
        std::ranges::transform(faults, std::back_inserter(lines), &Fault::line);
        return lines;
    }
};

using Lines = std::vector<std::size_t>;

Reading read(QByteArray text)
{
    Reading reading;
    QBuffer buffer{&text};
    buffer.open(QIODevice::ReadOnly);
    require(forEachKey(
        buffer,
        [&](KeyOfFile key) -> Result<void> {
            reading.keys.push_back(std::move(key));
            return {};
        },
        [&](std::size_t line, const Error& error) -> Result<void> {
            if (error.code != StationCode::DocumentMalformed) {
                qFatal("another code: %s", describeForLog(error).c_str());
            }
            reading.faults.push_back({line, error.what});
            return {};
        }));
    return reading;
}

QByteArray base64Of(int number)
{
    return QByteArray::fromStdString(crypto::toBase64(DeviceFigure{number}.endorsementKey()));
}

crypto::PublicKey keyOf(int number)
{
    return attestation::statedKeyOf(attestation::parsePublic(DeviceFigure{number}.endorsementKey()).value()).value();
}

EnrollmentRecord record(int number)
{
    const DeviceFigure figure{number};
    return figure.recordOf(figure.passingRun());
}

QByteArray recordLine(int number)
{
    return documents::canonicalBytes(record(number));
}

QByteArray exportOf(const JournalFixture& journal,
                    Result<ExportReport> (*write)(const std::filesystem::path&, const ExportFilter&, QIODevice&))
{
    QBuffer buffer;
    buffer.open(QIODevice::WriteOnly);
    require(write(journal.directory(), {}, buffer));
    return buffer.data();
}

bool contains(const std::string& text, std::string_view part)
{
    return text.find(part) != std::string::npos;
}

} // namespace

class TestKeyFile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void readsAListOfPublicAreas();
    void readsRecords();
    void readsWhatJsonLinesExports();
    void readsWhatBulkExports_data();
    void readsWhatBulkExports();
    void readsOneEnrollmentALine();
    void readsAKeyThatIsWeak();
    void namesEachBrokenLineAndGoesOn();
    void namesTheBrokenEnrollmentOfABulkLine();
    void passesOverALineThatIsTooLong();
    void takesTheLastLineWithoutALineFeed();
    void aFileOfAnotherKindIsRefused_data();
    void aFileOfAnotherKindIsRefused();
    void oddLinesInFrontOfAKeyAreFaults();
    void aLineOfTheFormThatHoldsNoKeyShowsTheKindAsWell_data();
    void aLineOfTheFormThatHoldsNoKeyShowsTheKindAsWell();
    void endsWithTheVisitorsError();
    void namesAFileThatIsNotThere();
};

void TestKeyFile::readsAListOfPublicAreas()
{
    const auto reading = read(base64Of(1) + "\r\n\n  " + base64Of(2) + "\n");
    QCOMPARE(reading.faultyLines(), Lines{});
    QCOMPARE(reading.keys.size(), std::size_t{2});
    QVERIFY(reading.keys[0].key == keyOf(1));
    QCOMPARE(reading.keys[1].registrationId.text(), DeviceFigure{2}.registrationId().text());
    QVERIFY(reading.keys[1].serialNumber.empty());
}

void TestKeyFile::readsRecords()
{
    const auto reading = read(recordLine(1) + "\n" + recordLine(2) + "\n");
    QCOMPARE(reading.faultyLines(), Lines{});
    QCOMPARE(reading.keys.size(), std::size_t{2});
    QCOMPARE(reading.keys[1].serialNumber.text(), DeviceFigure{2}.serial().text());
    QVERIFY(reading.keys[1].key == keyOf(2));
}

void TestKeyFile::readsWhatJsonLinesExports()
{
    const JournalFixture journal;
    journal.pass(1);
    journal.end(2, Outcome::Hold, DeviceCode::EkCertificateUntrusted);
    const auto reading = read(exportOf(journal, exportJsonLines));
    QCOMPARE(reading.faultyLines(), Lines{});
    QCOMPARE(reading.keys.size(), std::size_t{2});
    QCOMPARE(reading.keys[0].serialNumber.text(), DeviceFigure{1}.serial().text());
    QVERIFY(reading.keys[1].key == keyOf(2));
}

void TestKeyFile::readsWhatBulkExports_data()
{
    QTest::addColumn<int>("devices");
    for (const int devices : {0, 1, 10, 23}) {
        QTest::addRow("%d", devices) << devices;
    }
}

void TestKeyFile::readsWhatBulkExports()
{
    QFETCH(int, devices);
    const JournalFixture journal;
    const auto made = journal.open();
    for (int number = 1; number <= devices; ++number) {
        journal.pass(number);
    }
    const auto reading = read(exportOf(journal, exportDpsBulk));
    QCOMPARE(reading.faultyLines(), Lines{});
    QCOMPARE(reading.keys.size(), static_cast<std::size_t>(devices));
    for (int number = 1; number <= devices; ++number) {
        const auto& key = reading.keys[static_cast<std::size_t>(number - 1)];
        QCOMPARE(key.registrationId.text(), DeviceFigure{number}.registrationId().text());
        QVERIFY(key.key == keyOf(number));
    }
}

void TestKeyFile::readsOneEnrollmentALine()
{
    const auto line = documents::canonicalJson(documents::toJson(dps::enrollmentOfRecord(record(3))));
    const auto reading = read(line + "\n");
    QCOMPARE(reading.faultyLines(), Lines{});
    QCOMPARE(reading.keys.size(), std::size_t{1});
    QVERIFY(reading.keys[0].key == keyOf(3));
}

void TestKeyFile::readsAKeyThatIsWeak()
{
    auto area = attestation::parsePublic(DeviceFigure{1}.endorsementKey()).value();
    std::get<attestation::RsaParameters>(area.parameters).exponent = 3;
    const auto reading = read(QByteArray::fromStdString(crypto::toBase64(attestation::marshalPublic(area))));
    QCOMPARE(reading.faultyLines(), Lines{});
    QCOMPARE(std::get<crypto::RsaPublicKey>(reading.keys.at(0).key).exponent, 3U);
}

void TestKeyFile::namesEachBrokenLineAndGoesOn()
{
    auto cut = recordLine(4);
    cut.chop(5);
    auto changed = recordLine(5);
    changed.replace("endorsementKeySha256\":\"", "endorsementKeySha256\":\"00");
    const auto reading = read(base64Of(1) + "\n" + "not base64!\n" + cut + "\n" + changed + "\n" + "{}\n" + "AAAA\n" +
                              recordLine(2) + "\n");
    QCOMPARE(reading.keys.size(), std::size_t{2});
    QCOMPARE(reading.faultyLines(), (Lines{2, 3, 4, 5, 6}));
    QVERIFY2(contains(reading.faults[0].what, "base64"), reading.faults[0].what.c_str());
    QVERIFY2(contains(reading.faults[2].what, "endorsementKeySha256"), reading.faults[2].what.c_str());
}

void TestKeyFile::namesTheBrokenEnrollmentOfABulkLine()
{
    provisioning::BulkEnrollmentOperation operation;
    for (int number = 1; number <= 3; ++number) {
        operation.enrollments.push_back(dps::enrollmentOfRecord(record(number)));
    }
    operation.enrollments[1].attestation.endorsementKey.pop_back();
    const auto reading = read("[\n" + documents::canonicalJson(documents::toJson(operation)) + "\n]\n");
    QCOMPARE(reading.keys.size(), std::size_t{2});
    QCOMPARE(reading.faultyLines(), Lines{2});
    QVERIFY2(contains(reading.faults[0].what, "enrollments[1].attestation.tpm.endorsementKey"),
             reading.faults[0].what.c_str());
}

void TestKeyFile::passesOverALineThatIsTooLong()
{
    for (const auto excess : {qint64{1}, kMostOfALine, 2 * kMostOfALine + 7}) {
        const auto reading =
            read(base64Of(1) + "\n" + QByteArray{kMostOfALine + excess, 'A'} + "\n" + base64Of(2) + "\n");
        QCOMPARE(reading.keys.size(), std::size_t{2});
        QCOMPARE(reading.faultyLines(), Lines{2});
    }
}

void TestKeyFile::takesTheLastLineWithoutALineFeed()
{
    QCOMPARE(read(base64Of(1)).keys.size(), std::size_t{1});
    QCOMPARE(read(QByteArray{}).keys.size(), std::size_t{0});
}

void TestKeyFile::aFileOfAnotherKindIsRefused_data()
{
    QTest::addColumn<QByteArray>("text");
    const JournalFixture journal;
    const auto opened = journal.open();
    const DeviceFigure figure{1};
    const auto run = figure.passingRun();
    require(opened->commit(run, figure.recordOf(run)));
    QTest::newRow("csv of an export") << exportOf(journal, exportCsv);
    QTest::newRow("configuration") << QByteArray{"schema = 1\n[station]\nid = \"T\"\n"};
    QTest::newRow("certificate") << QByteArray{"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"};
    QTest::newRow("JSON of another program") << QByteArray{"{\"name\":\"x\"}\n{\"schema\":\"other/1\"}\n"};
    QTest::newRow("JSON over several lines") << QByteArray{"{\n  \"a\": 1\n}\n"};
    QTest::newRow("bytes") << QByteArray{"\x7f"
                                         "ELF\x02\x01\0\n\xFF",
                                         9};
    auto damaged = recordLine(1);
    damaged.replace("\"endorsementKeySha256\":", "\"endorsementKeySha256\"ddd:");
    QTest::newRow("one record, damaged so that it is no JSON") << damaged;
    QTest::newRow("one line without an end") << QByteArray{kMostOfALine + 1, '?'};
    QTest::newRow("more lines than are waited for")
        << QByteArray{"?\n"}.repeated(static_cast<qsizetype>(kMostOdd)) + base64Of(1) + "\n";
}

void TestKeyFile::aFileOfAnotherKindIsRefused()
{
    QFETCH(QByteArray, text);
    QBuffer buffer{&text};
    buffer.open(QIODevice::ReadOnly);
    int visits = 0;
    const auto result = forEachKey(
        buffer, [&](const KeyOfFile&) -> Result<void> { return ++visits, Result<void>{}; },
        [&](auto, const auto&) -> Result<void> { return ++visits, Result<void>{}; });
    QVERIFY(!result.ok());
    QCOMPARE(result.error().code, ErrorCode{StationCode::DocumentMalformed});
    QCOMPARE(visits, 0);
    for (const auto* part : {"jsonl", "dps-bulk", "base64", "line "}) {
        QVERIFY2(contains(result.error().what, part), result.error().what.c_str());
    }
}

void TestKeyFile::oddLinesInFrontOfAKeyAreFaults()
{
    const auto reading = read("# keys of line 3\n?\n" + base64Of(1) + "\n?\n");
    QCOMPARE(reading.keys.size(), std::size_t{1});
    QCOMPARE(reading.faultyLines(), (Lines{1, 2, 4}));
}

/// An export of a bad day: each TPM was silent, so no run read a key, and one line is damaged.
void TestKeyFile::aLineOfTheFormThatHoldsNoKeyShowsTheKindAsWell_data()
{
    QTest::addColumn<QByteArray>("line");
    auto run = DeviceFigure{1}.runEndedAs(Outcome::Fail, DeviceCode::NoTpmAnswers);
    run.endorsementKey.reset();
    run.registrationId.reset();
    QTest::newRow("run that read no key") << documents::canonicalBytes(run);
    QTest::newRow("bulk operation of nothing")
        << documents::canonicalJson(documents::toJson(provisioning::BulkEnrollmentOperation{}));
}

void TestKeyFile::aLineOfTheFormThatHoldsNoKeyShowsTheKindAsWell()
{
    QFETCH(QByteArray, line);
    const auto reading = read("?\n" + line + "\n" + line.chopped(5) + "\n");
    QCOMPARE(reading.keys.size(), std::size_t{0});
    QCOMPARE(reading.faultyLines(), (Lines{1, 3}));
    // Nor is it another kind of file behind as many odd lines as are waited for at its beginning.
    const auto odd = static_cast<qsizetype>(kMostOdd);
    QCOMPARE(read(line + "\n" + QByteArray{"?\n"}.repeated(odd)).faults.size(), kMostOdd);
}

void TestKeyFile::endsWithTheVisitorsError()
{
    QByteArray text{base64Of(1) + "\n?\n"};
    const auto good = [](const KeyOfFile&) { return Result<void>{}; };
    const auto stopping = [] { return Result<void>{stopAsked()}; };
    QBuffer buffer{&text};
    buffer.open(QIODevice::ReadOnly);
    const auto first = forEachKey(
        buffer, [&](const KeyOfFile&) { return stopping(); }, [](auto, const auto&) { return Result<void>{}; });
    QCOMPARE(first.error().code, DeviceCode::Cancelled);
    buffer.seek(0);
    const auto second = forEachKey(buffer, good, [&](auto, const auto&) { return stopping(); });
    QCOMPARE(second.error().code, DeviceCode::Cancelled);
}

void TestKeyFile::namesAFileThatIsNotThere()
{
    const auto result = forEachKeyOfFile(
        "/nowhere/keys.jsonl", [](const KeyOfFile&) { return Result<void>{}; },
        [](auto, const auto&) { return Result<void>{}; });
    QCOMPARE(result.error().code, StationCode::FileUnusable);
    QVERIFY(contains(result.error().what, "/nowhere/keys.jsonl"));
}

QTEST_APPLESS_MAIN(TestKeyFile)
#include "tst_key_file.moc"
