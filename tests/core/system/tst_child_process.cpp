#include "core/system/child_process.h"
#include "core/system/whole_file.h"
#include "core/system/write_signals.h"

#include <QTemporaryDir>
#include <QtTest>

#include <csignal>

using namespace enroll;
using namespace enroll::system;

namespace {

constexpr std::chrono::seconds kPatience{30};

std::string logged(const ChildCommand& command)
{
    const auto text = readWholeText(command.logFile, 100);
    return text.ok() ? *text : std::string{};
}

} // namespace

class TstChildProcess : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tellsHowItEnded();
    void aFailureIsNoSuccessWhereTheSystemForgetsChildren();
    void writesItsOutputToTheLog();
    void hasTheSignalsOfWritesAsTheSystemHasThem();
    void aDeadlineLeavesItRunning();
    void endsWithItsOwner();

private:
    ChildCommand shell(const char* script) const
    {
        return {.arguments = {"sh", "-c", script},
                .logFile = m_directory.filePath(QStringLiteral("log")).toStdString()};
    }

    QTemporaryDir m_directory;
};

void TstChildProcess::tellsHowItEnded()
{
    QCOMPARE(ChildProcess::start(shell("exit 7")).value().wait(Deadline::in(kPatience)).value(), 7);
    QCOMPARE(ChildProcess::start(shell("kill -TERM $$")).value().wait(Deadline::in(kPatience)).value(), 128 + SIGTERM);
    auto missing = shell("");
    missing.arguments = {"/no/such/program"};
    QCOMPARE(ChildProcess::start(missing).value().wait(Deadline::in(kPatience)).value(), kExitNotFound);
}

void TstChildProcess::aFailureIsNoSuccessWhereTheSystemForgetsChildren()
{
    auto* const before = std::signal(SIGCHLD, SIG_IGN); // a program inherits this from whoever started it
    auto child = ChildProcess::start(shell("exit 7"));
    const auto ended = child.value().wait(Deadline::in(kPatience));
    std::ignore = std::signal(SIGCHLD, before);
    QVERIFY(!ended.ok());
}

void TstChildProcess::writesItsOutputToTheLog()
{
    auto command = shell("echo out; echo err >&2; echo $WORD");
    command.logFile = m_directory.filePath(QStringLiteral("output")).toStdString();
    command.environment = {"WORD=given"};
    QCOMPARE(ChildProcess::start(command).value().wait(Deadline::in(kPatience)).value(), 0);
    QCOMPARE(readWholeText(command.logFile, 100).value(), std::string{"out\nerr\ngiven\n"});
}

void TstChildProcess::hasTheSignalsOfWritesAsTheSystemHasThem()
{
    ignoreSignalsOfWrites();
    const auto status = ChildProcess::start(shell("kill -XFSZ $$; exit 0")).value().wait(Deadline::in(kPatience));
    restoreSignalsOfWrites();
    QCOMPARE(status.value(), 128 + SIGXFSZ);
}

void TstChildProcess::aDeadlineLeavesItRunning()
{
    auto process = ChildProcess::start(shell("exec tail -f /dev/null")).value();
    QVERIFY(!process.wait(Deadline::in(std::chrono::milliseconds{10})).ok());
    process.kill();
    process.kill();
}

void TstChildProcess::endsWithItsOwner()
{
    auto command = shell("echo $$; exec tail -f /dev/null");
    command.logFile = m_directory.filePath(QStringLiteral("pid")).toStdString();
    pid_t pid = 0;
    {
        const auto process = ChildProcess::start(command).value();
        QTRY_VERIFY((pid = QByteArray::fromStdString(logged(command)).toInt()) > 0);
        QCOMPARE(::kill(pid, 0), 0);
    }
    QCOMPARE(::kill(pid, 0), -1);
    QCOMPARE(errno, ESRCH);
}

QTEST_GUILESS_MAIN(TstChildProcess)
#include "tst_child_process.moc"
