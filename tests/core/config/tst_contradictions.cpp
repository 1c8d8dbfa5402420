#include "core/base/station_code.h"
#include "core/config/profile_file.h"
#include "core/config/station_config.h"

#include <QTest>

// Every pair of keys that speak of the same thing, and every key that does nothing beside another: what is refused, and
// what is taken because each key keeps a meaning of its own.

using namespace enroll;
using namespace enroll::config;

namespace {

constexpr auto kTaken = "taken";

const std::string kHead = "schema = 1\nname = \"Gateway-X\"\nversion = \"7\"\n";

/// The place and the key that \p read refuses: "x:5: certificate.on_missing".
template <class T>
QString answerOf(const Result<T>& read)
{
    if (read.ok()) {
        return QString::fromLatin1(kTaken);
    }
    const auto what = QString::fromStdString(read.error().what);
    return read.error().code == StationCode::ConfigurationInvalid ? what.section(QLatin1Char(' '), 0, 1) : what;
}

void add(const char* lines, const char* answer)
{
    QTest::newRow(lines) << QString::fromUtf8(lines) << QString::fromUtf8(answer);
}

void addCertificateRows()
{
    // require and on_missing
    for (const auto* rule : {"accept", "warning"}) {
        add(qPrintable(
                QStringLiteral("[certificate]\nrequire = \"trusted\"\non_missing = \"%1\"\n").arg(QLatin1String(rule))),
            "x:6: certificate.on_missing");
        add(qPrintable(
                QStringLiteral("[certificate]\nrequire = \"present\"\non_missing = \"%1\"\n").arg(QLatin1String(rule))),
            kTaken);
        add(qPrintable(
                QStringLiteral("[certificate]\nrequire = \"none\"\non_missing = \"%1\"\n").arg(QLatin1String(rule))),
            kTaken);
    }
    for (const auto* rule : {"hold", "fail"}) {
        add(qPrintable(
                QStringLiteral("[certificate]\nrequire = \"trusted\"\non_missing = \"%1\"\n").arg(QLatin1String(rule))),
            kTaken);
        add(qPrintable(
                QStringLiteral("[certificate]\non_missing = \"%1\"\nrequire = \"none\"\n").arg(QLatin1String(rule))),
            "x:5: certificate.on_missing");
        add(qPrintable(
                QStringLiteral("[certificate]\nrequire = \"none\"\n[findings]\nek-certificate-missing = \"%1\"\n")
                    .arg(QLatin1String(rule))),
            "x:7: findings.ek-certificate-missing");
    }
    add("[certificate]\nrequire = \"none\"\n[findings]\nek-certificate-missing = \"warning\"\n", kTaken);
    add("[certificate]\nrequire = \"none\"\n[findings]\nek-certificate-expired = \"fail\"\n", kTaken);
    add("[certificate]\nrequire = \"none\"\non_expired = \"fail\"\n",
        kTaken); // a device's certificate must not be expired
    // require and anchors
    add("[certificate]\nrequire = \"trusted\"\nanchors = []\n", "x:6: certificate.anchors");
    add("[certificate]\nrequire = \"present\"\nanchors = []\n", kTaken);
    add("[certificate]\nanchors = [\"demo\"]\n", "x:5: certificate.anchors");
    add("[certificate]\nanchors = [\"demo\"]\n[tpm]\nallow_software = true\n", kTaken);
    // A key of [certificate] and a finding: one severity of each side, and every other one.
    constexpr std::array kRules{"accept", "warning", "hold", "fail"};
    constexpr std::array kWords{"info", "warning", "hold", "fail"};
    for (const auto* thing : {"missing", "expired"}) {
        for (std::size_t rule = 0; rule < kRules.size(); ++rule) {
            for (std::size_t word = 0; word < kWords.size(); ++word) {
                add(qPrintable(
                        QStringLiteral("[certificate]\nrequire = \"present\"\non_%1 = \"%2\"\n[findings]\n"
                                       "ek-certificate-%1 = \"%3\"\n")
                            .arg(QLatin1String(thing), QLatin1String(kRules.at(rule)), QLatin1String(kWords.at(word)))),
                    rule == word
                        ? kTaken
                        : qPrintable(QStringLiteral("x:8: findings.ek-certificate-%1").arg(QLatin1String(thing))));
            }
        }
    }
}

void addFindingRows()
{
    // A finding that lets pass what another key refuses.
    add("[findings]\nsoftware-tpm = \"warning\"\n", "x:5: findings.software-tpm");
    add("[tpm]\nallow_software = true\n[findings]\nsoftware-tpm = \"info\"\n", kTaken);
    add("[tpm]\nallow_software = true\n[findings]\nsoftware-tpm = \"hold\"\n", kTaken); // "demo" stays allowed
    add("[tpm]\nallow_manufacturers = [\"IFX\"]\n[findings]\nmanufacturer-not-allowed = \"warning\"\n",
        "x:7: findings.manufacturer-not-allowed");
    add("[tpm]\nallow_manufacturers = [\"IFX\"]\n[findings]\nek-certificate-no-maker = \"warning\"\n",
        "x:7: findings.ek-certificate-no-maker");
    add("[tpm]\nminimum_firmware = { IFX = \"7\" }\n[findings]\ntpm-firmware-old = \"info\"\n",
        "x:7: findings.tpm-firmware-old");
    add("[findings]\nek-certificate-unknown-issuer = \"warning\"\n", "x:5: findings.ek-certificate-unknown-issuer");
    for (const auto* id : {"tpm-foreign-object", "tpm-foreign-index", "tpm-password-set"}) {
        add(qPrintable(QStringLiteral("[ship_state]\n[findings]\n%1 = \"info\"\n").arg(QLatin1String(id))),
            qPrintable(QStringLiteral("x:6: findings.%1").arg(QLatin1String(id))));
        add(qPrintable(QStringLiteral("[ship_state]\n[findings]\n%1 = \"warning\"\n").arg(QLatin1String(id))), kTaken);
    }
    // A finding that nothing looks for.
    for (const auto* id : {"manufacturer-not-allowed", "tpm-firmware-old", "tpm-foreign-object", "tpm-foreign-index"}) {
        for (const auto* word : {"warning", "hold", "fail"}) {
            add(qPrintable(QStringLiteral("[findings]\n%1 = \"%2\"\n").arg(QLatin1String(id), QLatin1String(word))),
                qPrintable(QStringLiteral("x:5: findings.%1").arg(QLatin1String(id))));
        }
        add(qPrintable(QStringLiteral("[findings]\n%1 = \"info\"\n").arg(QLatin1String(id))), kTaken);
    }
    add("[ship_state]\ncheck = false\n[findings]\ntpm-foreign-object = \"hold\"\n", "x:7: findings.tpm-foreign-object");
    add("[tpm]\nallow_manufacturers = []\n[findings]\nmanufacturer-not-allowed = \"fail\"\n",
        "x:7: findings.manufacturer-not-allowed");
    // Those of a comparison with the journal.
    add("[findings]\nek-enrolled-elsewhere = \"hold\"\n", "x:5: findings.ek-enrolled-elsewhere");
    add("[findings]\nserial-has-other-ek = \"hold\"\n", "x:5: findings.serial-has-other-ek");
    add("[findings]\nregistration-id-taken = \"hold\"\n", "x:5: findings.registration-id-taken");
    add("[findings]\ntpm-enrolled-elsewhere = \"hold\"\n", "x:5: findings.tpm-enrolled-elsewhere");
    add("[findings]\nenrolled-otherwise = \"hold\"\n", "x:5: findings.enrolled-otherwise");
}

void addOtherRows()
{
    add("[tpm]\nallow_manufacturers = [\"IFX\"]\nminimum_firmware = { STM = \"1.2\" }\n",
        "x:6: tpm.minimum_firmware.STM");
    add("[tpm]\nminimum_firmware = { STM = \"1.2\" }\n", kTaken);
    add("[ship_state]\ncheck = false\nowner_indices = [\"0x01800001\"]\n", kTaken); // a switch that says what it does
    add("[transport]\ntimeout_s = { default = 600, create_primary = 600, run = 1 }\n",
        "x:5: transport.timeout_s.default");
    add("[transport]\ntimeout_s = { default = 121 }\n", "x:5: transport.timeout_s.default");
    add("[transport]\ntimeout_s = { run = 5 }\n", kTaken);
    add("[transport]\ntimeout_s = { default = 5, create_primary = 600, run = 5 }\n", kTaken); // it adds to the run's
    add("[transport]\nallow = []\n", "x:5: transport.allow");
    add("[enrollment]\nallocation = \"static\"\n", "x:5: enrollment.allocation");
    add("[enrollment]\nallocation = \"static\"\nhubs = [\"a.test\", \"b.test\"]\n", "x:5: enrollment.allocation");
    add("[enrollment]\nhubs = []\n", "x:5: enrollment.hubs");
    add("[enrollment]\nallocation = \"hashed\"\nhubs = [\"a.test\"]\n", kTaken);
}

} // namespace

