#include "core/delivery/claimed_elsewhere.h"

#include "core/base/station_code.h"

namespace enroll::delivery {
namespace {

constexpr auto kOperation = "claim of the destination";

} // namespace

Error claimedElsewhere()
{
    return makeError(StationCode::JournalBusy, "another program on this data directory is sending to this destination",
                     kOperation);
}

bool isClaimedElsewhere(const Error& error)
{
    return error.code == StationCode::JournalBusy && error.operation == kOperation;
}

} // namespace enroll::delivery
