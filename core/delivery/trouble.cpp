#include "core/delivery/trouble.h"

#include <algorithm>

namespace enroll::delivery {
namespace {

/// Grows with how much of the sending the trouble keeps back.
int weight(TroubleKind kind) noexcept
{
    switch (kind) {
    case TroubleKind::RefusedRecord:
        return 0;
    case TroubleKind::InDoubt:
        return 1;
    case TroubleKind::Busy:
        return 2;
    case TroubleKind::Unreachable:
        return 3;
    case TroubleKind::RefusedAll:
        return 4;
    case TroubleKind::NeedsPerson:
        return 5;
    }
    return 0;
}

} // namespace

bool rulesOutArrival(TroubleKind kind) noexcept
{
    switch (kind) {
    case TroubleKind::InDoubt:
        return false;
    case TroubleKind::Busy:
    case TroubleKind::Unreachable:
    case TroubleKind::RefusedRecord:
    case TroubleKind::RefusedAll:
    case TroubleKind::NeedsPerson:
        return true;
    }
    return false;
}

bool mayLieInOneRecord(TroubleKind kind) noexcept
{
    switch (kind) {
    case TroubleKind::InDoubt:
    case TroubleKind::RefusedRecord:
        return true;
    case TroubleKind::Busy:
    case TroubleKind::Unreachable:
    case TroubleKind::RefusedAll:
    case TroubleKind::NeedsPerson:
        return false;
    }
    return false;
}

void merge(Trouble& trouble, Trouble other)
{
    other.retryAfter = std::max(trouble.retryAfter, other.retryAfter);
    if (weight(other.kind) >= weight(trouble.kind)) {
        trouble = std::move(other);
    } else {
        trouble.retryAfter = other.retryAfter;
    }
}

} // namespace enroll::delivery
