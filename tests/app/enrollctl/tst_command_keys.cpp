#include "app/enrollctl/program.h"
#include "core/attestation/public_area.h"
#include "core/crypto/base64.h"
#include "core/crypto/digest.h"
#include "core/enrollment/registration_id.h"
#include "db/documents/json_text.h"
#include "db/documents/run_document.h"
#include "tests/support/journal_fixture.h"
#include "tests/support/weak_moduli.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>

#include <sstream>

using namespace enroll;
using namespace enroll::app::enrollctl;
using namespace enroll::enrollment;
using namespace enroll::test;

namespace {

/// An endorsement key after the TCG's template with another modulus.
Bytes publicAreaOf(const crypto::RsaPublicKey& key)
{
    auto area = require(attestation::parsePublic(DeviceFigure{1}.endorsementKey()));
    area.unique = key.modulus;
    return attestation::marshalPublic(area);
}

Bytes keyFrom(const crypto::BignumPtr& p, const crypto::BignumPtr& q)
{
    return publicAreaOf(keyOf(productOf(p.get(), q.get()).get()));
}

QByteArray lineOf(const Bytes& publicArea)
{
    return QByteArray::fromStdString(crypto::toBase64(publicArea)).append('\n');
}

/// A passing run of the device with its record, which has this key.
std::pair<AttestationRun, EnrollmentRecord> passed(int device, const Bytes& publicArea)
{
    const DeviceFigure figure{device};
    auto run = figure.passingRun();
    auto record = figure.recordOf(run);
    record.endorsementKey = publicArea;
    record.endorsementKeyDigest = require(crypto::sha256({publicArea}));
    record.registrationId = require(registrationIdFromEk(publicArea));
    run.registrationId = record.registrationId;
    run.endorsementKey->publicArea = publicArea;
    run.endorsementKey->sha256 = record.endorsementKeyDigest;
    run.record->registrationId = record.registrationId;
    return {std::move(run), std::move(record)};
}

void commit(const JournalFixture& journal, int device, const Bytes& publicArea)
{
    const auto [run, record] = passed(device, publicArea);
    require(journal.open()->commit(run, record));
}

/// The line of the run in an export as jsonl.
QByteArray runLineOf(int device, const Bytes& publicArea)
{
    return db::documents::canonicalJson(db::documents::toJson(passed(device, publicArea).first)) + '\n';
}

struct Run {
    int exitCode;
    QByteArray output;
    QString errors;

    [[nodiscard]] QJsonObject document() const { return QJsonDocument::fromJson(output).object(); }
    [[nodiscard]] QJsonArray findings() const { return document().value(u"findings").toArray(); }
    [[nodiscard]] int count(QStringView group, QStringView member) const
    {
        return document().value(group).toObject().value(member).toInt(-1);
    }
};

Run run(const QStringList& arguments, const std::stop_token& stop = {})
{
    std::vector<std::string> words{"keys", "audit"};
    for (const auto& argument : arguments) {
        words.push_back(argument.toStdString());
    }
    std::ostringstream out;
    std::ostringstream err;
    Output output{out, err};
    const auto code = runProgram(words, output, Colour::Plain, stop);
    return {static_cast<int>(code), QByteArray::fromStdString(out.str()), QString::fromStdString(err.str())};
}

} // namespace

class TestCommandKeys : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();

    void findsNothingInGoodKeysOfAFile();
    void findsTheDevicesThatShareAPrime();
    void findsOneKeyInTheExportsOfTwoStations();
    void showsATableToPeople();
    void namesABrokenLineAndGoesOn();
    void aWeakKeyCountsForMoreThanABrokenLine();
    void keepsTheFirstReasonsAndCountsTheOthers();
    void refusesAFileOfAnotherKind();
    void looksThroughTheJournal();
    void namesTheRecordsOfANewerProgram();
    void anEmptyJournalHasNoWeakKey();
    void aMissingJournalIsRefused();
    void anAlteredJournalIsNotAudited();
    void endsWhenAsked();
    void refusesTwoSources();

