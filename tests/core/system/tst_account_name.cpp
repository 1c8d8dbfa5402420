#include "core/system/account_name.h"

#include <QTest>

#include <unistd.h>

using namespace enroll;

class TestAccountName : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { qunsetenv("SUDO_USER"); }
    void cleanup() { qunsetenv("SUDO_USER"); }

    void namesTheAccountThatRunsTheProgram()
    {
        QVERIFY(!system::accountName().empty());
        if (::getuid() == 0) {
            QCOMPARE(system::accountName(), std::string{"root"});
        }
    }

    void namesWhoBecameRoot()
    {
        const auto own = system::accountName();
        qputenv("SUDO_USER", "ana");
        QCOMPARE(system::accountName(), ::getuid() == 0 ? std::string{"ana as root"} : own);
    }

    void rootOfRootIsRoot()
    {
        const auto own = system::accountName();
        qputenv("SUDO_USER", QByteArray::fromStdString(own));
        QCOMPARE(system::accountName(), own);
        qputenv("SUDO_USER", "");
        QCOMPARE(system::accountName(), own);
    }
};

QTEST_APPLESS_MAIN(TestAccountName)
#include "tst_account_name.moc"
