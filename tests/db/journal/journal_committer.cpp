// Commits runs and moves their outbox entries until somebody kills it. After each durable step it says so in one line
// on standard output: "run ID" or "closed ID". Arguments: data directory, number of the first device.
#include "db/journal/queue_again.h"
#include "tests/support/journal_fixture.h"

#include <QCoreApplication>

#include <array>
#include <cstdio>
#include <unistd.h>

using namespace enroll;
using namespace enroll::test;
using namespace enroll::enrollment;

namespace {

void say(const std::string& line)
{
    const auto text = line + "\n";
    if (::write(STDOUT_FILENO, text.data(), text.size()) < 0) {
        qFatal("nobody listens");
    }
}

void deliver(delivery::Outbox& outbox, RecordState outcome)
{
    for (const auto& entry : require(outbox.pending(2, 0))) {
        require(outbox.markSent(std::array{entry.id}));
        require(outbox.close(std::array{delivery::OutboxClosing{entry.id, outcome, {}, {}}}));
        if (outcome == RecordState::Accepted) {
            say("closed " + std::to_string(entry.id));
        }
    }
}

/// Two are rejected, and accepted once they are queued again.
void deliverOldest(delivery::Outbox& outbox, const db::journal::JournalOptions& options)
{
    deliver(outbox, RecordState::Rejected);
    require(db::journal::queueRejectedAgain(options, std::array{kCloud}));
    deliver(outbox, RecordState::Accepted);
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application{argc, argv};
    if (argc != 3) {
        return 2;
    }
    const db::journal::JournalOptions options{argv[1], {kCloud}};
    const auto journal = require(db::journal::SqliteJournal::open(options));
    const auto outbox = require(db::journal::SqliteOutbox::open(options, kCloud));
    for (int device = std::atoi(argv[2]);; ++device) {
        const DeviceFigure figure{device};
        const auto run = figure.passingRun();
        require(journal->commit(run, figure.recordOf(run)));
        say("run " + run.runId.text());
        if (device % 3 == 0) {
            deliverOldest(*outbox, options);
        }
    }
}
