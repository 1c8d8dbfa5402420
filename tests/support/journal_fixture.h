#pragma once

#include "db/journal/sqlite_journal.h"
#include "db/journal/sqlite_outbox.h"
#include "db/journal/verify_journal.h"
#include "tests/support/run_builder.h"

#include <QTemporaryDir>
#include <QVariantList>

namespace enroll::test {

inline const enrollment::DestinationName kCloud{"cloud"};
inline const enrollment::DestinationName kPlant{"plant"};

/// A journal in a directory of its own. Calls that fail end the test program with the error.
class JournalFixture {
public:
    explicit JournalFixture(std::vector<enrollment::DestinationName> destinations = {kCloud});

    [[nodiscard]] std::filesystem::path directory() const;
    [[nodiscard]] const db::journal::JournalOptions& options() const noexcept { return m_options; }
    [[nodiscard]] std::unique_ptr<db::journal::SqliteJournal> open() const;
    [[nodiscard]] std::unique_ptr<db::journal::SqliteOutbox> outbox(const enrollment::DestinationName& name) const;
    [[nodiscard]] db::journal::VerifyReport verify() const;

    /// Commits a passing run of the device with its record; the run.
    enrollment::AttestationRun pass(int device) const;
    /// Commits a run that made no record; the run.
    enrollment::AttestationRun end(int device, Outcome outcome, ErrorCode code) const;

    /// Changes the file as somebody would who may write it: no foreign keys, and the triggers are away meanwhile. The
    /// rows changed.
    int tamper(const char* sql, const QVariantList& values = {}) const;
    /// The first column of the first row.
    [[nodiscard]] QVariant ask(const char* sql, const QVariantList& values = {}) const;

private:
    QTemporaryDir m_directory;
    db::journal::JournalOptions m_options;
};

/// As JournalFixture::tamper(), on the journal in any directory.
int tamperWith(const std::filesystem::path& dataDirectory, const char* sql, const QVariantList& values = {});

/// Puts \p body in the place of what chain entry \p seq holds and computes the whole chain anew, as if it had been
/// committed like that. Search rows stay as they are.
void commitOtherwise(const std::filesystem::path& dataDirectory, std::int64_t seq, const QByteArray& body);

/// Puts \p body in the place of what chain entry \p seq holds, with the hash of its own bytes, and that hash into the entry
/// after it, whose own hash then no longer fits.
void forgeEntry(const std::filesystem::path& dataDirectory, std::int64_t seq, const QByteArray& body);

/// The value, or the end of the test program with the error's text.
template <class T>
T require(Result<T> result)
{
    if (!result) {
        qFatal("%s", describeForLog(result.error()).c_str());
    }
    return std::move(result).value();
}
inline void require(const Result<void>& result)
{
    if (!result) {
        qFatal("%s", describeForLog(result.error()).c_str());
    }
}

} // namespace enroll::test
