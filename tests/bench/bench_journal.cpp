// Verification of a journal beside what it cannot do without: reading every row of the chain and hashing its bytes; and what
// else is paid before a record is sent. The product's own writer makes the journal. Prints ratio and times; judges nothing.
//
// bench_journal [DEVICES [DIRECTORY]]: five entries a device; with a directory the journal stays there.

#include "core/crypto/digest.h"
#include "db/documents/enrollment_record_document.h"
#include "db/documents/run_document.h"
#include "db/journal/journal_proof.h"
#include "db/journal/open_journal.h"
#include "db/journal/outbox_rows.h"
#include "db/qt/values.h"
#include "tests/support/journal_fixture.h"

#include <QCoreApplication>

#include <chrono>
#include <cstdio>

namespace {

using namespace enroll;
using namespace enroll::test;
using namespace enroll::db;
using namespace enroll::db::journal;
using Clock = std::chrono::steady_clock;

constexpr int kDevices = 4000;
constexpr int kAtOnce = 1000; // devices in one transaction: a commit each would measure the disk

double secondsSince(Clock::time_point start)
{
    return std::chrono::duration<double>(Clock::now() - start).count();
}

/// A passing run with its record, queued, sent and accepted.
void appendDevice(sqlite::Connection& database, ChainStore& chain, int device)
{
    const DeviceFigure figure{device};
    const auto run = figure.passingRun();
    const auto record = figure.recordOf(run);
    const auto now = utcNow();
    require(chain.append(kRunKind, now, documents::canonicalBytes(run)));
    const auto seq = require(chain.append(kRecordKind, now, documents::canonicalBytes(record)));
    require(queueRecord(chain, now, {kCloud, seq, record.registrationId}));
    for (const auto state : {enrollment::RecordState::Sent, enrollment::RecordState::Accepted}) {
        require(appendDeliveryEvent(database, chain, now, {seq + 1, kCloud, record.registrationId, state, {}, {}}));
    }
}

void fill(const JournalOptions& options, int devices)
{
    const auto database = require(openForWriting(options));
    for (int device = 1; device <= devices;) {
        auto transaction = require(sqlite::Transaction::begin(*database, sqlite::Transaction::Kind::Write));
        auto chain = require(ChainStore::load(*database));
        for (int i = 0; i < kAtOnce && device <= devices; ++i, ++device) {
            appendDevice(*database, chain, device);
        }
        require(transaction.commit());
    }
}

/// Reads the chain once and hashes each body: the least that a proof of its bytes takes.
double secondsOfBareChain(const JournalOptions& options)
{
    const auto database = require(openForReading(options.dataDirectory));
    const auto start = Clock::now();
    auto rows = require(database->query("SELECT body FROM chain_entry NOT INDEXED ORDER BY seq"));
    std::size_t entries = 0;
    std::size_t size = 0;
    while (require(rows.next())) {
        const auto body = rows.bytes(0);
        require(crypto::sha256({qt::viewOf(body)}));
        size += static_cast<std::size_t>(body.size());
        ++entries;
    }
    const auto seconds = secondsSince(start);
    std::printf("SELECT and SHA-256       %8.2f s   (%zu entries, %zu bytes each)\n", seconds, entries, size / entries);
    return seconds;
}

template <class Work>
double secondsOf(const char* what, Work work)
{
    const auto start = Clock::now();
    require(work());
    const auto seconds = secondsSince(start);
    std::printf("%-24s %8.2f s\n", what, seconds);
    return seconds;
}

double secondsOfReport(const JournalOptions& options)
{
    return secondsOf("journal verify", [&]() -> Result<void> {
        TRY_ASSIGN(const auto report, verifyJournal(options.dataDirectory));
        return report.firstBad ? journalAltered(journalFile(options.dataDirectory), *report.firstBad) : Result<void>{};
    });
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application{argc, argv}; // finds SQLite's driver
    const auto arguments = QCoreApplication::arguments();
    const JournalFixture scratch;
    auto options = scratch.options();
    if (arguments.size() > 2) {
        options.dataDirectory = arguments[2].toStdString();
    }
    if (!std::filesystem::exists(journalFile(options.dataDirectory))) {
        fill(options, arguments.size() > 1 ? arguments[1].toInt() : kDevices);
    }
    secondsOfBareChain(options); // the file is in memory from here on
    const auto bare = secondsOfBareChain(options);
    secondsOfReport(options);
    JournalProof proof{options.dataDirectory};
    const auto whole = secondsOf("before an upload", [&] { return proof.renew(kCloud); });
    secondsOf("before the next", [&] { return proof.renew(kCloud); });
    secondsOf("opening it to write", [&]() -> Result<void> {
        TRY(openForWriting(options));
        return {};
    });
    const auto outbox = require(SqliteOutbox::open(options, kCloud));
    secondsOf("what is missing", [&]() -> Result<void> {
        TRY(outbox->enqueueMissing());
        return {};
    });
    secondsOf("what is newer", [&]() -> Result<void> {
        TRY(outbox->recordsNotUnderstood());
        return {};
    });
    std::printf("ratio of times           %8.1f     (before an upload, to SELECT and SHA-256)\n", whole / bare);
    return 0;
}
