#include "core/transport/tls_context.h"
#include "tests/app/enrollctl/program_room.h"
#include "tests/support/bound_process.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTest>

using namespace enroll;
using namespace enroll::test;

/// `enrollctl agent-keys`. The program openssl is the witness.
class TestCommandAgentKeys : public ProgramRoom {
    Q_OBJECT

    [[nodiscard]] Run keys(const QStringList& words) const
    {
        return run(QStringList{QStringLiteral("agent-keys")} + words + QStringList{QStringLiteral("--json")});
    }
    [[nodiscard]] QString plant() const { return path(QStringLiteral("plant")); }
    [[nodiscard]] Run init() const
    {
        return keys({QStringLiteral("init"), plant(), QStringLiteral("--plant"), QStringLiteral("Plant 1")});
    }
    [[nodiscard]] Run made(const QString& role, const QStringList& words) const
    {
        return keys(QStringList{role, QStringLiteral("--directory"), plant()} + words);
    }
    [[nodiscard]] QString fileOf(const QString& name) const { return plant() + QLatin1Char('/') + name; }

    static QString codeOf(const Run& run) { return run.document().value(QStringLiteral("code")).toString(); }
    static QByteArray contentOf(const QString& file)
    {
        QFile opened{file};
        return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray{};
    }
    static QFile::Permissions rightsOfOthers(const QString& file)
    {
        return QFile::permissions(file) & (QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup | QFile::ReadOther |
                                           QFile::WriteOther | QFile::ExeOther);
    }
    /// What is in the room, hidden names too.
    [[nodiscard]] QStringList entries(const QString& folder) const
    {
        return QDir{folder}.entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    }

    /// What openssl says with \p arguments; its exit code is 0 if that is good.
    static std::pair<int, QByteArray> openssl(const QStringList& arguments)
    {
        constexpr int kDeadlineMs = 30'000;
        BoundProcess program;
        program.setProcessChannelMode(QProcess::MergedChannels);
        program.start(QStringLiteral("openssl"), arguments);
        const bool ended = program.waitForFinished(kDeadlineMs) && program.exitStatus() == QProcess::NormalExit;
        return {ended ? program.exitCode() : -1, program.readAll()};
    }
    [[nodiscard]] std::pair<int, QByteArray> verified(const QString& machine, const QStringList& how) const
    {
        return openssl(QStringList{QStringLiteral("verify"), QStringLiteral("-x509_strict"),
                                   QStringLiteral("-no-CApath"), QStringLiteral("-no-CAstore"),
                                   QStringLiteral("-CAfile"), fileOf(QStringLiteral("ca.pem"))} +
                       how + QStringList{fileOf(machine + QStringLiteral("/certificate.pem"))});
    }
    [[nodiscard]] transport::AgentFiles filesOf(const QString& machine) const
    {
        const auto of = [&](const char* name) {
            return std::filesystem::path{fileOf(machine + QLatin1Char('/') + QLatin1String(name)).toStdString()};
        };
        return {of("ca.pem"), of("certificate.pem"), of("key.pem")};
    }

private Q_SLOTS:
    void initMakesAnAuthority()
    {
        const auto result = init();
        QVERIFY2(result.exitCode == 0, qPrintable(result.errors));
        const auto document = result.document();
        QCOMPARE(document.value(QStringLiteral("schema")).toString(),
                 QStringLiteral("enrollment-station/agent-keys/1"));
        QCOMPARE(document.value(QStringLiteral("name")).toString(), QStringLiteral("ca"));
        QCOMPARE(document.value(QStringLiteral("subject")).toString(), QStringLiteral("CN=Plant 1"));
        QCOMPARE(document.value(QStringLiteral("files")).toObject().value(QStringLiteral("ca")).toString(),
                 fileOf(QStringLiteral("ca.pem")));
        QCOMPARE(entries(plant()), (QStringList{QStringLiteral("ca-key.pem"), QStringLiteral("ca.pem")}));
        QVERIFY(rightsOfOthers(fileOf(QStringLiteral("ca-key.pem"))) == QFile::Permissions{});
        QVERIFY(rightsOfOthers(plant()) == QFile::Permissions{});
        const auto [code, said] =
            openssl({QStringLiteral("verify"), QStringLiteral("-no-CApath"), QStringLiteral("-no-CAstore"),
                     QStringLiteral("-CAfile"), fileOf(QStringLiteral("ca.pem")), fileOf(QStringLiteral("ca.pem"))});
        QVERIFY2(code == 0, said.constData());
    }

