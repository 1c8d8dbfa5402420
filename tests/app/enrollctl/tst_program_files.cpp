#include "tests/app/enrollctl/program_room.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTest>

#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

/// What the command line does with the files and directories that it is given.
class TestProgramFiles : public ProgramRoom {
    Q_OBJECT

private Q_SLOTS:
    void trustListOfANewStationIsEmpty();
    void whatReadsOrSendsNeedsTheDataDirectoryItWasGiven_data();
    void whatReadsOrSendsNeedsTheDataDirectoryItWasGiven();
    void trustImportOfSomethingElseNamesTheFile();
    void trustImportOfADirectoryWithoutCertificatesIsRefused();
    void trustImportMakesAPrivateDataDirectory();
    void exportWritesOverNothingThatIsInUse_data();
    void exportWritesOverNothingThatIsInUse();
    void aPipeIsNoInput_data();
    void aPipeIsNoInput();
    void rootWritesNothingAmongTheDataOfAnotherAccount();
};

void TestProgramFiles::trustListOfANewStationIsEmpty()
{
    const auto result = run({QStringLiteral("trust"), QStringLiteral("list"), QStringLiteral("--json")});
    QCOMPARE(result.exitCode, 0);
    QCOMPARE(result.document().value(QStringLiteral("certificates")).toArray().size(), 0);
}

void TestProgramFiles::whatReadsOrSendsNeedsTheDataDirectoryItWasGiven_data()
{
    QTest::addColumn<QString>("line");
    for (const auto* line :
         {"upload --connection-string-file access", "upload --retry-rejected --connection-string-file access",
          "export --format csv --output FILE", "runs list", "journal verify", "trust list"}) {
        QTest::newRow(line) << QString::fromLatin1(line);
    }
}

void TestProgramFiles::whatReadsOrSendsNeedsTheDataDirectoryItWasGiven()
{
    QFETCH(QString, line);
    const auto access =
        write(QStringLiteral("access"), "HostName=localhost:1;SharedAccessKeyName=p;SharedAccessKey=a2V5");
    QVERIFY(QFile::setPermissions(access, QFile::ReadOwner | QFile::WriteOwner));
    line.replace(QStringLiteral("access"), access).replace(QStringLiteral("FILE"), path(QStringLiteral("out")));
    const auto nowhere = path(QStringLiteral("nothing-here"));

    const auto result =
        run(line.split(QLatin1Char(' ')) + QStringList{QStringLiteral("--json"), QStringLiteral("--data"), nowhere});

    QCOMPARE(result.exitCode, 2);
    QCOMPARE(result.document().value(QStringLiteral("code")).toString(), QStringLiteral("S-339"));
    QVERIFY(result.document().value(QStringLiteral("detail")).toString().contains(nowhere));
    QVERIFY(!QFile::exists(nowhere));
    QVERIFY(!QFile::exists(path(QStringLiteral("out"))));
}

void TestProgramFiles::trustImportOfSomethingElseNamesTheFile()
{
    const auto file = write(QStringLiteral("letter.pem"), "Dear maker,\n");
    const auto result = run({QStringLiteral("trust"), QStringLiteral("import"), file});
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.errors.contains(QStringLiteral("letter.pem")), qPrintable(result.errors));
}

void TestProgramFiles::trustImportOfADirectoryWithoutCertificatesIsRefused()
{
    write(QStringLiteral("letter.txt"), "Dear maker,\n");
    const auto result = run({QStringLiteral("trust"), QStringLiteral("import"), directory()});
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.errors.contains(QStringLiteral(".pem, .crt, .cer, .der")), qPrintable(result.errors));
}

void TestProgramFiles::trustImportMakesAPrivateDataDirectory()
{
    const auto result = run({QStringLiteral("trust"), QStringLiteral("import"), path(QStringLiteral("absent.pem"))});
    QCOMPARE(result.exitCode, 2);
    namespace fs = std::filesystem;
    const fs::path data{path(QStringLiteral("data")).toStdString()};
    QVERIFY(fs::status(data).permissions() == fs::perms::owner_all);
}