private:
    [[nodiscard]] Run auditFile(const QByteArray& content, const QStringList& more = {QStringLiteral("--json")}) const;
    [[nodiscard]] static Run auditJournal(const JournalFixture& journal);

    Bytes m_good;
    Bytes m_other;
    Bytes m_shared[2];
    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestCommandKeys::initTestCase()
{
    m_good = keyFrom(freshPrime(1024), freshPrime(1024));
    m_other = keyFrom(freshPrime(1024), freshPrime(1024));
    const auto prime = freshPrime(1024);
    m_shared[0] = keyFrom(prime, freshPrime(1024));
    m_shared[1] = keyFrom(freshPrime(1024), prime);
}

void TestCommandKeys::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    QFile configuration{m_directory->filePath(QStringLiteral("station.toml"))};
    QVERIFY(configuration.open(QIODevice::WriteOnly));
    configuration.write("schema = 1\n[station]\nid = \"T\"\n");
    qputenv("ENROLL_CONFIG", configuration.fileName().toUtf8());
    qputenv("ENROLL_PROFILES", ENROLL_SOURCE_DIR "/resources/profiles");
}

Run TestCommandKeys::auditFile(const QByteArray& content, const QStringList& more) const
{
    QFile file{m_directory->filePath(QStringLiteral("keys.txt"))};
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size()) {
        qFatal("the file of keys cannot be written");
    }
    file.close();
    return run(QStringList{QStringLiteral("--file"), file.fileName()} + more);
}

Run TestCommandKeys::auditJournal(const JournalFixture& journal)
{
    return run({QStringLiteral("--json"), QStringLiteral("--journal"), QStringLiteral("--data"),
                QString::fromStdString(journal.directory().string())});
}

void TestCommandKeys::findsNothingInGoodKeysOfAFile()
{
    const auto result = auditFile(lineOf(m_good) + lineOf(m_other));
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(result.document().value(u"schema").toString(), QStringLiteral("enrollment-station/keys-audit/1"));
    QVERIFY(result.document().value(u"source").toString().endsWith(QStringLiteral("/keys.txt")));
    QCOMPARE(result.document().value(u"entries").toInt(), 2);
    QCOMPARE(result.count(u"keys", u"rsa"), 2);
    QCOMPARE(result.count(u"keys", u"weak"), 0);
    QCOMPARE(result.count(u"weaknesses", u"roca"), 0);
    QVERIFY(result.findings().isEmpty());
}

void TestCommandKeys::findsTheDevicesThatShareAPrime()
{
    const auto result = auditFile(lineOf(m_shared[0]) + lineOf(m_good) + lineOf(m_shared[1]));
    QCOMPARE(result.exitCode, 10);
    QCOMPARE(result.count(u"keys", u"weak"), 2);
    QCOMPARE(result.count(u"weaknesses", u"shared-factor"), 1);
    QCOMPARE(result.findings().size(), 1);
    const auto finding = result.findings().at(0).toObject();
    QCOMPARE(finding.value(u"weakness").toString(), QStringLiteral("shared-factor"));
    const auto devices = finding.value(u"devices").toArray();
    QCOMPARE(devices.size(), 2);
    const auto id = devices.at(0).toObject().value(u"registrationId").toString().toStdString();
    QVERIFY(id == require(registrationIdFromEk(m_shared[0])).text() ||
            id == require(registrationIdFromEk(m_shared[1])).text());
    QVERIFY(devices.at(0).toObject().value(u"serialNumber").isNull());
}

void TestCommandKeys::findsOneKeyInTheExportsOfTwoStations()
{
    const auto again = runLineOf(1, m_good) + runLineOf(1, m_good); // tested twice
    const auto good = auditFile(again + runLineOf(2, m_other));
    QVERIFY2(good.exitCode == 0, qPrintable(good.errors));

    const auto result = auditFile(again + runLineOf(2, m_other) + runLineOf(3, m_good));
    QCOMPARE(result.exitCode, 10);
    QCOMPARE(result.count(u"keys", u"weak"), 1);
    QCOMPARE(result.count(u"weaknesses", u"repeated-key"), 1);
    const auto devices = result.findings().at(0).toObject().value(u"devices").toArray();
    QCOMPARE(devices.size(), 2);
    for (const auto number : {1, 3}) {
        const auto& device = devices.at(number == 1 ? 0 : 1);
        QCOMPARE(device.toObject().value(u"serialNumber").toString().toStdString(),
                 DeviceFigure{number}.serial().text());
    }
}

