#include "core/base/device_code.h"
#include "core/transport/serial_requester.h"

#include <QTest>

namespace enroll::test {

using namespace transport;
using namespace std::chrono_literals;
using Time = SerialRequester::Time;

namespace {

constexpr Time kStart{};
constexpr std::uint64_t kNonce = 0x0123456789ABCDEF;
constexpr SerialTiming kTiming{115'200};

SerialFrame hello()
{
    return {SerialKind::Hello, 0, 0, toBytes(ByteWriter{}.u64(kNonce).view())};
}

SerialFrame welcome(std::uint32_t session)
{
    return {SerialKind::Welcome, session, 0, hello().payload};
}

/// The frames of what is sent, which holds nothing else.
std::vector<SerialFrame> framesOf(ByteView sent)
{
    auto reception = SerialFrameDecoder{}.take(sent);
    return reception.stray.empty() ? std::move(reception.frames) : std::vector<SerialFrame>{};
}

/// In session 7, at kStart.
SerialRequester connected()
{
    SerialRequester station{kNonce, kTiming};
    station.connect(kStart, kStart + 10s);
    static_cast<void>(station.output(kStart));
    station.take(encodeSerialFrame(welcome(7)), kStart);
    static_cast<void>(station.ended(kStart));
    return station;
}

/// With the request "ping" sent, at kStart.
SerialRequester waiting()
{
    auto station = connected();
    station.request(asBytes("ping"), kStart, kStart + 10s);
    static_cast<void>(station.output(kStart));
    return station;
}

std::string failureAt(SerialRequester& station, Time now)
{
    const auto ended = station.ended(now);
    return ended && !ended->ok() ? ended->error().what : std::string{};
}

} // namespace

class TestSerialRequester : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void beginsWithAHello()
    {
        SerialRequester station{kNonce, kTiming};
        station.connect(kStart, kStart + 10s);
        QCOMPARE(station.due(), kStart);
        QCOMPARE(framesOf(station.output(kStart)), std::vector{hello()});
        QVERIFY(station.output(kStart).empty());
        QVERIFY(!station.ended(kStart));
        station.take(encodeSerialFrame(welcome(7)), kStart);
        const auto ended = station.ended(kStart);
        QVERIFY(ended && ended->ok());
        QVERIFY(!station.isUnderWay());
        QVERIFY(!station.ended(kStart));
    }

    void takesNoWelcomeOfAnotherStation()
    {
        SerialRequester station{kNonce, kTiming};
        station.connect(kStart, kStart + 10s);
        station.take(encodeSerialFrame({SerialKind::Welcome, 7, 0, toBytes(ByteWriter{}.u64(kNonce + 1).view())}),
                     kStart);
        QVERIFY(!station.ended(kStart));
    }

    void givesTheResponseOfItsOwnRequestAlone()
    {
        auto station = waiting();
        const auto old = toBytes(asBytes("old"));
        station.take(encodeSerialFrame({SerialKind::Response, 7, 0, old}), kStart);
        station.take(encodeSerialFrame({SerialKind::Response, 6, 1, old}), kStart);
        station.take(encodeSerialFrame({SerialKind::Response, 7, 2, old}), kStart);
        station.take(encodeSerialFrame({SerialKind::Nack, 6, 1, {std::byte{1}}}), kStart);
        QVERIFY(!station.ended(kStart));
        station.take(encodeSerialFrame({SerialKind::Response, 7, 1, toBytes(asBytes("pong"))}), kStart);
        station.take(encodeSerialFrame({SerialKind::Response, 7, 1, old}), kStart);
        QCOMPARE(station.ended(kStart).value().value(), toBytes(asBytes("pong")));
    }

    void countsItsRequests()
    {
        auto station = connected();
        for (std::uint32_t sequence = 1; sequence < 4; ++sequence) {
            station.request(asBytes("ping"), kStart, kStart + 10s);
            const SerialFrame expected{SerialKind::Request, 7, sequence, toBytes(asBytes("ping"))};
            QCOMPARE(framesOf(station.output(kStart)), std::vector{expected});
            station.take(encodeSerialFrame({SerialKind::Response, 7, sequence}), kStart);
            QVERIFY(station.ended(kStart).value().ok());
        }
    }

