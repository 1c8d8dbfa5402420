#include "core/transport/serial_responder.h"

#include <QTest>

namespace enroll::test {

using namespace transport;

namespace {

constexpr std::uint32_t kBase = 41;
constexpr std::uint32_t kSession = 42; // the first one behind it

Bytes helloOf(std::uint64_t nonce)
{
    return encodeSerialFrame({SerialKind::Hello, 0, 0, toBytes(ByteWriter{}.u64(nonce).view())});
}

SerialFrame welcome(std::uint32_t session, std::uint64_t nonce)
{
    return {SerialKind::Welcome, session, 0, toBytes(ByteWriter{}.u64(nonce).view())};
}

Bytes request(std::uint32_t session, std::uint32_t sequence, std::string_view command)
{
    return encodeSerialFrame({SerialKind::Request, session, sequence, toBytes(asBytes(command))});
}

SerialFrame nack(std::uint32_t session, std::uint32_t sequence, NackReason reason)
{
    return {SerialKind::Nack, session, sequence, {static_cast<std::byte>(reason)}};
}

std::vector<SerialFrame> sent(SerialResponder& agent)
{
    return SerialFrameDecoder{}.take(agent.output()).frames;
}

/// In the session of station 1, of which everything was said.
SerialResponder begun()
{
    SerialResponder agent{kBase};
    agent.take(helloOf(1));
    static_cast<void>(agent.output());
    static_cast<void>(agent.next());
    return agent;
}

SerialRequest given(std::uint32_t sequence, std::string_view command)
{
    return {kSession, sequence, toBytes(asBytes(command))};
}

const std::optional<SerialEvent> kNothing;
const std::vector<SerialFrame> kNone;

} // namespace

class TestSerialResponder : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void beginsASession()
    {
        SerialResponder agent{kBase};
        agent.take(helloOf(1));
        QCOMPARE(sent(agent), std::vector{welcome(kSession, 1)});
        QVERIFY(agent.next() == SerialEvent{SerialSessionBegan{}});
        QVERIFY(agent.next() == kNothing);
        agent.take(helloOf(1)); // repeated
        QCOMPARE(sent(agent), std::vector{welcome(kSession, 1)});
        QVERIFY(agent.next() == kNothing);
    }

    void aSessionHasANumberOfItsOwn()
    {
        SerialResponder agent{0xFFFFFFFF}; // 0 is that of a hello
        agent.take(helloOf(1));
        QCOMPARE(sent(agent), std::vector{welcome(1, 1)});
        agent.take(helloOf(2));
        QCOMPARE(sent(agent), std::vector{welcome(2, 2)});
        agent.take(helloOf(1));
        QCOMPARE(sent(agent), std::vector{welcome(3, 1)});
    }

    void givesARequestOnceAndItsResponseToEachRepetition()
    {
        auto agent = begun();
        const SerialFrame working{SerialKind::Working, kSession, 1};
        const SerialFrame response{SerialKind::Response, kSession, 1, toBytes(asBytes("pong"))};
        agent.take(request(kSession, 1, "ping"));
        QCOMPARE(sent(agent), std::vector{working});
        QVERIFY(agent.next() == SerialEvent{given(1, "ping")});
        QVERIFY(agent.next() == kNothing);

        agent.take(request(kSession, 1, "ping"));
        QCOMPARE(sent(agent), std::vector{working});
        QVERIFY(agent.next() == kNothing);

        agent.respond(given(1, "ping"), asBytes("pong"));
        QCOMPARE(sent(agent), std::vector{response});
        QCOMPARE(sent(agent), kNone);
        for (int i = 0; i < 3; ++i) {
            agent.take(request(kSession, 1, "ping"));
            QCOMPARE(sent(agent), std::vector{response});
            QVERIFY(agent.next() == kNothing);
        }
        agent.respond(given(1, "ping"), asBytes("another"));
        QCOMPARE(sent(agent), kNone);
    }

    void aFloodOfRepetitionsIsAnsweredOnce()
    {
        auto agent = begun();
        Bytes flood;
        for (int i = 0; i < 1000; ++i) {
            flood = concat({request(kSession, 1, "ping"), request(9, 1, "x"), helloOf(1), flood});
        }
        agent.take(flood);
        QCOMPARE(sent(agent).size(), std::size_t{3});
        QVERIFY(agent.next() == SerialEvent{given(1, "ping")});
        QVERIFY(agent.next() == kNothing);
    }

