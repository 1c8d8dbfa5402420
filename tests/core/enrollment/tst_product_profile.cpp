#include "core/base/scan_code.h"
#include "core/base/station_code.h"
#include "core/enrollment/product_profile.h"
#include "core/enrollment/registration_id.h"
#include "tests/support/must.h"

#include <QTest>

using namespace enroll;
using namespace enroll::enrollment;
using enroll::test::must;

namespace {

ProductProfile gateway()
{
    ProductProfile profile;
    profile.serialPattern = must(SerialPattern::compile("^GX-[0-9]{6}$"));
    return profile;
}

ErrorCode refusalOf(std::string_view text, const ProductProfile& profile)
{
    const auto serial = parseSerialNumber(text, profile);
    return serial.ok() ? StationCode::InternalFault : serial.error().code;
}

} // namespace

class tst_product_profile : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void acceptsSerialThatFits()
    {
        QCOMPARE(must(parseSerialNumber("GX-000183", gateway())).text(), std::string{"GX-000183"});
    }

    void knowsTwoSerialsThatCameAsOne()
    {
        QCOMPARE(refusalOf("gx-000183", gateway()), ScanCode::CapsLockIsOn);
        QCOMPARE(refusalOf("gx-000183gx-000184", gateway()), ScanCode::TwoCodesAsOne);
        QCOMPARE(refusalOf("Gx-000183", gateway()), ScanCode::NotASerialNumber);
        QCOMPARE(refusalOf("gx-00018", gateway()), ScanCode::NotASerialNumber);
        QCOMPARE(refusalOf("GX-000183GX-000184", gateway()), ScanCode::TwoCodesAsOne);
        QCOMPARE(refusalOf("GX-000183GX-00018", gateway()), ScanCode::NotASerialNumber);
        QCOMPARE(refusalOf("GX-000183 GX-000184", gateway()), ScanCode::NotASerialNumber);
    }

    void refusesSerialThatDoesNotFit_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("empty") << QString{};
        QTest::newRow("one digit more") << QStringLiteral("GX-0001834");
        QTest::newRow("another product") << QStringLiteral("GY-000183");
        QTest::newRow("space behind") << QStringLiteral("GX-000183 ");
        QTest::newRow("scanner prefix") << QStringLiteral("\x02GX-000183");
        QTest::newRow("line feed inside") << QStringLiteral("GX-000183\nGX-000184");
    }
    void refusesSerialThatDoesNotFit()
    {
        QFETCH(QString, text);
        QCOMPARE(refusalOf(text.toStdString(), gateway()), ScanCode::NotASerialNumber);
    }

    void acceptsAnyPrintableTextWithoutAPattern()
    {
        QVERIFY(parseSerialNumber("Device 7/a", {}).ok());
        QVERIFY(parseSerialNumber(std::string(64, 'x'), {}).ok());
        QCOMPARE(refusalOf(std::string(65, 'x'), {}), ScanCode::NotASerialNumber);
        QCOMPARE(refusalOf(" x", {}), ScanCode::NotASerialNumber);
        QCOMPARE(refusalOf("\xC3\xA4", {}), ScanCode::NotASerialNumber);
    }

    void refusesSerialOfWhichNoDeviceIdCanBeMade()
    {
        ProductProfile profile;
        profile.enrollment.deviceId = must(TextPattern::parse("gw-{serial}"));
        QVERIFY(parseSerialNumber("GX-000183", profile).ok());
        QCOMPARE(refusalOf("GX/000183", profile), ScanCode::NotASerialNumber);
        QVERIFY(parseSerialNumber("GX/000183", profile).error().what.find("gw-GX/000183") != std::string::npos);
    }

    /// Before the device is touched: what is found at the end of its test helps nobody.
    void refusesSerialThatIsNoRegistrationIdWhereItIsToBeOne()
    {
        ProductProfile profile;
        for (const auto* serial : {"A 1", "-A1", "A1.", "A/1"}) {
            QVERIFY(parseSerialNumber(serial, profile).ok());
        }
        profile.registrationIdRule = RegistrationIdRule::Serial;
        QVERIFY(parseSerialNumber("A-1", profile).ok());
        for (const auto* serial : {"A 1", "-A1", "A1.", "A/1"}) {
            QCOMPARE(refusalOf(serial, profile), ScanCode::NotASerialNumber);
        }
        const auto refused = parseSerialNumber("A 1", profile).error();
        QCOMPARE(refused.subject, std::string{"A 1"});
        QVERIFY2(refused.what.starts_with("character 2 of the registration id"), refused.what.c_str());
    }

    void refusalNamesTheSerial()
    {
        QCOMPARE(parseSerialNumber("GY-1", gateway()).error().subject, std::string{"GY-1"});
    }

    void registrationIdFollowsTheProfilesRule()
    {
        const Bytes ek(316, std::byte{0x11});
        ProductProfile profile;
        QCOMPARE(must(registrationIdFor(profile, SerialNumber{"GX-1"}, ek)), must(registrationIdFromEk(ek)));
        profile.registrationIdRule = RegistrationIdRule::Serial;
        QCOMPARE(must(registrationIdFor(profile, SerialNumber{"GX-1"}, ek)).text(), std::string{"GX-1"});
        QCOMPARE(registrationIdFor(profile, SerialNumber{"GX 1"}, ek).error().code, StationCode::NameNotAllowed);
    }

    void refusesTransportThatTheProfileForbids()
    {
        ProductProfile profile;
        QVERIFY(requireAllowedTransport(profile, "tcp").ok());
        profile.allowedTransports = {"serial", "dev"};
        QVERIFY(requireAllowedTransport(profile, "dev").ok());
        const auto refused = requireAllowedTransport(profile, "tcp");
        QCOMPARE(refused.error().code, StationCode::UsageInvalid);
        QVERIFY(refused.error().what.ends_with("it allows serial://, dev://"));
        QVERIFY(!requireAllowedTransport(profile, "").ok());
    }
};

QTEST_GUILESS_MAIN(tst_product_profile)
#include "tst_product_profile.moc"
