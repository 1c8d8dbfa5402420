#include "core/base/station_code.h"
#include "core/crypto/trust_set.h"

#include <QtTest>

using namespace enroll;
using namespace enroll::crypto;

class TstTrustSet : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void takesNamesThatAreSafeAsDirectories();
    void refusesOtherNames_data();
    void refusesOtherNames();
};

void TstTrustSet::takesNamesThatAreSafeAsDirectories()
{
    for (const auto* name : {"makers", "demo", "line-2", "a", "abcdefghijklmnopqrstuvwxyz012345"}) {
        QVERIFY2(requireTrustSetName(name).ok(), name);
    }
}

void TstTrustSet::refusesOtherNames_data()
{
    QTest::addColumn<QString>("name");
    for (const auto* name : {"", ".", "..", "../makers", "a/b", "Demo", "demo ", "-demo", "2nd", "m\u00e4ker", "a.pem",
                             "abcdefghijklmnopqrstuvwxyz0123456"}) {
        QTest::newRow(*name == '\0' ? "empty" : name) << QString::fromUtf8(name);
    }
}

void TstTrustSet::refusesOtherNames()
{
    QFETCH(QString, name);
    const auto refused = requireTrustSetName(name.toStdString());
    QVERIFY(!refused.ok());
    QCOMPARE(refused.error().code, StationCode::UsageInvalid);
}

QTEST_APPLESS_MAIN(TstTrustSet)
#include "tst_trust_set.moc"
