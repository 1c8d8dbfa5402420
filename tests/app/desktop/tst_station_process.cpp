#include "tests/support/bound_process.h"

#include <QDir>
#include <QFile>
#include <QLocalSocket>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using enroll::test::BoundProcess;

namespace {

constexpr int kPatience = 60'000;

bool isAnswered(const QString& socket)
{
    QLocalSocket client;
    client.connectToServer(socket, QIODevice::ReadOnly);
    return client.waitForConnected(kPatience);
}

} // namespace

/// `enroll-station` as its users start it, and as a service manager ends it.
class TestStationProcess : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void closesOnASignalAsOnItsWindow_data();
    void closesOnASignalAsOnItsWindow();
    void aSecondStartShowsTheFirstWindow();
    void aSignalEndsARefusalToStartToo();
    void endsWithoutADisplay_data();
    void endsWithoutADisplay();
    void writesTheCommandCardWithoutADisplay();
    void theCommandCardReplacesNothingButAPdf();

private:
    [[nodiscard]] QString file(const char* name) const { return m_root.filePath(QLatin1String{name}); }

    void configure(const QByteArray& slotsText) const
    {
        QFile configuration(file("station.toml"));
        if (!configuration.open(QIODevice::WriteOnly)) {
            qFatal("cannot write a test file");
        }
        configuration.write("schema = 1\n[station]\nid = \"ST-07\"\nprofile = \"demo\"\ndata_dir = \"data\"\n" +
                            slotsText);
    }

    void start(BoundProcess& program) const
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("ENROLL_PROFILES"), QStringLiteral(ENROLL_SOURCE_DIR "/resources/profiles"));
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), m_root.path());
        program.setProcessEnvironment(environment);
        program.start(QStringLiteral(ENROLL_BIN_DIR "/enroll-station"),
                      {QStringLiteral("--config"), file("station.toml")});
        QVERIFY2(program.waitForStarted(kPatience), qPrintable(program.errorString()));
    }

    void printCard(BoundProcess& program, const QString& target) const
    {
        auto environment = QProcessEnvironment::systemEnvironment();
        for (const auto* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
            environment.remove(QLatin1String{name});
        }
        program.setProcessEnvironment(environment);
        program.start(QStringLiteral(ENROLL_BIN_DIR "/enroll-station"),
                      {QStringLiteral("--config"), file("station.toml"), QStringLiteral("--command-card"), target});
        QVERIFY(program.waitForFinished(kPatience));
        QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    }

    QTemporaryDir m_root;
};

void TestStationProcess::closesOnASignalAsOnItsWindow_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGINT") << SIGINT;
    QTest::newRow("SIGTERM") << SIGTERM;
}

void TestStationProcess::closesOnASignalAsOnItsWindow()
{
    QFETCH(int, signal);
    configure("[[slot]]\nnumber = 1\ndevice = \"tcp://127.0.0.1:9\"\n");
    QDir{file("data")}.removeRecursively();
    BoundProcess program;
    start(program);
    // The journal is opened when the window stands: the program is at its work.
    QTRY_VERIFY2_WITH_TIMEOUT(QFile::exists(file("data/journal.sqlite")), program.readAllStandardError().constData(),
                              kPatience);

    QCOMPARE(::kill(static_cast<pid_t>(program.processId()), signal), 0);

    QVERIFY(program.waitForFinished(kPatience));
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.exitCode(), 0);
}

void TestStationProcess::aSecondStartShowsTheFirstWindow()
{
    configure("[[slot]]\nnumber = 1\ndevice = \"tcp://127.0.0.1:9\"\n");
    QDir{file("data")}.removeRecursively();
    for (int round = 0; round < 2; ++round) { // the second first one finds the socket of one that was killed
        BoundProcess first;
        start(first);
        QTRY_VERIFY_WITH_TIMEOUT(isAnswered(file("data/station.socket")), kPatience);
        for (int again = 0; again < 2; ++again) {
            BoundProcess second;
            start(second);
            QVERIFY(second.waitForFinished(kPatience));
            QCOMPARE(second.exitCode(), 0);
            QVERIFY(second.readAllStandardError().contains("its window was shown"));
        }
        QCOMPARE(first.state(), QProcess::Running);
        first.kill();
        QVERIFY(first.waitForFinished(kPatience));
        QVERIFY(QFile::exists(file("data/station.socket")));
    }
}

