#include "core/base/device_code.h"
#include "tests/app/enrollctl/enrollctl_process.h"
#include "tests/support/swtpm_fixture.h"

#include <QJsonArray>
#include <QTest>

using namespace enroll;
using namespace enroll::test;

/// `attest` as a process on a software TPM, with a profile file that sets what is found there to each severity.
class TestEnrollctlSeverities : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theProfilesFileDecides_data();
    void theProfilesFileDecides();
    void aMistypedSeverityEndsBeforeTheDevice();
};

namespace {

const SwtpmFixture& softwareTpm()
{
    static const SwtpmFixture tpm;
    return tpm;
}

/// A profile that lets the software TPM pass, although nobody trusts who certified it, unless \p line says otherwise.
QByteArray profileWith(const QByteArray& line)
{
    return "schema = 1\nname = \"Severities\"\nversion = \"1\"\n"
           "[certificate]\nrequire = \"present\"\n"
           "[tpm]\nallow_software = true\n"
           "[findings]\n" +
           line + "\n";
}

QString severityIn(const QJsonObject& run, const QString& id)
{
    for (const auto& value : run.value(QStringLiteral("findings")).toArray()) {
        const auto finding = value.toObject();
        if (finding.value(QStringLiteral("id")).toString() == id) {
            return finding.value(QStringLiteral("severity")).toString();
        }
    }
    return {};
}

QString textIn(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

CtlRun attested(const EnrollctlProcess& ctl, const QByteArray& findings)
{
    const auto profile = ctl.write(QStringLiteral("severities.profile.toml"), profileWith(findings));
    return ctl.run({QStringLiteral("attest"), QStringLiteral("--device"),
                    QString::fromStdString(softwareTpm().address()), QStringLiteral("--profile"), profile,
                    QStringLiteral("--json")});
}

} // namespace

void TestEnrollctlSeverities::theProfilesFileDecides_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<ErrorCode>("code");
    QTest::addColumn<QString>("severity");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<int>("exitCode");
    using C = DeviceCode;
    for (const auto& [id, code] :
         {std::pair{"software-tpm", C::SoftwareTpmRefused}, std::pair{"tpm-seed-not-makers", C::SeedNotMakers},
          std::pair{"ek-certificate-unknown-issuer", C::EkCertificateUntrusted}}) {
        const auto row = [id = id, code = code](const char* severity, const char* outcome, int exitCode) {
            QTest::addRow("%s = %s", id, severity)
                << QString::fromLatin1(id) << ErrorCode{code} << QString::fromLatin1(severity)
                << QString::fromLatin1(outcome) << exitCode;
        };
        row("info", "pass", 0);
        row("warning", "pass", 0);
        row("hold", "hold", 11);
        row("fail", "fail", 10);
    }
}

void TestEnrollctlSeverities::theProfilesFileDecides()
{
    QFETCH(const QString, id);
    QFETCH(const ErrorCode, code);
    QFETCH(const QString, severity);
    QFETCH(const QString, outcome);
    QFETCH(const int, exitCode);
    const EnrollctlProcess ctl;
    const auto run = attested(ctl, id.toLatin1() + " = \"" + severity.toLatin1() + '"');
    QVERIFY2(run.exitCode == exitCode, (run.errors + run.output).constData());
    QVERIFY(run.isOneDocument());
    QCOMPARE(run.text("outcome"), outcome);
    QCOMPARE(severityIn(run.document(), id), severity);
    const bool passed = exitCode == 0;
    QCOMPARE(run.text("code"), passed ? QString() : textIn(describe(code).text));
    if (!passed) {
        const auto wanted = instructionFor(code, outcome == u"fail" ? Outcome::Fail : Outcome::Hold);
        QCOMPARE(run.text("nextStep"), textIn(wanted.text));
    }
    QCOMPARE(softwareTpm().loadedHandles(), std::string{});
}

void TestEnrollctlSeverities::aMistypedSeverityEndsBeforeTheDevice()
{
    const EnrollctlProcess ctl;
    const auto run = attested(ctl, "software-tpm = \"hodl\"");
    QCOMPARE(run.exitCode, 2);
    const QByteArray said = run.errors + run.output;
    QVERIFY2(said.contains("severities.profile.toml:9: findings.software-tpm is "), said.constData());
    QVERIFY2(said.contains("hold"), said.constData());
}

QTEST_GUILESS_MAIN(TestEnrollctlSeverities)
#include "tst_enrollctl_severities.moc"
