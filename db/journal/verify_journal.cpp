#include "db/journal/verify_journal.h"

#include "db/journal/journal_verifier.h"
#include "db/journal/open_journal.h"

namespace enroll::db::journal {

Result<VerifyReport> verifyJournal(const std::filesystem::path& dataDirectory, const VerifyProgress& progress,
                                   const std::stop_token& stop)
{
    TRY_ASSIGN(auto pass, verifyFromGenesis(dataDirectory, JournalVerifier::Reading::Documents, {progress, stop}));
    return std::move(pass.report);
}

Result<void> requireUnaltered(const std::filesystem::path& dataDirectory, const VerifyProgress& progress,
                              const std::stop_token& stop)
{
    TRY_ASSIGN(const auto pass, verifyFromGenesis(dataDirectory, JournalVerifier::Reading::Bytes, {progress, stop}));
    const auto& bad = pass.report.firstBad;
    return bad ? journalAltered(journalFile(dataDirectory), *bad) : Result<void>{};
}

} // namespace enroll::db::journal
