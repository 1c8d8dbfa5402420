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

    void namesWhoBecameThisAccountBySudo()
    {
        const auto own = system::accountName();
        qputenv("SUDO_USER", "ana");
        QCOMPARE(system::accountName(), "ana as " + own);
    }

    void namesAnAccountByItsNumber()
    {
        constexpr uid_t kNobodys = 4'000'000'007;
        QCOMPARE(system::nameOfAccount(::getuid()), system::accountName());
        QCOMPARE(system::nameOfAccount(kNobodys), std::string{"account 4000000007"});
    }

    void whoStaysTheSameIsNamedOnce()
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