void TestCommandKeys::showsATableToPeople()
{
    const auto result = auditFile(lineOf(m_shared[0]) + lineOf(m_shared[1]) + lineOf(m_good), {});
    QCOMPARE(result.exitCode, 10);
    QCOMPARE(result.output.count("shared-factor"), 2);
    QVERIFY2(result.output.contains(require(registrationIdFromEk(m_shared[1])).text().c_str()),
             result.output.constData());
    QVERIFY2(result.output.contains("3 different keys looked at (3 RSA, 0 ECC) in 3 entries"),
             result.output.constData());
    QVERIFY2(result.output.endsWith("2 weak keys\n"), result.output.constData());
    QVERIFY2(result.errors.contains(QStringLiteral("3 of 3 keys looked at")), qPrintable(result.errors));
}

void TestCommandKeys::namesABrokenLineAndGoesOn()
{
    const auto result = auditFile(lineOf(m_good) + "{\"schema\":\n" + lineOf(m_other));
    QCOMPARE(result.exitCode, 13);
    QCOMPARE(result.count(u"keys", u"rsa"), 2);
    QCOMPARE(result.count(u"skipped", u"count"), 1);
    const auto first = result.document().value(u"skipped").toObject().value(u"first").toArray().at(0).toObject();
    QCOMPARE(first.value(u"line").toInt(), 2);
    QVERIFY2(result.errors.contains(QStringLiteral("S-334")), qPrintable(result.errors));
    QVERIFY2(result.errors.contains(QStringLiteral("line 2: ")), qPrintable(result.errors));
}

void TestCommandKeys::aWeakKeyCountsForMoreThanABrokenLine()
{
    const auto result = auditFile("?\n" + lineOf(m_shared[0]) + lineOf(m_shared[1]));
    QCOMPARE(result.exitCode, 10);
    QCOMPARE(result.count(u"skipped", u"count"), 1);
}

void TestCommandKeys::keepsTheFirstReasonsAndCountsTheOthers()
{
    const auto result = auditFile(lineOf(m_good) + QByteArray{"?\n"}.repeated(500));
    QCOMPARE(result.exitCode, 13);
    QCOMPARE(result.count(u"skipped", u"count"), 500);
    QCOMPARE(result.document().value(u"skipped").toObject().value(u"first").toArray().size(), 20);
    QCOMPARE(result.errors.count(QStringLiteral("S-334")), 20);
}

void TestCommandKeys::refusesAFileOfAnotherKind()
{
    const auto result = auditFile("run,serial,outcome\n018f,GX-1,pass\n");
    QCOMPARE(result.exitCode, 2);
    QCOMPARE(result.document().value(u"code").toString(), QStringLiteral("S-334"));
    const auto detail = result.document().value(u"detail").toString();
    QVERIFY2(detail.contains(QStringLiteral("/keys.txt: it is no file of keys: ")), qPrintable(detail));
    QVERIFY2(detail.contains(QStringLiteral("jsonl or dps-bulk")), qPrintable(detail));
    QCOMPARE(result.errors.count(QStringLiteral("S-334")), 1);
}

void TestCommandKeys::looksThroughTheJournal()
{
    const JournalFixture journal;
    commit(journal, 1, m_good);
    commit(journal, 2, m_other);
    const auto good = auditJournal(journal);
    QVERIFY2(good.exitCode == 0, qPrintable(good.errors));
    QCOMPARE(good.count(u"keys", u"rsa"), 2);

    commit(journal, 3, m_shared[0]);
    commit(journal, 4, m_shared[1]);
    const auto weak = auditJournal(journal);
    QCOMPARE(weak.exitCode, 10);
    const auto devices = weak.findings().at(0).toObject().value(u"devices").toArray();
    QStringList serials;
    for (const auto& device : devices) {
        serials.append(device.toObject().value(u"serialNumber").toString());
    }
    serials.sort();
    QCOMPARE(serials, (QStringList{QString::fromStdString(DeviceFigure{3}.serial().text()),
                                   QString::fromStdString(DeviceFigure{4}.serial().text())}));
}

