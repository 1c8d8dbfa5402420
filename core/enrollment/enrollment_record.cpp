#include "core/enrollment/enrollment_record.h"

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
    }
    return "queued";
}

} // namespace enroll::enrollment