void TestStationProcess::aSignalEndsARefusalToStartToo()
{
    configure({}); // a station without slots
    BoundProcess program;
    program.setReadChannel(QProcess::StandardError);
    start(program);
    QByteArray said;
    while (!said.contains("no [[slot]] is configured")) {
        QVERIFY2(program.canReadLine() || program.waitForReadyRead(kPatience), said.constData());
        said += program.readLine();
    }

    program.terminate();

    QVERIFY(program.waitForFinished(kPatience));
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.exitCode(), 2);
}

void TestStationProcess::endsWithoutADisplay_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<int>("exitCode");
    QTest::addColumn<QByteArray>("output");
    QTest::addColumn<QByteArray>("errors");
    QTest::newRow("start") << QStringList{} << 2 << QByteArray{} << QByteArray{"S-331: there is no display"};
    QTest::newRow("help") << QStringList{QStringLiteral("--help")} << 0 << QByteArray{"--full-screen"} << QByteArray{};
    QTest::newRow("version") << QStringList{QStringLiteral("--version")} << 0 << QByteArray{ENROLL_VERSION}
                             << QByteArray{};
    QTest::newRow("help beside an option of Qt's")
        << QStringList{QStringLiteral("-style"), QStringLiteral("Fusion"), QStringLiteral("-h")} << 0
        << QByteArray{"--full-screen"} << QByteArray{};
    QTest::newRow("unknown option") << QStringList{QStringLiteral("--foo")} << 2 << QByteArray{} << QByteArray{"--foo"};
    QTest::newRow("no option of ours beside Qt's")
        << QStringList{QStringLiteral("-platform"), QStringLiteral("offscreen"), QStringLiteral("--foo")} << 2
        << QByteArray{} << QByteArray{"--foo"};
    QTest::newRow("empty value") << QStringList{QStringLiteral("-platform"), QStringLiteral("offscreen"),
                                                QStringLiteral("--config"), QString{}}
                                 << 2 << QByteArray{} << QByteArray{"--config: the value is empty"};
}

void TestStationProcess::endsWithoutADisplay()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const int, exitCode);
    QFETCH(const QByteArray, output);
    QFETCH(const QByteArray, errors);
    auto environment = QProcessEnvironment::systemEnvironment();
    for (const auto* name : {"DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"}) {
        environment.remove(QLatin1String{name});
    }
    BoundProcess program;
    program.setProcessEnvironment(environment);

    program.start(QStringLiteral(ENROLL_BIN_DIR "/enroll-station"), arguments);

    QVERIFY(program.waitForFinished(kPatience));
    QCOMPARE(program.exitStatus(), QProcess::NormalExit);
    QCOMPARE(program.exitCode(), exitCode);
    const auto said = program.readAllStandardError();
    QVERIFY2(errors.isEmpty() ? said.isEmpty() : said.contains(errors), said.constData());
    const auto told = program.readAllStandardOutput();
    QVERIFY2(output.isEmpty() ? told.isEmpty() : told.contains(output), told.constData());
}

void TestStationProcess::writesTheCommandCardWithoutADisplay()
{
    configure("[[slot]]\nnumber = 1\ndevice = \"tcp://127.0.0.1:9\"\n");
    QDir{file("data")}.removeRecursively();
    for (int round = 0; round < 2; ++round) { // an older card is replaced
        BoundProcess program;
        printCard(program, file("card.pdf"));
        QCOMPARE(program.exitCode(), 0);
        QVERIFY(program.readAllStandardOutput().contains("card.pdf"));
        QFile card(file("card.pdf"));
        QVERIFY(card.open(QIODevice::ReadOnly));
        QVERIFY(card.read(5) == "%PDF-");
    }
    QVERIFY(!QFile::exists(file("data/journal.sqlite"))); // nothing of the station was started
}

void TestStationProcess::theCommandCardReplacesNothingButAPdf()
{
    configure({});
    BoundProcess program;
    printCard(program, file("station.toml"));
    QCOMPARE(program.exitCode(), 2);
    const auto said = program.readAllStandardError();
    QVERIFY2(said.contains("S-333") && said.contains("is no PDF"), said.constData());
    QFile configuration(file("station.toml"));
    QVERIFY(configuration.open(QIODevice::ReadOnly));
    QVERIFY(configuration.readAll().startsWith("schema = 1"));
}

QTEST_GUILESS_MAIN(TestStationProcess)
#include "tst_station_process.moc"
