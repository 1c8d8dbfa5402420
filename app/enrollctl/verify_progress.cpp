#include "app/enrollctl/verify_progress.h"

#include <chrono>

namespace enroll::app::enrollctl {
namespace {

constexpr std::chrono::seconds kBetweenLines{1};

} // namespace

db::journal::VerifyProgress verifyProgress(Output& output)
{
    return [&output, said = std::chrono::steady_clock::now()](std::int64_t done, std::int64_t total) mutable {
        const auto now = std::chrono::steady_clock::now();
        if (now - said < kBetweenLines) {
            return;
        }
        said = now;
        output.progress("  " + std::to_string(done) + " of " + std::to_string(total) + " entries verified");
    };
}

Result<void> requireUnalteredJournal(const config::StationConfig& station, Context& context)
{
    return db::journal::requireUnaltered(station.dataDirectory, verifyProgress(context.output), context.stop);
}

} // namespace enroll::app::enrollctl
