#include "tests/support/bound_process.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <X11/extensions/scrnsaver.h> // last: its macros are named like Qt's words

using enroll::test::BoundProcess;

namespace {

constexpr int kPatience = 60'000;
constexpr int kSaverSeconds = 1;
constexpr unsigned long kLongIdle = 3000; ///< milliseconds, three times what the saver waits

struct CloseServer {
    void operator()(Display* server) const { XCloseDisplay(server); }
};

/// An X server whose screen saver comes after a second, and this test as one of its clients.
class Server {
public:
    Server()
    {
        m_process.start(QStringLiteral("Xvfb"),
                        {QStringLiteral("-displayfd"), QStringLiteral("1"), QStringLiteral("-screen"),
                         QStringLiteral("0"), QStringLiteral("1280x800x24")});
        QByteArray number;
        while (!number.endsWith('\n')) {
            QVERIFY2(m_process.waitForReadyRead(kPatience), qPrintable(m_process.errorString()));
            number += m_process.readAllStandardOutput();
        }
        m_name = ":" + number.trimmed();
        m_client.reset(XOpenDisplay(m_name.constData()));
        QVERIFY(m_client);
        XSetScreenSaver(m_client.get(), kSaverSeconds, 0, PreferBlanking, AllowExposures);
        wake();
    }

    [[nodiscard]] const QByteArray& name() const { return m_name; }
    void wake()
    {
        XResetScreenSaver(m_client.get());
        XSync(m_client.get(), 0);
    }
    [[nodiscard]] bool isDark() const { return ask().state == ScreenSaverOn; }
    /// In milliseconds.
    [[nodiscard]] unsigned long idleFor() const { return ask().idle; }

private:
    [[nodiscard]] XScreenSaverInfo ask() const
    {
        XScreenSaverInfo info{};
        XScreenSaverQueryInfo(m_client.get(), DefaultRootWindow(m_client.get()), &info);
        return info;
    }

    BoundProcess m_process;
    QByteArray m_name;
    std::unique_ptr<Display, CloseServer> m_client;
};

} // namespace

/// `enroll-station` on an X server whose screen saver does come.
class LitDisplayTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theScreenStaysLitWhileTheStationRuns()
    {
        Server server;
        QTRY_VERIFY_WITH_TIMEOUT(server.isDark(), kPatience);

        BoundProcess station;
        start(station, server);
        QTRY_VERIFY2_WITH_TIMEOUT(QFile::exists(m_root.filePath(QStringLiteral("data/journal.sqlite"))),
                                  station.readAllStandardError().constData(), kPatience);
        server.wake();
        QTRY_VERIFY_WITH_TIMEOUT(server.idleFor() > kLongIdle, kPatience);
        QVERIFY(!server.isDark());

        station.kill(); // the server takes back what a program asked for that is gone
        QVERIFY(station.waitForFinished(kPatience));
        QTRY_VERIFY_WITH_TIMEOUT(server.isDark(), kPatience);
    }

private:
    void start(BoundProcess& station, const Server& server) const
    {
        QFile configuration(m_root.filePath(QStringLiteral("station.toml")));
        QVERIFY(configuration.open(QIODevice::WriteOnly));
        configuration.write("schema = 1\n[station]\nid = \"ST-07\"\nprofile = \"demo\"\ndata_dir = \"data\"\n"
                            "[[slot]]\nnumber = 1\ndevice = \"tcp://127.0.0.1:9\"\n");
        configuration.close();
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("ENROLL_PROFILES"), QStringLiteral(ENROLL_SOURCE_DIR "/resources/profiles"));
        environment.insert(QStringLiteral("XDG_CONFIG_HOME"), m_root.path());
        environment.insert(QStringLiteral("DISPLAY"), QString::fromLatin1(server.name()));
        environment.insert(QStringLiteral("QT_QPA_PLATFORM"), QStringLiteral("xcb"));
        // libxkbcommon-x11 copies a reply of the server with strndup() and its length, as it may: nothing ends the reply.
        environment.insert(QStringLiteral("ASAN_OPTIONS"),
                           qEnvironmentVariable("ASAN_OPTIONS") + QStringLiteral(":strict_string_checks=0"));
        station.setProcessEnvironment(environment);
        station.start(QStringLiteral(ENROLL_BIN_DIR "/enroll-station"),
                      {QStringLiteral("--config"), configuration.fileName()});
        QVERIFY2(station.waitForStarted(kPatience), qPrintable(station.errorString()));
    }

    QTemporaryDir m_root;
};

QTEST_GUILESS_MAIN(LitDisplayTest)
#include "tst_lit_display.moc"
