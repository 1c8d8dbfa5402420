#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/transport/open_channel.h"
#include "tests/core/transport/far_end.h"
#include "tests/core/transport/waiting.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <fstream>

namespace enroll::test {

using namespace transport;

/// What stands on PATH in the place of OpenSSH's client: a script of that name, which does what the client does seldom.
class TestSshClient : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory;
    QByteArray m_pathBefore = qgetenv("PATH");

    [[nodiscard]] std::filesystem::path file(const char* name) const
    {
        return std::filesystem::path{m_directory.path().toStdString()} / name;
    }
    void write(const char* name, const std::string& content, unsigned mode) const
    {
        std::filesystem::remove(file(name));
        std::ofstream{file(name)} << content;
        std::filesystem::permissions(file(name), std::filesystem::perms{mode});
    }
    /// Opens a channel whose client is \p script.
    [[nodiscard]] Result<std::unique_ptr<TpmChannel>> openWith(const std::string& script) const
    {
        write("ssh", "#!/bin/sh\n" + script + "\n", 0755);
        AgentFiles files;
        files.keyFile = file("key");
        files.knownHostsFile = file("hosts");
        return openChannel(must(parseDeviceAddress("ssh://127.0.0.1")), Deadline::in(kLong), {}, files);
    }
    static Result<std::size_t> receiveAt(TpmChannel& channel)
    {
        std::array<std::byte, 8> buffer{};
        return channel.receive(buffer, Deadline::in(kLong));
    }

private Q_SLOTS:
    void initTestCase()
    {
        write("key", "key", 0600);
        write("hosts", "", 0600);
        qputenv("PATH", m_directory.path().toUtf8() + ":" + m_pathBefore);
    }
    void cleanupTestCase() { qputenv("PATH", m_pathBefore); }

    void whateverSaysSomethingElseThanThatItLoggedInIsToldAsItIs_data()
    {
        QTest::addColumn<QByteArray>("first");
        QTest::newRow("a greeting of that length") << QByteArray{"welcome to"};
        QTest::newRow("almost the same") << QByteArray{"Logged in\\n"};
        QTest::newRow("its beginning, and then more") << QByteArray{"logged in "};
        QTest::newRow("bytes of a TPM") << QByteArray{"\\200\\001\\0\\0\\0\\012\\0\\0\\0\\0"};
    }
    void whateverSaysSomethingElseThanThatItLoggedInIsToldAsItIs()
    {
        QFETCH(const QByteArray, first);
        const auto opened = openWith("printf '" + first.toStdString() + "'; exec cat > /dev/null");
        QVERIFY(!opened.ok());
        QVERIFY2(opened.error().code == StationCode::LoginImpossible, opened.error().what.c_str());
        QVERIFY2(opened.error().what.find("something else") != std::string::npos, opened.error().what.c_str());
        QVERIFY(openWith("echo logged in; exec cat").ok());
    }

    /// It says more than a pipe holds before it ends, and its output is closed already.
    void itsLastWordsAreTakenInBeforeItsEnd()
    {
        const auto channel =
            must(openWith("echo logged in; exec <&- >&-; yes x | head -c 500000 >&2; echo no relay >&2; exit 127"));
        const auto received = receiveAt(*channel);
        QVERIFY(!received.ok());
        QVERIFY2(received.error().code == StationCode::RelayMissing, received.error().what.c_str());
        QVERIFY2(received.error().what.find("no relay") != std::string::npos, received.error().what.c_str());
    }

    void aStopEndsTheWaitForItsEnd()
    {
        const auto channel =
            must(openWith("echo logged in; exec <&- >&-; : > " + file("closed").string() + "; exec sleep 1000"));
        QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(file("closed")), 20'000);
        auto waiting = Waiting{[&] { return codeOf(receiveAt(*channel)); }};
        QTRY_VERIFY_WITH_TIMEOUT(waiting.asleep(), 20'000);
        channel->interrupt();
        QVERIFY(waiting.code() == DeviceCode::Cancelled);
    }

    /// Nobody knows then what ended.
    void oneThatDoesNotEndSaysNothingOfTheDevice()
    {
        const auto channel = must(openWith("echo logged in; exec <&- >&-; exec sleep 1000"));
        const auto received = receiveAt(*channel);
        QVERIFY(!received.ok());
        QVERIFY2(received.error().code == StationCode::LoginImpossible, received.error().what.c_str());
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestSshClient)
#include "tst_ssh_client.moc"