void TestCommandKeys::namesTheRecordsOfANewerProgram()
{
    const JournalFixture journal;
    commit(journal, 1, m_good);
    commit(journal, 2, m_other);
    const auto newer = journal.ask("SELECT body FROM chain_entry WHERE seq = 3").toByteArray();
    commitOtherwise(journal.directory(), 3, QByteArray{newer}.replace("enrollment-record/1", "enrollment-record/2"));

    const auto result = auditJournal(journal);
    QVERIFY2(result.exitCode == 13, qPrintable(result.errors));
    QCOMPARE(result.document().value(u"entries").toInt(), 1);
    QCOMPARE(result.count(u"skipped", u"count"), 1);
    const auto versions = result.document().value(u"skipped").toObject().value(u"notUnderstood").toArray();
    QCOMPARE(
        versions,
        (QJsonArray{QJsonObject{{QStringLiteral("schema"), QStringLiteral("enrollment-station/enrollment-record/2")},
                                {QStringLiteral("entries"), 1}}}));
    QVERIFY2(result.errors.contains(QStringLiteral("is not understood: ")), qPrintable(result.errors));
    const auto shown = run({QStringLiteral("--data"), QString::fromStdString(journal.directory().string())});
    QVERIFY2(shown.output.contains("1 of them not understood (enrollment-station/enrollment-record/2)"),
             shown.output.constData());
}

void TestCommandKeys::anEmptyJournalHasNoWeakKey()
{
    const JournalFixture journal;
    const auto made = journal.open();
    const auto result = auditJournal(journal);
    QVERIFY2(result.exitCode == 0, qPrintable(result.errors));
    QCOMPARE(result.document().value(u"entries").toInt(-1), 0);
}

void TestCommandKeys::aMissingJournalIsRefused()
{
    const JournalFixture journal;
    const auto result = auditJournal(journal);
    QCOMPARE(result.exitCode, 2);
    QCOMPARE(result.document().value(u"code").toString(), QStringLiteral("S-339"));
}

void TestCommandKeys::anAlteredJournalIsNotAudited()
{
    const JournalFixture journal;
    commit(journal, 1, m_good);
    commit(journal, 2, m_other);
    QCOMPARE(journal.tamper("DELETE FROM enrollment_record WHERE seq = (SELECT max(seq) FROM enrollment_record)"), 1);
    const auto result = auditJournal(journal);
    QCOMPARE(result.exitCode, 14);
    QCOMPARE(result.document().value(u"code").toString(), QStringLiteral("S-303"));
    QVERIFY(result.findings().isEmpty());
}

void TestCommandKeys::endsWhenAsked()
{
    std::stop_source source;
    source.request_stop();
    const auto file = m_directory->filePath(QStringLiteral("keys.txt"));
    QCOMPARE(auditFile(lineOf(m_good)).exitCode, 0);
    const auto result = run({QStringLiteral("--json"), QStringLiteral("--file"), file}, source.get_token());
    QCOMPARE(result.exitCode, 130);
    QCOMPARE(result.document().value(u"code").toString(), QStringLiteral("D-141"));
}

void TestCommandKeys::refusesTwoSources()
{
    const auto result =
        run({QStringLiteral("--json"), QStringLiteral("--journal"), QStringLiteral("--file"), QStringLiteral("keys")});
    QCOMPARE(result.exitCode, 2);
    QCOMPARE(result.document().value(u"code").toString(), QStringLiteral("S-331"));
}

QTEST_GUILESS_MAIN(TestCommandKeys)
#include "tst_command_keys.moc"
