#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/transport/open_channel.h"
#include "core/transport/serial_responder.h"
#include "tests/core/transport/waiting.h"
#include "tests/support/must.h"
#include "tests/support/serial_cable.h"

#include <QElapsedTimer>
#include <QTest>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>

namespace enroll::test {
namespace {

using namespace transport;
using std::chrono::milliseconds;

constexpr milliseconds kShort{300};
constexpr milliseconds kLong{20'000};

Deadline soon()
{
    return Deadline::in(kLong);
}

/// What stands at the far end of the line: a thread that hears the station and answers as a test says.
class FarEnd {
public:
    using Answer = std::function<Bytes(ByteView)>;

    FarEnd(const SerialPlug& plug, Answer answer) : m_plug(plug), m_answer(std::move(answer))
    {
        m_thread = std::jthread{[this] { talk(); }};
    }
    ~FarEnd() { m_stop.raise(); }
    FarEnd(const FarEnd&) = delete;
    FarEnd& operator=(const FarEnd&) = delete;

private:
    void talk()
    {
        for (;;) {
            std::array<pollfd, 2> waits{pollfd{m_stop.fd(), POLLIN, 0}, pollfd{m_plug.fd(), POLLIN, 0}};
            ::poll(waits.data(), waits.size(), -1);
            if (waits[0].revents != 0) {
                return;
            }
            if (const auto answer = m_answer(m_plug.read()); !answer.empty()) {
                m_plug.write(answer);
            }
        }
    }

    const SerialPlug& m_plug;
    Answer m_answer;
    system::WakeUp m_stop = must(system::WakeUp::create());
    std::jthread m_thread;
};

/// An agent whose TPM says back what it is asked; \p ended counts the sessions that a station ended.
FarEnd::Answer echoingAgent(std::atomic<int>& ended)
{
    return [&ended, responder = std::make_shared<SerialResponder>(7)](ByteView came) {
        responder->take(came);
        auto sent = responder->output();
        while (const auto event = responder->next()) {
            if (const auto* request = std::get_if<SerialRequest>(&*event)) {
                responder->respond(*request, request->command);
            }
            ended += std::holds_alternative<SerialSessionEnded>(*event) ? 1 : 0;
        }
        const auto more = responder->output();
        sent.insert(sent.end(), more.begin(), more.end());
        return sent;
    };
}

Bytes heard(TpmChannel& channel, std::size_t atOnce)
{
    Bytes buffer(atOnce);
    const auto count = must(channel.receive(buffer, soon()));
    buffer.resize(count);
    return buffer;
}

} // namespace

class TestSerialChannel : public QObject {
    Q_OBJECT

    QTemporaryDir m_directory{QStringLiteral("/dev/shm/enroll-XXXXXX")};
    std::optional<SerialPlug> m_plug;
    std::atomic<int> m_ended{0};

    [[nodiscard]] std::string path() const { return m_plug->path().string(); }
    [[nodiscard]] auto opened(const Deadline& deadline, std::stop_token stop = {}) const
    {
        return openChannel(SerialAddress{path()}, deadline, std::move(stop));
    }
    /// Why a line at which \p answer speaks has no channel.
    [[nodiscard]] Error refusal(FarEnd::Answer answer) const
    {
        const FarEnd end{*m_plug, std::move(answer)};
        return opened(Deadline::in(kShort)).error();
    }

private Q_SLOTS:
    void init() { m_plug.emplace(m_directory.filePath(QStringLiteral("line")).toStdString()); }
    void cleanup() { m_plug.reset(); }

    void carriesCommandsAndResponses()
    {
        const FarEnd end{*m_plug, echoingAgent(m_ended)};
        const auto channel = must(opened(soon()));
        for (const auto size : {std::size_t{1}, std::size_t{10}, kLongestSerialPayload}) {
            const Bytes command(size, std::byte{0xF5}); // each is sent as two
            must(channel->send(command, soon()));
            QCOMPARE(heard(*channel, kLongestSerialPayload), command);
        }
    }

    void aResponseIsTakenInParts()
    {
        const FarEnd end{*m_plug, echoingAgent(m_ended)};
        const auto channel = must(opened(soon()));
        must(channel->send(asBytes("response"), soon()));
        QCOMPARE(heard(*channel, 5), toBytes(asBytes("respo")));
        QCOMPARE(heard(*channel, 5), toBytes(asBytes("nse")));
    }

