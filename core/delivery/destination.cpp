#include "core/delivery/destination.h"

#include "core/base/cloud_code.h"

namespace enroll::delivery {

bool helpsToRetry(ErrorCode code) noexcept
{
    return code == CloudCode::Busy || code == CloudCode::Fault || code == CloudCode::AnswerMalformed ||
           code == CloudCode::Unreachable || code == CloudCode::TimedOut;
}

bool mayLieInTheRecord(const Undecided& trouble) noexcept
{
    const auto code = trouble.error.code;
    if (code == CloudCode::Fault || code == CloudCode::AnswerMalformed) {
        return trouble.delivery == Delivery::InDoubt;
    }
    return code == CloudCode::RefusedRequest || code == CloudCode::DoesNotKnowId || code == CloudCode::HasOtherKey;
}

} // namespace enroll::delivery
