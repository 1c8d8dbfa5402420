#include "core/system/file_lock.h"
#include "core/system/write_signals.h"
#include "tests/app/enrollctl/program_room.h"
#include "tests/support/full_disk.h"
#include "tests/support/must.h"
#include "tests/support/scripted_https_server.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QTcpServer>
#include <QTest>

#include <unistd.h>

using namespace enroll::test;

/// `enrollctl config`: what is set, what is wrong with it, and a file to begin with.
class TestCommandConfig : public ProgramRoom {
    Q_OBJECT

    static QJsonArray problemsIn(const Run& run) { return run.document().value(QStringLiteral("problems")).toArray(); }

    /// The codes that `config check` finds, one after another.
    static QStringList codesIn(const Run& run)
    {
        QStringList codes;
        for (const auto& problem : problemsIn(run)) {
            codes << problem.toObject().value(QStringLiteral("code")).toString();
        }
        return codes;
    }

    static QJsonObject probeIn(const Run& run)
    {
        return run.document().value(QStringLiteral("probes")).toArray().at(0).toObject();
    }

    static QString codeOf(const QJsonObject& probe)
    {
        return probe.value(QStringLiteral("error")).toObject().value(QStringLiteral("code")).toString();
    }

    [[nodiscard]] Run check(const QString& config, const QStringList& options = {}) const
    {
        return run(QStringList{QStringLiteral("config"), QStringLiteral("check"), QStringLiteral("--json"),
                               QStringLiteral("--config"), config} +
                   options);
    }

    /// A station with one slot, whose profile asks for no certificate, and with \p more.
    [[nodiscard]] QString good(const QByteArray& more = {}) const
    {
        write(QStringLiteral("open.profile.toml"),
              "schema = 1\nname = \"Open\"\nversion = \"1\"\n[certificate]\nrequire = \"none\"\n");
        return write(QStringLiteral("good.toml"), "schema = 1\n[station]\nprofile = \"open.profile.toml\"\n"
                                                  "[[slot]]\nnumber = 1\ndevice = \"tcp://127.0.0.1:1\"\n" +
                                                      more);
    }

    [[nodiscard]] QByteArray cloudAt(const ScriptedHttpsServer& server, const QByteArray& caFile) const
    {
        const auto secret =
            write(QStringLiteral("secret"), "HostName=" + QByteArray::fromStdString(server.authority()) +
                                                ";SharedAccessKeyName=a;SharedAccessKey=a2V5");
        if (!QFile::setPermissions(secret, QFile::ReadOwner | QFile::WriteOwner)) {
            qFatal("cannot change %s", qPrintable(secret));
        }
        return "[[destination]]\nname = \"cloud\"\nconnection_string_file = \"secret\"\nca_file = \"" + caFile + "\"\n";
    }

private Q_SLOTS:
    void configShowTellsWhereEachValueComesFrom()
    {
        const auto result = run({QStringLiteral("config"), QStringLiteral("show"), QStringLiteral("--origin"),
                                 QStringLiteral("--profile"), QStringLiteral("demo")});
        QCOMPARE(result.exitCode, 0);
        const auto lines = QString::fromUtf8(result.output).split(QLatin1Char('\n'));
        QVERIFY2(!lines.filter(QStringLiteral("station.profile = demo    # command line")).isEmpty(),
                 result.output.constData());
        QVERIFY2(!lines.filter(QStringLiteral("ENROLL_DATA")).isEmpty(), result.output.constData());
        QVERIFY2(!lines.filter(QStringLiteral("station.toml:3")).isEmpty(), result.output.constData());
    }

    void configCheckNamesEveryProblem()
    {
        const auto config =
            write(QStringLiteral("two.toml"), "schema = 1\n[station]\nprofile = \"absent.profile.toml\"\n"
                                              "[[destination]]\nname = \"cloud\"\nkind = \"dps\"\n"
                                              "connection_string_file = \"absent-secret\"\n");
        const auto result = run({QStringLiteral("config"), QStringLiteral("check"), QStringLiteral("--config"), config,
                                 QStringLiteral("--json")});
        QCOMPARE(result.exitCode, 2);
        QCOMPARE(problemsIn(result).size(), 3); // profile, secret, and that there is no slot
        QVERIFY2(result.errors.contains(config + QStringLiteral(":3: station.profile: ")), qPrintable(result.errors));
        QVERIFY(result.errors.contains(QStringLiteral("absent.profile.toml")));
        QVERIFY2(result.errors.contains(config + QStringLiteral(":7: destination.connection_string_file: ")),
                 qPrintable(result.errors));
        QVERIFY(result.errors.contains(QStringLiteral("absent-secret")));
    }