    void takesRequestsInTheirOrderAlone()
    {
        auto agent = begun();
        agent.take(request(kSession, 2, "too early"));
        QCOMPARE(sent(agent), std::vector{nack(kSession, 2, NackReason::OutOfOrder)});
        agent.take(request(kSession, 0, "none"));
        QCOMPARE(sent(agent), kNone);
        QVERIFY(agent.next() == kNothing);

        agent.take(request(kSession, 1, "first"));
        QVERIFY(agent.next() == SerialEvent{given(1, "first")});
        static_cast<void>(agent.output());
        agent.take(request(kSession, 2, "while the first runs"));
        QCOMPARE(sent(agent), std::vector{nack(kSession, 2, NackReason::OutOfOrder)});
        QVERIFY(agent.next() == kNothing);

        agent.respond(given(1, "first"), {});
        agent.take(request(kSession, 2, "second"));
        QVERIFY(agent.next() == SerialEvent{given(2, "second")});
        static_cast<void>(agent.output());
        agent.take(request(kSession, 1, "first")); // late: its response came
        QCOMPARE(sent(agent), kNone);
        QVERIFY(agent.next() == kNothing);
    }

    void refusesRequestsOfOtherSessions()
    {
        SerialResponder agent{kBase};
        agent.take(request(kBase, 1, "of the agent before"));
        agent.take(request(kSession, 1, "before a session"));
        QCOMPARE(sent(agent), std::vector{nack(kSession, 1, NackReason::UnknownSession)});
        QVERIFY(agent.next() == kNothing);

        agent = begun();
        agent.take(request(kSession + 1, 1, "ping"));
        QCOMPARE(sent(agent), std::vector{nack(kSession + 1, 1, NackReason::UnknownSession)});
        QVERIFY(agent.next() == kNothing);
    }

    void anotherStationEndsTheSession()
    {
        auto agent = begun();
        agent.take(request(kSession, 1, "of station 1"));
        agent.take(helloOf(2));
        QVERIFY(agent.next() == SerialEvent{SerialSessionBegan{}});
        QVERIFY(agent.next() == kNothing); // its request, which nobody ran, is gone with it
        QCOMPARE(sent(agent), std::vector{welcome(kSession + 1, 2)});
        agent.take(request(kSession, 1, "of station 1"));
        QCOMPARE(sent(agent), std::vector{nack(kSession, 1, NackReason::UnknownSession)});
    }

    void aResponseToAFormerStationIsSentToNobody()
    {
        auto agent = begun();
        agent.take(request(kSession, 1, "of station 1"));
        QVERIFY(agent.next() == SerialEvent{given(1, "of station 1")});
        agent.take(helloOf(2));
        agent.take(request(kSession + 1, 1, "of station 2"));
        static_cast<void>(agent.output());
        agent.respond(given(1, "of station 1"), asBytes("secret"));
        QCOMPARE(sent(agent), kNone);
        QVERIFY(agent.next() == SerialEvent{SerialSessionBegan{}});
        QVERIFY(agent.next() == (SerialEvent{SerialRequest{kSession + 1, 1, toBytes(asBytes("of station 2"))}}));
    }

    void aGoodbyeEndsTheSession()
    {
        auto agent = begun();
        agent.take(encodeSerialFrame({SerialKind::Goodbye, kSession - 1}));
        QVERIFY(agent.next() == kNothing);
        agent.take(request(kSession, 1, "ping"));
        agent.take(encodeSerialFrame({SerialKind::Goodbye, kSession}));
        QVERIFY(agent.next() == SerialEvent{SerialSessionEnded{}});
        QVERIFY(agent.next() == kNothing);
        QCOMPARE(sent(agent), kNone);
        agent.take(request(kSession, 1, "ping"));
        QCOMPARE(sent(agent), std::vector{nack(kSession, 1, NackReason::UnknownSession)});
        agent.take(helloOf(1)); // the number of the session that is over is not given again
        QCOMPARE(sent(agent), std::vector{welcome(kSession + 1, 1)});
    }

    void aSessionThatTheAgentEndedTakesNothing()
    {
        auto agent = begun();
        agent.take(request(kSession, 1, "ping"));
        QVERIFY(agent.next() == SerialEvent{given(1, "ping")});
        agent.close();
        agent.respond(given(1, "ping"), asBytes("pong"));
        QCOMPARE(sent(agent), kNone);
        agent.take(request(kSession, 1, "ping"));
        QCOMPARE(sent(agent), std::vector{nack(kSession, 1, NackReason::UnknownSession)});
        QVERIFY(agent.next() == kNothing);
    }

    void passesOverWhatNoStationOfItsVersionSends()
    {
        auto agent = begun();
        SerialFrame later{SerialKind::Request, kSession, 1, toBytes(asBytes("ping"))};
        later.version = 2;
        for (const auto& frame :
             {later, welcome(kSession, 1), SerialFrame{SerialKind::Working, kSession, 1},
              SerialFrame{SerialKind::Response, kSession, 1}, nack(kSession, 1, NackReason::OutOfOrder),
              SerialFrame{static_cast<SerialKind>(99), kSession, 1},
              SerialFrame{SerialKind::Hello, 0, 0, toBytes(asBytes("short"))}}) {
            agent.take(encodeSerialFrame(frame));
            QCOMPARE(sent(agent), kNone);
            QVERIFY(agent.next() == kNothing);
        }
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestSerialResponder)
#include "tst_serial_responder.moc"