    void theEndOfTheChannelEndsTheSession()
    {
        const FarEnd end{*m_plug, echoingAgent(m_ended)};
        m_ended = 0;
        must(opened(soon())).reset();
        QTRY_COMPARE(m_ended.load(), 1);
        must(opened(soon())); // the line is free again
    }

    void theLineCarriesBytesAsTheyAre()
    {
        const FarEnd end{*m_plug, echoingAgent(m_ended)};
        const auto channel = must(opened(soon()));
        const auto settings = m_plug->line().settings();
        QCOMPARE(settings.c_lflag & (ICANON | ECHO | ISIG | IEXTEN), 0U);
        QCOMPARE(settings.c_iflag & (IXON | IXOFF | ICRNL | INLCR | ISTRIP), 0U);
        QCOMPARE(settings.c_oflag & OPOST, 0U);
        QCOMPARE(settings.c_cflag & (CSIZE | PARENB | CSTOPB | CRTSCTS | HUPCL), tcflag_t{CS8});
        QCOMPARE(settings.c_cflag & CLOCAL, tcflag_t{CLOCAL});
        QCOMPARE(::cfgetospeed(&settings), speed_t{B115200});
    }

    void aSecondStationIsRefused()
    {
        const FarEnd end{*m_plug, echoingAgent(m_ended)};
        const auto first = must(opened(soon()));
        const auto second = opened(soon());
        QVERIFY(!second.ok());
        QCOMPARE(second.error().code, ErrorCode{StationCode::StationCannotReachPort});
        QVERIFY2(second.error().what.find("used by another program") != std::string::npos, second.error().what.c_str());
        must(first->send(asBytes("first"), soon()));
        QCOMPARE(heard(*first, 16), toBytes(asBytes("first")));
    }

    void nobodyElseOpensTheLineUntilItIsClosed()
    {
        const FarEnd end{*m_plug, echoingAgent(m_ended)};
        auto channel = must(opened(soon()));
        const system::Descriptor other{::open(path().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)}; // root may
        int isExclusive = 0;
        if (other.valid()) {
            QCOMPARE(::ioctl(other.fd(), TIOCGEXCL, &isExclusive), 0);
            QVERIFY(isExclusive != 0);
            QVERIFY(::flock(other.fd(), LOCK_EX | LOCK_NB) != 0);
        }
        channel.reset();
        const system::Descriptor later{::open(path().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)};
        QVERIFY(later.valid());
        QCOMPARE(::ioctl(later.fd(), TIOCGEXCL, &isExclusive), 0);
        QCOMPARE(isExclusive, 0);
    }

    void aSilentLineHasNoAgent()
    {
        const auto error = refusal([](ByteView) { return Bytes{}; });
        QCOMPARE(error.code, ErrorCode{DeviceCode::NoTpmAnswers});
        QVERIFY2(error.what.ends_with("nothing came"), error.what.c_str());
    }