    void configCheckNamesTheLineOfTheAuthorities()
    {
        const auto secret = write(QStringLiteral("secret"), "HostName=h;SharedAccessKeyName=a;SharedAccessKey=a2V5");
        QVERIFY(QFile::setPermissions(secret, QFile::ReadOwner | QFile::WriteOwner));
        const auto config =
            write(QStringLiteral("ca.toml"), "schema = 1\n[[destination]]\nname = \"cloud\"\n"
                                             "connection_string_file = \"secret\"\nca_file = \"secret\"\n");
        const auto result =
            run({QStringLiteral("config"), QStringLiteral("check"), QStringLiteral("--config"), config});
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.errors.contains(config + QStringLiteral(":5: destination.ca_file: ")),
                 qPrintable(result.errors));

        write(QStringLiteral("secret"), "HostName=h:99999;SharedAccessKeyName=a;SharedAccessKey=a2V5");
        const auto host = run({QStringLiteral("config"), QStringLiteral("check"), QStringLiteral("--config"), config});
        QCOMPARE(host.exitCode, 2);
        QVERIFY2(host.errors.contains(config + QStringLiteral(":4: destination.connection_string_file: ")),
                 qPrintable(host.errors));
        QVERIFY2(host.errors.contains(QStringLiteral("h:99999")), qPrintable(host.errors));
    }

    void configCheckNamesTheLineOfASlot()
    {
        write(QStringLiteral("dev.profile.toml"),
              "schema = 1\nname = \"Dev\"\nversion = \"1\"\n[transport]\nallow = [\"dev\"]\n");
        const auto config =
            write(QStringLiteral("slot.toml"), "schema = 1\n[station]\nprofile = \"dev.profile.toml\"\n"
                                               "[[slot]]\nnumber = 4\ndevice = \"tcp://127.0.0.1:1\"\n");
        const auto result =
            run({QStringLiteral("config"), QStringLiteral("check"), QStringLiteral("--config"), config});
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.errors.contains(config + QStringLiteral(":6: slot 4: ")), qPrintable(result.errors));
    }

    void configCheckNamesTheLineOfAScannerThatIsMissing()
    {
        const auto device = path(QStringLiteral("ttyACM0"));
        const QByteArray section = "[scanner]\ndevice = \"" + device.toUtf8() + "\"\n";
        const auto config = good(section);
        const auto missing = check(config);
        QCOMPARE(missing.exitCode, 2);
        QCOMPARE(problemsIn(missing).size(), 1);
        QVERIFY2(missing.errors.contains(config + QStringLiteral(":8: scanner.device: ") + device +
                                         QStringLiteral(" is not there")),
                 qPrintable(missing.errors));

        const auto layout =
            check(good("[scanner]\ndevice = \"/dev/null\"\nlayout = \"nowhere\"\n")); // readable, as it must be
        QVERIFY2(layout.errors.contains(config + QStringLiteral(":9: scanner.layout: ")), qPrintable(layout.errors));

        write(QStringLiteral("ttyACM0"), {}); // a file that can be read: no device is opened here
        const auto there = check(good(section));
        QVERIFY2(there.exitCode == 0, qPrintable(there.errors));
    }

    void aGoodConfigurationHasNoProblem()
    {
        const auto result = check(good());
        QVERIFY2(result.exitCode == 0, qPrintable(result.errors));
        QVERIFY(problemsIn(result).isEmpty());
        QVERIFY(!QDir(path(QStringLiteral("data"))).exists()); // looking makes nothing
    }

    void configCheckMissesSlots()
    {
        const auto result = check(write(QStringLiteral("empty.toml"), "schema = 1\n"),
                                  {QStringLiteral("--profile"), QStringLiteral("demo")});
        QCOMPARE(result.exitCode, 2);
        QCOMPARE(codesIn(result), (QStringList{QStringLiteral("S-330"), QStringLiteral("S-339")}));
        QVERIFY2(result.errors.contains(QStringLiteral("no [[slot]]")), qPrintable(result.errors));
    }

    /// Each device of a product that asks for trusted certificates would go on hold.
    void configCheckMissesAuthorities()
    {
        const auto result = check(good(), {QStringLiteral("--profile"), QStringLiteral("production")});
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(codesIn(result).contains(QStringLiteral("S-339")), qPrintable(result.errors));
        QVERIFY2(result.errors.contains(QStringLiteral("enrollctl trust import")), qPrintable(result.errors));
        QVERIFY2(result.errors.contains(QStringLiteral("makers")), qPrintable(result.errors));
    }

    void configCheckNamesADataDirectoryThatCannotBeWritten()
    {
        const auto result =
            check(good(), {QStringLiteral("--data"), write(QStringLiteral("file"), "x") + QStringLiteral("/below")});
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(codesIn(result).contains(QStringLiteral("S-333")), qPrintable(result.errors));
        QVERIFY2(result.errors.contains(QStringLiteral("command line: station.data_dir: ")), qPrintable(result.errors));
    }

    /// Files on a full disk can be made, and hold nothing.
    void configCheckNamesAFullDisk()
    {
        const auto data = path(QStringLiteral("data"));
        QVERIFY(QDir().mkpath(data));
        enroll::system::ignoreSignalsOfWrites();
        const FullDisk full{1024};
        const auto result = check(good(), {QStringLiteral("--data"), data});
        QCOMPARE(result.exitCode, 2);
        QCOMPARE(codesIn(result), QStringList{QStringLiteral("S-333")});
        QVERIFY2(result.errors.contains(data), qPrintable(result.errors));
    }

    void configCheckNamesSlotsThatCannotBeRead()
    {
        const auto data = path(QStringLiteral("data"));
        QVERIFY(QDir().mkpath(data));
        write(QStringLiteral("data/slots.json"), "{");
        const auto result = check(good(), {QStringLiteral("--data"), data});
        QCOMPARE(result.exitCode, 2);
        QCOMPARE(codesIn(result), QStringList{QStringLiteral("S-334")});
        QVERIFY2(result.errors.contains(QStringLiteral("data/slots.json")), qPrintable(result.errors));
        QCOMPARE(QDir(data).entryList(QDir::Files | QDir::Hidden), QStringList{QStringLiteral("slots.json")});
    }

    void configCheckNamesAWorkOrderThatCannotBeRead()
    {
        const auto data = path(QStringLiteral("data"));
        QVERIFY(QDir().mkpath(data));
        write(QStringLiteral("data/duty.json"), "{");
        const auto result = check(good(), {QStringLiteral("--data"), data});
        QCOMPARE(codesIn(result), QStringList{QStringLiteral("S-334")});
        QVERIFY2(result.errors.contains(QStringLiteral("data/duty.json")), qPrintable(result.errors));
    }

    /// As whatever wants to enroll or to send ends, too.
    void configCheckNamesAJournalThatIsLost()
    {
        const auto data = path(QStringLiteral("data"));
        QVERIFY(QDir().mkpath(data));
        write(QStringLiteral("data/journal.sqlite.born"), "the journal was begun\n");
        const auto result = check(good(), {QStringLiteral("--data"), data});
        QCOMPARE(result.exitCode, 14);
        QVERIFY(!result.document().value(QStringLiteral("valid")).toBool());
        QCOMPARE(codesIn(result), QStringList{QStringLiteral("S-303")});
        QVERIFY2(result.errors.count(QStringLiteral("is missing")) == 1, qPrintable(result.errors)); // told once
        const auto rest = check(write(QStringLiteral("empty.toml"), "schema = 1\n"), {QStringLiteral("--data"), data});
        QCOMPARE(rest.exitCode, 14); // beside what else is wrong
        QVERIFY(codesIn(rest).size() > 1);
    }

    /// A station that only holds devices is no fault, and seldom meant.
    void checksRemarkThatADeviceNeverPasses()
    {
        const auto profile =
            write(QStringLiteral("own.profile.toml"),
                  "schema = 1\nname = \"Own\"\nversion = \"1\"\n[endorsement_key]\nenroll = \"ecc-p256\"\n"
                  "[findings]\nek-not-persistent = \"hold\"\n");
        const auto ofConfig = check(good(), {QStringLiteral("--profile"), profile});
        const auto remarks = ofConfig.document().value(QStringLiteral("remarks")).toArray();
        QCOMPARE(remarks.size(), 1);
        QVERIFY(remarks.first().toString().contains(QStringLiteral("ek-not-where-sdks-look")));
        QVERIFY(check(good()).document().value(QStringLiteral("remarks")).toArray().isEmpty());
        const auto ofProfile =
            run({QStringLiteral("--json"), QStringLiteral("profile"), QStringLiteral("check"), profile});
        QCOMPARE(ofProfile.exitCode, 0);
        QCOMPARE(ofProfile.document().value(QStringLiteral("remarks")).toArray(), remarks);
    }

    void checkRemarksThatNoSdkIsNamed()
    {
        const QByteArray key{
            "schema = 1\nname = \"Own\"\nversion = \"1\"\n[endorsement_key]\nenroll = \"tcg-default\"\n"};
        const auto remarksOn = [this](const QByteArray& profile) {
            const auto result = run({QStringLiteral("--json"), QStringLiteral("profile"), QStringLiteral("check"),
                                     write(QStringLiteral("own.profile.toml"), profile)});
            return result.document().value(QStringLiteral("remarks")).toArray();
        };
        const auto remarks = remarksOn(key);
        QCOMPARE(remarks.size(), 1);
        QVERIFY(remarks.first().toString().contains(QStringLiteral("device_sdk")));
        QVERIFY(remarksOn(key + "device_sdk = \"dps-csharp-sdk\"\n").isEmpty());
    }

    void configCheckNamesALockThatIsNone()
    {
        const auto data = path(QStringLiteral("data"));
        QVERIFY(QDir().mkpath(data + QStringLiteral("/station.lock")));
        const auto result = check(good(), {QStringLiteral("--data"), data});
        QCOMPARE(result.exitCode, 2);
        QCOMPARE(codesIn(result), QStringList{QStringLiteral("S-333")});
        QVERIFY2(result.errors.contains(QStringLiteral("station.lock")), qPrintable(result.errors));
    }

    /// It works: that is no problem.
    void configCheckSaysWhoHasTheStationOpen()
    {
        const auto data = path(QStringLiteral("data"));
        QVERIFY(QDir().mkpath(data));
        const QStringList options{QStringLiteral("--data"), data};
        {
            const auto held = must(enroll::system::FileLock::acquire(
                data.toStdString() + "/station.lock", enroll::Deadline::in(std::chrono::milliseconds{0})));
            const auto result = check(good(), options);
            QVERIFY2(result.exitCode == 0, qPrintable(result.errors));
            const auto holder = result.document().value(QStringLiteral("openIn")).toObject();
            QCOMPARE(holder.value(QStringLiteral("process")).toInteger(), qint64{::getpid()});
            QVERIFY(!holder.value(QStringLiteral("program")).toString().isEmpty());
        }
        const auto result = check(good(), options);
        QVERIFY2(result.exitCode == 0, qPrintable(result.errors));
        QVERIFY(result.document().value(QStringLiteral("openIn")).isNull());
    }

    void connectAsksEachDestination()
    {
        ScriptedHttpsServer server;
        server.otherwise([](const auto&) { return refusal(404201); });
        const auto config = good(cloudAt(server, QByteArray::fromStdString(server.caFile())));
        const auto quiet = check(config);
        QVERIFY2(quiet.exitCode == 0, qPrintable(quiet.errors));
        QCOMPARE(server.connections(), 0);
        QVERIFY(quiet.document().value(QStringLiteral("probes")).toArray().isEmpty());

        const auto asked = check(config, {QStringLiteral("--connect")});
        QVERIFY2(asked.exitCode == 0, qPrintable(asked.errors));
        const auto probe = probeIn(asked);
        QCOMPARE(probe.value(QStringLiteral("destination")).toString(), QStringLiteral("cloud"));
        QVERIFY(probe.value(QStringLiteral("error")).isNull());
        QVERIFY(server.requests().size() == 1 && server.requests().front().method == "GET");
    }

    /// Only who answers can refuse.
    void connectTellsWhoRefusesFromWhoIsSilent()
    {
        ScriptedHttpsServer server;
        server.otherwise([](const auto&) { return refusal(401002); });
        const auto asked = [&](const QString& config) {
            return run({QStringLiteral("config"), QStringLiteral("check"), QStringLiteral("--connect"),
                        QStringLiteral("--config"), config});
        };
        const auto config = good(cloudAt(server, QByteArray::fromStdString(server.caFile())));
        QVERIFY(asked(config).output.contains("\"cloud\" does not let this station in"));
        QTcpServer closed;
        QVERIFY(closed.listen(QHostAddress::LocalHost, 0));
        const auto place = QStringLiteral("127.0.0.1:%1").arg(closed.serverPort());
        closed.close();
        write(QStringLiteral("secret"), "HostName=" + place.toUtf8() + ";SharedAccessKeyName=a;SharedAccessKey=a2V5");
        const auto silent = asked(config);
        QCOMPARE(silent.exitCode, 12);
        QVERIFY2(silent.output.contains("\"cloud\" could not be reached"), silent.output.constData());
        QVERIFY2(silent.errors.contains(place), qPrintable(silent.errors));
    }

    void connectNamesWhoDoesNotAnswer()
    {
        ScriptedHttpsServer server;
        server.otherwise([](const auto&) { return refusal(401002); });
        const auto refused =
            check(good(cloudAt(server, QByteArray::fromStdString(server.caFile()))), {QStringLiteral("--connect")});
        QCOMPARE(refused.exitCode, 12); // the files are good
        QVERIFY(refused.document().value(QStringLiteral("valid")).toBool());
        QCOMPARE(codeOf(probeIn(refused)), QStringLiteral("U-401"));
        QVERIFY2(refused.errors.contains(QStringLiteral("destination \"cloud\": ")), qPrintable(refused.errors));

        const ScriptedHttpsServer other; // its authority vouches for another server
        const auto stranger =
            check(good(cloudAt(server, QByteArray::fromStdString(other.caFile()))), {QStringLiteral("--connect")});
        QCOMPARE(codeOf(probeIn(stranger)), QStringLiteral("U-495"));
    }

    void configInitWritesEveryKey()
    {
        const auto file = path(QStringLiteral("etc/new/station.toml"));
        const QStringList init{QStringLiteral("config"), QStringLiteral("init"), QStringLiteral("--config"), file,
                               QStringLiteral("--json")};
        const auto first = run(init);
        QVERIFY2(first.exitCode == 0, qPrintable(first.errors));
        QCOMPARE(first.document().value(QStringLiteral("file")).toString(), file);
        QFile sample(QStringLiteral(ENROLL_SOURCE_DIR "/resources/station.toml"));
        QFile written(file);
        QVERIFY(sample.open(QIODevice::ReadOnly) && written.open(QIODevice::ReadOnly));
        QCOMPARE(written.readAll(), sample.readAll());
        const auto show = run({QStringLiteral("config"), QStringLiteral("show"), QStringLiteral("--config"), file});
        QVERIFY2(show.exitCode == 0, qPrintable(show.errors));

        const auto again = run(init); // and a file that somebody filled in stays
        QCOMPARE(again.exitCode, 2);
        QVERIFY2(again.errors.contains(QStringLiteral("is there already")), qPrintable(again.errors));
        QVERIFY(QDir(path(QStringLiteral("etc/new"))).entryList(QDir::Files | QDir::Hidden).size() == 1);
    }

    void configInitSaysWhyItCannotWrite()
    {
        const auto result = run({QStringLiteral("config"), QStringLiteral("init"), QStringLiteral("--config"),
                                 QStringLiteral("/proc/none/station.toml")});
        QCOMPARE(result.exitCode, 2);
        QVERIFY2(result.errors.contains(QStringLiteral("/proc/none")), qPrintable(result.errors));
        QCOMPARE(result.errors.count(QStringLiteral("No such file or directory")), 1); // the reason is said once
    }

    void configInitSaysWhoMayWriteThere()
    {
        const auto locked = path(QStringLiteral("locked"));
        QVERIFY(QDir().mkdir(locked) && QFile::setPermissions(locked, QFile::ReadOwner | QFile::ExeOwner));
        const auto place = ::geteuid() == 0 ? QStringLiteral("/sys") : locked; // root may write to the first alone
        const auto result = run({QStringLiteral("config"), QStringLiteral("init"), QStringLiteral("--config"),
                                 place + QStringLiteral("/below/station.toml")});
        QCOMPARE(result.exitCode, 2);
        if (result.errors.contains(QStringLiteral("Read-only file system"))) {
            QSKIP("nobody is refused here");
        }
        QVERIFY2(result.errors.contains(QStringLiteral("as root")), qPrintable(result.errors));
    }
};

QTEST_GUILESS_MAIN(TestCommandConfig)
#include "tst_command_config.moc"
