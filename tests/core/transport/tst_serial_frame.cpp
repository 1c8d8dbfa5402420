#include "core/tpm/response_frame.h"
#include "core/transport/serial_frame.h"

#include <QTest>

#include <algorithm>
#include <random>

namespace enroll::test {

using namespace transport;

namespace {

static_assert(kLongestSerialPayload == tpm::kLongestFrame, "a serial frame takes every TPM command and response");

using Random = std::mt19937_64;

Bytes randomBytes(Random& random, std::size_t count)
{
    Bytes bytes(count);
    std::ranges::generate(bytes, [&random] { return static_cast<std::byte>(random() & 0xFFU); });
    return bytes;
}

SerialFrame randomFrame(Random& random, std::size_t payload)
{
    return {static_cast<SerialKind>(1 + random() % 7), static_cast<std::uint32_t>(random()),
            static_cast<std::uint32_t>(random()), randomBytes(random, payload)};
}

/// With every byte that is escaped, and zeros as a TPM's header has them.
SerialFrame oddFrame()
{
    Bytes payload{std::byte{0xF5}, std::byte{0xC9}, std::byte{0xFD}, std::byte{0xB5}, std::byte{0x7F}, std::byte{0x3F}};
    for (std::uint8_t control = 0; control < 0x22; ++control) {
        payload.push_back(std::byte{control});
    }
    return {SerialKind::Response, 0x0000F5C9, 0x7F0D0A11, payload};
}

SerialReception taken(ByteView bytes)
{
    return SerialFrameDecoder{}.take(bytes);
}

} // namespace

class TestSerialFrame : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void hasTheFormThatTheHeaderDescribes()
    {
        // The check by a calculation bit by bit, which gives E3069283 for "123456789", as the catalogue of CRCs says.
        const SerialFrame frame{SerialKind::Request, 2, 3, toBytes(asBytes("A"))};
        QCOMPARE(toHex(encodeSerialFrame(frame)),
                 std::string{"f5c9fd41fd43fd40fd41fd40fd40fd40fd42fd40fd40fd40fd43414836fd4c91"});
    }

    void readsBackEveryLength()
    {
        Random random{1}; // NOLINT(cert-msc51-cpp): the same numbers in every run
        for (const std::size_t payload : {0, 1, 2, 9, 10, 255, 256, 1000, 4095, 4096}) {
            const auto frame = randomFrame(random, payload);
            const auto sent = encodeSerialFrame(frame);
            QVERIFY(sent.size() <= mostSerialBytes(payload));
            const auto reception = taken(sent);
            QCOMPARE(reception.frames, std::vector{frame});
            QVERIFY(reception.stray.empty());
        }
    }

    void sendsNothingThatATerminalObeys()
    {
        const auto sent = encodeSerialFrame(oddFrame());
        const auto starts = std::ranges::count(sent, std::byte{0xF5});
        QCOMPARE(starts, 1);
        QVERIFY(std::ranges::none_of(sent, [](std::byte b) { return b < std::byte{0x20} || b == std::byte{0x7F}; }));
        QCOMPARE(taken(sent).frames, std::vector{oddFrame()});
    }

    void takesFramesInPartsOfAnySize()
    {
        Random random{2}; // NOLINT(cert-msc51-cpp)
        Bytes line;
        std::vector<SerialFrame> sent;
        for (int i = 0; i < 20; ++i) {
            sent.push_back(randomFrame(random, random() % 100));
            line = concat({line, encodeSerialFrame(sent.back())});
        }
        for (std::size_t part = 1; part < 70; ++part) {
            SerialFrameDecoder decoder;
            std::vector<SerialFrame> frames;
            for (std::size_t at = 0; at < line.size(); at += part) {
                auto reception = decoder.take(ByteView{line}.subspan(at, std::min(part, line.size() - at)));
                QVERIFY(reception.stray.empty());
                std::ranges::move(reception.frames, std::back_inserter(frames));
            }
            QCOMPARE(frames, sent);
        }
    }

    void aChangedByteNeverMakesAnotherFrame()
    {
        const auto good = encodeSerialFrame(oddFrame());
        const SerialFrame next{SerialKind::Working, 7, 8};
        for (std::size_t at = 0; at < good.size(); ++at) {
            for (unsigned turned = 1; turned < 0x100; ++turned) {
                auto changed = good;
                changed[at] ^= static_cast<std::byte>(turned);
                QCOMPARE(taken(concat({changed, encodeSerialFrame(next)})).frames, std::vector{next});
            }
        }
    }

    void aLostOrDoubledByteCostsItsOwnFrameAlone()
    {
        const auto good = encodeSerialFrame(oddFrame());
        const SerialFrame next{SerialKind::Working, 7, 8};
        const auto after = encodeSerialFrame(next);
        for (std::size_t at = 0; at < good.size(); ++at) {
            const auto before = ByteView{good}.first(at);
            const auto lost = concat({before, ByteView{good}.subspan(at + 1), after});
            QCOMPARE(taken(lost).frames, std::vector{next});
            const auto doubled = concat({before, ByteView{good}.subspan(at, 1), ByteView{good}.subspan(at), after});
            const auto frames = taken(doubled).frames;
            // Behind the frame, and before the second byte of its start, one more changes nothing.
            const bool harmless = at == 0 || at + 1 == good.size();
            QCOMPARE(frames, harmless ? (std::vector{oddFrame(), next}) : std::vector{next});
        }
    }

