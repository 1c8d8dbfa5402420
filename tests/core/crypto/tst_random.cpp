#include "core/crypto/random.h"

#include <QtTest>

#include <set>

using namespace enroll;
using namespace enroll::crypto;

class TstRandom : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void givesAsManyBytesAsAsked();
    void neverRepeats();
};

void TstRandom::givesAsManyBytesAsAsked()
{
    for (const std::size_t size : {0U, 1U, 32U, 100000U}) {
        QCOMPARE(randomBytes(size).value().size(), size);
        QCOMPARE(randomSecret(size).value().size(), size);
    }
}

void TstRandom::neverRepeats()
{
    std::set<std::string> seen;
    for (int i = 0; i < 1000; ++i) {
        QVERIFY(seen.insert(toHex(randomBytes(16).value())).second);
        QVERIFY(seen.insert(toHex(randomSecret(16).value().view())).second);
    }
}

QTEST_APPLESS_MAIN(TstRandom)
#include "tst_random.moc"
