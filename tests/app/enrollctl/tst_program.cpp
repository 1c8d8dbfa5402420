#include "tests/app/enrollctl/program_room.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTest>

/// The command line, up to where a device or a service would be opened.
class TestProgram : public ProgramRoom {
    Q_OBJECT

private Q_SLOTS:
    void refusesWrongUsage_data();
    void refusesWrongUsage();
    void answersABrokenCommandLineWithADocumentWhenAskedFor();
    void helpGoesToStandardOutput();
    void helpOfACommandNamesItsOptions();
    void helpOfExportTellsThatAFileIsReplaced();
    void versionIsADocumentWhenAskedFor();
    void globalOptionsMayStandAfterTheCommand();
    void refusesATransportTheProfileDoesNotAllow();
    void aDeviceBehindTlsNeedsTheFilesOfAgents();
    void refusesASerialThatDoesNotFitAndOpensNothing();
    void refusesAnUnknownProfileNamingIt();
    void profileCheckNamesTheLine();
    void profileCheckAcceptsTheShippedOnes();
    void profileShowPrintsEveryValue();
    void profileShowIsADocumentWhenAskedFor();
    void profileShowTellsOfTheStationsOwn();
    void uploadWithoutADestinationSaysWhatToConfigure();
    void uploadRefusesASecretThatOthersCanRead();
    void uploadRefusesADestinationNobodyConfigured();
    void followAndAGivenConnectionStringServeOneDestination();
    void runsOfAMissingJournalAreRefused();
};

void TestProgram::refusesWrongUsage_data()
{
    QTest::addColumn<QString>("line");
    QTest::addColumn<QString>("named");
    QTest::newRow("no command") << ""
                                << "a command is missing; there are: ek, attest, enroll, ";
    QTest::newRow("unknown command") << "bake"
                                     << "bake";
    QTest::newRow("unknown option") << "attest --device tcp://127.0.0.1:1 --colour"
                                    << "--colour";
    QTest::newRow("unknown global option") << "--loud ek --device tcp://127.0.0.1:1"
                                           << "--loud";
    QTest::newRow("unknown global option with its value")
        << "--confg x runs list"
        << R"(--confg is no option of enrollctl. Did you mean "--config"?)";
    QTest::newRow("empty variable before a required option") << "enroll --device --serial GX-1"
                                                             << "--device needs a value";
    QTest::newRow("empty variable before another option") << "attest --device --serial GX-1"
                                                          << "--device needs a value";
    QTest::newRow("no device") << "attest"
                               << "--device";
    QTest::newRow("no serial") << "enroll --device tcp://127.0.0.1:1"
                               << "--serial";
    QTest::newRow("slot is no number") << "enroll --device tcp://127.0.0.1:1 --serial GX-000001 --slot x"
                                       << "slot";
    QTest::newRow("slot zero") << "enroll --device tcp://127.0.0.1:1 --serial GX-000001 --slot 0"
                               << "slot";
    QTest::newRow("slot above what can be configured")
        << "enroll --device tcp://127.0.0.1:1 --serial GX-000001 --slot 33"
        << "slot";
    QTest::newRow("batch is a control character") << "enroll --device tcp://127.0.0.1:1 --serial GX-000001 --batch \a"
                                                  << "batch";
    QTest::newRow("batch is a C1 control") << "enroll --device tcp://127.0.0.1:1 --serial GX-000001 --batch \u0085x"
                                           << "batch";
    QTest::newRow("operator has 65 characters")
        << QString{QLatin1String("enroll --device tcp://127.0.0.1:1 --serial GX-000001 --operator ") +
                   QString{65, QLatin1Char('o')}}
        << "operator";
    QTest::newRow("runs alone") << "runs"
                                << "runs must be followed by a subcommand: list or show";
    QTest::newRow("runs of no such kind") << "runs bogus"
                                          << R"(there is no command "runs bogus"; there are: list, show)";
    QTest::newRow("runs misspelt behind an option with a value")
        << "--config x run list"
        << R"(there is no command "run". Did you mean "runs list"?)";
    QTest::newRow("unknown outcome") << "runs list --outcome splendid"
                                     << "splendid";
    QTest::newRow("unknown record state") << "runs list --record lost"
                                          << "lost";
    QTest::newRow("unknown code") << "runs list --code D-999"
                                  << "D-999";
    QTest::newRow("bad time") << "runs list --since yesterday"
                              << "yesterday";
    QTest::newRow("limit zero") << "runs list --limit 0"
                                << "limit";
    QTest::newRow("run id") << "runs show 17"
                            << "17";
    QTest::newRow("export format") << "export --format xml --output x"
                                   << "--format xml: must be one of dps-bulk, csv, jsonl";
    QTest::newRow("export only") << "export --format csv --output x --only good"
                                 << "--only good: must be one of rejected, set-aside, accepted, pass, fail, hold";
    QTest::newRow("export to standard output") << "export --format csv --output -"
                                               << "--output";
    QTest::newRow("no devices") << "simulate --devices 0"
                                << "devices";
    QTest::newRow("address scheme") << "attest --device gopher://127.0.0.1:1"
                                    << "gopher";
    QTest::newRow("address port") << "attest --device tcp://127.0.0.1:99999"
                                  << "port";
    QTest::newRow("upload to a destination without a name") << "upload --destination "
                                                            << "--destination: the value is empty";
    QTest::newRow("export of nothing in particular") << "export --format csv --output x --only "
                                                     << "--only: the value is empty";
    QTest::newRow("empty global option") << "trust list --config "
                                         << "--config: the value is empty";
    QTest::newRow("ca file alone") << "upload --ca-file x"
                                   << "--connection-string-file";
    QTest::newRow("id scope") << "register --device tcp://127.0.0.1:1 --service https://127.0.0.1:1 --id-scope  "
                                 "--registration-id a"
                              << "--id-scope";
    QTest::newRow("registration id")
        << "register --device tcp://127.0.0.1:1 --service https://127.0.0.1:1 --id-scope s --registration-id a/b"
        << "registration id";
}

