#include "core/tpm/library_log.h"

#include <QTest>

class TestLibraryLog : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void silencesUnlessSomebodyAskedForALog()
    {
        qunsetenv("TSS2_LOG"); // whoever started this program may have set it
        enroll::tpm::silenceLibraryLog();
        QCOMPARE(qgetenv("TSS2_LOG"), QByteArray{"all+none"});
        qputenv("TSS2_LOG", "esys+debug");
        enroll::tpm::silenceLibraryLog();
        QCOMPARE(qgetenv("TSS2_LOG"), QByteArray{"esys+debug"});
    }
};

QTEST_APPLESS_MAIN(TestLibraryLog)
#include "tst_library_log.moc"
