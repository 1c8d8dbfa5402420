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

bool mayLieInTheRecord(const Undecided& trouble) noexcept
{
    switch (trouble.error.code) {
    case ErrorCode::CloudFault:
    case ErrorCode::CloudAnswerMalformed:
        return trouble.delivery == Delivery::InDoubt;
    case ErrorCode::CloudRefusedRequest:
    case ErrorCode::CloudDoesNotKnowId:
    case ErrorCode::CloudHasOtherKey:
        return true;
    default:
        return false;
    }
}

} // namespace enroll::db::upload
