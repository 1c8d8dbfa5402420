#include "core/base/bytes.h"
#include "core/base/device_code.h"
#include "core/base/station_code.h"

#include <QtTest>

using namespace enroll;

class TstBytes : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void hexGoesBothWays();
    void hexIsReadInEitherCase();
    void refusesWhatIsNotHex_data();
    void refusesWhatIsNotHex();
    void readsBigEndian();
    void shortReadNamesTheFieldAndTakesNothing();
    void sizedTakesItsBytesAndNoMore();
    void sizedRefusesMoreThanAllowed();
    void theOwnerGivesTheCode();
    void sizedRefusesMoreThanThereIs();
    void requireEndCountsWhatFollows();
    void writesWhatTheReaderReads();
    void joinsParts();
};

void TstBytes::hexGoesBothWays()
{
    Bytes all;
    for (int i = 0; i < 256; ++i) {
        all.push_back(static_cast<std::byte>(i));
    }
    const auto text = toHex(all);
    QVERIFY(text.starts_with("000102") && text.ends_with("fdfeff"));
    QCOMPARE(fromHex(text).value(), all);
}

void TstBytes::hexIsReadInEitherCase()
{
    QCOMPARE(fromHex("aBcD").value(), fromHex("AbCd").value());
}

void TstBytes::refusesWhatIsNotHex_data()
{
    QTest::addColumn<std::string>("text");
    for (const char* text : {"0", "abc", "0g", "g0", "0x00", " 00", "0 ", "-1", "\xC3\xA4"}) {
        QTest::newRow(text) << std::string{text};
    }
}

void TstBytes::refusesWhatIsNotHex()
{
    QFETCH(std::string, text);
    const auto refused = fromHex(text);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::EncodingMalformed);
}

void TstBytes::readsBigEndian()
{
    const auto bytes = fromHex("010203040506070809101112131415").value();
    ByteReader reader{bytes};
    QCOMPARE(reader.u8("a").value(), std::uint8_t{0x01});
    QCOMPARE(reader.u16("b").value(), std::uint16_t{0x0203});
    QCOMPARE(reader.u32("c").value(), std::uint32_t{0x04050607});
    QCOMPARE(reader.u64("d").value(), std::uint64_t{0x0809101112131415});
    QVERIFY(reader.requireEnd("test").ok());
}

void TstBytes::shortReadNamesTheFieldAndTakesNothing()
{
    const auto bytes = fromHex("010203").value();
    ByteReader reader{bytes};
    const auto refused = reader.u32("nameAlg");
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::EncodingMalformed);
    QVERIFY(refused.error().what.find("nameAlg") != std::string::npos);
    QCOMPARE(reader.remaining(), std::size_t{3});
}

void TstBytes::sizedTakesItsBytesAndNoMore()
{
    const auto bytes = fromHex("0002aabbcc").value();
    ByteReader reader{bytes};
    QCOMPARE(toHex(reader.sized(2, "digest").value()), std::string{"aabb"});
    QCOMPARE(toHex(reader.rest()), std::string{"cc"});
    QVERIFY(ByteReader{fromHex("0000").value()}.sized(0, "empty").value().empty());
}

void TstBytes::sizedRefusesMoreThanAllowed()
{
    const auto bytes = fromHex("0003aabbcc").value();
    const auto refused = ByteReader{bytes}.sized(2, "digest");
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::EncodingMalformed);
}

void TstBytes::theOwnerGivesTheCode()
{
    const auto bytes = fromHex("0003aabbcc").value();
    const ByteReader reader{bytes, DeviceCode::TpmResponseMalformed};
    QCOMPARE(ByteReader{reader}.sized(2, "digest").error().code, DeviceCode::TpmResponseMalformed);
    QCOMPARE(ByteReader{reader}.take(6, "digest").error().code, DeviceCode::TpmResponseMalformed);
    QCOMPARE(reader.requireEnd("digest").error().code, DeviceCode::TpmResponseMalformed);
}

void TstBytes::sizedRefusesMoreThanThereIs()
{
    const auto bytes = fromHex("ffffaabbcc").value();
    QVERIFY(!ByteReader{bytes}.sized(0xFFFF, "digest").ok());
    QVERIFY(!ByteReader{ByteView{bytes}.first(1)}.sized(0xFFFF, "digest").ok());
}

void TstBytes::requireEndCountsWhatFollows()
{
    const auto bytes = fromHex("0102").value();
    const auto refused = ByteReader{bytes}.requireEnd("TPMT_PUBLIC");
    QVERIFY(!refused.ok());
    QVERIFY(refused.error().what.starts_with("2 bytes"));
}

void TstBytes::writesWhatTheReaderReads()
{
    ByteWriter writer;
    writer.u8(1).u16(0x0203).u32(0x04050607).u64(0x08090A0B0C0D0E0F).sized(asBytes("ab")).bytes(asBytes("c"));
    QCOMPARE(toHex(writer.view()), std::string{"0102030405060708090a0b0c0d0e0f0002616263"});
    QCOMPARE(std::move(writer).take().size(), std::size_t{20});
}

void TstBytes::joinsParts()
{
    QVERIFY(equalBytes(concat({asBytes("a"), {}, asBytes("bc")}), asBytes("abc")));
    QVERIFY(!equalBytes(asBytes("abc"), asBytes("abd")));
    QVERIFY(!equalBytes(asBytes("abc"), asBytes("ab")));
}

QTEST_APPLESS_MAIN(TstBytes)
#include "tst_bytes.moc"
