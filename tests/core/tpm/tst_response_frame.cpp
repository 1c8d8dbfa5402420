#include "core/base/device_code.h"
#include "core/base/station_code.h"
#include "core/tpm/command_table.h"
#include "core/tpm/response_frame.h"

#include <QTest>

#include <functional>

namespace enroll::test {
namespace {

using namespace tpm;
using namespace tpm::command_code;

// A password authorization: empty nonce, continueSession, empty HMAC.
constexpr auto kPasswordAuthorization = "0000"
                                        "01"
                                        "0000";

Bytes hex(const std::string& text)
{
    return fromHex(text).value();
}

std::string hex32(std::size_t value)
{
    return toHex(ByteWriter{}.u32(static_cast<std::uint32_t>(value)).view());
}

/// A frame whose size field is right.
Bytes frame(const std::string& tag, const std::string& code, const std::string& body)
{
    return hex(tag + hex32(kHeaderSize + body.size() / 2) + code + body);
}

CommandHeader plain(std::uint32_t code)
{
    return {kTagNoSessions, 12, code};
}

CommandHeader authorized(std::uint32_t code)
{
    return {kTagSessions, 27, code};
}

Bytes goodRandom()
{
    return frame("8001", "00000000", "00020a0b");
}

/// TPM2_Load: handle, parameters (a name of four bytes), one authorization.
Bytes goodLoad()
{
    return frame("8002", "00000000",
                 "80000001"
                 "00000006"
                 "000401020304" +
                     std::string{kPasswordAuthorization});
}

Bytes with(Bytes bytes, std::size_t offset, int value)
{
    bytes.at(offset) = static_cast<std::byte>(value);
    return bytes;
}

ErrorCode refusalOf(const CommandHeader& command, const Bytes& response)
{
    const auto checked = checkResponseFrame(command, response);
    return checked ? StationCode::InternalFault : checked.error().code;
}

constexpr auto kMalformed = DeviceCode::TpmResponseMalformed;

} // namespace

class TestResponseFrame : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aListEndsWithItsLastEntry_data()
    {
        QTest::addColumn<QString>("parameters");
        QTest::addColumn<bool>("whole");
        QTest::newRow("handles") << "00 00000001 00000002 80000000 80000001" << true;
        QTest::newRow("no handles") << "00 00000001 00000000" << true;
        QTest::newRow("properties") << "01 00000006 00000001 00000105 49465800" << true;
        QTest::newRow("another capability") << "00 00000000 00000001 00010000 0000" << true;
        QTest::newRow("a handle is missing") << "00 00000001 00000002 80000000" << false;
        QTest::newRow("a byte is missing") << "00 00000006 00000001 00000105 494658" << false;
        QTest::newRow("one handle more") << "00 00000001 00000000 80000000" << false;
        QTest::newRow("more than there can be") << "00 00000001 FFFFFFFF 80000000" << false;
        QTest::newRow("no count") << "00 00000001" << false;
    }
    void aListEndsWithItsLastEntry()
    {
        QFETCH(const QString, parameters);
        QFETCH(const bool, whole);
        const auto body = QString{parameters}.remove(QLatin1Char(' ')).toStdString();
        QCOMPARE(checkResponseFrame(plain(kGetCapability), frame("8001", "00000000", body)).ok(), whole);
        const auto covered = hex32(body.size() / 2) + body + kPasswordAuthorization;
        QCOMPARE(checkResponseFrame(authorized(kGetCapability), frame("8002", "00000000", covered)).ok(), whole);
    }

    void acceptsAResponseWithoutSessions() { QCOMPARE(*checkResponseFrame(plain(kGetRandom), goodRandom()), 0U); }

    void acceptsAResponseWithHandleParametersAndAuthorization()
    {
        QCOMPARE(*checkResponseFrame(authorized(kLoad), goodLoad()), 0U);
    }

    void acceptsABareFailureOfAnAuthorizedCommand()
    {
        QCOMPARE(*checkResponseFrame(authorized(kLoad), frame("8001", "000001df", "")), 0x1DFU);
    }

