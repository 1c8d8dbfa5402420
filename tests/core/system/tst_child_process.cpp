#include "core/system/child_process.h"
#include "core/system/child_words.h"
#include "core/system/descriptor.h"
#include "core/system/whole_file.h"
#include "core/system/write_signals.h"

#include <QScopeGuard>
#include <QTemporaryDir>
#include <QtTest>

#include <array>
#include <csignal>
#include <poll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace enroll;
using namespace enroll::system;
using namespace std::chrono_literals;

namespace {

constexpr std::chrono::seconds kPatience{30};
constexpr int kPatienceMs = static_cast<int>(std::chrono::milliseconds{kPatience}.count());

std::string logged(const ChildCommand& command)
{
    const auto text = readWholeText(command.logFile, 100);
    return text.ok() ? *text : std::string{};
}

/// Writes its number, and that of a program whose parent is gone by then, as swtpm_setup leaves swtpm.
constexpr auto kLeavesAnother = "echo $$; (tail -f /dev/null & echo $!); exec tail -f /dev/null";

/// Both numbers, once both are written.
QList<QByteArray> numbersIn(const ChildCommand& command)
{
    auto lines = QByteArray::fromStdString(logged(command)).split('\n');
    lines.removeLast(); // what is not a whole line yet
    return lines;
}

Descriptor processOf(const QByteArray& number)
{
    return Descriptor{static_cast<int>(::syscall(SYS_pidfd_open, number.toInt(), 0))};
}

bool endsWithin(std::chrono::milliseconds patience, const Descriptor& process)
{
    pollfd ended{process.fd(), POLLIN, 0};
    return ::poll(&ended, 1, static_cast<int>(patience.count())) == 1;
}

} // namespace

class TstChildProcess : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void tellsHowItEnded();
    void aFailureIsNoSuccessWhereTheSystemForgetsChildren();
    void writesItsOutputToTheLog();
    void aNameOfItsEnvironmentStandsOnce();
    void hasTheSignalsOfWritesAsTheSystemHasThem();
    void livesWhereItsOwnerHasNoStandardInput();
    void aDeadlineLeavesItRunning();
    void endsWithItsOwner();
    void whatItLeftBehindEndsWithItsOwner();
    void whatItLeftBehindEndsWithIt();
    void allOfItEndsWithAProgramThatIsKilled();
    void speaksThroughTheStreamsThatItIsGiven();