    void aFrameThatIsCutAnywhereLeavesTheNextOneWhole()
    {
        const auto good = encodeSerialFrame(oddFrame());
        for (std::size_t at = 0; at < good.size(); ++at) {
            SerialFrameDecoder decoder;
            QVERIFY(decoder.take(ByteView{good}.first(at)).frames.empty());
            QCOMPARE(decoder.isWithinFrame(), at >= 2);
            QCOMPARE(decoder.take(good).frames, std::vector{oddFrame()});
            QVERIFY(!decoder.isWithinFrame());
            QCOMPARE(decoder.damaged(), std::size_t{at >= 2 ? 1U : 0U});
            // Its end without its beginning is none either.
            QVERIFY(at == 0 || taken(ByteView{good}.subspan(at)).frames.empty());
        }
    }

    void aFrameThatComesTwiceIsSeenTwice()
    {
        const auto good = encodeSerialFrame(oddFrame());
        QCOMPARE(taken(concat({good, good})).frames, (std::vector{oddFrame(), oddFrame()}));
    }

    void tellsTextFromFrames()
    {
        const SerialFrame one{SerialKind::Working, 1, 1};
        const SerialFrame two{SerialKind::Response, 1, 1, toBytes(asBytes("login: "))};
        const auto line = concat({asBytes("before\r\n"), encodeSerialFrame(one), asBytes("between\n"),
                                  encodeSerialFrame(two), asBytes("behind")});
        const auto reception = taken(line);
        QCOMPARE(reception.frames, (std::vector{one, two}));
        QCOMPARE(std::string{asText(reception.stray)}, std::string{"before\r\nbetween\nbehind"});
    }

    void textWithinAFrameCostsThatFrame()
    {
        const auto good = encodeSerialFrame(oddFrame());
        const SerialFrame next{SerialKind::Working, 7, 8};
        for (std::size_t at = 1; at < good.size(); ++at) {
            const auto line = concat({ByteView{good}.first(at), asBytes("[   12.345678] usb 1-1: reset\r\nmore"),
                                      ByteView{good}.subspan(at), encodeSerialFrame(next)});
            QCOMPARE(taken(line).frames, std::vector{next});
        }
    }

    void aDamagedFrameIsNoTextOfTheLine()
    {
        auto sent = encodeSerialFrame({SerialKind::Response, 1, 1, toBytes(asBytes("gateway login: "))});
        sent.back() ^= std::byte{1};
        const auto reception = taken(sent);
        QVERIFY(reception.frames.empty());
        QVERIFY(reception.stray.empty());
    }

    void aFrameHasOneFormAlone()
    {
        const auto word = toBytes(asBytes("plain"));
        const SerialFrame frame{SerialKind::Request, 1, 1, word};
        const auto good = encodeSerialFrame(frame);
        const auto plain = std::search(good.begin(), good.end(), word.begin(), word.end());
        const Bytes escaped{std::byte{0xFD}, *plain ^ std::byte{0x40}};
        const auto at = static_cast<std::size_t>(plain - good.begin());
        const auto other = concat({ByteView{good}.first(at), escaped, ByteView{good}.subspan(at + 1)});
        QCOMPARE(taken(good).frames, std::vector{frame});
        QVERIFY(taken(other).frames.empty());
    }

    void refusesALengthThatNoFrameHas()
    {
        // Version, kind, length 0x1001: escaped as in a frame.
        SerialFrameDecoder decoder;
        const auto begun = fromHex("f5c9fd41fd43fd50fd4144444444").value();
        QVERIFY(decoder.take(begun).frames.empty());
        QVERIFY(decoder.isWithinFrame());
        QVERIFY(decoder.take(asBytes("4444")).frames.empty());
        QVERIFY(!decoder.isWithinFrame());
        QCOMPARE(decoder.damaged(), std::size_t{1});
    }

    void saysThatAFrameIsOfALaterVersion()
    {
        SerialFrame later{static_cast<SerialKind>(200), 1, 2, toBytes(asBytes("new"))};
        later.version = 2;
        QCOMPARE(taken(encodeSerialFrame(later)).frames, std::vector{later});
    }

    void findsEveryFrameInARandomStream_data()
    {
        QTest::addColumn<quint64>("seed");
        for (quint64 seed = 1; seed <= 20; ++seed) {
            QTest::addRow("seed %llu", seed) << seed;
        }
    }
    void findsEveryFrameInARandomStream()
    {
        QFETCH(const quint64, seed);
        Random random{seed};
        Bytes line;
        std::vector<SerialFrame> sent;
        std::size_t noiseBytes = 0;
        for (int i = 0; i < 100; ++i) {
            // What begins a frame by chance ends with the start of the next one.
            const auto noise = randomBytes(random, random() % 300);
            noiseBytes += noise.size();
            sent.push_back(randomFrame(random, random() % 300));
            line = concat({line, noise, encodeSerialFrame(sent.back())});
        }
        const auto reception = taken(line);
        QCOMPARE(reception.frames, sent);
        QVERIFY(reception.stray.size() <= noiseBytes);
    }

    void nothingButStartsIsTakenInLinearTime()
    {
        // Each of a million frames begins, and none ends: a reader that looked at bytes again would not come to an end.
        const auto begun = fromHex("f5c9fd41fd43fd4fff").value();
        Bytes line;
        while (line.size() < 8'000'000) {
            line.insert(line.end(), begun.begin(), begun.end());
        }
        SerialFrameDecoder decoder;
        const auto reception = decoder.take(line);
        QVERIFY(reception.frames.empty());
        QVERIFY(reception.stray.empty());
        QCOMPARE(decoder.damaged(), line.size() / begun.size() - 1);
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestSerialFrame)
#include "tst_serial_frame.moc"
