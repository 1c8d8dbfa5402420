#include "core/enrollment/pin.h"
#include "tests/support/must.h"

#include <QTest>

using namespace enroll;
using namespace enroll::enrollment;
using enroll::test::must;

namespace {

SecretBytes pin(const char* digits)
{
    return SecretBytes::copyOf(asBytes(std::string_view{digits}));
}

} // namespace

class PinTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void whatCanBeAPin_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<int>("fault"); // -1: none
        const auto row = [](const char* text, std::optional<PinFault> fault) {
            QTest::newRow(text) << QByteArray(text) << (fault ? static_cast<int>(*fault) : -1);
        };
        for (const auto* good : {"4711", "2580", "1235", "0012", "1122", "80219", "19471203", "1213", "12123"}) {
            row(good, std::nullopt);
        }
        for (const auto* text : {"", "471", "194712031"}) {
            row(text, PinFault::Length);
        }
        for (const auto* text : {"47l1", " 4711", "4711 ", "-471", "\xd9\xa4\xd9\xa7"}) {
            row(text, PinFault::Digits);
        }
        for (const auto* text : {"0000", "99999999", "1234", "12345678", "7890", "4321", "3210", "2468", "8642", "9753",
                                 "1212", "121212", "12121", "123123", "47114711", "1231231"}) {
            row(text, PinFault::Obvious);
        }
    }
    void whatCanBeAPin()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const int, fault);
        const auto found =
            faultOfPin(std::as_bytes(std::span{text.constData(), static_cast<std::size_t>(text.size())}));
        QCOMPARE(found ? static_cast<int>(*found) : -1, fault);
    }

    void aPinIsThatOfItsPersonAlone()
    {
        Person ana{OperatorId{"ana"}, "Ana M.", Role::Technician, {}, must(hashForPin(pin("4711")))};
        const Person ben{OperatorId{"ben"}, "Ben K.", Role::Technician, {}, must(hashForPin(pin("4712")))};
        QVERIFY(must(isPinOf(pin("4711"), ana)));
        for (const auto* other : {"4712", "471", "47110", "", "04711"}) {
            QVERIFY(!must(isPinOf(pin(other), ana)));
        }
        QVERIFY(!must(isPinOf(pin("4711"), ben)));
        ana.pin->cost.n = 3;
        QVERIFY(!isPinOf(pin("4711"), ana).ok()); // an error, and no answer
    }

    void twoWhoShareAPinDoNotShareItsHash()
    {
        const auto one = must(hashForPin(pin("4711")));
        const auto other = must(hashForPin(pin("4711")));
        QCOMPARE(one.salt.size(), kSaltSize);
        QCOMPARE(one.hash.size(), kHashSize);
        QVERIFY(one.salt != other.salt && one.hash != other.hash);
    }
};

QTEST_APPLESS_MAIN(PinTest)
#include "tst_pin.moc"