void TestProgram::refusesWrongUsage()
{
    QFETCH(QString, line);
    QFETCH(QString, named);
    const auto words = line.isEmpty() ? QStringList{} : line.split(QLatin1Char(' ')); // two spaces: an empty word
    const auto result = run(words);
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.errors.contains(named, Qt::CaseInsensitive), qPrintable(result.errors));
    QVERIFY(result.output.isEmpty());
    QVERIFY(!QDir{path(QStringLiteral("data"))}.exists());
}

void TestProgram::answersABrokenCommandLineWithADocumentWhenAskedFor()
{
    const auto result =
        run({QStringLiteral("trust"), QStringLiteral("list"), QStringLiteral("--json"), QStringLiteral("--colour")});
    QCOMPARE(result.exitCode, 2);
    QCOMPARE(result.document().value(QStringLiteral("code")).toString(), QStringLiteral("S-331"));
    QVERIFY(result.document().value(QStringLiteral("detail")).toString().contains(QStringLiteral("--colour")));
}

void TestProgram::helpGoesToStandardOutput()
{
    const auto result = run({QStringLiteral("--help")});
    QCOMPARE(result.exitCode, 0);
    QVERIFY(result.errors.isEmpty());
    for (const auto* command : {"ek", "attest", "enroll", "upload", "register", "runs", "journal", "keys", "agent-keys",
                                "export", "trust", "profile", "config", "simulate"}) {
        QVERIFY2(result.output.contains(command), command);
    }
}

void TestProgram::helpOfACommandNamesItsOptions()
{
    const auto result = run({QStringLiteral("enroll"), QStringLiteral("--help")});
    QCOMPARE(result.exitCode, 0);
    for (const auto* option : {"--device", "--serial", "--slot", "--batch", "--operator", "--config", "--data",
                               "--profile", "--json", "--quiet"}) {
        QVERIFY2(result.output.contains(option), option);
    }
}

void TestProgram::helpOfExportTellsThatAFileIsReplaced()
{
    const auto result = run({QStringLiteral("export"), QStringLiteral("--help")});
    QVERIFY2(result.output.contains("in place of one of this name"), result.output.constData());
}

void TestProgram::versionIsADocumentWhenAskedFor()
{
    QVERIFY(run({QStringLiteral("--version")}).output.startsWith("enrollctl "));
    const auto result = run({QStringLiteral("--version"), QStringLiteral("--json")});
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(result.document().value(QStringLiteral("version")).toString(), QStringLiteral(ENROLL_VERSION));
}

void TestProgram::globalOptionsMayStandAfterTheCommand()
{
    const auto before = run({QStringLiteral("--json"), QStringLiteral("trust"), QStringLiteral("list")});
    const auto after = run({QStringLiteral("trust"), QStringLiteral("list"), QStringLiteral("--json")});
    QCOMPARE(after.exitCode, 0);
    QVERIFY(!after.document().isEmpty());
    QCOMPARE(after.output, before.output);
}

