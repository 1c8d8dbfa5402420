#include "core/crypto/base64.h"
#include "core/enrollment/registration_id.h"
#include "tests/support/must.h"
#include "tests/support/worked_challenge.h"

#include <QTest>

using namespace enroll;
using namespace enroll::enrollment;
using enroll::test::must;

namespace {

/// A TPM simulator's key and its id, published in azure-iot-sdk-c issue 2286.
constexpr std::string_view kPublishedEk =
    "AToAAQALAAMAsgAgg3GXZ0SEs/gakMyNRqXXJP1S124GUgtk8qHaGzMUaaoABgCAAEMAEAgAAAAAAAEAtKEADl/"
    "sNRgmYAjP6gXmbccRaJoTnVixisU"
    "aek0OwAzFGN70xt9ZOYp6fhIwfcft3fdVKOrKpXYcTe72CGNkGJGlQz5ti9n2pQ0uJhcX8aefh4Onm7lVlUCQAVp1K0r6zI8vkEXWsBIvwvxk0eMJb"
    "F"
    "aq146kbTkJHIGczb89RkFH2TX+CgXeZOG9oXQzUNwktmTUacspamune5Wywc/ce8HsDFYchyUHogFhrZ/"
    "LPnzyTDXO8sSC5z5dvsUBtUME3iRYDyKgZ"
    "OfBtmRMqQewD+4iH+ZEJjtsyJiWR8hFhyKROnOuqXfNFwjd5IcNU4wtlKO0cLyXmTOfQK6Da1pr5Q==";
constexpr std::string_view kPublishedId = "y5wivfciikcievvnsbpkhzcahwm4chuzx6v4hnqnlqfs3fjf6rxa";

bool accepted(std::string_view text)
{
    return parseRegistrationId(text).ok();
}

std::string whatOf(std::string_view text)
{
    const auto id = parseRegistrationId(text);
    return id.ok() ? "(accepted)" : id.error().what;
}

} // namespace

class tst_registration_id : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void publishedKeyGivesItsPublishedId()
    {
        const auto ek = must(crypto::fromBase64(kPublishedEk));
        QCOMPARE(must(registrationIdFromEk(ek)).text(), std::string{kPublishedId});
    }

    void workedExampleGivesItsId()
    {
        const test::WorkedChallenge vectors;
        QCOMPARE(must(registrationIdFromEk(vectors.bytes("ekTpm2bPublic"))).text(),
                 vectors.text("registrationIdFromEk"));
    }

    void theSizePrefixCounts()
    {
        const auto ek = must(crypto::fromBase64(kPublishedEk));
        QVERIFY(must(registrationIdFromEk(ByteView{ek}.subspan(2))).text() != kPublishedId);
    }

    void everyIdOfAKeyIsALegalId() { QVERIFY(accepted(kPublishedId)); }

    void acceptsTheServicesCharacters()
    {
        QVERIFY(accepted("SN:00.1_A-b"));
        QVERIFY(accepted("a"));
        QVERIFY(accepted("ends-with-a-dash-"));
        QVERIFY(accepted(std::string(128, 'x')));
    }

    void refusesIllegalIds_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("why");
        QTest::newRow("empty") << QString{} << QStringLiteral("1 to 128 characters, this one 0");
        QTest::newRow("too long") << QString{129, QLatin1Char('x')} << QStringLiteral("this one 129");
        QTest::newRow("space") << QStringLiteral("GX 1") << QStringLiteral("character 3");
        QTest::newRow("slash") << QStringLiteral("a/b") << QStringLiteral("character 2");
        QTest::newRow("not ASCII") << QStringLiteral("G\u00e4") << QStringLiteral("character 2");
        QTest::newRow("dash first") << QStringLiteral("-a") << QStringLiteral("character 1");
        QTest::newRow("dot last") << QStringLiteral("ab.") << QStringLiteral("character 3");
    }
    void refusesIllegalIds()
    {
        QFETCH(QString, text);
        QFETCH(QString, why);
        const auto what = whatOf(text.toStdString());
        QVERIFY2(what.find(why.toStdString()) != std::string::npos, what.c_str());
    }

    void comparesWithoutRegardToLetterCase()
    {
        QVERIFY(sameRegistrationId(RegistrationId{"SN-a"}, RegistrationId{"sn-A"}));
        QVERIFY(!sameRegistrationId(RegistrationId{"SN-a"}, RegistrationId{"SN-b"}));
        QVERIFY(!sameRegistrationId(RegistrationId{"SN-a"}, RegistrationId{"SN-aa"}));
        QCOMPARE(registrationKey(RegistrationId{"SN:A_b"}), std::string{"sn:a_b"});
    }

    void keepsTheLetterCaseGiven() { QCOMPARE(must(parseRegistrationId("Sn-A")).text(), std::string{"Sn-A"}); }
};

QTEST_GUILESS_MAIN(tst_registration_id)
#include "tst_registration_id.moc"