    void acceptsCodesThatAResourceManagerMade_data()
    {
        QTest::addColumn<std::string>("code");
        QTest::newRow("kernel") << std::string{"000b0143"};
        QTest::newRow("tpm2-abrmd") << std::string{"000c0902"};
    }
    void acceptsCodesThatAResourceManagerMade()
    {
        QFETCH(const std::string, code);
        QVERIFY(checkResponseFrame(plain(kGetRandom), frame("8001", code, "")).ok());
    }

    void refusesOtherBitsInTheCode_data()
    {
        QTest::addColumn<std::string>("code");
        QTest::newRow("library's layer") << std::string{"00070001"};
        QTest::newRow("transport's layer") << std::string{"000a0008"};
        QTest::newRow("highest bit") << std::string{"80000101"};
        QTest::newRow("bit 12") << std::string{"00001101"};
        QTest::newRow("manager's success") << std::string{"000b0000"};
    }
    void refusesOtherBitsInTheCode()
    {
        QFETCH(const std::string, code);
        QCOMPARE(refusalOf(plain(kGetRandom), frame("8001", code, "")), kMalformed);
    }

    // Part 2, "Response Code Formats": every code has bit 7 (format one) or bit 8 (format zero of TPM 2.0).
    void refusesACodeOfNoFormat_data()
    {
        QTest::addColumn<std::string>("code");
        QTest::newRow("of a TPM 1.2") << std::string{"00000001"};
        QTest::newRow("the library's try-again") << std::string{"00000009"};
        QTest::newRow("try-again by the manager") << std::string{"000b0009"};
        QTest::newRow("try-again through the manager") << std::string{"000c0009"};
        QTest::newRow("warning without a version") << std::string{"00000822"};
    }
    void refusesACodeOfNoFormat()
    {
        QFETCH(const std::string, code);
        QCOMPARE(refusalOf(plain(kGetRandom), frame("8001", code, "")), kMalformed);
    }

    void refusesAnUnknownTag() { QCOMPARE(refusalOf(plain(kGetRandom), with(goodRandom(), 1, 0x03)), kMalformed); }

    void refusesTheAnswerOfATpm12()
    {
        const auto refused = checkResponseFrame(plain(kGetRandom), hex("00c4"
                                                                       "0000000a"
                                                                       "0000001e"));
        QVERIFY(!refused.ok() && refused.error().code == DeviceCode::TpmOfVersion12);
    }

    void refusesATagThatIsNotTheCommands()
    {
        QCOMPARE(refusalOf(authorized(kGetRandom), goodRandom()), kMalformed);
        QCOMPARE(refusalOf(plain(kLoad), goodLoad()), kMalformed);
    }

    void refusesAFailureWithABody()
    {
        QCOMPARE(refusalOf(plain(kGetRandom), frame("8001", "00000101", "0000")), kMalformed);
    }

    void refusesAFailureWithTheSessionsTag()
    {
        QCOMPARE(refusalOf(authorized(kLoad), frame("8002", "00000101", "")), kMalformed);
    }

    void refusesFewerBytesThanAnnounced()
    {
        QCOMPARE(refusalOf(plain(kGetRandom), with(goodRandom(), 5, 15)), kMalformed);
    }

    void refusesMoreBytesThanAnnouncedAsOversized()
    {
        QCOMPARE(refusalOf(plain(kGetRandom), with(goodRandom(), 5, 13)), DeviceCode::TpmResponseOversized);
    }

    void refusesAnAnnouncedSizeBelowTheHeader()
    {
        QCOMPARE(announcedSize(hex("8001"
                                   "00000009"
                                   "00000000"))
                     .error()
                     .code,
                 kMalformed);
    }

    void takesTheLargestSizeAndNotOneMore()
    {
        QCOMPARE(*announcedSize(hex("8001"
                                    "00001000"
                                    "00000000")),
                 std::size_t{4096});
        QCOMPARE(announcedSize(hex("8001"
                                   "00001001"
                                   "00000000"))
                     .error()
                     .code,
                 DeviceCode::TpmResponseOversized);
    }

    void callsNonsenseMalformedNotOversized()
    {
        QCOMPARE(announcedSize(Bytes(10, std::byte{0xFF})).error().code, kMalformed);
    }