void TestProgram::refusesATransportTheProfileDoesNotAllow()
{
    const auto profile = write(QStringLiteral("wired.profile.toml"),
                               "schema = 1\nname = \"Wired\"\nversion = \"1\"\n[transport]\nallow = [\"dev\"]\n");
    const auto result = run({QStringLiteral("attest"), QStringLiteral("--device"), QStringLiteral("tcp://127.0.0.1:1"),
                             QStringLiteral("--profile"), profile});
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.errors.contains(QStringLiteral("dev://")), qPrintable(result.errors));
    QVERIFY(result.errors.contains(QStringLiteral("Wired")));
}

void TestProgram::aDeviceBehindTlsNeedsTheFilesOfAgents()
{
    const auto result = run({QStringLiteral("attest"), QStringLiteral("--device"), QStringLiteral("tls://127.0.0.1:1"),
                             QStringLiteral("--json")});
    QCOMPARE(result.exitCode, 2);
    QCOMPARE(result.document().value(QStringLiteral("code")).toString(), QStringLiteral("S-330"));
    QVERIFY2(result.errors.contains(QStringLiteral("agent-keys")), qPrintable(result.errors));
}

void TestProgram::refusesASerialThatDoesNotFitAndOpensNothing()
{
    const auto result = run({QStringLiteral("enroll"), QStringLiteral("--device"), QStringLiteral("tcp://127.0.0.1:1"),
                             QStringLiteral("--serial"), QStringLiteral("4006381333931"), QStringLiteral("--profile"),
                             QStringLiteral("demo"), QStringLiteral("--json")});
    QCOMPARE(result.exitCode, 2);
    QCOMPARE(result.document().value(QStringLiteral("code")).toString(), QStringLiteral("B-601"));
    QVERIFY(!QDir{path(QStringLiteral("data"))}.exists());
}

void TestProgram::refusesAnUnknownProfileNamingIt()
{
    const auto result = run({QStringLiteral("ek"), QStringLiteral("--device"), QStringLiteral("tcp://127.0.0.1:1"),
                             QStringLiteral("--profile"), QStringLiteral("splendid")});
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.errors.contains(
                 QStringLiteral("command line: station.profile: no shipped profile is named \"splendid\"")),
             qPrintable(result.errors));
    QVERIFY(result.errors.contains(QStringLiteral("S-330")));
}

void TestProgram::profileCheckNamesTheLine()
{
    const auto profile = write(QStringLiteral("bad.profile.toml"),
                               "schema = 1\nname = \"Bad\"\nversion = \"1\"\nserial_patern = \"\"\n");
    const auto result = run({QStringLiteral("profile"), QStringLiteral("check"), profile});
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.errors.contains(QStringLiteral("bad.profile.toml:4")), qPrintable(result.errors));
    QVERIFY(result.errors.contains(QStringLiteral("serial_pattern")));
}

void TestProgram::profileCheckAcceptsTheShippedOnes()
{
    for (const auto* name : {"demo", "production"}) {
        const auto result = run(
            {QStringLiteral("profile"), QStringLiteral("check"), QString::fromLatin1(name), QStringLiteral("--json")});
        QCOMPARE(result.exitCode, 0);
        QCOMPARE(result.document().value(QStringLiteral("sha256")).toString().size(), 64);
    }
}

void TestProgram::profileShowPrintsEveryValue()
{
    const auto profile = write(QStringLiteral("bare.profile.toml"), "schema = 1\nname = \"X\"\nversion = \"7\"\n");
    const auto shown = run({QStringLiteral("profile"), QStringLiteral("show"), profile});
    QCOMPARE(shown.exitCode, 0);
    for (const char* line :
         {"name = 'X'", "on_expired = 'warning'", "ek-certificate-expired = 'warning'", "allow_software = false",
          "registration_id = 'ek-sha256-base32'", "# enrollment.iot_edge is not set, and has no default\n"}) {
        QVERIFY2(shown.output.contains(line), shown.output.constData());
    }
    const auto again = write(QStringLiteral("again.profile.toml"), shown.output);
    QCOMPARE(run({QStringLiteral("profile"), QStringLiteral("check"), again}).exitCode, 0);
}

