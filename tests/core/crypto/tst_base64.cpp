#include "core/base/station_code.h"
#include "core/crypto/base64.h"
#include "core/crypto/random.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::crypto;

class TstBase64 : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void matchesRfc4648_data();
    void matchesRfc4648();
    void decodesWhatItEncodes();
    void usesPlusAndSlash();
    void refuses_data();
    void refuses();
};

void TstBase64::matchesRfc4648_data()
{
    QTest::addColumn<std::string>("plain");
    QTest::addColumn<std::string>("encoded");
    QTest::newRow("0") << std::string{} << std::string{};
    QTest::newRow("1") << std::string{"f"} << std::string{"Zg=="};
    QTest::newRow("2") << std::string{"fo"} << std::string{"Zm8="};
    QTest::newRow("3") << std::string{"foo"} << std::string{"Zm9v"};
    QTest::newRow("4") << std::string{"foob"} << std::string{"Zm9vYg=="};
    QTest::newRow("6") << std::string{"foobar"} << std::string{"Zm9vYmFy"};
}

void TstBase64::matchesRfc4648()
{
    QFETCH(std::string, plain);
    QFETCH(std::string, encoded);
    QCOMPARE(toBase64(asBytes(plain)), encoded);
    QVERIFY(equalBytes(fromBase64(encoded).value(), asBytes(plain)));
}

void TstBase64::decodesWhatItEncodes()
{
    for (std::size_t size = 0; size < 100; ++size) {
        const auto bytes = randomBytes(size).value();
        QCOMPARE(fromBase64(toBase64(bytes)).value(), bytes);
    }
}

void TstBase64::usesPlusAndSlash()
{
    constexpr std::array kBytes{std::byte{0xFB}, std::byte{0xFF}, std::byte{0xBF}};
    QCOMPARE(toBase64(kBytes), std::string{"+/+/"});
}

void TstBase64::refuses_data()
{
    QTest::addColumn<std::string>("text");
    QTest::newRow("missing padding") << std::string{"Zg"};
    QTest::newRow("too much padding") << std::string{"Z==="};
    QTest::newRow("padding alone") << std::string{"===="};
    QTest::newRow("padding inside") << std::string{"Zg==Zm9v"};
    QTest::newRow("data behind one pad") << std::string{"Zm=v"};
    QTest::newRow("line break") << std::string{"Zm9v\n"};
    QTest::newRow("space") << std::string{"Zm 9"};
    QTest::newRow("URL alphabet") << std::string{"-_-_"};
    QTest::newRow("unused bits set, one byte") << std::string{"Zh=="};
    QTest::newRow("unused bits set, two bytes") << std::string{"Zm9="};
    QTest::newRow("NUL") << std::string{"Zm9\0", 4};
    QTest::newRow("beyond ASCII") << std::string{"Zm\xC3\xA4"};
}

void TstBase64::refuses()
{
    QFETCH(std::string, text);
    const auto refused = fromBase64(text);
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::EncodingMalformed);
}

QTEST_APPLESS_MAIN(TstBase64)
#include "tst_base64.moc"
