#include "core/system/base_directories.h"

#include <QtTest>

using namespace enroll;

class TstBaseDirectories : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void aRelativeDirectoryIsForgotten();
};

void TstBaseDirectories::aRelativeDirectoryIsForgotten()
{
    for (const auto* name :
         {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"}) {
        for (const auto* relative : {"data", ".", "./data", ""}) {
            qputenv(name, relative);
            system::forgetRelativeBaseDirectories();
            QVERIFY2(!qEnvironmentVariableIsSet(name), name);
        }
        qputenv(name, "/srv/data");
        system::forgetRelativeBaseDirectories();
        QCOMPARE(qgetenv(name), QByteArray{"/srv/data"});
    }
    qputenv("PATH_OF_A_TEST", "relative");
    system::forgetRelativeBaseDirectories();
    QCOMPARE(qgetenv("PATH_OF_A_TEST"), QByteArray{"relative"});
}

QTEST_APPLESS_MAIN(TstBaseDirectories)
#include "tst_base_directories.moc"
