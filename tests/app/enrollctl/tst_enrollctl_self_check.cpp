#include "tests/app/enrollctl/enrollctl_process.h"
#include "tests/support/swtpm_fixture.h"

#include <QJsonArray>
#include <QTest>

using namespace enroll::test;

/// The check as a command, and the profile that asks for it.
class TestEnrollctlSelfCheck : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noDeviceIsEnrolledBeforeTheCheck()
    {
        const SwtpmFixture tpm;
        const EnrollctlProcess ctl;
        ctl.trust(tpm.caCertificates());
        const auto profile = ctl.write(QStringLiteral("strict.profile.toml"), strictProfile());
        const QStringList enrolling{QStringLiteral("--profile"), profile,
                                    QStringLiteral("--json"),    QStringLiteral("enroll"),
                                    QStringLiteral("--serial"),  QStringLiteral("GX-000183"),
                                    QStringLiteral("--device"),  QString::fromStdString(tpm.address())};
        const auto refused = ctl.run(enrolling);
        QCOMPARE(refused.exitCode, 12);
        QCOMPARE(refused.text("code"), QStringLiteral("S-305"));

        const auto check =
            ctl.run({QStringLiteral("--profile"), profile, QStringLiteral("--json"), QStringLiteral("self-check")});
        QCOMPARE(check.exitCode, 0);
        QVERIFY(check.isOneDocument() && check.document().value(QStringLiteral("passed")).toBool());
        const auto runs = check.document().value(QStringLiteral("runs")).toArray();
        QCOMPARE(runs.size(), 3);
        QCOMPARE(runs[1].toObject().value(QStringLiteral("code")).toString(), QStringLiteral("D-122"));
        QCOMPARE(runs[2].toObject().value(QStringLiteral("code")).toString(), QStringLiteral("D-130"));
        QCOMPARE(ctl.run(enrolling).exitCode, 0);
    }

    void anotherProfileWasNotChecked()
    {
        const EnrollctlProcess ctl;
        ctl.trustSomebody();
        const auto first = ctl.write(QStringLiteral("first.profile.toml"), strictProfile());
        const auto second = ctl.write(QStringLiteral("second.profile.toml"), strictProfile() + "# changed\n");
        QCOMPARE(ctl.run({QStringLiteral("--profile"), first, QStringLiteral("self-check")}).exitCode, 0);
        const auto refused = ctl.run({QStringLiteral("--profile"), second, QStringLiteral("--json"),
                                      QStringLiteral("enroll"), QStringLiteral("--serial"), QStringLiteral("GX-000183"),
                                      QStringLiteral("--device"), QStringLiteral("tcp://127.0.0.1:9")});
        QCOMPARE(refused.text("code"), QStringLiteral("S-305"));
    }

private:
    static QByteArray strictProfile()
    {
        return "schema = 1\nname = \"Gateway-X\"\nversion = \"1\"\n[certificate]\nanchors = [\"demo\"]\n"
               "[tpm]\nallow_software = true\n[self_check]\nmax_age_hours = 12\n";
    }
};

QTEST_GUILESS_MAIN(TestEnrollctlSelfCheck)
#include "tst_enrollctl_self_check.moc"
