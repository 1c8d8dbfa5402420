#include "core/base/host_text.h"

#include <QTest>

using namespace enroll;

class TestHostText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void putsAVersion6AddressAloneInBrackets()
    {
        QCOMPARE(bracketedHost("::1"), std::string{"[::1]"});
        QCOMPARE(bracketedHost("127.0.0.1"), std::string{"127.0.0.1"});
        QCOMPARE(hostAndPort("fe80::1%eth0", 8443), std::string{"[fe80::1%eth0]:8443"});
        QCOMPARE(hostAndPort("station.test", 1), std::string{"station.test:1"});
    }
};

QTEST_APPLESS_MAIN(TestHostText)
#include "tst_host_text.moc"
