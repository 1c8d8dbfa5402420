// Starts a program that never ends by itself, tells its process id on a line, and waits to be killed.
#include "tests/support/bound_process.h"

#include <QCoreApplication>

#include <cstdio>

int main(int argc, char** argv)
{
    const QCoreApplication application{argc, argv};
    enroll::test::BoundProcess held;
    held.start(QStringLiteral("tail"), {QStringLiteral("-f"), QStringLiteral("/dev/null")});
    if (!held.waitForStarted()) {
        return 1;
    }
    std::printf("%lld\n", static_cast<long long>(held.processId()));
    std::fflush(stdout);
    return QCoreApplication::exec();
}