    void repeatsItsRequestLessAndLessOften()
    {
        auto station = connected();
        station.request(asBytes("ping"), kStart, kStart + 20s);
        const auto first = station.output(kStart);
        std::vector<Time> sent{kStart};
        while (station.due() < kStart + 20s) {
            const auto now = station.due();
            QVERIFY(station.output(now - 1ms).empty());
            QCOMPARE(station.output(now), first);
            sent.push_back(now);
        }
        QVERIFY(sent[1] - sent[0] >= kTiming.turnaround);
        QVERIFY(sent[1] - sent[0] < 2 * kTiming.turnaround);
        for (std::size_t i = 2; i < sent.size(); ++i) {
            const auto longest =
                std::min<Time::duration>(2 * (sent[i - 1] - sent[i - 2]), SerialRequester::kLongestPause);
            QCOMPARE((sent[i] - sent[i - 1]).count(), longest.count());
        }
    }

    void waitsAsLongAsASlowLineTakes()
    {
        SerialRequester station{kNonce, {1200}};
        station.connect(kStart, kStart + 100s);
        static_cast<void>(station.output(kStart));
        station.take(encodeSerialFrame(welcome(7)), kStart);
        QVERIFY(station.ended(kStart).value().ok());
        station.request(Bytes(4096, std::byte{0xAA}), kStart, kStart + 100s);
        QVERIFY(!station.output(kStart).empty());
        QVERIFY(station.due() > kStart + 34s); // 4096 bytes of ten bits
        QVERIFY(station.due() < kStart + 36s);
    }

    void asksSeldomWhileTheAgentIsWorking()
    {
        auto station = waiting();
        station.take(encodeSerialFrame({SerialKind::Working, 7, 1}), kStart + 1ms);
        QCOMPARE(station.due(), kStart + 1ms + SerialRequester::kWhileWorking);
        const auto again = station.due();
        QVERIFY(!station.output(again).empty());
        const auto due = station.due();
        station.take(encodeSerialFrame({SerialKind::Working, 7, 1}), again + 1ms);
        QCOMPARE(station.due(), due); // an answer to the repetition is nothing new
    }

    void repeatsNothingWhileAFrameComesIn()
    {
        auto station = waiting();
        const auto response = encodeSerialFrame({SerialKind::Response, 7, 1, Bytes(4096, std::byte{0x41})});
        auto now = station.due() - 1ms; // it begins when the request would be repeated
        for (const auto byte : response) {
            now += 87us;
            station.take(std::span{&byte, 1}, now);
            QVERIFY(station.output(now).empty());
        }
        QCOMPARE(station.ended(now).value().value().size(), std::size_t{4096});
    }

    void aFrameWithoutAnEndHoldsARepetitionUpForALittle()
    {
        auto station = waiting();
        const auto response = encodeSerialFrame({SerialKind::Response, 7, 1, Bytes(4096, std::byte{0x41})});
        const auto due = station.due();
        station.take(ByteView{response}.first(100), due - 1ms);
        QVERIFY(station.output(due).empty());
        station.take({}, due); // nothing more came
        QCOMPARE(station.due(), due - 1ms + kTiming.turnaround);
        auto now = due;
        for (const auto byte : ByteView{response}.subspan(100)) { // no line is that slow
            now += 100ms;
            station.take(std::span{&byte, 1}, now);
            if (!station.output(now).empty()) {
                break;
            }
        }
        QVERIFY(now < due + 1s);
    }

    void aResponseCountsAlthoughItsTimeIsOver()
    {
        auto station = waiting();
        station.take(encodeSerialFrame({SerialKind::Response, 7, 1}), kStart + 11s);
        QVERIFY(station.ended(kStart + 11s).value().ok());
    }

    void mayBeGivenMoreTime()
    {
        auto station = waiting();
        station.waitUntil(kStart + 20s);
        QVERIFY(!station.ended(kStart + 15s));
        station.waitUntil(kStart + 5s);
        const auto ended = station.ended(kStart + 15s);
        QVERIFY(ended && !ended->ok());
        QCOMPARE(ended->error().code, ErrorCode{DeviceCode::TpmTimedOut});
    }

