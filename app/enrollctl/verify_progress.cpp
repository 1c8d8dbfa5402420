#include "app/enrollctl/verify_progress.h"

namespace enroll::app::enrollctl {

db::journal::VerifyProgress verifyProgress(Output& output)
{
    return [&output](std::int64_t done, std::int64_t total) {
        output.progress("  " + std::to_string(done) + " of " + std::to_string(total) + " entries verified");
    };
}

Result<void> requireUnalteredJournal(const config::StationConfig& station, Context& context)
{
    return db::journal::requireUnaltered(station.dataDirectory, verifyProgress(context.output), context.stop);
}

} // namespace enroll::app::enrollctl