void TestProgramFiles::exportWritesOverNothingThatIsInUse_data()
{
    QTest::addColumn<QString>("name");
    for (const auto* name : {"station.toml", "gx.profile.toml", "access", "ca.pem"}) {
        QTest::newRow(name) << QString::fromLatin1(name);
    }
}

void TestProgramFiles::exportWritesOverNothingThatIsInUse()
{
    QFETCH(QString, name);
    write(QStringLiteral("gx.profile.toml"), "profile");
    write(QStringLiteral("access"), "connection string");
    write(QStringLiteral("ca.pem"), "authority");
    write(QStringLiteral("station.toml"), "schema = 1\n[station]\nprofile = \"gx.profile.toml\"\n[[destination]]\n"
                                          "name = \"c\"\nconnection_string_file = \"access\"\nca_file = \"ca.pem\"\n");
    const auto read = [&] {
        QFile file{path(name)};
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray{};
    };
    const auto before = read();

    const auto result = run({QStringLiteral("export"), QStringLiteral("--format"), QStringLiteral("csv"),
                             QStringLiteral("--output"), path(name), QStringLiteral("--json")});

    QCOMPARE(result.exitCode, 2);
    QCOMPARE(result.document().value(QStringLiteral("code")).toString(), QStringLiteral("S-333"));
    QVERIFY(!before.isEmpty());
    QCOMPARE(read(), before);
}

void TestProgramFiles::aPipeIsNoInput_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::newRow("trust") << QStringList{QStringLiteral("trust"), QStringLiteral("import")};
    QTest::newRow("profile") << QStringList{QStringLiteral("profile"), QStringLiteral("check")};
    QTest::newRow("configuration") << QStringList{QStringLiteral("config"), QStringLiteral("show"),
                                                  QStringLiteral("--config")};
    QTest::newRow("connection string") << QStringList{QStringLiteral("upload"),
                                                      QStringLiteral("--connection-string-file")};
    QTest::newRow("keys") << QStringList{QStringLiteral("keys"), QStringLiteral("audit"), QStringLiteral("--file")};
}

void TestProgramFiles::aPipeIsNoInput()
{
    QFETCH(QStringList, command);
    const auto pipe = path(QStringLiteral("pipe.profile.toml"));
    QCOMPARE(::mkfifo(pipe.toLocal8Bit().constData(), 0600), 0);
    const auto result = run(command + QStringList{pipe}); // the test's own time-out catches an opening that waits
    QCOMPARE(result.exitCode, 2);
    QVERIFY2(result.errors.contains(pipe), qPrintable(result.errors));
}

void TestProgramFiles::rootWritesNothingAmongTheDataOfAnotherAccount()
{
    if (::geteuid() != 0) {
        QSKIP("Only root can give a directory away");
    }
    const auto data = path(QStringLiteral("data")); // as the environment says
    QVERIFY(QDir{}.mkpath(data));
    constexpr uid_t kAnother = 65534;
    QCOMPARE(::chown(qPrintable(data), kAnother, kAnother), 0);
    const QStringList list{QStringLiteral("trust"), QStringLiteral("list")};

    const auto refused = run(list);
    QCOMPARE(refused.exitCode, 2);
    QVERIFY2(refused.errors.contains(QStringLiteral("sudo -u ")), qPrintable(refused.errors));
    QVERIFY(QDir{data}.isEmpty());

    QCOMPARE(run(list + QStringList{QStringLiteral("--data"), data}).exitCode, 0);
    QCOMPARE(::chown(qPrintable(data), 0, 0), 0);
    QCOMPARE(run(list).exitCode, 0);
}

QTEST_GUILESS_MAIN(TestProgramFiles)
#include "tst_program_files.moc"
