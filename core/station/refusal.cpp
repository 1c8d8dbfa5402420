#include "core/station/refusal.h"

namespace enroll::station {

Error refusal(ErrorCode code, const enrollment::SerialNumber& subject, std::string what)
{
    auto error = makeError(code, std::move(what));
    error.subject = subject.text();
    return error;
}

std::string slotText(enrollment::SlotNumber slot)
{
    return "slot " + std::to_string(slot.value);
}

} // namespace enroll::station