void TestProgram::profileShowIsADocumentWhenAskedFor()
{
    const auto shown = run(
        {QStringLiteral("profile"), QStringLiteral("show"), QStringLiteral("production"), QStringLiteral("--json")});
    QCOMPARE(shown.exitCode, 0);
    const auto document = shown.document();
    QCOMPARE(document.value(QStringLiteral("schema")).toString(), QStringLiteral("enrollment-station/profile/1"));
    QCOMPARE(document.value(QStringLiteral("sha256")).toString().size(), 64);
    const auto values = document.value(QStringLiteral("profile")).toObject();
    QCOMPARE(values.value(QStringLiteral("name")).toString(), QStringLiteral("Production"));
    const auto findings = values.value(QStringLiteral("findings")).toObject();
    QCOMPARE(findings.value(QStringLiteral("ek-not-persistent")).toString(), QStringLiteral("hold")); // as it sets it
    QCOMPARE(findings.value(QStringLiteral("software-tpm")).toString(), QStringLiteral("fail"));      // as usual
    const auto timeouts =
        values.value(QStringLiteral("transport")).toObject().value(QStringLiteral("timeout_s")).toObject();
    QCOMPARE(timeouts.value(QStringLiteral("run")).toInt(), 120);
}

void TestProgram::profileShowTellsOfTheStationsOwn()
{
    const auto shown = run({QStringLiteral("profile"), QStringLiteral("show"), QStringLiteral("--profile"),
                            QStringLiteral("demo"), QStringLiteral("--json")});
    QCOMPARE(shown.exitCode, 0);
    QCOMPARE(shown.document().value(QStringLiteral("file")).toString(), QStringLiteral("demo"));
}

void TestProgram::uploadWithoutADestinationSaysWhatToConfigure()
{
    const auto result = run({QStringLiteral("upload")});
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.errors.contains(QStringLiteral("station.toml: no [[destination]] is configured")),
             qPrintable(result.errors));
    QVERIFY(result.errors.contains(QStringLiteral("--connection-string-file")));
}

void TestProgram::uploadRefusesASecretThatOthersCanRead()
{
    const auto secret = write(QStringLiteral("secret"), "HostName=127.0.0.1:1;SharedAccessKeyName=a;"
                                                        "SharedAccessKey=c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0c2VjcmV0MTI=");
    QVERIFY(QFile::setPermissions(secret, QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup));
    const auto result = run({QStringLiteral("upload"), QStringLiteral("--connection-string-file"), secret});
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.errors.contains(QStringLiteral("S-330")), qPrintable(result.errors));
    QVERIFY(result.errors.contains(secret));
    QVERIFY(!result.errors.contains(QStringLiteral("c2VjcmV0")));
}

void TestProgram::uploadRefusesADestinationNobodyConfigured()
{
    const auto result = run({QStringLiteral("upload"), QStringLiteral("--destination"), QStringLiteral("moon")});
    QCOMPARE(result.exitCode, 2);
    QVERIFY(result.errors.contains(QStringLiteral("moon")));
    QVERIFY2(result.errors.contains(QStringLiteral("configured: none")), qPrintable(result.errors));
    const auto help = run({QStringLiteral("upload"), QStringLiteral("--help")}).output;
    QVERIFY2(help.contains("--retry REGISTRATION_ID"), help.constData());
    QVERIFY2(help.contains("--set-aside REGISTRATION_ID"), help.constData());
}

void TestProgram::followAndAGivenConnectionStringServeOneDestination()
{
    const auto config = write(QStringLiteral("two.toml"),
                              "schema = 1\n[[destination]]\nname = \"a\"\nkind = \"dps\"\nconnection_string_file = "
                              "\"s\"\n[[destination]]\nname = \"b\"\nkind = \"dps\"\nconnection_string_file = \"s\"\n");
    for (const auto& option :
         {QStringList{QStringLiteral("--follow")}, {QStringLiteral("--connection-string-file"), config}}) {
        const auto result = run(QStringList{QStringLiteral("upload"), QStringLiteral("--config"), config} + option);
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.errors.contains(QStringLiteral("--destination")), qPrintable(result.errors));
    }
}

void TestProgram::runsOfAMissingJournalAreRefused()
{
    const auto result = run({QStringLiteral("runs"), QStringLiteral("list"), QStringLiteral("--json")});
    QCOMPARE(result.exitCode, 2);
    QCOMPARE(result.document().value(QStringLiteral("code")).toString(), QStringLiteral("S-339"));
    const auto detail = result.document().value(QStringLiteral("detail")).toString();
    QVERIFY2(detail.contains(QStringLiteral("begins with the first enrollctl enroll")), qPrintable(detail));
}

QTEST_GUILESS_MAIN(TestProgram)
#include "tst_program.moc"
