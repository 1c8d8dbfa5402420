#pragma once

#include "core/audit/chain.h"
#include "core/enrollment/ids.h"
#include "db/journal/verify_journal.h"

#include <vector>

namespace enroll::db::journal {

/// That the journal is unaltered, for one program that sends what it holds and looks again and again. In memory alone:
/// nothing that is kept beside the journal would stop anybody who can write there.
///
/// The first time, the whole journal is verified (verifyJournal()), and the hash of every 256th entry is remembered. After
/// that it is verified from the last of these hashes before anything that can be sent: no hash of an entry behind it can
/// be right unless every byte from there to the end of the chain is the one that was committed, whoever computed the
/// chain anew. So what it takes grows with what is new or still open, and not with the journal.
///
/// What somebody with write access can do between two such looks: change or remove what was delivered long ago, or its
/// search rows. Nothing of it is sent: an entry that is made open again counts as open, and the chain is verified from
/// its record on. Verification of the whole finds it: `enrollctl journal verify`, an upload or export, the next start.
///
/// If the journal does not continue what is remembered, it is verified as a whole, which names the first bad entry. If
/// it fits itself but is not the one that was seen before, because it was written anew, cut off or put into its place,
/// that is error S-303, too, until the program starts again.
class JournalProof {
public:
    explicit JournalProof(std::filesystem::path dataDirectory) : m_dataDirectory(std::move(dataDirectory)) {}

    /// Verifies what a sending to \p destination reads. Errors as requireUnaltered().
    Result<void> renew(const enrollment::DestinationName& destination, const VerifyProgress& progress = {},
                       const std::stop_token& stop = {});

private:
    Result<void> requireSeen(sqlite::Connection& database) const;
    Result<bool> continues(const enrollment::DestinationName& destination, const VerifyProgress& progress,
                           const std::stop_token& stop);

    std::filesystem::path m_dataDirectory;
    std::vector<audit::ChainHead> m_marks; ///< in their order; empty before the first time
};

} // namespace enroll::db::journal
