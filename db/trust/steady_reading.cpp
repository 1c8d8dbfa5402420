#include "db/trust/steady_reading.h"

#include "core/base/cancellation.h"

namespace enroll::db::trust {
namespace {

/// What is changed by hand is soon done; who goes on is told so.
constexpr int kMostReadings = 5;

} // namespace

Result<std::optional<SteadyReading>> readSteadily(const std::filesystem::path& directory,
                                                  std::span<const std::string> asked, const TrustStamps* unless,
                                                  Deadline deadline, const std::stop_token& stop)
{
    for (int reading = 0; reading == 0 || (reading < kMostReadings && !deadline.passed()); ++reading) {
        TRY(requireNotCancelled(stop));
        TRY_ASSIGN(const auto held, lockForReading(directory, deadline, stop));
        const auto before = stampsOf(directory);
        if (unless != nullptr && before == *unless) {
            return std::optional<SteadyReading>{};
        }
        auto known = readKnownTrust(directory, asked);
        auto after = stampsOf(directory);
        std::error_code unknown;
        const bool wasMade =
            held.isMissing && std::filesystem::exists(directory, unknown); // its maker may still be at it
        if (before == after && !wasMade) {
            return std::optional{SteadyReading{std::move(known), std::move(after)}};
        }
    }
    return trustIsBusy(directory);
}

Result<KnownTrust> readCurrentTrust(const std::filesystem::path& directory, std::span<const std::string> asked,
                                    const std::stop_token& stop)
{
    TRY_ASSIGN(auto read, readSteadily(directory, asked, nullptr, Deadline::in(kTrustPatience), stop));
    return std::move(read->known);
}

} // namespace enroll::db::trust