    void refusesParametersBeyondTheFrame()
    {
        QCOMPARE(refusalOf(authorized(kLoad), with(goodLoad(), 17, 12)), kMalformed);
        QCOMPARE(refusalOf(authorized(kLoad), with(goodLoad(), 14, 0xFF)), kMalformed);
    }

    void refusesAFirstSizeBeyondTheParameters()
    {
        QCOMPARE(refusalOf(authorized(kLoad), with(goodLoad(), 19, 5)), kMalformed);
        QCOMPARE(refusalOf(plain(kGetRandom), with(goodRandom(), 11, 3)), kMalformed);
    }

    void refusesADigestLongerThanAny_data()
    {
        QTest::addColumn<std::uint32_t>("command");
        QTest::addColumn<std::string>("handle");
        QTest::newRow("nonce of a session") << kStartAuthSession << std::string{"02000000"};
        QTest::newRow("HMAC") << kHmac << std::string{};
    }
    void refusesADigestLongerThanAny()
    {
        QFETCH(const std::uint32_t, command);
        QFETCH(const std::string, handle);
        const auto longest = frame("8001", "00000000", handle + "0040" + std::string(128, '0'));
        QVERIFY(checkResponseFrame(plain(command), longest).ok());
        const auto longer = frame("8001", "00000000", handle + "0041" + std::string(130, '0'));
        QCOMPARE(refusalOf(plain(command), longer), kMalformed);
        const auto andMore = frame("8001", "00000000", handle + "0040" + std::string(128, '0') + "00");
        QCOMPARE(refusalOf(plain(command), andMore), kMalformed);
    }

    void refusesAMissingHandle()
    {
        QCOMPARE(refusalOf(plain(kStartAuthSession), frame("8001", "00000000", "0200")), kMalformed);
    }

    void refusesAuthorizationsThatDoNotEndWithTheFrame()
    {
        const std::string body = "80000001"
                                 "00000006"
                                 "000401020304";
        QCOMPARE(refusalOf(authorized(kLoad), frame("8002", "00000000",
                                                    body + "0000010000"
                                                           "ff")),
                 kMalformed);
        QCOMPARE(refusalOf(authorized(kLoad), frame("8002", "00000000", body + "00000100")), kMalformed);
        QCOMPARE(refusalOf(authorized(kLoad), frame("8002", "00000000", body)), kMalformed);
    }

    void acceptsThreeAuthorizationsAndNotFour()
    {
        std::string body = "80000001"
                           "00000006"
                           "000401020304";
        for (int i = 0; i < 3; ++i) {
            body += kPasswordAuthorization;
        }
        QVERIFY(checkResponseFrame(authorized(kLoad), frame("8002", "00000000", body)).ok());
        QCOMPARE(refusalOf(authorized(kLoad), frame("8002", "00000000", body + kPasswordAuthorization)), kMalformed);
    }

    void refusesANonceLongerThanAnyDigest()
    {
        const std::string body = "80000001"
                                 "00000006"
                                 "000401020304"
                                 "0041" +
                                 std::string(130, '0') + "010000";
        QCOMPARE(refusalOf(authorized(kLoad), frame("8002", "00000000", body)), kMalformed);
    }

    void refusesEveryProperPrefix()
    {
        const auto good = goodLoad();
        for (std::size_t size = 0; size < good.size(); ++size) {
            const Bytes prefix{good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size)};
            QCOMPARE(refusalOf(authorized(kLoad), prefix), kMalformed);
        }
    }

    void refusesABufferThatIsNoCommand()
    {
        QVERIFY(parseCommandHeader(hex("8001"
                                       "0000000c"
                                       "0000017b"
                                       "0008"))
                    .ok());
        const auto longer = parseCommandHeader(hex("8001"
                                                   "0000000d"
                                                   "0000017b"
                                                   "0008"));
        QVERIFY(!longer.ok());
        QCOMPARE(longer.error().code, StationCode::InternalFault);
        const auto half = parseCommandHeader(hex("8001"
                                                 "0000"));
        QVERIFY(!half.ok());
        QCOMPARE(half.error().code, StationCode::InternalFault);
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestResponseFrame)
#include "tst_response_frame.moc"