class tst_contradictions : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void aProfileSaysOneThing_data()
    {
        QTest::addColumn<QString>("lines");
        QTest::addColumn<QString>("answer");
        addCertificateRows();
        addFindingRows();
        addOtherRows();
    }
    void aProfileSaysOneThing()
    {
        QFETCH(const QString, lines);
        QFETCH(const QString, answer);
        const auto read = parseProfile(kHead + lines.toStdString(), "x");
        QVERIFY2(answerOf(read) == answer, read.ok() ? kTaken : read.error().what.c_str());
    }

    /// What is written in one of two places holds in both, so that whoever reads either is told the truth.
    void aFindingAndItsKeyAreOneSetting()
    {
        using attestation::OnFinding;
        using attestation::Severity;
        const auto byFinding = parseProfile(kHead + "[findings]\nek-certificate-missing = \"fail\"\n"
                                                    "ek-certificate-expired = \"hold\"\n",
                                            "x");
        QVERIFY(byFinding.ok());
        QCOMPARE(byFinding->policy.onMissingCertificate, OnFinding::Fail);
        QCOMPARE(byFinding->policy.onExpiredCertificate, OnFinding::Hold);
        const auto byKey = parseProfile(kHead + "[certificate]\nrequire = \"none\"\non_missing = \"warning\"\n"
                                                "on_expired = \"fail\"\n",
                                        "x");
        QVERIFY(byKey.ok());
        QCOMPARE(attestation::severityOf(byKey->policy, "ek-certificate-missing"), Severity::Warning);
        QCOMPARE(attestation::severityOf(byKey->policy, "ek-certificate-expired"), Severity::Fail);
        const auto bySilence = parseProfile(kHead + "[certificate]\nrequire = \"none\"\n", "x");
        QCOMPARE(bySilence->policy.onMissingCertificate, OnFinding::Accept);
        QCOMPARE(parseProfile(kHead + "[transport]\ntimeout_s = { run = 5 }\n", "x")->commandTimeout,
                 std::chrono::seconds{5});
    }

    void aStationSaysOneThing_data()
    {
        QTest::addColumn<QString>("lines");
        QTest::addColumn<QString>("answer");
        add("[station]\nrequire_operator = true\n", "x:3: station.require_operator");
        add("[station]\nrequire_batch = true\n", "x:3: station.require_batch");
        add("[station]\nrequire_batch = true\n[scanner]\npatterns = { batch = \"^W\" }\n", kTaken);
        add("[sounds]\nfail = true\nvolume = 0\n", kTaken); // a switch that says what it does
        add("[scanner]\nprefix = \"~~~~\"\nsuffix = \"none\"\nmin_length = 4\n", "x:5: scanner.min_length");
        add("[scanner]\nprefix = \"~~~~\"\nsuffix = \"none\"\nmin_length = 5\n", kTaken);
        add("[scanner]\nprefix = \"~~~~~~~~\"\nsuffix = \"none\"\n", kTaken); // no length was asked for
        add("[scanner]\nmin_length = 4\n", kTaken); // kept for the day on which the scanner ends by silence
        add("[[slot]]\nnumber = 1\ndevice = \"tcp://a:1\"\n[[slot]]\nnumber = 1\ndevice = \"tcp://a:2\"\n",
            "x:6: slot.number");
        add("[[slot]]\nnumber = 1\ndevice = \"tcp://a:1\"\n[[slot]]\nnumber = 2\ndevice = \"tcp://a:1\"\n",
            "x:7: slot.device");
        add("[[slot]]\nnumber = 1\ndevice = \"serial:///dev/ttyACM0?baud=9600\"\n"
            "[[slot]]\nnumber = 2\ndevice = \"serial:///dev/ttyACM0\"\n",
            "x:7: slot.device");
        add("[[slot]]\nnumber = 1\ndevice = \"serial:///dev/ttyACM0\"\n"
            "[[slot]]\nnumber = 2\ndevice = \"serial:///dev/ttyACM1\"\n",
            kTaken);
        add("[agent]\nkey_file = \"k\"\nknown_hosts_file = \"h\"\n[[slot]]\nnumber = 1\ndevice = \"ssh://gw-7\"\n"
            "[[slot]]\nnumber = 2\ndevice = \"ssh://tss@gw-7:22\"\n",
            "x:10: slot.device");
        add("[agent]\nkey_file = \"k\"\nknown_hosts_file = \"h\"\n[[slot]]\nnumber = 1\ndevice = \"ssh://gw-7\"\n"
            "[[slot]]\nnumber = 2\ndevice = \"ssh://gw-8\"\n",
            kTaken);
        add("[[destination]]\nname = \"c\"\nconnection_string_file = \"f\"\nconninfo = \"x\"\n",
            "x:5: destination.conninfo");
    }
    void aStationSaysOneThing()
    {
        QFETCH(const QString, lines);
        QFETCH(const QString, answer);
        const auto read = parseStationConfig("schema = 1\n" + lines.toStdString(), "x");
        QVERIFY2(answerOf(read) == answer, read.ok() ? kTaken : read.error().what.c_str());
    }
};

QTEST_APPLESS_MAIN(tst_contradictions)
#include "tst_contradictions.moc"