    void initOverwritesNothing()
    {
        QCOMPARE(init().exitCode, 0);
        const auto before = contentOf(fileOf(QStringLiteral("ca-key.pem")));
        const auto again = init();
        QCOMPARE(again.exitCode, 2);
        QCOMPARE(codeOf(again), QStringLiteral("S-333"));
        QCOMPARE(contentOf(fileOf(QStringLiteral("ca-key.pem"))), before);
        QCOMPARE(entries(directory()).filter(QStringLiteral("plant")).size(), 1); // and no draft stays
    }

    void initSaysWhatHinders()
    {
        const auto nowhere = keys({QStringLiteral("init"), path(QStringLiteral("none/plant"))});
        QCOMPARE(codeOf(nowhere), QStringLiteral("S-333"));
        QVERIFY2(nowhere.errors.contains(QStringLiteral("none/plant")), qPrintable(nowhere.errors));
        const auto nameless = keys({QStringLiteral("init"), plant(), QStringLiteral("--plant"), QStringLiteral(" ")});
        QCOMPARE(codeOf(nameless), QStringLiteral("S-331"));
        QVERIFY(!QFile::exists(plant()));
    }

    void eachMachineGetsWhatItsRoleNeeds()
    {
        QCOMPARE(init().exitCode, 0);
        const auto station = made(QStringLiteral("station"), {QStringLiteral("ST-07")});
        QVERIFY2(station.exitCode == 0, qPrintable(station.errors));
        QCOMPARE(station.document().value(QStringLiteral("name")).toString(), QStringLiteral("station-st-07"));
        const auto agent = made(QStringLiteral("agent"),
                                {QStringLiteral("gw-7.plant"), QStringLiteral("--also"), QStringLiteral("10.7.3.18"),
                                 QStringLiteral("--also"), QStringLiteral("fe80::1")});
        QVERIFY2(agent.exitCode == 0, qPrintable(agent.errors));

        const auto purpose = QStringLiteral("-purpose");
        const auto asClient = QStringList{purpose, QStringLiteral("sslclient")};
        const auto asServer = QStringList{purpose, QStringLiteral("sslserver")};
        const auto [client, clientSaid] = verified(QStringLiteral("station-st-07"), asClient);
        QVERIFY2(client == 0, clientSaid.constData());
        QVERIFY(verified(QStringLiteral("station-st-07"), asServer).first != 0);
        QVERIFY(verified(QStringLiteral("agent-gw-7.plant"), asClient).first != 0);
        for (const auto& [option, name] :
             {std::pair{"-verify_hostname", "gw-7.plant"}, {"-verify_ip", "10.7.3.18"}, {"-verify_ip", "fe80::1"}}) {
            const auto [code, said] = verified(QStringLiteral("agent-gw-7.plant"),
                                               asServer + QStringList{QLatin1String(option), QLatin1String(name)});
            QVERIFY2(code == 0, said.constData());
        }
        QVERIFY(verified(QStringLiteral("agent-gw-7.plant"),
                         asServer + QStringList{QStringLiteral("-verify_hostname"), QStringLiteral("gw-8.plant")})
                    .first != 0);
        for (const auto& machine : {QStringLiteral("station-st-07"), QStringLiteral("agent-gw-7.plant")}) {
            QVERIFY(rightsOfOthers(fileOf(machine + QStringLiteral("/key.pem"))) == QFile::Permissions{});
            QCOMPARE(contentOf(fileOf(machine + QStringLiteral("/ca.pem"))),
                     contentOf(fileOf(QStringLiteral("ca.pem"))));
        }
    }

    void bothEndsTakeWhatWasMade()
    {
        using transport::TlsContext;
        using transport::TlsRole;
        QCOMPARE(init().exitCode, 0);
        QCOMPARE(made(QStringLiteral("station"), {QStringLiteral("st-07")}).exitCode, 0);
        QCOMPARE(made(QStringLiteral("agent"), {QStringLiteral("10.7.3.18")}).exitCode, 0);
        const auto station = TlsContext::load(filesOf(QStringLiteral("station-st-07")), TlsRole::Station, utcNow());
        QVERIFY2(station.ok(), station.ok() ? "" : station.error().what.c_str());
        const auto agent = TlsContext::load(filesOf(QStringLiteral("agent-10.7.3.18")), TlsRole::Agent, utcNow());
        QVERIFY2(agent.ok(), agent.ok() ? "" : agent.error().what.c_str());
        QVERIFY(!TlsContext::load(filesOf(QStringLiteral("agent-10.7.3.18")), TlsRole::Station, utcNow()).ok());
    }