private:
    ChildCommand shell(const char* script, const char* log = "log") const
    {
        return {.arguments = {"sh", "-c", script}, .logFile = m_directory.filePath(QLatin1String{log}).toStdString()};
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

/// Shells take the last of two, and getenv() the first.
void TstChildProcess::aNameOfItsEnvironmentStandsOnce()
{
    qputenv("ENROLL_WORD", "inherited");
    qputenv("ENROLL_WORD_TWO", "stays");
    auto command = shell("echo $ENROLL_WORD $ENROLL_WORD_TWO");
    command.logFile = m_directory.filePath(QStringLiteral("once")).toStdString();
    command.environment = {"ENROLL_WORD=given"};
    const auto status = ChildProcess::start(command).value().wait(Deadline::in(kPatience));
    command.arguments = {"env"};
    const auto listed = ChildProcess::start(command).value().wait(Deadline::in(kPatience));
    qunsetenv("ENROLL_WORD");
    qunsetenv("ENROLL_WORD_TWO");
    QVERIFY(status.value() == 0 && listed.value() == 0);
    const auto said = readWholeText(command.logFile, 100'000).value();
    QVERIFY2(said.starts_with("given stays\n"), said.c_str());
    QVERIFY2(said.find("ENROLL_WORD=given\n") != std::string::npos, said.c_str());
    QVERIFY2(said.find("inherited") == std::string::npos, said.c_str());
}

void TstChildProcess::hasTheSignalsOfWritesAsTheSystemHasThem()
{
    ignoreSignalsOfWrites();
    const auto status = ChildProcess::start(shell("kill -XFSZ $$; exit 0")).value().wait(Deadline::in(kPatience));
    restoreSignalsOfWrites();
    QCOMPARE(status.value(), 128 + SIGXFSZ);
}

/// What the owner opens first is descriptor 0 then.
void TstChildProcess::livesWhereItsOwnerHasNoStandardInput()
{
    const Descriptor input{::dup(STDIN_FILENO)};
    ::close(STDIN_FILENO);
    auto child = ChildProcess::start(shell("for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sh -c :; done; exit 7"));
    ::dup2(input.fd(), STDIN_FILENO);
    QCOMPARE(child.value().wait(Deadline::in(kPatience)).value(), 7);
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

void TstChildProcess::whatItLeftBehindEndsWithItsOwner()
{
    const auto command = shell(kLeavesAnother, "owned");
    Descriptor left;
    {
        const auto process = ChildProcess::start(command).value();
        QTRY_COMPARE_WITH_TIMEOUT(numbersIn(command).size(), qsizetype{2}, kPatienceMs);
        left = processOf(numbersIn(command).at(1));
        QVERIFY(left.valid() && !endsWithin(0ms, left));
    }
    QVERIFY(endsWithin(kPatience, left));
}

void TstChildProcess::whatItLeftBehindEndsWithIt()
{
    const auto command = shell(kLeavesAnother, "ended");
    auto process = ChildProcess::start(command).value();
    QTRY_COMPARE_WITH_TIMEOUT(numbersIn(command).size(), qsizetype{2}, kPatienceMs);
    const auto left = processOf(numbersIn(command).at(1));
    QCOMPARE(::kill(numbersIn(command).at(0).toInt(), SIGTERM), 0);
    QCOMPARE(process.wait(Deadline::in(kPatience)).value(), 128 + SIGTERM);
    QVERIFY(left.valid() && endsWithin(kPatience, left));
}

void TstChildProcess::allOfItEndsWithAProgramThatIsKilled()
{
    const auto command = shell(kLeavesAnother, "killed");
    const pid_t owner = ::fork();
    if (owner == 0) {
        const auto process = ChildProcess::start(command);
        while (process.ok()) {
            ::pause();
        }
        ::_exit(1);
    }
    auto kill = qScopeGuard([owner] {
        ::kill(owner, SIGKILL);
        ::waitpid(owner, nullptr, 0);
    });
    QTRY_COMPARE_WITH_TIMEOUT(numbersIn(command).size(), qsizetype{2}, kPatienceMs);
    const auto process = processOf(numbersIn(command).at(0));
    const auto left = processOf(numbersIn(command).at(1));
    QVERIFY(process.valid() && !endsWithin(0ms, process));
    QVERIFY(left.valid() && !endsWithin(0ms, left));
    {
        const auto now = std::move(kill); // no destructor of the owner runs
    }
    QVERIFY(endsWithin(kPatience, process));
    QVERIFY(endsWithin(kPatience, left));
}

/// One socket is both input and output, and what the child writes to its standard error goes elsewhere.
void TstChildProcess::speaksThroughTheStreamsThatItIsGiven()
{
    std::array<int, 2> ends{-1, -1};
    QCOMPARE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()), 0);
    const Descriptor here{ends[0]};
    Descriptor there{ends[1]};
    auto words = ChildWords::create(100).value();
    auto command = shell("read line; echo got $line; echo wrong >&2");
    command.logFile = m_directory.filePath(QStringLiteral("unused")).toStdString();
    command.streams = {there.fd(), there.fd(), words.childsEnd()};
    auto child = ChildProcess::start(command).value();
    there = {};
    QCOMPARE(::send(here.fd(), "it\n", 3, MSG_NOSIGNAL), ssize_t{3});
    std::array<char, 20> said{};
    QCOMPARE(::recv(here.fd(), said.data(), said.size(), 0), ssize_t{7});
    QCOMPARE(std::string(said.data()), std::string{"got it\n"});
    QCOMPARE(child.wait(Deadline::in(kPatience)).value(), 0);
    QCOMPARE(::recv(here.fd(), said.data(), said.size(), 0), ssize_t{0}); // nobody else holds the other end
    words.take();
    QCOMPARE(words.from(0), std::string{"wrong\n"});
    QVERIFY(!std::filesystem::exists(command.logFile));
}

QTEST_GUILESS_MAIN(TstChildProcess)
#include "tst_child_process.moc"
