#pragma once

#include "core/station/act.h"
#include "db/documents/not_understood.h"
#include "db/journal/chain_store.h"
#include "db/journal/journal_options.h"

#include <QJsonObject>

#include <span>

namespace enroll::db::journal {

/// Appends \p act inside the caller's Write transaction: who did what else that transaction writes. Errors as ChainStore.
Result<void> appendAct(ChainStore& chain, UtcTime now, const station::Act& act);

/// Appends \p acts in their order and in one transaction; none only finds out whether the journal can be written. An older
/// program does not understand the entries, and goes on. Errors as openForWriting().
Result<void> appendActs(const JournalOptions& options, std::span<const station::Act> acts);

/// An act matches if it fulfils every part that is present.
struct ActFilter {
    std::optional<UtcTime> since =
        {}; ///< the first done at or after, and all behind it: a clock may have been set back
    std::optional<enrollment::OperatorId> operatorId = {};
};

/// An act as it stands in the chain.
struct StoredAct {
    std::int64_t seq = 0;
    std::string writtenAt = {};           ///< when it was appended, as the chain has it: ISO 8601, UTC
    QJsonObject document = {};            ///< as it is stored; without members if it is no JSON object
    std::optional<station::Act> act = {}; ///< none: this program cannot read the document
    documents::NotUnderstood notUnderstood = {};
};

/// The acts that match, oldest first. One that this program cannot read matches by when it was written, if nobody's acts are
/// asked for. Each is proven by its own hash and its neighbour's; verifyJournal() proves that none is missing. Reads the
/// whole chain: no search table repeats acts, or an older program could not open the journal any more.
/// \par Errors   as openForReading(), S-303
Result<std::vector<StoredAct>> storedActs(const std::filesystem::path& dataDirectory, const ActFilter& filter = {});

} // namespace enroll::db::journal
