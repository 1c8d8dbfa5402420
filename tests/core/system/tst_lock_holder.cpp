#include "core/system/file_lock.h"
#include "core/system/lock_holder.h"
#include "tests/support/in_child.h"
#include "tests/support/must.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace enroll;
using namespace enroll::system;

class LockHolderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_file = m_directory.filePath(QLatin1String(QTest::currentTestFunction())).toStdString(); }

    void aFileThatIsNotThereIsHeldByNobody() { QVERIFY(!lockHolder(m_file)); }

    void namesWhoHoldsItAsLongAsThat()
    {
        {
            const auto held = test::must(FileLock::acquire(m_file, Deadline::in(std::chrono::milliseconds{0})));
            const auto holder = lockHolder(m_file);
            QVERIFY(holder);
            QCOMPARE(holder->process, ::getpid());
            QVERIFY(QStringLiteral("tst_lock_holder").startsWith(QString::fromStdString(holder->program)));
            QVERIFY(!holder->program.empty());
            const auto other = m_file.string() + "-other";
            const auto second = test::must(FileLock::acquire(other, Deadline::in(std::chrono::milliseconds{0})));
            QVERIFY(lockHolder(other) && lockHolder(m_file) == holder);
        }
        QVERIFY(std::filesystem::exists(m_file) && !lockHolder(m_file));
    }

    void asAnotherProcessSeesIt()
    {
        const auto held = test::must(FileLock::acquire(m_file, Deadline::in(std::chrono::milliseconds{0})));
        const auto seen = test::resultInChild([this, holder = ::getpid()] {
            const auto found = lockHolder(m_file);
            return found && found->process == holder ? 0 : 1;
        });
        QCOMPARE(seen, 0);
    }

    /// Whoever comes for the lock at that moment gets it.
    void doesNotTakeIt() { QVERIFY(!lockHolder(m_file) && !std::filesystem::exists(m_file)); }

private:
    QTemporaryDir m_directory;
    std::filesystem::path m_file;
};

QTEST_GUILESS_MAIN(LockHolderTest)
#include "tst_lock_holder.moc"
