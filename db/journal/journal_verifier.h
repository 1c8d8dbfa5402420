#pragma once

#include "core/audit/verify_chain.h"
#include "db/journal/consistency_verifier.h"
#include "db/journal/index_verifier.h"
#include "db/journal/verify_journal.h"
#include "db/sqlite/interruption.h"

#include <vector>

namespace enroll::db::journal {

/// One pass over a journal, inside a snapshot. Errors as sqlite::Connection, D-141.
class JournalVerifier {
public:
    using FirstBad = std::optional<BadEntry>;
    enum class Reading {
        Bytes,     ///< whether anything was altered
        Documents, ///< and which entries this program does not understand
    };
    struct Watching {
        const VerifyProgress& progress;
        const std::stop_token& stop;
    };

    /// Begins behind \p start: a part of the chain that is known to be good, or the genesis.
    JournalVerifier(sqlite::Connection& database, audit::ChainHead start, Reading reading, Watching watching)
        : m_database(database), m_start(start.entries), m_chain(std::move(start)), m_reading(reading),
          m_watching(watching)
    {}

    /// Everything that verifyJournal() checks; \p start is the genesis.
    Result<FirstBad> verifyWhole();
    /// The schema, the entries behind the start with their search rows and indexes, and the end of the chain. It does not
    /// look at what stands before, nor for search rows without a document there. Error S-303 if the end is not proven.
    Result<FirstBad> verifyTail();

    /// The end of the part that was found good.
    [[nodiscard]] const audit::ChainHead& head() const noexcept { return m_chain.head(); }
    /// Ends of parts that were found good, in their order and close together; the last is head().
    [[nodiscard]] std::vector<audit::ChainHead> marks() &&;
    /// How many of the entries that were found good are acts.
    [[nodiscard]] std::int64_t acts() const noexcept { return m_acts; }
    [[nodiscard]] const EntriesNotUnderstood& notUnderstood() const noexcept { return m_notUnderstood; }

private:
    Result<FirstBad> verifySchema();
    Result<void> checkStructure();
    Result<FirstBad> verifyEntries();
    Result<FirstBad> verifyEntry(const sqlite::Statement& row, IndexVerifier& index, ConsistencyVerifier& consistency);
    Result<FirstBad> verifyHead();
    void understand(const audit::ChainEntry& entry, const Result<QJsonObject>& document);
    Result<void> tell(std::int64_t total);

    sqlite::Connection& m_database;
    std::int64_t m_start;
    audit::ChainVerifier m_chain;
    Reading m_reading;
    Watching m_watching;
    FirstBad m_structure;
    IndexVerifier::Indexes m_indexes = IndexVerifier::Indexes::InDoubt;
    std::vector<audit::ChainHead> m_marks;
    std::int64_t m_acts = 0;
    EntriesNotUnderstood m_notUnderstood;
};

/// A journal as it is at one moment, open for reading. A stop breaks off what is read.
struct JournalSnapshot {
    std::unique_ptr<sqlite::Connection> database;
    sqlite::Transaction transaction;
    std::unique_ptr<sqlite::Interruption> interruption; // last: a rollback is not to be interrupted

    /// Errors as openForReading(), D-141.
    static Result<JournalSnapshot> open(const std::filesystem::path& dataDirectory, const std::stop_token& stop);
};

/// What a pass over the whole journal found.
struct WholePass {
    VerifyReport report;
    std::vector<audit::ChainHead> marks; ///< JournalVerifier::marks()
};
/// Errors as verifyJournal().
Result<WholePass> verifyFromGenesis(const std::filesystem::path& dataDirectory, JournalVerifier::Reading reading,
                                    JournalVerifier::Watching watching);

} // namespace enroll::db::journal
