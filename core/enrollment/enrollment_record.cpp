#include "core/enrollment/enrollment_record.h"

#include <algorithm>

namespace enroll::enrollment {

std::string_view recordStateText(RecordState state) noexcept
{
    switch (state) {
    case RecordState::Queued:
        return "queued";
    case RecordState::Sent:
        return "sent";
    case RecordState::Accepted:
        return "accepted";
    case RecordState::Rejected:
        return "rejected";
    case RecordState::SetAside:
        return "set-aside";
    }
    return "queued";
}

RecordState together(RecordState one, RecordState other) noexcept
{
    for (const auto state : {RecordState::Rejected, RecordState::SetAside}) {
        if (one == state || other == state) {
            return state;
        }
    }
    return std::min(one, other);
}

} // namespace enroll::enrollment