    void afterAFailureNothingIsSent()
    {
        auto station = waiting();
        const auto first = failureAt(station, kStart + 10s);
        QVERIFY(!first.empty());
        station.request(asBytes("ping"), kStart + 11s, kStart + 20s);
        QVERIFY(station.output(kStart + 11s).empty());
        QCOMPARE(failureAt(station, kStart + 11s), first);
    }

    void saysThatTheAgentWasStartedAgain()
    {
        auto station = waiting();
        station.take(encodeSerialFrame({SerialKind::Nack, 7, 1, {std::byte{1}}}), kStart);
        const auto ended = station.ended(kStart);
        QVERIFY(ended && !ended->ok());
        QCOMPARE(ended->error().code, ErrorCode{DeviceCode::NoTpmAnswers});
        QVERIFY(ended->error().what.find("started again") != std::string::npos);
    }

    void saysGoodbyeInASessionAlone()
    {
        QVERIFY((SerialRequester{kNonce, kTiming}.goodbye().empty()));
        QCOMPARE(framesOf(connected().goodbye()), (std::vector{SerialFrame{SerialKind::Goodbye, 7}}));
    }

    void saysWhatTheLineCarried_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("words");
        const auto row = [](const char* name, const Bytes& bytes, const char* words) {
            QTest::newRow(name) << QByteArray{reinterpret_cast<const char*>(bytes.data()), int(bytes.size())}
                                << QByteArray{words};
        };
        const auto text = [](const char* bytes) { return toBytes(asBytes(bytes)); };
        auto damaged = encodeSerialFrame(welcome(7));
        damaged.back() ^= std::byte{1};
        auto later = welcome(7);
        later.version = 2;
        row("nothing", {}, "nothing came");
        row("a login prompt", text("\r\ngw login: "), "the line carries a login prompt");
        row("a shell", text("root@gw:~# "), "the line carries the prompt of a shell");
        row("the kernel", text("[    0.000000] Linux version 6.1.0\r\n"), "the line carries messages of the kernel");
        row("a boot loader", text("U-Boot 2023.01\r\n"), "the line carries a boot loader");
        row("an echo", encodeSerialFrame(hello()), "sends back what is sent");
        row("a prompt that echoes", concat({asBytes("gw login: "), encodeSerialFrame(hello())}), "a login prompt");
        row("a later agent", encodeSerialFrame(later), "frames of version 2 came");
        row("damage", concat({damaged, damaged}), "2 damaged frames came");
        row("another speed", text("\x80\xF8\x80"), "3 bytes came that are no frames");
    }
    void saysWhatTheLineCarried()
    {
        QFETCH(const QByteArray, bytes);
        QFETCH(const QByteArray, words);
        const auto came = asBytes({bytes.constData(), static_cast<std::size_t>(bytes.size())});
        SerialRequester station{kNonce, kTiming};
        station.connect(kStart, kStart + 10s);
        station.take(came, kStart);
        const auto ended = station.ended(kStart + 10s);
        QVERIFY(ended && !ended->ok());
        QCOMPARE(ended->error().code, ErrorCode{DeviceCode::NoTpmAnswers});
        QVERIFY2(QByteArray::fromStdString(ended->error().what).contains(words), ended->error().what.c_str());

        // In a session it is what came since the agent's last frame.
        auto silent = waiting();
        silent.take(came, kStart);
        silent.take(encodeSerialFrame({SerialKind::Working, 7, 1}), kStart);
        QVERIFY(QByteArray::fromStdString(failureAt(silent, kStart + 10s)).contains("nothing came"));
        auto taken = waiting();
        taken.take(encodeSerialFrame({SerialKind::Working, 7, 1}), kStart);
        taken.take(came, kStart);
        const auto failure = QByteArray::fromStdString(failureAt(taken, kStart + 10s));
        // A whole frame of the agent's version is no trouble.
        QVERIFY2(failure.contains(words), failure.constData());
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestSerialRequester)
#include "tst_serial_requester.moc"
