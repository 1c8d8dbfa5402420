#include "db/upload/destination.h"

namespace enroll::db::upload {

bool helpsToRetry(ErrorCode code) noexcept
{
    switch (code) {
    case ErrorCode::CloudBusy:
    case ErrorCode::CloudFault:
    case ErrorCode::CloudAnswerMalformed:
    case ErrorCode::CloudUnreachable:
    case ErrorCode::CloudTimedOut:
        return true;
    default:
        return false;
    }
}

} // namespace enroll::db::upload