    void noMachineIsMadeTwice()
    {
        QCOMPARE(init().exitCode, 0);
        QCOMPARE(made(QStringLiteral("station"), {QStringLiteral("st-07")}).exitCode, 0);
        const auto before = contentOf(fileOf(QStringLiteral("station-st-07/key.pem")));
        const auto again = made(QStringLiteral("station"), {QStringLiteral("ST-07")});
        QCOMPARE(codeOf(again), QStringLiteral("S-333"));
        QVERIFY2(again.errors.contains(QStringLiteral("renew station-st-07")), qPrintable(again.errors));
        QCOMPARE(contentOf(fileOf(QStringLiteral("station-st-07/key.pem"))), before);
    }

    void whatIsNoNameIsRefused_data()
    {
        QTest::addColumn<QString>("name");
        for (const auto* name : {"*.plant", "a b", "../x", "gw-7.plant:2322", "0.0.0.0", "1.2", "-a", "tls://gw-7:1"}) {
            QTest::newRow(name) << QString::fromLatin1(name);
        }
    }
    void whatIsNoNameIsRefused()
    {
        QFETCH(const QString, name);
        QCOMPARE(init().exitCode, 0);
        const auto result = made(QStringLiteral("agent"), {QStringLiteral("gw-7"), QStringLiteral("--also=") + name});
        QCOMPARE(result.exitCode, 2);
        QCOMPARE(codeOf(result), QStringLiteral("S-331"));
        QCOMPARE(entries(plant()).size(), 2);
    }

    void withoutAnAuthorityNothingIsMade()
    {
        const auto none = made(QStringLiteral("agent"), {QStringLiteral("gw-7")});
        QCOMPARE(codeOf(none), QStringLiteral("S-333"));
        QVERIFY2(none.errors.contains(QStringLiteral("agent-keys init")), qPrintable(none.errors));
        QCOMPARE(init().exitCode, 0);
        QVERIFY(QFile::setPermissions(fileOf(QStringLiteral("ca-key.pem")),
                                      QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther));
        const auto open = made(QStringLiteral("agent"), {QStringLiteral("gw-7")});
        QCOMPARE(codeOf(open), QStringLiteral("S-333"));
        QVERIFY2(open.errors.contains(QStringLiteral("chmod 600")), qPrintable(open.errors));
        QCOMPARE(entries(plant()).size(), 2);
    }

    void daysSayHowLong()
    {
        QCOMPARE(init().exitCode, 0);
        const auto result =
            made(QStringLiteral("agent"), {QStringLiteral("gw-7"), QStringLiteral("--days"), QStringLiteral("30")});
        const auto until =
            QDateTime::fromString(result.document().value(QStringLiteral("validUntil")).toString(), Qt::ISODateWithMs);
        const auto left = QDateTime::currentDateTimeUtc().daysTo(until);
        QVERIFY2(left == 29 || left == 28, QByteArray::number(left).constData()); // begins a day early
        for (const auto* days : {"0", "3651", "long"}) {
            QCOMPARE(codeOf(made(QStringLiteral("agent"),
                                 {QStringLiteral("gw-8"), QStringLiteral("--days"), QString::fromLatin1(days)})),
                     QStringLiteral("S-331"));
        }
    }

    void renewKeepsKeyAndNames()
    {
        QCOMPARE(init().exitCode, 0);
        QCOMPARE(made(QStringLiteral("agent"), {QStringLiteral("gw-7"), QStringLiteral("--days"), QStringLiteral("5")})
                     .exitCode,
                 0);
        const auto machine = QStringLiteral("agent-gw-7");
        const auto certificate = fileOf(machine + QStringLiteral("/certificate.pem"));
        const auto key = fileOf(machine + QStringLiteral("/key.pem"));
        const auto keyBefore = contentOf(key);
        const auto before = contentOf(certificate);
        const auto result = made(QStringLiteral("renew"), {machine});
        QVERIFY2(result.exitCode == 0, qPrintable(result.errors));
        QVERIFY(contentOf(certificate) != before);
        QCOMPARE(contentOf(key), keyBefore);
        const auto [code, said] = verified(machine, {QStringLiteral("-purpose"), QStringLiteral("sslserver"),
                                                     QStringLiteral("-verify_hostname"), QStringLiteral("gw-7")});
        QVERIFY2(code == 0, said.constData());
        const auto soon = QString::number(100 * 24 * 3600);
        QCOMPARE(openssl({QStringLiteral("x509"), QStringLiteral("-noout"), QStringLiteral("-checkend"), soon,
                          QStringLiteral("-in"), certificate})
                     .first,
                 0);
        QVERIFY(transport::TlsContext::load(filesOf(machine), transport::TlsRole::Agent, utcNow()).ok());
    }