    void whoeverSpeaksOnTheLineIsNamed_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("named");
        QTest::newRow("login prompt") << QByteArray{"\r\nDebian GNU/Linux 12 gw-7 ttyGS0\r\n\r\ngw-7 login: "}
                                      << QByteArray{"a login prompt"};
        QTest::newRow("shell") << QByteArray{"\r\nroot@gw-7:~# "} << QByteArray{"a shell"};
        QTest::newRow("noise") << QByteArray(40, '\x81') << QByteArray{"bytes came that are no frames"};
    }
    void whoeverSpeaksOnTheLineIsNamed()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QByteArray, named);
        const auto error = refusal([&, said = false](ByteView) mutable {
            return std::exchange(said, true) ? Bytes{} : toBytes(asBytes(text.toStdString()));
        });
        QCOMPARE(error.code, ErrorCode{DeviceCode::NoTpmAnswers});
        QVERIFY2(error.what.find(named.toStdString()) != std::string::npos, error.what.c_str());
    }

    void aConsoleThatSendsEverythingBackIsNamed()
    {
        const auto error = refusal([](ByteView came) { return toBytes(came); });
        QCOMPARE(error.code, ErrorCode{DeviceCode::NoTpmAnswers});
        QVERIFY2(error.what.find("sends back") != std::string::npos, error.what.c_str());
    }

    void whatIsNoSerialLineIsRefused_data()
    {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QByteArray>("named");
        QFile{m_directory.filePath(QStringLiteral("file"))}.open(QIODevice::WriteOnly);
        QTest::newRow("file") << m_directory.filePath(QStringLiteral("file")) << QByteArray{"is no serial line"};
        QTest::newRow("directory") << m_directory.path() << QByteArray{"is no serial line"};
        QTest::newRow("another device") << QStringLiteral("/dev/null") << QByteArray{"is no serial line"};
        QTest::newRow("nothing") << m_directory.filePath(QStringLiteral("none")) << QByteArray{"does not exist"};
    }
    void whatIsNoSerialLineIsRefused()
    {
        QFETCH(const QString, path);
        QFETCH(const QByteArray, named);
        const auto channel = openChannel(SerialAddress{path.toStdString()}, soon(), {});
        QVERIFY(!channel.ok());
        QCOMPARE(channel.error().code, ErrorCode{StationCode::StationCannotReachPort});
        QVERIFY2(channel.error().what.find(named.toStdString()) != std::string::npos, channel.error().what.c_str());
    }

    void anUnpluggedDeviceEndsTheWait()
    {
        std::optional<FarEnd> end{std::in_place, *m_plug, echoingAgent(m_ended)};
        const auto channel = must(opened(soon()));
        end.reset();
        must(channel->send(asBytes("command"), soon()));
        Waiting waiting{[&] {
            std::array<std::byte, 8> buffer{};
            return codeOf(channel->receive(buffer, soon()));
        }};
        QTRY_VERIFY(waiting.asleep());
        m_plug->unplug();
        QVERIFY(waiting.code() == DeviceCode::NoTpmAnswers);
    }

    void aCommandForAnUnpluggedDeviceFails()
    {
        std::optional<FarEnd> end{std::in_place, *m_plug, echoingAgent(m_ended)};
        const auto channel = must(opened(soon()));
        end.reset();
        m_plug->unplug();
        QVERIFY(codeOf(channel->send(asBytes("command"), soon())) == DeviceCode::NoTpmAnswers);
    }

    void aDeadlineEndsTheWait()
    {
        std::optional<FarEnd> end{std::in_place, *m_plug, echoingAgent(m_ended)};
        const auto channel = must(opened(soon()));
        end.reset();
        must(channel->send(asBytes("command"), soon()));
        std::array<std::byte, 8> buffer{};
        QElapsedTimer timer;
        timer.start();
        QVERIFY(codeOf(channel->receive(buffer, Deadline::in(kShort))) == DeviceCode::TpmTimedOut);
        QVERIFY(timer.elapsed() >= kShort.count());
    }

    void aStopEndsTheWaitAndWhatCameIsStillTaken()
    {
        std::optional<FarEnd> end{std::in_place, *m_plug, echoingAgent(m_ended)};
        const auto channel = must(opened(soon()));
        end.reset();
        must(channel->send(asBytes("command"), soon()));
        Waiting waiting{[&] {
            std::array<std::byte, 8> buffer{};
            return codeOf(channel->receive(buffer, soon()));
        }};
        QTRY_VERIFY(waiting.asleep());
        channel->interrupt();
        QVERIFY(waiting.code() == DeviceCode::Cancelled);
        QVERIFY(codeOf(channel->send(asBytes("more"), soon())) == DeviceCode::Cancelled);
        channel->resume();
        // The request is of the session that the first agent began: the same agent goes on with it.
        SerialFrameDecoder decoder;
        const auto requests = decoder.take(m_plug->read()).frames;
        QVERIFY(!requests.empty());
        m_plug->write(encodeSerialFrame(
            {SerialKind::Response, requests.back().session, requests.back().sequence, toBytes(asBytes("late"))}));
        QCOMPARE(heard(*channel, 16), toBytes(asBytes("late")));
    }

    void aStopEndsTheOpening()
    {
        std::stop_source stop;
        Waiting waiting{[&] { return codeOf(opened(soon(), stop.get_token())); }};
        QTRY_VERIFY(waiting.asleep());
        stop.request_stop();
        QVERIFY(waiting.code() == DeviceCode::Cancelled);
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestSerialChannel)
#include "tst_serial_channel.moc"
