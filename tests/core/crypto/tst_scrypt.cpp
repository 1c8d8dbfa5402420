#include "core/base/station_code.h"
#include "core/crypto/scrypt.h"

#include <QTest>

#include <set>

using namespace enroll;
using namespace enroll::crypto;

namespace {

std::string hexOf(const char* secret, const char* salt, const ScryptCost& cost)
{
    const auto made = scrypt(asBytes(std::string_view{secret}), asBytes(std::string_view{salt}), cost);
    return made.ok() ? toHex(*made) : made.error().what;
}

} // namespace

class ScryptTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    /// RFC 7914, 12. "Test Vectors for scrypt": the first 32 of its 64 bytes, which a shorter output has too.
    void makesThePublishedBytes()
    {
        QCOMPARE(hexOf("pleaseletmein", "SodiumChloride", {16'384, 8, 1}),
                 std::string{"7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"});
    }

    void takesEmptyTexts() { QCOMPARE(hexOf("", "", {1024, 1, 1}).size(), std::size_t{64}); }

    void everyInputCounts()
    {
        const ScryptCost least{1024, 1, 1};
        const std::set<std::string> all{hexOf("a", "s", least),        hexOf("b", "s", least),
                                        hexOf("a", "t", least),        hexOf("a", "s", {2048, 1, 1}),
                                        hexOf("a", "s", {1024, 2, 1}), hexOf("a", "s", {1024, 1, 2})};
        QCOMPARE(all.size(), std::size_t{6});
    }

    void acceptsNoCostThatProtectsNothingOrStopsTheStation_data()
    {
        QTest::addColumn<int>("n");
        QTest::addColumn<int>("r");
        QTest::addColumn<int>("p");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("as it comes") << 32'768 << 8 << 1 << true;
        QTest::newRow("least") << 1024 << 1 << 1 << true;
        QTest::newRow("most memory") << 65'536 << 8 << 4 << true;
        QTest::newRow("most n") << 131'072 << 4 << 1 << true;
        QTest::newRow("more memory") << 131'072 << 8 << 1 << false;
        QTest::newRow("too cheap") << 512 << 8 << 1 << false;
        QTest::newRow("no power of two") << 32'767 << 8 << 1 << false;
        QTest::newRow("n beyond") << 262'144 << 1 << 1 << false;
        QTest::newRow("no r") << 32'768 << 0 << 1 << false;
        QTest::newRow("r beyond") << 1024 << 17 << 1 << false;
        QTest::newRow("no p") << 32'768 << 8 << 0 << false;
        QTest::newRow("p beyond") << 1024 << 1 << 5 << false;
        QTest::newRow("negative") << -1024 << 8 << 1 << false;
    }
    void acceptsNoCostThatProtectsNothingOrStopsTheStation()
    {
        QFETCH(const int, n);
        QFETCH(const int, r);
        QFETCH(const int, p);
        QFETCH(const bool, accepted);
        QCOMPARE(isAcceptable({n, r, p}), accepted);
        if (!accepted) {
            QVERIFY(scrypt({}, {}, {n, r, p}).error().code == StationCode::CryptoFailed);
        }
    }
};

QTEST_APPLESS_MAIN(ScryptTest)
#include "tst_scrypt.moc"