    void anAuthorityThatIsRenewedVouchesForOldAndNew()
    {
        QCOMPARE(init().exitCode, 0);
        QCOMPARE(made(QStringLiteral("station"), {QStringLiteral("st-07")}).exitCode, 0);
        const auto before = contentOf(fileOf(QStringLiteral("ca.pem")));
        const auto result = made(QStringLiteral("renew"), {QStringLiteral("ca")});
        QVERIFY2(result.exitCode == 0, qPrintable(result.errors));
        QVERIFY(contentOf(fileOf(QStringLiteral("ca.pem"))) != before);
        const auto [old, said] = verified(QStringLiteral("station-st-07"), {});
        QVERIFY2(old == 0, said.constData());
        QCOMPARE(made(QStringLiteral("renew"), {QStringLiteral("station-st-07")}).exitCode, 0);
        QCOMPARE(contentOf(fileOf(QStringLiteral("station-st-07/ca.pem"))),
                 contentOf(fileOf(QStringLiteral("ca.pem"))));
    }

    void whoMovesTheFilesIsToldWhatNeedsThem()
    {
        QCOMPARE(init().exitCode, 0);
        const auto said = [&](const QString& role) {
            return run({QStringLiteral("agent-keys"), role, QStringLiteral("m-1"), QStringLiteral("--directory"),
                        plant()})
                .output;
        };
        const auto agent = said(QStringLiteral("agent"));
        QVERIFY2(agent.contains("--listen tls://ADDRESS:PORT --keys DIRECTORY"), agent.constData());
        QVERIFY2(!agent.contains("[agent]"), agent.constData());
        const auto station = said(QStringLiteral("station"));
        QVERIFY2(station.contains("[agent] of its station.toml names them"), station.constData());
        QVERIFY2(!station.contains("--keys"), station.constData());
        QVERIFY2(run({QStringLiteral("agent-keys"), QStringLiteral("renew"), QStringLiteral("agent-m-1"),
                      QStringLiteral("--directory"), plant()})
                     .output.contains("an agent a restart"),
                 "what a renewed certificate takes on a device");
    }

    void onlyWhatIsThereIsRenewed()
    {
        QCOMPARE(init().exitCode, 0);
        QCOMPARE(codeOf(made(QStringLiteral("renew"), {QStringLiteral("agent-gw-9")})), QStringLiteral("S-339"));
        for (const auto* name : {"gw-9", "agent-", "station-../../x", "ca.pem"}) {
            QCOMPARE(codeOf(made(QStringLiteral("renew"), {QString::fromLatin1(name)})), QStringLiteral("S-331"));
        }
    }

    void configCheckReadsTheFilesOfAgents()
    {
        QCOMPARE(init().exitCode, 0);
        QCOMPARE(made(QStringLiteral("station"), {QStringLiteral("st-07")}).exitCode, 0);
        write(QStringLiteral("open.profile.toml"),
              "schema = 1\nname = \"Open\"\nversion = \"1\"\n[certificate]\nrequire = \"none\"\n");
        const auto config =
            write(QStringLiteral("tls.toml"), "schema = 1\n[station]\nprofile = \"open.profile.toml\"\n[agent]\n"
                                              "ca_file = \"plant/station-st-07/ca.pem\"\n"
                                              "certificate_file = \"plant/station-st-07/certificate.pem\"\n"
                                              "key_file = \"plant/station-st-07/key.pem\"\n"
                                              "[[slot]]\nnumber = 1\ndevice = \"tls://127.0.0.1:1\"\n");
        const QStringList check{QStringLiteral("config"), QStringLiteral("check"), QStringLiteral("--json"),
                                QStringLiteral("--config"), config};
        const auto good = run(check);
        QVERIFY2(good.exitCode == 0, qPrintable(good.errors));
        QVERIFY(QFile::remove(fileOf(QStringLiteral("station-st-07/key.pem"))));
        const auto bad = run(check);
        QCOMPARE(bad.exitCode, 2);
        const auto problems = bad.document().value(QStringLiteral("problems")).toArray();
        QCOMPARE(problems.size(), 1);
        QCOMPARE(problems.at(0).toObject().value(QStringLiteral("code")).toString(), QStringLiteral("S-333"));
        QVERIFY2(bad.errors.contains(config + QStringLiteral(":5: [agent]: ")), qPrintable(bad.errors));
    }
};

QTEST_GUILESS_MAIN(TestCommandAgentKeys)
#include "tst_command_agent_keys.moc"
